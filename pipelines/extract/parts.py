"""A paginated article: the following pages, read with the first one's container and joined in order."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.extract.blocks import Layout, Node, lay_out
from pipelines.extract.body import Body, container_body, find_body
from pipelines.extract.charset import decode
from pipelines.extract.document import parse

#: more parts than this are not read
MAX_PARTS = 100


def add_parts(
    body: Body, parts: Sequence[bytes], url: str, title: str, selectors: Sequence[str] = ()
) -> None:
    """Adds the text of an article's following pages to `body`, in order.

    A part's container is the element that has the tag, class and id of the
    first page's; a part without one is read like a page of its own. Lines that
    an earlier page has already given (a summary, a masthead) are not repeated.
    """
    seen = set(body.paragraphs)
    for content in parts[:MAX_PARTS]:
        doc = parse(decode(content).text, url)
        layout = lay_out(doc.root)
        part = find_body(doc, layout, title, selectors)
        if not selectors and body.node is not None and (same := _same_node(layout, body.node)) is not None:
            part = container_body(layout, same, title)
        fresh = [line for line in part.paragraphs if line not in seen]
        seen.update(fresh)
        body.paragraphs += fresh
        body.captions += [caption for caption in part.captions if caption not in body.captions]
        body.dropped += [line for line in part.dropped if line not in body.dropped]


def _same_node(layout: Layout, like: Node) -> Node | None:
    """The node with the tag, class and id of `like` that holds most text; None when there is none."""
    names = _names(like)
    if names[1:] == ("", ""):
        return None
    same = [node for node in layout.nodes if node.tag == like.tag and _names(node) == names]
    return max(same, key=lambda n: sum(b.weight for b in layout.blocks[n.first : n.last]), default=None)


def _names(node: Node) -> tuple[str, str, str]:
    return node.tag, node.classes, node.id
