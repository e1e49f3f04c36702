"""Dates and times as pages print them, read by our own patterns.

Nothing here knows of HTML. A text goes in, the stamps that it prints come out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache

from pipelines.extract.tables import load_table
from pipelines.models import Moment, Precision

MAX_TEXT = 300
"""Only this many first characters of a line are searched."""
MIN_YEAR = 1990
"""No news page on the web is older."""


@dataclass(slots=True, frozen=True)
class Stamp:
    """A date as printed: `year` is 0 when left out, `hour` -1 when no time is printed.

    `days_ago` is set for 昨天 and the like, `seconds_ago` for 3小时前; then the
    date's own fields mean nothing. `offset` is the printed offset from UTC in
    minutes, None when the page prints none. `start` and `end` are character
    offsets into the searched text.
    """

    year: int
    month: int
    day: int
    hour: int = -1
    minute: int = 0
    second: int = -1
    offset: int | None = None
    days_ago: int | None = None
    seconds_ago: int | None = None
    start: int = 0
    end: int = 0

    @property
    def has_time(self) -> bool:
        """Whether a time of day is known."""
        return self.hour >= 0 or (self.seconds_ago is not None and self.seconds_ago < 86400)


_TIME = (
    r"(?:[\s,，T|·\-–]*(?:\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?[\s,，|·]*(?:at |um |à |alle |ore |- )?"
    r"(?P<half>上午|下午|晚上|晚间|早上|清晨|凌晨|中午)?\s*"
    r"(?P<hour>[01]?\d|2[0-4])\s?[:：时時點点]\s?(?P<minute>[0-5]\d)(?!\d)(?:\s?[:：分]\s?(?P<second>[0-5]\d)(?!\d)秒?|\s?分(?!钟))?"
    r"(?:[.,]\d{1,9})?\s*(?P<ampm>[AaPp]\.?[Mm]\b)?\s?(?P<zone>Z\b|UTC|GMT|[+-]\d\d:?\d\d\b)?)?"
)
_FULL = re.compile(
    r"(?<![\d.])(?P<year>(?:19|20)\d\d)\s?(?:[-/.年－–]|(?=\s\d{1,2}\s?[-/.月]))\s?(?P<month>1[0-2]|0?[1-9])"
    r"\s?[-/.月－–]\s?(?P<day>3[01]|[12]\d|0?[1-9])\s?[日号號]?" + _TIME
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>20[0-3]\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:[T ]?(?P<hour>[01]\d|2[0-3]):?(?P<minute>[0-5]\d):?(?P<second>[0-5]\d)?)?(?!\d)"
)
# two digits are a year only in the year-month-day form with a time
_SHORT_YEAR = re.compile(
    r"(?<![\d./:-])(?P<year>[0-3]\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>3[01]|[12]\d|0[1-9])"
    + _TIME.removesuffix("?")
)
_DAY_FIRST = re.compile(
    r"(?<![\d.])(?P<day>3[01]|[12]\d|0?[1-9])(?P<sep>[./-])(?P<month>1[0-2]|0?[1-9])(?P=sep)(?P<year>(?:19|20)\d\d)(?!\d)"
    + _TIME
)
_NO_YEAR = re.compile(
    r"(?<![\d./:-])(?P<month>1[0-2]|0?[1-9])\s?(?:[-/]|(?P<cjk>月))\s?(?P<day>3[01]|[12]\d|0[1-9]|[1-9](?!\d))\s?(?(cjk)[日号])"
    + _TIME.removesuffix("?")
)
_RELATIVE = re.compile(
    r"(?P<count>\d{1,3})\s?(?P<unit>秒|分钟|分鐘|小时|小時|天)(?:之)?前|(?P<word>刚刚|剛剛|今天|今日|昨天|昨日|前天)"
    + _TIME
)
_CHINESE = re.compile(
    r"[二一][〇○零九]?[〇○零一二三四五六七八九]{2,3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
_LETTERS = re.compile(r"[^\W\d_\u3000-\u9fff]{3}")
_MAY_HOLD = re.compile("[0-9]|年|[昨今前]|刚刚|剛剛")
_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_AGO = {"秒": 1, "分钟": 60, "分鐘": 60, "小时": 3600, "小時": 3600, "天": 86400}
_DAYS = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}
_LATE = ("下午", "晚上", "晚间")


def may_hold_date(text: str) -> bool:
    """Tells quickly whether `find_stamps` can find anything in a text."""
    return _MAY_HOLD.search(text) is not None


def find_stamps(text: str) -> Iterator[Stamp]:
    """Yields the dates in `text`, the forms with a year first; parts of one date come once."""
    text = text[:MAX_TEXT]
    if not _MAY_HOLD.search(text):
        return
    if "年" in text and _CHINESE.search(text):
        text = _CHINESE.sub(lambda m: _arabic(m[0]).ljust(len(m[0])), text)
    taken: list[tuple[int, int]] = []
    named = (_month_name_pattern(), _month_first_pattern()) if _LETTERS.search(text) else ()
    for pattern in (_FULL, _SHORT_YEAR, _DAY_FIRST, *named, _RELATIVE, _NO_YEAR):
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if stamp := _stamp(match):
                taken.append(match.span())
                yield stamp


def read_stamp(value: str) -> Stamp | None:
    """Returns the date that `value`, a machine's or a meta element's, begins with; Unix times included."""
    value = value.strip()
    if value.isdigit() and len(value) in (10, 13):
        at = datetime.fromtimestamp(int(value[:10]), UTC)
        return Stamp(at.year, at.month, at.day, at.hour, at.minute, at.second, 0)
    if match := _COMPACT.match(value):
        return _stamp(match)
    return next(find_stamps(value), None)


def to_moment(
    stamp: Stamp, base: datetime, zone: tzinfo, raw: str, rule: str, *, convert: bool = False
) -> Moment | None:
    """Makes a `Moment` of a stamp; None when it is no possible date.

    `base` (aware) is the time of the fetch: relative dates count from it and a
    missing year is the last one that does not lie in its future. With `convert`
    a stamp that gives an offset is moved to `zone`, else keeps it.
    """
    here = base.astimezone(zone)
    inferred = stamp.year == 0
    if stamp.seconds_ago is not None:
        precision: Precision = "minute" if stamp.has_time else "day"
        at = here - timedelta(seconds=stamp.seconds_ago)
        at = at.replace(second=0, microsecond=0) if precision == "minute" else _midnight(at)
        return Moment(at, precision, raw, rule, inferred=True)
    if stamp.days_ago is not None:
        day = here - timedelta(days=stamp.days_ago)
        stamp = replace(stamp, year=day.year, month=day.month, day=day.day)
    elif not stamp.year:
        stamp = replace(stamp, year=_likely_year(stamp, here))
    if not MIN_YEAR <= stamp.year <= here.year + 1:
        return None
    own = zone if stamp.offset is None else timezone(timedelta(minutes=stamp.offset))
    try:
        at = datetime(
            stamp.year,
            stamp.month,
            stamp.day,
            max(0, stamp.hour),
            stamp.minute,
            max(0, stamp.second),
            tzinfo=own,
        )
    except ValueError:
        return None
    if not stamp.has_time:
        return Moment(_midnight(at), "day", raw, rule, inferred=inferred)
    if convert and stamp.offset is not None:
        at = at.astimezone(zone)
    return Moment(at, "second" if stamp.second >= 0 else "minute", raw, rule, inferred=inferred)


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _likely_year(stamp: Stamp, here: datetime) -> int:
    later = (stamp.month, stamp.day) > ((tomorrow := here + timedelta(days=1)).month, tomorrow.day)
    return here.year - 1 if later and here.year == tomorrow.year else here.year


def _stamp(match: re.Match[str]) -> Stamp | None:
    found = match.groupdict()
    hour, minute, second = -1, 0, -1
    if found.get("hour"):
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        second = int(found["second"]) if found.get("second") else -1
        hour = _on_24_hours(hour, found.get("half"), found.get("ampm"))
        if hour > 23:
            return None
    span = {"start": match.start(), "end": match.end()}
    if found.get("unit"):
        return Stamp(0, 0, 0, seconds_ago=int(found["count"]) * _AGO[found["unit"]], **span)
    if word := found.get("word"):
        if word in ("刚刚", "剛剛"):
            return Stamp(0, 0, 0, seconds_ago=0, **span)
        return Stamp(0, 0, 0, hour, minute, second, days_ago=_DAYS[word], **span)
    name = found.get("name")
    month = _month_numbers()[name.lower()] if name else int(found["month"])
    offset = _offset_minutes(found.get("zone"))
    year = int(found.get("year") or 0)
    if found.get("year") and year < 100:
        year += 2000
    return Stamp(year, month, int(found["day"]), hour, minute, second, offset, **span)


def _on_24_hours(hour: int, half: str | None, ampm: str | None) -> int:
    late = half in _LATE or (ampm is not None and ampm[0] in "Pp") or (half == "中午" and hour < 11)
    if late and hour < 12:
        return hour + 12
    return 0 if hour == 12 and (half == "凌晨" or (ampm is not None and ampm[0] in "Aa")) else hour


def _offset_minutes(zone: str | None) -> int | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return (-minutes if zone[0] == "-" else minutes) if minutes <= 14 * 60 else None


def _arabic(text: str) -> str:
    """二〇二一年三月十五日 as 2021年3月15日."""

    def number(part: str) -> str:
        if "十" not in part:
            return "".join(_DIGITS[c] for c in part)
        tens, _, ones = part.partition("十")
        return str(int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0")))

    return re.sub(r"[零〇○一二三四五六七八九十]+", lambda m: number(m[0]), text)


@cache
def _month_numbers() -> dict[str, int]:
    return {
        name: int(number)
        for number, names in load_table("date_words.toml")["months"].items()
        for name in names
    }


def _names() -> str:
    return "|".join(sorted(map(re.escape, _month_numbers()), key=len, reverse=True))


@cache
def _month_name_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\d)(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|er|\.|º)?\s(?:de )?(?P<name>{_names()})"
        r"\b\.?,?\s?(?:de )?"
        r"(?P<year>(?:19|20)\d\d)" + _TIME,
        re.IGNORECASE,
    )


@cache
def _month_first_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?P<name>{_names()})\b\.?\s(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?,?\s"
        r"(?P<year>(?:19|20)\d\d)" + _TIME,
        re.IGNORECASE,
    )
