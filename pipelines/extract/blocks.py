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

from pipelines.extract.hints import Hint, hint_of
from pipelines.extract.tables import load_table

#: characters that end or divide sentences, of any script that news is written in
PUNCTUATION = re.compile(r"[，。！？；：、“”…,.!?;:،؟।]")
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
    """A block-level element: its place in the tree and the range of blocks inside it."""

    element: HtmlElement
    tag: str
    parent: Node | None
    hint: Hint
    hidden: Node | None
    first: int
    last: int = 0
    depth: int = 0
    # filled by scoring
    factor: float = 1.0
    score: float = 0.0
    pardoned: float = 0.0


@dataclass(slots=True, eq=False)
class Block:
    """A line of text: `units` is its length in CJK characters or what fills as much room.

    `link_units` is the part of it inside links, `link` the first of those;
    `punctuation` counts marks outside links. `pieces` are the texts between
    tags, for short lines that have several.
    """

    text: str
    node: Node
    units: float
    link_units: float
    punctuation: int
    link: HtmlElement | None
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

    @property
    def own_units(self) -> float:
        """Length outside links."""
        return self.units - self.link_units

    @property
    def link_share(self) -> float:
        """The part of the text that is links, from 0 to 1."""
        return self.link_units / self.units if self.units else 0.0


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


BLOCK, INLINE, MARKED, BREAK, SKIPPED = range(5)


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


def lay_out(root: HtmlElement) -> Layout:
    """Walks the tree under `root` once and returns its blocks and nodes."""
    walk = _Walk(root)
    walk.run()
    return walk.layout


class _Walk:
    """State of one walk: the open line, the open nodes, the open link."""

    __slots__ = ("bold", "element", "in_link", "layout", "line", "link", "link_text", "node", "root")

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self.layout = Layout()
        self.line: list[str] = []
        self.link_text: list[str] = []
        self.link: HtmlElement | None = None
        self.in_link: HtmlElement | None = None
        self.bold = 0
        self.node: Node | None = None
        self.element: HtmlElement | None = None

    def run(self) -> None:  # noqa: C901 - calls in place of branches would cost a fifth of the whole walk
        kinds = _tag_kinds()
        line, root = self.line, self.root
        self._open(root, str(root.tag))
        self._say(root.text)
        blocks, nodes = self.layout.blocks, self.layout.nodes
        walker = etree.iterwalk(root, events=("start", "end"))
        next(walker)
        for event, element in walker:
            tag = element.tag
            kind = kinds.get(tag, BLOCK)
            if event == "start":
                if kind == BLOCK:
                    text = element.text
                    if text is None and not len(element):  # nothing in it but the end of a line
                        if line:
                            self._flush()
                        self.link = self.in_link
                        continue
                    if len(nodes) >= MAX_NODES or len(blocks) >= MAX_BLOCKS:
                        break
                    self._open(element, tag)
                elif kind == INLINE:
                    style = element.get("style")
                    if style is not None and _HIDDEN.search(style):
                        walker.skip_subtree()
                        continue
                    text = element.text
                elif kind == BREAK:
                    if line:
                        self._flush()
                    if len(blocks) >= MAX_BLOCKS:
                        break
                    continue
                elif kind == SKIPPED or self._unseen(element):
                    walker.skip_subtree()
                    continue
                else:
                    self._enter_marked(tag, element)
                    text = element.text
            else:
                if element is root:
                    break
                if kind == BLOCK:
                    if element is self.element:
                        self._close()
                elif kind == MARKED:
                    self._leave_marked(tag, element)
                text = element.tail
            if text and (line or not text.isspace()):
                line.append(text)
                if self.in_link is not None:
                    self.link_text.append(text)
        while self.node is not None:
            self._close()

    @staticmethod
    def _unseen(element: HtmlElement) -> bool:
        style = element.get("style")
        return style is not None and _HIDDEN.search(style) is not None

    def _say(self, text: str | None) -> None:
        if text and (self.line or not text.isspace()):
            self.line.append(text)
            if self.in_link is not None:
                self.link_text.append(text)

    def _enter_marked(self, tag: str, element: HtmlElement) -> None:
        if tag != "a":
            self.bold += 1
        elif element.get("href"):
            self.in_link = element
            if self.link is None:
                self.link = element

    def _leave_marked(self, tag: str, element: HtmlElement) -> None:
        if element is self.in_link:
            self.in_link = None
        elif tag != "a" and self.bold:
            self.bold -= 1

    def _open(self, element: HtmlElement, tag: str) -> None:
        if self.line:
            self._flush()
        self.link = self.in_link
        parent = self.node
        blocks, nodes = self.layout.blocks, self.layout.nodes
        if parent is None:
            node = Node(element, tag, None, hint_of(element), None, len(blocks))
        else:
            node = Node(
                element, tag, parent, hint_of(element), parent.hidden, len(blocks), 0, parent.depth + 1
            )
        if node.hidden is None:
            style = element.get("style")
            if (style is not None and _HIDDEN.search(style)) or element.get("hidden") is not None:
                node.hidden = node
        self.node, self.element = node, element
        nodes.append(node)

    def _close(self) -> None:
        if self.line:
            self._flush()
        self.link = self.in_link
        node = self.node
        if node is not None:
            node.last = len(self.layout.blocks)
            self.node = node.parent
            self.element = node.parent.element if node.parent is not None else None

    def _flush(self) -> None:
        line, link_text, node = self.line, self.link_text, self.node
        text = squeeze("".join(line)[:MAX_LINE])
        if text and node is not None:
            marks = len(PUNCTUATION.findall(text[:MAX_COUNTED]))
            units = link_units = text_units(text)
            if not link_text:
                link_units = 0.0
            elif len(link_text) == len(line):  # nothing but a link
                marks = 0
            else:
                linked = squeeze("".join(link_text)[:MAX_LINE])
                marks = max(0, marks - len(PUNCTUATION.findall(linked[:MAX_COUNTED])))
                link_units = text_units(linked)
            pieces = tuple(line) if len(line) > 1 and len(text) <= MAX_SPACED else ()
            self.layout.blocks.append(
                Block(text, node, units, link_units, marks, self.link, self.bold > 0, pieces)
            )
        line.clear()
        link_text.clear()
        self.link = self.in_link
