"""People, found where a clear sign stands before them: a byline, or a role word in running text.

A found name is then looked for in the whole text, if it is long enough not to
be a part of other words by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from pipelines.entities.lexicon import HAN, alternatives, surnames, words
from pipelines.models import Credit, Mention

# a shorter name found once is not looked for elsewhere: 王林 is in 王林镇
MIN_REPEATED: Final = 3
MAX_BYLINE_NAME: Final = 12
_WORDS: Final = "person_words.toml"
_FOREIGN = rf"[{HAN}]{{1,6}}(?:·[{HAN}]{{1,8}}){{1,3}}"
_SEPARATOR = re.compile(r"[、和及与]")


@cache
def _name_pattern() -> str:
    single, compound = surnames()
    one = "".join(sorted(single))
    return rf"(?:{_FOREIGN}|(?:{alternatives(compound)})[{HAN}]{{1,2}}|[{one}][{HAN}]{{1,2}})"


@cache
def _byline() -> re.Pattern[str]:
    """Brackets with a role and names, closed or cut off: (记者 张三 通讯员 李四)."""
    role = alternatives(words(_WORDS, "byline_roles"))
    return re.compile(rf"[(（][{HAN}]{{0,8}}?(?:{role})[{HAN}·\s、,，/:：]{{2,60}}(?:[)）]|\.{{3}}|…)")


@cache
def _byline_roles() -> re.Pattern[str]:
    return re.compile(alternatives(words(_WORDS, "byline_roles")))


# 某某网讯(张三): names alone, behind a dateline
_DATELINE_NAMES = re.compile(rf"(?:讯|电|消息|报道)[(（]([{HAN}]{{2,4}}(?:[\s、][{HAN}]{{2,4}}){{0,3}})[)）]")
_HAN_RUN = re.compile(rf"[{HAN}·]+")


@cache
def _opening() -> re.Pattern[str]:
    """A paragraph that begins with a person: 张三丰，是…… or a speaker's name with a colon."""
    name = _name_pattern()
    return re.compile(
        rf"^[ 　]*({name})(?=[,，](?:是|男|女|今年|现年|生于|出生|19|20|\d{{2}}岁))|^[ 　]*({name})(?=[:：])",
        re.MULTILINE,
    )


@cache
def _role() -> re.Pattern[str]:
    known = [*words(_WORDS, "roles"), "记者", "通讯员"]
    return re.compile(rf"(?:{alternatives(known)})[ 　]?(?=[{HAN}])")


@cache
def _name() -> re.Pattern[str]:
    return re.compile(_name_pattern())


@cache
def _after() -> frozenset[str]:
    return frozenset(words(_WORDS, "after")[0])


@cache
def _speech_verbs() -> re.Pattern[str]:
    return re.compile(alternatives(words(_WORDS, "speech_verbs")))


@cache
def _common_words() -> re.Pattern[str]:
    return re.compile(alternatives(words(_WORDS, "common_words")))


@cache
def _not_names() -> re.Pattern[str]:
    return re.compile(alternatives(words(_WORDS, "not_names")))


def find_people(text: str, credits_: Sequence[Credit] = ()) -> list[Mention]:
    """People named in `text`, in order, with offsets in characters; organisations may overlap them."""
    found: dict[tuple[int, int], str] = {}
    for start, end in _bylines(text):
        found[start, end] = "person.byline"
    for start, end in _openings(text):
        found.setdefault((start, end), "person.opening")
    for start, end in _after_roles(text):
        found.setdefault((start, end), "person.role")
    names = {text[start:end] for start, end in found} | {c.name for c in credits_ if c.name.strip()}
    for start, end in _repeated(text, names):
        found.setdefault((start, end), "person.repeated")
    return [
        Mention("person", start, end, text[start:end], re.sub(r"\s", "", text[start:end]), rule)
        for (start, end), rule in sorted(found.items())
    ]


def _bylines(text: str) -> Iterator[tuple[int, int]]:
    for byline in _byline().finditer(text):
        place = byline.start() + 1
        roles = list(_byline_roles().finditer(text, place, byline.end()))
        for role, following in zip(roles, [*roles[1:], None], strict=True):
            stop = following.start() if following else byline.end()
            for run in _HAN_RUN.finditer(text, role.end(), stop):
                yield from _names_of_run(text, *run.span())
    for found in _DATELINE_NAMES.finditer(text):
        for run in _HAN_RUN.finditer(text, *found.span(1)):
            yield from _names_of_run(text, *run.span())


def _names_of_run(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The names in a run without anything between them (王蓓武玟斌); [] when it can't be parted."""
    if start == end:
        return []
    for last in sorted(range(start + 2, min(end, start + MAX_BYLINE_NAME) + 1), key=lambda e: (e != end, -e)):
        if _name().fullmatch(text, start, last) and _is_a_name(text[start:last]):
            rest = _names_of_run(text, last, end)
            if last == end or rest:
                return [(start, last), *rest]
    return []


def _openings(text: str) -> Iterator[tuple[int, int]]:
    for found in _opening().finditer(text):
        start, end = found.span(found.lastindex or 0)
        if end - start >= MIN_REPEATED and _is_a_name(found[found.lastindex or 0]):
            yield start, end


def _is_a_name(name: str) -> bool:
    return not _common_words().match(name) and not _not_names().search(name, 1)


def _after_roles(text: str) -> Iterator[tuple[int, int]]:
    for role in _role().finditer(text):
        place = role.end()
        while name := _name_at(text, place):
            yield name
            separator = _SEPARATOR.match(text, name[1])
            if separator is None:
                break
            place = separator.end()


def _name_at(text: str, place: int) -> tuple[int, int] | None:
    """The name that begins at `place`: as long as what follows lets it be."""
    found = _name().match(text, place)
    if found is None or _common_words().match(text, place):
        return None
    start, end = found.span()
    if "·" in found.group():
        verb = _speech_verbs().search(text, start, end)
        end = verb.start() if verb else end
        return (start, end) if "·" in text[start : end - 1] else None
    while end - start > 2 and (text[end - 1] in _after() or _not_names().match(text, end - 1)):
        end -= 1
    if end - start == found.end() - start and not _may_end(text, end):
        # three characters that run on: only the first two can be a name, if the third begins a word
        return None
    if text[end - 1] in _after() or _not_names().search(text, start + 1, end + 1):
        return None
    return start, end


def _may_end(text: str, end: int) -> bool:
    return end >= len(text) or text[end] in _after() or not re.match(rf"[{HAN}]", text[end])


def _repeated(text: str, names: Iterable[str]) -> Iterator[tuple[int, int]]:
    for name in names:
        if len(name) < MIN_REPEATED:
            continue
        place = text.find(name)
        while place >= 0:
            yield place, place + len(name)
            place = text.find(name, place + len(name))
