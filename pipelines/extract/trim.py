"""Takes out of a container what is not the article's own text, and sets captions apart.

In this order: text that style hides or that stands in an element whose name
says so; lines of links; what follows a heading such as 相关阅读; single lines
such as 责任编辑; the title and the info line before the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.extract.blocks import Block, Layout, Node
from pipelines.extract.rules import Place, is_caption, is_heading_of_others, line_kind
from pipelines.models import Boilerplate

#: from this share of links a line is a link and no text
LINK_LINE = 0.8
#: a line with this many units and a full stop is prose
PROSE_UNITS = 25.0
#: after a heading of other things, everything goes when less than this part of the prose follows
TAIL_SHARE = 0.25
#: text of a node with less than this part of its container's factor is not the container's
FOREIGN_FACTOR = 0.5

_SENTENCE_END = re.compile(r"[。！？!?.…；;:：”\"」』)）؟।]\s*$")
_FULL_STOP = re.compile(r"[。！？!?]|[.](?:\s|$)|[؟।]")
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
    lines = _without_sections(_without_links(own))
    first, last = _prose_range(lines)
    for index, block in enumerate(lines):
        place: Place = "head" if index < first else "tail" if index > last else "inner"
        if place == "head" and bare(block.text) in titles:
            continue
        if _is_caption(block, container):
            result.captions.append(block)
        elif kind := line_kind(block.text, block.units, place):
            result.dropped.append(Boilerplate(kind, block.text))
        else:
            result.text.append(block)
    return result


def _is_foreign(block: Block, container: Node) -> bool:
    return block.node.factor < container.factor * FOREIGN_FACTOR


def _is_caption(block: Block, container: Node) -> bool:
    node: Node | None = block.node
    while node is not None and node is not container:
        if node.tag == "figcaption" or node.hint == "caption":
            return True
        node = node.parent
    return is_caption(block.text, block.units)


def is_prose(block: Block) -> bool:
    """Whether a line reads like a sentence or more of running text."""
    return block.own_units >= PROSE_UNITS and block.link_share < 0.5 and bool(_FULL_STOP.search(block.text))


def _is_link_line(block: Block) -> bool:
    return block.link_share >= LINK_LINE and not (
        block.units >= PROSE_UNITS and _FULL_STOP.search(block.text[-2:])
    )


def _without_links(blocks: Sequence[Block]) -> list[Block]:
    return [b for b in blocks if not _is_link_line(b)]


def _without_sections(blocks: Sequence[Block]) -> list[Block]:
    """Drops what a heading of other things introduces, up to the next prose."""
    total = sum(b.weight for b in blocks) or 1.0
    kept: list[Block] = []
    dropping = False
    left = total
    for block in blocks:
        if is_heading_of_others(block.text, block.units):
            if left < total * TAIL_SHARE:
                break
            dropping = True
        elif dropping and is_prose(block):
            dropping = False
        if not dropping:
            kept.append(block)
        left -= block.weight
    return kept


def _prose_range(blocks: Sequence[Block]) -> tuple[int, int]:
    """Index of the first and the last line of prose; the whole range when there is none."""
    prose = [i for i, b in enumerate(blocks) if is_prose(b)]
    return (prose[0], prose[-1]) if prose else (0, len(blocks) - 1)
