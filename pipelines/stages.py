"""The five stages as Scrapy item pipelines: thin shells around plain functions.

The only module of this package that knows Scrapy and the store. Each stage
takes a `Page` and gives it on with more on it. A stage that fails on a page
notes the failure on it and lets it through, so that it is stored with its
error. CPU work runs in worker processes, the store in a thread of its own; the
event loop waits for neither.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, Generic, TypeVar

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem

from pipelines.clean import clean
from pipelines.dedup import fingerprint
from pipelines.entities import find_entities
from pipelines.extract import extract
from pipelines.models import Article, Failure, Page
from pipelines.pool import WorkerDied, WorkerPool, WorkerTimeout
from storage import Claim, SaveReport, SiteRefused, Store, StoreError, open_store, text_digest
from storage.leases import here

logger = logging.getLogger(__name__)
T = TypeVar("T")

RUN_ID = "run_id"
"""The statistic that holds the id of the run, once it has begun."""

RUN_STATES = {"finished": "finished", "shutdown": "stopped", "start_error": "failed"}
"""What a reason for which Scrapy closes a spider means for the run."""


# --- what the crawls of one process share ---


class _Shared(Generic[T]):
    """Things that all crawls of a process use together, each closed when its last user has gone."""

    def __init__(self, make: Callable[[Any], T], close: Callable[[T], None]) -> None:
        self._make, self._close = make, close
        self._things: dict[Hashable, T] = {}
        self._users: dict[Hashable, set[Crawler]] = {}

    def get(self, key: Hashable, crawler: Crawler) -> T:
        if key not in self._things:
            self._things[key] = self._make(key)
            self._users[key] = set()
        if crawler not in self._users[key]:
            self._users[key].add(crawler)
            crawler.signals.connect(lambda: self._release(key, crawler), signals.engine_stopped, weak=False)
        return self._things[key]

    def _release(self, key: Hashable, crawler: Crawler) -> None:
        users = self._users.get(key, set())
        users.discard(crawler)
        if not users and key in self._things:
            del self._users[key]
            self._close(self._things.pop(key))


SWITCH_INTERVAL = 0.0005
"""Seconds after which the store's thread lets the event loop go on; with Python's 5 ms workers wait."""


class StoreThread:
    """The store, in the one thread that writes to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_INTERVAL))
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="store")
        self._store: Store | None = None

    async def call(self, method: Callable[..., T], *args: Any) -> T:
        """Calls `method(store, *args)` in the store's thread, opening the store first if need be.

        Raises `StoreError` when the store can't be opened.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._call, method, args)

    def _call(self, method: Callable[..., T], args: tuple[Any, ...]) -> T:
        if self._store is None:
            self._store = open_store(self.url)
        return method(self._store, *args)

    def close(self) -> None:
        """Waits for what is under way, then closes the store."""
        if self._store is not None:
            self._thread.submit(self._store.close).result()
        self._thread.shutdown()


_pools: _Shared[WorkerPool] = _Shared(lambda key: WorkerPool(*key), WorkerPool.close)
_stores: _Shared[StoreThread] = _Shared(StoreThread, StoreThread.close)


def worker_pool(crawler: Crawler) -> WorkerPool:
    """Returns the worker processes that all crawls of this process share.

    Settings: WORKERS (0: one for each core), WORKER_TIMEOUT in seconds.
    """
    settings = crawler.settings
    return _pools.get((settings.getint("WORKERS") or None, settings.getfloat("WORKER_TIMEOUT")), crawler)


def store_thread(crawler: Crawler) -> StoreThread:
    """Returns the store at DATABASE_URL, in its thread."""
    return _stores.get(crawler.settings["DATABASE_URL"], crawler)


# --- the stages ---


class Stage:
    """What the stages have in common: they are made from a crawler and count into its statistics."""

    name = ""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Stage:
        """Makes the stage for one crawl."""
        return cls(crawler)

    def count(self, key: str, number: int = 1) -> None:
        """Adds to the statistic `<stage>/<key>`."""
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(f"{self.name}/{key}", number)

    async def work(self, page: Page, function: Callable[..., T], *args: Any) -> T | None:
        """Runs CPU work for a page in a worker; None when it failed, with the reason on the page."""
        try:
            return await worker_pool(self.crawler).run(function, *args)
        except WorkerDied as error:
            reason, message = "worker_died", str(error)
        except WorkerTimeout as error:
            reason, message = "timeout", str(error)
        except Exception as error:  # noqa: BLE001 - whatever a page does to a stage, the page is kept
            reason, message = type(error).__name__, str(error).split("\n")[0] or type(error).__name__
        self.fail(page, reason, message)
        return None

    def fail(self, page: Page, reason: str, message: str) -> None:
        """Notes on the page that this stage failed, unless an earlier one did."""
        self.count(f"failed/{reason}")
        logger.warning("%s failed on %s: %s (%s)", self.name, page.url, message, reason)
        page.failure = page.failure or Failure(self.name, reason, message)


class ExtractStage(Stage):
    """Reads the article out of a page's bytes."""

    name = "extract"

    async def process_item(self, page: Page) -> Page:
        """Hangs the article on the page and lets go of its bytes, which the archive keeps."""
        if page.failure:
            return page
        page.article = await self.work(page, extract, page)
        page.body, page.parts = b"", []
        if page.article is not None:
            self.count(f"kind/{page.article.kind}")
            for field in page.article.unmatched if page.article.kind == "article" else ():
                self.count(f"selector_unmatched/{field}")
            if page.revisit and page.article.kind != "article":
                page.article = None
                self.fail(page, "soft_404", "was an article, and is none any more")
                return page
            self._drop_before_since(page.article)
        return page

    def _drop_before_since(self, article: Article) -> None:
        since = getattr(self.crawler.spider, "since", None)
        if since and article.published and article.published.at.date() < since:
            self.count("before_since")
            raise DropItem(f"published before {since}: {article.url}", log_level="DEBUG")


class CleanStage(Stage):
    """Normalises the text and sets boilerplate aside with its kind."""

    name = "clean"

    async def process_item(self, page: Page) -> Page:
        """Replaces the page's article by the cleaned one."""
        if page.article is None:
            return page
        cleaned = await self.work(page, clean, page.article)
        if cleaned is not None:
            for part in cleaned.boilerplate:
                self.count(f"boilerplate/{part.kind}")
            page.article = cleaned
        return page


class DedupStage(Stage):
    """Makes the fingerprint by which the store relates the text to what it holds."""

    name = "dedup"

    async def process_item(self, page: Page) -> Page:
        """Hangs the fingerprint on the article."""
        if page.article is not None and page.article.kind == "article":
            page.article.fingerprint = await self.work(
                page, fingerprint, page.article.body, page.article.title
            )
        return page


class EntitiesStage(Stage):
    """Finds who, what organisation, where and how many, in texts that the store has not read yet."""

    name = "entities"

    async def process_item(self, page: Page) -> Page:
        """Hangs what the text names on the article."""
        article = page.article
        if article is None or article.kind != "article":
            return page
        known = await store_thread(self.crawler).call(Store.has_text, [text_digest(article.body)])
        if known:
            self.count("text_known")
            return page
        read = partial(
            find_entities, title=article.title, published=article.published, region=page.site.region
        )
        article.entities = await self.work(page, read, article.body, article.credits)
        if article.entities is not None:
            self.count("mentions", len(article.entities.mentions))
            self.count("figures", len(article.entities.figures))
        return page


class StoreStage(Stage):
    """Writes pages to the store in batches, and keeps the record of the run.

    Settings: STORE_BATCH_SIZE (pages), STORE_BATCH_SECONDS (the longest that a
    page waits for its batch); LEASE_SECONDS (0: crawl without a lease),
    LEASE_DUE_ONLY and LEASE_NOT_SINCE (ISO time) say when the site is left alone.
    """

    name = "store"

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.size = crawler.settings.getint("STORE_BATCH_SIZE")
        self.seconds = crawler.settings.getfloat("STORE_BATCH_SECONDS")
        self.batch: list[Page] = []
        self.run_id: int | None = None
        self.timer: asyncio.TimerHandle | None = None
        self.saving: set[asyncio.Task[None]] = set()
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    async def open_spider(self) -> None:
        """Opens the store and notes that a run has begun; without a store or the lease there is no crawl."""
        spider = self.crawler.spider
        assert spider is not None
        assert self.crawler.stats is not None
        try:
            self.run_id = await store_thread(self.crawler).call(
                Store.start_run,
                spider.name,
                getattr(spider, "publisher", ""),
                getattr(spider, "home_page", ""),
                self._claim(),
            )
        except SiteRefused as error:
            logger.warning("%s %s", spider.name, error)
            self.crawler.stats.set_value("store/refused", str(error))
            raise CloseSpider(error.reason) from error
        except StoreError as error:
            logger.error("%s", error)
            self.crawler.stats.set_value("store/error", str(error))
            raise CloseSpider("store_failed") from error
        self.crawler.stats.set_value(RUN_ID, self.run_id)

    def _claim(self) -> Claim | None:
        settings = self.crawler.settings
        seconds = settings.getfloat("LEASE_SECONDS")
        if not seconds:
            return None
        not_since = settings.get("LEASE_NOT_SINCE")
        return Claim(
            host=here(),
            pid=os.getpid(),
            seconds=seconds,
            due_only=settings.getbool("LEASE_DUE_ONLY"),
            not_since=datetime.fromisoformat(not_since) if not_since else None,
        )

    async def process_item(self, page: Page) -> Page:
        """Puts the page into the present batch, and writes the batch when it is full."""
        self.batch.append(page)
        self.count("taken")
        if len(self.batch) >= self.size:
            await self.flush()
        elif self.timer is None:
            self.timer = asyncio.get_running_loop().call_later(self.seconds, self._flush_soon)
        return page

    def _flush_soon(self) -> None:
        task = asyncio.ensure_future(self.flush())
        self.saving.add(task)
        task.add_done_callback(self.saving.discard)

    async def flush(self) -> None:
        """Writes the present batch in one transaction and counts what came of it."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        batch, self.batch = self.batch, []
        if not batch:
            return
        try:
            report = await store_thread(self.crawler).call(Store.save, batch, self.run_id)
        except StoreError as error:
            self._give_up(len(batch), error)
            return
        self.count("written", len(batch))
        self._count_report(report)

    def _count_report(self, report: SaveReport) -> None:
        for key in ("new_articles", "new_versions", "unchanged", "copies", "reprints", "excerpts"):
            self.count(key, getattr(report, key))
        for reason, number in report.failures.items():
            self.count(f"page_failed/{reason}", number)

    def _give_up(self, lost: int, error: StoreError) -> None:
        # the bytes are in the archive; a crawl that can't write should end, not fetch on
        logger.error("%s (%d pages not stored)", error, lost)
        self.count("lost", lost)
        assert self.crawler.stats is not None
        self.crawler.stats.set_value("store/error", str(error))
        if self.crawler.engine is not None and self.crawler.engine.spider is not None:
            task = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="store_failed"))
            self.closing = task

    async def close_spider(self) -> None:
        """Writes what is left."""
        if self.run_id is None:
            return
        await self.flush()
        if self.saving:
            await asyncio.gather(*self.saving)

    async def spider_closed(self, reason: str) -> None:
        """Notes how the run ended: finished, stopped by a person or a limit, or failed."""
        if self.run_id is None:
            return
        assert self.crawler.stats is not None
        counts = {
            key.partition("/")[2]: value
            for key, value in self.crawler.stats.get_stats().items()
            if key.startswith("store/") and isinstance(value, int)
        }
        state = RUN_STATES.get(reason, "failed" if reason.endswith("failed") else "stopped")
        try:
            await store_thread(self.crawler).call(Store.end_run, self.run_id, state, reason, counts)
        except StoreError as error:
            logger.error("%s", error)
