"""People in bylines, by the form of these: (记者 张三 通讯员 李四), 某某网讯(张三), (张三 摄)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from pipelines.entities.lexicon import HAN, alternatives, words
from pipelines.entities.person_signs import SPACE, Span, full_name, is_a_name
from pipelines.entities.segmentation import is_known

_WORDS: Final = "person_words.toml"
_ENDINGS: Final = ("报道", "摄影", "供图")  # 深圳报道
MAX_BYLINE_NAME: Final = 12
# 某某网讯(张三): names alone, behind a dateline
_DATELINE_NAMES = re.compile(
    rf"(?:讯|电|消息|报道)[ \u3000]?[(（]([{HAN}]{{2,4}}(?:[\s、][{HAN}]{{2,4}}){{0,3}})[)）]"
)
# (张三 摄), (李四 文/图)
_PHOTO = re.compile(rf"[(（ \u3000]([{HAN}]{{2,4}})[ \u3000]?(?:摄|/?摄影|文/图|供图)(?![{HAN}])")
_HAN_RUN = re.compile(rf"[{HAN}·•]+")


@cache
def _byline_roles() -> re.Pattern[str]:
    return re.compile(alternatives(words(_WORDS, "byline_roles")))


@cache
def _byline() -> re.Pattern[str]:
    """A role and names in brackets, closed or cut off, or at the head of a line: (记者 张三 通讯员 李四)."""
    role = alternatives(words(_WORDS, "byline_roles"))
    names = rf"[{HAN}·•\s、,，/:：\u200b]"
    return re.compile(
        rf"[(（][{HAN}·\s]{{0,12}}?(?:{role}){names}{{2,60}}(?:[)）]|\.{{3}}|…)"
        rf"|^[{HAN}· \u3000]{{0,16}}?(?:讯|电|消息)?[ \u3000]*(?:{role})[ \u3000/:：]*"
        rf"(?:{names}{{0,40}}?(?=报道|摄|[ \u3000]*$|文/|[ \u3000]+\d)|[{HAN}]{{2,3}}(?=[ \u3000]))",
        re.MULTILINE,
    )


def bylines(text: str) -> Iterator[Span]:
    """The names in bylines, datelines and credits of pictures."""
    for byline in _byline().finditer(text):
        roles = list(_byline_roles().finditer(text, byline.start(), byline.end()))
        for role, following in zip(roles, [*roles[1:], None], strict=True):
            yield from _byline_names(text, role.end(), following.start() if following else byline.end())
    for found in (*_DATELINE_NAMES.finditer(text), *_PHOTO.finditer(text)):
        for run in _HAN_RUN.finditer(text, *found.span(1)):
            yield from _names_of_run(text, *run.span())


def _byline_names(text: str, start: int, end: int) -> Iterator[Span]:
    runs = [run.span() for run in _HAN_RUN.finditer(text, start, end)]
    place = 0
    while place < len(runs):
        first, last = runs[place]
        credited = last - first > 2 and text[last - 1] in "文图" and text[last : last + 2] in ("/摄", "/图")
        last -= credited  # 陈娟|文/摄
        # 王 芳: the characters of one name apart
        while (
            not credited
            and last - first < 3
            and place + 1 < len(runs)
            and runs[place + 1][1] - runs[place + 1][0] == 1
        ):
            place += 1
            last = runs[place][1]
        written = text[first:last]
        if " " in written or "\u3000" in written:
            if full_name().fullmatch(SPACE.sub("", written)):
                yield first, last
        else:
            names = _names_of_run(text, first, last)
            # 字强, 王安浩维: rare family names, double ones
            whole = 2 <= last - first <= 4 and not is_known(written) and is_a_name(written)
            whole = whole and not written.endswith(_ENDINGS)
            yield from names or ([(first, last)] if whole else [])
        place += 1


def _names_of_run(text: str, start: int, end: int) -> list[Span]:
    """The names in a run without anything between them (王蓓武玟斌); [] when it can't be parted."""
    if start == end:
        return []
    for last in sorted(range(start + 2, min(end, start + MAX_BYLINE_NAME) + 1), key=lambda e: (e != end, -e)):
        if full_name().fullmatch(text, start, last) and is_a_name(text[start:last]):
            rest = _names_of_run(text, last, end)
            if last == end or rest:
                return [(start, last), *rest]
    return []
