"""Fingerprints of texts, and what two of them say about their texts.

Two texts are compared by the runs of characters that both have, in any order
(containment as in Broder, "On the resemblance and containment of documents",
1997, but exact and counted in characters), and by the facts in the gaps between
these runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from pipelines.dedup import facts
from pipelines.dedup.comparing import comparable
from pipelines.dedup.shingles import OPENING, SHINGLE, Hashes, anchors, firsts, shingles
from pipelines.models import Fingerprint

# shorter texts ("图片新闻", "点击查看全文") say too little, but for teasers that begin a text word for word
MIN_LENGTH: Final = 12
# what a reprint shares is at least this share of the shorter text, and of all that stands in either
MIN_SHARED: Final = 0.6
MIN_COMMON: Final = 0.38
# a shorter text that stands nearly whole in the longer one may be less of it
MIN_RATIO: Final = 0.3
# without a common lead it takes more: different articles may carry the same notice or background
MIN_SHARED_WITHOUT_LEAD: Final = 0.93
# or all but some words of both
MIN_COMMON_WITHOUT_LEAD: Final = 0.68
LEAD: Final = 40  # characters
# a part stands nearly whole in the longer text
MIN_HELD: Final = 0.9
# of a joined text's originals this much stands in it
MIN_OVERLAP: Final = 0.5
MIN_OVERLAP_LENGTH: Final = 100  # characters
# a teaser may begin with a dateline that no rule knows
MAX_HEAD: Final = 20
# whatever the two are: a teaser with such a head that is no longer than the head and as much again
MIN_SEEN: Final = MIN_HELD / 2
# up to this share a text of few sentences is the lead of a longer one, and one that breaks off its teaser
LEAD_SENTENCES: Final = 2
MAX_LEAD: Final = 0.5
MAX_CUT: Final = 0.7
# a whole text, not cut off, is a teaser up to this length
MAX_PART: Final = 200  # characters
# conflicts weigh against the facts and sentences that agree; from this share on the texts are different
MAX_CONFLICT: Final = 0.2
# texts whose runs are kept: a new text is compared with many, and they with the next one
KEPT_RUNS: Final = 512
# of a hash, to see that two texts have little in common: most have far fewer runs than there are such bits
SEEN_BITS: Final = 15
SENTENCE: Final = 60  # characters that agree weigh as much as one figure that does

Kind = Literal["copy", "reprint", "part", "overlap"]
_Mask = npt.NDArray[np.bool_]


@dataclass(slots=True, frozen=True)
class Resemblance:
    """What two texts have in common, whichever came first.

    "copy": they are identical after normalising. "reprint": the same text,
    edited. "part": the shorter one stands in the longer one, which has much
    more. "overlap": most of the shorter one does, too little for a part. `lead`
    says that the longer text's beginning is among what both have. `held` is the
    share of the first text's characters that the second one has, `other_held`
    the share of the second one's.
    """

    kind: Kind
    held: float
    other_held: float
    lead: bool = True

    def turned(self) -> Resemblance:
        """The same, with the texts in the other order."""
        return Resemblance(self.kind, self.other_held, self.held, self.lead)


def fingerprint(text: str, title: str = "") -> Fingerprint:
    """What `text` is compared by; `title` is left out where the text repeats it."""
    own = comparable(text, title)
    key = "\n".join((own.day, str(own.cut), str(own.sentences), own.text))
    digest = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return Fingerprint(digest, own.text, anchors(own.text), own.head, own.day, own.cut, own.sentences)


def resemblance(a: Fingerprint, b: Fingerprint) -> Resemblance | None:
    """What `a` and `b` have in common; None when they are different texts.

    Symmetric: resemblance(b, a) is the same, turned.
    """
    if (len(b.text), b.digest) < (len(a.text), a.digest):
        found = _resemblance(b, a)
        return found.turned() if found else None
    return _resemblance(a, b)


def _resemblance(short: Fingerprint, long: Fingerprint) -> Resemblance | None:
    if len(short.text) < MIN_LENGTH:
        if len(short.text) < OPENING or short.text == long.text or not long.text.startswith(short.text):
            return None
        return Resemblance("part", 1.0, round(len(short.text) / len(long.text), 4))
    if _may_hold(short.text, long.text) < MIN_SEEN:
        return None
    pair = _Pair(short.text, long.text)
    held = float(pair.shared.mean())
    if held < MIN_SEEN:
        return None
    kind = _kind(short, long, pair, held)
    if kind is None or _conflicting(short, long, pair, kind):
        return None
    other_held = float(pair.other_shared.mean())
    return Resemblance(kind, round(held, 4), round(other_held, 4), _begins_alike(pair))


def _kind(short: Fingerprint, long: Fingerprint, pair: _Pair, held: float) -> Kind | None:
    if short.text == long.text:
        return "copy"
    ratio = len(short.text) / len(long.text)
    lead = short.sentences <= LEAD_SENTENCES and ratio <= MAX_LEAD
    if lead or (short.cut and ratio <= MAX_CUT) or ratio < MIN_RATIO:
        if held >= MIN_HELD or _held_after_head(pair):
            if short.cut or lead or len(short.text) <= MAX_PART:
                return "part"
            # too long for a teaser: cut by much, or a text of its own that a longer one took in
            return "reprint" if _begins_alike(pair) else "overlap"
    elif held >= MIN_SHARED_WITHOUT_LEAD:
        return "reprint"
    else:
        common = held * ratio / (1 + ratio - held * ratio)
        if common >= MIN_COMMON_WITHOUT_LEAD:
            return "reprint"
        if held >= MIN_SHARED and common >= MIN_COMMON and _same_lead(pair):
            return "reprint"
    return "overlap" if held >= MIN_OVERLAP and len(short.text) >= MIN_OVERLAP_LENGTH else None


def _held_after_head(pair: _Pair) -> bool:
    start = int(np.argmax(pair.shared))
    rest = pair.shared[start:]
    return start <= MAX_HEAD and len(rest) >= MAX_HEAD and bool(rest.mean() >= MIN_HELD)


def _begins_alike(pair: _Pair) -> bool:
    return bool(pair.other_shared[: min(LEAD // 2, len(pair.text))].mean() >= MIN_SHARED)


def _same_lead(pair: _Pair) -> bool:
    return bool(pair.shared[:LEAD].mean() >= MIN_SHARED or pair.other_shared[:LEAD].mean() >= MIN_SHARED)


def _conflicting(short: Fingerprint, long: Fingerprint, pair: _Pair, kind: Kind) -> bool:
    weight = sum(facts.conflict(short.text, long.text, gap) for gap in pair.gaps())
    if not facts.same_day(short.day, long.day):
        weight += facts.DATE_WEIGHT
    if kind == "part" and len(short.text) < MIN_OVERLAP_LENGTH:
        # a teaser has no room for facts that agree
        return weight > 0
    kept, changed = facts.figures_by_fate(short.text, pair.shared.tolist())
    if changed:
        # as many in both, or they were left out or added
        changed = min(changed, facts.figures_by_fate(long.text, pair.other_shared.tolist())[1])
        if facts.are_others(changed, kept):
            return True
    return bool(weight and weight / (weight + pair.shared.sum() / SENTENCE + kept) > MAX_CONFLICT)


class _Runs:
    """The runs of a text, sorted once for all the texts that it is compared with."""

    def __init__(self, text: str) -> None:
        self.hashes = shingles(text)

    @cached_property
    def seen(self) -> _Mask:
        """Which first bits of hashes occur."""
        seen = np.zeros(1 << SEEN_BITS, np.bool_)
        seen[self.hashes >> np.uint32(32 - SEEN_BITS)] = True
        return seen

    @cached_property
    def _placed(self) -> npt.NDArray[np.uint64]:
        # hashes with their places in one number, which is sorted quicker than by argsort
        return np.sort(
            (self.hashes.astype(np.uint64) << np.uint64(32)) | np.arange(len(self.hashes), dtype=np.uint64)
        )

    @cached_property
    def order(self) -> npt.NDArray[np.intp]:
        """Their places, sorted by hash."""
        return (self._placed & np.uint64(2**32 - 1)).astype(np.intp)

    @cached_property
    def ordered(self) -> Hashes:
        """The hashes, sorted."""
        return (self._placed >> np.uint64(32)).astype(np.uint32)

    @cached_property
    def keys(self) -> npt.NDArray[np.uint64]:
        """Each with how often it stood before, as a name that one text repeats is not shared so often."""
        place = np.arange(len(self.ordered), dtype=np.uint64)
        starts = np.flatnonzero(firsts(self.ordered))
        lengths = np.diff(starts, append=len(place))
        before = place - np.repeat(starts, lengths).astype(np.uint64)
        keys: npt.NDArray[np.uint64] = (self.ordered.astype(np.uint64) << np.uint64(32)) | before
        return keys


@lru_cache(maxsize=KEPT_RUNS)
def _runs_of(text: str) -> _Runs:
    return _Runs(text)


def _may_hold(text: str, other: str) -> float:
    """At least the share of a text that the other one has, by the first bits of hashes: quickly known."""
    hashes = _runs_of(text).hashes
    matched = _runs_of(other).seen[hashes >> np.uint32(32 - SEEN_BITS)]
    return float(np.count_nonzero(_covered(matched, len(text))) / len(text))


class _Pair:
    """Two texts laid over each other: which characters of each stand in a run that the other one has."""

    def __init__(self, text: str, other: str) -> None:
        self.text, self.other = text, other
        self._runs, self._other_runs = _runs_of(text), _runs_of(other)
        self.hashes = self._runs.hashes
        keys, others = self._runs.keys, self._other_runs.keys
        places = np.searchsorted(others, keys)
        places[places == len(others)] = 0
        self._places, self._found = places, others[places] == keys

    @cached_property
    def matched(self) -> _Mask:
        matched = np.zeros(len(self.hashes), np.bool_)
        matched[self._runs.order[self._found]] = True
        return matched

    @cached_property
    def shared(self) -> _Mask:
        return _covered(self.matched, len(self.text))

    @cached_property
    def other_shared(self) -> _Mask:
        matched = np.zeros(len(self._other_runs.hashes), np.bool_)
        matched[self._other_runs.order[self._places[self._found]]] = True
        return _covered(matched, len(self.other))

    def gaps(self) -> Iterator[facts.Gap]:
        """The places where the texts differ between runs that stand in the same order in both."""
        edges = np.flatnonzero(np.diff(np.concatenate(([True], self.matched, [True])).astype(np.int8)))
        for first, last in edges.reshape(-1, 2).tolist():
            # runs first to last-1 are unmatched: what differs lies between the matched ones around them
            left = first + SHINGLE - 1 if first else 0
            right = last if last < len(self.hashes) else len(self.text)
            if abs(right - left) > facts.MAX_GAP:
                continue
            befores = self._where(first - 1) + SHINGLE if first else np.zeros(1, np.int64)
            afters = self._where(last) if last < len(self.hashes) else np.array([len(self.other)])
            distance = afters[None, :] - befores[:, None]
            fitting = (distance >= -SHINGLE) & (distance <= facts.MAX_GAP)
            if fitting.any():
                before, after = np.argwhere(fitting)[0]
                start, end = int(befores[before]), int(afters[after])
                yield facts.Gap(min(left, right), max(left, right), min(start, end), max(start, end))

    def _where(self, index: int) -> npt.NDArray[np.intp]:
        """Where the other text has one of the runs."""
        order, ordered = self._other_runs.order, self._other_runs.ordered
        hash_ = self.hashes[index]
        return order[np.searchsorted(ordered, hash_) : np.searchsorted(ordered, hash_, "right")]


def _covered(matched: _Mask, length: int) -> _Mask:
    covered = np.zeros(length, np.bool_)
    for place in range(min(SHINGLE, length)):
        covered[place : place + len(matched)] |= matched[: length - place]
    return covered
