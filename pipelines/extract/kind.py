"""What a page is: an article, a list of links to articles, or something else."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from pipelines.extract.blocks import Block, text_units
from pipelines.extract.body import Body
from pipelines.extract.date_text import find_stamps
from pipelines.extract.surroundings import Surroundings
from pipelines.extract.tables import load_table
from pipelines.models import Kind

if TYPE_CHECKING:
    from pipelines.extract.document import Document

#: text shorter than this, in units, is no article on any page
MIN_ARTICLE_UNITS = 15.0
#: text up to this length is looked at for what error and login pages say
MAX_NOTICE_UNITS = 160.0
#: text up to this length must be prose, or the page has an article's marks
SHORT_UNITS = 120.0
#: so many links with a title's length make a list
MIN_LIST_LINKS = 8
#: a page with a title this long, in units, over a short text is an article
MIN_ARTICLE_TITLE = 7.0
#: so many units of text to one link like a title at least, or a page without an article's marks is a list
TEXT_TO_LINK = 2.0
#: text under a title and a date is an article from so many units on, sentences or not
MIN_HEADED_UNITS = 20.0
#: so many lines at most between a title and its text
MAX_HEAD = 15
#: and a date so many lines above it
MAX_OVER = 3
_TITLE_UNITS = 7.0


@cache
def _notices() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = load_table("notices.toml")
    title, text = ("|".join(table[name]) for name in ("title", "text"))
    return re.compile(title, re.IGNORECASE), re.compile(text, re.IGNORECASE)


def find_kind(doc: Document, body: Body, title: str, around: Surroundings | None = None) -> Kind:
    """Returns the kind of the page whose chosen text is `body`, standing in it as `around` says.

    Soft 404s, login walls and script challenges are "other", as is everything
    with neither an article nor a list of links.
    """
    text = "\n".join(body.paragraphs)
    units = sum(b.units for b in body.blocks) if body.blocks else len(text)
    if is_notice(title, text, units) or (not text and is_notice(title, _all_text(body), 0.0)):
        return "other"
    links = _title_links(body.layout.blocks)
    headed = body.titled or (around is not None and _is_headed(around))
    if units >= MIN_ARTICLE_UNITS and _is_article(doc, body, units, links, title, headed=headed):
        return "article"
    return "list" if links >= MIN_LIST_LINKS else "other"


def is_notice(title: str, text: str, units: float) -> bool:
    """Whether a page says that it has no article: gone, for members only, or for browsers only."""
    in_title, in_text = _notices()
    if units > MAX_NOTICE_UNITS:
        return False
    return bool(in_title.search(title) and units < MAX_NOTICE_UNITS / 2) or bool(in_text.search(text[:1000]))


def _all_text(body: Body) -> str:
    return "\n".join(b.text for b in body.layout.blocks[:60])


def _title_links(blocks: list[Block]) -> int:
    """Number of the links that are as long as titles, outside what names put aside."""
    return sum(_is_title_link(block) for block in blocks)


def _is_article(doc: Document, body: Body, units: float, links: int, title: str, *, headed: bool) -> bool:
    prose = sum(b.own_units for b in body.blocks if b.prose) if body.blocks else units
    headed = headed and text_units(title) >= MIN_ARTICLE_TITLE
    if headed and units >= MIN_HEADED_UNITS and not _alternates(body):
        return True
    if _declares_article(doc) or links < MIN_LIST_LINKS:
        return prose > 0 or units >= SHORT_UNITS
    if _alternates(body):
        return False
    if prose < SHORT_UNITS and text_units(title) < MIN_ARTICLE_TITLE:
        return False
    return prose > 0 and max(prose, SHORT_UNITS) >= links * TEXT_TO_LINK


def _is_headed(around: Surroundings) -> bool:
    """Whether title and date stand right above the text, without links like titles between them."""
    if around.title < 0 or around.start - around.title > MAX_HEAD:
        return False
    over = around.lines[max(0, around.title - MAX_OVER) : around.title]
    head = [line for line in around.lines[around.title : around.start] if isinstance(line, Block)]
    if not head or any(map(_is_title_link, head)):
        return False
    head += [line for line in over if isinstance(line, Block) and line.link is None]
    return any(s.year or s.has_time for b in head for s in find_stamps(b.spaced))


def _alternates(body: Body) -> bool:
    """Whether the text stands between links like titles again and again: entries of a list."""
    if body.node is None:
        return False
    own = {id(block) for block in body.blocks}
    entries, linked = 0, False
    for block in body.layout.blocks[body.node.first : body.node.last]:
        if id(block) in own:
            entries += linked
            linked = False
        elif _is_title_link(block):
            linked = True
    return entries >= MIN_LIST_LINKS


def _is_title_link(block: Block) -> bool:
    return block.link_units >= _TITLE_UNITS and block.link_share >= 0.6 and block.node.factor > 0.5


def _declares_article(doc: Document) -> bool:
    if any("article" in value.lower() for value in doc.meta.get("og:type", ())):
        return True
    if any(name in doc.meta for name in ("articletitle", "pubdate", "article:published_time")):
        return True
    return any("Article" in str(item.get("@type", "")) for item in doc.json_ld)
