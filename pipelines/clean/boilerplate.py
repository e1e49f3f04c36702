"""Which paragraphs are boilerplate: found by the rules of `boilerplate.toml`.

A rule about the end of a text looks at the paragraphs behind the article's last
own one and at nothing else, so a paragraph in the middle that speaks about
copyright stays. A text that would be nothing but boilerplate is left alone: the
notice is then what the page is about.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from pipelines.models import Boilerplate

Where = Literal["anywhere", "start", "end", "suffix"]

DEFAULT_MAX_LENGTH: Final = 80
# how many suffixes may follow one another: （来源：……）（责任编辑：……）
MAX_SUFFIXES: Final = 4


@dataclass(slots=True, frozen=True)
class Rule:
    """One rule; see the head of `boilerplate.toml` for what its fields mean."""

    kind: str
    where: Where
    pattern: re.Pattern[str]
    max_length: int
    following: re.Pattern[str] | None = None
    requires: re.Pattern[str] | None = None

    def matches(self, paragraph: str) -> bool:
        """Whether the whole of `paragraph` is this rule's boilerplate."""
        if len(paragraph) > self.max_length or not self.pattern.fullmatch(paragraph):
            return False
        return self.requires is None or bool(self.requires.search(paragraph))


@cache
def rules(where: Where) -> tuple[Rule, ...]:
    """The bundled rules of one place, in the order of the file."""
    table = tomllib.loads(files("pipelines.clean").joinpath("boilerplate.toml").read_text("utf-8"))
    return tuple(_rule(entry, where) for entry in table["rule"] if entry["where"] == where)


def _rule(entry: dict[str, str | int], where: Where) -> Rule:
    def compiled(key: str) -> re.Pattern[str] | None:
        return re.compile(str(entry[key])) if key in entry else None

    pattern = str(entry["pattern"])
    return Rule(
        kind=str(entry["kind"]),
        where=where,
        pattern=re.compile(f"(?:{pattern})$" if where == "suffix" else pattern),
        max_length=int(entry.get("max_length", DEFAULT_MAX_LENGTH)),
        following=compiled("following"),
        requires=compiled("requires"),
    )


def set_aside(paragraphs: Sequence[str]) -> tuple[list[str], list[Boilerplate]]:
    """Parts normalised `paragraphs` into the article's own and boilerplate, both in their order."""
    own, found = _aside_once(paragraphs)
    # a cut suffix can bring another paragraph to the end
    while len(own) < len(paragraphs) or own[-1:] != list(paragraphs[-1:]):
        paragraphs = own
        own, more = _aside_once(paragraphs)
        found = more + found
    return own, found


def _aside_once(paragraphs: Sequence[str]) -> tuple[list[str], list[Boilerplate]]:
    kinds: list[str | None] = [_kind(paragraph, "anywhere") for paragraph in paragraphs]
    _mark_start(paragraphs, kinds)
    _mark_end(paragraphs, kinds)
    own = [p for p, kind in zip(paragraphs, kinds, strict=True) if kind is None]
    if not own:
        return list(paragraphs), []
    found = [Boilerplate(kind, p) for p, kind in zip(paragraphs, kinds, strict=True) if kind is not None]
    own[-1], suffixes = _cut_suffixes(own[-1])
    return own, found + suffixes


def _kind(paragraph: str, where: Where) -> str | None:
    return next((rule.kind for rule in rules(where) if rule.matches(paragraph)), None)


def _mark_start(paragraphs: Sequence[str], kinds: list[str | None]) -> None:
    for index, paragraph in enumerate(paragraphs):
        kinds[index] = kinds[index] or _kind(paragraph, "start")
        if kinds[index] is None:
            return


def _mark_end(paragraphs: Sequence[str], kinds: list[str | None]) -> None:
    """Walks up from the last paragraph; those that need a heading above them wait until it comes."""
    waiting: list[int] = []
    for index in range(len(paragraphs) - 1, -1, -1):
        paragraph = paragraphs[index]
        rule = next((r for r in rules("end") if r.matches(paragraph)), None)
        if rule is not None and all(_follows(rule, paragraphs[i]) for i in waiting):
            for found in (index, *waiting):
                kinds[found] = kinds[found] or rule.kind
            waiting.clear()
        elif rule is not None or kinds[index] is None:
            if not _could_follow(paragraph):
                return
            waiting.append(index)


def _follows(rule: Rule, paragraph: str) -> bool:
    return rule.following is not None and bool(rule.following.fullmatch(paragraph))


def _could_follow(paragraph: str) -> bool:
    return any(_follows(rule, paragraph) for rule in rules("end"))


def _cut_suffixes(paragraph: str) -> tuple[str, list[Boilerplate]]:
    found: list[Boilerplate] = []
    for _ in range(MAX_SUFFIXES):
        cut = _suffix(paragraph)
        if cut is None:
            break
        kind, start = cut
        found.insert(0, Boilerplate(kind, paragraph[start:].strip()))
        paragraph = paragraph[:start].rstrip()
    return paragraph, found


def _suffix(paragraph: str) -> tuple[str, int] | None:
    """The kind of the boilerplate that `paragraph` ends with, and where it starts; never all of it."""
    for rule in rules("suffix"):
        found = rule.pattern.search(paragraph, max(0, len(paragraph) - rule.max_length))
        if found and paragraph[: found.start()].strip():
            return rule.kind, found.start()
    return None
