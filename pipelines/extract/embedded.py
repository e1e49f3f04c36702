"""The article in a script's data, for pages whose HTML holds none until a script has run.

Read are the articleBody of JSON-LD, the JSON of data scripts (as Next.js
writes it), objects assigned to a variable (window.__INITIAL_STATE__ = {...}),
where a script is no JSON its long string literals, and hidden text fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any

from pipelines.extract.blocks import bare, text_units
from pipelines.extract.json_data import loads, text_of

if TYPE_CHECKING:
    from pipelines.extract.document import Document

#: shorter texts, in units, are no articles
MIN_TEXT = 40.0
#: and shorter ones not either when their object bears the page's title
MIN_TITLED = 15.0
#: more values than this are not looked at in one script
MAX_VALUES = 50_000
#: shorter string literals are not looked at, in characters
MIN_LITERAL = 80
#: in one script no more objects given to a variable are read
MAX_ASSIGNMENTS = 300
_ASSIGNMENT = re.compile(r"(?<=[\w$\]\"' ])=\s{0,8}(?=[{\[]|JSON\.parse\()")
_JSON_PARSE = re.compile(r"JSON\.parse\(\s{0,8}(\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+')")
_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*+)"|\'((?:[^\'\\\n]|\\.)*+)\'')
_INNER_QUOTE = re.compile(r'\\\\|\\\'|"')
_MARKUP = re.compile(r"<[/a-zA-Z!][^<>]*>")
_FULL_STOP = re.compile(r"[。！？!?]|[.](?:\s|$)")
_TEXT_KEYS = re.compile(
    r"(?:article_?body|content|body|text|html|detail|paragraphs?|main|zhengwen|neirong|maintext)(?:s|_?html|_?text)?$",
    re.IGNORECASE,
)
#: a longer text, in characters, is no title
MAX_TITLE = 300
#: a title shorter than this, without punctuation, is not looked for in scripts
MIN_KEY = 5
#: what publishing systems call the publisher that a text comes from
SOURCE_KEYS = (
    "source", "sourceName", "source_name", "newsSource", "articleSource", "mediaName", "media_name", "media",
    "copyfrom", "copyFrom", "origin", "originName", "from", "sitename",
)  # fmt: skip
#: and who wrote it
AUTHOR_KEYS = ("author", "authorName", "author_name", "authors", "writer", "reporter")
_FIELD_KEY = re.compile("|".join((*SOURCE_KEYS, *AUTHOR_KEYS)))
_FIELD_KEYS = re.compile(rf"""["'](?:{_FIELD_KEY.pattern})\\?["']\s*:""")
_TITLE_KEY = re.compile(r"(?:title|headline|name)$", re.IGNORECASE)
_PIECE_KEYS = ("text", "content", "value", "html", "data", "p")


@dataclass(slots=True, frozen=True)
class Candidate:
    """A text found in a script, HTML or plain; `titled` when its object bears the page's title."""

    text: str
    units: float
    titled: bool


def find_embedded(doc: Document, title: str) -> Candidate | None:
    """Returns the most article-like text in the page's scripts, or None."""
    best: Candidate | None = None
    key = bare(title)
    for text, titled in _texts(doc, key):
        plain = _MARKUP.sub("", text)
        units = text_units(plain)
        if units < (MIN_TITLED if titled else MIN_TEXT) or not _FULL_STOP.search(plain) or _is_code(plain):
            continue
        candidate = Candidate(text, units, titled)
        if best is None or (candidate.titled, candidate.units) > (best.titled, best.units):
            best = candidate
    return best


def find_record(doc: Document, title: str) -> dict[str, Any]:
    """Returns the object in the page's scripts that bears the article's title, {} when there is none."""
    key = bare(title)
    head = title[:6]
    for element, script in doc.scripts if len(key) >= MIN_KEY else ():
        kind = (element.get("type") or "").lower()
        if "ld+json" in kind or not (head in script or "\\u" in script) or not _FIELD_KEYS.search(script):
            continue
        for value in _values(script, "json" in kind):
            if found := _bearer(value, key):
                return found
    return {}


def _bearer(value: Any, key: str) -> dict[str, Any]:
    waiting, seen = [value], 0
    while waiting and seen < MAX_VALUES:
        current = waiting.pop(0)
        seen += 1
        if isinstance(current, dict):
            if _bears(current, key) and any(_FIELD_KEY.fullmatch(str(name)) for name in current):
                return current
            waiting.extend(child for child in current.values() if isinstance(child, (dict, list)))
        elif isinstance(current, list):
            waiting.extend(child for child in current[:MAX_VALUES] if isinstance(child, (dict, list)))
    return {}


def script_values(doc: Document) -> Iterator[Any]:
    """Yields the JSON values that the page's scripts hold: data scripts, then objects given to a variable."""
    yield from doc.json_ld
    for element, script in doc.scripts:
        kind = (element.get("type") or "").lower()
        if "ld+json" not in kind:
            yield from _values(script, "json" in kind)


def _is_code(text: str) -> bool:
    return text.count("{") + text.count(";") > len(text) / 60


def _texts(doc: Document, key: str) -> Iterator[tuple[str, bool]]:
    for item in doc.json_ld:
        if text := text_of(item.get("articleBody", "")):
            yield text, True
    for element, script in doc.scripts:
        kind = (element.get("type") or "").lower()
        if "ld+json" in kind:
            continue
        found = False
        for value in _values(script, "json" in kind):
            found = True
            yield from _walk(value, key)
        if not found:
            yield from ((text, False) for text in _literals(script))
    for area in doc.root.iter("textarea"):  # some sites hand the text to their script in a hidden field
        if area.text and len(area.text) >= MIN_LITERAL and "<p" in area.text:
            yield area.text, False


def _values(script: str, is_json: bool) -> Iterator[Any]:
    if is_json:
        value = loads(script)
        if value is not None:
            yield value
        return
    decoder = json.JSONDecoder(strict=False)
    for match in islice(_ASSIGNMENT.finditer(script), MAX_ASSIGNMENTS):
        try:
            if parsed := _JSON_PARSE.match(script, match.end()):
                yield loads(json.loads(f'"{parsed[1][1:-1]}"', strict=False))
            else:
                yield decoder.raw_decode(script, match.end())[0]
        except (ValueError, RecursionError):
            continue


def _literals(script: str) -> Iterator[str]:
    for match in _LITERAL.finditer(script):
        text = match[1] or match[2] or ""
        if len(text) < MIN_LITERAL:
            continue
        if match[2]:  # in single quotes: \' is no escape of JSON, and a bare " would end the text
            text = _INNER_QUOTE.sub(lambda m: {"\\'": "'", '"': '\\"'}.get(m[0], m[0]), text)
        try:
            yield _as_html(json.loads(f'"{text}"', strict=False))
        except ValueError:
            continue


def _as_html(text: str) -> str:
    return unescape(text) if "&lt;" in text and "<" not in text else text


def _walk(value: Any, key: str) -> Iterator[tuple[str, bool]]:
    """Yields the texts under telling names in `value`, and lists of paragraphs joined."""
    waiting: list[tuple[Any, bool]] = [(value, False)]
    seen = 0
    while waiting and seen < MAX_VALUES:
        current, titled = waiting.pop()
        seen += 1
        if isinstance(current, dict):
            here = titled or _bears(current, key)
            for name, child in current.items():
                if isinstance(child, str) and _TEXT_KEYS.search(str(name)):
                    yield _as_html(child), here
                elif isinstance(child, (dict, list)):
                    if isinstance(child, list) and _TEXT_KEYS.search(str(name)):
                        yield _joined(child), here
                    # what stands in lists under an object is not that object's own any more
                    waiting.append((child, here and isinstance(child, dict)))
        elif isinstance(current, list):
            waiting.extend(
                (child, titled) for child in current[:MAX_VALUES] if isinstance(child, (dict, list))
            )


def _bears(value: dict[str, Any], key: str) -> bool:
    if not key:
        return False
    return any(
        isinstance(text, str) and len(text) < MAX_TITLE and _TITLE_KEY.search(str(name)) and bare(text) == key
        for name, text in value.items()
    )


def _joined(items: list[Any]) -> str:
    pieces = []
    for item in items[:2000]:
        if isinstance(item, str):
            pieces.append(item)
        elif isinstance(item, dict):
            piece = next((item[k] for k in _PIECE_KEYS if isinstance(item.get(k), str)), "")
            pieces.append(piece)
    return "\n".join(p for p in pieces if p and not p.startswith("http"))
