"""The body of an article: the container that holds it, and its text line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element as HtmlElement

from pipelines.extract.blocks import Block, Layout, Node, bare, lay_out
from pipelines.extract.document import Document, parse
from pipelines.extract.embedded import find_embedded
from pipelines.extract.rules import is_foot, without_ending
from pipelines.extract.scoring import choose_container
from pipelines.extract.selectors import select, select_elements
from pipelines.extract.trim import Trimmed, trim
from pipelines.models import Boilerplate

#: a body with fewer units is looked for in the page's scripts too
WEAK_BODY = 150.0
#: a page that shows fewer units shows no article
NOTHING_SHOWN = 15.0
#: how many times more text than the page shows a script must hold
MORE_IN_SCRIPT = 1.5
_MARKUP = re.compile(r"<(?:p|div|br|span|section|h\d|img|li)\b", re.IGNORECASE)


@dataclass(slots=True)
class Body:
    """What was chosen: `paragraphs` is the text, a row of a table in one line.

    `element` is the container, None when the page shows no article; `blocks`
    are the lines of the text with their elements, `layout` all lines of the page;
    `selected` tells that a site's selector chose it, `titled` that it is that of
    an object with the page's title in a script.
    """

    element: HtmlElement | None
    blocks: list[Block]
    paragraphs: list[str]
    captions: list[str]
    dropped: list[Boilerplate] = field(default_factory=list)
    layout: Layout = field(default_factory=Layout)
    node: Node | None = None
    selected: bool = False
    titled: bool = False


def find_body(
    doc: Document,
    layout: Layout | None = None,
    title: str | Sequence[str] = "",
    selectors: Sequence[str] = (),
) -> Body:
    """Chooses the container of `doc` and trims it.

    `layout` is what `lay_out(doc.root)` returned, when it has been called
    already; `title` the article's title, or it and the lines that belong to it,
    which are not part of the text;
    `selectors` the site's own expressions for the container, which win when
    they match. A page whose HTML holds next to nothing is read from its scripts.
    """
    layout = layout or lay_out(doc.root)
    lines = (title,) if isinstance(title, str) else tuple(title)
    names = _names(*lines)
    container = choose_container(layout, _description(doc), _title_index(layout, _names(lines[0])))
    if selectors and (chosen := _selected(doc, layout, names, selectors)):
        return chosen
    body = Body(None, [], [], [], layout=layout)
    if container is not None and not _only_foot(layout, container):
        body = _assemble(layout, container, trim(layout, container, names))
    if sum(b.units for b in body.blocks) < WEAK_BODY:
        body = _from_scripts(doc, body, lines[0], names)
    return body


def _only_foot(layout: Layout, container: Node) -> bool:
    """Whether the best that a page shows is the small print of its site: a shell that a script fills."""
    return all(
        is_foot(b.text, b.units) or not b.weight for b in layout.blocks[container.first : container.last]
    )


def container_body(layout: Layout, container: Node, title: str) -> Body:
    """Returns the text of a node that is known to be the container, on a page whose blocks have weights."""
    return _assemble(layout, container, trim(layout, container, _names(title)))


def _names(*titles: str) -> frozenset[str]:
    return frozenset(filter(None, map(bare, titles)))


def _selected(doc: Document, layout: Layout, names: frozenset[str], selectors: Sequence[str]) -> Body | None:
    """The body in the elements that a site's selectors give; None when they give no text."""
    bodies = [_of_text(text, doc, names, layout) for text in select(doc, selectors) if isinstance(text, str)]
    for element in select_elements(doc, selectors):
        node = next((n for n in layout.nodes if n.element is element), None)
        if node is not None:
            bodies.append(_assemble(layout, node, trim(layout, node, names)))
        else:
            bodies.append(_read_apart(element, names, layout))
    if not any(body.paragraphs for body in bodies):
        return None
    joined = _joined(bodies)
    joined.selected = True
    return joined


def _read_apart(element: HtmlElement, names: frozenset[str], page: Layout) -> Body:
    """The text of an element that is no node of the page's layout, which is `page`."""
    inside = lay_out(element)
    choose_container(inside)
    node = inside.nodes[0]
    body = _assemble(inside, node, trim(inside, node, names))
    body.layout = page
    return body


def _joined(parts: Sequence[Body]) -> Body:
    first = parts[0]
    for other in parts[1:]:
        first.blocks += other.blocks
        first.paragraphs += other.paragraphs
        first.captions += other.captions
        first.dropped += other.dropped
    return first


def _from_scripts(doc: Document, body: Body, title: str, titles: frozenset[str]) -> Body:
    """The article in the page's scripts, when it is the same one in full or the HTML shows none."""
    found = find_embedded(doc, title)
    shown = sum(b.units for b in body.blocks)
    if found is None or found.units < shown * MORE_IN_SCRIPT:
        return body
    start = bare("".join(body.paragraphs))[:20]
    if not found.titled and shown >= NOTHING_SHOWN and not (start and start in bare(found.text)):
        return body
    embedded = _of_text(found.text, doc, titles, body.layout)
    embedded.titled = found.titled
    return embedded


def _of_text(text: str, doc: Document, titles: frozenset[str], page: Layout) -> Body:
    """The body in a text that a script holds, HTML or plain."""
    text = text if _MARKUP.search(text) else "<p>" + text.replace("\n", "</p><p>")
    fragment = parse(f"<body>{text}</body>", doc.url)
    embedded = _read_apart(fragment.root, titles, page)
    embedded.element = embedded.node = None
    return embedded


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
    shortest = min(map(len, titles), default=0) // 2  # NFKC may write one character as two
    for index, block in enumerate(layout.blocks if titles else ()):
        if len(block.text) >= shortest and block.units < 120 and block.key in titles:
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
