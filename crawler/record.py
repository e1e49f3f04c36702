"""Keeps the record of a crawl beside its pages: lease, fields, lists, alarms, and when it is due again."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from sqlalchemy import Connection

from crawler.checks import CHECKS, EXPECTED_DAYS, without_symptoms
from crawler.coverage import OTHER_LIST, STORED
from crawler.engine import close_soon
from crawler.ledger import Ledger, Whole, ledger
from crawler.outlets import News, tell
from crawler.pages import AGAIN_META, LIST_META, LIST_STAGE, first_url
from crawler.scheduling import HISTORY_RUNS, Bounds, Found, adapted, next_due
from crawler.site import DEFAULT_INTERVAL
from crawler.templates import TemplateBook
from pipelines.models import Article, Page
from pipelines.stages import RUN_ID, store_thread
from pipelines.urls import canonical_url
from storage import Store, StoreError
from storage.alarms import note_told, open_alarms, save_findings
from storage.coverage import ListCoverage, OpenGap, open_gaps, save_coverage, save_gaps
from storage.history import PastRun, past_runs, published_by_day
from storage.leases import release, renew
from storage.lists import ListState, lists_of, save_lists
from storage.pages import save_aliases
from storage.runs import count_run
from storage.templates import SeenTemplate, save_templates, templates_of

logger = logging.getLogger(__name__)

FIELDS: dict[str, Callable[[Article], object]] = {
    "title": lambda article: article.title,
    "published": lambda article: article.published,
    "source": lambda article: article.source,
    "body": lambda article: article.body,
}
"""What an article should have, and how to see that it has."""

COUNTED = ("fields/", "fetch/", "links/", "revisit/", "extract/kind/", "selectors/", "template/", "alarms/")
"""Prefixes of the statistics that the record keeps under their own names."""

RENEWALS = 3
"""How often a lease is renewed in the time that it holds."""


@dataclass(slots=True)
class ListsOutcome:
    """What the lists came to, states to remember, gaps found and open, and lists whose gaps close."""

    coverage: list[ListCoverage]
    states: list[ListState] = field(default_factory=list)
    found: list[OpenGap] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    open_gaps: list[OpenGap] = field(default_factory=list)


class RunRecorder:
    """Loads what is known of the site, renews the lease, and at the end writes what the crawl came to."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.run_id: int | None = None
        # the run that the crawl is known by; another than this process's where several crawl together
        self.crawl_id: int | None = None
        self.started_at = datetime.now(UTC)
        self.keeping: asyncio.Task[None] | None = None
        self.closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RunRecorder:
        """Makes the extension of one crawl; without the store there is nothing to keep."""
        if not ledger(crawler).stores:
            raise NotConfigured
        recorder = cls(crawler)
        crawler.signals.connect(recorder.spider_opened, signals.spider_opened)
        crawler.signals.connect(recorder.item_scraped, signals.item_scraped)
        crawler.signals.connect(recorder.item_dropped, signals.item_dropped)
        crawler.signals.connect(recorder.request_dropped, signals.request_dropped)
        crawler.signals.connect(recorder.spider_closed, signals.spider_closed)
        return recorder

    @property
    def ledger(self) -> Ledger:
        """What the crawl knows of earlier ones, and came to so far."""
        return ledger(self.crawler)

    # --- at the start ---

    async def spider_opened(self) -> None:
        """Loads lists, gaps, alarms and history of the site, and begins to renew the lease."""
        assert self.crawler.stats is not None
        self.run_id = self.crawler.stats.get_value(RUN_ID)
        if self.run_id is None:
            return
        if getattr(self.crawler.spider, "plain", False):
            self.ledger.templates = TemplateBook()
        self.crawl_id = await self._begin(self.run_id)
        await self._store(load, self.ledger, self._name(), self.crawl_id)
        seconds = self.crawler.settings.getfloat("LEASE_SECONDS")
        if seconds:
            self.keeping = asyncio.ensure_future(self._keep(seconds))

    async def _begin(self, run: int) -> int:
        """Returns the run that the crawl is known by."""
        return run

    async def _keep(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds / RENEWALS)
            try:
                held = await self._store(renew, self.run_id, seconds)
            except StoreError as error:
                # the lease may outlast it; the next page that is stored will tell if it does not
                logger.error("the lease could not be renewed: %s", error)
                continue
            if not held:
                logger.error("%s is being crawled by another process, so this crawl ends", self._name())
                self.closing = close_soon(self.crawler, "lease_lost")
                return

    # --- while it runs ---

    def item_scraped(self, item: Any, response: Any) -> None:
        """Counts which fields an article has, and what became of a URL that a list named."""
        if not isinstance(item, Page):
            return
        article = item.article
        is_article = article is not None and article.kind == "article"
        if article is not None and is_article:
            self._count("fields/articles")
            for name, has in FIELDS.items():
                self._count(f"fields/{name}", 1 if has(article) else 0)
            for name in item.site.selectors:
                self._count(f"selectors/{name}/tried")
                self._count(f"selectors/{name}/matched", int(name not in article.unmatched))
            self._meet_template(item, article)
            if article.published and not item.revisit:
                self.ledger.published[article.published.at.date()] += 1
        elif item.failure is None:
            self._count("fields/no_article")
        cause = item.failure.reason if item.failure else "not_article"
        self._note(response, item, STORED if is_article else cause)

    def _meet_template(self, page: Page, article: Article) -> None:
        book = self.ledger.templates
        if book is None or article.template is None or self.crawl_id is None:
            return
        if key := book.meet(article.template, page.url, self.crawl_id):
            self._count(f"template/{key}")

    def item_dropped(self, item: Any, response: Any) -> None:
        """Counts a page that a stage dropped, which is one published before `since`."""
        if isinstance(item, Page):
            self._note(response, item, "before_since")

    def request_dropped(self, request: Request) -> None:
        """Counts a URL that another list named before."""
        asked = canonical_url(first_url(request))
        if LIST_META in request.meta and AGAIN_META not in request.meta:
            self.ledger.reading(request.meta[LIST_META]).note(asked, OTHER_LIST)
        if "redirect_urls" in request.meta:
            # led to a page that this crawl has from elsewhere; the next one need not ask again
            self.ledger.aliases[asked] = canonical_url(request.url)

    def _note(self, response: Any, page: Page, became: str) -> None:
        request = getattr(response, "request", None)
        if page.failure is not None and page.failure.stage == LIST_STAGE:
            return
        if request is not None and LIST_META in request.meta:
            self.ledger.reading(request.meta[LIST_META]).note(page.asked_url or page.url, became)

    def _count(self, key: str, number: int = 1) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(key, number)

    # --- at the end ---

    async def spider_closed(self, reason: str) -> None:
        """Writes what the crawl came to, then gives the site back."""
        if self.keeping is not None:
            self.keeping.cancel()
        if self.run_id is None:
            return
        try:
            await self._write(reason)
        except StoreError as error:
            logger.error("the record of the run could not be written: %s", error)
            assert self.crawler.stats is not None
            self.crawler.stats.set_value("store/error", str(error))

    async def _write(self, reason: str) -> None:
        assert self.run_id is not None
        await self._store(save_aliases, self.ledger.aliases)
        await self._write_whole()
        counts = await self._count_run()
        await self._store(release, self.run_id, *self._next(reason, counts))

    async def _write_whole(self) -> None:
        """Writes what the lists came to, and what is wrong with the crawl; `ledger.whole` is of all of it."""
        assert self.crawl_id is not None
        await self._store(save_lists_outcome, self.crawl_id, lists_outcome(self.crawler))
        if whole(self.crawler).finished and getattr(self.crawler.spider, "plain", False):
            await self._alarm(self.crawl_id)
            # of a crawl that is not judged the next one must not take them for known
            await self._store(save_templates, self.crawl_id, self._met_templates())

    async def _count_run(self) -> dict[str, int]:
        """Puts the statistics of this process on record."""
        assert self.crawler.stats is not None
        counts = counts_of(self.crawler.stats.get_stats())
        await self._store(count_run, self.run_id, counts)
        return counts

    async def _alarm(self, run: int) -> None:
        """Raises what the monitors found, heals what they did not find again, and tells both."""
        book = self.ledger
        if missing := sorted(set(CHECKS) - book.ran):
            logger.error("monitors that did not run: %s", ", ".join(missing))
            self._count("alarms/monitors_missing", len(missing))
        findings = without_symptoms(book.findings)
        untold, healed = await self._store(save_findings, run, findings, sorted(book.judged))
        self._count("alarms/raised", sum(alarm.raised_run_id == run for alarm in untold))
        self._count("alarms/healed", len(healed))
        if not untold and not healed:
            return
        news = News(
            self._name(),
            getattr(self.crawler.spider, "publisher", ""),
            run,
            [alarm.finding for alarm in untold],
            healed,
        )
        for line in news.lines():
            logger.error("%s", line)
        loop = asyncio.get_running_loop()
        problems = await loop.run_in_executor(None, tell, self.crawler.settings, news)
        for problem in problems:
            logger.error("alarms could not be told: %s", problem)
        if problems:
            self._count("alarms/untold", len(untold) + len(healed))
        else:
            await self._store(note_told, [alarm.id for alarm in untold])

    def _met_templates(self) -> list[SeenTemplate]:
        book = self.ledger.templates
        return list(book.met.values()) if book else []

    def _next(self, reason: str, counts: dict[str, int]) -> tuple[timedelta, datetime]:
        """The interval from now on, and when the site is due again."""
        settings = self.crawler.settings
        site = getattr(self.crawler.spider, "site", None)
        base = site.interval if site is not None else DEFAULT_INTERVAL
        assert self.crawler.stats is not None
        failed = reason != "finished" or bool(
            self.crawler.stats.get_value("fetch/lists_failed") and not counts.get("fetch/lists")
        )
        found = [_found(run) for run in self.ledger.history[-HISTORY_RUNS:]]
        if not failed:
            found.append(Found(self.started_at, self.crawler.stats.get_value("store/new_articles", 0)))
        bounds = Bounds(settings.getfloat("INTERVAL_SHRINK"), settings.getfloat("INTERVAL_GROW"))
        interval = adapted(base, bounds, found)
        return interval, next_due(self.started_at, datetime.now(UTC), interval, failed)

    def _name(self) -> str:
        assert self.crawler.spider is not None
        return self.crawler.spider.name

    async def _store(self, function: Callable[..., Any], *args: Any) -> Any:
        """Calls `function(connection, ...)` in the store's thread, in a transaction that may write."""
        return await store_thread(self.crawler).call(Store.write, function, *args)


def counts_of(stats: Mapping[str, Any]) -> dict[str, int]:
    """The statistics of a crawl that the record keeps, by the names under which it keeps them."""
    counts = {key: value for key, value in stats.items() if key.startswith(COUNTED)}
    counts |= {key.removeprefix("store/"): value for key, value in stats.items() if key.startswith("store/")}
    counts["requests"] = stats.get("downloader/request_count", 0)
    counts["responses"] = stats.get("response_received_count", 0)
    counts["bytes"] = stats.get("downloader/response_bytes", 0)
    return {key: int(value) for key, value in counts.items() if isinstance(value, int | float)}


def whole(crawler: Crawler) -> Whole:
    """What the whole of a crawl that is ending came to; of one process its statistics say so."""
    if found := ledger(crawler).whole:
        return found
    stats = crawler.stats
    return Whole(
        run=stats.get_value(RUN_ID),
        started_at=stats.get_value("start_time") or datetime.now(UTC),
        finished=stats.get_value("finish_reason") == "finished",
        counts=counts_of(stats.get_stats()),
    )


def lists_outcome(crawler: Crawler) -> ListsOutcome:
    """What the lists of a crawl that is ending came to."""
    book, spider, ending = ledger(crawler), crawler.spider, whole(crawler)
    finished, started_at = ending.finished, ending.started_at
    plain = bool(getattr(spider, "plain", False))
    since: date | None = getattr(spider, "since", None)
    readings = list(book.readings.values())
    made = ListsOutcome([reading.coverage() for reading in readings])
    if plain:
        made.found = [gap for reading in readings if (gap := reading.gap())]
    if plain and finished:
        made.states = [state for reading in readings if (state := reading.state(started_at))]
    if finished and (plain or since):
        by_url = {reading.url: reading for reading in readings}
        made.closed = [
            gap.list_url
            for gap in book.gaps
            if gap.list_url in by_url and by_url[gap.list_url].closes(gap, since)
        ]
    made.open_gaps = [gap for gap in book.gaps if gap.list_url not in made.closed]
    known = {(gap.list_url, gap.cause) for gap in made.open_gaps}
    made.open_gaps += [gap for gap in made.found if (gap.list_url, gap.cause) not in known]
    return made


def load(connection: Connection, book: Ledger, site: str, crawl: int) -> None:
    """Fills the ledger with what the store knows of a site from before a crawl."""
    book.lists = lists_of(connection, site)
    for reading in book.readings.values():  # of a job that goes on
        reading.before = book.lists.get(reading.url)
    book.gaps = open_gaps(connection, site)
    book.alarms = open_alarms(connection, site)
    # of a lasting fault the measure is what was before it, however long it lasts
    ends = {crawl, *(alarm.raised_run_id for alarm in book.alarms)}
    found = {run.id: run for end in ends for run in past_runs(connection, site, HISTORY_RUNS, end)}
    book.history = [found[id_] for id_ in sorted(found)]
    if book.templates is not None:
        book.templates.load(templates_of(connection, site))
    week = datetime.now(UTC).date() - timedelta(days=EXPECTED_DAYS + 1)
    book.published = Counter(published_by_day(connection, site, week))


def save_lists_outcome(connection: Connection, run: int, lists: ListsOutcome) -> None:
    """Writes what the lists came to."""
    save_coverage(connection, run, lists.coverage)
    save_lists(connection, run, lists.states)
    save_gaps(connection, run, lists.found, lists.closed)


def _found(run: PastRun) -> Found:
    return Found(run.started_at, run.counts.get("new_articles", 0))
