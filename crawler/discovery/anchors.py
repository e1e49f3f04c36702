"""The links of an HTML page with what is around them, from one parse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from pipelines.extract.charset import decode
from pipelines.urls import canonical_url

_SPACE = re.compile(r"\s+")
_SCRIPTED_URL = re.compile(r"""['"]([^'"\s]*\.s?html?(?:\?[^'"\s]*)?|[^'"\s]*[?/][^'"\s]*)['"]""")


@dataclass(slots=True, frozen=True)
class Anchor:
    """One link as the page shows it.

    `url` is canonical, `text` the visible text, `title` its title attribute or
    the alternative text of its picture, `rel` its rel attribute, `place` the
    tags and classes around it without positions, so that entries of one list
    share it.
    """

    url: str
    text: str
    title: str = ""
    rel: str = ""
    place: str = ""


@dataclass(slots=True, frozen=True)
class PageLinks:
    """The anchors of a page in order, its URL, and the decoded text for what only a script says."""

    url: str
    anchors: tuple[Anchor, ...]
    text: str


def read_anchors(body: bytes, content_type: str, url: str) -> PageLinks:
    """Returns the http(s) links of an HTML page.

    `body` is the page after Content-Encoding, `url` where it was fetched. Honours
    <base href>. Gives no anchors for a page that has none or is not HTML.
    """
    text = decode(body, content_type).text
    root = parse_html(text)
    if root is None:
        return PageLinks(url, (), text)
    base = url
    for element in root.iter("base"):
        base = _joined(element.get("href") or "", url) or url
        break
    return PageLinks(url, tuple(_anchors(root, base)), text)


def parse_html(text: str) -> HtmlElement | None:
    """Returns the root of a page's decoded text, None when there is nothing in it."""
    parser = HTMLParser(encoding="utf-8")
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # nothing in it
        return None


def _anchors(root: HtmlElement, base: str) -> Iterator[Anchor]:
    for element in root.iter("a", "area", "link"):
        rel = (element.get("rel") or "").lower()
        if element.tag == "link" and rel not in ("next", "prev"):
            continue
        url = _target(element, base)
        if not url:
            continue
        text = _clean("".join(element.itertext())) if element.tag == "a" else ""
        yield Anchor(url, text, _title(element), rel, _place(element))


def _target(element: HtmlElement, base: str) -> str:
    href = (element.get("href") or "").strip()
    if href and not href.startswith("#") and not href.lower().startswith("javascript:"):
        return _joined(href, base)
    # a link that only a script opens often names its target in quotes
    found = _SCRIPTED_URL.search(href + " " + (element.get("onclick") or ""))
    return _joined(found[1], base) if found else ""


def _joined(href: str, base: str) -> str:
    try:
        return canonical_url(href, base)
    except ValueError:
        return ""


def _title(element: HtmlElement) -> str:
    title = element.get("title")
    if not title:
        title = next((image.get("alt") or "" for image in element.iter("img")), "")
    return _clean(title)


def _clean(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _place(element: HtmlElement) -> str:
    steps: list[str] = []
    parent = element.getparent()
    while parent is not None and len(steps) < 4:
        steps.append(f"{parent.tag}.{(parent.get('class') or '').split(' ')[0]}")
        parent = parent.getparent()
    return "/".join(steps)
