"""The publisher that a page credits (来源), as it prints it, without links and labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from pipelines.extract.date_text import find_stamps
from pipelines.extract.document import Document, attribute_words, one_line, visible_text
from pipelines.extract.embedded import SOURCE_KEYS, find_record
from pipelines.extract.folding import fold
from pipelines.extract.json_data import text_of
from pipelines.extract.names import is_person, parse_names
from pipelines.extract.surroundings import BodyLike, Surroundings, TextLine, look_around
from pipelines.extract.tables import load_table

MAX_SOURCE = 40
"""A longer text is no publisher's name, in characters."""
MAX_LINE = 160
"""A longer line is running text."""
MAX_INNER = 16
"""So many elements of a line are looked at for names such as source."""
CLOSING_LINES = 6
"""So many last lines of the text may say where it comes from."""

# what follows a source in its line, and so is no part of it
_NEXT_FIELD = (
    "作者|编辑|責任編輯|责任编辑|责编|记者|記者|撰文|文[/／]|摄影|校对|审核|时间|日期|发布|發布|更新|浏览|点击|阅读|字体|字号|字數|字数"
    "|人气|评论|分享|打印|举报|访问|次数|收藏|查看|查阅|关注|微信|手机|扫一扫|我要|责任|视力|背景|关闭|保存|纠错|语音|声明|更多|返回"
    "|原标题|标签|关键词|通讯员|采写|撰稿|供稿|编审|监制|发表于|栏目|本文"
)
_END = re.compile(
    rf"[\s|｜丨】\]]+[（(《【\[]?(?:{_NEXT_FIELD})|[（(【\[](?:{_NEXT_FIELD})|(?:{_NEXT_FIELD})(?:时间|日期|次数|量|于)?\s*[:：]"
    r"|(?:浏览|点击|阅读|评论|人气)(?:量|次数)?\s*\d|\s(?:分享|发表|我要|我来|微博|[\d.]+万?\s?(?:人|条|次|个)(?:参与|评论|跟帖|阅读|浏览)|\d+(?:评论|跟帖|阅读|浏览))|\d{4}\s?[-/年.]\s?\d|\d{1,2}[:：]\d\d|\s{2,}|\s[·|｜丨]\s"
    r"|[【\[]|https?:|\d+\s*$|[|｜丨]"
)
_COUNTERS = re.compile(r"[\d,.]+\s*[万]?\s*(?:人参与|条?评论|次?阅读|次浏览|人|次|条)?|[|｜丨·•/]|\s+")
# a dateline or a note on the reprint behind the name: 来源：江湾晚报 江湾晚报北京电
_DATELINE = re.compile(r"\s[\u4e00-\u9fff]{1,24}(?:电|讯|消息|转载|报道|综合)$")
_HOLDER = re.compile(
    r"author|source|media|account|from|laiyuan|origin|nick|user-?name|(?:^|[\W_])name(?:$|[\W_])|publisher|\bfrom\b|writer|sitename"
)
_WRAPPED = re.compile(r"^[《“\"'「【\[（(]+(.*?)[》”\"'」】\]）)]+$")
_BY_OUTLET = re.compile(r"([\u4e00-\u9fff]{2,4})\s?[/／]\s?([\u4e00-\u9fff]{2,14})")


def find_source(doc: Document, body: BodyLike, around: Surroundings | None = None, title: str = "") -> str:
    """Returns the publisher that the page credits, or "" when it credits none."""
    return next((name for name, _ in source_candidates(doc, body, around, title)), "")


def source_candidates(
    doc: Document, body: BodyLike, around: Surroundings | None = None, title: str = ""
) -> Iterator[tuple[str, str]]:
    """Yields names of publishers and the rule that found each, the most trusted first.

    In this order: a label printed above the text (来源：, 稿源：, 转自), a meta
    element, what stands beside the date or in an account's name above the
    text, a label below the text, the object with the article's `title` in a
    script.
    """
    around = around or look_around(doc, body)
    over = range(max(0, around.head.start - 6), around.head.start)
    closing = range(max(around.start, around.end - CLOSING_LINES), around.end)
    for rule, found in (
        ("label above the text", _labelled(around, around.head, 0)),
        ("meta", _from_meta(doc)),
        ("label above the title", _labelled(around, over, 0)),
        ("beside the date", _beside_date(around)),
        ("label at the text's end", _labelled(around, closing, 1)),
        ("label below the text", _labelled(around, around.tail, 0)),
        ("script", _from_record(doc, title)),
    ):
        yield from ((name, rule) for name in found if name)


def clean_source(text: str) -> str:
    """Returns the name at the start of `text` without what follows it, or "" when it is none."""
    text = one_line(text).lstrip(" :：|｜丨/／-—·>》")
    if cut := _END.search(fold(text)):
        text = text[: cut.start()]
    text = text.strip(" 　:：,，;；。.、-—|｜丨·>")
    text = _DATELINE.sub("", text).removesuffix("记者")
    if wrapped := _WRAPPED.match(text):
        text = wrapped[1]
    words = _words()["none"]
    if not 2 <= len(text) <= MAX_SOURCE or fold(text).lower() in words or text.isdigit():
        return ""
    return text


def _labelled(around: Surroundings, indices: range, at_start: int) -> Iterator[str]:
    for index in indices:
        text = around.spaced(index)
        folded = fold(text)
        if len(text) > MAX_LINE or not _quick_pattern().search(folded):
            continue
        if index > around.head.start and around.out_of_place(index, above=index < around.start):
            continue
        for match in _label_pattern().finditer(folded):
            if at_start and match.start() > 2:
                continue
            following = text[match.end() :]
            if not following.strip() and index + 1 < len(around.lines):
                following = around.lines[index + 1].text
                following = following if len(following) <= MAX_SOURCE else ""
            if match["mark"] == "" and not (match["label"] in _words()["loose"] and _header_like(text)):
                continue
            yield clean_source(following)


def _header_like(text: str) -> bool:
    """A label without a colon counts only in a line that prints a date too, or holds little else."""
    return len(text) <= 20 or next(find_stamps(text), None) is not None


def _from_meta(doc: Document) -> Iterator[str]:
    names = load_table("credit_words.toml")["meta"]["sources"]
    for name in names:
        for value in doc.meta.get(name, ())[:1]:
            if name.endswith("author") and (is_person(value) or "media" not in "".join(doc.meta)):
                continue
            if "/" not in value:
                yield clean_source(value)


def _from_record(doc: Document, title: str) -> Iterator[str]:
    record = find_record(doc, title)
    for key in SOURCE_KEYS:
        name = text_of(record.get(key))
        yield clean_source(name) if not is_person(name) else ""


def _beside_date(around: Surroundings) -> Iterator[str]:
    """What stands in the line of the date when that is taken away, or in an account's line next to it."""
    first = max(0, around.head.start - 2)
    for index in range(first, around.start):
        text = around.spaced(index)
        if len(text) > MAX_LINE or not any(c.isdigit() for c in text):
            continue
        stamp = next(find_stamps(text), None)
        if stamp is None or (stamp.end - stamp.start) < 4 or around.out_of_place(index, above=True):
            continue
        yield from _rest_of(text[: stamp.start], text[stamp.end :])
        for near in (index - 1, index + 1, index - 2, index + 2):
            if first <= near < around.start and near != around.title:
                yield _account(around.lines[near])
    for index in around.head:
        yield from _badged(around, index)
    for index in (*range(around.head.start + 1, around.start), *around.head[:1]):
        text = around.spaced(index)
        if (match := _BY_OUTLET.fullmatch(text)) and is_person(match[1]):
            yield clean_source(match[2])
        if (
            index != around.title
            and "：" not in text
            and len(name := clean_source(_without_people(text))) <= 12
            and fold(name).endswith(tuple(_words()["media_endings"]))
        ):
            yield ("" if is_person(name) or around.out_of_place(index, above=True) else name)


def _without_people(text: str) -> str:
    """A line without the names at its start ("A B 某报")."""
    words = text.split(" ")
    while len(words) > 1 and parse_names(words[0]):
        words.pop(0)
    return " ".join(words)


def _rest_of(before: str, after: str) -> Iterator[str]:
    for part in (after, before):
        part = part.strip(" 　|｜丨·•-—,，:：")
        if not part or any(mark in part for mark in "，。！？；") or len(part) > 60:
            continue
        for token in _COUNTERS.split(part):
            if not token:
                continue
            token = re.sub(r"[\[【(（].*$", "", token)
            if fold(token) in _words()["none"]:
                break
            name = clean_source(token)
            if (
                name
                and re.search(r"[\u4e00-\u9fffA-Za-z]{2}", name)
                and not _is_label(token)
                and not is_person(name)
            ):
                yield name
            break


def _is_label(token: str) -> bool:
    token = fold(token)
    return bool(
        re.search(r"[:：]|^(?:发布|发表|更新|来源|时间|作者|编辑|责任|首发|星期|周[一二三四五六日])", token)
    )


def _account(line: TextLine) -> str:
    text = line.text
    if len(text) > 20 or any(c in text for c in "，。！？：:>"):
        return ""
    for element in (*islice(line.element.iter(), 1, MAX_INNER), line.element):
        if isinstance(element.tag, str) and _HOLDER.search(attribute_words(element)):
            name = visible_text(element, " ") if element is not line.element else text
            if name and len(name) <= MAX_SOURCE and name in text and not parse_names(name):
                return clean_source(name)
    return ""


def _badged(around: Surroundings, index: int) -> Iterator[str]:
    """The name of an account stands before the badge of its platform (企鹅号, 头条号)."""
    badges = _words()["badges"]
    if index > around.head.start and around.lines[index].text in badges and index - 1 != around.title:
        name = around.lines[index - 1].text
        yield clean_source(name) if len(name) <= 20 else ""


@cache
def _words() -> dict[str, list[str]]:
    found: dict[str, list[str]] = load_table("credit_words.toml")["source"]
    return found


@cache
def _label_pattern() -> re.Pattern[str]:
    words = _words()
    labels = "|".join(sorted(words["labels"], key=len, reverse=True))
    not_before = "".join(rf"(?<!{word})" for word in words["not_before"])
    return re.compile(rf"{not_before}(?P<label>{labels})\s*(?P<mark>[:：|｜丨]|)\s*|\bSource\s*[:：]\s*")


@cache
def _quick_pattern() -> re.Pattern[str]:
    return re.compile(
        "来源|來源|稿源|转自|摘自|原载|出处|出處|发布|信息提供|供稿|来自|转载|发文|媒体|单位|Source"
    )
