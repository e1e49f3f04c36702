"""Names that their form or a phrase around them shows, whatever their family name.

Dotted ones, foreign and rare ones behind a title, those put together of known parts, those
written with a space inside, and those of people who are elected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from pipelines.entities.lexicon import HAN, WordSet, alternatives, foreign_characters, surnames, words
from pipelines.entities.person_names import scored
from pipelines.entities.person_scores import CERTAIN, TITLED
from pipelines.entities.person_signs import (
    FUNCTION,
    NAME_TAGS,
    SPACE,
    Span,
    closed,
    common_words,
    everyday_words,
    is_a_name,
    title_words,
    titled,
)
from pipelines.entities.segmentation import Words, is_known, segment

MAX_COMPONENTS: Final = 3
_WORDS: Final = "person_words.toml"
# 刀志芳, closed by a mark or a verb of speech
_ASIDE = re.compile("[（(][^（）()]*[）)]")
DOT = re.compile("[·•・]")
_DOTTED = re.compile(rf"[{HAN}]{{1,12}}(?:[·•・][{HAN}]{{1,12}}){{1,3}}")


def dotted(text: str, cut: Words) -> Iterator[Span]:
    """Names of several parts with dots between (阿依古丽·买买提), by their characters."""
    foreign = foreign_characters()
    end = 0
    for dot in DOT.finditer(text):
        found = (
            _DOTTED.search(text, max(end, dot.start() - 12), dot.start() + 40) if dot.start() >= end else None
        )
        if found is None:
            continue
        dots = [n for n in range(found.start(), found.end()) if text[n] in "·•・"]
        start, end = dots[0], dots[-1] + 1
        while start > found.start() and dots[0] - start < 7 and _is_of_dotted(text, cut, start - 1):
            start -= 1
        while end < found.end() and end - dots[-1] <= 8 and _is_of_dotted(text, cut, end):
            end += 1
        if end == dots[-1] + 1 and text[end : end + 1] in surnames()[0]:
            end += 1  # 艾米丽·张
        middle = all(text[n] in foreign for n in range(dots[0], dots[-1]) if n not in dots)
        known = sum(character in foreign for character in text[start:end])
        if start < dots[0] and end > dots[-1] + 1 and middle and 5 * known >= 3 * (end - start - len(dots)):
            yield start, end


def _is_of_dotted(text: str, cut: Words, place: int) -> bool:
    """Whether a character may be of a dotted name: one that such names have, in no everyday word."""
    number = cut.holding(place)
    word = cut.words[number]
    if len(word) > 1 and cut.tags[number] in ("p", "c"):
        return False  # 基于|冯·诺依曼
    common = (
        len(word) > 1 and cut.tags[number] not in ("nr", "nrt", "nrfg", "x", "ns", "nz") and is_known(word)
    )
    if text[place] in foreign_characters():
        return not common or all(character in foreign_characters() for character in word)
    return not common and text[place] not in FUNCTION


@cache
def _foreign_run() -> re.Pattern[str]:
    characters = "".join(sorted(foreign_characters()))
    says = alternatives(words(_WORDS, "says"))
    return re.compile(
        rf"[{characters}]{{3,7}}(?=[、，,。：:（(\s”]|{says}|等|和|与|在|从|是|将|也|曾)|[{characters}]{{4}}(?![{characters}])"
    )


def behind_titles(text: str) -> Iterator[Span]:
    """Names in the characters of foreign ones between a title and a mark or a verb (项目官员马依努尔、)."""
    for _, end in title_words().spans(text):
        found = _foreign_run().match(text, end)
        if found is None:
            continue
        name = found.group()
        if is_known(text[found.end() - 1 : found.end() + 1]):
            continue  # the last character begins a word
        foreign = len(name) > 3 or name[0] not in surnames()[0]
        if foreign and not name.startswith(("和", "与", "及")) and not is_known(name):
            yield found.span()


def rare(text: str, cut: Words) -> Iterator[Span]:
    """Names with a family name that no list has, by the title before them and what closes them behind."""
    rare = _rare_surnames()
    for _, title in title_words().spans(text):
        title += text[title : title + 1] in ("：", ":", " ")
        found = _closed_name().match(text, title)
        if found is None or text[title] not in rare:
            continue
        start, end = found.span()
        # 教授和少英: but 教授和刘英
        joined = end - start < 3 or text[start + 1] in surnames()[0] or is_known(text[start + 1 : end])
        if text[title] == "和" and joined:
            continue
        number = cut.index.get(start)
        if number is not None and _is_new(cut, number, end) and not common_words().match(found.group()):
            yield start, end


@cache
def _closed_name() -> re.Pattern[str]:
    return re.compile(rf"[{HAN}]{{2,3}}?(?={closed().pattern}|先生|女士|同志)")


@cache
def _rare_surnames() -> frozenset[str]:
    return frozenset(words(_WORDS, "rare_surnames")[0])


def _is_new(cut: Words, number: int, end: int) -> bool:
    """Whether the words from one to `end` are those of a name: single characters, or in no dictionary."""
    stop = cut.index.get(end)
    if stop is None:
        return False
    words_ = cut.words[number:stop]
    common = (
        len(w) > 1 and is_known(w) and t not in NAME_TAGS and t != "j"
        for w, t in zip(words_, cut.tags[number:stop], strict=True)
    )
    return len(words_) < 3 and not any(common)


@cache
def _components() -> WordSet:
    return WordSet(words(_WORDS, "name_parts"))


def composed(text: str) -> Iterator[Span]:
    """Names put together of parts that Tibetan, Yi and Mongolian names have (白玛|央宗)."""
    parts: list[Span] = []
    for start, end in [*_components().spans(text), (len(text) + 1, 0)]:
        if parts and start == parts[-1][1] and len(parts) < MAX_COMPONENTS:
            parts.append((start, end))
            continue
        if len(parts) > 1 and text[parts[0][0] : parts[-1][1]] not in everyday_words():
            yield parts[0][0], parts[-1][1]
        parts = [(start, end)]


@cache
def _elections() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Names between a verb of election and 为, and before 当选."""
    name = rf"[{HAN}][{HAN}·]{{1,8}}(?:[（(][{HAN}，,、]{{1,10}}[）)])?"
    names = rf"({name}(?:(?:、|和){name}){{0,20}})"
    heads = alternatives(words(_WORDS, "roles"))
    office = rf"(?:[{HAN}]{{0,8}}?(?:{heads}))"
    verbs = alternatives(words(_WORDS, "elects"))
    return (
        re.compile(rf"(?:{verbs}){names}(?:等[0-9一二三四五六七八九十]{{0,3}}[人名位]?)?(?:分别)?为{office}"),
        re.compile(
            rf"(?:^|(?<=[，,。；;：:\s]))(?:由)?{names}(?:同志)?(?:全票|分别|正式)?当选为?(?:[{HAN}]{{0,16}}会)?{office}",
            re.MULTILINE,
        ),
    )


def _may_be_elected(name: str) -> bool:
    if "·" in name:
        return True
    if (
        not 2 <= len(name) <= 4
        or (is_known(name) and len(name) != 3)
        or not is_a_name(name)
        or not FUNCTION.isdisjoint(name[1:])
    ):
        return False
    foreign = foreign_characters()
    return (
        (len(name) < 4 and (name[0] in surnames()[0] or name[0] in _rare_surnames()))
        or name[:2] in surnames()[1]
        or all(character in foreign for character in name)
    )


def elected(text: str) -> Iterator[Span]:
    """Names of those that are elected or appointed (聘任汪慧为秘书长, 星占雄当选会长)."""
    appointed, elected_ = _elections()
    patterns = [appointed] if "为" in text else []
    if "当选" in text:
        patterns.append(elected_)
    for pattern in patterns:
        for found in pattern.finditer(text):
            bare = _ASIDE.sub(lambda aside: "、" * len(aside.group()), found[1])
            for name in re.finditer(r"[^、和]+|(?<=、)和[^、和]+", bare):
                whole = name.group()
                if _may_be_elected(whole):
                    yield found.start(1) + name.start(), found.start(1) + name.end()


@cache
def _spaced_pattern() -> re.Pattern[str]:
    one = "".join(sorted(surnames()[0]))
    return re.compile(rf"[{one}][ \u3000\u00a0]{{1,2}}[{HAN}](?:[ \u3000\u00a0]{{1,2}}[{HAN}])?")


def spaced(text: str) -> Iterator[Span]:
    """Names written with a space inside (王 芳), read without it amid what stands around them."""
    for found in _spaced_pattern().finditer(text):
        start, end = found.span()
        name = SPACE.sub("", found.group())
        before, after = text[max(0, start - 8) : start], text[end : end + 6]
        if re.search(rf"[{HAN}]$", before) and not titled(text, start):
            continue
        if before.endswith((" ", "\u3000")):
            continue
        window = before + name + after
        at = len(before)
        scores = {(s, e): score for score, s, e in scored(window, segment(window))}
        if scores.get((at, at + len(name)), -9.0) + TITLED > CERTAIN and is_a_name(name):
            yield start, end
