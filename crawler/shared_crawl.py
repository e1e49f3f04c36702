"""Many processes, on any machines, crawl one site together: scheduler and downloader for REDIS_URL.

Scrapy's own parts stay as they are; these two take their places when the setting
REDIS_URL is given. scrapy-redis, which does the same at first sight, pops
requests without a lease, so that a killed process loses what it had in hand.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from scrapy import Request, Spider
from scrapy.core.downloader import Slot
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.settings import BaseSettings
from scrapy.utils.asyncio import call_later
from scrapy.utils.defer import _schedule_coro
from scrapy.utils.request import request_from_dict

from crawler.downloader import BoundedDownloader
from crawler.engine import close_soon, under_way, wake
from crawler.under_way import UnderWay

if TYPE_CHECKING:
    from crawler.shared_record import SharedRecorder

T = TypeVar("T")

logger = logging.getLogger(__name__)

EXTENSIONS = {
    "crawler.record.RunRecorder": "crawler.shared_record.SharedRecorder",
    "spidermon.contrib.scrapy.extensions.Spidermon": "crawler.shared_record.SharedMonitors",
}
"""The extensions that keep the record of a crawl by one process, and what stands in for them."""


class SharedCrawl:
    """The add-on that puts the queue of a crawl into the Redis server that REDIS_URL names, when it does."""

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Sets scheduler and downloader.

        Raises NotConfigured without REDIS_URL, ValueError when it can't be used.
        """
        if not settings.get("REDIS_URL"):
            raise NotConfigured
        try:
            from crawler.shared_queue import connect
        except ImportError:
            raise ValueError(
                "REDIS_URL is set, but redis is not installed: pip install 'gongyi-news[redis]'"
            ) from None
        try:
            connect(settings["REDIS_URL"])
        except ValueError as error:
            raise ValueError(f"REDIS_URL: {error}") from None
        # they stand in the project's own settings, which an add-on's do not outdo
        settings.set("SCHEDULER", SharedScheduler, "project")
        settings.set("DOWNLOADER", SharedDownloader, "project")
        # a lease is for one process
        settings.set("LEASE_SECONDS", 0.0, "project")
        extensions = settings.getdict("EXTENSIONS")
        extensions |= {EXTENSIONS[name]: extensions[name] for name in EXTENSIONS if name in extensions}
        settings.set("EXTENSIONS", {**extensions, **dict.fromkeys(EXTENSIONS)}, "project")


class SharedScheduler(BaseScheduler):
    """Takes requests from a queue that other processes take from too.

    Settings: REDIS_URL, REDIS_PREFIX, SHARED_LEASE_SECONDS, SHARED_LEASE_TRIES,
    SHARED_BEAT_SECONDS. A request is done when the engine is through with it and
    the pages that came of it are stored. Start requests count once a crawl, not
    once a process. When the server is lost the crawl ends, and what was in hand
    goes back to the queue by itself.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        settings = crawler.settings
        self.lease = settings.getfloat("SHARED_LEASE_SECONDS")
        self.beat = settings.getfloat("SHARED_BEAT_SECONDS")
        self.leases: UnderWay[bytes] = UnderWay()
        self.renewed = monotonic()
        self.lost = False
        self.ticking: asyncio.Task[None] | None = None
        self.closing: asyncio.Task[None] | None = None
        self.recorder: SharedRecorder | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SharedScheduler:
        """Makes the scheduler of one crawl."""
        return cls(crawler)

    def open(self, spider: Spider) -> None:
        """Connects, and begins to keep the leases alive."""
        from crawler.shared_queue import SharedQueue, connect  # late: redis is an extra

        settings = self.crawler.settings
        self.spider = spider
        server = connect(settings["REDIS_URL"])
        tries = settings.getint("SHARED_LEASE_TRIES")
        self.queue = SharedQueue(server, settings["REDIS_PREFIX"], spider.name, self.lease, tries)
        self.recorder = _recorder(self.crawler)
        self.ticking = asyncio.ensure_future(self._tick())

    def close(self, reason: str) -> None:
        """Says which requests are done, and gives the others back."""
        if self.ticking is not None:
            self.ticking.cancel()
        self._ask(lambda: self._leave(reason), None)

    def _leave(self, reason: str) -> None:
        self._settle()
        self.queue.release(self.leases.keys())
        if reason == "finished" and self.recorder is None:
            self.queue.forget()

    # --- what the engine asks ---

    def has_pending_requests(self) -> bool:
        """Whether any process has work left; what one fetches may bring more for all."""
        return self._ask(self.queue.pending, 0) > 0

    def enqueue_request(self, request: Request) -> bool:
        """Adds a request to the shared queue; False when some process has added it before."""
        once = not request.dont_filter or request.meta.get("is_start_request")
        assert self.crawler.request_fingerprinter is not None
        fingerprint = self.crawler.request_fingerprinter.fingerprint(request) if once else b""
        payload = pickle.dumps(request.to_dict(spider=self.spider), pickle.HIGHEST_PROTOCOL)
        added = self._ask(lambda: self.queue.push(payload, request.priority, fingerprint), False)
        self._count("enqueued" if added else "filtered")
        return added

    def next_request(self) -> Request | None:
        """Leases the next request."""
        found = self._ask(self.queue.pop, None)
        if found is None:
            return None
        id_, payload = found
        request = request_from_dict(pickle.loads(payload), spider=self.spider)  # noqa: S301 - our own
        self.leases.begin(id_, request)
        self._count("dequeued")
        return request

    # --- what is done ---

    def _settle(self) -> None:
        """Ends the leases of requests that the engine is through with and whose pages are stored."""
        stats = self.crawler.stats
        assert stats is not None
        done, given_up = self.leases.settle(
            under_way(self.crawler).__contains__,
            stats.get_value("store/taken", 0),
            stats.get_value("store/written", 0),
        )
        if self.recorder is not None and (done or given_up):
            # with what they led to on record before they are forgotten
            self.recorder.note()
        self.queue.release(given_up)
        self.queue.done(done)

    # --- what goes on meanwhile ---

    async def _tick(self) -> None:
        while not self.lost:
            await asyncio.sleep(self.beat)
            self._ask(self._keep_alive, None)
            wake(self.crawler)

    def _keep_alive(self) -> None:
        self._settle()
        if monotonic() - self.renewed < self.lease / 4:
            return
        self.renewed = monotonic()
        self.queue.renew(self.leases.keys())
        if self.recorder is not None:
            self.recorder.renew()
        back, aside = self.queue.give_back()
        if back:
            self._count("given_back", back)
            logger.info("%d requests of a process that is gone are in the queue again", back)
        for payload in aside:
            self._count("set_aside")
            url = pickle.loads(payload)["url"]  # noqa: S301 - from our own processes
            logger.error("%s: set aside, as each process that fetched it died", url)

    def _ask(self, command: Callable[[], T], otherwise: T) -> T:
        """Asks the server; without an answer the crawl ends, and gets `otherwise` from then on.

        The leases run out by themselves, so that nothing is lost.
        """
        from crawler.shared_queue import Lost  # late: redis is an extra

        if self.lost:
            return otherwise
        try:
            return command()
        except Lost as error:
            self.lost = True
            logger.error("Redis is lost: %s", str(error).split("\n")[0])
            self.closing = close_soon(self.crawler, "redis_failed")
            return otherwise

    def _count(self, key: str, number: int = 1) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"scheduler/{key}/redis", number)


def _recorder(crawler: Crawler) -> SharedRecorder | None:
    """What keeps the record of the crawl; nothing when nothing is stored."""
    from crawler.shared_record import SharedRecorder  # late: the store's libraries take long to import

    return crawler.get_extension(SharedRecorder)


class SharedDownloader(BoundedDownloader):
    """Waits for the turn at a host that all processes share, where Scrapy's own waits for this process's."""

    def __init__(self, crawler: Crawler) -> None:
        from crawler.shared_queue import Turns, connect

        super().__init__(crawler)
        self.turns = Turns(connect(crawler.settings["REDIS_URL"]), crawler.settings["REDIS_PREFIX"])

    def _process_queue(self, slot: Slot) -> None:
        while slot.latercall is None and slot.queue and slot.free_transfer_slots() > 0:
            request, downloaded = slot.queue[0]
            host = request.meta[self.DOWNLOAD_SLOT]
            # jitter may make the wait longer, never shorter than the site's delay
            delay = max(slot.delay, slot.download_delay())
            if delay and (wait := self.turns.take(host, delay)):
                slot.latercall = call_later(wait, self._latercall, slot)
                return
            slot.lastseen = monotonic()
            slot.queue.popleft()
            _schedule_coro(self._wait_for_download(slot, request, downloaded))
