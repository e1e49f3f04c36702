"""Ends of full names that stand alone: without their place (斗水小学), or the form by itself (红十字会)."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from pipelines.entities.lexicon import HAN, words
from pipelines.entities.organisation_names import parse_name
from pipelines.entities.segmentation import is_known
from pipelines.entities.short_name_reading import (
    MIN_CUT,
    MIN_SHORT,
    NOT_SHORT,
    Reading,
    breaks_word,
    final_name,
    places_of,
)

_WORDS: Final = "organisation_words.toml"
# 各红十字会, 两市工商联
_SEVERAL = re.compile("(?:[各级该本我]|[两三各多][省市县区地])$")
_DIVISIONS = re.compile(f"[{HAN}]+?(?:[省市县区镇乡村]|街道|社区|$)")
# classes of words before a name that is not a part of it: verbs, prepositions, marks, particles
_BEFORE_NAMES: Final = frozenset(("v", "vn", "vd", "d", "p", "c", "x", "r", "uj", "ul", "f", "t", "u"))


def add_tails(reading: Reading, blocked: bytearray) -> None:
    """斗水小学 of 中关镇斗水小学: what stands behind the place, where it is a name by itself."""
    tails: defaultdict[str, set[str]] = defaultdict(set)
    for mention in {m.surface: m for m in reading.mentions}.values():
        parts = parse_name(mention.surface)
        if not parts.place:
            continue
        tail = mention.surface[len(parts.place) :]
        if len(parts.proper) >= MIN_SHORT and parts.form and len(tail) >= MIN_CUT:
            tails[tail].add(mention.name)
        elif not parts.proper and mention.type in ("学校", "医疗"):
            # 恩施市板桥镇|大木村小学: called after the last of the places
            *_, last = _DIVISIONS.finditer(parts.place)
            tails[mention.surface[last.start() :]].add(mention.name)
    kinds = {m.surface: m.type for m in reading.mentions}
    for tail, names in tails.items():
        if len(names) > 1 or tail in names or tail in reading.meant or is_known(tail):
            continue
        if not _is_proper(tail) and not parse_name(tail).place:
            continue
        (name,) = names
        for start in places_of(reading.text, tail):
            end = start + len(tail)
            if not _begins(reading, start) or any(blocked[start:end]) or any(reading.taken[start:end]):
                continue
            reading.add(start, end, name, kinds.get(name, ""), "organisation.short")
            blocked[start:end] = b"\x01" * (end - start)
            reading.meant[tail] = {name}
            reading.rules.setdefault(tail, "alias.shortened")


def _begins(reading: Reading, start: int) -> bool:
    """Whether a name may begin here: a word does, and what stands before it is no part of a name."""
    number = reading.cut.index.get(start)
    if number is None:
        return breaks_word(reading.cut, start)
    return number == 0 or reading.cut.tags[number - 1] in _BEFORE_NAMES


def _is_proper(tail: str) -> bool:
    """Whether a name without its place has a proper name of its own, not an everyday word (中心小学)."""
    proper = parse_name(tail).proper
    return len(proper) >= MIN_SHORT and not NOT_SHORT.match(proper)


def add_bare_forms(reading: Reading, blocked: bytearray) -> None:
    """红十字会 alone, where the text names one organisation that ends so."""
    for bare in words(_WORDS, "bare_forms"):
        if bare not in reading.text:
            continue
        full = {m.name for m in reading.mentions if m.surface.endswith(bare) and len(m.surface) > len(bare)}
        full = {
            final_name({s: next(iter(n)) for s, n in reading.meant.items() if len(n) == 1}, name)
            for name in full
        }
        if len(full) != 1:
            continue
        name = next(iter(full))
        kind = next((m.type for m in reading.mentions if m.surface == name), "")
        for start in places_of(reading.text, bare):
            end = start + len(bare)
            if (
                any(blocked[start:end])
                or any(reading.taken[start:end])
                or reading.text[end : end + 1] in ("员", "法")
            ):
                continue
            if _SEVERAL.search(reading.text, max(0, start - 2), start):
                continue
            reading.add(start, end, name, kind, "organisation.short")
            reading.meant[bare].add(name)
            reading.rules.setdefault(bare, "alias.shortened")
