"""The words of a text with their classes and places, as jieba's dictionary cuts it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import rjieba

_SURROGATE = re.compile("[\ud800-\udfff]")


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


def readable(text: str) -> str:
    """The text with a mark for each lone surrogate, which no Chinese word has: as long as the text."""
    return _SURROGATE.sub("\ufffd", text)


def segment(text: str) -> Words:
    """Cuts a text into words."""
    pairs = rjieba.tag(readable(text), True)
    words = [word for word, _ in pairs]
    starts = list(accumulate(map(len, words), initial=0))
    return Words(words, [tag for _, tag in pairs], starts, dict(zip(starts, range(len(starts)), strict=True)))


@lru_cache(maxsize=100_000)
def is_known(word: str) -> bool:
    """Whether the dictionary holds a word."""
    return bool(rjieba.has_word(word))
