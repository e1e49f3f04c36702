"""How a share in a crawl is compared with that of earlier ones: the exact binomial test.

It tells how likely it is to see so few, or so many, if nothing had changed.
Small crawls are taken together with those just before them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from storage.history import PastRun

MAX_CHANCE = 1e-4
"""How unlikely a share must be, by chance alone, to be a finding."""

MIN_CHANGE = 0.2
"""How much a share must have changed, however unlikely: small changes are no breakage."""

MIN_BEFORE = 20
"""Articles of earlier crawls without which there is nothing to compare with."""

POOLED = 10
"""Articles that make a sample; a crawl with fewer is judged together with those before it."""

Counts = Mapping[str, int]
"""The statistics of a crawl."""


@dataclass(slots=True, frozen=True)
class Change:
    """A share before, and in a sample of `number` now."""

    before: float
    now: float
    number: int


def tail(successes: int, number: int, chance: float) -> float:
    """Returns how likely `successes` or fewer of `number` are, each with `chance`; 0 < chance < 1."""
    log_hit, log_miss = math.log(chance), math.log1p(-chance)
    total = math.lgamma(number + 1)
    return math.fsum(
        math.exp(
            total - math.lgamma(k + 1) - math.lgamma(number - k + 1) + k * log_hit + (number - k) * log_miss
        )
        for k in range(successes + 1)
    )


def fell(
    counts: Counts,
    history: Sequence[PastRun],
    part: Callable[[Counts], int],
    whole: Callable[[Counts], int],
    raised: float = math.inf,
) -> Change | None:
    """Returns how the share of `part` in `whole` fell in this crawl, None when it did not.

    `raised` is the run that raised an alarm about it, when one is open.
    """
    for sample in samples(counts, history, whole, raised):
        number, old = sum(map(whole, sample.now)), sum(map(whole, sample.before))
        if not number or old < MIN_BEFORE:
            continue
        had, has = sum(map(part, sample.before)), sum(map(part, sample.now))
        change = Change(had / old, has / number, number)
        lower = change.before - change.now >= MIN_CHANGE
        if lower and (sample.alarmed or is_no_chance(has, number, had, old)):
            return change
    return None


def is_no_chance(has: int, number: int, had: int, old: int) -> bool:
    """Tells whether `has` of `number` are too few to come by chance, after `had` of `old`."""
    # with one more hit and miss, as a share of 0 or 1 would leave no room for chance
    return tail(has, number, (had + 1) / (old + 2)) < MAX_CHANCE


@dataclass(slots=True, frozen=True)
class Sample:
    """Crawls to judge, with those that they are compared with; `first` is the earliest run of the former.

    `alarmed` tells that an alarm is open: then it is enough that nothing got better.
    """

    now: Sequence[Counts]
    before: Sequence[Counts]
    first: float
    alarmed: bool = False


def samples(
    counts: Counts, history: Sequence[PastRun], whole: Callable[[Counts], int], raised: float = math.inf
) -> Iterator[Sample]:
    """Yields the crawl, then it with as many just before it as make a sample.

    While an alarm is open, what came before it is the measure, and as many
    crawls since then as make a sample are judged together: neither a few good
    articles nor a few bad ones change what was found.
    """
    before = [past for past in history if past.id < raised]
    since = [past for past in history if past.id >= raised]
    if math.isinf(raised):
        yield Sample([counts], [past.counts for past in before], math.inf)
        first = _sample_start(counts, before, whole)
        if first < len(before):
            now, before = before[first:], before[:first]
            yield Sample(
                [*(past.counts for past in now), counts], [past.counts for past in before], now[0].id
            )
    else:
        now = since[_sample_start(counts, since, whole) :]
        yield Sample(
            [*(past.counts for past in now), counts], [past.counts for past in before], raised, alarmed=True
        )


def _sample_start(counts: Counts, past: Sequence[PastRun], whole: Callable[[Counts], int]) -> int:
    """Where in `past` the crawls begin that make a sample together with one of `counts`."""
    number, first = whole(counts), len(past)
    while number < POOLED and first > 0:
        first -= 1
        number += whole(past[first].counts)
    return first
