"""How far the lists of a site were read in one crawl, and where that left a gap.

A list is a start page, or a further list, with the pages that follow it. It
was read to its end when the reading reached what was known when it was last
read to its end, its last page, or the depth that its site file sets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from pipelines.urls import url_id

if TYPE_CHECKING:
    from storage.coverage import ListCoverage, OpenGap
    from storage.lists import ListState

READ_TO_END = ("known", "last_page", "depth")
"""The endings after which the list is remembered as it was."""

ASKED, OTHER_LIST, KNOWN, STORED = "", "other_list", "known", "stored"
"""What became of an article that a list names: asked for, by another list, known, stored; else why not."""


@dataclass(slots=True)
class Reading:
    """The reading of one list; `before` is the list when it was last read to its end, if ever.

    `entries` are the page ids of the articles that it named, with what became of
    each; `changes` grows with each change. With `others` further processes read
    it too, so that an article may be stored here which a page named there.
    """

    url: str
    before: ListState | None = None
    pages: int = 0
    entries: dict[int, str] = field(default_factory=dict)
    links: dict[str, None] = field(default_factory=dict)
    etag: str = ""
    last_modified: str = ""
    ending: str = "interrupted"
    detail: str = ""
    changes: int = 0
    others: bool = False

    def take(self, url: str) -> str | None:
        """Notes an article that a page of the list names; tells what became of it, None when it is new."""
        became = self.entries.get(url_id(url))
        self.entries.setdefault(url_id(url), ASKED)
        self.changes += 1
        return became

    def note(self, url: str, became: str) -> None:
        """Notes what became of an article of the list; what was noted first stays."""
        held = self.entries.get(url_id(url))
        from_elsewhere = self.others and held in (None, OTHER_LIST) and became != OTHER_LIST
        if held == ASKED or from_elsewhere:
            self.entries[url_id(url)] = became
            self.changes += 1

    def meets(self, urls: Iterable[str]) -> bool:
        """Tells whether one of the articles stood on the list when it was last read to its end."""
        return self.before is not None and any(url_id(url) in self.before.entries for url in urls)

    def end(self, ending: str, detail: str = "") -> None:
        """Notes how the reading ended; an error stays, whatever other pages of the list came to."""
        self.changes += 1
        if self.ending != "error":
            self.ending, self.detail = ending, detail

    def coverage(self) -> ListCoverage:
        """What the list came to."""
        from storage.coverage import ListCoverage  # late: the store's libraries take long to import

        became = Counter(self.entries.values())
        if self.ending == "not_modified" and self.before is not None:
            became = Counter({KNOWN: len(self.before.entries)})
        drops = {cause: urls for cause, urls in became.items() if cause not in (ASKED, KNOWN, STORED)}
        return ListCoverage(
            self.url,
            self.pages,
            became.total(),
            became[KNOWN],
            became[STORED],
            self.ending,
            self.detail,
            drops,
        )

    def state(self, read_at: datetime) -> ListState | None:
        """The list to remember; None when it was not read to its end, or named nothing."""
        from storage.lists import ListState  # late, as above

        if self.ending not in READ_TO_END or not self.entries:
            return None
        return ListState(
            self.url, read_at, self.etag, self.last_modified, frozenset(self.entries), tuple(self.links)
        )

    def gap(self) -> OpenGap | None:
        """What may have been missed between the last reading to the end and this one."""
        from storage.coverage import OpenGap  # late, as above

        since = self.before.read_at if self.before else None
        if self.ending == "error":
            # a list whose first page fails has not moved on unseen: the next reading will tell
            return OpenGap(self.url, "paging_error", self.detail, since) if self.pages else None
        if self.ending == "interrupted":
            return OpenGap(self.url, "interrupted", self.detail, since) if self.pages else None
        if self.before is None or self.ending not in ("last_page", "depth"):
            return None
        if not self.before.entries or all(became == KNOWN for became in self.entries.values()):
            return None
        if not self.before.entries.isdisjoint(self.entries):
            return None
        detail = f"{len(self.entries)} URLs on {self.pages} pages, none of which was there before"
        return OpenGap(self.url, "no_overlap", detail, since)

    def closes(self, gap: OpenGap, since: date | None) -> bool:
        """Tells whether this reading went past an open gap of the list; `since` is the crawl's argument."""
        if since is None:
            return gap.cause != "no_overlap" and self.ending in (*READ_TO_END, "not_modified")
        if gap.since is None:
            return self.ending == "last_page"
        return self.ending in ("since", "last_page") and since <= gap.since.date()
