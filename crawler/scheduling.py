"""When a site is crawled again: its interval follows how often it publishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

NEW_PER_CRAWL = 5.0
"""New articles that a crawl should find: with fewer most fetches are in vain, with more news is late."""

HISTORY_RUNS = 20
"""Runs from which the rate of publishing is read."""

RETRY_FAILED = timedelta(hours=1)
"""The longest wait after a crawl that failed."""

UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(slots=True, frozen=True)
class Found:
    """What one finished crawl found: when it began, and how many articles were new."""

    started_at: datetime
    new_articles: int


@dataclass(slots=True, frozen=True)
class Bounds:
    """How far an interval may leave the site file's: divided by `shrink` at most, multiplied by `grow`."""

    shrink: float
    grow: float


def adapted(base: timedelta, bounds: Bounds, found: Sequence[Found]) -> timedelta:
    """Returns the interval in which a site publishes NEW_PER_CRAWL articles, within bounds around `base`.

    `found` are the site's finished crawls, oldest first. The first of them only
    sets the time, as it found what had gathered before. With fewer than two
    crawls, or less than `base` between first and last, it is `base`.
    """
    if len(found) < 2:
        return base
    watched = found[-1].started_at - found[0].started_at
    if watched < base:
        return base
    new = sum(crawl.new_articles for crawl in found[1:])
    low, high = base / bounds.shrink, base * bounds.grow
    wanted = watched * (NEW_PER_CRAWL / new) if new else high
    return min(max(wanted, low), high)


def next_due(started_at: datetime, ended_at: datetime, interval: timedelta, failed: bool) -> datetime:
    """Returns when a site is due again: an interval after its crawl began, sooner when it failed."""
    if failed:
        return ended_at + min(interval, RETRY_FAILED)
    return started_at + interval


def read_durations(text: str) -> tuple[timedelta, ...]:
    """Returns the durations in "6h 1d 3d", in order. Raises ValueError for anything else."""
    durations = []
    for word in text.split():
        number, unit = word[:-1], word[-1:]
        if unit not in UNITS or not number.isdecimal():
            raise ValueError(f"{word!r} is no duration; write a number and m, h or d, such as 6h")
        durations.append(timedelta(**{UNITS[unit]: int(number)}))
    return tuple(durations)
