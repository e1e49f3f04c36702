"""Takes a page apart that a scraper left as plain text: article, disclaimer, teasers.

For archives of text without any markup, one paragraph a line. The teasers are
the run of cut lines ("...") at the end; what they were cut from is told by the
same comparison as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.dedup.comparing import framing
from pipelines.dedup.folding import folded
from pipelines.dedup.relations import fingerprint, resemblance

_CUT = ("...", "⋯", "。。。")


@dataclass(slots=True, frozen=True)
class ScrapedTeaser:
    """A cut line; `own` says that it was cut from the article of the same page."""

    text: str
    own: bool


@dataclass(slots=True, frozen=True)
class Scraped:
    """The parts of a page, each in the order of its lines; `article` has one paragraph a line."""

    article: str
    disclaimer: str
    teasers: tuple[ScrapedTeaser, ...]


def take_apart(text: str) -> Scraped:
    """Returns the parts of a page's plain text; a text without cut lines at its end has no teasers."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    first_teaser = len(lines)
    while first_teaser and folded(lines[first_teaser - 1]).endswith(_CUT):
        first_teaser -= 1
    body, cut = lines[:first_teaser], lines[first_teaser:]
    end = next((n for n, line in enumerate(body) if n and framing().tails.match(folded(line))), len(body))
    article = "\n".join(body[:end])
    whole = fingerprint(article)
    teasers = []
    for line in cut:
        found = resemblance(fingerprint(line), whole)
        teasers.append(ScrapedTeaser(line, found is not None and found.kind == "part"))
    return Scraped(article, "\n".join(body[end:]), tuple(teasers))
