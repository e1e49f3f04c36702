"""The units of figures and the words around them, read once from `figure_words.toml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from pipelines.entities.lexicon import alternatives, toml_file
from pipelines.entities.numerals import NUMERAL

_FILE: Final = "figure_words.toml"

Lead = Literal["nearly", "about", "above", "least", "most", "exactly", ""]
"""What a word before a number or behind its unit does to the bounds."""


@dataclass(slots=True, frozen=True)
class Unit:
    """A unit: `not_before` and `only_before` look behind it, `after` before the number."""

    kind: str
    name: str
    times: Decimal
    digits: bool
    more: bool
    not_before: re.Pattern[str] | None
    only_before: re.Pattern[str] | None
    after: re.Pattern[str] | None


@dataclass(slots=True, frozen=True)
class Patterns:
    """What is looked for around a number."""

    number: re.Pattern[str]
    unit: re.Pattern[str]
    leads: re.Pattern[str]
    lead_of: dict[str, Lead]
    not_lead: tuple[str, ...]
    after: re.Pattern[str]
    after_of: dict[str, Lead]
    between: re.Pattern[str]
    idiom: re.Pattern[str]
    noun: re.Pattern[str]
    noun_end: re.Pattern[str]
    noun_before: re.Pattern[str]


@cache
def units() -> dict[str, tuple[Unit, ...]]:
    """All units by their words; one word may have several, tried in order."""
    found: dict[str, tuple[Unit, ...]] = {}
    for entry in toml_file(_FILE)["unit"]:
        around = {
            name: re.compile(entry[name]) if name in entry else None for name in ("not_before", "only_before")
        }
        after = re.compile(f"(?:{entry['after']})$") if "after" in entry else None
        for word in entry["words"].split():
            unit = Unit(
                entry["kind"],
                entry.get("unit", word),
                Decimal(entry.get("times", "1")),
                bool(entry.get("digits")),
                bool(entry.get("more")),
                around["not_before"],
                around["only_before"],
                after,
            )
            found[word] = (*found.get(word, ()), unit)
    return found


def _words(key: str) -> list[str]:
    return str(toml_file(_FILE)["words"][key]).split()


@cache
def patterns() -> Patterns:
    """The regular expressions made from the words."""
    leads: tuple[Lead, ...] = ("nearly", "about", "above", "least", "most", "exactly")
    lead_of = {word: lead for lead in leads for word in _words(lead)}
    afters: tuple[Lead, ...] = ("above", "about", "least", "most")
    after_of = {word: lead for lead in afters for word in _words(f"{lead}_after")}
    # read backwards: the longest lead that ends where the number begins
    backwards = alternatives(word[::-1] for word in lead_of)
    return Patterns(
        number=re.compile(f"{NUMERAL}|半数?"),
        unit=re.compile(alternatives(units())),
        leads=re.compile(backwards),
        lead_of=lead_of,
        not_lead=tuple(_words("not_lead")),
        after=re.compile(f"[ ]?({alternatives(after_of)})"),
        after_of=after_of,
        between=re.compile(f" ?(?:{alternatives(_words('between'))}) ?"),
        idiom=re.compile(alternatives(_words("idioms"))),
        noun=re.compile(alternatives(_words("nouns"))),
        noun_end=re.compile(f"{alternatives(_words('nouns'))}|(?P<ends>{alternatives(_words('noun_ends'))})"),
        noun_before=re.compile(
            f"(?:{alternatives(_words('nouns'))})(?:人数|数量|总数|数)?[已共约有近达到超过逾了仅为计]{{0,4}}$"
        ),
    )


# looking for these first is several times quicker; 一 is mostly a part of a word
TRADITIONAL: Final = str.maketrans(
    "萬億個兩餘數圓隻輛場項條戶處隊歲點幾顆篇冊雙層種類員間畝頓噸裏週過約達這來從麼對雞單筆張門類課",
    "万亿个两余数圆只辆场项条户处队岁点几颗篇册双层种类员间亩顿吨里周过约达这来从么对鸡单笔张门类课",
)
"""Traditional forms of what figures are written with; one character for one, so offsets stay."""

BEGINNING = re.compile(
    "[0-9０-９零〇二两三四五六七八九十百千万亿几数半]"
    "|一(?=[零〇一二两三四五六七八九十百千万亿点成倍半元公平个家小多余吨亩年]|[名位人](?<=[仅只共有]一[名位人]))"
)
