"""Tries again after a wait that grows: exponential back-off with jitter, and Retry-After.

The wait follows "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015),
its "equal jitter" form. Retry-After is read as RFC 9110 section 10.2.3 has it.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.http import Response
from scrapy.settings import BaseSettings

DATALOSS = "dataloss"
"""Flag that Scrapy puts on a response that ended too early."""

_STEP_SECONDS = 0.25


def backoff(retry: int, base: float, longest: float, chance: float) -> float:
    """Returns the seconds to wait before retry number `retry`, from 1.

    base, 2 base, 4 base ... up to `longest`; of that a half, and of the other
    half the share `chance`, from 0 to 1.
    """
    full = min(longest, base * 2.0 ** min(retry - 1, 32))
    return full / 2 + full / 2 * chance


def retry_after(value: str, now: float) -> float:
    """Returns the seconds that a Retry-After header asks for, 0 when it can't be read.

    `now` is in seconds since the epoch.
    """
    value = value.strip()
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return 0.0


class BackoffRetryMiddleware(RetryMiddleware):
    """Scrapy's retry middleware with a wait before each retry.

    Settings: RETRY_BACKOFF_BASE and RETRY_BACKOFF_MAX in seconds. A waiting
    request holds a place in CONCURRENT_REQUESTS, none at its host. A response
    that ended too early is tried again, and kept when it ends early each time.
    """

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.base = settings.getfloat("RETRY_BACKOFF_BASE")
        self.longest = settings.getfloat("RETRY_BACKOFF_MAX")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BackoffRetryMiddleware:
        """Makes the middleware of one crawl."""
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """Gives a response on, or after a wait the request to try again."""
        if DATALOSS in response.flags and not request.meta.get("dont_retry"):
            again: Request | Response = self._retry(request, DATALOSS) or response
        else:
            again = super().process_response(request, response)
        if isinstance(again, Request):
            asked = (response.headers.get("Retry-After") or b"").decode("latin-1")
            await self._wait(again, retry_after(asked, time.time()))
        return again

    async def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | Response | None:
        """Gives nothing, or after a wait the request to try again."""
        again = super().process_exception(request, exception)
        if isinstance(again, Request):
            await self._wait(again, 0.0)
        return again

    async def _wait(self, request: Request, asked: float) -> None:
        seconds = backoff(request.meta["retry_times"], self.base, self.longest, random.random())  # noqa: S311
        seconds = min(self.longest, max(seconds, asked))
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value("retry/waits")
        # in short steps, so that Ctrl-C does not wait for a site that is down
        steps = math.ceil(seconds / _STEP_SECONDS)
        for _ in range(steps):
            if self._crawling():
                await asyncio.sleep(seconds / steps)

    def _crawling(self) -> bool:
        engine = self.crawler.engine
        return engine is not None and engine.running
