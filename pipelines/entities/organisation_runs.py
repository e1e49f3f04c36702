"""The stretches of a text that names can be written with, and the candidates for names in them.

What all steps of finding organisations share: the words of the grammar as
patterns, and what is left of a part of a name without its kinds of work.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from pipelines.entities.divisions import full_codes
from pipelines.entities.lexicon import (
    HAN,
    Suffix,
    WordSet,
    association,
    forms,
    known_organisations,
    places,
    suffixes,
    words,
)
from pipelines.entities.segmentation import Words

MAX_NAME: Final = 30  # characters
MAX_BRANCH: Final = 8  # characters between a university and its hospital or school
_WORDS: Final = "organisation_words.toml"

# name their level themselves: 市委, 县政府
OWN_LEVEL = re.compile("[省市区县州镇乡旗](?:委|政府|政协)")
_NOT_PROPER = re.compile(rf"[^{HAN}A-Za-z0-9]")

Span = tuple[int, int]


@dataclass(slots=True, frozen=True)
class Patterns:
    """The words that runs are searched for; `held` are those that hold a breaker's characters."""

    suffix: WordSet
    breaker: WordSet
    held: frozenset[str]
    kinds: WordSet
    place: WordSet
    listed: WordSet
    connective: re.Pattern[str]
    levels: frozenset[str]
    regions: frozenset[str]


@cache
def patterns() -> Patterns:
    """The words of the grammar, ready to be looked for."""
    held = {*words(_WORDS, "protected"), *places(), *suffixes(), *known_organisations()}
    held.update(full_codes())  # 让胡路区
    return Patterns(
        suffix=forms(),
        breaker=WordSet({*held, *words(_WORDS, "breakers")}),
        held=frozenset(held),
        kinds=WordSet(words(_WORDS, "kind_words")),
        place=WordSet(places()),
        listed=WordSet(known_organisations()),
        connective=re.compile("[" + "".join(words(_WORDS, "connectives")) + "]"),
        levels=frozenset(words(_WORDS, "levels")),
        regions=frozenset(words(_WORDS, "regions")),
    )


@dataclass(slots=True)
class Candidate:
    """A name in a run: where it begins, where its form begins (its end when it has none), where it ends."""

    start: int
    form: int
    end: int
    kind: str
    rule: str = "organisation.suffix"


@dataclass(slots=True, frozen=True)
class Run:
    """A stretch that names can be written with, where it stands in the text, and the text in words.

    `forms` and `listed` are where suffixes and listed names stand in it, `broken` where breakers and
    what holds them; offsets into the stretch.
    """

    text: str
    offset: int
    before: str
    after: str
    cut: Words
    forms: list[Span]
    listed: list[Span]
    broken: list[Span]


def suffix_of(run: Run, hit: Candidate) -> Suffix:
    """What is known of the form that ends a candidate."""
    return suffixes().get(run.text[hit.form : hit.end]) or association()[1]


def character_before(run: Run, start: int) -> str:
    """The character before a name."""
    return run.text[start - 1] if start else run.before[-1:]


@lru_cache(maxsize=20_000)
def proper_part(part: str) -> str:
    """What is left of a part of a name without kinds of work, connectives and marks."""
    return _NOT_PROPER.sub("", patterns().connective.sub("", patterns().kinds.without(part)))


@lru_cache(maxsize=20_000)
def without_kinds(lead: str) -> str:
    """A lead without kinds of work and marks."""
    return _NOT_PROPER.sub("", patterns().kinds.without(lead))
