"""A text as the search for places sees it: what is found, where names may begin, what the text is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from pipelines.entities import divisions
from pipelines.entities.lexicon import HAN
from pipelines.entities.place_names import Form, place_words
from pipelines.models import Mention, PlaceLevel

MAX_STEM: Final = 8  # characters of a name before its ending

_HAN = re.compile(f"[{HAN}]")


@dataclass(slots=True, eq=False)
class Found:
    """One place name in a text, before it is known which place it is.

    `candidates` are the codes that it may stand for, empty for a name that the
    statistics don't know. `parent` is the place named right before it that
    holds it, `inside` marks a part of an organisation's name. `left` and
    `right` say whether a border stands before it and behind it.
    """

    start: int
    end: int
    surface: str
    form: Form
    level: PlaceLevel
    candidates: tuple[str, ...]
    parent: Found | None = None
    inside: bool = False
    left: bool = False
    right: bool = False


@dataclass(slots=True)
class Evidence:
    """The divisions that a text names clearly, and those above them."""

    codes: set[str] = field(default_factory=set)

    def add(self, codes: Sequence[str]) -> None:
        """Adds what all these candidates of one name have in common."""
        if codes:
            shared = (above for above in divisions.ancestors(codes[0]) if all_under(codes, above))
            self.codes.update(shared)

    def near(self, codes: tuple[str, ...]) -> int:
        """How near the nearest candidate is: 3 in a county of the text, 2 in a city, 1 in a province."""
        if not self.codes:
            return 0
        return next((rank for rank, above in _above(codes) if not above.isdisjoint(self.codes)), 0)


@lru_cache(maxsize=8192)
def _above(codes: tuple[str, ...]) -> tuple[tuple[int, frozenset[str]], ...]:
    """The counties, cities and provinces that hold some divisions, each with its rank."""
    return tuple(
        (rank, frozenset(code[:length] for code in codes if len(code) > length))
        for rank, length in ((3, 6), (2, 4), (1, 2))
    )


class PlaceText:
    """A text with its organisations and people."""

    def __init__(self, body: str, mentions: Sequence[Mention]) -> None:
        self.body = body
        self.words = place_words()
        self.organisations = sorted((m.start, m.end) for m in mentions if m.kind == "organisation")
        people = [(m.start, m.end) for m in mentions if m.kind == "person"]
        self._people = bytearray(len(body))
        for start, end in people:
            self._people[start:end] = b"\x01" * (min(end, len(body)) - start)
        self._borders = {start for start, _ in self.organisations}
        self._borders |= {end for _, end in (*self.organisations, *people)}

    def is_person(self, start: int, end: int) -> bool:
        """Whether a span touches the name of a person."""
        return any(self._people[start:end])

    def is_border(self, at: int) -> bool:
        """Whether a name may begin here: behind punctuation, a name, or a word that stands before places."""
        if at == 0 or at in self._borders:
            return True
        body, words = self.body, self.words
        before = body[at - 1]
        if not _HAN.match(before) or before in words.before:
            return True
        if before in "年月日时点" and body[max(0, at - 2) : at - 1].isdecimal():
            return True
        return (
            body[max(0, at - 2) : at] in words.before_words or body[max(0, at - 3) : at] in words.before_words
        )

    def is_right_border(self, at: int) -> bool:
        """Whether a name may end here: before punctuation or a character that stands behind places."""
        after = self.body[at : at + 1]
        return not _HAN.match(after) or after in self.words.after

    def is_punctuated(self, at: int) -> bool:
        """Whether the text begins here, or something else than a Chinese character stands before."""
        return at == 0 or not _HAN.match(self.body, at - 1)

    def run_start(self, stop: int) -> int:
        """Where the Chinese characters before a point begin, `MAX_STEM` of them at most."""
        start = stop
        while start > max(0, stop - MAX_STEM) and _HAN.match(self.body, start - 1):
            start -= 1
        return start

    def names_something(self, stem: str) -> bool:
        """Whether a stem holds no verb or the like, and its first and last words may be a name's."""
        words = self.words
        if stem[:2] in words.stems or stem[-2:] in words.stems or stem[-1] in words.before:
            return False
        pairs = [stem[at : at + 2] for at in range(len(stem) - 1)]
        return not any(pair in words.verbs or pair in words.before_words for pair in pairs)

    def mark(self, found: Sequence[Found]) -> None:
        """Marks what lies in the name of an organisation; `found` is in order."""
        place, spans = 0, self.organisations
        for one in found:
            while place < len(spans) and spans[place][1] <= one.start:
                place += 1
            one.inside = place < len(spans) and spans[place][0] <= one.start < spans[place][1]


class Preceding:
    """Gives the last place before a point of the text, asked in order."""

    def __init__(self, places: Sequence[Found]) -> None:
        self._places: Iterator[Found] = iter(places)
        self._next = next(self._places, None)
        self._last: Found | None = None

    def nearest(self, at: int, other: Found | None = None) -> Found | None:
        """The place that ends last at or before `at`, among these and `other`."""
        while self._next is not None and self._next.end <= at:
            self._last = self._next
            self._next = next(self._places, None)
        if other is not None and other.end <= at and (self._last is None or other.end >= self._last.end):
            return other
        return self._last

    def covers(self, at: int) -> bool:
        """Whether the next place runs across the point that was just asked for."""
        return self._next is not None and self._next.start < at < self._next.end


def all_under(codes: Sequence[str], above: str) -> bool:
    """Whether a division holds, or is, all these."""
    return all(code.startswith(above) for code in codes)


def held_by(code: str, holders: Sequence[str]) -> bool:
    """Whether a division lies in one of some others."""
    return any(len(code) > len(holder) and code.startswith(holder) for holder in holders)


def without_overlap(some: Sequence[Found], others: Sequence[Found]) -> list[Found]:
    """Both lists, each in order, as one in order; where two overlap, that of `others` stays."""
    kept: list[Found] = []
    place = 0
    for one in some:
        while place < len(others) and others[place].end <= one.start:
            place += 1
        if place == len(others) or others[place].start >= one.end:
            kept.append(one)
    return sorted([*kept, *others], key=lambda one: one.start)
