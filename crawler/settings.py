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
SITES_DIR = ""
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

# days after which a stored article is not fetched again; until then its corrections are seen
REVISIT_DAYS = 3.0

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
    # closest to the network, so that it sees every response before it is unpacked
    "crawler.middlewares.archive.ArchiveMiddleware": 950,
}

SPIDER_MIDDLEWARES = {
    "crawler.middlewares.revisit.RevisitMiddleware": 950,
}

EXTENSIONS = {
    "crawler.extensions.CollectGarbageLessOften": 100,
}
# objects made between two looks for reference cycles; 0 is Python's own, 700
GC_THRESHOLD = 50_000

# --- doors that stay shut ---
# both would run Python for whoever reaches the port
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# --- what is said ---
LOG_LEVEL = "INFO"
LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FEED_EXPORT_ENCODING = "utf-8"
