"""The spider behind every site file: start pages, lists, articles and their parts.

It only fetches. Links are found in worker processes; what an article says is
the business of the stages, which get one `Page` an article.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, timedelta
from typing import Any, ClassVar, TypeVar

from scrapy import Request, Spider
from scrapy.http import Response, TextResponse
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from twisted.python.failure import Failure as TwistedFailure

from crawler.discovery.feeds import read_feed
from crawler.discovery.link import Link
from crawler.discovery.links import find_links
from crawler.discovery.paging import find_next_part, may_have_next_part
from crawler.discovery.sitemaps import find_sitemap_links
from crawler.identity import user_agent
from crawler.middlewares.browser import BrowserMissing, browser_settings
from crawler.pages import ROBOTS_FORBIDDEN, content_type, failed_page, fetch_failure, first_url, page_of
from crawler.site import Site, SiteFileError, StartPage
from pipelines.models import Failure, Page
from pipelines.pool import WorkerPool
from pipelines.urls import canonical_url

T = TypeVar("T")

SINCE_MARGIN = timedelta(days=1)
"""How much older than `since` the day of a link must be for the link to be left out."""

PART_PRIORITY = 10
"""Priority of the next part of an article, so that the parts already fetched don't wait in memory."""


class NewsSpider(Spider):
    """Crawls one site as its site file describes it; subclasses name the `site`.

    Arguments: `since`, a day such as 2026-11-01: leave out what is older;
    `max_pages`: fetch at most so many articles; `url`: fetch only this article.
    """

    site: ClassVar[Site]
    publisher: ClassVar[str]
    home_page: ClassVar[str]

    def __init__(
        self,
        name: str | None = None,
        since: str | None = None,
        max_pages: str | int | None = None,
        url: str | None = None,
        **kwargs: Any,
    ) -> None:
        unknown = [key for key in kwargs if not key.startswith("_")]
        if unknown:
            raise ValueError(f"unknown spider argument {unknown[0]}; known: since, max_pages, url")
        super().__init__(name, **kwargs)
        self.since = _since(since)
        self.max_pages = _max_pages(max_pages)
        self.only_url = self._article_url(url)
        self.rules = self.site.rules()
        self._requested: set[str] = set()
        self._lists = {start.url for start in self.site.start} | {self.site.home_page}

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Applies the site's politeness, and a CONTACT_URL of the command line to the user agent."""
        super().update_settings(settings)
        if cls.site.javascript:
            try:
                settings.setdict(browser_settings(settings), "spider")
            except BrowserMissing as error:
                raise SiteFileError(f"{cls.site.name}.toml", 0, "", str(error)) from None
        if (settings.getpriority("CONTACT_URL") or 0) > SETTINGS_PRIORITIES["project"]:
            settings.set("USER_AGENT", user_agent(settings["CONTACT_URL"]), "spider")

    # --- what is asked for ---

    async def start(self) -> AsyncIterator[Any]:
        """Asks for the start pages, or for the one article that was named."""
        if self.only_url:
            yield self._article_request(self.only_url)
            return
        for page in self.site.start:
            yield self._start_request(page)

    def _start_request(self, page: StartPage) -> Request:
        if page.kind == "feed":
            return Request(page.url, self.parse_feed, errback=self.list_failed, dont_filter=True)
        if page.kind == "sitemap":
            return Request(page.url, self.parse_sitemap, errback=self.list_failed, dont_filter=True)
        return self._list_request(page.url, page.depth, dont_filter=True)

    def _list_request(self, url: str, depth: int, dont_filter: bool = False) -> Request:
        return Request(
            url,
            self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"depth": depth},
            dont_filter=dont_filter,
        )

    def _article_request(self, url: str) -> Request:
        return Request(url, self.parse_article, errback=self.article_failed)

    def _article_requests(self, links: list[Link] | tuple[Link, ...]) -> Iterator[Request]:
        """Asks for the linked articles that are new in this run, young enough and within max_pages."""
        for link in links:
            if self._too_old(link):
                self._count("links/before_since")
                continue
            if self.max_pages is not None and link.url not in self._requested:
                if len(self._requested) >= self.max_pages:
                    self._count("links/over_max_pages")
                    continue
                self._requested.add(link.url)
            self._count("links/articles")
            yield self._article_request(link.url)

    def _too_old(self, link: Link) -> bool:
        return bool(self.since and link.day and link.day < self.since - SINCE_MARGIN)

    def _full(self) -> bool:
        return self.max_pages is not None and len(self._requested) >= self.max_pages

    # --- what comes ---

    async def parse_list(self, response: Response, depth: int = 0) -> AsyncIterator[Any]:
        """Asks for the articles of a list page, for further lists and, `depth` times, for its next page."""
        self._count("fetch/lists")
        found = await self._work(response, find_links, self.rules)
        if found is None:
            return
        if not found.articles:
            self.logger.warning("no article links on the list page %s", response.url)
            self._count("links/empty_lists")
        for request in self._article_requests(found.articles):
            yield request
        if self._full():
            return
        for url in found.lists:
            yield self._list_request(url, 0)
        all_old = bool(found.articles) and all(self._too_old(link) for link in found.articles)
        if found.next_page and depth > 0 and not all_old:
            yield self._list_request(found.next_page, depth - 1)

    async def parse_feed(self, response: Response) -> AsyncIterator[Any]:
        """Asks for the articles of an RSS or Atom feed."""
        self._count("fetch/lists")
        links = await self._work(response, read_feed)
        for request in self._article_requests([link for link in links or () if self.site.allows(link.url)]):
            yield request

    async def parse_sitemap(self, response: Response, top: bool = True) -> AsyncIterator[Any]:
        """Asks for the articles of a site map, or for the site maps of an index."""
        self._count("fetch/lists")
        found = await self._work(response, find_sitemap_links, self.rules)
        if found is None:
            return
        for request in self._article_requests(found.pages):
            yield request
        young = [link for link in found.sitemaps if not self._too_old(link) and self.site.allows(link.url)]
        limit = self.settings.getint("MAX_SITEMAPS") if top else 0
        for link in young[:limit]:
            yield Request(link.url, self.parse_sitemap, errback=self.list_failed, cb_kwargs={"top": False})
        if len(young) > limit:
            self.logger.warning("%s names %d site maps; %d are read", response.url, len(young), limit)
            self._count("links/over_max_sitemaps", len(young) - limit)

    async def parse_article(self, response: Response) -> AsyncIterator[Any]:
        """Gives the page of an article, after its following parts if it has any."""
        assert response.request is not None
        page = page_of(response, response.request, self.site)
        page.failure = self._unfit(response, page)
        if page.failure:
            self._count(f"fetch/failed/{page.failure.reason}")
            yield page
            return
        self._count("fetch/articles")
        async for result in self._next_part(response, page, {page.url}):
            yield result

    async def parse_part(self, response: Response, page: Page, seen: set[str]) -> AsyncIterator[Any]:
        """Adds a following part to the page of its article."""
        self._count("fetch/parts")
        page.parts.append(response.body)
        page.truncated = page.truncated or "dataloss" in response.flags
        async for result in self._next_part(response, page, seen):
            yield result

    async def _next_part(self, response: Response, page: Page, seen: set[str]) -> AsyncIterator[Any]:
        url = ""
        if may_have_next_part(response.body):
            url = await self._work(response, find_next_part) or ""
        if not url or url in seen or not self.site.allows(url):
            yield page
        elif len(page.parts) >= self.settings.getint("MAX_ARTICLE_PAGES"):
            self._count("fetch/over_max_article_pages")
            page.truncated = True
            yield page
        else:
            yield Request(
                url,
                self.parse_part,
                errback=self.part_failed,
                cb_kwargs={"page": page, "seen": {*seen, url}},
                priority=PART_PRIORITY,
                # a part that some list links to as well must not be lost as a duplicate
                dont_filter=True,
            )

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[Any]:
        """Reads a page as an article; what `scrapy parse` and `scrapy shell` use unless told otherwise."""
        async for result in self.parse_article(response, **kwargs):
            yield result

    # --- what fails ---

    def article_failed(self, failure: TwistedFailure) -> Iterator[Page]:
        """Gives a page that says why an article could not be fetched; none when robots.txt forbids it."""
        yield from self._failed(failure)

    def list_failed(self, failure: TwistedFailure) -> Iterator[Page]:
        """Says loudly that a list is missing, and gives a page that says why."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self.logger.error("list page %s: %s", first_url(request), fetch_failure(_error(failure)).message)
        self._count("fetch/lists_failed")
        yield from self._failed(failure)

    def part_failed(self, failure: TwistedFailure) -> Iterator[Page]:
        """Gives the article with the parts that came, marked as truncated."""
        request: Request = failure.request  # type: ignore[attr-defined]
        self._count(f"fetch/failed_parts/{fetch_failure(_error(failure)).reason}")
        page: Page = request.cb_kwargs["page"]
        page.truncated = True
        yield page

    def _failed(self, failure: TwistedFailure) -> Iterator[Page]:
        request: Request = failure.request  # type: ignore[attr-defined]
        found = fetch_failure(_error(failure))
        if found.reason == ROBOTS_FORBIDDEN:
            self._count("fetch/robots_forbidden")
            return
        self._count(f"fetch/failed/{found.reason}")
        self.logger.info("%s: %s (%s)", first_url(request), found.message, found.reason)
        yield failed_page(found, request, self.site)

    def _unfit(self, response: Response, page: Page) -> Failure | None:
        if not isinstance(response, TextResponse):
            return Failure("fetch", "not_html", f"is no HTML page but {content_type(response) or 'unknown'}")
        redirected = "redirect_urls" in response.meta
        if redirected and page.url in self._lists:
            return Failure("fetch", "redirected_to_list", f"redirected to {page.url}, so the article is gone")
        return None

    async def _work(self, response: Response, function: Callable[..., T], *args: Any) -> T | None:
        """Runs `function(body, content type, URL, ...)` in a worker; None, and a log line, when it failed."""
        try:
            return await self.pool().run(function, response.body, content_type(response), response.url, *args)
        except Exception as error:  # noqa: BLE001 - whatever one page does, the crawl goes on
            reason = type(error).__name__
            self._count(f"links/failed/{reason}")
            self.logger.warning("no links read from %s: %s (%s)", response.url, error, reason)
            return None

    def pool(self) -> WorkerPool:
        """Returns the worker processes of this crawl."""
        # the store's libraries take half a second to import, which `scrapy list` need not wait for
        from pipelines.stages import worker_pool

        return worker_pool(self.crawler)

    def _count(self, key: str, number: int = 1) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(key, number)

    def _article_url(self, url: str | None) -> str:
        if url is None:
            return ""
        try:
            canonical = canonical_url(url)
        except ValueError as error:
            raise ValueError(f"url: {error}") from None
        if not self.site.allows(canonical):
            hosts = ", ".join(self.site.allowed_hosts)
            raise ValueError(f"url: {canonical} is not on this site ({hosts})")
        return canonical


def _error(failure: TwistedFailure) -> BaseException:
    assert failure.value is not None
    return failure.value


def spider_class(site: Site) -> type[NewsSpider]:
    """Returns the spider class of one site."""
    members: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": f"Crawls {site.publisher}.",
        "name": site.name,
        "site": site,
        "publisher": site.publisher,
        "home_page": site.home_page,
        "allowed_domains": [host.removeprefix("www.") for host in site.allowed_hosts],
        "custom_settings": _politeness(site),
    }
    return type(f"NewsSpider_{site.name}", (NewsSpider,), members)


def _politeness(site: Site) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    if site.delay is not None:
        settings |= {"DOWNLOAD_DELAY": site.delay, "AUTOTHROTTLE_START_DELAY": site.delay}
    if site.concurrency is not None:
        settings |= {
            "CONCURRENT_REQUESTS_PER_DOMAIN": site.concurrency,
            "AUTOTHROTTLE_TARGET_CONCURRENCY": float(site.concurrency),
        }
    return settings


def _since(value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"since: {value!r} is no day; write it as 2026-11-01") from None


def _max_pages(value: str | int | None) -> int | None:
    if value is None:
        return None
    try:
        number = int(value)
    except ValueError:
        number = 0
    if number < 1:
        raise ValueError(f"max_pages: {value!r} is no whole number above 0")
    return number
