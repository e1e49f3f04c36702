"""Which texts are worth comparing: those that share anchors."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from pipelines.dedup.shingles import expected_anchors
from pipelines.models import Fingerprint

# texts that may stand under one anchor: later ones with a common phrase add nothing that tells texts apart
MAX_HOLDERS: Final = 128
# pairs compared for one text, the most alike first
MAX_COMPARED: Final = 128
# the share of the shorter text's anchors that has to be common, and from which length on one is not enough
MIN_COMMON: Final = 0.12
ONE_SUFFICES: Final = 100  # characters


def promising(own: int, hits: Mapping[int, int], lengths: Mapping[int, int]) -> list[int]:
    """Those texts that are worth comparing with one of `own` characters, at most MAX_COMPARED.

    `hits` has the number of anchors that each of them shares with it, `lengths`
    their lengths in characters.
    """
    found = []
    for other, common in hits.items():
        shorter = min(own, lengths[other])
        # in most cases it is one common phrase
        if common == 1 and shorter > ONE_SUFFICES:
            continue
        anchors = expected_anchors(shorter)
        if common >= MIN_COMMON * anchors:
            found.append((-common / anchors, other))
    return [other for _, other in sorted(found)[:MAX_COMPARED]]


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
        hits = Counter(_chained(self._holders[a] for a in print_.anchors if a in self._holders))
        return promising(len(print_.text), hits, self._lengths)


def _chained(lists: Iterable[list[int]]) -> Iterable[int]:
    for numbers in lists:
        yield from numbers
