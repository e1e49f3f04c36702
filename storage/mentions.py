"""Texts and the entities named in them; a text is stored once and read once, whoever publishes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select, update

from pipelines.models import Mention
from storage import models
from storage.bulk import among, insert_rows
from storage.rows import storable


@dataclass(slots=True)
class ReadText:
    """A text to store; `mentions` is None when nobody has read it yet."""

    body: str
    mentions: list[Mention] | None = field(default=None)


def store_texts(
    connection: Connection, texts: Mapping[str, ReadText], code_id: int
) -> tuple[dict[str, int], set[int]]:
    """Stores texts by digest, with their mentions unless the store has them.

    Returns ids by digest, and the ids of texts that were stored before and have got their mentions now.
    Raises ValueError when a mention does not say what stands at its offsets.
    """
    held = _held(connection, texts)
    before = {id_ for id_, _ in held.values()}
    missing = [digest for digest in texts if digest not in held]
    if missing:
        rows = [{"digest": d, "body": texts[d].body, "entities_code_id": None} for d in missing]
        insert_rows(connection, models.Text, rows)
        held |= _held(connection, missing)
    unread = {
        id_: text
        for digest, (id_, code) in held.items()
        if code is None and (text := texts[digest]).mentions is not None
    }
    _store_mentions(connection, unread)
    if unread:
        read = update(models.Text).where(among(connection, models.Text.id, unread))
        connection.execute(read.values(entities_code_id=code_id))
    return {digest: id_ for digest, (id_, _) in held.items()}, before & unread.keys()


def _held(connection: Connection, digests: Iterable[str]) -> dict[str, tuple[int, int | None]]:
    table = models.Text
    query = select(table.digest, table.id, table.entities_code_id).where(
        among(connection, table.digest, digests)
    )
    return {digest: (id_, code) for digest, id_, code in connection.execute(query)}


def _store_mentions(connection: Connection, texts: Mapping[int, ReadText]) -> None:
    found = [
        (id_, mention, storable(mention.surface), storable(mention.name))
        for id_, text in texts.items()
        for mention in text.mentions or ()
    ]
    for id_, mention, surface, _ in found:
        if texts[id_].body[mention.start : mention.end] != surface:
            raise ValueError(f"mention {surface!r} does not stand at {mention.start} to {mention.end}")
    entities = _entities(connection, {(mention.kind, name) for _, mention, _, name in found})
    aliases = _aliases(
        connection, {(entities[mention.kind, name], surface) for _, mention, surface, name in found}
    )
    rows: dict[tuple[int, int, int, int], str] = {}
    for id_, mention, surface, name in found:
        alias = aliases[entities[mention.kind, name], surface]
        # two rules may find the same: the first stands
        rows.setdefault((id_, mention.start, mention.end, alias), mention.rule)
    columns = ("text_id", "start_offset", "end_offset", "alias_id", "rule")
    insert_rows(
        connection,
        models.Mention,
        [dict(zip(columns, (*key, rule), strict=True)) for key, rule in rows.items()],
    )


def _entities(connection: Connection, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    table = models.Entity
    return _ids(connection, table, ("kind", "name"), table.name, wanted)


def _aliases(connection: Connection, wanted: set[tuple[int, str]]) -> dict[tuple[int, str], int]:
    table = models.Alias
    return _ids(connection, table, ("entity_id", "name"), table.name, wanted)


def _ids(
    connection: Connection, table: Any, key: tuple[str, str], searched: Any, wanted: set[Any]
) -> dict[Any, int]:
    """Ids by natural key, of rows that are made where they are missing."""
    columns = [getattr(table, name) for name in key]

    def held(keys: set[Any]) -> dict[Any, int]:
        query = select(table.id, *columns).where(among(connection, searched, {name for _, name in keys}))
        return {
            (first, second): id_
            for id_, first, second in connection.execute(query)
            if (first, second) in keys
        }

    found = held(wanted)
    missing = wanted - set(found)
    if missing:
        rows = [dict(zip(key, values, strict=True)) for values in sorted(missing)]
        insert_rows(connection, table, rows, skip_held=True)
        found |= held(missing)
    return found
