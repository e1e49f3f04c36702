"""JSON as pages really write it, and the schema.org objects (JSON-LD) of a page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from lxml.etree import _Element as HtmlElement

MAX_JSON_CHARACTERS = 2_000_000
"""A longer script is not read as JSON."""
MAX_RECORDS = 500
"""More schema.org objects than this on one page are not kept."""

_LINE_COMMENT = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
_WRAPPER = re.compile(
    r"\A(?:/\*.*?\*/|//\s*<!\[CDATA\[|<!\[CDATA\[|<!--)|(?://\s*\]\]>|\]\]>|-->|;)\Z", re.DOTALL
)
_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\]|\\.)*+"?|/\*(?:[^*]|\*(?!/))*+(?:\*/)?', re.DOTALL)
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+"?)|,(?=\s*[}\]])', re.DOTALL)
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')


def loads(text: str) -> Any:
    """Returns the value of tolerant JSON, or None when it can't be read.

    Beyond the standard: control characters in strings, comments, a comment or
    CDATA wrapper, trailing commas, a closing semicolon, invalid escapes,
    entities. Text above `MAX_JSON_CHARACTERS` is not read.
    """
    if len(text) > MAX_JSON_CHARACTERS:
        return None
    for repair in (lambda t: t, _without_wrapper, _repaired, lambda t: _repaired(unescape(t))):
        try:
            return json.loads(repair(text), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _without_wrapper(text: str) -> str:
    return _WRAPPER.sub("", _WRAPPER.sub("", text.strip()).strip())


def _repaired(text: str) -> str:
    text = _LINE_COMMENT.sub("", _without_wrapper(text))
    text = _STRING_OR_COMMENT.sub(lambda m: m[0] if m[0][0] == '"' else "", text)
    text = _BAD_ESCAPE.sub(r"\\\\", text)
    return _TRAILING_COMMA.sub(lambda m: m[1] or "", text)


def json_ld_records(scripts: Iterable[HtmlElement]) -> list[dict[str, Any]]:
    """Returns every schema.org object at the top level of those `scripts` that are JSON-LD, in order.

    Lists and "@graph" are unrolled; objects inside other properties stay where
    they are. A script that can't be read is skipped.
    """
    found: list[dict[str, Any]] = []
    for script in scripts:
        kind = script.get("type", "")
        if "ld+json" not in kind.lower() or not script.text:
            continue
        waiting = [loads(script.text)]
        while waiting and len(found) < MAX_RECORDS:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting[:0] = value[:MAX_RECORDS]
            elif isinstance(value, dict):
                graph = value.get("@graph")
                if isinstance(graph, list):
                    waiting[:0] = graph[:MAX_RECORDS]
                if not isinstance(graph, list) or len(value) > 2:
                    found.append(value)
    return found


def text_of(value: Any) -> str:
    """Returns the text that a JSON-LD value stands for: itself, its name, or its @value; "" for others."""
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("name") or value.get("@value") or value.get("@id") or ""
    return value if isinstance(value, str) else ""
