"""What the maker hands out: the bytes of a page, and what is true of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from pipelines.models import Page

ZONE = timezone(timedelta(hours=8))
FETCHED_AT = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)
"""When all made pages were fetched."""


@dataclass(slots=True)
class Truth:
    """What an extractor should find; a field that is None is left open by the page.

    `published` is ISO 8601, the day alone when the page prints no time.
    `optional` is text that is neither asked nor punished (captions, standfirst).
    """

    title: str
    published: str | None
    source: str | None
    authors: list[str]
    editors: list[str]
    body: list[str]
    optional: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    shoulder: str | None = None
    subtitle: str | None = None
    kind: str = "article"


@dataclass(slots=True)
class MadePage:
    """One made page: the name of its template, a URL, and its HTML in `charset`."""

    name: str
    template: str
    url: str
    html: str
    truth: Truth
    charset: str = "utf-8"

    @property
    def body(self) -> bytes:
        """The bytes that a server would send."""
        return self.html.encode(self.charset, "xmlcharrefreplace")

    def page(self) -> Page:
        """Returns the page as a spider would hand it on."""
        return Page(self.url, self.url, 200, {}, self.body, FETCHED_AT)
