"""Credits in one line of text: labelled ones, bare bylines, roles and the names behind them.

Nothing here knows of HTML. Chinese bylines come in two kinds. Labelled ones
("作者：", "文｜", "责任编辑：") may stand among other things in a line; bare ones
("某报记者 A B", "（记者A通讯员B）") count only when a line or bracket holds nothing
else, since "记者了解到" is running text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, wraps
from typing import Literal, ParamSpec

from pipelines.extract.folding import fold, unfold
from pipelines.extract.names import is_no_person, is_person, parse_names
from pipelines.extract.tables import load_table
from pipelines.models import Credit

P = ParamSpec("P")
Part = Literal["author", "editor", "other"]
PARTS: tuple[Part, ...] = ("other", "editor", "author")
MAX_BEFORE = 18
"""What stands before the first role of a byline, an outlet mostly, is no longer than this."""

_LABEL_MARK = re.compile(r"[:：|｜丨/／]")
_STOP = re.compile(
    r"(?:新闻|文章|信息|稿件|图片)?(?:来源|稿源|出处|时间|日期|浏览|点击|阅读|字体|字号|人气|评论|分享|打印|发布|更新|微信|电话|邮箱|栏目|标签|关键词|原标题|返回|查看)"
    r"|\d{4}\s?[-/年.]|https?:|【|】|（|\("
)
_WHOLE_SLASH = re.compile(
    r"(?:[\u4e00-\u9fff·、\s]{2,24}?[/／](?:文字|文图|图文|文|图片|图|摄影|摄|视频|制图)[\s;；,，]*)+"
)
_SLASH_PART = re.compile(r"([\u4e00-\u9fff·、\s]{2,24}?)[/／](文字|文图|图文|文|图片|图|摄影|摄|视频|制图)")
_RUNNING = re.compile(r"[，。！？；“”!?…]")


def _in_both_scripts(read: Callable[P, Iterator[Credit]]) -> Callable[P, Iterator[Credit]]:
    """Lets a reader of lines see traditional characters as simplified ones, and gives names as written."""

    @wraps(read)
    def reader(*args: P.args, **kwargs: P.kwargs) -> Iterator[Credit]:
        text = str(args[0])
        folded = fold(text)
        if folded == text:
            yield from read(*args, **kwargs)
            return
        for credit in read(folded, *args[1:], **kwargs):  # type: ignore[arg-type]
            name, role = (unfold(part, folded, text) for part in (credit.name, credit.role))
            raw = text if credit.raw == folded else credit.raw
            yield replace(credit, name=name, role=role, raw=raw)

    return reader


@_in_both_scripts
def line_credits(text: str, *, inside: bool) -> Iterator[Credit]:
    """Yields the credits of one line; `inside` the text a label must begin the line and names fill it."""
    whole = text.strip(" （()）【】[]\u3000")
    if ("/" in whole or "／" in whole) and _WHOLE_SLASH.fullmatch(whole):
        slashed = [
            Credit(name, part[2], _part_of(part[2]), text)
            for part in _SLASH_PART.finditer(whole)
            for name in parse_names(part[1])
        ]
        if slashed:
            yield from slashed
            return
    labels = list(_label_pattern().finditer(whole)) if _LABEL_MARK.search(whole) else []
    if inside and labels and labels[0].start() > 0:
        labels = []
    for position, label in enumerate(labels):
        stop = labels[position + 1].start() if position + 1 < len(labels) else len(whole)
        chunk = whole[label.end() : stop]
        role = re.sub(r"\s+", "", label["role"] or label["short"])
        yield from _labelled(chunk, role, text, strict=inside)
    if not labels:
        yield from bare_credits(whole, text)


def _labelled(chunk: str, role: str, raw: str, *, strict: bool) -> Iterator[Credit]:
    for whole in (True, False):
        if not whole and (cut := _STOP.search(chunk)):
            chunk = chunk[: cut.start()]
        chunk = chunk.strip(" 　:：|｜丨,，、;；/／")
        if nested := list(bare_credits(chunk, raw)):
            yield from nested
            return
    part = _part_of(role)
    if strict and part == "author" and (role in ("记者", "記者", "采访") or _RUNNING.search(chunk)):
        names = parse_names(_without_ending(chunk)[0])
    else:
        names = parse_names(_without_ending(chunk)[0], lenient=True)
    for name in names:
        yield Credit(name, role, part, raw)


@_in_both_scripts
def bare_credits(text: str, raw: str) -> Iterator[Credit]:
    """Yields the credits of a string that is a byline and nothing else ("某报记者 A B 通讯员C 摄")."""
    if len(text) > 80 or _RUNNING.search(text.replace("，", " ")):
        return
    pieces = _bare_pattern().split(text)
    if len(pieces) < 3 or len(pieces[0].strip()) > MAX_BEFORE:
        return
    found = [Credit(name, "", "author", raw) for name in _names_before(pieces[0])]
    for index in range(1, len(pieces), 2):
        role, chunk = pieces[index], pieces[index + 1]
        chunk, picture = _without_ending(chunk)
        followed = index + 2 < len(pieces)
        names = parse_names(chunk) or (parse_names(_without_outlet(chunk)) if followed else [])
        if not names and chunk.strip(" 、/／"):
            return
        part: Part = "other" if picture else _part_of(role)
        found += [Credit(name, role, part, raw) for name in names]
    yield from found


def _names_before(text: str) -> list[str]:
    """People without a role before an outlet's own ("A 本报记者 B", "A 某报、某视频首席记者B")."""
    words = text.replace("、", " ").split()
    count = next((i for i, word in enumerate(words) if not is_person(word)), len(words))
    return words[:count] if text[:1].strip() and (count < len(words) or text[-1:].isspace()) else []


@_in_both_scripts
def loose_credits(text: str) -> Iterator[Credit]:
    """Yields roles followed by one name without a colon, among the other things of a line above the text."""
    for found in _loose_pattern().finditer(text):
        if is_person(found["name"]):
            yield Credit(found["name"], found["role"], _part_of(found["role"]), text)


@_in_both_scripts
def names_and_outlet(text: str) -> Iterator[Credit]:
    """Yields the people of a line that holds nothing but names and then one publisher ("A B 某报")."""
    words = text.split()
    if len(words) > 1 and len(words[-1]) >= 3 and is_no_person(words[-1]) and all(map(is_person, words[:-1])):
        yield from (Credit(name, "", "author", text) for name in words[:-1])


def _without_outlet(chunk: str) -> str:
    """Drops the last word, the outlet of the next role: "A B 某某报" before 记者."""
    words = chunk.strip().split()
    return " ".join(words[:-1])


def _without_ending(chunk: str) -> tuple[str, bool]:
    """Returns names without what follows them (报道, 摄 ...), and whether that says pictures."""
    words = load_table("credit_words.toml")["bare"]
    chunk = chunk.strip(" 　:：,，、/／|｜")
    picture = False
    for _ in range(3):
        for ending in sorted((*words["endings"], *words["pictures"]), key=len, reverse=True):
            if chunk.endswith(ending) and len(chunk) > len(ending):
                rest = chunk[: -len(ending)]
                spaced = rest[-1] in " 　/／、,，"
                if not spaced and len(ending) == 1 and ending != "摄":
                    continue
                picture = picture or ending in words["pictures"]
                chunk = rest.strip(" 　/／、,，")
                break
        else:
            break
    return chunk, picture


def _part_of(role: str) -> Part:
    """Returns "author", "editor" or "other" for a role as printed."""
    role = role.strip()
    words = load_table("credit_words.toml")["roles"]
    for part in PARTS:
        if role in words[part]:
            return part
    for part in PARTS:
        if role.endswith(tuple(w for w in words[part] if len(w) > 1)):
            return part
    return "author"


def _alternatives(words: list[str]) -> str:
    return "|".join(sorted(map(re.escape, set(words)), key=len, reverse=True))


@cache
def _label_pattern() -> re.Pattern[str]:
    roles = load_table("credit_words.toml")["roles"]
    long_roles = _alternatives([w for part in roles.values() for w in part if len(w) > 1])
    short_roles = _alternatives([w for part in roles.values() for w in part if len(w) == 1])
    qualifiers = _alternatives(load_table("credit_words.toml")["bare"]["qualifiers"])
    spaced = r"责\s{0,2}任\s{0,2}编\s{0,2}辑|编\s{1,2}辑|作\s{1,3}者|校\s{1,2}对|审\s{1,2}核|责\s{1,2}编"
    role = rf"(?:{qualifiers})*(?:{long_roles}|{spaced})(?:[/／、和&](?:{long_roles}|{short_roles}))*"
    return re.compile(
        rf"(?<![图资])(?P<role>{role})\s*[:：|｜丨]\s*"
        rf"|(?:(?<=^)|(?<=[\s（(【\[]))(?P<short>{short_roles})\s*(?:[:：|｜丨]|[/／](?![文图摄]))\s*"
    )


@cache
def _loose_pattern() -> re.Pattern[str]:
    """A role and one name without a colon among the other things of a line above the text."""
    roles = _alternatives(load_table("credit_words.toml")["bare"]["roles"])
    return re.compile(rf"(?:^|[\s|｜/])(?P<role>{roles})\s?(?P<name>[\u4e00-\u9fff]{{2,4}})(?=[\s|｜/]|$)")


@cache
def _bare_pattern() -> re.Pattern[str]:
    words = load_table("credit_words.toml")["bare"]
    return re.compile(
        rf"(?:{_alternatives(words['qualifiers'])})*({_alternatives(words['roles'])})(?!站|会|节|团|证|协|报道|并文|师|展|赛)"
    )
