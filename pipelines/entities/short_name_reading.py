"""What is known so far while short names are resolved, and how a wanted name is looked for in the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from pipelines.entities.segmentation import Words, is_known
from pipelines.models import Mention

MIN_SHORT: Final = 2  # characters
MIN_CUT: Final = 4  # characters of a listed name, from which it may stand for a longer one
# begin what is no proper name alone: fields, the country, ranks
NOT_SHORT = re.compile(
    "^(?:邮政|航空|铁路|电力|石油|石化|移动|电信|银行|集团|中国|中华|全国|国际|世界|第[一二三四五六七八九十]|[省市区县镇])"
)


@dataclass(slots=True)
class Reading:
    """What is known so far: full names, what each short name means, and the mentions."""

    text: str
    cut: Words
    mentions: list[Mention]
    taken: bytearray
    meant: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    rules: dict[str, str] = field(default_factory=dict)

    def add(self, start: int, end: int, name: str, kind: str, rule: str) -> None:
        """Notes a mention, unless something stands there already."""
        if not any(self.taken[start:end]):
            self.taken[start:end] = b"\x01" * (end - start)
            self.mentions.append(Mention("organisation", start, end, self.text[start:end], name, rule, kind))


def final_name(full: dict[str, str], name: str) -> str:
    """The full form behind a short name whose meaning may itself be a short name."""
    seen = set[str]()
    while name in full and name not in seen:
        seen.add(name)
        name = full[name]
    return name


def places_of(text: str, wanted: str) -> Iterator[int]:
    """Where a name stands in the text; one in Latin letters not inside a longer word."""
    latin = wanted.isascii()
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        inside = latin and (
            (text[start - 1 : start].isascii() and text[start - 1 : start].isalnum())
            or (text[end : end + 1].isascii() and text[end : end + 1].isalnum())
        )
        if not inside:
            yield start
        start = text.find(wanted, end)


def breaks_word(cut: Words, start: int) -> bool:
    """Whether the word that holds `start` is none of the dictionary: the cut is a guess there."""
    return not is_known(cut.words[cut.holding(start)])


def is_subsequence(short: str, full: str) -> bool:
    """Whether all characters of `short` stand in `full` in the same order."""
    rest = iter(full)
    return all(character in rest for character in short)
