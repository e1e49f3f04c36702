"""Which texts are worth comparing: those that share anchors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from pipelines.dedup.shingles import expected_anchors
from pipelines.models import Fingerprint

# texts that may stand under one anchor: later ones with a common phrase add nothing that tells texts apart
MAX_HOLDERS: Final = 128
# pairs compared for one text, the most alike first; after so many different texts in a row none is alike
MAX_COMPARED: Final = 128
MAX_MISSES: Final = 24
# holders of anchors that are counted for one text, those of the rarest anchors first
MAX_HITS: Final = 1500
# the share of the shorter text's anchors that has to be common, and from which length on one is not enough
MIN_COMMON: Final = 0.12
ONE_SUFFICES: Final = 100  # characters


def hits(holders: Collection[Sequence[int]]) -> tuple[Counter[int], float]:
    """How many anchors a text shares with each other text, and the share of its anchors that were counted.

    `holders` are the texts that have each of its anchors. What many texts have
    tells little, so it is left out where there is enough that fewer have.
    """
    count: Counter[int] = Counter()
    total = seen = 0
    for numbers in sorted(holders, key=len):
        if total + len(numbers) > MAX_HITS and total:
            break
        total += len(numbers)
        seen += 1
        count.update(numbers)
    return count, seen / max(1, len(holders))


def promising(
    own: int, hits: Mapping[int, int], lengths: Mapping[int, int], counted: float = 1.0
) -> list[int]:
    """Those texts that are worth comparing with one of `own` characters, at most MAX_COMPARED.

    `hits` has the number of anchors that each of them shares with it, `lengths`
    their lengths in characters, `counted` is the share of its anchors that were
    looked at.
    """
    found = []
    for other, common in hits.items():
        shorter = min(own, lengths[other])
        # in most cases it is one common phrase
        if common == 1 and shorter > ONE_SUFFICES:
            continue
        anchors = expected_anchors(shorter) * counted
        if common >= MIN_COMMON * anchors:
            found.append((-common / anchors, other))
    return [other for _, other in sorted(found)[:MAX_COMPARED]]


class Search:
    """The candidates of one text in their order, and whether it is worth comparing another one."""

    __slots__ = ("_candidates", "_misses", "_next")

    def __init__(self, candidates: Sequence[int]) -> None:
        self._candidates = candidates
        self._next = self._misses = 0

    def next(self, number: int) -> Sequence[int]:
        """Up to `number` candidates that come next; tell what came of each by `goes_on`."""
        return self._candidates[self._next : self._next + number]

    def goes_on(self, alike: bool) -> bool:
        """Notes the next candidate as compared; returns whether to compare more."""
        self._next += 1
        self._misses = 0 if alike else self._misses + 1
        return self.is_open

    @property
    def is_open(self) -> bool:
        """Whether there are more candidates, and few enough in a row were different texts."""
        return self._next < len(self._candidates) and self._misses < MAX_MISSES


class Index:
    """The anchors of many texts, in memory; texts go by number."""

    def __init__(self) -> None:
        self._holders: defaultdict[int, list[int]] = defaultdict(list)
        self._lengths: dict[int, int] = {}

    def add(self, number: int, print_: Fingerprint) -> None:
        """Makes a text findable."""
        self._lengths[number] = len(print_.text)
        for anchor in print_.anchors:
            holders = self._holders[anchor]
            if len(holders) < MAX_HOLDERS:
                holders.append(number)

    def candidates(self, print_: Fingerprint) -> list[int]:
        """The texts worth comparing with one, the most alike first."""
        found, counted = hits([self._holders[a] for a in print_.anchors if a in self._holders])
        return promising(len(print_.text), found, self._lengths, counted)
