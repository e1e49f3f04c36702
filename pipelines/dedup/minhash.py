"""Shingles, MinHash signatures and the bands by which candidates are looked up.

Broder, "On the resemblance and containment of documents" (1997), with random
multiply-add permutations of 32-bit hashes, of which only the low 16 bits of each
minimum are kept (Li and König, "b-Bit minwise hashing", 2010): two texts agree
in a place by chance once in 65,536 times. Bands as in Leskovec, Rajaraman and
Ullman, "Mining of Massive Datasets", section 3.4.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

SHINGLE: Final = 5  # characters
PERMUTATIONS: Final = 256
BAND_ROWS: Final = 3
BANDS: Final = 64
_CHUNK: Final = 2048  # shingles hashed at once, so that a long text needs little memory

_Hashes = npt.NDArray[np.uint32]

# fixed seed: signatures are stored, so they must never change
_random = np.random.Generator(np.random.PCG64(20_200_811))
_CHARACTER = _random.integers(0, 2**64, SHINGLE, dtype=np.uint64) | np.uint64(1)
_MULTIPLY = _random.integers(0, 2**32, (PERMUTATIONS, 1), dtype=np.uint32) | np.uint32(1)
_ADD = _random.integers(0, 2**32, (PERMUTATIONS, 1), dtype=np.uint32)
_BAND = _random.integers(0, 2**64, BANDS, dtype=np.uint64)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): a bijection that spreads every bit."""
    values = (values ^ (values >> np.uint64(30))) * _MIX[0]
    values = (values ^ (values >> np.uint64(27))) * _MIX[1]
    return values ^ (values >> np.uint64(31))


def shingle_hashes(text: str) -> _Hashes:
    """Hashes of all runs of SHINGLE characters, in order, 32 bits each; one of a shorter text, none of "".

    The hash of a run depends on its code points alone, so equal runs of two texts have equal hashes.
    """
    if not text:
        return np.empty(0, np.uint32)
    points = np.frombuffer(text.ljust(SHINGLE, "\0").encode("utf-32-le", "surrogatepass"), "<u4").astype(
        np.uint64
    )
    count = len(points) - SHINGLE + 1
    sums = points[:count] * _CHARACTER[0]
    for place in range(1, SHINGLE):
        sums += points[place : place + count] * _CHARACTER[place]
    return (_mixed(sums) >> np.uint64(32)).astype(np.uint32)


def signature(hashes: _Hashes) -> bytes:
    """The MinHash signature of a set of hashes: 2 bytes a permutation; b"" of the empty set."""
    if not len(hashes):
        return b""
    low = np.full(PERMUTATIONS, np.iinfo(np.uint32).max, np.uint32)
    for start in range(0, len(hashes), _CHUNK):
        permuted = _MULTIPLY * hashes[start : start + _CHUNK]
        permuted += _ADD
        np.minimum(low, permuted.min(axis=1), out=low)
    return low.astype("<u2").tobytes()


def bands(signature_: bytes) -> tuple[int, ...]:
    """BANDS signed 64-bit integers; two texts are candidates when they share one.

    A band's number is part of its value, so all bands can stand in one column.
    """
    if not signature_:
        return ()
    rows = np.frombuffer(signature_, "<u2")[: BANDS * BAND_ROWS].reshape(BANDS, BAND_ROWS).astype(np.uint64)
    packed = np.zeros(BANDS, np.uint64)
    for row in range(BAND_ROWS):
        packed = (packed << np.uint64(16)) | rows[:, row]
    return tuple(_mixed(packed ^ _BAND).view(np.int64).tolist())


def jaccard(a: bytes, b: bytes) -> float:
    """The estimated Jaccard similarity of two signatures, 0 to 1.

    Its standard error is at most 1/(2*sqrt(PERMUTATIONS)), 0.03.
    """
    if not a or not b:
        return 0.0
    return float(np.mean(np.frombuffer(a, "<u2") == np.frombuffer(b, "<u2")))
