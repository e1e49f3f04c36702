"""Teasers: blocks of title, text and link in which a page sums up other articles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.extract.blocks import Block, bare, text_units
from pipelines.extract.body import Body
from pipelines.extract.rules import line_kind
from pipelines.extract.sections import MAX_CARD_LINES
from pipelines.models import Teaser
from pipelines.urls import canonical_url

if TYPE_CHECKING:
    from pipelines.extract.document import Document

#: shortest link text, in units, that can be a title
MIN_TITLE_UNITS = 5.0
#: the same where a text that is cut follows it
MIN_CUT_TITLE_UNITS = 2.0
#: longest one
MAX_TITLE_UNITS = 80.0
#: shortest text that sums up an article, in units
MIN_TEXT_UNITS = 12.0
#: longest one
MAX_TEXT_UNITS = 300.0
#: part of a line that its link must be to be a title
MIN_TITLE_SHARE = 0.6
#: more teasers than these on one page are not read
MAX_TEASERS = 500
#: how many lines after a title its text may follow
_REACH = 4
#: how many levels above a title the element ends that holds its text too
_LEVELS = 4
_TRAIL = (" > ", " » ", " › ")

_MORE = r"\s*(?:[\[(（【]?\s*(?:详[细情]|阅读?全文|查看(?:更多|详情|全文)?|更多)[^\s]{0,4}[\])）】]?[>»]*)"
#: text that ends like a cut summary, with or without a link to the whole
CUT = re.compile(rf"(?:\.{{3,}}|…+|。。。+){_MORE}?\s*$")
_INVITATION = re.compile(rf"{_MORE}\s*$")


def find_teasers(doc: Document, body: Body, title: str = "") -> list[Teaser]:
    """Returns the teasers of a page in its order, each link once; none from inside the body's own text.

    `title` is the page's own, which sums up nothing else.
    """
    own = {id(block) for block in body.blocks}
    key = bare(title)
    if not body.layout.blocks:
        return []
    others = [b for b in body.layout.blocks if id(b) not in own and b.text != title]
    titles = [block.link is not None and _is_title(block, MIN_CUT_TITLE_UNITS) for block in others]
    found: dict[tuple[str, str], Teaser] = {}
    page = _url(doc.url, "")
    index = 0
    while index < len(others) and len(found) < MAX_TEASERS:
        read, used = _read(others, titles, index)
        index += used
        if read is None or (key and key.startswith(bare(CUT.sub("", read.text)))):
            continue
        url = _url(read.href, page)
        if url != page or not url:
            teaser = Teaser(
                read.title, _INVITATION.sub("", read.text).strip(), url, bool(CUT.search(read.text))
            )
            found.setdefault((url, "" if url else teaser.text), teaser)
    return list(found.values())


@dataclass(slots=True, frozen=True)
class _Read:
    title: str
    text: str
    href: str


def _read(blocks: list[Block], titles: list[bool], at: int) -> tuple[_Read | None, int]:
    """Reads a teaser that starts at `at`: it and the number of blocks that it takes, at least one."""
    block = blocks[at]
    if titles[at]:
        href = _href(block)
        for ahead in range(1, min(_REACH, len(blocks) - at)):
            text = blocks[at + ahead]
            if (
                text.units >= MIN_TEXT_UNITS
                and _is_summary(text, block)
                and (text.node is block.node or _belongs(text, block))
            ):
                if block.units < MIN_TITLE_UNITS and not CUT.search(text.text):
                    break
                return _Read(block.text, text.text, href), ahead + 1
            if titles[at + ahead] and text.units >= MIN_TITLE_UNITS and _href(text) != href:
                break
        return None, 1
    if block.units >= MIN_TEXT_UNITS and block.units < MAX_TEXT_UNITS and _is_cut(block.text):
        return _Read("", block.text, _href(block)), 1
    return None, 1


def _is_title(block: Block, shortest: float) -> bool:
    """Whether a line is one link with a title's length."""
    link = block.link
    if link is None or block.link_share < MIN_TITLE_SHARE:
        return False
    text = block.text
    if not shortest <= block.units <= MAX_TITLE_UNITS or (len(text) > 30 and _is_cut(text[30:])):
        return False
    if text.startswith("首页") or any(mark in text for mark in _TRAIL):
        return False
    if not block.several_links:
        return True
    linked = text_units("".join(map(str, link.itertext())).strip())
    return linked >= block.link_units * MIN_TITLE_SHARE


def _is_cut(text: str) -> bool:
    return ("..." in text or "…" in text or "。。。" in text) and CUT.search(text) is not None


def _is_summary(text: Block, title: Block) -> bool:
    if text.units <= title.units * 0.6:
        return False
    if text.link_share >= MIN_TITLE_SHARE and _href(text) != _href(title):
        return False
    if _is_cut(text.text):
        return True
    return text.punctuation + text.link_share >= 1 and not line_kind(text.text, text.units, "head")


def _href(block: Block) -> str:
    return (block.link.get("href") or "") if block.link is not None else ""


def _url(href: str, base: str) -> str:
    if not href:
        return ""
    try:
        return canonical_url(href, base)
    except ValueError:
        return ""


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
