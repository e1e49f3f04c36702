"""From a number and its unit to a figure: what the words before and behind do to its bounds.

近4000 has no lower bound, 超600 no upper one, 约300 is approximate.
"""

from __future__ import annotations

import re
from decimal import Decimal

from pipelines.entities.figure_nouns import counted_noun
from pipelines.entities.figure_numbers import Number
from pipelines.entities.figure_patterns import Lead, patterns
from pipelines.models import Figure

_FEW_YEARS = Decimal(5)
_ENDS_HERE = re.compile("[来的，。、；！,;]|$")
_HUNDREDS = re.compile("成[百千]$")
_Bounds = tuple[Decimal | None, Decimal | None, bool]


def make_figure(
    body: str, number: Number, unit: str, kind: str, end: int, times: Decimal = Decimal(1)
) -> Figure:
    """The figure of a number whose unit ends at `end` and is `times` the unit that is kept."""
    high = None if number.high is None else number.high * times
    bounds: _Bounds = (number.low * times, high, number.approximate)
    lead, start = lead_before(body, number.start)
    if lead == "nearly" and kind == "duration" and body[start] == "近" and _is_recent(body, number, end):
        lead = ""
    elif lead == "exactly":
        start = number.start
    after, end = _after(body, end)
    low, high, approximate = _apply(lead, _apply(after, bounds))
    if (hundreds := _HUNDREDS.search(body, max(0, start - 2), start)) and body[start] == "上":
        start, low = hundreds.start(), Decimal(100 if hundreds.group() == "成百" else 1000)
    noun = counted_noun(body, start, end, kind)
    return Figure(start, end, body[start:end], _plain(low), _plain(high), unit, approximate, noun)


def lead_before(body: str, start: int) -> tuple[Lead, int]:
    """The word before a number that changes its bounds, and where it begins."""
    before = body[max(0, start - 5) : start]
    stripped = before.rstrip(" ")
    found = patterns().leads.match(stripped[::-1])
    if found is None or not found.group():
        return "", start
    word = found.group()[::-1]
    if stripped.endswith(patterns().not_lead) or (
        word in ("上", "过", "超", "满") and not _takes_bare_lead(body, start, word)
    ):
        return "", start
    return patterns().lead_of[word], start - (len(before) - len(stripped)) - len(word)


def _takes_bare_lead(body: str, start: int, word: str) -> bool:
    """上 and 过 say "more than" only before a round number in characters: 上千家, 过百名."""
    return word in "超满" or body[start] in "百千万亿半"


def _after(body: str, end: int) -> tuple[Lead, int]:
    """The word behind a unit that changes the bounds, and where the figure then ends."""
    found = patterns().after.match(body, end)
    if found is None or not found[1]:
        return "", end
    # 3年多, but not 30名多动症儿童
    if found[1] in ("余", "多") and not _ENDS_HERE.match(body, found.end()):
        return "", end
    return patterns().after_of[found[1]], found.end()


def _apply(says: Lead, bounds: _Bounds) -> _Bounds:
    low, high, approximate = bounds
    if says in ("nearly", "most"):
        return None, high if high is not None else low, approximate or says == "nearly"
    if says in ("above", "least"):
        return low, None, approximate or says == "above"
    return low, high, approximate or says == "about"


def _plain(number: Decimal | None) -> Decimal | None:
    """Without zeros behind the point, and without an exponent."""
    if number is None:
        return None
    return number.to_integral_value() if number == number.to_integral_value() else number.normalize()


def _is_recent(body: str, number: Number, end: int) -> bool:
    """近3年, 近五年来 are the last years, 近30年的努力 is almost thirty."""
    return number.low <= _FEW_YEARS or body[end : end + 1] == "来"
