"""Teasers: blocks of title, text and link in which a page sums up other articles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from pipelines.extract.blocks import Block
from pipelines.extract.body import Body
from pipelines.extract.sections import MAX_CARD_LINES
from pipelines.models import Teaser
from pipelines.urls import canonical_url

if TYPE_CHECKING:
    from pipelines.extract.document import Document

#: shortest link text, in units, that can be a title
MIN_TITLE_UNITS = 5.0
#: longest one
MAX_TITLE_UNITS = 80.0
#: shortest text that sums up an article, in units
MIN_TEXT_UNITS = 12.0
#: more teasers than these on one page are not read
MAX_TEASERS = 500
#: how many lines after a title its text may follow
_REACH = 4
#: how many levels above a title the element ends that holds its text too
_LEVELS = 4
_TRAIL = re.compile(r"^\s*首页|\s[>»›]\s")

_MORE = r"\s*(?:[\[(（【]?\s*(?:详[细情]|阅读?全文|查看(?:更多|详情|全文)?|更多)[^\s]{0,4}[\])）】]?[>»]*)"
#: text that ends like a cut summary, with or without a link to the whole
CUT = re.compile(rf"(?:\.{{3,}}|…+|。。。+){_MORE}?\s*$")
_INVITATION = re.compile(rf"{_MORE}\s*$")


def find_teasers(doc: Document, body: Body) -> list[Teaser]:
    """Returns the teasers of a page in its order, each link once; none from inside the body's own text."""
    own = {(id(block.element), block.text) for block in body.blocks}
    others = [b for b in body.layout.blocks if (id(b.element), b.text) not in own]
    found: dict[tuple[str, str], Teaser] = {}
    base = _base(doc)
    index = 0
    while index < len(others) and len(found) < MAX_TEASERS:
        teaser, used = _read(others, index, base)
        index += used
        if teaser and teaser.url != base:
            found.setdefault((teaser.url, (teaser.url and "") or teaser.text), teaser)
    return list(found.values())


def _base(doc: Document) -> str:
    try:
        return canonical_url(doc.url)
    except ValueError:
        return ""


def _read(blocks: list[Block], at: int, base: str) -> tuple[Teaser | None, int]:
    """Reads a teaser that starts at `at`: it and the number of blocks that it takes, at least one."""
    block = blocks[at]
    if _is_title(block):
        url = _url(block.link, base)
        for ahead in range(1, _REACH):
            if at + ahead >= len(blocks):
                break
            text = blocks[at + ahead]
            if _is_summary(text, block, url, base) and (text.node is block.node or _belongs(text, block)):
                return Teaser(block.text, _clean(text.text), url, bool(CUT.search(text.text))), ahead + 1
            if _is_title(text) and _url(text.link, base) != url:
                break
        return None, 1
    if block.units >= MIN_TEXT_UNITS and CUT.search(block.text) and block.units < 300:
        url = _url(block.link, base) if block.link is not None else ""
        return Teaser("", _clean(block.text), url, True), 1
    return None, 1


def _is_title(block: Block) -> bool:
    return (
        block.link is not None
        and block.link_share >= 0.6
        and MIN_TITLE_UNITS <= block.units <= MAX_TITLE_UNITS
        and not CUT.search(block.text[30:])
        and not _TRAIL.search(block.text)
    )


def _belongs(text: Block, title: Block) -> bool:
    """Whether a text stands in the same small element as a title, a few levels up at most."""
    node = title.node
    for _ in range(_LEVELS):
        if node.parent is None:
            break
        node = node.parent
        if node.last - node.first > MAX_CARD_LINES:
            return False
        inner = text.node
        for _ in range(_LEVELS + 1):
            if inner is node:
                return True
            if inner.parent is None:
                break
            inner = inner.parent
    return False


def _is_summary(text: Block, title: Block, url: str, base: str) -> bool:
    if text.units < MIN_TEXT_UNITS or text.units <= title.units * 0.6:
        return False
    if text.link_share >= 0.6:
        return _url(text.link, base) == url
    return bool(CUT.search(text.text)) or text.punctuation >= 1


def _url(link: HtmlElement | None, base: str) -> str:
    href = link.get("href") if link is not None else None
    if not href:
        return ""
    try:
        return canonical_url(href, base)
    except ValueError:
        return ""


def _clean(text: str) -> str:
    return _INVITATION.sub("", text).strip()
