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
from typing import Final, NamedTuple

from pipelines.entities.figure_patterns import BEGINNING, TRADITIONAL, Lead, Unit, patterns, units
from pipelines.entities.lexicon import HAN
from pipelines.entities.numerals import NUMERAL, value
from pipelines.models import Figure

MAX_COUNTED: Final = 12  # characters that what is counted may have
MAX_SHARE: Final = 100
"""A larger share is none: 2023成 begins 2023成渝."""

_SCALE = Decimal("0.000001")  # of shares, which may have no end (三分之一)

_Bounds = tuple[Decimal | None, Decimal | None, bool]


class _Number(NamedTuple):
    """A number that was read: where it stands, its bounds, and whether it is approximate."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    approximate: bool


class _Counted(NamedTuple):
    """A number with its unit, where the unit ends, and whether the unit says that it is more (个多月)."""

    unit: str
    kind: str
    times: Decimal
    end: int
    more: bool


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


_TRADITIONAL_SIGN = re.compile("[萬億個餘數]")


def _find(body: str) -> list[Figure]:
    found: list[Figure] = []
    number = patterns().number
    place = 0
    while (begin := BEGINNING.search(body, place)) is not None:
        hit = number.match(body, begin.start())
        if hit is not None and body[hit.end() : hit.end() + 1] == "年" and _is_year(hit.group()):
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


# --- the parts of a figure ---

_ORDINAL = re.compile(rf"(?:第 ?|[Nn][Oo]\.? ?|第[{HAN}0-9]{{1,4}}(?:[、至到和及]|[-—~～])|周|星期|礼拜|届)$")
_ORDINAL_ENDS: Final = frozenset("第 oO.、至到和及-—~～周期拜届")  # what the pattern above ends in
_FRACTION = re.compile(
    rf"(?:百|千|万)分之((?:{NUMERAL}))|([二两三四五六七八九十百0-9]{{1,3}})分之([一二两三四五六七八九十0-9]{{1,3}})"
)
_HALF = re.compile("一半(?!的?路|天)|半数|半(?=的|[，。、；,;]|$)")
_HALF_SPAN = re.compile("(?<![上下前后多大])半(?:年(?![级报])|个多?月|个?小时|个钟头)")
_HALF_LEAD = re.compile("(?:超过|过|近|大|超)$")
_PROPORTION = re.compile(r"(?<![0-9:：.])(\d{1,2}) ?[:：] ?(\d{1,2})(?![0-9:：.])")
_SPACE = re.compile(" ?")
_PLUS = re.compile("[+＋]")
_MORE = re.compile("[余多]")
_AROUND = re.compile("来(?=[名人个位家户所场次件元岁斤亩份])")
_MORE_SPACED = re.compile(" [余多](?=[ 名位个人家所场次件元])")
_FEW_YEARS = Decimal(5)


def _figure(body: str, hit: re.Match[str]) -> Figure | None:
    start = hit.start()
    if "分" in body[start : start + 6] and (fraction := _FRACTION.match(body, start)) is not None:
        return _share(body, fraction)
    if "半" in hit.group() or body[start : start + 2] == "一半":
        return _half(body, start)
    colon = ":" in body[start : start + 4] or "：" in body[start : start + 4]
    if colon and (proportion := _PROPORTION.match(body, start)) is not None:
        return _proportion(body, proportion)
    ordinal = body[start - 1 : start] in _ORDINAL_ENDS and _ORDINAL.search(body, max(0, start - 7), start)
    if ordinal or patterns().idiom.match(body, start):
        return None
    first = _number(body, hit)
    if first is None:
        return None
    counted = _counted(body, first)
    return _range(body, first, counted) or _single(body, first, counted)


def _number(body: str, hit: re.Match[str]) -> _Number | None:
    read = value(hit.group())
    if read is None:
        return None
    low, high, approximate = read
    end = hit.end()
    more = _MORE.match(body, end) or _PLUS.match(body, end)
    if more is None:
        more = _MORE_SPACED.match(body, end)
    if more is None and (around := _AROUND.match(body, end)) is not None:
        return _Number(hit.start(), around.end(), low, high, True)
    if more is not None:
        if body[more.end() : more.end() + 1] in ("万", "亿"):  # 3 余万, with a space
            return None
        return _Number(hit.start(), more.end(), low, None, True)
    return _Number(hit.start(), end, low, high, approximate)


def _counted(body: str, number: _Number) -> _Counted | None:
    """The unit behind a number, or the noun that it counts without one; None when there is neither."""
    at = _SPACE.match(body, number.end).end()  # type: ignore[union-attr]
    found = patterns().unit.match(body, at)
    while found is not None and found.group():
        word = found.group()
        for unit in units()[word]:
            if _fits(body, number, unit, found.end()):
                return _Counted(unit.name, unit.kind, unit.times, found.end(), unit.more)
        # 3场次: a shorter unit may fit where a longer one does not
        found = patterns().unit.fullmatch(body, at, found.end() - 1) if len(word) > 1 else None
    return _without_unit(body, number)


def _fits(body: str, number: _Number, unit: Unit, end: int) -> bool:
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


_ONLY = re.compile("(?:[仅只共]|共有|只有|仅有|共计)$")


def _only(body: str, start: int) -> bool:
    return _ONLY.search(body, max(0, start - 2), start) is not None


_NO_NOUN = re.compile(r" ?(?:[年月日号时点届级期版式型后线路栋室楼环座代：:/／.\-—~～%％]|[A-Za-z0-9])")
_LARGE = re.compile("[万亿][余多]?$")
_ROUND = re.compile("(?:百|千|万|十万|百万|千万|亿)$")
_NO_UNIT_FOLLOWS = re.compile("[的，。、；！,;善捐资]|$")
_CURRENCIES = {"¥": "元", "￥": "元", "$": "美元", "＄": "美元", "€": "欧元", "£": "英镑"}


def _without_unit(body: str, number: _Number) -> _Counted | None:
    """300志愿者, 善款100万, 逾千万, ¥500: a scale, an approximation, a currency or a noun of the list."""
    numeral = body[number.start : number.end]
    if currency := _CURRENCIES.get(body[number.start - 1 : number.start]):
        return _Counted(currency, "money", Decimal(1), number.end, False)
    if _ROUND.fullmatch(numeral) and _NO_UNIT_FOLLOWS.match(body, number.end):
        lead, _ = _lead(body, number.start)
        return _Counted("", "count", Decimal(1), number.end, False) if lead else None
    if not numeral[0].isdigit() or _NO_NOUN.match(body, number.end):
        return None
    noun = patterns().noun.match(body, _SPACE.match(body, number.end).end())  # type: ignore[union-attr]
    if (
        noun
        or _LARGE.search(numeral)
        or (numeral[-1] in "余多" and re.match(f"[{HAN}]", body[number.end : number.end + 1]))
    ):
        return _Counted("", "count", Decimal(1), number.end, False)
    if numeral[-1] in "+＋" and number.low >= 10:
        return _Counted("", "count", Decimal(1), number.end, False)
    lead, _ = _lead(body, number.start)
    if lead and number.low >= 100 and not _is_year(numeral):
        return _Counted("", "count", Decimal(1), number.end, False)
    return None


def _is_year(numeral: str) -> bool:
    return len(numeral) == 4 and numeral.isdigit() and numeral.startswith(("19", "20"))


# --- one number, two numbers, shares ---


def _single(body: str, number: _Number, counted: _Counted | None) -> Figure | None:
    if (halved := _and_a_half(body, number)) is not None:
        return halved
    if counted is None:
        return None
    # a page that lost its digits: 余额为亿元
    if (
        counted.kind == "money"
        and body[number.start : number.end] in ("万", "亿")
        and not _lead(body, number.start)[0]
    ):
        return None
    if counted.more:
        number = number._replace(high=None, approximate=True)
    return _made(body, number, counted.unit, counted.kind, counted.end, counted.times)


_AND_A_HALF = re.compile("(?:个半(?P<unit>小时|月|钟头)|(?P<year>年)半(?!前|后|[0-9]))")


def _and_a_half(body: str, number: _Number) -> Figure | None:
    """3个半小时, 两年半."""
    found = _AND_A_HALF.match(body, number.end)
    if found is None or number.high is None or number.low >= 1000:
        return None
    unit = {"月": "个月", "钟头": "小时"}.get(found["unit"], found["unit"]) if found["unit"] else "年"
    half = Decimal("0.5")
    exact = number._replace(low=number.low + half, high=number.high + half, end=found.end())
    return _made(body, exact, unit, "duration", found.end())


def _range(body: str, first: _Number, own: _Counted | None) -> Figure | None:
    """3至5万人次, 50—60名, 10%到20%, 3名至5名; the first number takes the scale of the second."""
    if first.high is None or first.approximate:
        return None
    between = patterns().between.match(body, own.end if own else first.end)
    hit = between and patterns().number.match(body, between.end())
    second = _number(body, hit) if hit else None
    if between is None or hit is None or second is None or second.high is None or second.approximate:
        return None
    counted = _counted(body, second)
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
    number = _Number(first.start, second.end, low, second.high, False)
    return _made(body, number, counted.unit, counted.kind, counted.end, counted.times)


def _mantissa(numeral: str, scale: str) -> Decimal:
    read = value(numeral[: -len(scale)]) if len(numeral) > len(scale) else None
    return read[0] if read else Decimal(1)


def _share(body: str, found: re.Match[str]) -> Figure | None:
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
    return _made(
        body, _Number(found.start(), found.end(), share, share, False), "ratio", "share", found.end()
    )


def _half(body: str, start: int) -> Figure | None:
    if (span := _HALF_SPAN.match(body, start)) is not None:
        unit = "小时" if span.group().endswith(("小时", "钟头")) else "个月" if "月" in span.group() else "年"
        half = Decimal("0.5")
        return _made(body, _Number(start, span.end(), half, half, False), unit, "duration", span.end())
    found = _HALF.match(body, start)
    if found is None:
        return None
    lead = _HALF_LEAD.search(body, max(0, start - 2), start)
    if lead is None and found.group() == "半":
        return None
    half = Decimal("0.5")
    if lead is not None and lead.group() in ("过", "大"):  # before a half alone they are leads
        start = lead.start()
        return _made(body, _Number(start, found.end(), half, None, True), "ratio", "share", found.end())
    return _made(body, _Number(start, found.end(), half, half, False), "ratio", "share", found.end())


_CLOCK = re.compile("(?:[上下中]午|早上|晚上|凌晨|晚|时间|[日号当天]) ?$")


def _proportion(body: str, found: re.Match[str]) -> Figure | None:
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
    return _made(
        body, _Number(found.start(), found.end(), share, share, False), "ratio", "share", found.end()
    )


# --- bounds ---


def _lead(body: str, start: int) -> tuple[Lead, int]:
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


def _made(body: str, number: _Number, unit: str, kind: str, end: int, times: Decimal = Decimal(1)) -> Figure:
    high = None if number.high is None else number.high * times
    bounds: _Bounds = (number.low * times, high, number.approximate)
    lead, start = _lead(body, number.start)
    if lead == "nearly" and kind == "duration" and body[start] == "近" and _is_recent(body, number, end):
        lead = ""
    elif lead == "exactly":
        start = number.start
    after, end = _after(body, end)
    low, high, approximate = _apply(lead, _apply(after, bounds))
    if (hundreds := _HUNDREDS.search(body, max(0, start - 2), start)) and body[start] == "上":
        start, low = hundreds.start(), Decimal(100 if hundreds.group() == "成百" else 1000)
    noun = _counted_noun(body, start, end, kind)
    return Figure(start, end, body[start:end], _plain(low), _plain(high), unit, approximate, noun)


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


_ENDS_HERE = re.compile("[来的，。、；！,;]|$")
_HUNDREDS = re.compile("成[百千]$")


def _plain(number: Decimal | None) -> Decimal | None:
    """Without zeros behind the point, and without an exponent."""
    if number is None:
        return None
    return number.to_integral_value() if number == number.to_integral_value() else number.normalize()


def _is_recent(body: str, number: _Number, end: int) -> bool:
    """近3年, 近五年来 are the last years, 近30年的努力 is almost thirty."""
    return number.low <= _FEW_YEARS or body[end : end + 1] == "来"


# --- what is counted ---

_NOUN_RUN = re.compile(rf"的?[“]?([{HAN}A-Za-z“”·]{{1,40}})")
_FROM_RUN = re.compile(rf"[{HAN}、，“”]{{0,24}}?的([{HAN}]{{1,12}})")


def _counted_noun(body: str, start: int, end: int, kind: str) -> str:
    """The noun behind the unit, or the one of the list before the number; "" when the text names none."""
    if kind in ("duration", "measure"):
        return ""
    if body.startswith("来自", end):
        found = _FROM_RUN.match(body, end)
        return _until_verb(found[1]) if found else ""
    run = _NOUN_RUN.match(body, end)
    if run is not None and (kind == "count" or body.startswith("的", end)):
        # 社工服务300人次
        verb = run[1].endswith("服务") and body[run.end() : run.end() + 1].isdigit()
        noun = _until_verb(run[1].removesuffix("服务") if verb else run[1])
        if noun:
            return noun
    before = body[max(0, start - 12) : start]
    found = patterns().noun_before.search(before)
    return found.group().rstrip("已共约有近达到超过逾了仅为计数") if found else ""


def _until_verb(run: str) -> str:
    end = next((m for m in patterns().noun_end.finditer(run) if m.lastgroup), None)
    if end is not None:
        run = run[: end.start()]
    noun = run.strip("的“”·")
    if "的" in noun:
        noun = noun.rpartition("的")[2]
    return noun if len(noun) <= MAX_COUNTED else ""
