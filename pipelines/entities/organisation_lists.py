"""Names without a form in lists that an organisation word closes or opens: 金苹果、恩派、智高等机构.

Only lists that name something: a member must be a word that no dictionary
holds, a name that is known, or a part of one; 学校、医院等单位 names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Final

from pipelines.entities.lexicon import HAN, WordSet, alternatives, known_organisations, words
from pipelines.entities.organisation_donors import find_donors
from pipelines.entities.organisation_names import parse_name
from pipelines.entities.person_names import titles
from pipelines.entities.person_signs import full_name
from pipelines.entities.segmentation import Words, is_known
from pipelines.models import Mention

MIN_MEMBER: Final = 2  # characters
MAX_MEMBER: Final = 12
MAX_BRAND: Final = 8
_WORDS: Final = "organisation_words.toml"
_BREAKING: Final = frozenset(
    ("v", "vd", "d", "ad", "p", "r", "t", "c", "f", "m", "uj", "ul", "x", "s", "q", "b", "a", "vn")
)
_MEMBERS_END: Final = re.compile(r"等|这?[0-9一二两三四五六七八九十几多数]+[家个所支]")
_CLAUSE: Final = re.compile(r"[^，,。；;：:！？!?\n]+")
_DASHED = re.compile(
    rf"(?:机构|组织|企业|公司|单位)[ ]?[-—－–]{{1,2}}[ ]?"
    rf"([{HAN}A-Za-z0-9·]{{{MIN_MEMBER},{MAX_MEMBER}}})(?=[、，,。；;）)])"
)


@cache
def _words_for() -> str:
    return alternatives(words(_WORDS, "organisation_nouns"))


@cache
def _quoted() -> re.Pattern[str]:
    """公益组织“青禾荟”: what is quoted behind a word for organisations of this field is one's name."""
    nouns = alternatives(words(_WORDS, "nouns_before_quotations"))
    things = alternatives(words(_WORDS, "quoted_things"))
    return re.compile(rf"(?:{nouns})[“「]([{HAN}A-Za-z0-9·]{{{MIN_MEMBER},{MAX_BRAND}}})[”」](?!{things})")


def _funds(text: str) -> Iterator[re.Match[str]]:
    """Funds that act like organisations: their name stands before one of their people (夏荷基金发起人)."""
    if "基金" in text:
        for found in _fund().finditer(text):
            if _common().without(found[1][:-2]):
                yield found


@cache
def _fund() -> re.Pattern[str]:
    people = alternatives(words(_WORDS, "people_of_funds"))
    return re.compile(rf"(?<![{HAN}])([{HAN}]{{2,8}}基金)(?={people})")


@cache
def _owned() -> re.Pattern[str]:
    offices = alternatives(words(_WORDS, "company_offices"))
    return re.compile(
        rf"(?<=[、，,。；;：:由据\n])([{HAN}A-Za-z0-9·]{{{MIN_MEMBER},{MAX_BRAND}}}?)(?:{offices})(?=[{HAN}])"
    )


def _brands(text: str) -> Iterator[tuple[int, int]]:
    """Companies without a form before an office that only companies have (、新禾烘焙董事长林晓岚)."""
    if not any(office in text for office in words(_WORDS, "company_offices")):
        return
    for found in _owned().finditer(text):
        name = found[1]
        plain = (
            is_known(name) or full_name().fullmatch(name) or name.endswith(words(_WORDS, "brandless_endings"))
        )
        if not plain and not _brandless().search(name) and not titles().intersection((name, name[-2:])):
            yield found.span(1)


@cache
def _brandless() -> WordSet:
    """Words that no brand holds: those that break names, titles and words for organisations."""
    return WordSet((*words(_WORDS, "breakers"), *words(_WORDS, "organisation_nouns"), *titles()))


@cache
def _soft_endings() -> tuple[str, ...]:
    return words(_WORDS, "soft_endings")


@cache
def _closing() -> re.Pattern[str]:
    modifiers = alternatives(words(_WORDS, "noun_modifiers"))
    return re.compile(
        rf"(?:等|这)?(?:[0-9近上多余十百千万数几两三四五六七八九]*[余多]?[家个所支大]{{1,2}})?(?:{modifiers})*(?:{_words_for()})"
    )


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(rf"(?:{_words_for()})(?:有|为|包括|是|如|中)?[：:]?$")


@cache
def _common() -> WordSet:
    return WordSet((*words(_WORDS, "kind_words"), *words(_WORDS, "levels"), *words(_WORDS, "common_members")))


def find_in_lists(  # noqa: C901 - one rule a branch, in the order in which they win
    text: str, cut: Words, found: Sequence[Mention]
) -> list[Mention]:
    """Organisations that only a list or an apposition shows to be some; `found` are those known already."""
    spans = {(m.start, m.end) for m in found}
    taken = bytearray(len(text))
    for mention in found:
        taken[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
    parts = {parse_name(m.surface).proper for m in found}
    begun = {end: start for start, end in spans}
    new: dict[tuple[int, int], None] = {}
    for clause in _CLAUSE.finditer(text):
        if "、" not in clause.group():
            continue
        for piece in _lists_of(text, *clause.span()):
            for span in _of_clause(text, cut, piece, spans, parts, begun):
                if not any(taken[span[0] : span[1]]):
                    new[span] = None
    for shown in (*_DASHED.finditer(text), *_quoted().finditer(text), *_funds(text)):
        if not any(taken[shown.start(1) : shown.end(1)]):
            new[shown.span(1)] = None
    for brand in (*_brands(text), *find_donors(text, cut)):
        if not any(taken[brand[0] : brand[1]]):
            new[brand] = None
    names = {text[start:end] for start, end in new}
    for name in names:
        if len(name) >= 4 or not is_known(name):
            for again in re.finditer(re.escape(name), text):
                if not any(taken[again.start() : again.end()]) and again.start() in cut.index:
                    new.setdefault(again.span(), None)
    return [
        Mention("organisation", start, end, text[start:end], text[start:end], "organisation.list", "其他")
        for start, end in sorted(new)
    ]


def _of_clause(
    text: str,
    cut: Words,
    clause: tuple[int, int],
    spans: set[tuple[int, int]],
    parts: set[str],
    begun: Mapping[int, int],
) -> Iterator[tuple[int, int]]:
    start, end = clause
    members = _members(text, cut, start, end, begun)
    if len(members) < 2:
        return
    first, last = members[0], members[-1]
    closed = _closing().match(text, last[1])
    opened = _opening().search(text, max(start, first[0] - 8), first[0])
    if opened and any(s < opened.end() and opened.start() < e for s, e in spans):
        opened = None  # the word is a part of a name itself: 青禾基金会|社工林晓岚、何青
    known = [m for m in members if m in spans or any(s <= m[0] and m[1] <= e for s, e in spans)]
    loose = [m for m in members if m not in spans]
    if any(_is_titled(text[slice(*member)]) for member in loose):
        return  # people with their titles: 理事长林晓岚、监事何青
    if closed or opened:
        named = [m for m in loose if _is_naming(text[slice(*m)], parts)]
        if any(_is_common(text[slice(*m)], cut, m) for m in loose) or 3 * (len(named) + len(known)) < len(
            members
        ):
            return
        yield from (m for m in loose if _may_name(text[slice(*m)]))
    elif known:
        for member in loose:
            name = text[slice(*member)]
            if (
                name.endswith(_soft_endings())
                and len(name) > 3
                and not _is_common(name, cut, member)
                and not is_known(name)
            ):
                yield member


def _lists_of(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a clause, each with one list: what 等 and a word for organisations closes ends one."""
    for found in _closed_list().finditer(text, start, end):
        if "、" in text[start : found.start()]:
            yield start, found.end()
        start = found.end()
    if "、" in text[start:end]:
        yield start, end


@cache
def _closed_list() -> re.Pattern[str]:
    modifiers = alternatives(words(_WORDS, "noun_modifiers"))
    return re.compile(
        rf"等(?:[0-9近上多余十百千万数几两三四五六七八九]*[余多]?[家个所支大]{{1,2}})?(?:{modifiers})*(?:{_words_for()})"
    )


def _is_titled(member: str) -> bool:
    """Whether a member is a title with a person's name behind it, or with nothing."""
    return any(
        member[:end] in _offices() and (len(member) == end or full_name().fullmatch(member, end))
        for end in range(2, min(len(member), MAX_MEMBER) + 1)
    )


def _members(text: str, cut: Words, start: int, end: int, begun: Mapping[int, int]) -> list[tuple[int, int]]:
    """The members of a clause's list; the first and the last one without what stands around them.

    `begun` says where names known already begin, by where they end.
    """
    marks = [n for n in range(start, end) if text[n] == "、"]
    spans = [(a + 1, b) for a, b in pairwise(marks)]
    first = (begun.get(marks[0], -1), marks[0])
    if first[0] < start:
        first = (_begin_of(cut, start, marks[0]), marks[0])
    last = (marks[-1] + 1, _end_of(text, cut, marks[-1] + 1, end))
    members: list[tuple[int, int]] = []
    for begin, stop in (first, *spans, last):
        joined = re.search(
            rf"(?<=[{HAN}A-Za-z]{{2}})(?:以及|和|与|及)(?=[{HAN}A-Za-z]{{2}})", text[begin:stop]
        )
        if joined and stop - begin > 4 and (begin, stop) == last:
            members += [(begin, begin + joined.start()), (begin + joined.end(), stop)]
        else:
            members.append((begin, stop))
    members = [(max(b, _behind_dash(text, b, e)), e) for b, e in members]
    return [(b, e) for b, e in members if MIN_MEMBER <= e - b <= MAX_MEMBER]


def _behind_dash(text: str, start: int, end: int) -> int:
    """社工机构—逸飞社工: the name is what stands behind the dash."""
    return max(text.rfind(dash, start, end) for dash in "-—－–") + 1


@cache
def _offices() -> frozenset[str]:
    """Titles of people that no organisation's name begins with."""
    kinds = {*words(_WORDS, "kind_words"), *words(_WORDS, "common_members")}
    return frozenset(title for title in titles() if len(title) > 1 and title not in kinds)


@cache
def _nouns() -> frozenset[str]:
    return frozenset(words(_WORDS, "organisation_nouns"))


def _begin_of(cut: Words, start: int, end: int) -> int:
    """Where the first member begins: behind the last word that is of no name."""
    number = cut.index.get(end)
    if number is None:
        return end
    number -= 1
    begin = end
    while number >= 0 and cut.starts[number] >= start:
        word, tag = cut.words[number], cut.tags[number]
        last = begin == end and tag in ("v", "vn", "a", "s")
        if word in "“（(" or word in _nouns() or (tag in _BREAKING and is_known(word) and not last):
            break
        begin = cut.starts[number]
        number -= 1
    return begin


def _end_of(text: str, cut: Words, start: int, end: int) -> int:
    """Where the last member ends: before 等, a number, an organisation word or what is done."""
    stop = _MEMBERS_END.search(text, start + 1, end)
    if stop:
        return stop.start()
    number = cut.index.get(start)
    while number is not None and cut.starts[number] < end:
        done = cut.tags[number] in ("v", "vd", "d", "ad", "p") or cut.words[number] in (
            "各",
            "均",
            "共",
            "的",
        )
        if cut.starts[number] >= start + MIN_MEMBER and done:
            return cut.starts[number]
        number += 1
    return end


def _is_naming(name: str, parts: set[str]) -> bool:
    """Whether a member is a name by itself: in no dictionary, known as one, or a part of one."""
    return not is_known(name) or name in parts or name in known_organisations()


def _is_common(name: str, cut: Words, span: tuple[int, int]) -> bool:
    """Whether a member is made of everyday words for kinds of work and kinds of institution."""
    if name in _common() or name.endswith(words(_WORDS, "common_endings")):
        return True
    if not _common().without(name):
        return True
    first, last = cut.index.get(span[0]), cut.index.get(span[1])
    if first is not None and last is not None:
        tags = cut.tags[first:last]
        if "ns" in tags and last - first == 1:
            return True
        if last - first > 1 and all(is_known(word) for word in cut.words[first:last]) and "ns" not in tags:
            return not name.endswith(_soft_endings())
    return False


def _may_name(name: str) -> bool:
    return not re.search(r"[的了在是和与等“”（）()]|^[我你他本该各]", name)
