"""What a page's markup claims about its time: meta elements, JSON-LD, time elements, scripts, the URL."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.extract.date_text import Stamp, read_stamp
from pipelines.extract.document import Document
from pipelines.extract.json_data import text_of
from pipelines.extract.surroundings import out_of_place
from pipelines.extract.tables import load_table

MAX_SCRIPT_HITS = 40
"""A page with more dates in scripts than this lists other articles there."""

_ARTICLE_TYPE = re.compile(r"article|posting|report|webpage|story|blog", re.IGNORECASE)
_URL_DAY = (
    re.compile(r"/(20[0-3]\d)[-/_]?(0?[1-9]|1[0-2])[-/_](0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)"),
    re.compile(r"(?:/|[tnca]_?|_|-)(20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\D|$|\d{3,})"),
    re.compile(r"/(20[0-3]\d)[-/]?(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"),
)
_URL_MONTH = re.compile(r"/(20[0-3]\d)[-/]?(0[1-9]|1[0-2])/")


@dataclass(slots=True, frozen=True)
class Claim:
    """A stamp found in markup, the rule that found it, its raw text, and how far it is trusted (0 to 100)."""

    stamp: Stamp
    rule: str
    raw: str
    trust: int
    modified: bool = False


def markup_claims(doc: Document) -> Iterator[Claim]:
    """Yields the claims of JSON-LD, meta and time elements, published and modified."""
    yield from _json_ld(doc)
    words = load_table("date_words.toml")["meta"]
    for modified, names in ((False, words["published"]), (True, words["modified"])):
        for position, name in enumerate(names):
            for value in doc.meta.get(name, ())[:1]:
                if stamp := _plausible(value):
                    yield Claim(stamp, f"meta {name}", value, 78 - position // 4, modified)
    yield from _time_elements(doc)


def _json_ld(doc: Document) -> Iterator[Claim]:
    for record in doc.json_ld:
        kind = record.get("@type", "")
        kinds = kind if isinstance(kind, list) else [kind]
        typed = any(isinstance(k, str) and _ARTICLE_TYPE.search(k) for k in kinds)
        if kind and not typed:
            continue
        page = all(isinstance(k, str) and "webpage" in k.lower() for k in kinds)
        for key, modified in (
            ("datePublished", False), ("pubDate", False), ("dateCreated", False), ("uploadDate", False),
            ("dateModified", True), ("upDate", True),
        ):  # fmt: skip
            value = text_of(record.get(key))
            if stamp := _plausible(value):
                trust = 81 - 2 * page - 4 * (key in ("dateCreated", "uploadDate"))
                yield Claim(stamp, f"json-ld {key}", value, trust, modified)


def _time_elements(doc: Document) -> Iterator[Claim]:
    for count, element in enumerate(doc.times):
        if count >= 10:
            break
        value = element.get("datetime") or element.get("content") or (element.text or "")
        stamp = _plausible(value)
        if stamp is None or out_of_place(element):
            continue
        hints = (
            f"{element.get('itemprop', '')} {element.get('class', '')} {element.get('pubdate', '')}".lower()
        )
        modified = "modif" in hints or ("updated" in hints.split() and "published" not in hints)
        trust = 70 if "publi" in hints or element.get("pubdate") is not None else 60
        yield Claim(stamp, "time element", value, trust - count, modified)
    marked_up = "itemprop" in doc.source
    for name, modified in (("datePublished", False), ("dateModified", True)) if marked_up else ():
        if name not in doc.source:
            continue
        marked: Any = doc.root.xpath(f'//*[@itemprop="{name}"]')
        for element in marked[:2]:
            value = element.get("datetime") or element.get("content") or (element.text or "")
            if element.tag not in ("time", "meta") and (stamp := _plausible(value)):
                yield Claim(stamp, f"itemprop {name}", value, 72, modified)


def script_claims(doc: Document) -> Iterator[Claim]:
    """Yields dates and Unix times that scripts keep under the names that publishing systems use.

    A name with many different values belongs to a list of articles, so it is trusted less.
    """
    names = _script_pattern()
    for _, text in doc.scripts:
        hits = [m.groups() for m, _ in zip(names.finditer(text), range(MAX_SCRIPT_HITS), strict=False)]
        values: dict[str, Counter[str]] = {}
        for name, value in hits:
            values.setdefault(name, Counter())[value] += 1
        for name, counted in values.items():
            value = next(iter(counted))
            if stamp := _plausible(value):
                yield Claim(stamp, f"script {name}", value, 56 if len(counted) <= 2 else 31)


def url_day(url: str) -> Stamp | None:
    """Returns the day that a URL's path gives (/2020-10/04/, /20200911/, t20210305_), or None."""
    path = url.partition("?")[0]
    path = path[path.find("/", 8) :] if "://" in path else path
    for pattern in _URL_DAY:
        if match := pattern.search(path):
            return Stamp(int(match[1]), int(match[2]), int(match[3]))
    return None


def url_year(url: str) -> int:
    """Returns the year that a URL's path gives with its day or month, or 0."""
    if day := url_day(url):
        return day.year
    month = _URL_MONTH.search(url)
    return int(month[1]) if month else 0


def _plausible(value: str) -> Stamp | None:
    stamp = read_stamp(value[:60]) if value else None
    return stamp if stamp and (stamp.year or stamp.seconds_ago is not None) else None


@cache
def _script_pattern() -> re.Pattern[str]:
    names = "|".join(load_table("date_words.toml")["script"]["published"])
    return re.compile(
        rf"""(?<![\w$.])(?:var |window\.)?["']?({names})\\?["']?\s*[:=]\s*(?:new Date\()?\\?["']?"""
        r"""(20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?"""
        r"""(?:[T ]?\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?|1\d{9}(?:\d{3})?)(?!\d)"""
    )
