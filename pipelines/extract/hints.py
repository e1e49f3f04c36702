"""What an element's class and id say: part of an article, beside it, or a caption."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Literal

from lxml.etree import _Element as HtmlElement

from pipelines.extract.tables import load_table

Hint = Literal["cut", "keep", "body", "caption", ""]

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
#: longest class or id that is looked at; longer ones are data, not names
MAX_NAME = 200
#: what `itemprop` says of an article's body
ARTICLE_BODY = frozenset({"articlebody", "articleBody"})


@cache
def _tables() -> tuple[dict[str, frozenset[str]], tuple[str, ...]]:
    raw = load_table("hints.toml")
    return {name: frozenset(words) for name, words in raw.items()}, tuple(raw["runs"])


def name_words(element: HtmlElement) -> frozenset[str]:
    """Returns the words of an element's class and id, and those side by side as "a+b" and "ab"."""
    return _words_of(f"{element.get('class') or ''} {element.get('id') or ''}"[:MAX_NAME])


@lru_cache(maxsize=4096)
def _words_of(names: str) -> frozenset[str]:
    return frozenset(t for name in names.split() for t in _terms([w.lower() for w in _WORD.findall(name)]))


@lru_cache(maxsize=4096)
def hint_of_names(classes: str, id_: str) -> Hint:
    """Returns what an element's class and id hint at, or "" when they say nothing."""
    classes, id_ = classes[:MAX_NAME], id_[:MAX_NAME]
    tables, _ = _tables()
    found: Hint = ""
    names = classes.split()
    if not tables["hidden"].isdisjoint(names) and not any(
        n.startswith(("d-", "md:", "lg:")) for n in names[1:]
    ):
        return "cut"
    for name in (*names, id_):
        hint = _hint_of_name(name)
        if hint in ("caption", "body"):
            return hint
        if hint == "cut" or not found:
            found = hint
    return found


@lru_cache(maxsize=8192)
def _hint_of_name(name: str) -> Hint:
    """What one name says: pages combine few names into many classes."""
    tables, runs = _tables()
    words = [w.lower() for w in _WORD.findall(name)]
    terms = set(_terms(words))
    if not terms.isdisjoint(tables["caption"]):
        return "caption"
    cut = not terms.isdisjoint(tables["cut"])
    if not cut and not terms.isdisjoint(tables["body"]):
        return "body"
    if cut or any(w.startswith(runs) or w.endswith(runs) for w in words):
        return "cut"
    return "" if terms.isdisjoint(tables["keep"]) else "keep"


def _terms(words: list[str]) -> Iterable[str]:
    yield from words
    for i in range(len(words) - 1):
        yield f"{words[i]}+{words[i + 1]}"
        yield words[i] + words[i + 1]
        if i + 2 < len(words):
            yield "+".join(words[i : i + 3])
