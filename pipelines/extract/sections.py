"""Parts of a container that hold other things: teaser cards, and what follows a heading such as 相关阅读."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipelines.extract.blocks import FULL_STOP, HEADING_TAGS, PARAGRAPH_TAGS, PROSE_UNITS, Block, Layout, Node
from pipelines.extract.rules import is_heading_of_others

#: lines whose kind of place holds this part of a container's weight are at home in it
NATIVE_SHARE = 0.2
#: a card has no more lines than this
MAX_CARD_LINES = 8
#: nor more units of text
MAX_CARD_UNITS = 260.0
#: a link with this many units can be a card's title
MIN_CARD_TITLE = 6.0
#: and with this many it cannot
MAX_CARD_TITLE = 50.0
#: from this share of links a line is a link and no text
LINK_LINE = 0.8
#: words before a link that only say what it is (相关阅读:) have no more units than this
MAX_LABEL = 12.0
#: a line this long that comes again is a copy
MIN_COPY_UNITS = 30.0

#: text that was cut to a summary
CUT_END = re.compile(
    r"(?:\.{3,}|…+|。。。+)\s*(?:[\[(（【]?\s*(?:详[细情]|阅读?全文|更多|查看)[^\s]{0,6})?\s*$"
)


def is_link_line(block: Block) -> bool:
    """Whether a line is nothing but links; a whole sentence that is linked is text."""
    if block.link_share >= LINK_LINE:
        return not (block.units >= PROSE_UNITS and FULL_STOP.search(block.text[-2:]))
    return block.link_share >= 0.5 and block.own_units <= MAX_LABEL and not FULL_STOP.search(block.text)


def without_cards(blocks: Sequence[Block], layout: Layout, container: Node) -> list[Block]:
    """Drops cards: small elements that open with a linked title and repeat, or whose text is cut."""
    cards: dict[int, Node] = {}
    places: Counter[tuple[int, str, str]] = Counter()
    for block in blocks:
        card = _card_of(block, layout, container)
        if card is not None and id(card) not in cards:
            cards[id(card)] = card
            places[_place(card)] += 1
    if not cards:
        return list(blocks)
    gone: set[int] = set()
    for card in cards.values():
        lines = layout.blocks[card.first : card.last]
        if places[_place(card)] > 1 or any(CUT_END.search(b.text) and b.units > 15 for b in lines[1:]):
            gone.update(id(b) for b in lines)
    return [b for b in blocks if id(b) not in gone]


def without_cut_cards(blocks: Sequence[Block], layout: Layout, container: Node) -> list[Block]:
    """Drops small elements, away from where the article's text stands, whose text ends cut off."""
    native = native_places(blocks)
    gone: set[int] = set()
    for block in blocks:
        if block.units >= PROSE_UNITS and signature(block) not in native and CUT_END.search(block.text):
            gone.update(id(b) for b in _small_element(block, layout, container))
    return [b for b in blocks if id(b) not in gone]


def without_copies(blocks: Sequence[Block]) -> list[Block]:
    """Drops long lines that came before."""
    seen: set[str] = set()
    kept = []
    for block in blocks:
        if block.units >= MIN_COPY_UNITS:
            if block.text in seen:
                continue
            seen.add(block.text)
        kept.append(block)
    return kept


def _small_element(block: Block, layout: Layout, container: Node) -> list[Block]:
    """The lines of the widest element around `block` that has no other prose and is small."""
    found = [block]
    node: Node | None = block.node
    while node is not None and node is not container and node.last - node.first <= MAX_CARD_LINES:
        lines = layout.blocks[node.first : node.last]
        if sum(b.prose and not CUT_END.search(b.text) and b.units > MAX_CARD_TITLE for b in lines) > 0:
            break
        found = lines
        node = node.parent
    return found


def _place(node: Node) -> tuple[int, str, str]:
    return id(node.parent), node.tag, node.classes


def _card_of(block: Block, layout: Layout, container: Node) -> Node | None:
    """The widest small element inside `container` that opens with `block`, a linked title, and has more."""
    if not is_link_line(block) or block.units < MIN_CARD_TITLE or block.link is None:
        return None
    if (block.link.get("href") or "#").startswith("#"):
        return None
    found: Node | None = None
    node: Node | None = block.node
    while node is not None and node is not container and node.last - node.first <= MAX_CARD_LINES:
        lines = layout.blocks[node.first : node.last]
        if sum(b.units for b in lines) > MAX_CARD_UNITS:
            break
        leading = next(b for b in lines if b.units >= MIN_CARD_TITLE or b is block)
        if leading is block and len(lines) > 1:
            if found is not None and sum(is_link_line(b) and b.units >= MIN_CARD_TITLE for b in lines) > 1:
                break
            found = node
        elif leading is not block:
            break
        node = node.parent
    return found


def without_sections(blocks: Sequence[Block], container: Node) -> list[Block]:
    """Drops what a heading of other things introduces.

    That is the element that the heading opens when it has one of its own, or
    else all that follows up to the next prose where the article's own stands.
    """
    native = native_places(blocks)
    # a text of short lines only would end at such a word for good, and above a text it is a button (我要评论)
    prose = next((i for i, b in enumerate(blocks) if b.prose and signature(b) in native), len(blocks))
    kept: list[Block] = []
    section: Node | None = None
    dropping = False
    for index, block in enumerate(blocks):
        if is_heading_of_others(block.text, block.units):
            section = _opened_by(block, container)
            dropping = section is None and index > prose
            continue
        if section is not None and _is_inside(block.node, section):
            continue
        section = None
        if dropping and signature(block) in native and _resumes(block):
            dropping = False
        if not dropping:
            kept.append(block)
    return kept


def _resumes(block: Block) -> bool:
    return (block.prose and not CUT_END.search(block.text)) or (
        block.node.tag in HEADING_TAGS and block.link_share == 0
    )


def _opened_by(block: Block, container: Node) -> Node | None:
    """The widest element inside `container` whose first line is `block`, if it has further lines."""
    first = block.node.first
    found: Node | None = None
    node: Node | None = block.node
    while node is not None and node is not container and node.first == first:
        if node.last - node.first > 1 and node.tag not in PARAGRAPH_TAGS:
            found = node
        node = node.parent
    return found


def _is_inside(node: Node | None, outer: Node) -> bool:
    while node is not None and node.depth >= outer.depth:
        if node is outer:
            return True
        node = node.parent
    return False


def signature(block: Block) -> tuple[str, str, str]:
    """The kind of place where `block` stands: its tag, and tag and class of what holds it."""
    node = block.node
    home = node.parent if node.tag in PARAGRAPH_TAGS and node.parent else node
    return node.tag, home.tag, home.classes


def native_places(blocks: Sequence[Block]) -> set[tuple[str, str, str]]:
    """The kinds of places where much of the weight of `blocks` stands: where the text is at home."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for block in blocks:
        sums[signature(block)] += int(block.weight * 100)
    limit = sum(sums.values()) * NATIVE_SHARE
    return {place for place, weight in sums.items() if weight >= limit}
