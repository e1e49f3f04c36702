"""What makes a figure of a number: the unit behind it, a currency, a scale, or a noun that the list has."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from pipelines.entities.figure_bounds import lead_before
from pipelines.entities.figure_numbers import Number, is_year
from pipelines.entities.figure_patterns import Unit, patterns, units
from pipelines.entities.lexicon import HAN

MAX_SHARE: Final = 100
"""A larger share is none: 2023成 begins 2023成渝."""
_SPACE = re.compile(" ?")
_ONLY = re.compile("(?:[仅只共]|共有|只有|仅有|共计)$")
_NO_NOUN = re.compile(r" ?(?:[年月日号时点届级期版式型后线路栋室楼环座代：:/／.\-—~～%％]|[A-Za-z0-9])")
_LARGE = re.compile("[万亿][余多]?$")
_ROUND = re.compile("(?:百|千|万|十万|百万|千万|亿)$")
_NO_UNIT_FOLLOWS = re.compile("[的，。、；！,;善捐资]|$")
_CURRENCIES = {"¥": "元", "￥": "元", "$": "美元", "＄": "美元", "€": "欧元", "£": "英镑"}


class Counted(NamedTuple):
    """A number with its unit, where the unit ends, and whether the unit says that it is more (个多月)."""

    unit: str
    kind: str
    times: Decimal
    end: int
    more: bool


def find_unit(body: str, number: Number) -> Counted | None:
    """The unit behind a number, or the noun that it counts without one; None when there is neither."""
    at = _SPACE.match(body, number.end).end()  # type: ignore[union-attr]
    found = patterns().unit.match(body, at)
    while found is not None and found.group():
        word = found.group()
        for unit in units()[word]:
            if _fits(body, number, unit, found.end()):
                return Counted(unit.name, unit.kind, unit.times, found.end(), unit.more)
        # 3场次: a shorter unit may fit where a longer one does not
        found = patterns().unit.fullmatch(body, at, found.end() - 1) if len(word) > 1 else None
    return _without_unit(body, number)


def _fits(body: str, number: Number, unit: Unit, end: int) -> bool:
    numeral = body[number.start : number.end]
    if numeral[0] in "零〇" or (unit.kind == "share" and number.low * unit.times > MAX_SHARE):
        return False
    if unit.digits and not numeral[0].isdigit():
        return False
    if unit.not_before is not None and unit.not_before.match(body, end):
        return False
    if unit.only_before is not None and not unit.only_before.match(body, end):
        return False
    if unit.after is not None and not unit.after.search(body, max(0, number.start - 4), number.start):
        return False
    if numeral == "一" and unit.kind in ("count", "duration") and not unit.more:
        return _only(body, number.start)
    if unit.name == "年":
        # a year in digits, or 21年3月
        return number.low < 1000 or numeral[-1] in "百千万"
    return True


def _only(body: str, start: int) -> bool:
    return _ONLY.search(body, max(0, start - 2), start) is not None


def _without_unit(body: str, number: Number) -> Counted | None:
    """300志愿者, 善款100万, 逾千万, ¥500: a scale, an approximation, a currency or a noun of the list."""
    numeral = body[number.start : number.end]
    if currency := _CURRENCIES.get(body[number.start - 1 : number.start]):
        return Counted(currency, "money", Decimal(1), number.end, False)
    if _ROUND.fullmatch(numeral) and _NO_UNIT_FOLLOWS.match(body, number.end):
        lead, _ = lead_before(body, number.start)
        return Counted("", "count", Decimal(1), number.end, False) if lead else None
    if not numeral[0].isdigit() or _NO_NOUN.match(body, number.end):
        return None
    noun = patterns().noun.match(body, _SPACE.match(body, number.end).end())  # type: ignore[union-attr]
    if (
        noun
        or _LARGE.search(numeral)
        or (numeral[-1] in "余多" and re.match(f"[{HAN}]", body[number.end : number.end + 1]))
    ):
        return Counted("", "count", Decimal(1), number.end, False)
    if numeral[-1] in "+＋" and number.low >= 10:
        return Counted("", "count", Decimal(1), number.end, False)
    lead, _ = lead_before(body, number.start)
    if lead and number.low >= 100 and not is_year(numeral):
        return Counted("", "count", Decimal(1), number.end, False)
    return None
