"""A few pages of a site, one after the other: politely, by the settings of a crawl, and stored nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler, CrawlerProcessBase
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from crawler.middlewares.browser import PLAIN, browser_settings
from crawler.pages import FetchFailure, fetch_failure

Ask = Callable[[str], Awaitable[Response | FetchFailure]]
"""Fetches a URL; gives the response, or why there is none."""


class AskingSpider(Spider):
    """Runs one `job`, which asks for pages by awaiting them."""

    name = "ask"
    custom_settings = {"ITEM_PIPELINES": {}, "ARCHIVE_ENABLED": False}  # noqa: RUF012 - as Scrapy has it

    def __init__(self, job: Callable[[Ask], Awaitable[None]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.job = job

    async def start(self) -> AsyncIterator[Any]:
        """Does the job; there is nothing else to crawl."""
        await self.job(self.ask)
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item

    async def ask(self, url: str) -> Response | FetchFailure:
        """Fetches one URL."""
        engine = self.crawler.engine
        assert engine is not None
        # robots.txt itself may always be read
        robots, xml = url.endswith("/robots.txt"), url.endswith((".xml", ".gz", "/rss", "/feed", "/feed/"))
        meta = {"dont_obey_robotstxt": robots, PLAIN: xml}
        try:
            response = await engine.download_async(Request(url, meta=meta, dont_filter=True))
        except Exception as error:  # noqa: BLE001 - whatever kept the page away is told
            return fetch_failure(error)
        if not 200 <= response.status < 300:
            return fetch_failure(HttpError(response))
        return response


def ask(
    process: CrawlerProcessBase,
    job: Callable[[Ask], Awaitable[None]],
    *,
    javascript: bool = False,
    **settings: Any,
) -> None:
    """Runs a job, with further settings; raises what the job raises, and BrowserMissing with `javascript`."""
    errors: list[BaseException] = []

    async def guarded(asking: Ask) -> None:
        try:
            await job(asking)
        except Exception as error:  # noqa: BLE001 - raised again where there is no spider around it
            errors.append(error)

    crawler: Crawler = process.create_crawler(AskingSpider)
    if javascript:
        settings |= browser_settings(crawler.settings)
    crawler.settings.update(settings, priority="cmdline")
    task = process.crawl(crawler, job=guarded)
    assert isinstance(task, asyncio.Task)
    process.start()
    if errors:
        raise errors[0]
