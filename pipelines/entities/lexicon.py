"""The word lists of this package, read once, and regular expressions made from them."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

# a Chinese character, as names are written with
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff"


def _read(name: str) -> str:
    return files("pipelines.entities").joinpath(name).read_text("utf-8")


@cache
def toml_file(name: str) -> dict[str, Any]:
    """A TOML file of this package as it is."""
    return tomllib.loads(_read(name))


def _lines(name: str) -> list[str]:
    return [line for line in _read(name).split("\n") if line and not line.startswith("#")]


def words(file: str, key: str) -> tuple[str, ...]:
    """The words of one list of a TOML file, each once."""
    return tuple(dict.fromkeys(str(toml_file(file)[key]).split()))


@cache
def places() -> tuple[str, ...]:
    """Names of provinces and cities, without 省 and 市, and of countries."""
    return tuple(dict.fromkeys(" ".join(_lines("places.txt")).split()))


@cache
def surnames() -> tuple[frozenset[str], frozenset[str]]:
    """Family names of one character, and of two."""
    listed = " ".join(_lines("surnames.txt")).split()
    compound = frozenset(word for word in listed if len(word) == 2)
    return frozenset("".join(word for word in listed if len(word) > 2)), compound


@dataclass(slots=True, frozen=True)
class Suffix:
    """The last word of an organisation's name; see `organisation_suffixes.toml`."""

    kind: str
    not_before: re.Pattern[str] | None
    bare: bool
    min_lead: int


@cache
def suffixes() -> dict[str, Suffix]:
    """Every suffix with what is known of it."""
    found: dict[str, Suffix] = {}
    for entry in toml_file("organisation_suffixes.toml")["suffix"]:
        pattern = entry.get("not_before")
        suffix = Suffix(
            entry["kind"],
            re.compile(pattern) if pattern else None,
            bool(entry.get("bare")),
            int(entry.get("min_lead", 1)),
        )
        for word in entry["words"].split():
            found.setdefault(word, suffix)
    return found


def alternatives(wanted: Iterable[str]) -> str:
    """A regular expression for any of the words, longest first, that branches on their characters.

    Python's `re` tries alternatives one by one; sharing their first characters
    makes a list of hundreds of words several times quicker.
    """
    return _trie(sorted(set(wanted)))


def _trie(wanted: list[str]) -> str:
    ends = "" in wanted
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for word in wanted:
        if word:
            groups[word[0]].append(word[1:])
    branches = [re.escape(first) + _trie(rest) for first, rest in groups.items()]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 and not ends else f"(?:{'|'.join(branches)})"
    return f"{joined}?" if ends else joined
