"""The spider of `scrapy replay`: its pages come from WARC files, and nothing is fetched."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings

from crawler.discovery.paging import find_next_part
from crawler.discovery.sitemaps import is_article_url
from crawler.replay.changes import Report
from crawler.replay.parts import Parts
from crawler.replay.plan import Plan
from pipelines.extract.reading import Read, Unread
from pipelines.extract.warc import WarcFile
from pipelines.models import Page, SiteHints
from pipelines.stages import store_thread, worker_pool
from storage import Store
from storage.present import HeldPage

WATCHERS = ("crawler.record.RunRecorder", "spidermon.contrib.scrapy.extensions.Spidermon")
"""Extensions that are for crawls alone."""

BATCH_PAGES = 16
"""Pages that are read from a file, and asked after in the store, at a time."""

BATCH_SECONDS = 0.2
"""How long the reading of a batch goes on where most of a file is passed over."""

FETCH = "fetch"
"""The stage of a failure that no reading can mend: there is no page."""

PAGES_A_WORKER = 4
"""Pages under way for each worker process, so that none waits for the store."""


class ReplaySpider(Spider):
    """Gives the pages of a plan's files to the stages, each page of a URL after the one before it.

    What was fetched at the same time and is stored is the same fetch; it is read
    again, also when a stage had failed on it. `complain` is called with a line
    for each record that can't be read.
    """

    name = "replay"

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Adds the stages of a replay around those of a crawl; nothing is fetched, so nothing is archived."""
        super().update_settings(settings)
        stages = {
            **settings.getdict("ITEM_PIPELINES"),
            "crawler.replay.stages.LanguageStage": 50,
            "crawler.replay.stages.ChangesStage": 450,
        }
        if settings.getbool("REPLAY_DRY_RUN"):
            stages["pipelines.stages.StoreStage"] = None
        settings.set("ITEM_PIPELINES", stages, "spider")
        # what watches over a crawl would take a replay for one: for a lease, a schedule, and alarms
        extensions = {**settings.getdict("EXTENSIONS"), **dict.fromkeys(WATCHERS)}
        settings.setdict({"ARCHIVE_ENABLED": False, "LEASE_SECONDS": 0, "EXTENSIONS": extensions}, "spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ReplaySpider:
        """Makes the spider of one replay."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.done_with, signal)
        return spider

    def __init__(self, plan: Plan, report: Report, complain: Callable[[str], None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.plan, self.report, self.complain = plan, report, complain
        self.failures: dict[tuple[str, datetime], tuple[str, str] | None] = {}
        self.file: WarcFile | None = None
        self._bytes_done = 0
        self._under_way: set[str] = set()
        self._freed = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reader")

    @property
    def bytes_read(self) -> int:
        """How far the replay has come in its files."""
        return self._bytes_done + (self.file.position if self.file else 0)

    async def start(self) -> AsyncIterator[Page]:
        """Yields the pages, as many at a time as the workers can take."""
        parts = Parts(self._next_part, self.settings.getint("MAX_ARTICLE_PAGES"))
        for path in self.plan.files:
            try:
                self.file = WarcFile(path, self.plan.wants, tuple(p for p in self.plan.files if p != path))
                async for page in self._pages(self.file, parts):
                    await self._room_for(page)
                    yield page
            except OSError as error:
                self._unread(f"{path}: {error.strerror or error}")
            for page in parts.rest():
                await self._room_for(page)
                yield page
            if self.file is not None:
                self.report.left_out.update(self.file.left_out)
                self._bytes_done += self.file.size
                self.file = None

    async def _pages(self, file: WarcFile, parts: Parts) -> AsyncIterator[Page]:
        """The pages of a file that are to be read again, each with its following pages."""
        items = file.pages()
        own = await store_thread(self.crawler).call(Store.wrote_archive, file.path.name, self.name)
        while batch := await asyncio.get_running_loop().run_in_executor(self._thread, _take, items):
            pages = [item.page for item in batch if isinstance(item, Read)]
            for item in batch:
                if isinstance(item, Unread):
                    self._unread(item.message)
            self.report.read += len(pages)
            held = await store_thread(self.crawler).call(Store.held_pages, [page.url for page in pages])
            for page in pages:
                if page.url not in parts.waiting and (reason := self._unfit(page, held.get(page.url), own)):
                    self.report.left_out[reason] += 1
                elif whole := await parts.take(page):
                    yield whole

    def _unfit(self, page: Page, held: HeldPage | None, own: bool) -> str:
        """Why a page is left out, "" when it is to be read; notes the failure of a fetch that is stored.

        `own` says that the crawls of this store wrote the file: then a page that
        is not stored was a list page, or is an article that was lost with its batch.
        """
        site = self.plan.sites.find(page.url)
        if held is not None:
            if site is None:
                page.site = SiteHints(name=held.site, publisher=held.publisher)
            if page.fetched_at in held.fetches:
                failure = held.fetches[page.fetched_at]
                if failure and failure[0] == FETCH:
                    return "failed_fetch"
                self.failures[page.url, page.fetched_at] = failure
                return ""
        if own and site is None:
            return "not_stored"
        if site is None or not (own or site.article):
            return ""
        is_start = page.url in self.plan.sites.start_pages
        return "not_an_article_url" if is_start or not is_article_url(page.url, site.rules()) else ""

    async def _next_part(self, page: Page) -> str:
        kind = page.headers.get("content-type", "")
        try:
            return await worker_pool(self.crawler).run(find_next_part, page.body, kind, page.url)
        except Exception as error:  # noqa: BLE001 - whatever one page does, the replay goes on
            self.logger.warning("no following page read from %s: %s", page.url, error)
            return ""

    async def _room_for(self, page: Page) -> None:
        """Waits until a worker is near to free, and no other fetch of the page is under way."""
        limit = worker_pool(self.crawler).size * PAGES_A_WORKER
        while len(self._under_way) >= limit or page.url in self._under_way:
            self._freed.clear()
            await self._freed.wait()
        self._under_way.add(page.url)

    def done_with(self, item: Page) -> None:
        """Makes room for the next page."""
        self._under_way.discard(item.url)
        self.failures.pop((item.url, item.fetched_at), None)
        self._freed.set()

    def _unread(self, message: str) -> None:
        self.report.unread += 1
        self.complain(message)

    def closed(self, reason: str) -> None:  # noqa: ARG002 - Scrapy's signature
        """Ends the reading."""
        self._thread.shutdown(cancel_futures=True)


def _take(items: Iterator[Read | Unread]) -> list[Read | Unread]:
    """The next items of a file, none at its end; fewer where most of it is passed over."""
    until, taken = time.monotonic() + BATCH_SECONDS, []
    for item in items:
        taken.append(item)
        if len(taken) >= BATCH_PAGES or time.monotonic() > until:
            break
    return taken
