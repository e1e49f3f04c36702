"""What the page of an article is built of around its text, by which a new template is told from old ones.

A template is the set of elements on the way from the body of a page down to
the container of the text, with the neighbours of each: tag, class and id. Two
pages of one template share most of them, whatever they say; how many is the
Jaccard coefficient of the sets, of which a bottom-k sketch is kept (Broder, "On
the resemblance and containment of documents", 1997).
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from functools import lru_cache
from hashlib import blake2b

from lxml.etree import _Element as HtmlElement

from pipelines.models import Template

SKETCH = 64
"""Elements that are kept of a template at most; most have 20 to 40."""

MAX_DEPTH = 40
"""So many elements on the way are looked at, from the innermost."""

MAX_NEIGHBOURS = 60
"""So many neighbours of each."""

SHOWN = 3
"""Elements that `Template.way` names."""

# what pages are built of; what an editor writes into a text (p, a, img, span) says nothing of the template
_BUILT_OF = (
    *("article", "aside", "center", "div", "dl", "fieldset", "footer", "form", "h1", "h2", "h3", "header"),
    *("main", "nav", "ol", "section", "table", "tbody", "td", "tr", "ul"),
)
_PARTS = re.compile(r"[-_\s]+")
# numbers in names are of the article (post-1234) or of the day's build, but for short ones (col-1, main2)
_NAME = re.compile(r"([a-z]{2,})\d{0,3}", re.IGNORECASE)


def template_of(root: HtmlElement, container: HtmlElement | None) -> Template:
    """Returns the template of a page whose text stands in `container`, None for a text out of a script."""
    way: list[HtmlElement] = []
    element = container
    while element is not None and element.tag != "html" and len(way) < MAX_DEPTH:
        way.append(element)
        element = element.getparent()
    found = {_sign(element) for element in way}
    # what is inside of the container is the article's own
    for parent in way[1:] or root.findall("body"):
        sign = _sign(parent)
        for number, child in enumerate(parent.iterchildren(*_BUILT_OF)):
            if number == MAX_NEIGHBOURS:
                break
            found.add(f"{sign}>{_sign(child)}")
    shown = " > ".join(_sign(element) for element in reversed(way[:SHOWN]))
    return Template(tuple(sorted(map(_hashed, found))[:SKETCH]), shown)


def likeness(one: AbstractSet[int], other: AbstractSet[int]) -> float:
    """Returns how much two templates share, 0 to 1, by their sketches."""
    smallest = sorted(one | other)[:SKETCH]
    return sum(value in one and value in other for value in smallest) / len(smallest) if smallest else 1.0


def _sign(element: HtmlElement) -> str:
    names = _names(f"{element.get('class', '')} {element.get('id', '')}")
    return f"{element.tag}.{names}" if names else str(element.tag)


@lru_cache(maxsize=4096)
def _names(attributes: str) -> str:
    parts = (_NAME.fullmatch(part) for part in _PARTS.split(attributes))
    return ".".join(sorted({part[1].lower() for part in parts if part}))


@lru_cache(maxsize=8192)
def _hashed(sign: str) -> int:
    return int.from_bytes(blake2b(sign.encode("utf-8", "replace"), digest_size=4).digest(), "big")
