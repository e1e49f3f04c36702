"""Where words and counts end in a run that no name goes on over."""

from __future__ import annotations

import re
from typing import Final

from pipelines.entities.divisions import lower_codes
from pipelines.entities.organisation_runs import Run, Span, patterns
from pipelines.entities.segmentation import is_known

_COUNTED = re.compile(
    r"(?:[0-9]+(?:[.,][0-9]+)?[百千万亿]{0,2}|[一二两三四五六七八九十百千万亿几数多上近超第]+)[余多]?"
    r"(?:家|个|名|位|所|支|场|次|批|届|期|座|处|条|项|起|天|户|人|份|对|种|类|辆|台|套)"
    r"|[0-9]+(?:年|月|日|时|分|岁|[万亿]?元|万|亿)[初底末]?"
)
# classes of words whose characters break no name
_WHOLE: Final = frozenset(("ns", "nz", "nt", "n", "a", "an", "b", "vn"))
_VILLAGE_END = re.compile("[村镇乡]|街道|社区")


def find_breaks(run: Run) -> list[int]:
    """Where words and counts end that no name goes on over, in order."""
    held: list[Span] = []
    breaks: set[int] = set()
    for start, end in run.broken:
        if run.text[start:end] in patterns().held:
            held.append((start, end))
        elif _is_break(run, start, end):
            breaks.add(end)
    for count in _COUNTED.finditer(run.text):
        if not any(start < count.end() and count.start() < end for start, end in held):
            breaks.add(count.end())
    return sorted(breaks)


def _is_break(run: Run, start: int, end: int) -> bool:
    """Whether a breaker is one here: not a character of a name that the dictionary has (让胡路区)."""
    cut = run.cut
    number = cut.holding(run.offset + start)
    word = cut.words[number]
    if end - start > 1:
        # 江汉区|里份: the breaker's first character ends a place
        return not (cut.tags[number] == "ns" and cut.starts[number] < run.offset + start)
    if cut.tags[number] in _WHOLE and len(word) > 1 and is_known(word):
        return False
    return not _is_in_village(run.text, start, end)


def _is_in_village(text: str, start: int, end: int) -> bool:
    """Whether a character is of a village's or town's name that the official division has (西留各庄村)."""
    rank = _VILLAGE_END.search(text, end, end + 4)
    return rank is not None and any(
        lower_codes(text[first : rank.start()])
        for first in range(max(0, start - 3), start + 1)
        if rank.start() - first > 1
    )
