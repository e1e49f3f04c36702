"""Times in running text as intervals of days: 8月9日, 自7月30日起, 去年, 1-10月, 周三(25日), 近日.

What a text leaves out is taken from the day of publication: a date without a
year is the one nearest to it, rather a past one; a day without a month and a
weekday are the last before it, unless 将 says that they are to come. A full
date earlier in the paragraph wins over the day of publication, as in a look
back at other years.
jionlp's parse_time reads a time that somebody else has found, takes 1-10月 for
a day and refuses 近日; dateparser knows neither ranges nor 十三五.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from pipelines.entities.time_patterns import TO, find_points
from pipelines.entities.time_points import Point, PointReader, clamped
from pipelines.models import Moment, TimeSpan

_SINCE = re.compile(r"(?:自从|自|从)$")
_UNTIL = re.compile("(?:截至到?|截止到?|截止至)$")
_JOIN = re.compile(rf"(?:起|开始)?{TO}(?:次年|翌年)?")
_TO_NOW = re.compile("(?:起|开始|以来)?(?:至今|到现在|到目前|直至现在)")
_AFTER = re.compile(
    "以来|起|开始(?!时)|之前|以前|前(?!后|往|来|去|进|方|夕|排|列|三|十|[0-9])|之后|以后|后(?!期|勤|续|方)"
)


def find_times(body: str, published: Moment | None = None) -> list[TimeSpan]:
    """Returns the times that a text names, in order; offsets in characters, body[t.start:t.end] == t.surface.

    `published` is the article's own time; without it what is relative has no
    days (both None), as has 近日 in any case. 年初 is the first quarter, 月初 the
    first ten days.
    """
    reader = _Reader(body, published.at.date() if published else None)
    return [
        TimeSpan(p.start, p.end, body[p.start : p.end], p.begins, p.ends, p.precision, p.relative)
        for p in reader.spans()
    ]


class _Reader:
    """Joins the points of one text to spans."""

    def __init__(self, body: str, base: date | None) -> None:
        self.body = body
        self.base = base
        self.points = PointReader(body, base)

    def spans(self) -> Iterator[Point]:
        """The points joined to ranges, with 自, 起, 以来, 截至 taken into account."""
        waiting: Point | None = None
        done = 0
        for found in find_points(self.body):
            point = self.points.read(found)
            if point is None or (waiting is not None and point.start < waiting.end):
                continue
            if waiting is not None:
                if (joined := self._joined(waiting, point)) is not None:
                    waiting = joined
                    continue
                framed = self._framed(waiting, done, point.start)
                done = framed.end
                yield framed
            waiting = point
        if waiting is not None:
            yield self._framed(waiting, done, len(self.body))

    def _joined(self, one: Point, two: Point) -> Point | None:
        """7月21日至8月3日."""
        between = _JOIN.fullmatch(self.body, one.end, two.start)
        if between is None or "vague" in (one.precision, two.precision):
            return None
        begins, ends = one.begins, two.ends
        if begins is not None and ends is not None and ends < begins:
            if not two.relative or (later := clamped(ends.year + 1, ends.month, ends.day)) < begins:
                return None
            ends = later
        if not one.relative and two.relative and two.begins is None and begins is not None:
            return None
        return replace(two, start=one.start, begins=begins, ends=ends, relative=one.relative or two.relative)

    def _framed(self, point: Point, left: int, right: int) -> Point:
        """Takes 自, 截至 before a point and 起, 以来, 至今, 前, 后 behind it in, within bounds."""
        if point.precision == "vague":
            return point
        since = _SINCE.search(self.body, max(left, point.start - 2), point.start)
        until = _UNTIL.search(self.body, max(left, point.start - 3), point.start)
        if (to_now := _TO_NOW.match(self.body, point.end, right)) is not None:
            point = replace(point, end=to_now.end(), ends=self._until_now(point), relative=True)
        elif until is not None:
            return replace(point, start=until.start(), begins=None)
        elif (after := _AFTER.match(self.body, point.end)) is not None and after.end() <= right:
            point = self._shifted_by(point, after, has_since=since is not None)
        if since is not None and point.begins is not None:
            point = replace(point, start=since.start())
        return point

    def _shifted_by(self, point: Point, after: re.Match[str], has_since: bool) -> Point:
        word = after.group()
        if word == "以来":
            return replace(point, end=after.end(), ends=self._until_now(point), relative=True)
        if word == "起" or (word == "开始" and has_since):
            return replace(point, end=after.end(), ends=None)
        if word.endswith("前") and point.precision in ("day", "time", "month", "year"):
            return replace(point, end=after.end(), begins=None)
        if word.endswith("后"):
            return replace(point, end=after.end(), ends=None)
        return point

    def _until_now(self, point: Point) -> date | None:
        """The day of publication, unless the point lies behind it."""
        return None if self.base is None or (point.begins or self.base) > self.base else self.base
