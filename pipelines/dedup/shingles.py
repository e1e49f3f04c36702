"""Runs of characters as hashes: all of them to compare two texts, few of them to look texts up.

The few are chosen by winnowing (Schleimer, Wilkerson and Aiken, "Winnowing:
Local Algorithms for Document Fingerprinting", 2003): of each WINDOW runs that
follow one another the one with the smallest hash. So any WINDOW + ANCHOR - 1
characters that two texts have in common give both the same anchor, wherever
they stand: a teaser meets its article, a joined text both of its originals.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

SHINGLE: Final = 5  # characters, of the runs by which two texts are compared
ANCHOR: Final = 7  # characters, of the runs by which texts are looked up
WINDOW: Final = 24  # runs of which at least one is an anchor
# most teasers are cut from the beginning: there, anchors are closer together
LEAD: Final = 40  # runs
LEAD_WINDOW: Final = 8  # runs
OPENING: Final = 6  # characters
# in characters: of a shorter text every run is an anchor, as it may hold none of its article's windows whole
SHORT: Final = 64
# bits of an anchor: small enough to be short rows, large enough that millions of texts meet by chance rarely
ANCHOR_BITS: Final = 47

Hashes = npt.NDArray[np.uint32]
_Wide = npt.NDArray[np.uint64]

# fixed seed: anchors are stored, so they must never change; multiply-add hashes, whose high bits are used
# (Dietzfelbinger et al., "A Reliable Randomized Algorithm for the Closest-Pair Problem", 1997)
_random = np.random.Generator(np.random.PCG64(20_200_811))
_CHARACTER = _random.integers(0, 2**64, max(SHINGLE, ANCHOR), dtype=np.uint64) | np.uint64(1)


def shingles(text: str) -> Hashes:
    """Hashes of all runs of SHINGLE characters, in order, 32 bits each; one of a shorter text, none of ""."""
    return (_runs(text, SHINGLE) >> np.uint64(32)).astype(np.uint32)


def anchors(text: str) -> tuple[int, ...]:
    """The runs by which a text is looked up, sorted, as positive integers of ANCHOR_BITS bits."""
    runs = _runs(text, ANCHOR)
    # what is left of a teaser that is nearly all dateline
    opening = _runs(text[:OPENING], OPENING) if len(text) >= OPENING else runs[:0]
    if len(text) > SHORT:
        runs = np.concatenate((opening, _smallest(runs[:LEAD], LEAD_WINDOW), _smallest(runs, WINDOW)))
    else:
        runs = np.concatenate((opening, runs))
    found = np.sort(runs >> np.uint64(64 - ANCHOR_BITS))
    return tuple(found[firsts(found)].tolist())


def expected_anchors(lengths: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.float64]:
    """About how many anchors texts of such lengths in characters have by winnowing alone."""
    return np.maximum(1.0, 2 * (lengths - ANCHOR + 1) / (WINDOW + 1))


def _smallest(runs: _Wide, window: int) -> _Wide:
    """The smallest of each `window` runs, by windows of doubled size; the same one in a row once."""
    size, least = 1, runs
    while 2 * size <= window:
        least = np.minimum(least[:-size], least[size:])
        size *= 2
    if rest := window - size:
        least = np.minimum(least[:-rest], least[rest:])
    return least[firsts(least)]


def firsts(values: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which values differ from the one before; numpy's diff costs three times as much on so few."""
    found = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found


def _runs(text: str, size: int) -> _Wide:
    """Hashes of all runs of `size` characters; equal runs of two texts have equal hashes."""
    if not text:
        return np.empty(0, np.uint64)
    encoded = text.ljust(size, "\0").encode("utf-32-le", "surrogatepass")
    points = np.frombuffer(encoded, "<u4").astype(np.uint64)
    return np.correlate(points, _CHARACTER[:size])
