"""The words of a text with their classes and places, as jieba's dictionary cuts it.

That dictionary has many everyday words as personal names (明白, 黄金周, 温哥华);
those of `words_not_names.txt` get the class of a noun here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

import rjieba

from pipelines.entities.lexicon import listed

_SURROGATE = re.compile("[\ud800-\udfff]")
_PERSONAL = frozenset(("nr", "nrt", "nrfg"))


@dataclass(slots=True, frozen=True)
class Words:
    """The words of a text in order: word `i` is text[starts[i]:starts[i + 1]], of class `tags[i]`.

    `starts` has one item more than there are words, the length of the text;
    `index` gives the number of the word that begins at an offset. Classes are
    those of ICTCLAS (n noun, v verb, ns place name, nr personal name, ...).
    """

    words: list[str]
    tags: list[str]
    starts: list[int]
    index: dict[int, int]

    def holding(self, place: int) -> int:
        """The number of the word that a place of the text is in."""
        return bisect_right(self.starts, place) - 1


def readable(text: str) -> str:
    """The text with a mark for each lone surrogate, which no Chinese word has: as long as the text."""
    return _SURROGATE.sub("\ufffd", text)


def segment(text: str) -> Words:
    """Cuts a text into words."""
    pairs = rjieba.tag(readable(text), True)
    words = [word for word, _ in pairs]
    mistaken = _not_names()
    tags = ["n" if tag in _PERSONAL and word in mistaken else tag for word, tag in pairs]
    starts = list(accumulate(map(len, words), initial=0))
    return Words(words, tags, starts, dict(zip(starts, range(len(starts)), strict=True)))


@cache
def _not_names() -> frozenset[str]:
    return frozenset(listed("words_not_names.txt"))


@lru_cache(maxsize=100_000)
def is_known(word: str) -> bool:
    """Whether the dictionary holds a word."""
    return bool(rjieba.has_word(word))
