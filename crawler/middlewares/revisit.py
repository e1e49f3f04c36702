"""Leaves out articles that are stored and old enough not to change any more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

STORE_STAGE = "pipelines.stages.StoreStage"
ARTICLE_CALLBACK = "parse_article"


class RevisitMiddleware:
    """Drops requests for articles that were first stored more than REVISIT_DAYS ago.

    News is corrected in its first days; after that a fetch would only tell what
    the store holds. An article named by `-a url=...` is always fetched. Counts
    `revisit/left_out`.
    """

    def __init__(self, crawler: Crawler, days: float) -> None:
        self.crawler = crawler
        self.age = timedelta(days=days)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RevisitMiddleware:
        """Makes the middleware of one crawl; without the store there is nothing to ask."""
        if crawler.settings.getdict("ITEM_PIPELINES").get(STORE_STAGE) is None:
            raise NotConfigured
        return cls(crawler, crawler.settings.getfloat("REVISIT_DAYS"))

    async def process_spider_output(
        self,
        response: Response,  # noqa: ARG002 - Scrapy's signature
        result: AsyncIterator[Any],
    ) -> AsyncIterator[Any]:
        """Asks the store once for all articles that a list page links to."""
        articles = []
        async for item in result:
            if isinstance(item, Request) and getattr(item.callback, "__name__", "") == ARTICLE_CALLBACK:
                articles.append(item)
            else:
                yield item
        old = await self._old({request.url for request in articles}) if articles else set()
        for request in articles:
            if request.url in old:
                assert self.crawler.stats is not None
                self.crawler.stats.inc_value("revisit/left_out")
            else:
                yield request

    async def _old(self, urls: set[str]) -> set[str]:
        # late: the store's libraries take half a second to import
        from pipelines.stages import store_thread
        from storage import Store

        known = await store_thread(self.crawler).call(Store.known, sorted(urls))
        before = datetime.now(UTC) - self.age
        return {url for url, k in known.items() if k.has_article and k.first_seen_at < before}
