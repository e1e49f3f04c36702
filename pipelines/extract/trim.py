"""Takes out of a container what is not the article's own text, and sets captions apart.

In this order: text that style hides or that stands in an element whose name
says so; teaser cards; lines of links; what follows a heading such as 相关阅读;
single lines such as 责任编辑; the title and the info line before the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.extract.blocks import HEADING_TAGS, Block, Layout, Node
from pipelines.extract.credit_lines import line_credits
from pipelines.extract.date_text import find_stamps
from pipelines.extract.pictures import picture_line
from pipelines.extract.rules import Place, is_caption, line_kind
from pipelines.extract.sections import (
    is_link_line,
    native_places,
    signature,
    without_cards,
    without_copies,
    without_cut_cards,
    without_sections,
)
from pipelines.models import Boilerplate

#: text of a node with less than this part of its container's factor is not the container's
FOREIGN_FACTOR = 0.5

#: a longer line, in units, is not looked through for words
MAX_MARKS = 60.0

#: the date stands within so many lines after the title
FIELDS_WITHIN = 6
#: an element of fields (date, source, counters) has no more lines
MAX_FIELD_LINES = 8
#: nor longer ones, in units
MAX_FIELD = 40.0
#: a line with a date without a year has no more characters
MAX_STAMP = 20

_SENTENCE = re.compile(r"[。！？；]")


@dataclass(slots=True)
class Trimmed:
    """What is left of a container: its text, captions, and what was put aside, in order."""

    text: list[Block] = field(default_factory=list)
    captions: list[Block] = field(default_factory=list)
    dropped: list[Boilerplate] = field(default_factory=list)


def trim(layout: Layout, container: Node, titles: frozenset[str] = frozenset()) -> Trimmed:
    """Returns the article's own lines inside `container`; `titles` are bare forms of its title."""
    result = Trimmed()
    own = [b for b in layout.blocks[container.first : container.last] if not _is_foreign(b, container)]
    own = without_cut_cards(without_cards(without_copies(own), layout, container), layout, container)
    lines = without_sections([b for b in own if not is_link_line(b)], container)
    lines = [b for b in lines if b.units > MAX_MARKS or b.key]
    lines, fields = _without_fields(lines, layout, container, titles)
    result.dropped += [Boilerplate("info", b.text) for b in fields]
    first, last = _prose_range(lines, titles)
    for index, block in enumerate(lines):
        place: Place = "head" if index < first else "tail" if index > last else "inner"
        if (place == "head" or index < FIELDS_WITHIN) and _is_title(block, titles):
            continue
        picture = picture_line(block, container)
        if picture == "caption" or _is_caption(block, container):
            result.captions.append(block)
        elif kind := picture or line_kind(block.text, block.units, place):
            result.dropped.append(Boilerplate(kind, block.text))
        else:
            result.text.append(block)
    return result


def _without_fields(
    lines: Sequence[Block], layout: Layout, container: Node, titles: frozenset[str]
) -> tuple[list[Block], list[Block]]:
    """Parts the fields above the text from it: all lines of the small element that holds the date."""
    start = next((i + 1 for i, b in enumerate(lines[:FIELDS_WITHIN]) if _is_title(b, titles)), 0)
    for block in lines[start : start + FIELDS_WITHIN]:
        if block.prose or block.units > MAX_MARKS:
            break
        if _prints_date(block.text, alone=block is lines[start]):
            held = _field_element(block, layout, container)
            near = {id(b) for b in lines[start : start + MAX_FIELD_LINES * 2]}
            fields = [b for b in lines if id(b) in held and id(b) in near]
            return [b for b in lines if id(b) not in held or id(b) not in near], fields
    return list(lines), []


def _prints_date(text: str, *, alone: bool) -> bool:
    """Whether a line holds a date with its fields; a bare day counts only right under the title (`alone`)."""
    if _SENTENCE.search(text):
        return False
    for stamp in find_stamps(text):
        label = text[: stamp.start].strip(" :：[【(（|")
        dated = (
            bool(stamp.year)
            or stamp.seconds_ago is not None
            or (stamp.days_ago is not None and stamp.has_time)
        )
        if (stamp.has_time and (dated or label or len(text) < MAX_STAMP)) or (
            dated and (alone or label.endswith(("时间", "日期", "发布", "发布于", "发表于")))
        ):
            return True
    return False


def _field_element(block: Block, layout: Layout, container: Node) -> set[int]:
    """The lines of the widest small element around `block` without a heading or running text, and itself."""
    held = {id(block)}
    node: Node | None = block.node
    while node is not None and node is not container and node.last - node.first <= MAX_FIELD_LINES:
        inside = layout.blocks[node.first : node.last]
        if any(
            b is not block and (b.node.tag in HEADING_TAGS or b.units > MAX_FIELD or _SENTENCE.search(b.text))
            for b in inside
        ):
            break
        held = {id(b) for b in inside}
        node = node.parent
    return held


def _is_title(block: Block, titles: frozenset[str]) -> bool:
    return block.units < 120 and (block.node.tag == "h1" or block.key in titles)


def _is_foreign(block: Block, container: Node) -> bool:
    return block.node.factor < container.factor * FOREIGN_FACTOR


def _is_caption(block: Block, container: Node) -> bool:
    node: Node | None = block.node
    while node is not None and node is not container:
        if node.tag == "figcaption" or node.hint == "caption":
            return True
        node = node.parent
    return is_caption(block.text, block.units) and not any(
        credit.part == "author" for credit in line_credits(block.text, inside=True)
    )


def _prose_range(blocks: Sequence[Block], titles: frozenset[str]) -> tuple[int, int]:
    """Index of the first and the last line of prose; the whole range when there is none."""
    prose = [i for i, b in enumerate(blocks) if b.prose and not _is_title(b, titles)]
    native = native_places(blocks)
    prose = [i for i in prose if signature(blocks[i]) in native] or prose
    return (prose[0], prose[-1]) if prose else (0, len(blocks) - 1)
