"""The names that places are looked for by, and the words that tell a name from what looks like one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from ahocorasick_rs import AhoCorasick, MatchKind

from pipelines.entities import divisions
from pipelines.entities.lexicon import alternatives, table, words
from pipelines.entities.segmentation import readable
from pipelines.models import PlaceLevel

# how a place is found: by its official name or a short form, by its ending (lower, spot), among countries
Form = Literal["full", "short", "lower", "spot", "country", "shadow"]

_WORDS: Final = "place_words.toml"
_EXTRA: Final = "place_extra.toml"


@dataclass(slots=True, frozen=True)
class Name:
    """A name that is looked up as it stands, with the codes that it may stand for.

    The form "shadow" marks a longer name that holds a place's and is none itself (阿里巴巴).
    """

    text: str
    form: Form
    level: PlaceLevel
    codes: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class PlaceWords:
    """The lists of place_words.toml, which says what each is for."""

    everyday: frozenset[str]
    careful: frozenset[str]
    careful_cities: frozenset[str]
    careful_abroad: frozenset[str]
    generic: frozenset[str]
    tails: frozenset[str]
    not_tails: frozenset[str]
    lands: frozenset[str]
    not_before: re.Pattern[str]
    before: frozenset[str]
    before_words: frozenset[str]
    after: frozenset[str]
    not_in_names: re.Pattern[str]
    not_in_new_names: re.Pattern[str]
    stems: frozenset[str]
    common: frozenset[str]
    verbs: frozenset[str]
    spot: re.Pattern[str]
    spot_held: frozenset[str]
    spot_stems: frozenset[str]


@cache
def place_words() -> PlaceWords:
    """The words, read once."""
    spots = table(_WORDS, "spots")
    ends = [*spots["ends"].split(), *spots["ends_held"].split()]
    not_before = alternatives(words(_WORDS, "not_before"))

    def listed(key: str) -> frozenset[str]:
        return frozenset(words(_WORDS, key))

    def characters(key: str) -> str:
        return "".join(words(_WORDS, key))

    return PlaceWords(
        everyday=listed("everyday"),
        careful=listed("careful"),
        careful_cities=listed("careful_cities"),
        careful_abroad=listed("careful_abroad"),
        generic=listed("generic"),
        tails=listed("tails"),
        not_tails=listed("not_tails"),
        lands=listed("lands"),
        not_before=re.compile(f"(?!{alternatives(words(_WORDS, 'but'))}){not_before}"),
        before=frozenset(characters("before")),
        before_words=listed("before_words"),
        after=frozenset(characters("after")),
        not_in_names=re.compile(f"[{characters('not_in_names')}]"),
        not_in_new_names=re.compile(f"[{characters('not_in_names')}{characters('not_in_new_names')}]"),
        stems=listed("stems"),
        common=listed("common"),
        verbs=listed("verbs"),
        spot=re.compile(f"{alternatives(ends)}(?!{alternatives(spots['not_before'].split())})"),
        spot_held=frozenset(spots["ends_held"].split()),
        spot_stems=frozenset(spots["stems"].split()),
    )


@cache
def heads() -> dict[str, list[Name]]:
    """The names from country to county by their first two characters, the longest first."""
    known: dict[str, Name] = {}
    forms: list[tuple[Form, dict[str, list[str]]]] = [
        ("full", divisions.full_codes()),
        ("short", divisions.short_codes()),
    ]
    for form, names in forms:
        for text, codes in names.items():
            known.setdefault(text, Name(text, form, divisions.level_of(codes[0]), tuple(codes)))
    for text, code in table(_EXTRA, "colloquial").items():
        others = known[text].codes if text in known else ()
        known[text] = Name(text, "short", divisions.level_of(code), (code, *others))
    for text, code in table(_EXTRA, "renamed").items():
        known.setdefault(text, Name(text, "full", divisions.level_of(code), (code,)))
    for text in words(_EXTRA, "countries"):
        known.setdefault(text, Name(text, "country", "country", ()))
    for text in words(_EXTRA, "cities"):
        known.setdefault(text, Name(text, "country", "spot", ()))
    for text in words(_WORDS, "shadows"):
        known[text] = Name(text, "shadow", "spot", ())
    by_head: dict[str, list[Name]] = {}
    for name in known.values():
        by_head.setdefault(name.text[:2], []).append(name)
    for longest_first in by_head.values():
        longest_first.sort(key=lambda name: -len(name.text))
    return by_head


@cache
def _head_automaton() -> AhoCorasick:
    return AhoCorasick(sorted(heads()), matchkind=MatchKind.Standard)


def head_places(body: str) -> list[int]:
    """Where the first two characters of any name stand, in order."""
    found = _head_automaton().find_matches_as_indexes(readable(body), overlapping=True)
    return [start for _, start, _ in found]
