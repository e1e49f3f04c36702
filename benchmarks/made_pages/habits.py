"""How Chinese pages print the time, the source and who wrote a text; one habit is drawn for each page.

The forms come from reading pages of portals, local papers, government sites and
public accounts; the names in them are invented.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.made_pages.page import FETCHED_AT, ZONE
from benchmarks.made_pages.story import GROUPS, PAPERS, Story, person


@dataclass(slots=True)
class Byline:
    """Where and how people are credited.

    `info` stands in the line under the title, `opening` before the first
    paragraph's text, `first` and `last` are lines of their own, `glued` follows
    the last paragraph's text.
    """

    authors: list[str]
    editors: list[str] = field(default_factory=list)
    info: str = ""
    opening: str = ""
    first: str = ""
    glued: str = ""
    last: list[str] = field(default_factory=list)


def byline(draw: random.Random, story: Story) -> Byline:
    """Draws a habit of crediting people."""
    return draw.choice(BYLINES)(draw, story)


def _none(_draw: random.Random, _story: Story) -> Byline:
    return Byline([])


def _nobody(draw: random.Random, _story: Story) -> Byline:
    return Byline(
        [], info=f"作者：{draw.choice(('佚名', '网络整理', 'admin', '本站原创', '管理员', '本站编辑'))}"
    )


def _labelled(draw: random.Random, story: Story) -> Byline:
    a, b = story.people[:2]
    both = draw.random() < 0.5
    joint = draw.choice((" ", "、", "，", "　"))
    label = draw.choice(("作者：", "作者: ", "记者：", "撰文：", "作者|", "文/", "作者："))
    return Byline([a, b] if both else [a], info=label + (a + joint + b if both else a))


def _editor_too(draw: random.Random, story: Story) -> Byline:
    a, e = story.people[0], story.people[1]
    return Byline(
        [a],
        [e],
        info=f"作者：{a}",
        last=[
            draw.choice(
                (f"责任编辑：{e}", f"（责任编辑：{e}）", f"[责任编辑：{e}]", f"责编：{e}", f"编辑 {e}")
            )
        ],
    )


def _only_editors(draw: random.Random, story: Story) -> Byline:
    e, f, g = story.people[:3]
    return Byline(
        [],
        [e, f, g],
        last=draw.choice(
            (
                [f"编辑：{e}", f"校对：{f}", f"审核：{g}"],
                [f"责编：{e}  审校：{f}  监制：{g}"],
                [f"编辑丨{e} 校对丨{f} 审核丨{g}"],
            )
        ),
    )


def _dateline(draw: random.Random, story: Story) -> Byline:
    a, b, c = story.people[:3]
    paper = draw.choice(
        ("本报讯", "本网讯", f"{story.source}{story.published.month}月{story.published.day}日讯", "江湾网讯")
    )
    names, found = draw.choice(
        (
            (f"（记者{a} 通讯员{b}）", [a, b]),
            (f"（记者{a}通讯员{b}）", [a, b]),
            (f"(记者 {a} {b})", [a, b]),
            (f"（记者 {a} 通讯员 {b} {c}）", [a, b, c]),
            (f"（通讯员{a}{b}）", [a, b]),
            (f"（{story.source}记者 {a}）", [a]),
            (f"（全媒体记者{a} 实习生{b}）", [a, b]),
            (f"（见习记者 {a}）", [a]),
        )
    )
    return Byline(found, opening=paper + names)


def _own_first_line(draw: random.Random, story: Story) -> Byline:
    a, b, c = story.people[:3]
    line, found = draw.choice(
        (
            (f"晚报首席记者{a} 通讯员{b}", [a, b]),
            (f"□本报记者 {a} {b}", [a, b]),
            (f"■ 本报记者 {a}", [a]),
            (f"{story.source}记者 {a} 通讯员 {b} {c}", [a, b, c]),
            (f"本报记者 {a} 通讯员 {b} 文/图", [a, b]),
            (f"撰文 | {a}", [a]),
            (f"文｜{a} {b}", [a, b]),
            (f"文|{a}", [a]),
            (f"记者 {a} 实习生 {b}", [a, b]),
            (f"采写：{story.source}记者{a}", [a]),
            (f"●本报通讯员 {a}", [a]),
            (f"{a} 本报记者 {b}", [a, b]),
            (f"作者：{a} {b}", [a, b]),
            (f"文图/{a}", [a]),
        )
    )
    return Byline(found, first=line)


def _own_last_line(draw: random.Random, story: Story) -> Byline:
    a, b, e = story.people[:3]
    line, found, editors = draw.choice(
        (
            ([f"（记者 {a}）"], [a], []),
            ([f"（{a} {b}）"], [a, b], []),
            ([f"通讯员 {a} 记者 {b} 文/图"], [a, b], []),
            ([f"记者{a}文/图"], [a], []),
            ([f"{a} {story.source}、三十九度视频首席记者{b}"], [a, b], []),
            ([f"采写：{story.source}记者 {a}"], [a], []),
            ([f"文/图 {a} {b}"], [a, b], []),
            (
                [
                    f"来源：{story.source}",
                    f"作者：{a} {b}",
                    f"编辑：{e}",
                    "本文为公益频道原创文章，转载请附上原文出处链接和本声明。",
                ],
                [a, b],
                [e],
            ),
            ([f"通讯员：{draw.choice(GROUPS)}社工助理 {a}"], [a], []),
            ([f"供稿：{a}", f"编辑：{e}"], [a], [e]),
            ([f"撰稿：{a}", f"摄影：{b}", f"编辑：{e}"], [a], [e]),
            ([f"文字：{a}", f"图片：{b}", f"审核：{e}"], [a], [e]),
            ([f"作者丨{a}", f"编辑丨{e}"], [a], [e]),
            ([f"记者：{a}、{b}", f"责任编辑：{e}"], [a, b], [e]),
            ([f"记者丨{a} 编辑丨{e}"], [a], [e]),
        )
    )
    return Byline(found, editors, last=line)


def _glued(draw: random.Random, story: Story) -> Byline:
    a, b, e = story.people[:3]
    text, found, editors = draw.choice(
        (
            (f"（记者 {a} 通讯员 {b}）", [a, b], []),
            (f"（{a}）", [a], []),
            (f"（{a} {b}）", [a, b], []),
            (f"（记者{a}）", [a], []),
            (f"记者 {a} 摄影报道", [a], []),
            (f"（作者：{a}）", [a], []),
            (f"（通讯员 {a}）", [a], []),
            (f"（责任编辑：{e}）", [], [e]),
        )
    )
    return Byline(found, editors, glued=text)


BYLINES: list[Callable[[random.Random, Story], Byline]] = [
    _none, _none, _nobody, _labelled, _labelled, _editor_too, _only_editors, _dateline, _dateline,
    _own_first_line, _own_first_line, _own_last_line, _own_last_line, _glued, _glued,
]  # fmt: skip


@dataclass(slots=True)
class Stamp:
    """A printed time and what it says: ISO 8601, the day alone when no time is printed."""

    text: str
    says: str


def stamp(draw: random.Random, at: datetime, *, minute: bool | None = None) -> Stamp:
    """Draws how `at` is printed; `minute` asks for a form with or without a time of day."""
    with_minute = draw.random() < 0.8 if minute is None else minute
    y, m, d, hm = at.year, at.month, at.day, f"{at:%H:%M}"
    if not with_minute:
        text = draw.choice(
            (
                f"{y}-{m:02}-{d:02}",
                f"{y}年{m}月{d}日",
                f"{y}/{m}/{d}",
                f"{y}.{m:02}.{d:02}",
                f"{y}年{m:02}月{d:02}日",
            )
        )
        return Stamp(text, at.date().isoformat())
    seconds = f":{at.second or 7:02}"
    forms = [
        f"{y}-{m:02}-{d:02} {hm}", f"{y}-{m:02}-{d:02} {hm}{seconds}", f"{y}年{m:02}月{d:02}日{hm}", f"{y}年{m}月{d}日 {hm}",
        f"{y}/{m:02}/{d:02} {hm}", f"{y}-{m}-{d} {hm}{seconds}", f"{y}.{m:02}.{d:02} {hm}", f"{y}年{m:02}月{d:02}日 {at.hour}时{at.minute:02}分",
        f"{y}-{m:02}-{d:02}T{hm}{seconds}+08:00", f"{y}年{m:02}月{d:02}日 星期{'一二三四五六日'[at.weekday()]} {hm}",
        f"{y} 年 {m} 月 {d} 日 {hm}",
    ]  # fmt: skip
    return Stamp(draw.choice(forms), at.isoformat(timespec="minutes"))


def recent_stamp(draw: random.Random) -> tuple[datetime, Stamp]:
    """Draws a time of the last days as sites of today print it: without a year, or counted from now."""
    here = FETCHED_AT.astimezone(ZONE)
    kind = draw.choice(("no year", "yesterday", "hours", "today", "before"))
    if kind == "hours":
        hours = draw.randint(1, 11)
        at = here - timedelta(hours=hours)
        return at, Stamp(f"{hours}小时前", at.isoformat(timespec="minutes"))
    days = {"yesterday": 1, "today": 0, "before": 2}.get(kind, draw.randint(3, 60))
    at = (here - timedelta(days=days)).replace(hour=draw.randint(6, 11), minute=draw.randrange(60))
    word = {"yesterday": "昨天 ", "today": "今天 ", "before": "前天 "}.get(kind) or draw.choice(
        (f"{at:%m-%d} ", f"{at:%m-%d}", f"{at.month}月{at.day}日 ")
    )
    return at, Stamp(f"{word}{at:%H:%M}", at.isoformat(timespec="minutes"))


def time_label(draw: random.Random) -> str:
    """Draws what stands before a time."""
    return draw.choice(
        (
            "",
            "",
            "时间：",
            "发布时间：",
            "发布日期：",
            "发表时间：",
            "日期：",
            "发布于 ",
            "发布时间:",
            "更新时间：",
            "[发布时间：",
            "【发布时间】",
        )
    )


def source_label(draw: random.Random) -> str:
    """Draws what stands before a source."""
    return draw.choice(
        (
            "来源：",
            "来源：",
            "来源:",
            "来源： ",
            "稿源：",
            "信息来源：",
            "文章来源：",
            "稿件来源：",
            "出处：",
            "转自：",
            "来源|",
            "来源于：",
            "新闻来源：",
        )
    )


def other_publisher(draw: random.Random, source: str) -> str:
    """Draws a publisher that is not `source`."""
    return draw.choice([p for p in PAPERS if p != source])


def somebody(draw: random.Random) -> str:
    """Draws a commenter's name."""
    return draw.choice(
        (
            person(draw),
            f"网友{draw.randint(1000, 9999)}",
            f"用户{draw.randint(10000, 99999)}",
            "清风徐来",
            "爱吃鱼的猫",
        )
    )
