"""Names that are fuller ones with parts left out: 青海省残联, 省社工协会, 光促会 of 省光促会."""

from __future__ import annotations

import re
from typing import Final

from pipelines.entities.lexicon import forms, known_organisations, suffixes, words
from pipelines.entities.organisation_abbreviations import abbreviated
from pipelines.entities.organisation_names import parse_name
from pipelines.entities.segmentation import is_known
from pipelines.entities.short_name_reading import MIN_CUT, MIN_SHORT, Reading, is_subsequence, places_of

_WORDS: Final = "organisation_words.toml"
_COMPANY = re.compile("(?:股份|集团|控股|有限|责任|总|公司)+")
_BRACKETS = re.compile("[（）()]")


def add_abbreviated(reading: Reading) -> None:
    """Adds which of the names found are another one with parts left out, where only one can be meant."""
    names = list(dict.fromkeys(m.surface for m in reading.mentions))
    kinds = {m.surface: m.type for m in reading.mentions}
    for short in names:
        if short in reading.meant:
            continue
        fuller = names
        if short in known_organisations() and not _is_cut_short(short):
            fuller = [full for full in names if _is_registered_as(short, full)]
        longer = [(full, rule) for full in fuller if (rule := _abbreviates(short, full, kinds)) is not None]
        whole = [full for full, _ in longer if not any(_is_part(full, other) for other, _ in longer)]
        if len(whole) == 1:
            reading.meant[short] = {whole[0]}
            reading.rules[short] = next(rule for full, rule in longer if full == whole[0])


def _abbreviates(  # noqa: C901 - one rule a branch, in the order in which they win
    short: str, full: str, kinds: dict[str, str]
) -> str | None:
    """The rule by which `short` is `full` with parts left out, or None."""
    if len(short) >= len(full) or short[0] not in full or not is_subsequence(short, full):
        return None
    if _is_of_city(short, full):
        return "alias.shortened"
    if rule := abbreviated(short, full):
        return rule
    # 清华大学 is no short name of 清华大学高等研究院
    if full.startswith(short) and forms().ends_at(short, len(short)) >= 0:
        rest = full[len(short) :]
        return "alias.shortened" if kinds[full] == "企业" and _COMPANY.fullmatch(rest) else None
    if kinds[full] in ("学校", "医疗") and not full.endswith(short):
        return None
    if kinds[short] != kinds[full] and not full.endswith(short):
        return None
    few, many = parse_name(short), parse_name(full)
    if few.form in words(_WORDS, "whole_forms") and not full.endswith(few.form):
        return None  # 某市红十字会 is not 某市红十字志愿服务协会
    if full.endswith(short):
        # 县民政局 means 庐江县民政局 in this text alone; 中国公益研究院 is what others call it too
        return "alias.level" if not few.proper and len(few.place) <= 1 else "alias.shortened"
    if few.proper and many.proper:
        own = few.proper in _BRACKETS.sub("", many.proper) or many.proper in few.proper
        return "alias.shortened" if own else None
    # 省社工协会 of 青海省社会工作协会
    if (
        few.work
        and not few.proper
        and not many.proper
        and len(few.place) == 1
        and many.place.endswith(few.place)
    ):
        return "alias.shortened"
    if few.form == many.form:
        return None
    if not few.proper and not many.proper and few.place and few.place[0] == many.place[:1]:
        return (
            "alias.shortened"
            if few.place == many.place or few.place == many.place.rstrip("省市区县")
            else None
        )
    # 共青团沈阳市委, 团市委
    if (
        few.form
        and many.form
        and few.form[-1] == many.form[-1]
        and short[0] in ("团", "省", "市", "区", "县")
    ):
        return "alias.shortened"
    return None


def _is_registered_as(short: str, full: str) -> bool:
    """Whether a listed company's name goes on as companies register (光明乳业|股份有限公司)."""
    return full.startswith(short) and _COMPANY.fullmatch(full, len(short)) is not None


def _is_cut_short(name: str) -> bool:
    """Whether a listed name is itself made of the first characters of words (中国计生协, 团市委)."""
    return name[0] == "团" or (len(name) > MIN_CUT and name.endswith(("协", "联", "委")))


def _is_part(short: str, full: str) -> bool:
    return short != full and is_subsequence(short, full)


def _is_of_city(short: str, full: str) -> bool:
    """Whether the city alone is shortened to its first character (乌市红十字会, 乌鲁木齐市红十字会)."""
    end = full.find("市")
    return end > 1 and short[:2] == full[0] + "市" and len(short) > MIN_CUT and full[end + 1 :] == short[2:]


def add_without_levels(reading: Reading) -> None:
    """省光促会 is 光促会 too, where that is no word that any text may have."""
    for short in [s for s in reading.meant if s[0] in "省市区县" and len(s) > MIN_SHORT + 1]:
        bare = short[1:]
        if (
            bare in reading.meant
            or is_known(bare)
            or (parse_name(bare).form == "" and bare in suffixes() and len(bare) < 3)
        ):
            continue
        if reading.rules[short] == "alias.level":
            continue
        kind = next((m.type for m in reading.mentions if m.surface == short), "")
        for start in places_of(reading.text, bare):
            if not any(reading.taken[start : start + len(bare)]):
                reading.add(start, start + len(bare), bare, kind, "organisation.short")
                reading.meant[bare] = set(reading.meant[short])
                reading.rules[bare] = "alias.shortened"
