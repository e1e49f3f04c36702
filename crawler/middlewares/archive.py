"""Writes every response into the archive before anything unpacks or drops it."""

from __future__ import annotations

import asyncio
import logging
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, IgnoreRequest, NotConfigured
from scrapy.http import Response

from crawler.archive import ArchiveError, ArchiveWriter, Fetch, prepare_folder
from crawler.engine import close_soon
from crawler.identity import NAME, VERSION
from crawler.middlewares.retry import DATALOSS

logger = logging.getLogger(__name__)

ARCHIVE_META = "archive"
"""Key of request.meta: (file name, offset) of the response in the archive."""

FETCHED_META = "fetched_at"
"""Key of request.meta: when the response came, as seconds since the epoch."""

CLOSE_REASON = "archive_failed"
"""Why the spider is closed when the archive can't be written."""


class ArchiveFailed(IgnoreRequest):
    """A response that could not be archived, and so is not used."""


class ArchiveMiddleware:
    """Puts the place of each response in the archive into its request's meta.

    Settings: ARCHIVE_ENABLED, ARCHIVE_LEVEL, DATA_DIR. One thread compresses
    and writes. When it can't, the crawl ends: pages that are fetched and not
    kept could never be read again.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.writer: ArchiveWriter | None = None
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="archive")
        self.closing: asyncio.Task[None] | None = None
        crawler.signals.connect(self.spider_opened, signals.spider_opened)
        crawler.signals.connect(self.spider_closed, signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchiveMiddleware:
        """Makes the middleware of one crawl."""
        # what `scrapy check` fetches, which sets this variable, is no crawl
        if not crawler.settings.getbool("ARCHIVE_ENABLED") or "SCRAPY_CHECK" in os.environ:
            raise NotConfigured
        return cls(crawler)

    def spider_opened(self) -> None:
        """Makes sure that the archive can be written before anything is fetched."""
        settings = self.crawler.settings
        try:
            folder = prepare_folder(settings["DATA_DIR"])
        except ArchiveError as error:
            self._report(error)
            raise CloseSpider(CLOSE_REASON) from error
        assert self.crawler.spider is not None
        self.writer = ArchiveWriter(
            folder,
            self.crawler.spider.name,
            settings["USER_AGENT"],
            f"{NAME}/{VERSION}",
            settings.getint("ARCHIVE_LEVEL"),
        )

    def process_request(self, request: Request) -> None:
        """Forgets the place of an earlier response to this request, of a redirect or a failed try."""
        request.meta.pop(ARCHIVE_META, None)
        request.meta.pop(FETCHED_META, None)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Archives a response and gives it on unchanged."""
        at = datetime.now(UTC)
        request.meta[FETCHED_META] = at.timestamp()
        if self.writer is None:
            return response
        fetch = Fetch(
            url=response.url,
            status=response.status,
            headers=tuple((name, value) for name, values in response.headers.items() for value in values),
            body=response.body,
            at=at,
            protocol=response.protocol or "HTTP/1.1",
            ip_address=str(response.ip_address or ""),
            truncated=DATALOSS in response.flags,
        )
        try:
            ref = await asyncio.get_running_loop().run_in_executor(self.thread, self.writer.write, fetch)
        except ArchiveError as error:
            self._give_up(error)
            raise ArchiveFailed(str(error)) from error
        request.meta[ARCHIVE_META] = (ref.file, ref.offset)
        return response

    def _give_up(self, error: ArchiveError) -> None:
        if self.closing is None and self.crawler.engine is not None:
            self._report(error)
            self.closing = close_soon(self.crawler, CLOSE_REASON)

    def _report(self, error: ArchiveError) -> None:
        logger.error("%s", error)
        assert self.crawler.stats is not None
        self.crawler.stats.set_value("archive/error", str(error))

    async def spider_closed(self) -> None:
        """Closes the file when the last record is written, and counts what it holds."""
        writer, self.writer = self.writer, None
        if writer is not None:
            await asyncio.get_running_loop().run_in_executor(self.thread, writer.close)
            assert self.crawler.stats is not None
            self.crawler.stats.set_value("archive/records", writer.records)
            self.crawler.stats.set_value("archive/bytes", writer.size)
            if writer.name:
                self.crawler.stats.set_value("archive/file", writer.name)
        self.thread.shutdown()
