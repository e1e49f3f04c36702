"""Scrapy's downloader, with bounds: on how much is under way, and on how long a crawl takes to stop."""

from __future__ import annotations

import asyncio

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.internet.defer import Deferred

from crawler.engine import is_ending, under_way
from crawler.under_way import UNFINISHED_META

LOOK_SECONDS = 0.2
"""How often the downloader looks whether the crawl is to end."""


class GivenUp(IgnoreRequest):
    """A request that was not answered because the crawl ends."""


class BoundedDownloader(Downloader):
    """Takes no more than MAX_UNDER_WAY requests at a time, until what came of each was given to the store.

    Scrapy bounds their bytes alone, and each costs far more memory than a small page.
    When a crawl is to end, gives up what waits for its turn, and after SHUTDOWN_SECONDS transfers too.

    Requests that are given up are marked with UNFINISHED_META and are no
    failures of their pages: the next crawl asks for them.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.most = self.settings.getint("MAX_UNDER_WAY")
        self.patience = self.settings.getfloat("SHUTDOWN_SECONDS")
        self._transfers: dict[Request, Deferred[Response]] = {}
        self._watch: asyncio.Task[None] | None = None

    def needs_backout(self) -> bool:
        """Tells whether no further request may begin, as many are under way or wait to be read and stored."""
        return super().needs_backout() or len(under_way(self.crawler)) >= self.most

    async def _enqueue_request(self, request: Request) -> Response:
        if self._watch is None:
            self._watch = asyncio.ensure_future(self._end_in_time())
        elif is_ending(self.crawler):
            request.meta[UNFINISHED_META] = True
            raise GivenUp("the crawl ends")
        return await super()._enqueue_request(request)

    async def _wait_for_download(self, slot: Slot, request: Request, queue_dfd: Deferred[Response]) -> None:
        self._transfers[request] = queue_dfd
        try:
            await super()._wait_for_download(slot, request, queue_dfd)
        finally:
            del self._transfers[request]

    async def _end_in_time(self) -> None:
        while not is_ending(self.crawler):  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(LOOK_SECONDS)
        for slot in self.slots.values():
            while slot.queue:
                self._give_up(*slot.queue.popleft())
        await asyncio.sleep(self.patience)
        for request, waiting in list(self._transfers.items()):
            self._give_up(request, waiting)

    def _give_up(self, request: Request, waiting: Deferred[Response]) -> None:
        request.meta[UNFINISHED_META] = True
        waiting.cancel()  # what the transfer comes to after that is ignored

    def close(self) -> None:
        """Ends with the crawl."""
        if self._watch is not None:
            self._watch.cancel()
        super().close()
