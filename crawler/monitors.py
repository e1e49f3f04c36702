"""The checks as Spidermon monitors, one class a check, listed here one by one.

Spidermon's own suite ends all later ones when a threshold is not set, and its
monitors skip when a statistic is missing; ours need neither. A suite of your
own goes beside this one in SPIDERMON_SPIDER_CLOSE_MONITORS. What is found is
left in the ledger; `crawler.record` makes alarms of it, and counts a monitor
that did not run as trouble of its own.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar
from unittest import SkipTest

from scrapy.crawler import Crawler
from spidermon import Monitor, MonitorSuite

from crawler.checks import CHECKS, Evidence
from crawler.ledger import ledger
from crawler.record import lists_outcome, whole


def evidence_of(crawler: Crawler) -> Evidence:
    """What a crawl that is ending is judged by."""
    book, ending = ledger(crawler), whole(crawler)
    site: Any = getattr(crawler.spider, "site", None)
    return Evidence(
        counts=ending.counts,
        history=book.history,
        readings=list(book.readings.values()),
        gaps=lists_outcome(crawler).open_gaps,
        raised={alarm.finding.key: alarm.raised_run_id for alarm in book.alarms},
        published=book.published,
        today=datetime.now(UTC).date(),
        least_a_day=site.least_a_day if site else None,
        most_a_day=site.most_a_day if site else None,
        selectors=tuple(site.selectors) if site else (),
        run=ending.run,
        templates={**book.templates.met, **book.templates.known} if book.templates else {},
    )


class SiteMonitor(Monitor):  # type: ignore[misc]  # Spidermon has no types
    """A monitor of one check; it fails with what the check found."""

    kind: ClassVar[str] = ""

    def judge(self) -> None:
        """Runs the check, and notes in the ledger what it found and that it ran."""
        crawler: Crawler = self.data.crawler
        book = ledger(crawler)
        if book.evidence is None:
            book.evidence = evidence_of(crawler)
        verdict = CHECKS[self.kind](book.evidence)
        book.ran.add(self.kind)
        if verdict is None:
            raise SkipTest("there is nothing to judge by")
        book.judged.add(self.kind)
        book.findings += verdict
        if verdict:
            self.fail("; ".join(finding.message for finding in verdict))


class RobotsMonitor(SiteMonitor):
    """robots.txt lets us read the site."""

    kind = "robots"

    def test_robots(self) -> None:
        """robots.txt forbids no more than before."""
        self.judge()


class ReachableMonitor(SiteMonitor):
    """The site's lists can be read."""

    kind = "unreachable"

    def test_lists_answer(self) -> None:
        """Neither DNS nor TLS nor the server keeps the lists away."""
        self.judge()


class ArticlesMonitor(SiteMonitor):
    """Lists name articles."""

    kind = "no_articles"

    def test_lists_name_articles(self) -> None:
        """No list is empty that named articles before."""
        self.judge()


class SoftErrorMonitor(SiteMonitor):
    """What lists call articles are articles."""

    kind = "soft_404"

    def test_pages_are_articles(self) -> None:
        """No larger share than before answers well and is no article."""
        self.judge()


class SelectorMonitor(SiteMonitor):
    """The site file's selectors match."""

    kind = "selectors"

    def test_selectors_match(self) -> None:
        """Each field's selectors match on as many articles as before."""
        self.judge()


class CoverageMonitor(SiteMonitor):
    """Articles have their fields."""

    kind = "coverage"

    def test_fields_are_covered(self) -> None:
        """Title, time, source and body are there as often as before."""
        self.judge()


class TemplateMonitor(SiteMonitor):
    """Articles come in templates that were seen before."""

    kind = "template"

    def test_templates_are_known(self) -> None:
        """No fair share of the articles is built as none was before."""
        self.judge()


class ErrorMonitor(SiteMonitor):
    """Pages can be fetched and read."""

    kind = "errors"

    def test_errors_are_few(self) -> None:
        """No larger share of pages fails than before."""
        self.judge()


class ExpectedMonitor(SiteMonitor):
    """The site publishes as much as its file says."""

    kind = "expected"

    def test_articles_a_day(self) -> None:
        """Articles a day are within the site file's bounds."""
        self.judge()


class GapMonitor(SiteMonitor):
    """Lists were read without a gap."""

    kind = "gap"

    def test_no_gap_is_open(self) -> None:
        """Every list meets what was there before."""
        self.judge()


class SiteSuite(MonitorSuite):  # type: ignore[misc]  # as above
    """All monitors of a crawl's end, deeper causes first."""

    monitors: ClassVar[list[type[SiteMonitor]]] = [
        RobotsMonitor,
        ReachableMonitor,
        ArticlesMonitor,
        SoftErrorMonitor,
        SelectorMonitor,
        CoverageMonitor,
        TemplateMonitor,
        ErrorMonitor,
        ExpectedMonitor,
        GapMonitor,
    ]
