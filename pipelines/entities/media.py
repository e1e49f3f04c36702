"""Media named by a dateline: 某某网讯(记者 张三), 某某报北京8月13日电."""

from __future__ import annotations

import re

from pipelines.entities.lexicon import HAN
from pipelines.models import Mention

_DATELINE = re.compile(
    rf"(?<![{HAN}])([{HAN}]{{2,8}}(?:网|在线|报|台|社|客户端))(?:[{HAN}]{{2,4}})?"
    rf"(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?(?:讯|电|消息)(?=[\s(（,，:：])"
)
# 本报讯 names nobody
_OWN = ("本", "我", "该")


def find_media(text: str) -> list[Mention]:
    """Organisations that a dateline names, in order; offsets in characters."""
    return [
        Mention(
            "organisation", found.start(1), found.end(1), found[1], found[1], "organisation.dateline", "媒体"
        )
        for found in _DATELINE.finditer(text)
        if not found[1].startswith(_OWN)
    ]
