"""What one expression of time means: the days of 8月9日, 上周三, 三年前, 十三五."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, Literal

from pipelines.entities.lexicon import toml_file
from pipelines.entities.numerals import value
from pipelines.entities.time_patterns import TIME_WORDS

NARRATIVE: Final = 200
"""Characters over which a full date gives its year and month to those behind it."""

LOOK_BACK: Final = 45
"""Days from publication beyond which a text tells of another time, whose month a bare day takes."""

FUTURE_WEIGHT: Final = 2
"""How many times nearer than a past day a future one must be: news tells of what was."""

Precision = Literal["year", "month", "day", "time", "vague"]


@dataclass(slots=True, frozen=True)
class Point:
    """A time before it is joined with what stands around it.

    `full` gives its year and month to what follows; `rooted` says that the year
    stands in the text.
    """

    start: int
    end: int
    begins: date | None
    ends: date | None
    precision: Precision
    relative: bool
    full: bool = False
    rooted: bool = False


_FULL_WIDTH = str.maketrans("０１２３４５６７８９○〇", "0123456789零零")
_YEAR_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")}
_STEPS = {"次年": 1, "翌年": 1, "当年": 0, "同年": 0, "该年": 0}
_WEEKDAYS = "一二三四五六日"
_BRACKET_DAY = re.compile(r"[(（](?:(?P<m>[0-9]{1,2})月)?(?P<d>[0-9]{1,2})[日号][)）]")
_TO_COME = re.compile("将|拟|预计|计划|定于|即将")


class PointReader:
    """Reads the points of one text from the front, remembering the last full date.

    `base` is the day of publication, None when it is not known.
    """

    def __init__(self, body: str, base: date | None) -> None:
        self.body = body
        self.base = base
        self.context: Point | None = None

    def read(self, found: re.Match[str]) -> Point | None:
        """The point of a match of `find_points`, None for a day that is none (6月31日)."""
        point = self._read(found)
        if point is not None and point.full:
            self.context = point
        return point

    def _read(self, found: re.Match[str]) -> Point | None:
        group = found.groupdict()
        start, end = found.span()
        try:
            if group["iso"]:
                year, month, day = (int(part) for part in found["iso"].split(found["sep"]))
                return replace(_of_day(start, end, date(year, month, day)), full=True, rooted=True)
            if group["y"] or group["ry"] or group["n"] or group["rn"]:
                return self._calendar(start, end, group)
            if group["bd"]:
                return self._bare_day(start, end, group)
            if group["wd"]:
                return self._weekday(found)
            if group["fixed"]:
                return self._near(start, end, *toml_file(TIME_WORDS)["fixed_days"][group["fixed"]])
            return self._in_words(start, end, group)
        except ValueError:
            return None  # the 31st of June, the 13th month

    def _calendar(self, start: int, end: int, group: dict[str, Any]) -> Point | None:
        """A year, a month or a day of the calendar, or several in a row (1-10月)."""
        name = "n" if group["n"] or group["rn"] else "m"
        month, month0 = group[name], group[f"{name}0"]
        shift = toml_file(TIME_WORDS)["months"].get(group[f"r{name}"]) if group[f"r{name}"] else None
        day, day0 = group[f"{name}d"], group[f"{name}d0"]
        month_part = group[f"{name}p"]
        timed = group[f"{name}c"]
        relative = not group["y"]
        if shift is not None:
            if self.base is None:
                return Point(start, end, None, None, "day" if day else "month", relative=True)
            year, number = _shifted(self.base, shift)
        else:
            number = _number(month) if month else 0
            resolved = self._year(start, end, group, number, _number(day) if day else 15)
            if resolved is None:
                return Point(start, end, None, None, _unit(month, day, timed), relative=True)
            year = resolved
        context = self._context(start)
        rooted = bool(group["y"]) or (
            shift is None
            and not group["ry"]
            and context is not None
            and context.rooted
            and context.begins is not None
            and context.begins.year == year
        )
        if not number:
            return self._of_year(start, end, year, group, relative)
        if day:
            first, last = date(year, number, _number(day0 or day)), date(year, number, _number(day))
            if month0:
                first = date(year, _number(month0), 1)
            if last < first and not month0:  # 3月31日至1日
                last = date(*_shifted(last, 1), last.day)
            precision: Precision = "time" if timed else "day"
            return Point(start, end, first, last, precision, relative, full=True, rooted=rooted)
        first = date(year, _number(month0) if month0 else number, 1)
        last = date(year, number, monthrange(year, number)[1])
        if month_part:
            first, last = _part_of_month(year, number, month_part)
        if first > last:
            first = date(year - 1, first.month, 1)  # 12月至3月
        return Point(start, end, first, last, "month", relative, full=True, rooted=rooted)

    def _year(self, start: int, end: int, group: dict[str, Any], month: int, day: int) -> int | None:
        """The year that a text gives, or the one that it means."""
        if group["y"]:
            return int("".join(_YEAR_DIGITS.get(c, c) for c in group["y"].translate(_FULL_WIDTH)))
        if group["ry"]:
            return (
                None
                if self.base is None
                else self.base.year + int(toml_file(TIME_WORDS)["years"][group["ry"]])
            )
        context = self._context(start)
        if context is not None and context.begins is not None:
            if (step := _STEPS.get(self.body[max(0, start - 2) : start])) is not None:
                return context.begins.year + step
            if self.base is None or (context.rooted and self._far(context)):
                return context.begins.year
        if self.base is None:
            return None
        return self._nearest(month, day, to_come=self._is_to_come(start, end)).year

    def _nearest(self, month: int, day: int, to_come: bool = False) -> date:
        """The day of the year nearest to publication; a future one must be several times nearer."""
        assert self.base is not None
        days = [clamped(self.base.year + step, month, day) for step in (0, -1, 1)]
        weight = 1 if to_come else FUTURE_WEIGHT
        return min(days, key=lambda other: max((self.base - other).days, (other - self.base).days * weight))  # type: ignore[operator]

    def _of_year(
        self, start: int, end: int, year: int, group: dict[str, Any], relative: bool
    ) -> Point | None:
        first, last = date(int(group["y0"]) if group["y0"] else year, 1, 1), date(year, 12, 31)
        part: str | None = group["yp"]
        if first > last:
            return None
        if not part:
            # a bare year tells when a story plays only where nothing better is known
            return Point(
                start,
                end,
                first,
                last,
                "year",
                relative,
                full=self.base is None and not group["y0"],
                rooted=True,
            )
        months = _part_of_year(part)
        last_month = months[1]
        return Point(
            start,
            end,
            date(year, months[0], 1),
            date(year, last_month, monthrange(year, last_month)[1]),
            "month",
            relative,
        )

    def _bare_day(self, start: int, end: int, group: dict[str, Any]) -> Point | None:
        """15日: of the month that is told of, or the last 15th before publication."""
        precision: Precision = "time" if group["bc"] else "day"
        number, first = int(group["bd"]), int(group["bd0"] or group["bd"])
        if not 1 <= first <= number <= 31:
            return None
        context = self._context(start)
        if context is not None and context.begins is not None and (self.base is None or self._far(context)):
            anchor = context.begins
            last = date(anchor.year, anchor.month, number)
        elif self.base is None:
            return Point(start, end, None, None, precision, relative=True)
        else:
            last = self._nearest_day(start, end, number)
        return Point(start, end, last - timedelta(days=number - first), last, precision, relative=True)

    def _nearest_day(self, start: int, end: int, number: int) -> date:
        assert self.base is not None
        # a day more, for a page that gives its time in another zone
        limit = self.base + timedelta(days=1)
        for step in (1, 0, -1, -2) if self._is_to_come(start, end) else (0, -1, -2):
            year, month = _shifted(self.base, step)
            if number <= monthrange(year, month)[1]:
                day = date(year, month, number)
                if (step == 1 and number < self.base.day) or day <= limit:
                    return day
                if self._is_to_come(start, end) and step == 0:
                    return day
        raise ValueError(number)

    def _day_on(self, number: int, weekday: int) -> date:
        """The nearest day of that number which is that weekday, or the last one of that number."""
        assert self.base is not None
        months = (_shifted(self.base, step) for step in (0, -1, 1))
        days = [date(*month, number) for month in months if number <= monthrange(*month)[1]]
        days.sort(key=lambda day: (day.weekday() != weekday, abs((day - self.base).days)))  # type: ignore[operator]
        if not days:
            raise ValueError(number)
        return days[0]

    def _weekday(self, found: re.Match[str]) -> Point:
        """周三: the last one before publication; a day in brackets behind it says which."""
        start, end = found.span()
        bracket = _BRACKET_DAY.match(self.body, end)
        if bracket is not None and self.base is not None:
            if bracket["m"]:
                return self._near(start, bracket.end(), int(bracket["m"]), int(bracket["d"]))
            day = self._day_on(int(bracket["d"]), _WEEKDAYS.index(found["wd"].replace("天", "日")))
            return Point(start, bracket.end(), day, day, "day", relative=True)
        precision: Precision = "time" if found["wc"] else "day"
        if self.base is None:
            return Point(start, end, None, None, precision, relative=True)
        ahead = _WEEKDAYS.index(found["wd"].replace("天", "日")) - self.base.weekday()
        if self._is_to_come(start, end):
            ahead %= 7
        elif ahead > 0:
            ahead -= 7
        day = self.base + timedelta(days=ahead)
        return Point(start, end, day, day, precision, relative=True)

    def _near(self, start: int, end: int, month: int, day: int) -> Point:
        if self.base is None:
            return Point(start, end, None, None, "day", relative=True)
        return _of_day(start, end, self._nearest(month, day), relative=True)

    def _in_words(self, start: int, end: int, group: dict[str, Any]) -> Point | None:
        """今天, 上周三, 三年前, 近五年, 十三五, 近日."""
        file = toml_file(TIME_WORDS)
        if group["plan"]:
            first, last = file["plans"][group["plan"]]
            return Point(start, end, date(first, 1, 1), date(last, 12, 31), "year", relative=False)
        if group["vague"]:
            return Point(start, end, None, None, "vague", relative=True)
        if group["rd"]:
            precision: Precision = "time" if group["rc"] else "day"
            if self.base is None:
                return Point(start, end, None, None, precision, relative=True)
            day = self.base + timedelta(days=file["days"][group["rd"]])
            return Point(start, end, day, day, precision, relative=True)
        if group["rw"]:
            return self._week(start, end, int(file["weeks"][group["rw"]]), group["rwd"])
        if group["ago"]:
            return self._ago(start, end, group["an"], group["au"], vague=bool(group["am"]))
        if group["lm"] or group["lm2"]:
            return Point(start, end, None, None, "vague", relative=True)
        return self._lately(start, end, group["ln"] or group["ln2"], group["lu"] or group["lu2"])

    def _week(self, start: int, end: int, weeks: int, weekday: str | None) -> Point:
        if self.base is None:
            return Point(start, end, None, None, "day", relative=True)
        bracket = _BRACKET_DAY.match(self.body, end) if weekday else None
        monday = self.base - timedelta(days=self.base.weekday()) + timedelta(weeks=weeks)
        first, last = monday, monday + timedelta(days=6)
        if weekday == "末":
            first = monday + timedelta(days=5)
        elif weekday:
            first = last = monday + timedelta(days=_WEEKDAYS.index(weekday.replace("天", "日")))
        return Point(start, bracket.end() if bracket else end, first, last, "day", relative=True)

    def _ago(self, start: int, end: int, count: str, unit: str, vague: bool) -> Point:
        read = value(count.replace("半", "一")) if count not in ("几", "数") else None
        if vague or read is None or count == "半":
            return Point(start, end, None, None, "vague", relative=True)
        number = int(read[0])
        precision: Precision = {"年": "year", "月": "month"}.get(unit, "day")  # type: ignore[assignment]
        if self.base is None:
            return Point(start, end, None, None, precision, relative=True)
        if unit == "年":
            year = self.base.year - number
            return Point(start, end, date(year, 1, 1), date(year, 12, 31), "year", relative=True)
        if unit == "月":
            year, month = _shifted(self.base, -number)
            return Point(
                start,
                end,
                date(year, month, 1),
                date(year, month, monthrange(year, month)[1]),
                "month",
                relative=True,
            )
        day = self.base - timedelta(days=number * (7 if unit in ("周", "星期") else 1))
        return _of_day(start, end, day, relative=True)

    def _lately(self, start: int, end: int, count: str, unit: str) -> Point | None:
        """近三年, 十年来: from that long ago to the day of publication."""
        read = value(count) if count != "半" else None
        precision: Precision = {"年": "year", "个月": "month"}.get(unit, "day")  # type: ignore[assignment]
        if self.base is None or (read is None and count != "半"):
            return Point(start, end, None, None, precision, relative=True)
        number = int(read[0]) if read else 0
        if unit == "年":
            months = 12 * number if read else 6
        elif unit == "个月":
            months = number
        else:
            day = self.base - timedelta(days=number * (7 if unit == "周" else 1))
            return Point(start, end, day, self.base, precision, relative=True)
        year, month = _shifted(self.base, -months)
        return Point(start, end, clamped(year, month, self.base.day), self.base, precision, relative=True)

    def _context(self, start: int) -> Point | None:
        point = self.context
        if point is None or start - point.end > NARRATIVE or "\n" in self.body[point.end : start]:
            return None
        return point

    def _far(self, point: Point) -> bool:
        assert self.base is not None
        assert point.begins is not None
        return abs((point.begins - self.base).days) > LOOK_BACK

    def _is_to_come(self, start: int, end: int) -> bool:
        around = self.body[max(0, start - 6) : start], self.body[end : end + 6]
        return any(_TO_COME.search(part) for part in around)


def _of_day(start: int, end: int, day: date, relative: bool = False) -> Point:
    return Point(start, end, day, day, "day", relative)


def _unit(month: str | None, day: str | None, timed: str | None) -> Precision:
    if day:
        return "time" if timed else "day"
    return "month" if month else "year"


def _number(text: str) -> int:
    read = value(text)
    if read is None:
        raise ValueError(text)
    return int(read[0])


def _shifted(day: date, months: int) -> tuple[int, int]:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1


def clamped(year: int, month: int, day: int) -> date:
    """The date, or the month's last day. Raises ValueError for a month or day that no year has."""
    if not 1 <= day <= 31:
        raise ValueError(day)
    return (
        date(year, month, min(day, monthrange(year, month)[1])) if 1 <= month <= 12 else date(year, month, 1)
    )


def _part_of_month(year: int, month: int, part: str) -> tuple[date, date]:
    first, last = {"上旬": (1, 10), "初": (1, 10), "中旬": (11, 20)}.get(
        part, (21, monthrange(year, month)[1])
    )
    return date(year, month, first), date(year, month, last)


def _part_of_year(part: str) -> tuple[int, int]:
    """First and last month."""
    if part in ("上半年", "下半年"):
        return (1, 6) if part == "上半年" else (7, 12)
    if part.startswith("前"):
        months = _number(part.strip("前个月季度")) * (3 if part.endswith("季度") else 1)
        if not 1 <= months <= 12:
            raise ValueError(part)
        return 1, months
    if part.endswith("季度"):
        quarter = _number(part.strip("第季度"))
        return 3 * quarter - 2, 3 * quarter
    return (1, 3) if part.endswith("初") else (10, 12)
