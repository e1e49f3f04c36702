"""One walk over a page's tree: its lines of text in order, and the elements they stand in.

A block is what a browser would show as a line or paragraph of its own. Blocks
and elements ("nodes") carry only counts and flags; what they mean is decided
in `scoring` and `trim`. Measuring text against links per block follows
boilerpipe (Kohlschütter et al., WSDM 2010) and CETD (Sun et al., SIGIR 2011).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache

from lxml import etree
from lxml.etree import _Element as HtmlElement

from pipelines.extract.hints import ARTICLE_BODY, Hint, hint_of_names
from pipelines.extract.tables import load_table

#: characters that end or divide sentences, of any script that news is written in
PUNCTUATION = re.compile(r"[，。！？；：、“”…,.!?;:،؟।]")
#: what ends a sentence
FULL_STOP = re.compile(r"[。！？!?]|[.](?:\s|$)|[؟।]")
#: a line with this many units and a full stop is prose
PROSE_UNITS = 25.0
#: a page with more lines is not read to its end: a news page has some hundreds
MAX_BLOCKS = 20_000
#: nor one with more block-level elements
MAX_NODES = 40_000
#: of a longer line, in characters, the rest is dropped
MAX_LINE = 500_000
#: punctuation is counted in so many first characters of a line
MAX_COUNTED = 10_000
#: the pieces of a longer line, in characters, are not kept
MAX_SPACED = 200

_NOT_WORD = re.compile(r"[\W_]+")
_ZERO_WIDTH = re.compile("[\u200b\u200e\u200f\u2060\ufeff]+")
_HIDDEN = re.compile(
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|(?<![\w-])opacity\s*:\s*0(?![.\d]))", re.IGNORECASE
)


@dataclass(slots=True, eq=False)
class Node:
    """A block-level element: its place in the tree, its names, and the range of blocks inside it."""

    element: HtmlElement
    tag: str
    parent: Node | None
    classes: str
    id: str
    hint: Hint
    hidden: Node | None
    first: int
    depth: int
    last: int = 0
    # filled by scoring
    factor: float = 1.0
    score: float = 0.0
    pardoned: float = 0.0


@dataclass(slots=True, eq=False)
class Block:
    """A line of text: `units` is its length in CJK characters or what fills as much room.

    `link_units` is the part of it inside links, `own_units` that outside,
    `link_share` the part from 0 to 1, `link` the first link, `several_links`
    tells of more; `punctuation` counts marks outside links; `prose` tells that the line reads like a sentence
    or more of running text. `pieces` are the texts between tags, for short lines
    that have several.
    """

    text: str
    node: Node
    units: float
    link_units: float
    own_units: float
    link_share: float
    punctuation: int
    prose: bool
    link: HtmlElement | None
    several_links: bool
    strong: bool
    pieces: tuple[str, ...] = ()
    weight: float = 0.0
    summary: bool = False
    _key: str | None = None

    @property
    def key(self) -> str:
        """The text as `bare` has it, made once."""
        if self._key is None:
            self._key = bare(self.text)
        return self._key

    @property
    def element(self) -> HtmlElement:
        """The block-level element that the text stands in."""
        return self.node.element

    @property
    def spaced(self) -> str:
        """The text with a space wherever a tag stands: style sheets set fields of a line apart."""
        return squeeze(" ".join(self.pieces)) if self.pieces else self.text


@dataclass(slots=True)
class Layout:
    """What a walk gathers, both lists in document order."""

    blocks: list[Block] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)


HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
PARAGRAPH_TAGS = HEADING_TAGS | {"p", "li", "dd", "dt", "pre", "blockquote"}


@cache
def tag_sets() -> dict[str, frozenset[str]]:
    """The groups of element names in `tags.toml`."""
    return {name: frozenset(words) for name, words in load_table("tags.toml").items()}


BLOCK, BREAK, INLINE, MARKED, SKIPPED = range(5)


@cache
def _tag_kinds() -> dict[str, int]:
    """What a walk does with an element: inline ones flow on, links and bold ones are noted on their line."""
    sets = tag_sets()
    kinds = dict.fromkeys(sets["inline"], INLINE) | dict.fromkeys(("a", "b", "strong"), MARKED)
    return kinds | dict.fromkeys(sets["skipped"], SKIPPED) | {"br": BREAK}


def text_units(text: str) -> float:
    """Length of `text` in CJK characters; letters that take less room count less.

    A third of the bytes in UTF-8: Chinese 1, Cyrillic or Arabic 2/3, Latin 1/3 a character.
    """
    return (len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))) / 3


def squeeze(text: str) -> str:
    """`text` with each run of white space as one space, none at the ends."""
    # a chain of "in" takes a third of the time of a regular expression
    if "\u200b" in text or "\ufeff" in text or "\u200e" in text or "\u200f" in text or "\u2060" in text:
        text = _ZERO_WIDTH.sub("", text)
    return " ".join(text.split())


def bare(text: str) -> str:
    """`text` without white space and punctuation, in NFKC: what two forms of a title share."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text))


def lay_out(root: HtmlElement) -> Layout:  # noqa: C901 - a call a branch would double its time
    """Walks the tree under `root` once and returns its blocks and nodes."""
    kinds = _tag_kinds()
    layout = Layout()
    blocks, nodes = layout.blocks, layout.nodes
    above = _node(root, None, 0)  # the innermost open node
    nodes.append(above)
    line: list[str] = []  # the texts of the open line, and those of them that stand in links
    linked: list[str] = []
    link = in_link = None  # the first link of the line, and the open one
    several = False
    bold = 0
    if (text := root.text) and not text.isspace():
        line.append(text)
    walker = etree.iterwalk(root, events=("start", "end"))
    next(walker)
    for event, element in walker:
        kind = kinds.get(element.tag, BLOCK)
        if event == "start":
            text = element.text
            if kind <= BREAK:
                if line:
                    _add_block(blocks, line, linked, above, link, several, bold > 0)
                    line, linked = [], []
                link, several = in_link, False
                if len(blocks) >= MAX_BLOCKS or len(nodes) >= MAX_NODES:
                    break
                if text is None and (kind == BREAK or not len(element)):  # only the end of a line
                    continue
                above = _node(element, above, len(blocks))
                nodes.append(above)
            elif kind == SKIPPED or ((style := element.get("style")) is not None and _HIDDEN.search(style)):
                walker.skip_subtree()
                continue
            elif kind == MARKED:
                if element.tag != "a":
                    bold += 1
                elif element.get("href"):
                    in_link = element
                    if link is None:
                        link = element
                    else:
                        several = True
        else:
            text = element.tail
            if kind == BLOCK:
                if element is above.element:
                    if line:
                        _add_block(blocks, line, linked, above, link, several, bold > 0)
                        line, linked = [], []
                    link, several = in_link, False
                    above.last = len(blocks)
                    if above.parent is None:
                        break
                    above = above.parent
            elif kind == MARKED:
                if element is in_link:
                    in_link = None
                elif bold and element.tag != "a":
                    bold -= 1
        if text and (line or not text.isspace()):
            line.append(text)
            if in_link is not None:
                linked.append(text)
    open_node: Node | None = above
    if line and not above.last:
        _add_block(blocks, line, linked, above, link, several, bold > 0)
    while open_node is not None:
        open_node.last = len(blocks)
        open_node = open_node.parent
    return layout


def _node(element: HtmlElement, parent: Node | None, first: int) -> Node:
    get = element.get
    classes, id_ = get("class") or "", get("id") or ""
    hint = "body" if get("itemprop") in ARTICLE_BODY else hint_of_names(classes, id_)
    if parent is None:
        node = Node(element, str(element.tag), None, classes, id_, hint, None, first, 0)
    else:
        hidden, depth = parent.hidden, parent.depth + 1
        node = Node(element, element.tag, parent, classes, id_, hint, hidden, first, depth)
    if node.hidden is None:
        style = get("style")
        if (style is not None and _HIDDEN.search(style)) or get("hidden") is not None:
            node.hidden = node
    return node


def _add_block(
    blocks: list[Block],
    line: list[str],
    linked: list[str],
    node: Node,
    link: HtmlElement | None,
    several_links: bool,
    strong: bool,
) -> None:
    """Adds the line that the texts of `line` make, of which those of `linked` stand in links."""
    text = squeeze("".join(line)[:MAX_LINE])
    if not text:
        return
    units = text_units(text)
    marks, link_units = 0, units
    if not linked:
        marks, link_units = len(PUNCTUATION.findall(text[:MAX_COUNTED])), 0.0
    elif len(linked) < len(line):
        inside = squeeze("".join(linked)[:MAX_LINE])
        marks = len(PUNCTUATION.findall(text[:MAX_COUNTED])) - len(PUNCTUATION.findall(inside[:MAX_COUNTED]))
        marks, link_units = max(0, marks), text_units(inside)
    own, share = units - link_units, link_units / units
    prose = own >= PROSE_UNITS and share < 0.5 and FULL_STOP.search(text) is not None
    pieces = tuple(line) if len(line) > 1 and len(text) <= MAX_SPACED else ()
    blocks.append(
        Block(text, node, units, link_units, own, share, marks, prose, link, several_links, strong, pieces)
    )
