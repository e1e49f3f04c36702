"""Fingerprints of texts, and what two of them say about their texts."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final, Literal

from pipelines.dedup import minhash
from pipelines.dedup.comparing import comparison_text
from pipelines.models import Fingerprint

# Chosen on broadcast news with known reprints (see tests/pipelines/test_dedup_corpus.py): reprints hold 0.91
# and more of the shorter text, daily notices of one form up to 0.82. The Jaccard bound is the lowest at which
# the bands find more than 99 % of the pairs.
MIN_CONTAINMENT: Final = 0.85
MIN_JACCARD: Final = 0.42
# shorter texts ("图片新闻", "点击查看") are too alike to be copies of each other
MIN_LENGTH: Final = 16


def fingerprint(text: str, title: str = "") -> Fingerprint:
    """What `text` is compared by; `title` is left out where the text repeats it.

    The signature is 512 bytes. A text without any letter, digit or ideograph
    has an empty signature and no bands.
    """
    return fingerprint_of_comparison_text(comparison_text(text, title))


def fingerprint_of_comparison_text(compared: str) -> Fingerprint:
    """The same for a text that `comparison_text` has already made."""
    signature = minhash.signature(minhash.shingle_hashes(compared))
    digest = blake2b(compared.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return Fingerprint(digest, signature, minhash.bands(signature), len(compared))


def similarity(a: Fingerprint, b: Fingerprint) -> float:
    """How much of the shorter text the longer one holds, 0 to 1: estimated containment of the shingles.

    Symmetric; 1.0 when the texts are identical after normalising.
    """
    if a.digest == b.digest:
        return 1.0
    return _containment(minhash.jaccard(a.signature, b.signature), a.length, b.length)


def _containment(jaccard: float, length: int, other: int) -> float:
    shared = jaccard / (1 + jaccard) * (_shingles(length) + _shingles(other))
    return min(1.0, shared / min(_shingles(length), _shingles(other)))


def _shingles(length: int) -> int:
    return max(1, length - minhash.SHINGLE + 1)


def relation_kind(a: Fingerprint, b: Fingerprint) -> Literal["copy", "reprint"] | None:
    """How two texts are related, whichever comes first.

    A "copy" is identical after normalising, a "reprint" nearly so, or cut, or
    with sentences added; None says that they are different texts.
    """
    if min(a.length, b.length) < MIN_LENGTH:
        return None
    if a.digest == b.digest:
        return "copy"
    jaccard = minhash.jaccard(a.signature, b.signature)
    if jaccard >= MIN_JACCARD and _containment(jaccard, a.length, b.length) >= MIN_CONTAINMENT:
        return "reprint"
    return None
