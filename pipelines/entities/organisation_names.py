"""A full name taken apart: place, proper name, kind of work, form (南京 + 红叶 + 社会工作 + 服务社)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from pipelines.entities.lexicon import HAN, WordSet, alternatives, forms, places, words
from pipelines.entities.segmentation import is_known

_DIVISION = re.compile(
    rf"[{HAN}]{{1,9}}?(?:自治区|自治州|自治县|省|市|区|县|州|镇|乡|街道|社区|村)(?!民|政|委|级|会)"
)
# 社区发展 is a kind of work, in a village 社区 is its name
_OF_COMMUNITIES = re.compile("社区(?:发展|营造|支持|治理|教育|参与|培育)")
_QUOTED = re.compile(r"[“\"‘「]([^”\"’」]+)[”\"’」]")
_BRACKETED = re.compile(rf"[（(][{HAN}]{{1,4}}[）)]")


@dataclass(slots=True, frozen=True)
class NameParts:
    """The parts of an organisation's name, "" where it has none; `form` may be all there is."""

    place: str
    proper: str
    work: str
    form: str


@cache
def _place() -> re.Pattern[str]:
    return re.compile(alternatives(places()))


@cache
def _kinds() -> WordSet:
    return WordSet(words("organisation_words.toml", "kind_words"))


@cache
def _levels() -> frozenset[str]:
    return frozenset(words("organisation_words.toml", "levels"))


@lru_cache(maxsize=20_000)
def parse_name(name: str) -> NameParts:
    """Takes a full name apart: 南京红叶社会工作服务社 gives 南京, 红叶, 社会工作, 服务社.

    A quotation is the proper name. What is neither place nor kind of work is
    the proper name too; the parts put together are the name without marks.
    """
    begin = forms().ends_at(name, len(name))
    form, rest = (name[begin:], name[:begin]) if begin >= 0 else ("", name)
    place, rest = _split_place(rest, form)
    quoted = _QUOTED.search(rest)
    if quoted:
        return NameParts(place, quoted[1], rest[quoted.end() :], form)
    work = ""
    while rest:
        begin = _kinds().ends_at(rest, len(rest))
        kind = rest[begin:] if begin >= 0 else ""
        if not kind and rest[-1] in "与和及" and work and len(rest) > 2:
            kind = rest[-1]
        if not kind:
            break
        rest, work = rest[: len(rest) - len(kind)], kind + work
    if len(rest) == 1 and work:  # half a word (和|公益)
        rest, work = rest + work, ""
    return NameParts(place, rest, work, form)


def _split_place(name: str, form: str) -> tuple[str, str]:
    """Parts the places at the head of a name from the rest, which may be empty when a form follows it."""
    at, whole = 0, bool(form)
    while at < len(name):
        bracket = _BRACKETED.match(name, at)
        known = _place().match(name, at)
        end = bracket.end() if bracket else known.end() if known else at
        division = _DIVISION.match(name, at)
        if known and name[end : end + 1] in ("省", "市") and (whole or end + 1 < len(name)):
            end += 1
        elif (
            division
            and (end == at or division.end() == end + 1)
            and _is_division(division.group())
            and not _OF_COMMUNITIES.match(name + form, division.end() - 2)
        ):
            end = division.end()
        if end == at:
            level = next(
                (word for word in _levels() if at == 0 and name.startswith(word) and len(word) == 1), ""
            )
            end = at + len(level)
        if end == at or (end >= len(name) and not whole):
            break
        at = end
    return name[:at], name[at:]


def _is_division(name: str) -> bool:
    """Whether a stretch with a division's last character is one: known, or of the usual length."""
    if len(name) == 2 and name[1] in "乡镇村":
        return is_known(name)  # 橘乡 is a name that somebody made
    return is_known(name) or 2 <= len(name) <= 5 or "自治" in name
