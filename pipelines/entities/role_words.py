"""The words that say what somebody is, as patterns: offices, chains of offices, and what they refer to."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pipelines.entities.lexicon import HAN, WordSet, alternatives, words

_WORDS: Final = "person_words.toml"
_ROLE_MARKS: Final = frozenset(" \u3000：:“")
BREAK = re.compile(r"[，,。；;！!？?\n：:“”（）()]")
BETWEEN_NAMES = re.compile(r"\s*(?:、|和|与|及|以及|,|，| |\u3000)\s*")
_COUNT = r"(?:的|之)?(?:一名|一位|名|位|首任|新任|[^，,。；;、\n]{0,8}的)?"


@cache
def _heads() -> str:
    return alternatives(words(_WORDS, "roles"))


@cache
def _modifiers() -> str:
    return alternatives(words(_WORDS, "role_modifiers"))


@cache
def _office() -> str:
    """An office with what stands before its last word (常务副|会长)."""
    return rf"(?:{_modifiers()})*(?:{_heads()})"


@cache
def head_words() -> WordSet:
    """The words that offices end with."""
    return WordSet(words(_WORDS, "roles"))


def has_head(text: str, stop: int) -> bool:
    """Whether a role ends here or two marks before, which is looked up before its chain is read."""
    for _ in range(2):
        if text[stop - 1 : stop] in _ROLE_MARKS:
            stop -= 1
    return head_words().ends_at(text, stop) >= 0


@cache
def role_end() -> re.Pattern[str]:
    """A chain of offices that ends where the name begins: 党组成员、副局长, 理事长兼秘书长."""
    return re.compile(rf"(?:{_office()}(?:[、兼和/ ]|暨)+){{0,4}}{_office()}[ \u3000：:“]{{0,2}}$")


@cache
def ends_in_head() -> re.Pattern[str]:
    """An office's last word at the end, of the list or of a form like those (网格员)."""
    return re.compile(rf"(?:{_heads()}|[{HAN}]{{1,3}}[长员师官])[ \u3000：:“]{{0,2}}$")


@cache
def role_start() -> re.Pattern[str]:
    """An office that begins at once, with others in personal union (院长兼党支部书记)."""
    return re.compile(rf"{_office()}(?:兼{_office()}){{0,3}}")


@cache
def counted_role() -> re.Pattern[str]:
    """Offices behind an organisation, counted or described (的一名社工); the group holds their words."""
    return re.compile(
        rf"{_COUNT}([^，,。；;、：:（）()\n]{{0,12}}?(?:{_heads()})(?!会(?![议场]))"
        rf"(?:[、兼]{_office()})*)"
    )


@cache
def reference_before_office() -> re.Pattern[str]:
    """An organisation that is referred to by its form, right before an office (该中心|主任)."""
    words_ = alternatives([*words(_WORDS, "referred_forms"), *words(_WORDS, "referred_forms_before_offices")])
    short = "".join(words(_WORDS, "referred_characters"))
    return re.compile(rf"(?:该|本|我|这家|这个)?({words_}|(?<=[该我本])[{short}])$")


@cache
def reference_before_part() -> re.Pattern[str]:
    """One that a part of it stands behind (该院|儿童福利研究中心主任)."""
    forms, short = (
        alternatives(words(_WORDS, "referred_forms")),
        "".join(words(_WORDS, "referred_characters")),
    )
    return re.compile(rf"[该本我]({forms}|[{short}])(?=[{HAN}]{{2,}})(?!.*[，,。；;！!？?\n：:（(])")


@cache
def roles_of_anybody() -> frozenset[str]:
    """Roles that need no organisation (村民, 志愿者): none is guessed for them."""
    return frozenset(words(_WORDS, "roles_of_anybody"))
