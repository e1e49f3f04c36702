"""The spider behind every site file: start pages, lists, articles and their parts.

It only fetches. Links are found in worker processes; what an article says is
the business of the stages, which get one `Page` an article.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from twisted.python.failure import Failure as TwistedFailure

from crawler.coverage import KNOWN, Reading
from crawler.discovery.feeds import read_feed
from crawler.discovery.link import Link
from crawler.discovery.links import find_links
from crawler.discovery.paging import find_next_part, may_have_next_part
from crawler.discovery.sitemaps import find_sitemap_links
from crawler.identity import user_agent
from crawler.ledger import Ledger, ledger
from crawler.middlewares.browser import BrowserMissing, browser_settings
from crawler.pages import (
    AGAIN_META,
    LIST_META,
    LIST_STAGE,
    ROBOTS_FORBIDDEN,
    FetchFailure,
    content_type,
    failed_page,
    fetch_failure,
    first_url,
    page_of,
)
from crawler.revisit import is_due
from crawler.scheduling import read_durations
from crawler.site import Site, SiteFileError, StartPage
from crawler.under_way import UNFINISHED_META
from pipelines.models import Failure, Page
from pipelines.pool import WorkerPool
from pipelines.urls import canonical_url

if TYPE_CHECKING:
    from storage import Known

T = TypeVar("T")


REVISIT_META = "revisit"
"""Key of request.meta: the store holds an article of this URL already."""

NOT_MODIFIED = 304

SINCE_MARGIN = timedelta(days=1)
"""How much older than `since` the day of a link must be for the link to be left out."""

PART_PRIORITY = 10
"""Priority of the next part of an article, so that the parts already fetched don't wait in memory."""


@dataclass(slots=True)
class Taken:
    """What was made of the links of a list page: requests, and how many links are new, and too old."""

    requests: list[Request] = field(default_factory=list)
    new: int = 0
    old: int = 0


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
        self.ages: tuple[timedelta, ...] = ()
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

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Makes the spider of one crawl; raises ValueError for a wrong argument or REVISIT_AGES."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.ages = read_durations(crawler.settings.get("REVISIT_AGES", ""))
        return spider

    def log(self, message: Any, level: int = logging.DEBUG, **named: Any) -> None:
        """Logs a message; Spidermon's reports, of many lines each, only for who looks closely.

        What its monitors find is told as alarms, in one line each.
        """
        super().log(message, logging.DEBUG if str(message).startswith("[Spidermon]") else level, **named)

    # --- what is asked for ---

    async def start(self) -> AsyncIterator[Any]:
        """Asks for the start pages and stored pages that are due, or for the one article that was named."""
        if self.only_url:
            yield self._article_request(self.only_url)
            return
        for page in self.site.start:
            yield self._start_request(page)
        if self.plain:
            limit = self.settings.getint("REVISIT_MAX")
            for url in await self.ledger.to_visit(self.name, self.ages, limit):
                self._count("revisit/asked")
                yield self._article_request(url, revisit=True)

    @property
    def plain(self) -> bool:
        """Whether this is a crawl without arguments, after which lists may be remembered as read."""
        return not (self.since or self.max_pages or self.only_url)

    @property
    def ledger(self) -> Ledger:
        """What this crawl knows of earlier ones."""
        return ledger(self.crawler)

    def _start_request(self, page: StartPage) -> Request:
        if page.kind == "feed":
            return self._head_request(page.url, self.parse_feed)
        if page.kind == "sitemap":
            return self._head_request(page.url, self.parse_sitemap)
        # a gap is closed by reading on to the day, however deep
        depth = self.settings.getint("SINCE_LIST_DEPTH", page.depth) if self.since else page.depth
        return self._head_request(page.url, self.parse_list, depth=depth)

    def _head_request(self, url: str, callback: Callable[..., Any], **arguments: Any) -> Request:
        """Asks for the first page of a list; if it was read to its end before, only for a changed one."""
        request = Request(url, callback, errback=self.list_failed, cb_kwargs=arguments, meta={LIST_META: url})
        before = self.ledger.lists.get(url) if self.plain else None
        if before is not None and (before.etag or before.last_modified):
            if before.etag:
                request.headers["If-None-Match"] = before.etag
            if before.last_modified:
                request.headers["If-Modified-Since"] = before.last_modified
            request.meta["handle_httpstatus_list"] = [NOT_MODIFIED]
        return request

    def _next_request(self, url: str, depth: int, reading: Reading) -> Request:
        return Request(
            url,
            self.parse_list,
            errback=self.list_failed,
            cb_kwargs={"depth": depth},
            meta={LIST_META: reading.url},
        )

    def _article_request(
        self, url: str, reading: Reading | None = None, revisit: bool = False, again: bool = False
    ) -> Request:
        meta: dict[str, Any] = {LIST_META: reading.url} if reading else {}
        if again:
            meta[AGAIN_META] = True
        if revisit:
            meta[REVISIT_META] = True
        return Request(url, self.parse_article, errback=self.article_failed, meta=meta)

    async def _take(self, links: Sequence[Link], reading: Reading) -> Taken:
        """Decides which of the articles that a list page names are fetched.

        Those are left out that are too old, over max_pages, or stored and not due.
        """
        taken = Taken()
        held = await self.ledger.known([link.url for link in links])
        now = datetime.now(UTC)
        for link in links:
            known = held.get(link.url)
            if self._too_old(link, known):
                taken.old += 1
            elif known is None:
                taken.new += 1
            became = reading.take(link.url)
            if became:
                continue
            if known is not None:
                reading.note(link.url, KNOWN)
                if self.since or not is_due(known, now, self.ages):
                    self._count("links/known")
                    continue
            elif self._too_old(link, known):
                self._drop("before_since", reading, link.url)
                continue
            if not self._within_max_pages(link.url):
                self._drop("over_max_pages", reading, link.url)
                continue
            self._count("links/articles")
            if known is None:
                # when a page named it before, this is only for a crawl that was killed in between
                taken.requests.append(self._article_request(link.url, reading, again=became is not None))
            else:
                taken.requests.append(self._article_request(link.url, revisit=known.has_article))
        return taken

    def _drop(self, cause: str, reading: Reading, url: str) -> None:
        self._count(f"links/{cause}")
        reading.note(url, cause)

    def _within_max_pages(self, url: str) -> bool:
        if self.max_pages is None or url in self._requested:
            return True
        if self._full():
            return False
        self._requested.add(url)
        return True

    def _too_old(self, link: Link, known: Known | None = None) -> bool:
        day = link.day or (known.born_at.date() if known and known.has_article else None)
        return bool(self.since and day and day < self.since - SINCE_MARGIN)

    def _full(self) -> bool:
        return self.max_pages is not None and len(self._requested) >= self.max_pages

    # --- what comes ---

    async def parse_list(self, response: Response, depth: int = 0) -> AsyncIterator[Any]:
        """Asks for the articles of a list page, for further lists and, `depth` times, for its next page.

        Reading on ends at a page of known articles that meets what the list held before.
        """
        reading = self._reading(response)
        if response.status == NOT_MODIFIED:
            for url in self._not_modified(reading):
                yield self._head_request(url, self.parse_list, depth=0)
            return
        found = await self._links(response, reading, find_links, self.rules)
        if found is None:
            return
        if not found.articles:
            self.logger.warning("no article links on the list page %s", response.url)
            self._count("links/empty_lists")
        taken = await self._take(found.articles, reading)
        for request in taken.requests:
            yield request
        if self._full():
            reading.end("full")
            return
        for url in found.lists:
            reading.links[url] = None
            yield self._head_request(url, self.parse_list, depth=0)
        urls = [link.url for link in found.articles]
        if urls and taken.old == len(urls):
            reading.end("since")
        elif not self.since and urls and not taken.new and reading.meets(urls):
            reading.end("known")
        elif not found.next_page:
            reading.end("last_page")
        elif depth <= 0:
            reading.end("depth")
        else:
            yield self._next_request(found.next_page, depth - 1, reading)

    async def parse_feed(self, response: Response) -> AsyncIterator[Any]:
        """Asks for the articles of an RSS or Atom feed."""
        reading = self._reading(response)
        if response.status == NOT_MODIFIED:
            self._not_modified(reading)
            return
        links = await self._links(response, reading, read_feed)
        if links is None:
            return
        taken = await self._take([link for link in links if self.site.allows(link.url)], reading)
        for request in taken.requests:
            yield request
        reading.end("full" if self._full() else "last_page")

    async def parse_sitemap(self, response: Response, top: bool = True) -> AsyncIterator[Any]:
        """Asks for the articles of a site map, or for the site maps of an index."""
        reading = self._reading(response)
        if response.status == NOT_MODIFIED:
            for url in self._not_modified(reading):
                yield self._head_request(url, self.parse_sitemap, top=False)
            return
        found = await self._links(response, reading, find_sitemap_links, self.rules)
        if found is None:
            return
        taken = await self._take(found.pages, reading)
        for request in taken.requests:
            yield request
        young = [link for link in found.sitemaps if not self._too_old(link) and self.site.allows(link.url)]
        limit = self.settings.getint("MAX_SITEMAPS") if top else 0
        for link in young[:limit]:
            reading.links[link.url] = None
            yield self._head_request(link.url, self.parse_sitemap, top=False)
        if len(young) > limit:
            self.logger.warning("%s names %d site maps; %d are read", response.url, len(young), limit)
            self._count("links/over_max_sitemaps", len(young) - limit)
        reading.end("full" if self._full() else "last_page")

    def _reading(self, response: Response) -> Reading:
        """The reading of the list that the response is a page of; notes the page."""
        assert response.request is not None
        first = first_url(response.request)
        reading = self.ledger.reading(response.meta.get(LIST_META, first))
        reading.pages += 1
        self._count("fetch/lists")
        if first == reading.url and response.status != NOT_MODIFIED:
            reading.etag = _header(response, "ETag")
            reading.last_modified = _header(response, "Last-Modified")
        return reading

    def _not_modified(self, reading: Reading) -> tuple[str, ...]:
        """Notes that a list is as it was; returns the further lists that it led to."""
        self._count("fetch/not_modified")
        reading.end("not_modified")
        return reading.before.links if reading.before else ()

    async def _links(
        self, response: Response, reading: Reading, function: Callable[..., T], *args: Any
    ) -> T | None:
        found = await self._work(response, function, *args)
        if found is None:
            reading.end("error", f"no links could be read from {response.url}")
        return found

    async def parse_article(self, response: Response) -> AsyncIterator[Any]:
        """Gives the page of an article, after its following parts if it has any."""
        assert response.request is not None
        page = page_of(response, response.request, self.site)
        page.revisit = bool(response.meta.get(REVISIT_META))
        page.failure = self._unfit(response, page)
        if page.failure:
            self._count(f"fetch/failed/{page.failure.reason}")
            yield page
            return
        self._count("fetch/articles")
        if page.revisit and page.asked_url:
            # the article that was stored there has a new address
            self._count("revisit/moved")
            moved = FetchFailure("moved", f"moved to {page.url}", response)
            yield failed_page(moved, response.request, self.site)
            page.revisit = False
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
                meta={key: response.meta[key] for key in (LIST_META,) if key in response.meta},
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
        yield from self._failed(failure, "fetch")

    def list_failed(self, failure: TwistedFailure) -> Iterator[Page]:
        """Says loudly that a list is missing, and gives a page that says why."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if request.meta.get(UNFINISHED_META):
            return
        found = fetch_failure(_error(failure))
        self.logger.error("list page %s: %s", first_url(request), found.message)
        self._count("fetch/lists_failed")
        self._count(f"fetch/lists_failed/{found.reason}")
        reading = self.ledger.reading(request.meta.get(LIST_META, first_url(request)))
        reading.end("error", f"{first_url(request)}: {found.message}")
        yield from self._failed(failure, LIST_STAGE)

    def part_failed(self, failure: TwistedFailure) -> Iterator[Page]:
        """Gives the article with the parts that came, marked as truncated."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if request.meta.get(UNFINISHED_META):
            return  # not half an article: the next crawl fetches it whole
        self._count(f"fetch/failed_parts/{fetch_failure(_error(failure)).reason}")
        page: Page = request.cb_kwargs["page"]
        page.truncated = True
        yield page

    def _failed(self, failure: TwistedFailure, stage: str) -> Iterator[Page]:
        request: Request = failure.request  # type: ignore[attr-defined]
        if request.meta.get(UNFINISHED_META):
            return
        found = fetch_failure(_error(failure))
        if found.reason == ROBOTS_FORBIDDEN:
            self._count("fetch/robots_forbidden")
            if request.callback == self.parse_article and LIST_META in request.meta:
                reading = self.ledger.reading(request.meta[LIST_META])
                reading.note(canonical_url(first_url(request)), ROBOTS_FORBIDDEN)
            return
        self._count(f"fetch/failed/{found.reason}")
        self.logger.info("%s: %s (%s)", first_url(request), found.message, found.reason)
        yield failed_page(found, request, self.site, stage)

    def _unfit(self, response: Response, page: Page) -> Failure | None:
        if not isinstance(response, TextResponse):
            return Failure("fetch", "not_html", f"is no HTML page but {content_type(response) or 'unknown'}")
        if page.asked_url and page.url in self._lists:
            there = page.url
            page.url, page.asked_url = page.asked_url, ""
            return Failure("fetch", "redirected_to_list", f"redirected to {there}, so the article is gone")
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


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1")


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
