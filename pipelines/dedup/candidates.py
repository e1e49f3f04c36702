"""Which texts are worth comparing: those that share anchors."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from pipelines.dedup.shingles import expected_anchors, firsts
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

Holders: TypeAlias = "array[int]"
Numbers = npt.NDArray[np.int64]


def by_anchor(anchors: npt.NDArray[np.uint64], numbers: Numbers) -> dict[int, Holders]:
    """The numbers of the texts that have each anchor, from pairs of anchor and number."""
    order = np.argsort(anchors, kind="stable")
    ordered, held = anchors[order], numbers[order]
    starts = np.flatnonzero(firsts(ordered))
    ends = (*starts[1:].tolist(), len(ordered))
    return {
        anchor: array("q", held[start:end].tobytes())
        for anchor, start, end in zip(ordered[starts].tolist(), starts.tolist(), ends, strict=False)
    }


def hits(holders: Collection[Holders], single: Sequence[int] = ()) -> tuple[Numbers, Numbers, float]:
    """The texts that have an anchor in common with one, sorted, how many each has, and the share looked at.

    `holders` are the texts that have each of its anchors, `single` those that
    are alone in having one. What many texts have tells little, so it is left out
    where there is enough that fewer have.
    """
    total, chosen = len(single), [array("q", single)]
    for numbers in sorted(holders, key=len):
        if total + len(numbers) > MAX_HITS and total:
            break
        total += len(numbers)
        chosen.append(numbers)
    counted = len(chosen) - 1 + len(single)
    every = np.sort(np.frombuffer(b"".join(chosen), np.int64))
    starts = np.flatnonzero(firsts(every))
    return every[starts], np.diff(starts, append=len(every)), counted / max(1, len(holders) + len(single))


def promising(
    own: int, numbers: Numbers, common: Numbers, lengths: npt.NDArray[np.integer[Any]], counted: float = 1.0
) -> list[int]:
    """Those texts that are worth comparing with one of `own` characters, at most MAX_COMPARED.

    `common` is the number of anchors that each of `numbers` shares with it,
    `lengths` their lengths in characters, `counted` is the share of its anchors
    that were looked at.
    """
    shorter = np.minimum(own, lengths)
    share = common / (expected_anchors(shorter) * counted)
    # one that longer texts have in common is in most cases a phrase
    found = np.flatnonzero((share >= MIN_COMMON) & ((common > 1) | (shorter <= ONE_SUFFICES)))
    order = np.lexsort((numbers[found], -share[found]))
    return numbers[found[order[:MAX_COMPARED]]].tolist()  # type: ignore[no-any-return]


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
        # most anchors are one text's alone
        self._holders: dict[int, int | Holders] = {}
        # of the texts in order of arrival, by whose places the holders go
        self._numbers: list[int] = []
        self._lengths = array("q")

    def add(self, number: int, print_: Fingerprint) -> None:
        """Makes a text findable."""
        place, held = len(self._numbers), self._holders
        self._numbers.append(number)
        self._lengths.append(len(print_.text))
        for anchor in print_.anchors:
            holders = held.setdefault(anchor, place)
            if isinstance(holders, int):
                if holders != place:
                    held[anchor] = array("q", (holders, place))
            elif len(holders) < MAX_HOLDERS:
                holders.append(place)

    def candidates(self, print_: Fingerprint) -> list[int]:
        """The texts worth comparing with one, the most alike first."""
        found = [held for anchor in print_.anchors if (held := self._holders.get(anchor)) is not None]
        single = [held for held in found if isinstance(held, int)]
        places, common, counted = hits([held for held in found if not isinstance(held, int)], single)
        if not len(places):
            return []
        lengths = np.frombuffer(self._lengths, np.int64)[places]
        return [
            self._numbers[place] for place in promising(len(print_.text), places, common, lengths, counted)
        ]
