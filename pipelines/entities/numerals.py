"""What a Chinese numeral is worth: 3.5万, 二百五十, 1亿2000万, 两三百, 几十, 十余万.

cn2an reads the plain forms, at 20 microseconds each; it refuses those with 百
alone, 几, 数, 余 or two digits in a row, which news writes all the time.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from pipelines.entities.lexicon import HAN

_DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL: Final = {"十": 10, "百": 100, "千": 1000}
_LARGE: Final = {"万": 10**4, "亿": 10**8}
_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９．，", "0123456789.,")

_ARABIC = r"(?:[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+(?![0-9０-９])|[0-9０-９]+(?:[.．][0-9０-９]+)?)"
_MORE_INSIDE = "(?:[余多几](?=[百千万亿]))?"
# 千瓦 and 千米 are units
_SCALE = "(?:[十百万亿]|千(?![瓦米克伏赫卡帕焦兆]))"
NUMERAL: Final = (
    # 3, 1,200, 2.35亿, 20余万, 1亿2000万
    rf"(?<![0-9０-９A-Za-z.．]){_ARABIC}(?: ?{_MORE_INSIDE}{_SCALE}+(?:{_ARABIC}{_SCALE}+)*)?"
    # 一百二十, 两三百, 十几, 数十万, 百余万; 一 alone is no count but the article of its noun
    rf"|(?:(?<![多少半人次总参户件指倍系分岁无])数(?=[十百千万亿{HAN}])|几|[零〇一二两三四五六七八九十百千万亿])"
    r"(?:[零〇一二两三四五六七八九十百千万亿几]|[余多](?=[百千万亿]))*"
    r"(?:点[零〇一二三四五六七八九]+[万亿]*)?"
)
"""A regular expression for what `value` reads; the caller asks for a unit behind it."""

_PART = re.compile(r"[0-9.]+|.")


def value(numeral: str) -> tuple[Decimal, Decimal | None, bool] | None:
    """Returns the least and the greatest value of a numeral, and whether it is approximate.

    The greatest is None where the numeral has none (十余万); both are equal for
    an exact one. None for what is no number: 二〇二一, 一九.
    """
    if numeral.isdecimal():
        return Decimal(numeral), Decimal(numeral), False
    text = numeral.translate(_FULL_WIDTH).replace(",", "").replace(" ", "")
    more = "余" in text or "多" in text
    text = text.replace("余", "").replace("多", "")
    if "几" in text or "数" in text:
        return _several(text, more)
    if (pair := _pair(text)) is not None:
        low, high = (_exact(form) for form in pair)
        return None if low is None or high is None or low >= high else (low, high, True)
    number = _exact(text)
    if number is None:
        return None
    return number, None if more else number, more


def _several(text: str, more: bool) -> tuple[Decimal, Decimal | None, bool] | None:
    """几 and 数 stand for one digit: at least 2 before a scale or alone, at least 1 behind one (十几)."""
    if text.count("几") + text.count("数") != 1:
        return None
    place = max(text.find("几"), text.find("数"))
    behind_scale = place > 0 and text[place - 1] in "十百千万亿"
    if place > 0 and not behind_scale:
        # 3几万 is not written, 20几万 is: the digit is added
        if text[place + 1 :] and text[:place].isdigit():
            scale = _exact("一" + text[place + 1 :])
            number = Decimal(text[:place])
            return None if scale is None else (number * scale, (number + 10) * scale, True)
        return None
    low = _exact(text[:place] + ("一" if behind_scale else "二") + text[place + 1 :])
    high = _exact(text[:place] + "九" + text[place + 1 :])
    if low is None or high is None:
        return None
    # 数百 ends before a thousand, 几十 before a hundred
    scale = _exact("一" + text[place + 1 :]) if text[place + 1 :] else Decimal(1)
    return low, None if more else high + (scale or 1) - 1, True


def _pair(text: str) -> tuple[str, str] | None:
    """The two forms of 两三百 or 二十七八; None without two digits in a row."""
    found = re.search(
        "(?<![一二两三四五六七八九零〇])([一二两三四五六七八九])([二两三四五六七八九])(?![一二两三四五六七八九零〇])",
        text,
    )
    if found is None or _DIGITS[found[2]] - _DIGITS[found[1]] not in (1, 2):
        return None
    before, after = text[: found.start()], text[found.end() :]
    return before + found[1] + after, before + found[2] + after


def _exact(text: str) -> Decimal | None:
    """The value of a numeral without 几, 数, 余, 多."""
    whole, _, fraction = text.partition("点")
    if fraction:
        scale = re.search("[万亿]*$", fraction)
        tail = scale.group() if scale else ""
        number = _whole(whole)
        digits = "".join(str(_DIGITS[c]) for c in fraction[: len(fraction) - len(tail)])
        return None if number is None else _scaled(number + Decimal(f"0.{digits}"), tail)
    return _whole(text)


def _scaled(number: Decimal, scales: str) -> Decimal:
    for scale in scales:
        number *= _LARGE[scale]
    return number


def _whole(text: str) -> Decimal | None:
    total, section, number = Decimal(0), Decimal(0), None
    last_scale = 1
    zero = False
    for part in _PART.findall(text):
        if part in _SMALL:
            section += (1 if number is None else number) * _SMALL[part]
            # 5百万 counts its hundreds in 万
            number, last_scale, zero = None, _SMALL[part], False
        elif part in _LARGE:
            held = section + (number or 0)
            if part == "亿":
                total = (total + held or Decimal(1)) * _LARGE[part]
            else:
                total += (held or Decimal(1)) * _LARGE[part]
            section, number, last_scale, zero = Decimal(0), None, _LARGE[part], False
        elif part in _DIGITS:
            if number is not None and number != 0:
                return None  # 二〇二一: a year, a telephone number
            zero = zero or part in "零〇"
            number = Decimal(_DIGITS[part])
        else:
            if number is not None:
                return None
            number = Decimal(part)
            zero = True  # 1万500 means what it says
    if number is not None and last_scale >= 100 and not zero and number < 10:
        number = number * last_scale / 10  # 一千五, 三万五
    return total + section + (number or 0)
