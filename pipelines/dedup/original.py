"""Which of several texts of one story was first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

from pipelines.models import Moment

# texts are ordered by the day of their readers, whatever zone a page writes in
_CHINA: Final = timezone(timedelta(hours=8))
_NEVER: Final = datetime.max.replace(tzinfo=_CHINA)


@dataclass(slots=True, frozen=True)
class Candidate:
    """One text of a story: its id, its canonical URL ("" when unknown), when it was published."""

    id: str
    url: str = ""
    published: Moment | None = None


def order_key(candidate: Candidate) -> tuple[object, ...]:
    """What candidates are sorted by, the original first; the same whatever order they arrived in.

    Earlier days come first; within a day those with a time, by time, then those
    that give the day alone; then those without any date. URL and id break ties.
    """
    moment = candidate.published
    if moment is None:
        return (_NEVER.date(), True, _NEVER, candidate.url == "", candidate.url, candidate.id)
    at = moment.at.astimezone(_CHINA)
    day_only = moment.precision == "day"
    # a page that gives a day alone means the day of its own zone
    day = moment.at.date() if day_only else at.date()
    return (day, day_only, _NEVER if day_only else at, candidate.url == "", candidate.url, candidate.id)


def choose_original(candidates: Iterable[Candidate]) -> Candidate:
    """The first of `candidates` by `order_key`. Raises ValueError when there is none."""
    return min(candidates, key=order_key)
