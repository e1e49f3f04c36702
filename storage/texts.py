"""Texts and what was read in them; a text is stored once and read once, whoever publishes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select, update

from pipelines.models import Entities
from storage import models
from storage.bulk import insert_rows, one_of
from storage.identity import Key, Names, entity_ids, read_splits, settle
from storage.readings import (
    check_offsets,
    divisions,
    figure_rows,
    place_rows,
    role_rows,
    storable_entities,
    time_rows,
    topic_rows,
)
from storage.rows import Row
from storage.summaries import refresh_naming

_READ_IN_TEXTS = (
    models.Mention,
    models.Role,
    models.Place,
    models.Figure,
    models.TimeSpan,
    models.Topic,
)
_A, _T = models.Alias, models.Text
_HELD: Final = select(_T.digest, _T.id, _T.entities_code_id).where(one_of(_T.digest, "digests"))
_NOTE_READ: Final = update(_T).where(one_of(_T.id, "ids")).values(entities_code_id=bindparam("code"))
_FORGET: Final = [delete(table).where(one_of(table.text_id, "ids")) for table in _READ_IN_TEXTS]
_ALIASES: Final = select(_A.id, _A.entity_id, _A.name, _A.defined).where(one_of(_A.entity_id, "entities"))
_DEFINE: Final = update(_A).where(one_of(_A.id, "ids")).values(defined=True)


@dataclass(slots=True)
class ReadText:
    """A text to store; `entities` is None when nobody has read it."""

    body: str
    entities: Entities | None = field(default=None)


@dataclass(slots=True)
class _Read:
    """A text that was read, with the keys of what it names; `keys` has one for each mention, in order."""

    id: int
    found: Entities
    names: Names
    keys: list[Key] = field(init=False)

    def __post_init__(self) -> None:
        self.keys = [self.names.of_mention(mention) for mention in self.found.mentions]


def store_texts(
    connection: Connection, texts: Mapping[str, ReadText], code_id: int
) -> tuple[dict[str, int], set[int]]:
    """Stores texts by digest, with what was read in them.

    Returns ids by digest, and the ids of texts that were held before and have
    been read now. What another version of the program read in a text is replaced. Raises
    ValueError when something does not say what stands at its offsets.
    """
    held = _held(connection, texts)
    missing = [digest for digest in texts if digest not in held]
    if missing:
        rows = [{"digest": d, "body": texts[d].body, "entities_code_id": None} for d in missing]
        insert_rows(connection, models.Text, rows)
        held |= _held(connection, missing)
    read = {
        digest: storable_entities(found)
        for digest, (_, code) in held.items()
        if code != code_id and (found := texts[digest].entities) is not None
    }
    read_now = {held[digest][0] for digest in read}
    if read:
        splits = read_splits(connection, read)
        for digest, found in read.items():
            check_offsets(texts[digest].body, found)
        _forget(connection, [held[digest][0] for digest in read if digest not in missing])
        _store(
            connection,
            [_Read(held[digest][0], found, Names(found, digest, splits)) for digest, found in read.items()],
        )
        connection.execute(_NOTE_READ, {"ids": read_now, "code": code_id})
    ids = {digest: id_ for digest, (id_, _) in held.items()}
    return ids, read_now - {ids[digest] for digest in missing}


def _held(connection: Connection, digests: Collection[str]) -> dict[str, tuple[int, int | None]]:
    rows = connection.execute(_HELD, {"digests": digests}).all()
    return {digest: (id_, code) for digest, id_, code in rows}


def _forget(connection: Connection, ids: list[int]) -> None:
    if ids:
        for statement in _FORGET:
            connection.execute(statement, {"ids": ids})


def _store(connection: Connection, texts: list[_Read]) -> None:
    ids = entity_ids(connection, _entities(texts))
    aliases, new_short_names = _aliases(connection, *_written_forms(texts, ids))
    insert_rows(connection, models.Mention, _mention_rows(texts, ids, aliases))
    named = divisions(place for text in texts for place in text.found.places)
    rows: list[Row] = [{"code": code, "name": name} for code, name in sorted(named.items())]
    insert_rows(connection, models.Division, rows, skip_held=True)
    for table, rows in (
        (models.Role, [row for t in texts for row in role_rows(t.found, t.names, ids, _of(t))]),
        (models.Place, [row for t in texts for row in place_rows(t.found, _of(t))]),
        (models.Figure, [row for t in texts for row in figure_rows(t.found, _of(t))]),
        (models.TimeSpan, [row for t in texts for row in time_rows(t.found, _of(t))]),
        (models.Topic, [row for t in texts for row in topic_rows(t.found, _of(t))]),
    ):
        insert_rows(connection, table, rows)
    settle(connection, {key.name for key in ids if key.kind != "place"} | new_short_names)
    refresh_naming(connection, [text.id for text in texts])


def _of(text: _Read) -> Row:
    return {"text_id": text.id}


def _entities(texts: list[_Read]) -> dict[Key, str]:
    """All entities that texts name, with the class of each organisation where one says it."""
    wanted: dict[Key, str] = {}
    for text in texts:
        for mention, key in zip(text.found.mentions, text.keys, strict=True):
            wanted[key] = wanted.get(key) or mention.type
        for role in text.found.roles:
            wanted.setdefault(text.names.person(role.person), "")
            if role.organisation:
                wanted.setdefault(text.names.organisation(role.organisation), "")
        for alias in text.found.aliases:
            wanted.setdefault(text.names.organisation(alias.full), "")
    return wanted


def _written_forms(
    texts: list[_Read], ids: Mapping[Key, int]
) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    """Entities with the forms in which texts write them, and those that a text defines as short names."""
    written, defined = set(), set()
    for text in texts:
        for mention, key in zip(text.found.mentions, text.keys, strict=True):
            written.add((ids[key], mention.surface))
        for alias in text.found.aliases:
            if alias.in_this_text_only:
                continue
            defined.add((ids[text.names.organisation(alias.full)], alias.short))
    return written | defined, defined


def _aliases(
    connection: Connection, wanted: set[tuple[int, str]], defined: set[tuple[int, str]]
) -> tuple[dict[tuple[int, str], int], set[str]]:
    """Ids of aliases, made where they are missing, and the short names that were not known before."""

    def held(pairs: set[tuple[int, str]]) -> dict[tuple[int, str], tuple[int, bool]]:
        rows = connection.execute(_ALIASES, {"entities": {entity for entity, _ in pairs}}).all()
        return {
            pair: (id_, is_defined)
            for id_, entity, name, is_defined in rows
            if (pair := (entity, name)) in pairs
        }

    found = held(wanted)
    missing = wanted - set(found)
    if missing:
        rows = [
            {"entity_id": entity, "name": name, "defined": (entity, name) in defined}
            for entity, name in sorted(missing)
        ]
        insert_rows(connection, models.Alias, rows, skip_held=True)
    newly = {pair: id_ for pair, (id_, is_defined) in found.items() if pair in defined and not is_defined}
    if newly:
        connection.execute(_DEFINE, {"ids": newly.values()})
    found |= held(missing) if missing else {}
    names = {name for _, name in (missing & defined) | set(newly)}
    return {pair: id_ for pair, (id_, _) in found.items()}, names


def _mention_rows(
    texts: list[_Read], ids: Mapping[Key, int], aliases: Mapping[tuple[int, str], int]
) -> list[dict[str, Any]]:
    rows: dict[tuple[int, int, int, int], str] = {}
    for text in texts:
        for mention, key in zip(text.found.mentions, text.keys, strict=True):
            alias = aliases[ids[key], mention.surface]
            # two rules may find the same: the first stands
            rows.setdefault((text.id, mention.start, mention.end, alias), mention.rule)
    columns = ("text_id", "start_offset", "end_offset", "alias_id", "rule")
    return [dict(zip(columns, (*where, rule), strict=True)) for where, rule in rows.items()]
