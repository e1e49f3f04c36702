"""One page as one lxml tree, with what every field module needs of it.

A page is decoded by `charset.decode`, parsed once by `parse`, and never again.
Damaged input is normal: the functions here end in bounded time on any text.
They use no recursion, as a tree may be 2,048 elements deep (libxml2's limit).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lxml import etree
from lxml.etree import _Element as HtmlElement

from pipelines.extract.json_data import json_ld_records
from pipelines.extract.tables import load_table

MAX_CHARACTERS = 8_000_000
"""Text after this many characters is not read: no news page is that long."""
MAX_SCRIPT = 3_000_000
"""A longer script, in characters, is not read."""
MAX_ATTRIBUTES = 2_000
"""A tag with more "=" than this loses its attributes: libxml2 takes quadratic time over them."""
MAX_REPEATED_TAGS = 200
"""A longer run of one bare start tag is folded to a single one, so that the depth limit is not hit."""

LONG_TAG = 8000
"""Tags from so many characters on are looked at for their number of attributes."""

# control characters, which are no text; surrogates can't be encoded and go with them
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_LONG_TAG = re.compile(rf"<([a-zA-Z][\w:-]*)(\s[^<>]{{{LONG_TAG},}})>")
_REPEATED_TAG = re.compile(rf"(<[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]{{0,200}})?>)(?:\s*\1){{{MAX_REPEATED_TAGS},}}")
_NESTING_TAG = re.compile(r"</?(?!(?:p|h\d|a|title|meta|link|script|style|img|time)\b)[a-zA-Z][^<>]*>")
_SPACES = re.compile(r"[\s\u200b\ufeff]+")


@dataclass(slots=True, frozen=True, eq=False)
class Line:
    """One line of text as the screen shows it: text between two block boundaries or `<br>`s.

    `text` has single spaces and is never empty; `element` is the block element
    that holds it, `inline` the innermost element around its first characters
    (the same as `element` when bare), `linked` how many of the characters
    without spaces lie in links, `index` its position in the document.
    """

    text: str
    element: HtmlElement
    inline: HtmlElement
    linked: int
    index: int


@dataclass(slots=True, eq=False)
class Document:
    """A parsed page.

    `root` is the html element (always there, even for an empty page); `url` the
    page's own, for relative links and dates in paths; `source` the text that
    was parsed; `meta` maps lower-case name, property, itemprop or http-equiv to
    contents in order (never empty strings); `json_ld` holds each schema.org
    object, @graph and lists unrolled; `title` the text of the title element;
    `scripts` each inline script of at most `MAX_SCRIPT` characters with its
    text, JSON ones included; `times` the time elements.
    """

    root: HtmlElement
    url: str
    source: str
    meta: dict[str, list[str]]
    json_ld: list[dict[str, Any]]
    title: str
    scripts: list[tuple[HtmlElement, str]]
    times: list[HtmlElement]
    _lines: list[Line] | None = field(default=None, repr=False)

    @property
    def lines(self) -> list[Line]:
        """Every line of visible text in document order; made at first use and kept."""
        if self._lines is None:
            self._lines = list(_walk_lines(self.root))
        return self._lines

    def first_meta(self, *names: str) -> str:
        """Returns the first content of the first of the (lower-case) names that the page has, or ""."""
        for name in names:
            if name in self.meta:
                return self.meta[name][0]
        return ""


def parse(text: str, url: str = "") -> Document:
    """Parses decoded HTML into a `Document`; never raises on damaged input.

    The charset that the page declares is ignored: `text` is already decoded.
    Comments and processing instructions are dropped.
    """
    text = text[:MAX_CHARACTERS].replace("\ufffe", "").replace("\uffff", "")
    if text.count("=") > MAX_ATTRIBUTES and any(
        piece.find(">") > LONG_TAG for piece in [p for p in text.split("<") if len(p) > LONG_TAG]
    ):
        text = _LONG_TAG.sub(_without_many_attributes, text)
    root, too_deep = _tree(text, url)
    if too_deep:
        root, too_deep = _tree(_REPEATED_TAG.sub(r"\1", text), url)
    if too_deep:
        root, _ = _tree(_NESTING_TAG.sub("<br>", text), url)
    found: dict[str, list[HtmlElement]] = {"meta": [], "title": [], "script": [], "time": []}
    for element in root.iter(*found):
        found[element.tag].append(element)
    title = next((visible_text(t, " ") for t in found["title"] if not _in_svg(t)), "")
    scripts = [(e, s) for e in found["script"] if (s := e.text) and len(s) <= MAX_SCRIPT and not s.isspace()]
    return Document(
        root, url, text, _meta(found["meta"]), json_ld_records(found["script"]), title, scripts, found["time"]
    )


def _tree(text: str, url: str) -> tuple[HtmlElement, bool]:
    """Returns the html element, and whether libxml2 gave up since elements are nested too deep."""
    # a parser without lxml.html's own element classes makes elements in half the time
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    content = text.encode("utf-8", "ignore").translate(None, _CONTROLS)
    try:
        root = etree.fromstring(content, parser, base_url=url) if content else None
    except etree.XMLSyntaxError:  # no element at all: an empty page
        root = None
    if root is None:
        return etree.fromstring("<html><body></body></html>", etree.HTMLParser()), False
    return root, any("depth" in error.message for error in parser.error_log.filter_from_fatals())


def one_line(text: str) -> str:
    """Returns `text` with runs of white space, zero-width ones too, as one space, and none at the ends."""
    return _SPACES.sub(" ", text).strip()


def visible_text(element: HtmlElement, separator: str = "\n") -> str:
    """Returns what a reader sees of an element, without the text after it.

    Scripts, styles and forms' controls are left out; lines (see `Line`) are
    joined by `separator`. Elements hidden by a style are read like others.
    """
    return separator.join(line.text for line in _walk_lines(element))


def is_hidden(element: HtmlElement) -> bool:
    """Tells whether the element itself, not an ancestor, is hidden by attribute or inline style."""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    if not style:
        return False
    style = style.replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style


def attribute_words(element: HtmlElement) -> str:
    """Returns class, id and itemprop of an element as one lower-case string, to search for hints."""
    get = element.get
    return f"{get('class', '')} {get('id', '')} {get('itemprop', '')}".lower()


def _without_many_attributes(match: re.Match[str]) -> str:
    return f"<{match[1]}>" if match[2].count("=") > MAX_ATTRIBUTES else match[0]


def _in_svg(element: HtmlElement) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag in ("svg", "symbol", "g", "a")


def _meta(elements: Iterable[HtmlElement]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in elements:
        content = one_line(element.get("content", ""))
        if not content:
            continue
        for key in ("name", "property", "itemprop", "http-equiv"):
            name = element.get(key)
            if name:
                found.setdefault(name.strip().lower(), []).append(content)
    return found


@cache
def _tag_sets() -> tuple[frozenset[str], frozenset[str]]:
    """Inline elements, and those whose text no reader reads."""
    table = load_table("tags.toml")
    return frozenset(table["inline"]), frozenset(table["skipped"])


class _LineMaker:
    """Gathers text between block boundaries; `cut` hands out the line so far."""

    __slots__ = ("blocks", "in_link", "index", "inline", "inline_tags", "linked", "pieces")

    def __init__(self, root: HtmlElement, inline_tags: frozenset[str]) -> None:
        self.inline_tags = inline_tags
        self.pieces: list[str] = []
        self.inline: HtmlElement | None = None
        self.blocks = [root]
        self.linked = self.in_link = self.index = 0

    def start(self, element: HtmlElement) -> None:
        if element.tag not in self.inline_tags:
            self.blocks.append(element)
        elif element.tag == "a":
            self.in_link += 1
        if element.text:
            self.add(element.text, element)

    def end(self, element: HtmlElement) -> None:
        if element.tag not in self.inline_tags:
            self.blocks.pop()
        elif element.tag == "a":
            self.in_link -= 1

    def add(self, text: str, parent: HtmlElement) -> None:
        if not text.isspace():
            if self.inline is None:
                self.inline = parent
            if self.in_link:
                self.linked += len(_SPACES.sub("", text))
        self.pieces.append(text)

    def cut(self) -> Line | None:
        inline = self.inline
        text = one_line("".join(self.pieces)) if inline is not None else ""
        linked, self.linked, self.inline = self.linked, 0, None
        self.pieces.clear()
        if not text or inline is None:
            return None
        line = Line(text, self.blocks[-1], inline, linked, self.index)
        self.index += 1
        return line


def _walk_lines(root: HtmlElement) -> Iterator[Line]:
    """Yields the lines under `root`; iterative, since trees may be deep."""
    inline, unseen = _tag_sets()
    maker = _LineMaker(root, inline)
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if maker.pieces and tag not in inline and tag not in unseen and (line := maker.cut()):
            yield line
        if event == "start":
            if tag in unseen and element is not root:
                walk.skip_subtree()
            else:
                maker.start(element)
            continue
        if tag not in unseen:
            maker.end(element)
        if element.tail and element is not root:
            parent = element.getparent()
            maker.add(element.tail, root if parent is None else parent)
    if line := maker.cut():
        yield line
