"""Quantities in a text: 近4000个电话, 3至5万人次, 120万余元, 八成, 三分之一.

A number becomes a figure by what stands behind it: a measure word, a unit, a
currency, or a noun that public-interest news counts. Words before and behind
give the bounds. Ordinals, dates, telephone and document numbers have no unit
and are left out, and so is 一 before a measure word, which is an article.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Final

from pipelines.entities.figure_bounds import lead_before, make_figure
from pipelines.entities.figure_numbers import Number, is_year, read_number
from pipelines.entities.figure_patterns import BEGINNING, TRADITIONAL, patterns
from pipelines.entities.figure_shares import (
    FRACTION,
    PROPORTION,
    half_figure,
    proportion_figure,
    share_figure,
)
from pipelines.entities.figure_units import Counted, find_unit
from pipelines.entities.lexicon import HAN
from pipelines.entities.numerals import value
from pipelines.models import Figure

_TRADITIONAL_SIGN = re.compile("[萬億個餘數]")
_ORDINAL = re.compile(rf"(?:第 ?|[Nn][Oo]\.? ?|第[{HAN}0-9]{{1,4}}(?:[、至到和及]|[-—~～])|周|星期|礼拜|届)$")
_ORDINAL_ENDS: Final = frozenset("第 oO.、至到和及-—~～周期拜届")  # what the pattern above ends in
_AND_A_HALF = re.compile("(?:个半(?P<unit>小时|月|钟头)|(?P<year>年)半(?!前|后|[0-9]))")


def find_figures(body: str) -> list[Figure]:
    """Returns the quantities of a text in order; offsets in characters, body[f.start:f.end] == f.surface.

    Bounds are inclusive. An exact number has both; 近4000 has no lower one,
    超600 and 10余 no upper one; 约300 has 300 as both and is approximate.
    Money is in the units of its currency, shares (八成, 60%, 三分之一) are
    fractions with the unit "ratio", rounded to six places.
    """
    text = body.translate(TRADITIONAL) if _TRADITIONAL_SIGN.search(body) else body
    found = _find(text)
    return found if text is body else [replace(f, surface=body[f.start : f.end]) for f in found]


def _find(body: str) -> list[Figure]:
    found: list[Figure] = []
    number = patterns().number
    place = 0
    while (begin := BEGINNING.search(body, place)) is not None:
        hit = number.match(body, begin.start())
        if hit is not None and body[hit.end() : hit.end() + 1] == "年" and is_year(hit.group()):
            place = _past(body, hit)
            continue
        if hit is None:
            place = begin.end()
            continue
        figure = _figure(body, hit)
        if figure is None:
            place = _past(body, hit)
        else:
            if not found or figure.start >= found[-1].end:
                found.append(figure)
            place = max(figure.end, hit.end())
    return found


def _past(body: str, hit: re.Match[str]) -> int:
    """Where to go on behind a number that is no figure; an idiom is passed as a whole."""
    idiom = patterns().idiom.match(body, hit.start())
    return max(idiom.end(), hit.start() + 1) if idiom and idiom.group() else hit.end()


def _figure(body: str, hit: re.Match[str]) -> Figure | None:
    start = hit.start()
    if "分" in body[start : start + 6] and (fraction := FRACTION.match(body, start)) is not None:
        return share_figure(body, fraction)
    if "半" in hit.group() or body[start : start + 2] == "一半":
        return half_figure(body, start)
    colon = ":" in body[start : start + 4] or "：" in body[start : start + 4]
    if colon and (proportion := PROPORTION.match(body, start)) is not None:
        return proportion_figure(body, proportion)
    ordinal = body[start - 1 : start] in _ORDINAL_ENDS and _ORDINAL.search(body, max(0, start - 7), start)
    if ordinal or patterns().idiom.match(body, start):
        return None
    first = read_number(body, hit)
    if first is None:
        return None
    counted = find_unit(body, first)
    return _range(body, first, counted) or _single(body, first, counted)


def _single(body: str, number: Number, counted: Counted | None) -> Figure | None:
    if (halved := _and_a_half(body, number)) is not None:
        return halved
    if counted is None:
        return None
    # a page that lost its digits: 余额为亿元
    if (
        counted.kind == "money"
        and body[number.start : number.end] in ("万", "亿")
        and not lead_before(body, number.start)[0]
    ):
        return None
    if counted.more:
        number = number._replace(high=None, approximate=True)
    return make_figure(body, number, counted.unit, counted.kind, counted.end, counted.times)


def _and_a_half(body: str, number: Number) -> Figure | None:
    """3个半小时, 两年半."""
    found = _AND_A_HALF.match(body, number.end)
    if found is None or number.high is None or number.low >= 1000:
        return None
    unit = {"月": "个月", "钟头": "小时"}.get(found["unit"], found["unit"]) if found["unit"] else "年"
    half = Decimal("0.5")
    exact = number._replace(low=number.low + half, high=number.high + half, end=found.end())
    return make_figure(body, exact, unit, "duration", found.end())


def _range(body: str, first: Number, own: Counted | None) -> Figure | None:
    """3至5万人次, 50—60名, 10%到20%, 3名至5名; the first number takes the scale of the second."""
    if first.high is None or first.approximate:
        return None
    between = patterns().between.match(body, own.end if own else first.end)
    hit = between and patterns().number.match(body, between.end())
    second = read_number(body, hit) if hit else None
    if between is None or hit is None or second is None or second.high is None or second.approximate:
        return None
    counted = find_unit(body, second)
    if counted is None or (own is not None and own.unit not in (counted.unit, "")):
        return None
    low = first.low
    scale = re.search("[百千万亿]+$", hit.group())
    if (
        scale is not None
        and body[first.end - 1] not in "百千万亿"
        and low <= _mantissa(hit.group(), scale.group())
    ):
        low *= second.high / _mantissa(hit.group(), scale.group())
    if low >= second.high:
        return None
    number = Number(first.start, second.end, low, second.high, False)
    return make_figure(body, number, counted.unit, counted.kind, counted.end, counted.times)


def _mantissa(numeral: str, scale: str) -> Decimal:
    read = value(numeral[: -len(scale)]) if len(numeral) > len(scale) else None
    return read[0] if read else Decimal(1)
