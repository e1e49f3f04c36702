"""What a figure counts: the noun behind its unit, or before the number."""

from __future__ import annotations

import re
from typing import Final

from pipelines.entities.figure_patterns import patterns
from pipelines.entities.lexicon import HAN

MAX_COUNTED: Final = 12  # characters that what is counted may have
_NOUN_RUN = re.compile(rf"的?[“]?([{HAN}A-Za-z“”·]{{1,40}})")
_FROM_RUN = re.compile(rf"[{HAN}、，“”]{{0,24}}?的([{HAN}]{{1,12}})")


def counted_noun(body: str, start: int, end: int, kind: str) -> str:
    """The noun behind the unit, or the one of the list before the number; "" when the text names none."""
    if kind in ("duration", "measure"):
        return ""
    if body.startswith("来自", end):
        found = _FROM_RUN.match(body, end)
        return _until_verb(found[1]) if found else ""
    run = _NOUN_RUN.match(body, end)
    if run is not None and (kind == "count" or body.startswith("的", end)):
        # 社工服务300人次
        verb = run[1].endswith("服务") and body[run.end() : run.end() + 1].isdigit()
        noun = _until_verb(run[1].removesuffix("服务") if verb else run[1])
        if noun:
            return noun
    before = body[max(0, start - 12) : start]
    found = patterns().noun_before.search(before)
    return found.group().rstrip("已共约有近达到超过逾了仅为计数") if found else ""


def _until_verb(run: str) -> str:
    end = next((m for m in patterns().noun_end.finditer(run) if m.lastgroup), None)
    if end is not None:
        run = run[: end.start()]
    noun = run.strip("的“”·")
    if "的" in noun:
        noun = noun.rpartition("的")[2]
    return noun if len(noun) <= MAX_COUNTED else ""
