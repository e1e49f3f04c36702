"""The forms in which Chinese texts write times, as one regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from pipelines.entities.lexicon import HAN, alternatives, toml_file, words

TIME_WORDS: Final = "time_words.toml"
TO: Final = "(?: ?[-—–―~～至到] ?|—— ?|——)"
"""Stands between the two ends of a range."""

_N = "(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})"
_HAN_YEAR = "[一二][零〇○九八][零〇○一二三四五六七八九]{2}"
_HOUR = rf" ?{_N}(?:[:：][0-9]{{2}}|[时点](?!间|候)(?:整|半|{_N}分)?)许?"
_PART_OF_DAY = "(?:凌晨|清晨|早晨|早上|一大早|一早|上午|中午|午间|下午|午后|傍晚|晚上|晚间|当晚|夜间|深夜|晚)"
_CLOCK = rf"(?:{_PART_OF_DAY}(?:{_HOUR})?|{_HOUR})"


@cache
def _point() -> re.Pattern[str]:
    """Named groups say what was found; those of a month and its days are doubled, with a year and without."""
    forms = (_iso(), _of_year(), _of_month("n"), _days(), *_relative(), _named())
    return re.compile("|".join(forms))


def _iso() -> str:
    return "(?P<iso>(?<![0-9A-Za-z.])(?:19|20)[0-9]{2}(?P<sep>[-/.])[0-9]{1,2}(?P=sep)[0-9]{1,2}(?![0-9]))"


def _of_year() -> str:
    """2021年, 今年, with a month, a day or a part of the year behind it."""
    part = (
        rf"(?P<yp>上半年|下半年|第?[一二三四1-4]季度|前{_N}个?季度|前{_N}个月"
        "|年?初(?!中|级|步|始|期|心)|年?底|年?末)"
    )
    return (
        rf"(?<![0-9])(?:(?:(?P<y0>(?:19|20)[0-9]{{2}})年?{TO})?(?P<y>(?:1[89]|20)[0-9]{{2}}|{_HAN_YEAR})"
        rf" ?年度?(?!级|代|龄|鉴|报)|(?P<ry>{_any_of('years')})(?!级))(?:的? ?(?:{_of_month('m')}|{part}))?"
    )


def _of_month(name: str) -> str:
    """7月, 1-10月, 本月, with days or a part of the month behind it."""
    days = (
        rf"(?:(?P<{name}d0>{_N})[日号]?{TO})?(?P<{name}d>{_N}) ?[日号](?![线楼院文台店厅井])"
        rf"|(?P<{name}p>上旬|中旬|下旬|初(?!中|级|步|始|期)|底|末)"
    )
    return (
        rf"(?<![0-9])(?:(?:(?P<{name}0>{_N})月?份?{TO})?(?P<{name}>{_N}) ?月"
        "(?:份)?(?![球亮饼嫂子薪租均息]|天(?!气))"
        rf"|(?P<r{name}>{_any_of('months')}))(?:(?:{days})(?P<{name}c>{_CLOCK})?)?"
    )


def _days() -> str:
    """15日, 21至23日."""
    not_a_day = "(?<![0-9０-９月第每])" + "".join(f"(?<!{word})" for word in ("为期", "历时", "连续", "长达"))
    return (
        rf"{not_a_day}(?:(?P<bd0>[0-9]{{1,2}})日?{TO})?(?P<bd>[0-9]{{1,2}})日(?![游内间元行程均前后])"
        rf"(?P<bc>{_CLOCK})?"
    )


def _relative() -> Iterator[str]:
    yield rf"(?P<rd>{_any_of('days')})(?!头条|说法|关注|之星)(?P<rc>{_CLOCK})?"
    yield rf"(?P<rw>{_any_of('weeks')})(?P<rwd>[一二三四五六日天末])?"
    yield (
        "(?<![每上下本这到至])(?:周|星期|礼拜)(?P<wd>[一二三四五六日天])"
        rf"(?=[上下晚早中凌,，。(（0-9起]|$)(?!至|到)(?P<wc>{_CLOCK})?"
    )
    yield (
        rf"(?P<ago>(?P<an>{_N}|[0-9]{{3}}|半|两|几|数)(?P<am>[多余])?个?(?P<au>天|日|周|星期|月|年)"
        "(?:之|以)?前(?!后|列|十|[0-9]))"
    )
    yield (
        rf"(?:近|过去|最近|这)(?P<ln>{_N}|两|半)(?P<lm>[多余])?(?P<lu>年|个月|天|周)(?:多?来|间|里|中)?"
        rf"|(?P<ln2>{_N}|两|[0-9]{{3}})(?P<lm2>[多余])?(?P<lu2>年|个月)多?来(?!自|到|访|说|看)"
    )


def _named() -> str:
    vague = alternatives(words(TIME_WORDS, "vague"))
    return (
        rf"[“\"]?(?P<plan>{_any_of('plans')})[”\"]?(?:规划期?|时期|期间)?(?![{HAN}]?点)"
        rf"|(?P<fixed>{_any_of('fixed_days')})"
        rf"|(?P<vague>(?<![0-9０-９一二三四五六七八九十百])(?:{vague})"
        "|(?<![0-9０-９今昨明次当生平假节终即翌同某元目后])日前)(?!的距离|处)"
    )


def _any_of(key: str) -> str:
    return alternatives(toml_file(TIME_WORDS)[key])


@cache
def _beginning() -> re.Pattern[str]:
    """The characters with which a point may begin; looking for them first is several times quicker."""
    file = toml_file(TIME_WORDS)
    named = [*words(TIME_WORDS, "vague"), *(word for key in file if key != "vague" for word in file[key])]
    first = "".join(sorted({word[0] for word in named}))
    return re.compile(f'[0-9０-９一二三四五六七八九十两半几数近过最这周星礼日第“"{first}]')


def find_points(body: str) -> Iterator[re.Match[str]]:
    """Whatever names a point or stretch of time, in order."""
    beginning, point = _beginning(), _point()
    place = 0
    while (begin := beginning.search(body, place)) is not None:
        found = point.match(body, begin.start())
        if found is not None:
            yield found
        place = found.end() if found else begin.end()
