"""Authors from markup (JSON-LD, meta, rel and itemprop), and printed bylines of other languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from pipelines.extract.document import Document, attribute_words, visible_text
from pipelines.extract.names import is_no_person, is_person, parse_names
from pipelines.extract.surroundings import Surroundings, out_of_place
from pipelines.extract.tables import load_table
from pipelines.models import Credit

MAX_NAMES = 15
"""More authors than this is a list of a site's staff."""
MAX_NAME = 60
"""A longer text is no name, in characters."""

AUTHOR_CLASS = re.compile(r"author|byline|writer|reporter|zuozhe")
"""What marks an element as the author's, in its class, id, itemprop or rel."""

_ARTICLE_TYPE = re.compile(r"article|posting|report|story|blog|opinion|review|analysis", re.IGNORECASE)
_URL_OR_ACCOUNT = re.compile(r"https?:\S*|www\.\S+|@\S*")
_BETWEEN = re.compile(r"\s*(?:[,;、，/|]|\s&\s|\s(?:and|und|et|y|e|och|og|en|и|та)\s)\s*")
_AFTER_NAME = re.compile(
    r"\s*(?:[|·•]|\s[-–—]\s|,? in [A-Z]|\d{1,2}[./ :]|\bfor\b|\bPublished\b|\bUpdated\b).*"
)
_IN_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]{0,30}[)\]]")
_TITLES = re.compile(r"^(?:Dr|Prof|Mr|Mrs|Ms)\.?\s+", re.IGNORECASE)


def markup_authors(doc: Document, *, foreign: bool) -> list[Credit]:
    """Returns the authors that the markup names: JSON-LD, else meta.

    On Chinese pages only what is shaped like a Chinese name counts, as the
    publisher's own name mostly stands there; on others (`foreign`) agencies and
    desks are bylines too.
    """
    for rule, values in (("json-ld", _json_ld_names(doc)), ("meta", _meta_names(doc))):
        found = [
            Credit(name, rule, "author", value)
            for value in values
            for name in (_foreign_names(value) if foreign else _chinese_names(value))
        ]
        if found:
            return found[:MAX_NAMES]
    return []


def printed_authors(doc: Document, around: Surroundings) -> list[Credit]:
    """Returns the authors of a page that is not Chinese from what it prints: "By A and B", rel=author."""
    for index in range(max(0, around.head.start - 4), min(len(around.lines), around.start + 2)):
        text = around.lines[index].text
        match = _byline_pattern().match(text[:160])
        if match and len(text) <= 160:
            names = _foreign_names(match[1])
            if names and len(match[1]) <= 120:
                return [Credit(name, "byline", "author", text) for name in names]
    for element in (*_marked_near(around), *_marked_elements(doc)):
        text = visible_text(element, " ")
        names = _foreign_names(text) if len(text) <= MAX_NAME * 2 else []
        if names and not out_of_place(element, above=True, own=around.own):
            return [Credit(name, "byline", "author", text) for name in names]
    return []


def _marked_near(around: Surroundings) -> Iterator[Any]:
    """Elements around the title that a class or rel marks as the author's."""
    for index in range(max(0, around.head.start - 4), around.start):
        element = around.lines[index].element
        for inner in (element, *list(element)[:3]):
            if AUTHOR_CLASS.search(f"{inner.get('rel', '')} {attribute_words(inner)}"):
                yield inner


def _marked_elements(doc: Document) -> Iterator[Any]:
    marked: Any = doc.root.xpath('//a[@rel="author"] | //*[@itemprop="author"]')
    named: Any = doc.root.xpath('//*[contains(@class,"author") or contains(@class,"byline")]')
    yield from marked[:3]
    for element in named[:10]:
        words = attribute_words(element)
        if not re.search(r"bio|image|avatar|img|more|card|desc|social|archive", words):
            yield element


def _json_ld_names(doc: Document) -> list[str]:
    by_id = {str(r["@id"]): r for r in doc.json_ld if isinstance(r.get("@id"), str)}
    for record in doc.json_ld:
        kinds = record.get("@type", "Article")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if not any(isinstance(kind, str) and _ARTICLE_TYPE.search(kind) for kind in kinds):
            continue
        names = list(_names_in(record.get("author") or record.get("creator"), by_id))
        if names:
            return names
    return []


def _names_in(value: Any, by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    for item in (value if isinstance(value, list) else [value])[:MAX_NAMES]:
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            person = item if item.get("name") else by_id.get(str(item.get("@id")), {})
            name = person.get("name")
            yield from (n for n in (name if isinstance(name, list) else [name]) if isinstance(n, str))


def _meta_names(doc: Document) -> list[str]:
    for name in load_table("credit_words.toml")["meta"]["authors"]:
        values = [v for v in doc.meta.get(name, ()) if _URL_OR_ACCOUNT.sub("", v).strip()]
        if values:
            return [v for v in values if not _URL_OR_ACCOUNT.search(v)] or values
    return []


def _chinese_names(value: str) -> list[str]:
    return [name for name in parse_names(value) if is_person(name)]


def _foreign_names(value: str) -> list[str]:
    value = _IN_BRACKETS.sub("", _URL_OR_ACCOUNT.sub("", value))
    match = _byline_pattern().match(value)
    value = _AFTER_NAME.sub("", match[1] if match else value).strip()
    names = [_TITLES.sub("", " ".join(part.split())).strip(" .:-") for part in _BETWEEN.split(value)]
    return [
        n
        for n in dict.fromkeys(names)
        if 2 <= len(n) <= MAX_NAME and len(n.split()) <= 6 and not is_no_person(n)
    ]


@cache
def _byline_pattern() -> re.Pattern[str]:
    words = load_table("credit_words.toml")["bylines"]["starts"]
    return re.compile(rf"(?:{'|'.join(map(re.escape, words))})\s*[:：]?\s+(\S.*)", re.IGNORECASE)
