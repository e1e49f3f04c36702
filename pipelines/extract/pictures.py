"""Lines beside a picture in a small table of their own: old layouts set captions and advertisements so."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urljoin, urlsplit

from lxml.etree import _Element as HtmlElement

from pipelines.extract.blocks import Block, Node

#: more lines than this are a table of text
MAX_LINES = 2
#: a longer line, in units, is no caption
MAX_UNITS = 60.0
#: what a picture's own link leads to: the picture, larger
PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp")


def picture_line(block: Block, container: Node) -> Literal["caption", "advertisement", ""]:
    """Says what a line is that stands in a table with a picture and little else, "" when it stands in none.

    The line is an advertisement when a picture links to a page of another site, else a caption.
    """
    if block.units > MAX_UNITS:
        return ""
    table = _table_of(block, container)
    if table is None or table.last - table.first > MAX_LINES:
        return ""
    pictures = list(table.element.iter("img"))
    if not pictures:
        return ""
    return "advertisement" if any(_leads_away(picture) for picture in pictures) else "caption"


def _table_of(block: Block, container: Node) -> Node | None:
    node: Node | None = block.node
    while node is not None and node is not container:
        if node.tag == "table":
            return node
        node = node.parent
    return None


def _leads_away(picture: HtmlElement) -> bool:
    link = next(picture.iterancestors("a"), None)
    base = picture.getroottree().docinfo.URL or ""
    if link is None or not base:
        return False
    try:
        host, own = urlsplit(urljoin(base, link.get("href") or "")).hostname, urlsplit(base).hostname
    except ValueError:
        return False
    if link.get("href", "").lower().endswith(PICTURE_SUFFIXES) or not host or not own:
        return False
    return _site(host) != _site(own)


def _site(host: str) -> str:
    """The last two labels of a host: pictures often lie on a neighbour of the page's host."""
    return ".".join(host.split(".")[-2:])
