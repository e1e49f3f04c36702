"""Scrapy's scheduler and duplicate filter, with the queue of `crawler.jobs` where JOBDIR is set."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider
from scrapy.core.scheduler import Scheduler
from scrapy.crawler import Crawler
from scrapy.dupefilters import RFPDupeFilter
from scrapy.exceptions import CloseSpider
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.defer import Deferred

from crawler.coverage import STORED, Reading
from crawler.engine import under_way
from crawler.jobs import JobInUse, JobQueue
from crawler.ledger import ledger
from crawler.pages import LIST_META, first_url
from pipelines.urls import canonical_url

logger = logging.getLogger(__name__)

READING = "reading "
"""How the names of the notes begin that hold how far a list was read; its URL follows."""


class JobDupeFilter(RFPDupeFilter):
    """Asks the job's file what was asked for before, where there is one."""

    jobs: JobQueue | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Makes the filter of one crawl; unlike Scrapy's it has no file of its own."""
        debug = crawler.settings.getbool("DUPEFILTER_DEBUG")
        return cls(None, debug, fingerprinter=crawler.request_fingerprinter)

    def request_seen(self, request: Request) -> bool:
        """Tells whether a request was made before, and notes it."""
        if self.jobs is None:
            return super().request_seen(request)
        return self.jobs.see(self._fingerprint(request))


class JobScheduler(Scheduler):
    """Keeps requests in JOBDIR/SITE.db until what came of them is stored.

    A crawl that ends by itself leaves no job behind; one that was stopped or
    killed leaves one, and the next crawl with the same JOBDIR and arguments goes
    on with it, without what the store has got in the meantime.
    """

    jobs: JobQueue | None = None

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._kept: dict[str, int] = {}

    def _dqdir(self, jobdir: str | None) -> str | None:
        return jobdir

    def _dq(self) -> Any:
        return self.jobs

    def _write_dqs_state(self, dqdir: str, state: Any) -> None:
        """Scrapy's own queues write their index here; ours has none."""

    def open(self, spider: Spider) -> Deferred[None] | None:
        """Opens the queue, and takes out of it what has been stored since it was written."""
        if self.dqdir:
            try:
                path = Path(self.dqdir, f"{spider.name}.db")
                seconds = spider.settings.getfloat("JOB_COMMIT_SECONDS")
                self.jobs = JobQueue(path, spider, _arguments(spider), seconds)
            except JobInUse as error:
                self._stats().set_value("store/refused", f"is being crawled by another process: {error}")
                raise CloseSpider("held") from error
            except sqlite3.Error as error:
                self._stats().set_value("store/error", f"the job in {self.dqdir} can't be used: {error}")
                raise CloseSpider("job_failed") from error
            assert isinstance(self.df, JobDupeFilter)
            self.df.jobs = self.jobs
        opened = super().open(spider)
        return deferred_from_coro(self._go_on()) if self.jobs else opened

    async def _go_on(self) -> None:
        assert self.jobs is not None
        assert self.crawler is not None
        book = ledger(self.crawler)
        left = self.jobs.left()
        if not left:
            self.jobs.clear()
            return
        readings: list[Reading] = self.jobs.notes(READING)
        book.readings.update({reading.url: reading for reading in readings})
        urls = {row: canonical_url(first_url(request)) for row, _, request in left}
        held = await book.known(list(urls.values()))
        stored = 0
        for row, pushed_at, request in left:
            known = held.get(urls[row])
            if known is None or known.last_fetched_at < datetime.fromtimestamp(pushed_at, UTC):
                continue
            self.jobs.drop(row)
            stored += 1
            if LIST_META in request.meta:
                became = STORED if known.has_article else known.last_failure or "not_article"
                book.reading(request.meta[LIST_META]).note(urls[row], became)
        self._stats().inc_value("job/resumed", len(left) - stored)
        logger.info("going on with a job: %d requests left, %d stored meanwhile", len(left) - stored, stored)

    def close(self, reason: str) -> Deferred[None] | None:
        """Keeps what is left for the next crawl, or forgets a job that came to its end."""
        if self.jobs is not None:
            self._keep()
            if reason == "finished":
                self.jobs.clear()
        return super().close(reason) if hasattr(self, "mqs") else None

    def enqueue_request(self, request: Request) -> bool:
        """Takes a request, unless it was made before."""
        self._keep_at_times()
        return super().enqueue_request(request)

    def next_request(self) -> Request | None:
        """Gives the next request."""
        self._keep_at_times()
        return super().next_request()

    def _keep_at_times(self) -> None:
        if self.jobs is not None and self.jobs.commit_is_due():
            self._keep()

    def _keep(self) -> None:
        assert self.jobs is not None
        assert self.crawler is not None
        stats = self._stats()
        self.jobs.settle(
            under_way(self.crawler).__contains__,
            stats.get_value("store/taken", 0),
            stats.get_value("store/written", 0),
        )
        for reading in ledger(self.crawler).readings.values():
            if self._kept.get(reading.url) != reading.changes:
                self._kept[reading.url] = reading.changes
                # what it held before is in the store
                self.jobs.keep(READING + reading.url, replace(reading, before=None))
        self.jobs.commit()

    def _stats(self) -> Any:
        assert self.stats is not None
        return self.stats


def _arguments(spider: Spider) -> dict[str, str]:
    names = ("since", "max_pages", "only_url")
    return {name: str(value) for name in names if (value := getattr(spider, name, None))}
