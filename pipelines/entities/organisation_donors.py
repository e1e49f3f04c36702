"""Donors without a form in their names, by what they do: 宇通客车捐出100万元, 上海通用拿出300万元."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from pipelines.entities.lexicon import HAN, WordSet, words
from pipelines.entities.person_names import titles
from pipelines.entities.person_signs import full_name
from pipelines.entities.segmentation import Words, is_known

MIN_DONOR: Final = 3  # characters
MAX_DONOR: Final = 10
_WORDS: Final = "organisation_words.toml"
_GIVES = re.compile(
    r"(?:向[^，,。；;、\n]{1,12})?(?:捐(?:赠|出|助|款|资|献)?|拿出|出资)了?(?:人民币|现金|善款|款物)?[0-9]"
)
_NAME = re.compile(rf"[{HAN}A-Za-z0-9·]+$")
# of people, and of organisations in general
_PEOPLE = re.compile("[人民者员生家们工户众友]$|群众|师生|党员|干部|职工|企业|公司|集团|单位|协会|学校")
_BRAND_TAGS: Final = frozenset(("ns", "nz", "nr", "nrt", "nt", "eng", "x"))


@cache
def _no_brand() -> WordSet:
    """Words that no brand holds: those that break names, titles, kinds of institution, pronouns."""
    lists = (*(words(_WORDS, key) for key in ("breakers", "organisation_nouns", "common_members")), titles())
    return WordSet((*"我你他她它这那各某每该", *(word for some in lists for word in some if len(word) > 1)))


def find_donors(text: str, cut: Words) -> Iterator[tuple[int, int]]:
    """The spans of names that begin a clause and give an amount; offsets in characters."""
    if "捐" not in text and "拿出" not in text:
        return
    for gift in _GIVES.finditer(text):
        found = _NAME.search(text, max(0, gift.start() - MAX_DONOR - 1), gift.start())
        if (
            found is not None
            and MIN_DONOR <= len(found.group()) <= MAX_DONOR
            and _is_brand(found.group(), cut, *found.span())
        ):
            yield found.span()


def _is_brand(name: str, cut: Words, start: int, end: int) -> bool:
    """Whether a name is neither a person's nor made of everyday words alone, nor a place."""
    first, last = cut.index.get(start), cut.index.get(end)
    if first is None or last is None:
        return False
    if last - first == 1 and is_known(name) and cut.tags[first] not in ("nt", "nz"):
        return False
    if full_name().fullmatch(name) or _PEOPLE.search(name) or _no_brand().search(name):
        return False
    tags = cut.tags[first:last]
    strange = any(
        tag in _BRAND_TAGS or not is_known(word)
        for word, tag in zip(cut.words[first:last], tags, strict=True)
    )
    return strange and not all(tag == "ns" for tag in tags)
