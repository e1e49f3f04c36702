"""What the three layouts share: templates, list entries, and what stands around an article."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from string import Template

from crawler.demo.address import article_url
from crawler.demo.publisher import Publisher, stable_number
from crawler.demo.story import Block, Posting

escape = html.escape
TEASER_LENGTH = 52  # characters before the "..."


@dataclass(slots=True, frozen=True)
class Entry:
    """One link of a list page or a box: where to, what it says, and a cut summary."""

    url: str
    title: str
    published: datetime
    text: str = ""


@dataclass(slots=True, frozen=True)
class Around:
    """What stands around an article: its neighbours in time, and the boxes beside and below it."""

    newer: Entry | None
    older: Entry | None
    related: tuple[Entry, ...]
    ranking: tuple[Entry, ...]
    teasers: tuple[Entry, ...]


@dataclass(slots=True, frozen=True)
class ListPage:
    """One page of a column: its entries, its number from 1, and the paths of all its pages."""

    column: str
    entries: tuple[Entry, ...]
    number: int
    paths: tuple[str, ...]
    teasers: tuple[Entry, ...]
    ranking: tuple[Entry, ...]


@cache
def template(name: str) -> Template:
    """Returns the template of this name from templates/ (string.Template, "$" for a field)."""
    return Template(files("crawler.demo.templates").joinpath(name).read_text("utf-8"))


def fill(name: str, /, **fields: str) -> str:
    """Returns a template filled in; raises KeyError when a field is missing."""
    return template(name).substitute(fields)


def entry(posting: Posting) -> Entry:
    """Returns the list entry of an article; its text is cut with "..." when it is long."""
    return Entry(article_url(posting), posting.title, posting.published, teaser_text(posting))


def teaser_text(posting: Posting) -> str:
    """Returns the first characters of an article's summary, or of its first paragraph, with "..."."""
    whole = posting.summary or next((b.text for b in posting.blocks if b.kind == "paragraph"), "")
    return whole if len(whole) <= TEASER_LENGTH else whole[:TEASER_LENGTH] + "..."


def around(posting: Posting, of_site: Sequence[Posting]) -> Around:
    """Returns what stands around an article; `of_site` are its site's articles, newest first.

    Which articles are shown depends on the slugs, so that a page stays the same
    whatever the order of the files.
    """

    def when(p: Posting) -> tuple[datetime, tuple[str, str]]:
        return p.published, p.key

    others = [p for p in of_site if p.key != posting.key]
    newer = [p for p in others if when(p) > when(posting)]
    older = [p for p in others if when(p) < when(posting)]

    def pick(salt: str, count: int) -> tuple[Entry, ...]:
        order = sorted(others, key=lambda p: stable_number(f"{salt}:{p.slug}", 0, 1 << 62))
        return tuple(entry(p) for p in order[:count])

    return Around(
        newer=entry(newer[-1]) if newer else None,
        older=entry(older[0]) if older else None,
        related=pick(f"related:{posting.slug}", 5),
        ranking=pick(f"ranking:{posting.site}", 10),
        teasers=pick(f"teasers:{posting.slug}", 4),
    )


def links(entries: Sequence[Entry], line: Callable[[Entry, int], str]) -> str:
    """Returns the entries as HTML, `line` gives one of them and gets its number from 1."""
    return "\n".join(line(item, number) for number, item in enumerate(entries, 1))


def table_groups(blocks: Sequence[Block]) -> list[list[Block]]:
    """Returns the blocks in groups: the rows of one table together, every other block alone."""
    groups: list[list[Block]] = []
    for block in blocks:
        if groups and block.kind in ("row", "item") and groups[-1][-1].kind == block.kind:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def caption(posting: Posting) -> str:
    """Returns the caption of the article's picture, or "" when it has none (about half have one)."""
    if stable_number(f"picture:{posting.key}", 0, 2):
        return ""
    giver = posting.authors[0] if posting.authors else "受访者"
    return f"图为活动现场。{giver} 摄" if posting.authors else f"图为活动现场。{giver}供图"


def keywords(posting: Posting, publisher: Publisher) -> str:
    """Returns the content of the page's keywords meta."""
    return ",".join([posting.column, "公益", publisher.name])
