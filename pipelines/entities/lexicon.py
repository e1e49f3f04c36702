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

from ahocorasick_rs import AhoCorasick, MatchKind

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


@cache
def words(file: str, key: str) -> tuple[str, ...]:
    """The words of one list of a TOML file, each once."""
    return tuple(dict.fromkeys(str(toml_file(file)[key]).split()))


def table(file: str, key: str) -> dict[str, str]:
    """One table of a TOML file, of strings by strings."""
    return {str(name): str(value) for name, value in toml_file(file)[key].items()}


def listed(name: str) -> list[str]:
    """The words of a file that has nothing else but comments, in order."""
    return " ".join(_lines(name)).split()


@cache
def places() -> tuple[str, ...]:
    """Names of provinces and cities, without 省 and 市, and of countries."""
    return tuple(dict.fromkeys((*listed("places.txt"), *words("place_extra.toml", "countries"))))


@cache
def surnames() -> tuple[frozenset[str], frozenset[str]]:
    """Family names of one character, and of two."""
    names = listed("surnames.txt")
    compound = frozenset(word for word in names if len(word) == 2)
    return frozenset("".join(word for word in names if len(word) > 2)), compound


@cache
def foreign_characters() -> frozenset[str]:
    """Characters that foreign names and those of China's minorities are written with."""
    return frozenset(words("person_words.toml", "foreign")[0])


@dataclass(slots=True, frozen=True)
class Suffix:
    """The last word of an organisation's name; see `organisation_suffixes.toml`."""

    kind: str
    not_before: re.Pattern[str] | None
    not_after: re.Pattern[str] | None
    bare: bool
    within: bool
    placed: bool
    weak: bool
    min_lead: int
    verb: str = ""


@cache
def suffixes() -> dict[str, Suffix]:
    """Every suffix with what is known of it."""
    found: dict[str, Suffix] = {}
    for entry in toml_file("organisation_suffixes.toml")["suffix"]:
        before, after = entry.get("not_before"), entry.get("not_after")
        suffix = Suffix(
            entry["kind"],
            re.compile(before) if before else None,
            re.compile(f"(?:{after})$") if after else None,
            bool(entry.get("bare")),
            bool(entry.get("within")),
            bool(entry.get("placed")),
            bool(entry.get("weak")),
            int(entry.get("min_lead", 1)),
            str(entry.get("verb", "")),
        )
        centre = "中心" if entry.get("centre") else ""
        for word in entry["words"].split():
            found.setdefault(word + centre, suffix)
            if suffix.kind == "政府部门" and word.endswith("委员会"):
                found.setdefault(word + "办公室", suffix)
            elif suffix.kind == "政府部门" and word.endswith("办") and len(word) > 2:
                found.setdefault(word + "公室", suffix)
    return found


@cache
def forms() -> WordSet:
    """All suffixes, to find the one that ends a name."""
    return WordSet(suffixes())


@cache
def association() -> tuple[re.Pattern[str], Suffix]:
    """Where 会 ends a name that has no form of the list, by the office behind it; and how it is judged."""
    entry = toml_file("organisation_suffixes.toml")["association"]
    word = entry["word"]
    pattern = re.compile(f"{word}(?<!{entry['not_after']}{word})(?={entry['before']})")
    return pattern, Suffix("社会团体", None, None, False, False, False, False, 3)


@cache
def social() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Names of the form of a school that are social organisations, and what speaks against it."""
    entry = toml_file("organisation_suffixes.toml")["social"]
    return re.compile(f"{entry['names']}$"), re.compile(entry["unless"])


@cache
def known_organisations() -> dict[str, str]:
    """Organisations whose names have no telling last word, with the class of each."""
    found: dict[str, str] = {}
    kind = ""
    for line in _lines("organisations.txt"):
        if line.startswith("["):
            kind = line.strip("[]")
        else:
            found.update((name, kind) for name in line.split() if name not in found)
    return found


class WordSet:
    """Many words to look for at once, the longest where several begin (Aho and Corasick, 1975).

    A regular expression tries hundreds of alternatives one by one; this reads
    a text once, however many words there are. Texts must be encodable: no lone
    surrogates.
    """

    __slots__ = ("_automaton", "lengths", "words")

    def __init__(self, wanted: Iterable[str]) -> None:
        self.words = frozenset(wanted)
        self.lengths = tuple(sorted({len(word) for word in self.words}, reverse=True))
        self._automaton = AhoCorasick(sorted(self.words), matchkind=MatchKind.LeftmostLongest)

    def __contains__(self, word: str) -> bool:
        return word in self.words

    def spans(self, text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
        """Where words stand in text[start:end], none inside another; offsets into `text`."""
        if not start and end is None:
            return [(s, e) for _, s, e in self._automaton.find_matches_as_indexes(text)]
        part = text[start:end]
        return [(start + s, start + e) for _, s, e in self._automaton.find_matches_as_indexes(part)]

    def search(self, text: str, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """The first word in text[start:end]."""
        found = self.spans(text, start, end)
        return found[0] if found else None

    def match(self, text: str, start: int = 0, end: int | None = None) -> int:
        """Where the longest word ends that begins at `start`; 0 when none does."""
        limit = len(text) if end is None else end
        for length in self.lengths:
            if start + length <= limit and text[start : start + length] in self.words:
                return start + length
        return 0

    def ends_at(self, text: str, end: int) -> int:
        """Where the longest word begins that ends at `end`; -1 when none does."""
        for length in self.lengths:
            if length <= end and text[end - length : end] in self.words:
                return end - length
        return -1

    def without(self, text: str) -> str:
        """The text without the words."""
        parts, at = [], 0
        for _, start, end in self._automaton.find_matches_as_indexes(text):
            parts.append(text[at:start])
            at = end
        parts.append(text[at:])
        return "".join(parts)


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
