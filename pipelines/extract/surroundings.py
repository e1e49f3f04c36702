"""Where things stand around an article: the lines above its text, the text, the lines below.

Dates, sources and bylines are printed between the title and the text, or just
after it. What is printed elsewhere on a page belongs to other articles.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from lxml.etree import _Element as HtmlElement

from pipelines.extract.document import Document

MAX_TAIL_LINES = 15
"""So many lines after the text may still credit somebody."""
MAX_HEAD_LINES = 30
"""So many lines before the text are looked at when the title is not found."""

_MARKS = re.compile(r"[\W_]+")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_OTHERS = re.compile(
    r"comment|reply|repl_|pinglun|recommend|related|xiangguan|tuijian|hot-?news|rank|sidebar|tie-|gentie"
    r"|news-?list|article-?list|post-?list|swiper|carousel|popular"
)
_FOREIGN_PLACE = re.compile(_OTHERS.pattern + r"|footer|\bfoot|copyright|breadcrumb|\bnav\b|aside-|latest")


class TextLine(Protocol):
    """A line of text and the block element that holds it."""

    @property
    def text(self) -> str:
        """The visible text, single spaces."""

    @property
    def element(self) -> HtmlElement:
        """The block element."""


class BodyLike(Protocol):
    """What is asked of an article's body: its lines; they may be none."""

    @property
    def blocks(self) -> Sequence[TextLine]:
        """The lines of the text in order."""


@dataclass(slots=True)
class Surroundings:
    """All lines of a page, and indices into them.

    The title stands at `title` (-1 when not found); the text is
    lines[start:end]; `chinese` tells whether the article is written in Chinese;
    `own` holds the elements around the text, which can't be somebody else's.
    """

    lines: Sequence[TextLine]
    title: int
    start: int
    end: int
    chinese: bool
    own: frozenset[HtmlElement] = frozenset()

    @property
    def head(self) -> range:
        """Indices from the title (or some lines above the text) to the text."""
        first = self.title if self.title >= 0 else max(0, self.start - MAX_HEAD_LINES)
        return range(first, self.start)

    def spaced(self, index: int) -> str:
        """The text of a line with a space wherever a tag stands in it."""
        return str(getattr(self.lines[index], "spaced", self.lines[index].text))

    def out_of_place(self, index: int, *, above: bool = False) -> bool:
        """Tells whether a line stands among comments, recommendations or the page's foot."""
        return out_of_place(self.lines[index].element, above=above, own=self.own)

    @property
    def tail(self) -> range:
        """Indices of the lines just after the text."""
        return range(self.end, min(len(self.lines), self.end + MAX_TAIL_LINES))


def look_around(doc: Document, body: BodyLike, title: str = "") -> Surroundings:
    """Finds the `title`, or what the page's head says it is, and the text among the lines of the page.

    The lines are those of `body.layout` when it has one (they are the same
    objects as `body.blocks`), else the document's own, matched by their text.
    """
    layout = getattr(body, "layout", None)
    lines: Sequence[TextLine] = getattr(layout, "blocks", None) or doc.lines
    start, end = _span(lines, body.blocks)
    at = _title_index([title, doc.first_meta("og:title"), doc.title], lines, start)
    if not body.blocks:
        start = end = min(len(lines), at + MAX_HEAD_LINES) if at >= 0 else len(lines)
    sample = doc.title + "".join(b.text[:500] for b in body.blocks[:20])
    chinese = len(_CJK.findall(sample)) * 4 > len(_MARKS.sub("", sample))
    own = frozenset(body.blocks[0].element.iterancestors()) if body.blocks else frozenset()
    return Surroundings(lines, at, start, end, chinese, own)


def out_of_place(
    element: HtmlElement, *, above: bool = False, own: frozenset[HtmlElement] = frozenset()
) -> bool:
    """Tells whether an element stands among comments, recommendations or the page's foot.

    With `above`, for lines between title and text, a foot is that of the
    article's own heading. Elements in `own` hold the article too.
    """
    node: HtmlElement | None = element
    for _ in range(6):
        if node is None or node.tag in ("body", "html") or node in own:
            return False
        if node.tag in ("footer", "nav") and node is not element:
            return not above
        if _names_others(node.get("class"), node.get("id"), above):
            return True
        node = node.getparent()
    return False


@lru_cache(maxsize=4096)
def _names_others(classes: str | None, id_: str | None, above: bool) -> bool:
    pattern = _OTHERS if above else _FOREIGN_PLACE
    return pattern.search(f"{classes or ''} {id_ or ''}".lower()) is not None


def _span(lines: Sequence[TextLine], blocks: Sequence[TextLine]) -> tuple[int, int]:
    if not blocks:
        return len(lines), len(lines)
    by_id = {id(line): index for index, line in enumerate(lines)}
    found = [by_id[id(block)] for block in blocks if id(block) in by_id]
    if not found:
        by_text = {line.text: index for index, line in reversed(list(enumerate(lines)))}
        found = [by_text[block.text] for block in blocks if block.text in by_text]
    return (min(found), max(found) + 1) if found else (len(lines), len(lines))


def _title_index(forms: Sequence[str], lines: Sequence[TextLine], start: int) -> int:
    """Index of the last line before the text that one of the forms of the title begins with."""
    titles = [_MARKS.sub("", t) for t in forms if t]
    best, named = -1, False
    for index in range(min(start + 1, len(lines))):
        text = lines[index].text
        if not 4 <= len(text) <= 200:
            continue
        element = lines[index].element
        heading = element.tag in ("h1", "h2")
        bare = _MARKS.sub("", text)
        if len(bare) >= (2 if heading else 6) and any(
            t.startswith(bare) or bare.startswith(t) or (heading and bare in t) for t in titles if len(t) >= 4
        ):
            best = index
            named = True
        elif element.tag == "h1" and not named and len(bare) >= 6:
            best = index
    return best
