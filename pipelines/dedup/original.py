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
    """One text of a story: its id, its canonical URL ("" when unknown), when it was published.

    `credited` says that the page names another publisher, as its source or in
    the dateline; `length` is that of the compared text.
    """

    id: str
    url: str = ""
    published: Moment | None = None
    credited: bool = False
    length: int = 0


def order_key(candidate: Candidate) -> tuple[object, ...]:
    """What candidates are sorted by, the original first; the same whatever order they arrived in.

    Earlier days come first. Within a day come those that credit nobody else,
    then those with a time, by time, then those that give the day alone, longer
    texts first, as the shorter one was more likely cut. Texts without any date
    come last. URL and id break ties.
    """
    day, at = day_of(candidate.published), _NEVER
    moment = candidate.published
    if moment is not None and moment.precision != "day":
        at = moment.at.astimezone(_CHINA)
    return (
        day,
        candidate.credited,
        at is _NEVER,
        at,
        -candidate.length,
        candidate.url == "",
        candidate.url,
        candidate.id,
    )


def day_of(moment: Moment | None) -> int:
    """The day of publication as a number; a day after all others when there is none."""
    if moment is None:
        return _NEVER.date().toordinal()
    # a page that gives a day alone means the day of its own zone
    at = moment.at if moment.precision == "day" else moment.at.astimezone(_CHINA)
    return at.date().toordinal()


def choose_original(candidates: Iterable[Candidate]) -> Candidate:
    """The first of `candidates` by `order_key`. Raises ValueError when there is none."""
    return min(candidates, key=order_key)
