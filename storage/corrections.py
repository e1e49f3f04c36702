"""What users know better: two entities that are one, one entity that is two.

A correction is kept by names, not by rows, and is applied whenever entities are
written, so it outlasts reading the texts again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, select, update

from pipelines.models import EntityKind
from pipelines.urls import canonical_url, url_id
from storage import models, search_index
from storage.bulk import insert_rows, upsert
from storage.errors import StoreError
from storage.identity import Key, entity_ids, settle
from storage.summaries import refresh_naming


def merge(connection: Connection, one: str, into: str, kind: EntityKind | None = None) -> tuple[Key, Key]:
    """Says that the entity `one` is the entity `into`; returns both keys.

    An entity is its name, or "#" and its id where several have that name; `kind`
    narrows the choice. Raises `StoreError` when there is no such entity, several,
    or both are one already.
    """
    first, second = find(connection, one, kind), find(connection, into, kind)
    if first.kind != second.kind:
        raise StoreError(f"{first.name} is a {first.kind} and {second.name} a {second.kind}")
    if _root(connection, second) == _root(connection, first):
        raise StoreError(f"{first.name} and {second.name} are one entity already")
    _note(connection, first, "", second)
    settle(connection, {first.name, second.name})
    return first, second


def split(connection: Connection, one: str, kind: EntityKind | None = None) -> Key:
    """Says that an entity stands for itself, whatever merged it; returns its key.

    Raises `StoreError` when there is no such entity, several, or it does so already.
    """
    key = find(connection, one, kind)
    if _root(connection, key) == key:
        raise StoreError(f"{key.name} is merged into nothing: name articles to split it by")
    _note(connection, key, "", key)
    settle(connection, {key.name})
    return key


def split_articles(
    connection: Connection, one: str, urls: Sequence[str], label: str, kind: EntityKind | None = None
) -> Key:
    """Says that in the articles at `urls` the entity is another of the same name; returns that one's key.

    `label` tells it from the first, as its scope. Raises `StoreError` when there is
    no such entity, several, or an article does not name it.
    """
    key = find(connection, one, kind)
    other = Key(key.kind, key.name, label)
    if other == key:
        raise StoreError(f"{key.name} has the label {label!r} already: choose another")
    changed: set[int] = set()
    for url in urls:
        texts = _texts(connection, url)
        moved = [_move(connection, text_id, key, other) for text_id, _ in texts]
        if not any(moved):
            raise StoreError(f"the article {url} does not name {key.name}")
        for text_id, digest in texts:
            _note(connection, key, digest, other)
            changed.add(text_id)
    settle(connection, {key.name})
    refresh_naming(connection, changed)
    search_index.update(connection, (), changed)
    return other


def find(connection: Connection, text: str, kind: EntityKind | None = None) -> Key:
    """The entity with a name, or an id behind "#". Raises `StoreError` when there is none, or several."""
    table = models.Entity
    query = select(table.id, table.kind, table.name, table.scope)
    if text.startswith("#"):
        if not text[1:].isdecimal():
            raise StoreError(f"{text} is no entity: give a name, or # and the id of the view entities")
        query = query.where(table.id == int(text[1:]))
    else:
        query = query.where(table.name == text)
    if kind is not None:
        query = query.where(table.kind == kind)
    rows = connection.execute(query.order_by(table.id)).all()
    if not rows:
        raise StoreError(
            f"no entity is named {text}" if text[:1] != "#" else f"no entity has the id {text[1:]}"
        )
    if len(rows) > 1:
        choice = ", ".join(
            f"#{row.id} ({row.kind}{f', {row.scope}' if row.scope else ''})" for row in rows[:8]
        )
        raise StoreError(f"{len(rows)} entities are named {text}: give one of {choice}")
    return Key(rows[0].kind, rows[0].name, rows[0].scope)


def _root(connection: Connection, key: Key) -> Key:
    table = models.Entity
    named = select(table.canonical_id).where(
        table.kind == key.kind, table.name == key.name, table.scope == key.scope
    )
    row = connection.execute(
        select(table.kind, table.name, table.scope).where(table.id == named.scalar_subquery())
    ).one_or_none()
    return Key(*row) if row else key


def _note(connection: Connection, key: Key, digest: str, into: Key) -> None:
    row = {
        **key._asdict(),
        "digest": digest,
        "into_name": into.name,
        "into_scope": into.scope,
        "made_at": datetime.now(UTC),
    }
    changed = ("into_name", "into_scope", "made_at")
    upsert(
        connection,
        models.Correction,
        [row],
        ["kind", "name", "scope", "digest"],
        lambda new: {name: new[name] for name in changed},
    )


# --- in one text ---


def _texts(connection: Connection, url: str) -> list[tuple[int, str]]:
    """The ids and digests of all that an article has said."""
    version, text = models.ArticleVersion, models.Text
    query = (
        select(text.id, text.digest)
        .join(version, version.text_id == text.id)
        .where(version.article_id == url_id(canonical_url(url)))
        .distinct()
    )
    texts = [(id_, digest) for id_, digest in connection.execute(query)]
    if not texts:
        raise StoreError(f"no article is stored from {url}")
    return texts


def _move(connection: Connection, text_id: int, key: Key, other: Key) -> bool:
    """Gives the mentions and roles of an entity in one text to another one; tells whether there were any."""
    alias, mention, role = models.Alias, models.Mention, models.Role
    own = entity_ids(connection, {key: ""})
    type_ = connection.execute(select(models.Entity.type).where(models.Entity.id == own[key])).scalar_one()
    ids = own | entity_ids(connection, {other: type_})
    query = (
        select(alias.id, alias.name, alias.defined)
        .where(alias.entity_id == ids[key])
        .where(alias.id.in_(select(mention.alias_id).where(mention.text_id == text_id)))
    )
    written = connection.execute(query).all()
    rows = [{"entity_id": ids[other], "name": row.name, "defined": row.defined} for row in written]
    insert_rows(connection, alias, rows, skip_held=True)
    for row in written:
        new = select(alias.id).where(alias.entity_id == ids[other], alias.name == row.name).scalar_subquery()
        connection.execute(
            update(mention).where(mention.text_id == text_id, mention.alias_id == row.id).values(alias_id=new)
        )
    found = bool(written)
    for column in (role.person_id, role.organisation_id):
        statement = update(role).where(role.text_id == text_id, column == ids[key])
        found |= connection.execute(statement.values({column.key: ids[other]})).rowcount > 0
    return found
