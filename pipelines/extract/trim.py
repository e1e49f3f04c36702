"""Takes out of a container what is not the article's own text, and sets captions apart.

In this order: text that style hides or that stands in an element whose name
says so; teaser cards; lines of links; what follows a heading such as 相关阅读;
single lines such as 责任编辑; the title and the info line before the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.extract.blocks import Block, Layout, Node
from pipelines.extract.pictures import picture_line
from pipelines.extract.rules import Place, is_caption, line_kind
from pipelines.extract.sections import (
    is_link_line,
    is_prose,
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

_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(slots=True)
class Trimmed:
    """What is left of a container: its text, captions, and what was put aside, in order."""

    text: list[Block] = field(default_factory=list)
    captions: list[Block] = field(default_factory=list)
    dropped: list[Boilerplate] = field(default_factory=list)


def bare(text: str) -> str:
    """`text` without white space and punctuation, in NFKC: what two forms of a title share."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text))


def trim(layout: Layout, container: Node, titles: frozenset[str] = frozenset()) -> Trimmed:
    """Returns the article's own lines inside `container`; `titles` are bare forms of its title."""
    result = Trimmed()
    own = [b for b in layout.blocks[container.first : container.last] if not _is_foreign(b, container)]
    own = without_cut_cards(without_cards(without_copies(own), layout, container), layout, container)
    lines = without_sections([b for b in own if not is_link_line(b)], container)
    lines = [b for b in lines if b.units > MAX_MARKS or bare(b.text)]
    first, last = _prose_range(lines, titles)
    for index, block in enumerate(lines):
        place: Place = "head" if index < first else "tail" if index > last else "inner"
        if place == "head" and _is_title(block, titles):
            continue
        picture = picture_line(block, container)
        if picture == "caption" or _is_caption(block, container):
            result.captions.append(block)
        elif kind := picture or line_kind(block.text, block.units, place):
            result.dropped.append(Boilerplate(kind, block.text))
        else:
            result.text.append(block)
    return result


def _is_title(block: Block, titles: frozenset[str]) -> bool:
    return block.units < 120 and (block.node.tag == "h1" or bare(block.text) in titles)


def _is_foreign(block: Block, container: Node) -> bool:
    return block.node.factor < container.factor * FOREIGN_FACTOR


def _is_caption(block: Block, container: Node) -> bool:
    node: Node | None = block.node
    while node is not None and node is not container:
        if node.tag == "figcaption" or node.hint == "caption":
            return True
        node = node.parent
    return is_caption(block.text, block.units)


def _prose_range(blocks: Sequence[Block], titles: frozenset[str]) -> tuple[int, int]:
    """Index of the first and the last line of prose; the whole range when there is none."""
    prose = [i for i, b in enumerate(blocks) if is_prose(b) and not _is_title(b, titles)]
    native = native_places(blocks)
    prose = [i for i in prose if signature(blocks[i]) in native] or prose
    return (prose[0], prose[-1]) if prose else (0, len(blocks) - 1)
