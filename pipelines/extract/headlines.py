"""The lines that papers set over and under a title: shoulder title (引题, 肩题) and subtitle (副题)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.extract.blocks import HEADING_TAGS, Block, Layout, Node, bare
from pipelines.extract.date_text import find_stamps
from pipelines.extract.hints import name_words
from pipelines.extract.rules import line_kind
from pipelines.extract.tables import load_table

#: a longer line, in units, is a summary and no headline
MAX_UNITS = 60.0
#: nor is a shorter one
MIN_UNITS = 4.0
#: so many lines beside a title may belong to it
REACH = 3

_LABEL = re.compile(r"^[\[(（【]?\s*(?P<role>引题|肩题|眉题|副标题|副题|子标题)\s*[:：\])）】]\s*")
_DASH = re.compile(r"^(?:——|--|—)\s*(?=\S{4})")
_ENDS = re.compile(r"[。；;]$")


@dataclass(slots=True, frozen=True)
class Headlines:
    """What stands over and under a title, "" without; `shown` holds the lines as the page has them."""

    shoulder: str = ""
    subtitle: str = ""
    shown: tuple[str, ...] = ()


def find_headlines(layout: Layout, title: str) -> Headlines:
    """Returns the lines that belong to `title` where the page shows it.

    They are told by the name of their element (yinti, subtitle), by a label
    (副标题：), by a dash, by being headings next to the title's, or by sharing a
    small element with it in which nothing else stands.
    """
    at = _index(layout.blocks, title)
    if at < 0:
        return Headlines()
    blocks = layout.blocks
    home = _home(blocks[at], layout)
    above = [b for b in reversed(blocks[max(0, at - REACH) : at]) if _may_be(b)]
    below = []
    for block in blocks[at + 1 : at + 1 + REACH]:
        if not _may_be(block):
            break
        below.append(block)
    shoulder = next((b for b in above[:1] if _belongs(b, blocks[at], home, "shoulder")), None)
    subtitle = next((b for b in below[:1] if _belongs(b, blocks[at], home, "subtitle")), None)
    shown = tuple(b.text for b in (shoulder, subtitle) if b is not None)
    return Headlines(_text(shoulder, title), _text(subtitle, title), shown)


def _index(blocks: Sequence[Block], title: str) -> int:
    """Where the title is shown: in a heading before other lines; -1 when nowhere."""
    key, found = bare(title), -1
    if not key:
        return -1
    shortest = len(key) // 2  # NFKC may write one character as two
    for index, block in enumerate(blocks):
        fits = block.link_share < 0.5 and len(block.text) >= shortest and block.units < 2 * MAX_UNITS
        if fits and block.key == key:
            if block.node.tag in ("h1", "h2"):
                return index
            found = index if found < 0 else found
    return found


def _home(title: Block, layout: Layout) -> set[int]:
    """The lines that share a small element with the title, when none of them is a field or text."""
    node: Node | None = title.node
    held: set[int] = set()
    while node is not None and node.last - node.first <= REACH:
        inside = layout.blocks[node.first : node.last]
        if not all(b is title or _may_be(b) for b in inside):
            break
        held = {id(b) for b in inside}
        node = node.parent
    return held


def _may_be(block: Block) -> bool:
    if not MIN_UNITS <= block.units <= MAX_UNITS or block.link_share > 0 or _ENDS.search(block.text):
        return False
    if line_kind(block.text, block.units, "head"):
        return False
    return not any(s.year or s.has_time for s in find_stamps(block.text))


def _belongs(block: Block, title: Block, home: set[int], role: str) -> bool:
    if label := _LABEL.search(block.text):
        return (label["role"] in ("引题", "肩题", "眉题")) == (role == "shoulder")
    node: Node | None = block.node
    for _ in range(2):
        if node is not None and node.last - node.first <= 2 and name_words(node.element) & _names(role):
            return True
        node = node.parent if node is not None else None
    if role == "subtitle" and _DASH.search(block.text):
        return True
    if (
        block.node.tag in HEADING_TAGS
        and title.node.tag in HEADING_TAGS
        and block.node.parent is title.node.parent
    ):
        return block.node is not title.node
    return id(block) in home and block.node is not title.node


def _names(role: str) -> frozenset[str]:
    return frozenset(load_table("hints.toml")[role])


def _text(block: Block | None, title: str) -> str:
    if block is None or bare(block.text) in bare(title) or bare(title) in bare(block.text):
        return ""
    return _DASH.sub("", _LABEL.sub("", block.text)).strip()
