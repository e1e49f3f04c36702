"""What was read in one text, as rows: plain functions from entities to column values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from itertools import chain
from operator import attrgetter
from typing import Any, Final

from pipelines.models import FOUND, Entities, Place
from storage.identity import Key, Names
from storage.rows import Row, is_storable, storable

_CODE_LENGTHS = (2, 4, 6, 9, 12)
_WORDS: Final = {
    name: tuple(field.name for field in fields(kind) if field.type == "str") for name, kind in FOUND.items()
}
"""The lists of a reading, with what is text in their items."""
_SURFACE: Final = attrgetter("start", "end", "surface")


def storable_entities(found: Entities) -> Entities:
    """The same with U+FFFD for each character that a database refuses, which is hardly ever one."""
    parts: list[str] = []
    for name, words in _WORDS.items():
        for word in words:
            parts += map(attrgetter(word), getattr(found, name))
    if is_storable("".join(parts)):
        return found

    def cured(item: Any, words: tuple[str, ...]) -> Any:
        return replace(item, **{word: storable(getattr(item, word)) for word in words})

    return Entities(
        **{name: tuple(cured(item, words) for item in getattr(found, name)) for name, words in _WORDS.items()}
    )


def check_offsets(body: str, found: Entities) -> None:
    """Raises ValueError when something does not say what stands at its offsets."""
    surfaces = list(map(_SURFACE, chain(found.mentions, found.places, found.figures, found.times)))
    surfaces += [(role.start, role.end, role.role) for role in found.roles]
    for start, end, surface in surfaces:
        if body[start:end] != surface:
            raise ValueError(f"{surface!r} does not stand at {start} to {end}")


def role_rows(found: Entities, names: Names, ids: Mapping[Key, int], text: Row) -> list[Row]:
    """Roles, each once a person; `text` names the text, `ids` the entities."""
    rows: dict[tuple[int, int, int], Row] = {}
    for role in found.roles:
        person = ids[names.person(role.person)]
        organisation = ids[names.organisation(role.organisation)] if role.organisation else None
        rows.setdefault(
            (role.start, role.end, person),
            {
                **text,
                "start_offset": role.start,
                "end_offset": role.end,
                "person_id": person,
                "organisation_id": organisation,
                "person_offset": role.person_start,
                "rule": role.rule,
            },
        )
    return list(rows.values())


def place_rows(found: Entities, text: Row) -> list[Row]:
    """Places, each once."""
    rows = {
        (place.start, place.end): {
            **text,
            "start_offset": place.start,
            "end_offset": place.end,
            "name": place.name,
            "level": place.level,
            "division_code": place.code or place.within or None,
            "exact": bool(place.code),
            "confidence": place.confidence,
            "candidates": " ".join(place.candidates),
            "of_organisation": place.of_organisation,
        }
        for place in reversed(found.places)
    }
    return list(rows.values())[::-1]


def divisions(places: Iterable[Place]) -> dict[str, str]:
    """The names of all divisions that places are or lie in, by code."""
    named: dict[str, str] = {}
    for place in places:
        code = place.code or place.within
        path = place.path if place.code else place.path[:-1]
        if code and path:
            named |= _path(code, path)
    return named


def _path(code: str, path: tuple[str, ...]) -> dict[str, str]:
    """Names by code along a path, from which rows that nobody names (市辖区) are left out."""
    codes = [code[:length] for length in _CODE_LENGTHS if length <= len(code)]
    if len(path) == len(codes) - 1:
        del codes[1]
    elif len(path) != len(codes):
        return {codes[0]: path[0], code: path[-1]}
    return dict(zip(codes, path, strict=True))


def figure_rows(found: Entities, text: Row) -> list[Row]:
    """Figures, each once."""
    rows = {
        (figure.start, figure.end): {
            **text,
            "start_offset": figure.start,
            "end_offset": figure.end,
            "lower": None if figure.lower is None else float(figure.lower),
            "upper": None if figure.upper is None else float(figure.upper),
            "unit": figure.unit,
            "approximate": figure.approximate,
            "counted": figure.counted,
            "surface": figure.surface,
        }
        for figure in found.figures
    }
    return list(rows.values())


def time_rows(found: Entities, text: Row) -> list[Row]:
    """Times, each once."""
    rows = {
        (time.start, time.end): {
            **text,
            "start_offset": time.start,
            "end_offset": time.end,
            "begins": time.begins,
            "ends": time.ends,
            "precision": time.precision,
            "relative": time.relative,
        }
        for time in found.times
    }
    return list(rows.values())


def topic_rows(found: Entities, text: Row) -> list[Row]:
    """Topics, each once."""
    rows = {
        topic.name: {
            **text,
            "name": topic.name,
            "weight": topic.weight,
            "terms": storable("、".join(topic.terms)),
        }
        for topic in found.topics
    }
    return list(rows.values())
