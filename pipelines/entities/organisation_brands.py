"""Proper names that hold what else ends a name on its left: 成都市爱有戏社区发展中心, 向荣公益基金会."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from pipelines.entities.lexicon import words
from pipelines.entities.organisation_judging import is_name
from pipelines.entities.organisation_runs import (
    MAX_NAME,
    Candidate,
    Run,
    patterns,
    proper_part,
    suffix_of,
    without_kinds,
)
from pipelines.entities.segmentation import is_known

_WORDS: Final = "organisation_words.toml"
_BUSINESS: Final = frozenset(words(_WORDS, "business_verbs"))
_BRAND_VERBS: Final = frozenset(words(_WORDS, "brand_verbs"))
_HALVES: Final = frozenset("由从向对于为以因自在同如正经当并能可将到")
_NO_HALF: Final = frozenset("省市区县州镇乡村校院大小新老总分全各多个家名位所支")
_HALVED: Final = frozenset(("基金会", "社会团体", "社会服务机构"))


def wider_border(run: Run, hit: Candidate, breaks: list[int], start: int) -> int:
    """A proper name may hold a character that else ends one (成都市爱有戏社区发展中心): -1 if it does not."""
    position = bisect_left(breaks, start)
    if not 0 < position < len(breaks) or breaks[position] != start:
        return -1
    wider = breaks[position - 1]
    if start - wider > MAX_NAME:
        return -1
    if hit.kind == "企业" and _is_of_business(run, start, hit):
        return wider if is_name(run, wider, hit) else -1
    if (held := _held_brand(run, start, hit)) >= 0:
        return held
    if not _ends_in_one(run.text, start):
        return -1
    if _is_half(run, start, hit):
        return start - 1
    found = patterns().place.spans(run.text, wider, start)
    if not found:
        return -1
    begin, end = found[-1]
    kinds = patterns().kinds.search(run.text, start, hit.form)
    rest = run.text[end : kinds[0] if kinds else hit.form].lstrip("省市区县")
    if not 2 <= len(rest) <= 4 or rest[0] == "的" or is_known(rest):  # 四川的|蓝光集团
        return -1
    return begin if is_name(run, begin, hit) else -1


def _is_of_business(run: Run, start: int, hit: Candidate) -> bool:
    """Whether the verb that ends here is a kind of work, and nothing but kinds of work follows it."""
    begin = patterns().breaker.ends_at(run.text, start)
    word = run.text[begin:start] if begin >= 0 else ""
    return word in _BUSINESS and not proper_part(run.text[start : hit.form])


def _held_brand(run: Run, start: int, hit: Candidate) -> int:
    """Where a place begins that a verb follows by which services are called (成都|聚力社工中心); else -1."""
    begin = patterns().breaker.ends_at(run.text, start)
    if begin <= 0 or run.text[begin:start] not in _BRAND_VERBS or proper_part(run.text[start : hit.form]):
        return -1
    place = patterns().place.spans(run.text, max(0, begin - 6), begin)
    near = place and not run.text[place[-1][1] : begin].strip("省市区县")
    return place[-1][0] if near and hit.kind in _HALVED and is_name(run, place[-1][0], hit) else -1


def _is_half(run: Run, start: int, hit: Candidate) -> bool:
    """Whether a breaker is half of a proper name, and the other half follows it (向|荣公益基金会)."""
    lead = run.text[start : hit.form]
    if patterns().breaker.ends_at(run.text, start) != start - 1 or run.text[start - 1] not in _HALVES:
        return False
    if lead[:1] in _NO_HALF:
        return False
    if len(without_kinds(lead)) != 1 or without_kinds(lead) != lead[:1]:
        return False
    worked = len(lead) > 1 or hit.end - hit.form > 3  # 向荣公益|基金会, 从善|社工服务社
    return worked and suffix_of(run, hit).kind in _HALVED and is_name(run, start - 1, hit)


def _ends_in_one(text: str, end: int) -> bool:
    """Whether what ends before `end` and breaks names is one character, not a word or a count."""
    found = patterns().breaker.spans(text, max(0, end - 6), end)
    return bool(found) and found[-1][1] - found[-1][0] == 1
