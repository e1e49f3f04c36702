"""Stories: what the demo publishers print, read from the TOML files in stories/.

[[story]]
slug = "..."                      # names the story; URLs are made from it
site = "chenguang"                # chenguang, jiangwan or linlan
column = "志愿服务"                # one of the publisher's columns
title = "..."
published = 2026-09-14T09:30:00   # local time
source = "..."                    # left out = the publisher
authors = ["..."]
editors = ["..."]
summary = "..."                   # may be left out
body = '''...'''                  # a paragraph a line; "## " subhead, "- " item, "|a|b|" table row
[[story.reprints]]                # each is one more page, on another site
site = "jiangwan"
published = 2026-09-15T08:00:00
title = "..."                     # left out = the story's
byline = "..."                    # what the page's head shows instead of the authors
drop_paragraphs = [3]             # lines of the body left out, counted from 0
append = "..."                    # lines put at the end
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from crawler.demo.publisher import publishers, stable_number

ZONE = ZoneInfo("Asia/Shanghai")
BlockKind = Literal["paragraph", "subhead", "item", "row"]


@dataclass(slots=True, frozen=True)
class Block:
    """One line of a story: `text` without its mark, `cells` for a table row."""

    kind: BlockKind
    text: str
    cells: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True)
class Posting:
    """One article as one publisher prints it.

    `slug` names the story, `site` the publisher; together they are unique.
    `source` is the publisher credited, `original` the site that printed the
    story first when this one is a reprint. `notes` are the lines of `blocks`
    that the reprinting site put at the end.
    """

    slug: str
    site: str
    column: str
    title: str
    published: datetime
    source: str
    authors: tuple[str, ...]
    editors: tuple[str, ...]
    summary: str
    blocks: tuple[Block, ...]
    original: str = ""
    byline: str = ""
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """What no other posting has: site and slug."""
        return self.site, self.slug


def read_stories(folder: Path | Traversable | None = None) -> list[Posting]:
    """Returns the postings of all *.toml files in `folder`, newest first.

    Without `folder`, the stories that come with the package. Raises ValueError,
    with the file's name, on a story that can't be read or is there twice.
    """
    place = folder if folder is not None else files("crawler.demo").joinpath("stories")
    postings: list[Posting] = []
    for file in sorted(place.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            postings += parse_stories(file.read_text("utf-8"), file.name)
    return in_order(postings)


def parse_stories(text: str, name: str) -> list[Posting]:
    """Returns the postings of one TOML text; `name` is for error messages."""
    postings: list[Posting] = []
    try:
        for story in tomllib.loads(text).get("story", []):
            postings += _postings(story)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{name}: {type(error).__name__}: {error}") from error
    return postings


def in_order(postings: Iterable[Posting]) -> list[Posting]:
    """Returns the postings newest first; raises ValueError when one is there twice."""
    ordered = sorted(postings, key=lambda p: (p.published, p.key), reverse=True)
    seen: set[tuple[str, str]] = set()
    for posting in ordered:
        if posting.key in seen:
            raise ValueError(f"story {posting.slug} is on {posting.site} twice")
        seen.add(posting.key)
    return ordered


def _postings(story: dict[str, Any]) -> list[Posting]:
    site = publishers()[story["site"]]
    if story["column"] not in site.columns:
        raise ValueError(f"story {story['slug']}: no column {story['column']!r} on {site.key}")
    first = Posting(
        slug=story["slug"],
        site=site.key,
        column=story["column"],
        title=story["title"],
        published=_local(story["published"]),
        source=story.get("source") or site.name,
        authors=tuple(story.get("authors", ())),
        editors=tuple(story.get("editors", ())),
        summary=story.get("summary", ""),
        blocks=tuple(parse_body(story["body"])),
    )
    return [first, *(_reprint(first, table) for table in story.get("reprints", ()))]


def _reprint(first: Posting, table: dict[str, Any]) -> Posting:
    site = publishers()[table["site"]]
    if site.key == first.site:
        raise ValueError(f"story {first.slug}: reprinted by its own site")
    dropped = set(table.get("drop_paragraphs", ()))
    if not dropped <= set(range(len(first.blocks))):
        raise ValueError(f"story {first.slug}: drop_paragraphs outside 0 to {len(first.blocks) - 1}")
    notes = parse_body(table.get("append", ""))
    kept = [b for number, b in enumerate(first.blocks) if number not in dropped]
    editor = site.editors[stable_number(first.slug, 0, len(site.editors))]
    return Posting(
        slug=first.slug,
        site=site.key,
        column=table.get("column", site.reprints),
        title=table.get("title", first.title),
        published=_local(table["published"]),
        source=first.source,
        authors=first.authors,
        editors=(editor,),
        summary=first.summary,
        blocks=(*kept, *notes),
        original=first.site,
        byline=table.get("byline", ""),
        notes=tuple(note.text for note in notes),
    )


def _local(value: datetime) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo:
        raise ValueError(f"published must be a local date and time, not {value!r}")
    return value.replace(tzinfo=ZONE)


def parse_body(text: str) -> list[Block]:
    """Returns the blocks of a text: one a line; "## " a subhead, "- " an item, "|a|b|" a table row."""
    blocks: list[Block] = []
    for line in (raw.strip() for raw in text.splitlines()):
        if line.startswith("## "):
            blocks.append(Block("subhead", line[3:].strip()))
        elif line.startswith("- "):
            blocks.append(Block("item", line[2:].strip()))
        elif line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
            if any(cell.strip("-: ") for cell in cells):  # |---|---| is a mark, not a row
                blocks.append(Block("row", " ".join(cells), cells))
        elif line:
            blocks.append(Block("paragraph", line))
    return blocks
