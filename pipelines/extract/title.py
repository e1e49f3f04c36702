"""The article's own title, by agreement between the places where a page gives it.

A page says its title in <h1>, <title>, Open Graph, JSON-LD and meta names,
mostly with the name of a column or of the site behind it in some of them. Each
place votes for what it says and for its leading parts; what the page also shows
as a line of its own gets more votes. The most votes win.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from lxml.etree import _Element as HtmlElement

from pipelines.extract.blocks import Block, Layout, Node, bare, squeeze, text_units
from pipelines.extract.date_text import find_stamps
from pipelines.extract.rules import line_kind
from pipelines.extract.sections import LINK_LINE

if TYPE_CHECKING:
    from pipelines.extract.document import Document

#: titles longer than this, in units, are text of another kind
MAX_UNITS = 120.0
#: a declared title longer than this, in characters, is a page whose tag was not closed
MAX_CHARACTERS = 600
#: a line that is how a declared title begins is the title itself from so many units on
MIN_SHOWN = 8.0
#: a shorter line votes for no title
MIN_LINE = 4.0
#: a title this short in units needs another place that agrees
MIN_UNITS = 2.0

# where a title ends and a column or site begins; a dash counts between spaces or beside CJK
_SEPARATOR = re.compile(
    r"\s*(?:_+|\|+|｜|--+|»|«|::|>>?|(?<=\s)[-–—·•/](?=\s)|(?<=[\u2010-\uffef!?])\s*-\s*(?=\S))\s*"
)
_PREPENDED = re.compile(r"^\s*(?:\[[^\]]{1,30}\]\s*)+(?=\S{4})")
_CUT = re.compile(r"(?:\.{3,}|…+)\s*$")
_CUT_INSIDE = re.compile(r"(?:\.{3,}|…+)\s*[_|｜-]")
_ORIGINAL = re.compile(r"(?:原标题|原题)\s*[:：为]+\s*[《]?(.{4,120}?)[》]?\s*[)）\]】]?$")
_SITE_WORDS = re.compile(
    r"(?:网|频道|新闻|日报|晚报|早报|时报|周刊|周报|在线|门户|资讯|官网|客户端|融媒|发布|电视台|人民政府|政府网|委员会"
    r"|数字报|电子报|电子版|民政[局厅]|基金会|论坛|社区|博客|\.com|\.cn|\.net|\.org|News|Online)$",
    re.IGNORECASE,
)
#: a declared title of a site's name only has no more units than this
MAX_SITE_NAME = 12.0
#: what marks an element as the title's in its class or id
_TITLE_NAME = re.compile(r"title|headline|biaoti|(?:^|[\W_])(?:bt|tit)(?:$|[\W_\d])", re.IGNORECASE)
#: and as a title of something else
_OTHER_TITLE = re.compile(
    r"sub-?title|fu-?biaoti|yinti|side|hot|rank|list|column|channel|site|related|recommend|nav|logo|more|section|block"
    r"|widget|foot|comment|author",
    re.IGNORECASE,
)
_FIRST = re.compile(r"[\W_]*(\w)")
#: what a big letter is, in pixels
BIG = 18.0
_SIZE = re.compile(r"font(?:-size)?\s*:[^;]*?(\d+(?:\.\d+)?)\s*(px|pt|em|rem)", re.IGNORECASE)
_PIXELS = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0}

_META = {
    "articletitle": 3.0,
    "og:title": 2.0,
    "twitter:title": 1.0,
    "dc.title": 1.0,
    "headline": 1.5,
    "title": 1.0,
}
_HEADINGS = {"h1": 3.0, "h2": 1.0, "h3": 0.5}
#: votes for a line that looks like a title, by class or size, and for one with the date right below it
_LOOKS, _OVER_DATE = 1.2, 1.5
#: a title has no more punctuation marks than this
MAX_MARKS = 8
#: a vote for the line above the text, where nothing else names a title
_ABOVE_TEXT = 1.0
#: shoulder title, title and subtitle
MAX_TITLE_LINES = 3
#: a line longer than this, in units, is no title unless something else says so
MAX_SHOWN = 50.0
#: how many lines below a title its date may stand
_DATE_WITHIN = 3


@dataclass(slots=True)
class _Votes:
    text: str
    weight: float = 0.0
    places: set[str] = field(default_factory=set)


class _Ballot:
    def __init__(self) -> None:
        self.votes: dict[str, _Votes] = {}

    def add(self, text: str, weight: float, place: str) -> None:
        text = squeeze(text)
        key = bare(text)
        if not key or text_units(text) > MAX_UNITS:
            return
        entry = self.votes.setdefault(key, _Votes(text))
        if place not in entry.places:
            entry.places.add(place)
            entry.weight += weight


def find_title(doc: Document, layout: Layout, publisher: str = "") -> str:
    """Returns the title of the page's article, "" when the page gives none.

    `publisher` is the site's name when it is known; it never is a title.
    """
    found = title_candidates(doc, layout, publisher)
    return found[0].text if found else ""


@dataclass(slots=True, frozen=True)
class TitleCandidate:
    """A text with the votes that it got, and the places that voted for it."""

    text: str
    votes: float
    places: tuple[str, ...]


def title_candidates(doc: Document, layout: Layout, publisher: str = "") -> list[TitleCandidate]:
    """Returns the candidates for the title, the winner first; one that is cut with dots in its full form."""
    sites = {bare(name) for name in (publisher, *doc.meta.get("og:site_name", ()))} - {""}
    ballot = _Ballot()
    for place, text, weight in _declared(doc):
        if len(text) > MAX_CHARACTERS:
            continue
        for variant, share in _variants(text, sites, place == "title"):
            ballot.add(variant, weight * share, place)
    _add_shown(ballot, layout)
    _add_above_text(ballot, layout.blocks)
    counted = sorted(((_weight(v, k, sites), v) for k, v in ballot.votes.items()), key=lambda pair: -pair[0])
    found = [TitleCandidate(v.text, weight, tuple(sorted(v.places))) for weight, v in counted if weight > 0]
    if found and _CUT.search(found[0].text):
        full = _uncut(found[0].text, ballot, layout)
        found[0] = TitleCandidate(full, found[0].votes, found[0].places)
    return found


def _declared(doc: Document) -> Iterator[tuple[str, str, float]]:
    """Yields place, text and weight of the titles in the page's head and data."""
    element = next(doc.root.iter("title"), None)
    if element is not None and element.text:
        yield "title", element.text, 2.0
    for name, weight in _META.items():
        for value in doc.meta.get(name, ())[:1]:
            yield name, value, weight
    for item in doc.json_ld:
        headline = item.get("headline")
        if isinstance(headline, str) and headline:
            yield "json-ld", headline, 1.5
            break


def _variants(text: str, sites: set[str], in_title: bool) -> Iterator[tuple[str, float]]:
    """Yields `text` and its leading parts, with the part of a vote that each gets."""
    text = squeeze(text)
    if prepended := _PREPENDED.match(text):
        yield text, 0.2
        text = text[prepended.end() :]
    cuts = [m.span() for m in _SEPARATOR.finditer(text)]
    if not cuts:
        yield text, 1.0
        return
    yield text, 0.4 if in_title else 0.9
    for rank, (start, _) in enumerate(cuts):
        rest = text[start:]
        head = text[:start]
        known = bare(rest) in sites or any(bare(rest).endswith(s) for s in sites) or _SITE_WORDS.search(rest)
        yield head, (1.0 if known else 0.75 if in_title else 0.5) - 0.02 * rank
    # some sites put their name first
    for _, end in cuts[:1]:
        if bare(text[:end]) in sites:
            yield text[end:], 1.0


def _add_shown(ballot: _Ballot, layout: Layout) -> None:
    """Adds headings as candidates, and votes for candidates that the page shows as a line."""
    blocks = layout.blocks
    inside = {i: n for n in layout.nodes if n.tag in _HEADINGS for i in range(n.first, n.last)}
    headings: Counter[str] = Counter()
    declared = list(ballot.votes)
    # a line that begins with another character is none of the declared titles, nor the end of one
    known = {c for votes in ballot.votes.values() for c in votes.text}
    index = 0
    while index < len(blocks):
        block = blocks[index]
        at = index
        index += 1
        if block.units > MAX_UNITS:
            continue
        if (heading := inside.get(at)) is not None:
            tag = heading.tag
            text = block.text
            # a title may run over several lines, but not into the line of the date
            while index < len(blocks) and blocks[index].node is block.node and not _is_info(blocks[index]):
                text += " " + blocks[index].text
                index += 1
            headings[tag] += 1
            if block.link_share < LINK_LINE or tag == "h1":
                hidden = block.node.factor < 0.5 or block.node.hidden
                weight = _HEADINGS[tag] / min(headings[tag], 4) / (3 if hidden else 1)
                ballot.add(_agreed(text, declared, ballot), weight, tag)
                if tag != "h1" and weight >= 1 and _over_date(blocks, at):
                    ballot.add(text, _OVER_DATE, "over date")
        elif block.units >= MIN_LINE and block.link_share < LINK_LINE:
            first = _FIRST.match(block.text)
            key = block.key if first and first[1] in known else ""
            if key in ballot.votes:
                ballot.add(block.text, 1.5, "shown")
            elif (
                key
                and block.units >= MIN_SHOWN
                and any(full.startswith(key) or full.endswith(key) for full in declared)
            ):
                ballot.add(block.text, 2.5, "shown")
            if block.units >= MIN_SHOWN and _looks_like_title(block) and not _is_info(block):
                ballot.add(block.text, _LOOKS, "looks")
                if _over_date(blocks, at):
                    ballot.add(block.text, _OVER_DATE, "over date")


def _add_above_text(ballot: _Ballot, blocks: Sequence[Block]) -> None:
    """Votes for the line that stands as a title right above the first running text; of three, the middle."""
    first = next((i for i, b in enumerate(blocks) if b.prose and b.node.factor >= 0.5), 0)
    found: list[Block] = []
    for block in reversed(blocks[:first]):
        if _is_info(block):
            continue
        if block.link_share > 0 or not MIN_SHOWN <= block.units <= MAX_SHOWN or len(found) == MAX_TITLE_LINES:
            break
        found.append(block)
    if found:
        ballot.add(found[len(found) // 2].text, _ABOVE_TEXT, "above text")


def _agreed(text: str, declared: Sequence[str], ballot: _Ballot) -> str:
    """The declared title that a heading holds beside a column's name or a date, or the heading itself."""
    key = bare(text)
    if key in ballot.votes:
        return text
    inside = [d for d in declared if len(d) * 2 >= len(key) and len(d) >= MIN_SHOWN and d in key]
    return ballot.votes[max(inside, key=len)].text if inside else text


def _is_info(block: Block) -> bool:
    """Whether a line holds a date or other fields, and no title."""
    if block.units <= MAX_UNITS and any(s.has_time or s.start < 8 for s in find_stamps(block.text) if s.year):
        return True
    return bool(line_kind(block.text, block.units, "head"))


def _over_date(blocks: Sequence[Block], index: int) -> bool:
    """Whether a date is printed a few lines below, before the text begins."""
    for block in blocks[index + 1 : index + 1 + _DATE_WITHIN]:
        if block.units > MAX_UNITS or block.prose:
            return False
        if any(s.year and s.end - s.start >= 8 for s in find_stamps(block.text)):
            return True
    return False


def _looks_like_title(block: Block) -> bool:
    """Whether a line's element, or one just around it, is named or set like a title."""
    if block.link_units > 0 or block.punctuation > MAX_MARKS or block.prose:
        return False
    node: Node | None = block.node
    for _ in range(3):
        if node is None or node.last - node.first > 3:
            break
        if _names_title(node.classes, node.id):
            return True
        if node.element.tag in ("td", "p", "div", "center", "th") and any(
            map(_is_big, (node.element, *islice(node.element, 2)))
        ):
            return True
        node = node.parent
    return False


@lru_cache(maxsize=4096)
def _names_title(classes: str, id_: str) -> bool:
    names = f"{classes} {id_}"
    return bool(_TITLE_NAME.search(names)) and not _OTHER_TITLE.search(names)


def _is_big(element: HtmlElement) -> bool:
    size = element.get("size")
    if size and element.tag == "font":
        return size.lstrip("+").isdigit() and (
            int(size.lstrip("+")) >= 4 or (size[0] == "+" and int(size) >= 1)
        )
    found = _SIZE.search(element.get("style") or "")
    return found is not None and float(found[1]) * _PIXELS[found[2].lower()] >= BIG


def _weight(votes: _Votes, key: str, sites: set[str]) -> float:
    units = text_units(votes.text)
    if key in sites or units < MIN_UNITS:
        return votes.weight * 0.1
    if units <= MAX_SITE_NAME and _SITE_WORDS.search(votes.text) and "h1" not in votes.places:
        return votes.weight * 0.3
    return votes.weight * 0.6 if units < 6 else votes.weight


def _uncut(title: str, ballot: _Ballot, layout: Layout) -> str:
    """The full form of a title that ends with dots, when the page holds it elsewhere."""
    stem = bare(_CUT.sub("", title))
    forms = [v.text for v in ballot.votes.values()]
    for block in layout.blocks:
        if block.units <= MAX_UNITS:
            if original := _ORIGINAL.search(block.text):
                forms.append(original[1])
            elif block.key.startswith(stem):
                forms.append(block.text)
    full = [
        f
        for f in forms
        if len(bare(f)) > len(stem) and bare(f).startswith(stem) and not _CUT_INSIDE.search(f)
    ]
    return min(full, key=len) if full else title
