"""Excerpts: teasers, leads and cut texts that stand whole inside a longer one.

MinHash can't see them, since a teaser of 30 characters shares only a hundredth
of its article's shingles. So a few of each short text's shingles, those with
the smallest hashes, are kept as anchors; every longer text that holds enough of
them is checked shingle by shingle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.dedup.minhash import shingle_hashes

# in characters of the compared text: shorter ones say too little; the upper bound keeps memory small
MIN_EXCERPT: Final = 12
MAX_EXCERPT: Final = 2000
# an excerpt is at most this share of its text; a longer part is a reprint that was cut
MAX_SHARE: Final = 0.45
# how much of the excerpt has to stand in the longer text, so that one changed character is forgiven
MIN_CONTAINED: Final = 0.9
ANCHORS: Final = 8

_Hashes = npt.NDArray[np.uint32]


def contained(short: _Hashes, long: _Hashes) -> float:
    """The share of `short`'s shingles that `long` holds, exactly; both are unique and sorted hashes."""
    if not len(short) or not len(long):
        return 0.0
    places = np.minimum(np.searchsorted(long, short), len(long) - 1)
    return float(np.mean(long[places] == short))


def find_excerpts(shorts: Sequence[str], texts: Iterable[str]) -> Iterator[tuple[int, int, float]]:
    """Yields (index of the short text, index of the text that holds it, share held), in order of the texts.

    All are comparison texts. Memory grows with the short texts only.
    """
    hashes = [np.unique(shingle_hashes(text)) for text in shorts]
    owners = np.repeat(np.arange(len(hashes)), [min(ANCHORS, len(h)) for h in hashes])
    if not len(owners):
        return
    # np.unique sorts, so the first hashes are the smallest
    anchors = np.concatenate([h[:ANCHORS] for h in hashes])
    order = np.argsort(anchors, kind="stable")
    anchors, owners = anchors[order], owners[order]
    wanted = np.array([max(1, round(min(ANCHORS, len(h)) * 0.5)) for h in hashes])
    for index, text in enumerate(texts):
        held = np.unique(shingle_hashes(text))
        if not len(held):
            continue
        places = np.minimum(np.searchsorted(held, anchors), len(held) - 1)
        hits = np.bincount(owners[held[places] == anchors], minlength=len(hashes))
        for short in np.nonzero(hits >= wanted)[0].tolist():
            if len(shorts[short]) > MAX_SHARE * len(text):
                continue
            share = contained(hashes[short], held)
            if share >= MIN_CONTAINED:
                yield short, index, share
