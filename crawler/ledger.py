"""What one crawl knows of earlier ones, and what it came to so far, list by list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from crawler.coverage import Reading

if TYPE_CHECKING:  # the store's libraries take half a second to import, which `scrapy list` need not wait for
    from crawler.checks import Evidence
    from crawler.templates import TemplateBook
    from storage import Known
    from storage.alarms import Finding, OpenAlarm
    from storage.coverage import OpenGap
    from storage.history import PastRun
    from storage.lists import ListState

STORE_STAGE = "pipelines.stages.StoreStage"


@dataclass(slots=True, frozen=True)
class Whole:
    """What a crawl came to as a whole: the run that it is known by, and what the record counts of it."""

    run: int
    started_at: datetime
    finished: bool
    counts: Mapping[str, int]


class Ledger:
    """The memory of one crawl; empty, and remembering nothing, when nothing is stored."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.stores = crawler.settings.getdict("ITEM_PIPELINES").get(STORE_STAGE) is not None
        self.lists: dict[str, ListState] = {}
        self.gaps: list[OpenGap] = []
        self.alarms: list[OpenAlarm] = []
        self.history: list[PastRun] = []
        self.readings: dict[str, Reading] = {}
        self.aliases: dict[str, str] = {}
        # where articles are judged by their templates, which a crawl with arguments does not do
        self.templates: TemplateBook | None = None
        self.published: Counter[date] = Counter()
        # of a crawl by several processes; what it came to, in the one that judges it
        self.shared = False
        self.whole: Whole | None = None
        # what the monitors leave
        self.evidence: Evidence | None = None
        self.findings: list[Finding] = []
        self.ran: set[str] = set()
        self.judged: set[str] = set()

    def reading(self, url: str) -> Reading:
        """The reading of a list in this crawl."""
        if url not in self.readings:
            self.readings[url] = Reading(url, self.lists.get(url), others=self.shared)
        return self.readings[url]

    async def known(self, urls: Sequence[str]) -> dict[str, Known]:
        """What the store holds of canonical URLs."""
        if not self.stores or not urls:
            return {}
        from pipelines.stages import store_thread  # late, as above
        from storage import Store

        return await store_thread(self.crawler).call(Store.known, urls)

    async def to_visit(self, site: str, ages: Sequence[timedelta], limit: int) -> list[str]:
        """URLs of the site's pages that are due for another visit, newest first."""
        if not self.stores or not ages or not limit:
            return []
        from crawler.revisit import LATE, is_due  # late, as above
        from pipelines.stages import store_thread
        from storage import Store
        from storage.pages import pages_to_visit

        now = datetime.now(UTC)
        after = now - ages[-1] - LATE
        return await store_thread(self.crawler).call(
            Store.read, pages_to_visit, site, after, lambda known: is_due(known, now, ages), limit
        )


_ledgers: WeakKeyDictionary[Crawler, Ledger] = WeakKeyDictionary()


def ledger(crawler: Crawler) -> Ledger:
    """Returns the ledger of a crawl; all parts of the crawl get the same one."""
    if crawler not in _ledgers:
        _ledgers[crawler] = Ledger(crawler)
    return _ledgers[crawler]
