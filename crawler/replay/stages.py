"""The two stages that a replay adds to those of a crawl: which pages go on, and what is new in them."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem

from crawler.replay.changes import Change, How, differences
from pipelines.extract.language import language_of
from pipelines.models import Page
from pipelines.stages import Stage, store_thread
from storage import Store, StoreError
from storage.present import HeldArticle, facts_of

if TYPE_CHECKING:
    from crawler.replay.spider import ReplaySpider

RECENT = 1000
"""Articles that are remembered as they were last read, while their batch may not be stored yet."""


class ReplayStage(Stage):
    """A stage of a replay; it works on the report of its spider."""

    name = "replay"

    @property
    def spider(self) -> ReplaySpider:
        """The spider that gives the pages."""
        spider: ReplaySpider = self.crawler.spider  # type: ignore[assignment]
        return spider

    def drop(self, page: Page, reason: str) -> DropItem:
        """What to raise for a page that does not go on."""
        self.spider.report.left_out[reason] += 1
        return DropItem(f"{reason}: {page.url}", log_level="DEBUG")


class LanguageStage(ReplayStage):
    """Lets go of pages in other languages than those that are asked for, before they are read."""

    async def process_item(self, page: Page) -> Page:
        """Gives the page on when its language is asked for, or can't be told."""
        if self.spider.plan.languages:
            kind = page.headers.get("content-type", "")
            language = await self.work(page, language_of, page.body, kind)
            if language and language not in self.spider.plan.languages:
                raise self.drop(page, "other_language")
        return page


class ChangesStage(ReplayStage):
    """Compares what a page says now with what the store holds, before it is stored."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.recent: OrderedDict[str, HeldArticle] = OrderedDict()

    async def open_spider(self) -> None:
        """Makes sure that the store can be asked."""
        try:
            await store_thread(self.crawler).call(Store.held_pages, [])
        except StoreError as error:
            assert self.crawler.stats is not None
            self.crawler.stats.set_value("store/error", str(error))
            raise CloseSpider("store_failed") from error

    async def process_item(self, page: Page) -> Page:
        """Notes the change; a page that neither holds an article nor is stored does not go on."""
        stored_fetch = (page.url, page.fetched_at) in self.spider.failures
        is_article = page.article is not None and page.article.kind == "article"
        if not is_article and page.failure is None and not stored_fetch:
            raise self.drop(page, "no_article")
        if page.failure:
            self.spider.report.failures[f"{page.failure.stage} {page.failure.reason}"] += 1
        self.spider.report.add(await self._change(page))
        return page

    async def _change(self, page: Page) -> Change:
        names = page.article is not None and page.article.entities is not None
        held = self.recent.get(page.url) or await store_thread(self.crawler).call(
            Store.held_article, page.url, names
        )
        fields: dict[str, tuple[str, str]] = {}
        before = self.spider.failures.get((page.url, page.fetched_at))
        was, is_ = (before[1] if before else ""), (page.failure.reason if page.failure else "")
        if was != is_ and (page.url, page.fetched_at) in self.spider.failures:
            fields["failure"] = (was, is_)
        if page.article is None or page.article.kind != "article":
            how: How = "failed" if page.failure else "no_article"
            if held is not None and held.fetched_at == page.fetched_at and page.article is not None:
                fields["kind"] = ("article", page.article.kind)
        else:
            how = self._compared(page, held, fields)
        return Change(page.url, page.fetched_at, "changed" if fields and how != "new" else how, fields)

    def _compared(self, page: Page, held: HeldArticle | None, fields: dict[str, tuple[str, str]]) -> How:
        assert page.article is not None
        facts = facts_of(page.article)
        if held is None:
            fields |= {name: ("", value) for name, value in facts.items()}
        elif page.fetched_at < held.fetched_at:
            return "older"
        else:
            fields |= differences(held.facts, facts)
        if fields:
            self._remember(page.url, HeldArticle(page.fetched_at, facts))
        return "new" if held is None else "changed" if fields else "unchanged"

    def _remember(self, url: str, article: HeldArticle) -> None:
        self.recent[url] = article
        self.recent.move_to_end(url)
        if len(self.recent) > RECENT:
            self.recent.popitem(last=False)
