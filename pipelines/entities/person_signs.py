"""What stands around names and says that they are some: titles, verbs of speech, marks."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pipelines.entities.lexicon import HAN, WordSet, alternatives, surnames, words

_WORDS: Final = "person_words.toml"
Span = tuple[int, int]
FUNCTION: Final = frozenset("的了在是和与说称对将被向从也都等为让把而又于、就之及等人名位")
NAME_TAGS: Final = frozenset(("nr", "nrt", "nrfg", "x", "nz", "ns"))
SPACE: Final = re.compile(r"[ \u3000\u00a0]+")


@cache
def common_words() -> re.Pattern[str]:
    """Everyday words that begin with a family name's character: no name begins with one."""
    return re.compile(alternatives(words(_WORDS, "common_words")))


@cache
def address() -> re.Pattern[str]:
    """Forms of address that stand for a given name (女士, 老师)."""
    return re.compile(alternatives(words(_WORDS, "not_names")))


def is_a_name(name: str) -> bool:
    """Whether a stretch is neither an everyday word nor a family name with an address."""
    return not common_words().match(name) and not address().search(name, 1)


@cache
def title_words() -> WordSet:
    """Titles and roles, in running text and in bylines."""
    return WordSet((*words(_WORDS, "roles"), *words(_WORDS, "byline_roles")))


def titled(text: str, start: int) -> bool:
    """Whether a title stands right before `start`, or with a mark between."""
    end = start - 1 if text[start - 1 : start] in (" ", "\u3000", ":", "：", "“") else start
    return title_words().ends_at(text, end) >= 0


def is_called(text: str, end: int) -> bool:
    """Whether a title by which people are called follows a name (何青松|博士)."""
    title = title_words().match(text, end)
    return title > end + 1 and text[end:title] in words(_WORDS, "addresses")


@cache
def _says() -> WordSet:
    return WordSet(words(_WORDS, "says"))


def speaks(text: str, end: int) -> bool:
    """Whether a verb of speech follows at once (班主任|向国庆|告诉)."""
    return _says().match(text, end) > end + 1 or text[end : end + 1] == "说"


@cache
def closed() -> re.Pattern[str]:
    """What stands behind a name: a mark, the end, or a verb that follows names."""
    return re.compile(
        rf"[、，,。：:；;（(\s”]|$|{alternatives([*words(_WORDS, 'says'), *words(_WORDS, 'verbs_after')])}|等"
    )


@cache
def verbs_after() -> frozenset[str]:
    """Verbs that follow names, which a name must not take the first character of (孙月|来自)."""
    return frozenset(words(_WORDS, "verbs_after"))


@cache
def everyday_words() -> frozenset[str]:
    """Everyday words that look like names and that the dictionary doesn't have as words."""
    return frozenset(words(_WORDS, "everyday"))


@cache
def _name_pattern() -> str:
    single, compound = surnames()
    one = "".join(sorted(single))
    return (
        rf"(?:[{HAN}]{{1,6}}(?:[·•・][{HAN}]{{1,8}}){{1,3}}"
        rf"|(?:{alternatives(compound)})[{HAN}]{{1,2}}|[{one}][{HAN}]{{1,2}})"
    )


@cache
def full_name() -> re.Pattern[str]:
    """A full name by its characters: Chinese, compound or dotted."""
    return re.compile(_name_pattern())
