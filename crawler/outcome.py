"""How a crawl ended, read from its statistics: for exit codes and for the closing table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scrapy.crawler import Crawler

from crawler.ledger import ledger

STORED_FAILURES = "store/page_failed/"
"""Prefix of the statistics that count failed pages by reason."""

ALARMED = 3
"""Exit code of a command that worked, but raised alarms or could not crawl some of the sites."""


@dataclass(slots=True)
class Outcome:
    """What one crawl did. `problem` is empty when it did its work, else one line that says what went wrong.

    `skipped` says why a site was left alone, which is no problem; `alarms` is how many were raised.

    Pages that fail (a 404, a redirect loop) are counted in `failures` by reason
    and are no problem of the crawl.
    """

    site: str
    fetched: int = 0
    new_articles: int = 0
    new_versions: int = 0
    unchanged: int = 0
    copies: int = 0
    reprints: int = 0
    seconds: float = 0.0
    failures: Counter[str] = field(default_factory=Counter)
    reason: str = ""
    problem: str = ""
    alarms: int = 0
    skipped: str = ""


def statistics(crawler: Crawler) -> dict[str, Any]:
    """Returns the statistics of a crawl; none before it has started."""
    try:
        return crawler.stats.get_stats()
    except RuntimeError:  # what Scrapy says of a crawl that has not started
        return {}


def queued(crawler: Crawler) -> int:
    """Returns how many requests of a crawl wait or are under way."""
    try:
        engine = crawler.engine
    except RuntimeError:  # what Scrapy says of a crawl that has not started
        return 0
    scheduler: Any = engine.scheduler if engine is not None else None
    return len(scheduler) + len(engine.downloader.active) if engine is not None and scheduler else 0


def outcome(crawler: Crawler) -> Outcome:
    """Reads how a crawl ended; call it once the crawl is over."""
    name = crawler.spidercls.name
    values = statistics(crawler)
    if "finish_reason" not in values:
        return Outcome(name, reason="not_started", problem="the crawl did not start")
    made = Outcome(
        site=name,
        fetched=values.get("response_received_count", 0),
        new_articles=values.get("store/new_articles", 0),
        new_versions=values.get("store/new_versions", 0),
        unchanged=values.get("store/unchanged", 0),
        copies=values.get("store/copies", 0),
        reprints=values.get("store/reprints", 0),
        seconds=values.get("elapsed_time_seconds", 0.0),
        failures=Counter(
            {k.removeprefix(STORED_FAILURES): v for k, v in values.items() if k.startswith(STORED_FAILURES)}
        ),
        reason=values["finish_reason"],
        alarms=values.get("alarms/raised", 0),
        skipped=values.get("store/refused", ""),
    )
    if not made.skipped:
        made.problem = _problem(values, made.reason) or _lists_problem(crawler, values)
    return made


def _problem(values: dict[str, Any], reason: str) -> str:
    for key in ("store/error", "archive/error"):
        if key in values:
            return str(values[key])
    if errors := values.get("alarms/monitors_missing", 0):
        return f"{errors} monitors did not run; see the log"
    if errors := values.get("alarms/untold", 0):
        return f"{errors} alarms could not be told; see the log"
    if reason == "lease_lost":
        return "another process took the site; what was fetched is stored"
    if reason == "shutdown":
        return "stopped before the end; what was fetched is stored"
    if reason != "finished":
        return f"ended early: {reason}"
    if errors := values.get("spider_exceptions/count", 0):
        return f"{errors} errors in the spider; see the log"
    return ""


def _lists_problem(crawler: Crawler, values: Mapping[str, Any]) -> str:
    book = ledger(crawler)
    if book.shared:  # one of several processes may have met failing pages only
        values = book.whole.counts if book.whole else {}
    if values.get("fetch/lists_failed") and not values.get("fetch/lists"):
        return "none of the start pages could be fetched"
    return ""
