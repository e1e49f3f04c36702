"""Figures that are written without a unit of their own: 三分之一, 一半, 半年, 3:1."""

from __future__ import annotations

import re
from decimal import Decimal

from pipelines.entities.figure_bounds import make_figure
from pipelines.entities.figure_numbers import Number
from pipelines.entities.numerals import NUMERAL, value
from pipelines.models import Figure

_SCALE = Decimal("0.000001")  # of shares, which may have no end (三分之一)
_HALF = re.compile("一半(?!的?路|天)|半数|半(?=的|[，。、；,;]|$)")
_HALF_SPAN = re.compile("(?<![上下前后多大])半(?:年(?![级报])|个多?月|个?小时|个钟头)")
_HALF_LEAD = re.compile("(?:超过|过|近|大|超)$")
_CLOCK = re.compile("(?:[上下中]午|早上|晚上|凌晨|晚|时间|[日号当天]) ?$")
FRACTION = re.compile(
    rf"(?:百|千|万)分之((?:{NUMERAL}))|([二两三四五六七八九十百0-9]{{1,3}})分之([一二两三四五六七八九十0-9]{{1,3}})"
)
PROPORTION = re.compile(r"(?<![0-9:：.])(\d{1,2}) ?[:：] ?(\d{1,2})(?![0-9:：.])")


def share_figure(body: str, found: re.Match[str]) -> Figure | None:
    """百分之六十, 三分之一: the figure of a match of FRACTION; None when it divides by nothing."""
    if found[1]:
        read = value(found[1])
        whole = Decimal({"百": 100, "千": 1000, "万": 10000}[found.group()[0]])
        part = read[0] if read else None
    else:
        above, below = value(found[3]), value(found[2])
        part = above[0] if above else None
        whole = below[0] if below else Decimal(0)
    if part is None or not whole:
        return None
    share = (part / whole).quantize(_SCALE).normalize()
    return make_figure(
        body, Number(found.start(), found.end(), share, share, False), "ratio", "share", found.end()
    )


def half_figure(body: str, start: int) -> Figure | None:
    """一半, 过半, 半年: a half as a share or a duration; None when 半 is a part of a word."""
    if (span := _HALF_SPAN.match(body, start)) is not None:
        unit = "小时" if span.group().endswith(("小时", "钟头")) else "个月" if "月" in span.group() else "年"
        half = Decimal("0.5")
        return make_figure(body, Number(start, span.end(), half, half, False), unit, "duration", span.end())
    found = _HALF.match(body, start)
    if found is None:
        return None
    lead = _HALF_LEAD.search(body, max(0, start - 2), start)
    if lead is None and found.group() == "半":
        return None
    half = Decimal("0.5")
    if lead is not None and lead.group() in ("过", "大"):  # before a half alone they are leads
        start = lead.start()
        return make_figure(body, Number(start, found.end(), half, None, True), "ratio", "share", found.end())
    return make_figure(body, Number(start, found.end(), half, half, False), "ratio", "share", found.end())


def proportion_figure(body: str, found: re.Match[str]) -> Figure | None:
    """3:1 as a share, from a match of PROPORTION; None when it is a time."""
    first, second = int(found[1]), int(found[2])
    # 10:30 is a time
    if (
        not first
        or not second
        or len(found[2]) == 2
        or _CLOCK.search(body, max(0, found.start() - 3), found.start())
    ):
        return None
    share = (Decimal(first) / Decimal(second)).quantize(_SCALE).normalize()
    return make_figure(
        body, Number(found.start(), found.end(), share, share, False), "ratio", "share", found.end()
    )
