"""Media named by a dateline: 某某网讯(记者 张三), 某某报北京8月13日电."""

from __future__ import annotations

import re

from pipelines.entities.lexicon import HAN, places
from pipelines.models import Mention

_DATELINE = re.compile(
    rf"(?<![{HAN}])(?:另?据)?([{HAN}]{{2,8}}(?:网|在线|报|台|社|客户端))(?:[{HAN}]{{2,4}})?"
    rf"(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?(?:讯|电|消息)(?=[\s(（,，:：])"
)
# a line that begins with any name: 南方大视野2018年10月11日讯
_DATED_LINE = re.compile(
    rf"^([{HAN}]{{3,8}})(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}日(?:讯|电|消息)(?=[\s(（,，:：])", re.MULTILINE
)
_DATELINE_END = re.compile(r"[讯电息][\s(（,，:：]")  # looked for first
# 《某某周刊》记者
_IN_TITLE_MARKS = re.compile(
    rf"《([{HAN}]{{2,10}})》(?=(?:[{HAN}]{{0,4}})(?:记者|编辑|杂志|主编|总编辑|社长|(?:独家)?(?:专访|采访|报道)))"
    rf"|(?:告诉|接受)《([{HAN}]{{2,10}})》(?=[：:，,。]|表示|说|透露|介绍)"
)
# 本报讯 names nobody, nor does 据总台消息
_OWN = ("本", "我", "该", "据")


def find_media(text: str) -> list[Mention]:
    """Organisations that a dateline or a reporter's byline names; offsets in characters."""
    found = []
    if _DATELINE_END.search(text):
        found = [m.span(1) for m in _DATELINE.finditer(text) if not m[1].startswith(_OWN)]
        begun = {start for start, _ in found}
        for line in _DATED_LINE.finditer(text):
            # 中新社|北京: where it was written
            place = any(line[1].endswith(name) for name in places())
            if line.start(1) not in begun and not place and not line[1].startswith(_OWN):
                found.append(line.span(1))
    if "》" in text:
        found += [m.span(m.lastindex or 0) for m in _IN_TITLE_MARKS.finditer(text)]
    return [
        Mention("organisation", start, end, text[start:end], text[start:end], "organisation.dateline", "媒体")
        for start, end in sorted(found)
    ]
