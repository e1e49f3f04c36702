"""Numbers with what is written right behind them, before their unit is known: 10余, 100+, 20来名."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from pipelines.entities.numerals import value

_PLUS = re.compile("[+＋]")
_MORE = re.compile("[余多]")
_AROUND = re.compile("来(?=[名人个位家户所场次件元岁斤亩份])")
_MORE_SPACED = re.compile(" [余多](?=[ 名位个人家所场次件元])")


class Number(NamedTuple):
    """A number that was read: where it stands, its bounds, and whether it is approximate."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    approximate: bool


def read_number(body: str, hit: re.Match[str]) -> Number | None:
    """The number that a numeral says together with 余, 多, + or 来 behind it; None when it says none."""
    read = value(hit.group())
    if read is None:
        return None
    low, high, approximate = read
    end = hit.end()
    more = _MORE.match(body, end) or _PLUS.match(body, end)
    if more is None:
        more = _MORE_SPACED.match(body, end)
    if more is None and (around := _AROUND.match(body, end)) is not None:
        return Number(hit.start(), around.end(), low, high, True)
    if more is not None:
        if body[more.end() : more.end() + 1] in ("万", "亿"):  # 3 余万, with a space
            return None
        return Number(hit.start(), more.end(), low, None, True)
    return Number(hit.start(), end, low, high, approximate)


def is_year(numeral: str) -> bool:
    """Whether a numeral may be a year in digits."""
    return len(numeral) == 4 and numeral.isdigit() and numeral.startswith(("19", "20"))
