"""What is asked of Scrapy's engine beyond what it offers: all that reads its inner state, in one place."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler


def _slot(crawler: Crawler) -> Any:
    return crawler.engine._slot if crawler.engine is not None else None


def under_way(crawler: Crawler) -> Collection[Request]:
    """The requests that are fetched or read at present; no signal tells when one leaves the engine."""
    slot = _slot(crawler)
    requests: Collection[Request] = slot.inprogress if slot is not None else ()
    return requests


def is_ending(crawler: Crawler) -> bool:
    """Tells whether the crawl has begun to end, of which there is no signal either."""
    slot = _slot(crawler)
    return slot is not None and slot.closing is not None


def wake(crawler: Crawler) -> None:
    """Lets the engine ask its scheduler, which may have got requests from elsewhere."""
    if (slot := _slot(crawler)) is not None:
        slot.nextcall.schedule()


def close_soon(crawler: Crawler, reason: str) -> asyncio.Task[None] | None:
    """Begins to end the crawl, when it runs; the caller keeps the task, or it may be collected."""
    engine = crawler.engine
    if engine is None or engine.spider is None:
        return None
    return asyncio.ensure_future(engine.close_spider_async(reason=reason))
