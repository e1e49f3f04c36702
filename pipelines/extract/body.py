"""The body of an article: the container that holds it, and its text line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from pipelines.extract.blocks import Block, Layout, Node, lay_out
from pipelines.extract.rules import without_ending
from pipelines.extract.scoring import choose_container
from pipelines.extract.trim import Trimmed, bare, trim
from pipelines.models import Boilerplate

if TYPE_CHECKING:
    from pipelines.extract.document import Document


@dataclass(slots=True)
class Body:
    """What was chosen: `paragraphs` is the text, a row of a table in one line.

    `element` is the container, None when the page shows no article; `blocks`
    are the lines of the text with their elements, `layout` all lines of the page.
    """

    element: HtmlElement | None
    blocks: list[Block]
    paragraphs: list[str]
    captions: list[str]
    dropped: list[Boilerplate] = field(default_factory=list)
    layout: Layout = field(default_factory=Layout)
    node: Node | None = None


def find_body(doc: Document, layout: Layout | None = None, title: str = "") -> Body:
    """Chooses the container of `doc` and trims it.

    `layout` is what `lay_out(doc.root)` returned, when it has been called
    already; `title` the article's title, which is not part of the text.
    """
    layout = layout or lay_out(doc.root)
    names = frozenset(filter(None, [bare(title)]))
    container = choose_container(layout, _description(doc), _title_index(layout, names))
    if container is None:
        return Body(None, [], [], [], layout=layout)
    return _assemble(layout, container, trim(layout, container, names))


def _assemble(layout: Layout, container: Node, trimmed: Trimmed) -> Body:
    return Body(
        container.element,
        trimmed.text,
        _without_endings(paragraphs_of(trimmed.text, container)),
        [b.text for b in trimmed.captions],
        trimmed.dropped,
        layout,
        container,
    )


def _without_endings(lines: list[str]) -> list[str]:
    for index in range(max(0, len(lines) - 2), len(lines)):
        lines[index] = without_ending(lines[index])
    return [line for line in lines if line]


def _description(doc: Document) -> str:
    for name in ("og:description", "description"):
        for value in doc.meta.get(name, ()):
            if len(value) >= 20:
                return " ".join(value.split())
    return ""


def _title_index(layout: Layout, titles: frozenset[str]) -> int:
    """Index of the block that shows the title, a heading before others; 0 when none does."""
    found = 0
    for index, block in enumerate(layout.blocks):
        if block.units < 120 and titles and bare(block.text) in titles:
            if block.node.tag in ("h1", "h2"):
                return index
            found = found or index
    return found


def paragraphs_of(blocks: Sequence[Block], container: Node) -> list[str]:
    """The text of `blocks` line by line; the cells of a table's row are joined with a space."""
    lines: list[str] = []
    row: list[Block] = []
    row_node: Node | None = None
    for block in blocks:
        node = _ancestor(block.node, container, ("tr",))
        if row and node is not row_node:
            lines += _row_lines(row, container)
            row = []
        row_node = node
        if node is None:
            lines.append(block.text)
        else:
            row.append(block)
    return lines + _row_lines(row, container)


def _row_lines(row: Sequence[Block], container: Node) -> list[str]:
    cells = [_ancestor(b.node, container, ("td", "th")) for b in row]
    if len(row) > 1 and len({id(c) for c in cells}) == len(row):
        return [" ".join(b.text for b in row)]
    return [b.text for b in row]


def _ancestor(node: Node | None, container: Node, tags: tuple[str, ...]) -> Node | None:
    while node is not None and node is not container:
        if node.tag in tags:
            return node
        node = node.parent
    return None
