"""What a replay found: counts, and by field what pages say now that they did not say before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from rich.console import Console
from rich.text import Text

from crawler.console import table

How = Literal["new", "changed", "unchanged", "older", "no_article", "failed"]

SHOWN = 10
"""Pages whose changes are printed when nothing else is asked for."""

SHORT = 60
"""Characters that are shown of a value."""


@dataclass(slots=True, frozen=True)
class Change:
    """What one page says now: by field the text before and after; before is "" for a new article."""

    url: str
    fetched_at: datetime
    how: How
    fields: dict[str, tuple[str, str]]

    def as_record(self) -> dict[str, Any]:
        """The object that --out writes."""
        return {
            "url": self.url,
            "fetched_at": self.fetched_at.isoformat(),
            "change": self.how,
            "fields": {name: {"before": old, "after": new} for name, (old, new) in self.fields.items()},
        }


@dataclass(slots=True)
class Report:
    """Counts of a replay, and the first `shown` changes; `write` is given each as it comes."""

    shown: int = SHOWN
    write: Callable[[dict[str, Any]], None] | None = None
    read: int = 0
    unread: int = 0
    pages: Counter[How] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)

    def add(self, change: Change) -> None:
        """Counts what came of a page."""
        self.pages[change.how] += 1
        if change.how == "changed":
            self.fields.update(change.fields.keys())
            if len(self.changes) < self.shown:
                self.changes.append(change)
        if self.write is not None and change.how in ("new", "changed"):
            self.write(change.as_record())


def differences(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The fields that both have and that differ, with both texts."""
    return {n: (before[n], after[n]) for n in after if n in before and before[n] != after[n]}


def print_report(out: Console, report: Report) -> None:
    """Prints the changed pages, then which fields changed how often, then all counts."""
    for change in report.changes:
        out.print(Text(change.url, style="bold"))
        for name, (before, after) in change.fields.items():
            out.print(_difference(name, before, after))
    if hidden := report.pages["changed"] - len(report.changes):
        out.print(f"... and {hidden} more changed pages (--show N, --out FILE)")
    if report.fields:
        out.print(table(["field", "changed"], report.fields.most_common()))
    kinds: tuple[How, ...] = ("new", "changed", "unchanged", "older", "no_article", "failed")
    rows: list[tuple[str, int]] = [("pages read", report.read)]
    rows += [(_WORDS[kind], report.pages[kind]) for kind in kinds if report.pages[kind]]
    rows += [(f"failed: {reason}", number) for reason, number in report.failures.most_common()]
    rows += [(f"left out: {_LEFT_OUT.get(r, r)}", number) for r, number in report.left_out.most_common()]
    rows += [("damaged records", report.unread)] if report.unread else []
    out.print(table(["replay", ""], rows))


_WORDS: dict[How, str] = {
    "new": "new articles",
    "changed": "changed",
    "unchanged": "unchanged",
    "older": "older than what is stored",
    "no_article": "pages without an article",
    "failed": "failed",
}
_LEFT_OUT = {
    "not_200": "answers that are no page (redirects, errors)",
    "not_html": "not HTML",
    "not_http": "not fetched by HTTP",
    "not_wanted": "of other sites or days",
    "not_an_article_url": "no article link of its site",
    "not_stored": "not stored by the crawl that wrote the file, and of no known site",
    "failed_fetch": "failed when it was fetched",
    "other_language": "in another language",
    "no_article": "no article, and unknown to the store",
    "revisit": "unchanged since an earlier record",
    "revisit_of_unknown": "points to a record that is in no file",
}


def _difference(name: str, before: str, after: str) -> Text:
    """One field's change: a list or a text by what was dropped and added, all else as a whole."""
    made = Text(f"  {name:<14}")
    separator = {"body": "\n", "credits": "、", "people": "、", "organisations": "、", "places": "、"}.get(
        name
    )
    old, new = (before.split(separator), after.split(separator)) if separator else ([before], [after])
    dropped, added = [p for p in old if p not in new], [p for p in new if p not in old]
    if not dropped and not added:
        return made.append("in another order")
    for sign, style, parts in (("-", "red", dropped), ("+", "green", added)):
        for part in filter(None, parts):
            made.append(f"{sign}{_short(part)} ", style=style)
    return made


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
