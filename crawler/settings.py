"""Every setting of a crawl, in one place.

Each can be given on the command line (`-s NAME=value`); DATABASE_URL, DATA_DIR
and CONTACT_URL also in the environment. What is not here is Scrapy's default.
"""

from __future__ import annotations

import os

from crawler.identity import NAME, user_agent

# --- where things are ---
BOT_NAME = NAME
# our commands: scrapy extract, inspect, sites ...
COMMANDS_MODULE = "crawler.commands"
# spiders written by hand
SPIDER_MODULES = ["crawler.spiders"]
# where `scrapy genspider` puts a new one
NEWSPIDER_MODULE = "crawler.spiders"
# finds the spiders above and one for each site file below
SPIDER_LOADER_CLASS = "crawler.loader.SiteLoader"
# packages that hold site files
SITE_PACKAGES = ["crawler.sites"]
# a folder of your own with site files; a file there wins over a bundled one of the same name
SITES_DIR = os.environ.get("SITES_DIR", "")
# where the archive goes, and the database when it is SQLite
DATA_DIR = os.environ.get("DATA_DIR", "data")
# the store, as SQLAlchemy writes it: sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME
DATABASE_URL = os.environ.get("DATABASE_URL", f"sqlite:///{DATA_DIR}/news.db")

# --- who asks ---
# a page or mailto: that tells a site's owner who crawls and how to object; please set it
CONTACT_URL = os.environ.get("CONTACT_URL", "")
# name, version and contact; made again from CONTACT_URL when that is given on the command line
USER_AGENT = user_agent(CONTACT_URL)
# the name that robots.txt may address
ROBOTSTXT_USER_AGENT = BOT_NAME
# no site file can turn this off
ROBOTSTXT_OBEY = True
# the longest Crawl-delay of a robots.txt that is kept, in seconds
ROBOTS_CRAWL_DELAY_MAX = 30.0
# news is read without an account
COOKIES_ENABLED = False
# prefer Chinese where a site offers a choice
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}

# --- how fast ---
# seconds between two requests to a host; a site file's delay wins
DOWNLOAD_DELAY = 1.0
# requests to a host at a time; a site file's concurrency wins
CONCURRENT_REQUESTS_PER_DOMAIN = 2
# requests at a time in one spider
CONCURRENT_REQUESTS = 16
# requests of one spider from their fetch until their page is given to the store, which bounds its memory
MAX_UNDER_WAY = 150
# sites that `scrapy crawlall` crawls at a time, each with the limits above
CONCURRENT_SITES = 4
# waits longer when a site answers slowly
AUTOTHROTTLE_ENABLED = True
# seconds before the second request to a host
AUTOTHROTTLE_START_DELAY = 1.0
# the longest that slow answers make us wait, in seconds
AUTOTHROTTLE_MAX_DELAY = 60.0
# requests to a host at a time that AutoThrottle aims at
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0

# --- what is fetched again ---
# ages of an article at which it is fetched again, to see corrections and removals; "" for never
REVISIT_AGES = "6h 1d 3d 7d 30d"
# pages that one crawl fetches for that at most
REVISIT_MAX = 500
# following pages of a list that a crawl with -a since=DAY reads, to reach that day
SINCE_LIST_DEPTH = 200

# --- who crawls when ---
# seconds that a crawl holds its site without a sign of life; 0 crawls without a lease
LEASE_SECONDS = 300.0
# leave a site alone that is not due, or that was crawled since a time; `scrapy crawlall` sets them
LEASE_DUE_ONLY = False
LEASE_NOT_SINCE = ""
# how far a site's interval may leave that of its file as it publishes more or less: divided, multiplied by
INTERVAL_SHRINK = 4.0
INTERVAL_GROW = 8.0

# --- how it stops, and goes on ---
# a folder that keeps the queue, so that a crawl that was stopped or killed goes on; "" for none
JOBDIR = os.environ.get("JOBDIR", "")
# seconds of its queue that a kill may cost at most; what was stored since then is not fetched again
JOB_COMMIT_SECONDS = 1.0
SCHEDULER = "crawler.scheduler.JobScheduler"
DUPEFILTER_CLASS = "crawler.scheduler.JobDupeFilter"
DOWNLOADER = "crawler.downloader.BoundedDownloader"
# seconds that transfers may go on when a crawl is told to stop (Ctrl-C, SIGTERM); then it ends without them
SHUTDOWN_SECONDS = 10.0

# --- what is tried again ---
# tries after the first one
RETRY_TIMES = 2
# answers that may get better; 429 asks us to come back later
RETRY_HTTP_CODES = [429, 500, 502, 503, 504, 408, 522, 524]
# seconds before the first retry; twice as long before each further one, give or take half
RETRY_BACKOFF_BASE = 2.0
# the longest wait before a retry in seconds, also when a Retry-After header asks for more
RETRY_BACKOFF_MAX = 60.0
# a failed page is counted and stored with its reason; that is not an error of the crawl
RETRY_GIVE_UP_LOG_LEVEL = "INFO"

# --- limits of one fetch ---
# seconds until a fetch is given up
DOWNLOAD_TIMEOUT = 30
# bytes; a larger response is dropped with the reason too_large, also when it only unpacks to more
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
# bytes; above this there is a warning in the log
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024
# a response that ends too early is tried again, then kept and marked as truncated
DOWNLOAD_FAIL_ON_DATALOSS = False
# redirects that one request may go through
REDIRECT_MAX_TIMES = 5
# seconds; a page that names a later refresh is not a redirect but reloads itself
METAREFRESH_MAXDELAY = 5
# government sites often serve an incomplete chain, and half of all sites plain http: refusing
# would lose pages and protect nothing, as a crawl sends no secrets
DOWNLOAD_VERIFY_CERTIFICATES = False
# following pages that are fetched of one paginated article
MAX_ARTICLE_PAGES = 20
# site maps that one sitemap index may lead to
MAX_SITEMAPS = 200

# --- pages that only a script draws, of sites with `javascript = true` ---
# the browser that draws them: Chromium, as Debian has it
BROWSER_PATH = os.environ.get("BROWSER_PATH", "/usr/bin/chromium")
# pages that are open in it at a time
BROWSER_PAGES = 4
# seconds that a page may go on loading after it says that it is ready
BROWSER_SETTLE_SECONDS = 5.0

# --- what is kept as it came ---
# write every response into DATA_DIR/archive/SITE-TIME-xxxx.warc.gz
ARCHIVE_ENABLED = True
# gzip level 1 to 9; benchmarks/archive.py shows what each costs
ARCHIVE_LEVEL = 3

# --- the stages that a page goes through, in this order ---
ITEM_PIPELINES = {
    "pipelines.stages.ExtractStage": 100,
    "pipelines.stages.CleanStage": 200,
    "pipelines.stages.DedupStage": 300,
    "pipelines.stages.EntitiesStage": 400,
    "pipelines.stages.StoreStage": 500,
}
# worker processes for them; 0 is one for each core
WORKERS = 0
# seconds that one job may take in a worker
WORKER_TIMEOUT = 30.0
# pages that are written in one transaction
STORE_BATCH_SIZE = 100
# the longest that a page waits for its batch, in seconds
STORE_BATCH_SECONDS = 5.0

# --- more than one process for one site ---
ADDONS = {
    "crawler.shared_crawl.SharedCrawl": 100,
}
# redis://HOST:6379/0: every process with the same one takes from the same queue
REDIS_URL = os.environ.get("REDIS_URL", "")
# what the names of all keys in Redis begin with
REDIS_PREFIX = "gongyi_news"
# seconds after which the requests of a process that is gone are given to others
SHARED_LEASE_SECONDS = 60.0
# times that a request may be given to another process before it is set aside
SHARED_LEASE_TRIES = 5
# seconds between two looks at what is done, and at what other processes have added
SHARED_BEAT_SECONDS = 0.5

# --- how a request passes, from the engine to the network ---
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.robots.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.middlewares.retry.BackoffRetryMiddleware": 550,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.middlewares.redirect.MetaRefreshMiddleware": 580,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.middlewares.redirect.RedirectMiddleware": 600,
    "crawler.middlewares.browser.BrowserMiddleware": 940,
    # closest to the network, so that it sees every response before it is unpacked
    "crawler.middlewares.archive.ArchiveMiddleware": 950,
}

EXTENSIONS = {
    # our spiders have no state of that kind, and one file of it would be for all sites of a JOBDIR
    "scrapy.extensions.spiderstate.SpiderState": None,
    "crawler.extensions.CollectGarbageLessOften": 100,
    # tells Prometheus, where METRICS_FILE or METRICS_PORT is set
    "crawler.metrics.Metrics": 200,
    # runs the monitors at a crawl's end
    "spidermon.contrib.scrapy.extensions.Spidermon": 800,
    # keeps the lease, and writes what the crawl came to; after all that count
    "crawler.record.RunRecorder": 900,
}
# objects made between two looks for reference cycles; 0 is Python's own, 700
GC_THRESHOLD = 50_000

# --- what is watched, and who is told ---
SPIDERMON_ENABLED = True
# suites of Spidermon monitors; put one of your own beside ours
SPIDERMON_SPIDER_CLOSE_MONITORS = ["crawler.monitors.SiteSuite"]
# a command that gets alarms as JSON on its standard input; "" for none
ALARM_COMMAND = os.environ.get("ALARM_COMMAND", "")
# an address to which alarms are sent as JSON, by POST; "" for none
ALARM_WEBHOOK = os.environ.get("ALARM_WEBHOOK", "")
# addresses to which alarms are mailed, with commas between them; "" for none
ALARM_MAIL_TO = os.environ.get("ALARM_MAIL_TO", "")
# the server that takes mail: MAIL_PORT, MAIL_USER, MAIL_PASS, MAIL_TLS and MAIL_SSL are Scrapy's
MAIL_HOST = os.environ.get("MAIL_HOST", "localhost")
MAIL_FROM = os.environ.get("MAIL_FROM", "crawler@localhost")

# --- doors that stay shut ---
# both would run Python for whoever reaches the port
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# --- what is said ---
LOG_LEVEL = "INFO"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# the log as one JSON object a line, of `scrapy crawl` and `scrapy crawlall`
LOG_JSON = os.environ.get("LOG_JSON", "") not in ("", "0", "false")
# a file for the textfile collector of Prometheus' node_exporter; "" for none
METRICS_FILE = os.environ.get("METRICS_FILE", "")
# seconds between two writings of it
METRICS_SECONDS = 15.0
# a port on 127.0.0.1 that gives the same to Prometheus; 0 for none
METRICS_PORT = os.environ.get("METRICS_PORT", "0")
FEED_EXPORT_ENCODING = "utf-8"
