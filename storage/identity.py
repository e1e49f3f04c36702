"""Which mentions are of one entity.

Within a text, the reading decides: a mention has the entity's full name. Across
texts an organisation is its full name; a person is the name and the
organisation of the role, since names alone are shared by many; a place is its
name and division. What only its text can tell (a person without an
organisation, 市民政局) is an entity of that text alone, until somebody merges it.

`entity.canonical_id` then says which rows are one, and is derived anew whenever
something new is known of a name, so that it does not depend on the order in
which texts came: a correction wins; a name that texts define as the short name
of exactly one organisation is that one, and of two it is neither; people of one
name are one when their organisations are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, exists, or_, select, update
from sqlalchemy.orm import aliased

from pipelines.models import Entities, Mention
from storage import models
from storage.bulk import among, insert_rows
from storage.rows import storable

TEXT_SCOPE: Final = "text:"
"""Begins the scope of an entity that only one text knows; the text's digest follows."""

# a department of whichever city, a reference: the same words mean others elsewhere; not 镇江, 市场监管总局
_RELATIVE: Final = re.compile(
    "省(?!级)|市(?!场|北区|南区|中区)|区(?!块|域)|县(?!级)|州|镇(?!江|平|远|雄|康|安|巴|坪|赉|沅|宁|原|海)"
    "|乡(?!村|宁|城)|村|旗|盟|本(?!田|溪)|[我该此]|街道|社区(?!发展|服务|基金)|中心(?!城)"
)


class Key(NamedTuple):
    """What makes an entity one row."""

    kind: str
    name: str
    scope: str


Splits = Mapping[tuple[str, str, str, str], Key]
"""Corrections of single texts: kind, name, scope and digest to the entity that is meant there."""


def is_relative(name: str) -> bool:
    """Whether an organisation's name says which one it is only in its own text: 市民政局, 该中心."""
    return _RELATIVE.match(name) is not None


class Names:
    """The keys of all that one text names."""

    def __init__(self, found: Entities, digest: str, splits: Splits) -> None:
        self._text = TEXT_SCOPE + digest
        self._digest = digest
        self._splits = splits
        self._employers: dict[str, str] = {}
        for role in found.roles:
            if role.organisation:
                self._employers.setdefault(role.person, role.organisation)
        self._places = {(place.start, place.end): place.code or place.within for place in found.places}

    def of_mention(self, mention: Mention) -> Key:
        """The entity that a mention names."""
        if mention.kind == "organisation":
            return self.organisation(mention.name)
        if mention.kind == "person":
            return self.person(mention.name)
        return self._key("place", mention.name, self._places.get((mention.start, mention.end), ""))

    def organisation(self, name: str) -> Key:
        """An organisation by its full form in this text."""
        return self._key("organisation", name, self._text if is_relative(name) else "")

    def person(self, name: str) -> Key:
        """A person: of the organisation of the first role that names one, else of this text."""
        employer = self._employers.get(name, "")
        known = employer and not is_relative(employer)
        return self._key("person", name, employer if known else self._text)

    def _key(self, kind: str, name: str, scope: str) -> Key:
        key = Key(kind, storable(name), storable(scope))
        return self._splits.get((*key, self._digest), key)


def read_splits(connection: Connection, digests: Iterable[str]) -> Splits:
    """The corrections that hold for single texts."""
    table = models.Correction
    rows = connection.execute(select(table).where(among(connection, table.digest, digests))).all()
    return {
        (row.kind, row.name, row.scope, row.digest): Key(row.kind, row.into_name, row.into_scope)
        for row in rows
    }


# --- rows ---


def entity_ids(connection: Connection, wanted: Mapping[Key, str]) -> dict[Key, int]:
    """Ids of entities by key, made where they are missing; the values are classes of organisations, or ""."""
    held = _held(connection, wanted)
    missing = sorted(set(wanted) - set(held))
    rows = [{**key._asdict(), "type": wanted[key], "canonical_id": None} for key in missing]
    insert_rows(connection, models.Entity, rows, skip_held=True)
    typed = [
        {"which": id_, "class": wanted[key]}
        for key, (id_, type_) in held.items()
        if wanted[key] and not type_
    ]
    if typed:
        # the first class that is read of an organisation stays, as rules for it change less than texts do
        statement = update(models.Entity).where(models.Entity.id == bindparam("which"))
        connection.execute(statement.values(type=bindparam("class")), typed)
    held |= _held(connection, missing)
    return {key: id_ for key, (id_, _) in held.items()}


def _held(connection: Connection, keys: Collection[Key]) -> dict[Key, tuple[int, str]]:
    if not keys:
        return {}
    table = models.Entity
    query = select(table.kind, table.name, table.scope, table.id, table.type).where(
        among(connection, table.name, {key.name for key in keys}),
        # many texts have an entity of one name that only they know
        among(connection, table.scope, {key.scope for key in keys}),
    )
    rows = connection.execute(query)
    wanted = set(keys)
    return {
        key: (id_, type_)
        for kind, name, scope, id_, type_ in rows
        if (key := Key(kind, name, scope)) in wanted
    }


# --- which of them are one ---


@dataclass(slots=True)
class _Row:
    id: int
    key: Key
    canonical: int | None


@dataclass(slots=True)
class _Rows:
    """Entities in memory while it is decided which are one."""

    corrected: Collection[str]
    by_id: dict[int, _Row] = field(default_factory=dict)
    by_key: dict[Key, _Row] = field(default_factory=dict)
    old: dict[int, int | None] = field(default_factory=dict)

    def add(self, row: _Row) -> None:
        if row.id not in self.by_id:
            self.by_id[row.id] = self.by_key[row.key] = row
            self.old[row.id] = row.canonical

    def root(self, id_: int) -> int:
        """Follows the chain; a chain of corrections can't be a circle, as making one is refused."""
        while (row := self.by_id.get(id_)) is not None and row.canonical is not None:
            id_ = row.canonical
        return id_


def settle(connection: Connection, names: Iterable[str]) -> None:
    """Decides anew which entities are one: those with one of the names, and those of corrections."""
    corrections = _corrections(connection)
    corrected = {key.name for pair in corrections.items() for key in pair}
    wanted = {*names, *corrected}
    entity_ids(connection, dict.fromkeys(corrections.values(), ""))
    while True:
        rows = _Rows(corrected)
        _load(connection, rows, models.Entity.name, wanted)
        _load(connection, rows, models.Entity.id, {row.canonical for row in rows.by_id.values()} - {None})
        _settle_organisations(connection, rows, corrections)
        _load_people(connection, rows)
        _settle_people(rows, corrections)
        left = _write(connection, rows)
        # what was one with an entity because of another one has to be decided too
        if not (more := _names_of(connection, left) - wanted):
            return
        wanted |= more


def _names_of(connection: Connection, canonical: Collection[int]) -> set[str]:
    if not canonical:
        return set()
    table = models.Entity
    return set(connection.scalars(select(table.name).where(among(connection, table.canonical_id, canonical))))


def _corrections(connection: Connection) -> dict[Key, Key]:
    table = models.Correction
    rows = connection.execute(select(table).where(table.digest == "")).all()
    return {Key(row.kind, row.name, row.scope): Key(row.kind, row.into_name, row.into_scope) for row in rows}


def _load(connection: Connection, rows: _Rows, column: Any, values: Collection[Any]) -> None:
    table = models.Entity
    if not values:
        return
    query = select(table.id, table.kind, table.name, table.scope, table.canonical_id).where(
        among(connection, column, values),
        table.kind != "place",
        # what only one text knows stands for itself, unless a correction names it
        or_(
            ~table.scope.startswith(TEXT_SCOPE, autoescape=True),
            among(connection, table.name, rows.corrected),
        ),
    )
    for id_, kind, name, scope, canonical in connection.execute(query):
        rows.add(_Row(id_, Key(kind, name, scope), canonical))


def _settle_organisations(connection: Connection, rows: _Rows, corrections: Mapping[Key, Key]) -> None:
    organisations = [row for row in rows.by_id.values() if row.key.kind == "organisation"]
    owners = _owners(connection, rows, {row.key.name for row in organisations})
    for row in organisations:
        row.canonical = None
    # an owner has a longer name than its short one, and is decided first
    for row in sorted(organisations, key=lambda row: (-len(row.key.name), row.key)):
        if (into := corrections.get(row.key)) is not None:
            row.canonical = None if into == row.key else rows.by_key[into].id
        elif not row.key.scope:
            roots = {rows.root(id_) for id_ in owners.get(row.key.name, ())}
            row.canonical = roots.pop() if len(roots) == 1 and row.id not in roots else None


def _owners(connection: Connection, rows: _Rows, names: Collection[str]) -> dict[str, set[int]]:
    """By short name the organisations that texts define it for."""
    alias, entity, mention = models.Alias, models.Entity, models.Mention
    written = aliased(alias)
    query = (
        select(alias.name, entity.id, entity.kind, entity.name, entity.scope, entity.canonical_id)
        .join(entity, entity.id == alias.entity_id)
        .where(
            among(connection, alias.name, names),
            alias.defined,
            entity.kind == "organisation",
            entity.scope == "",
            # no text may name it any more, since texts are read again
            exists().where(written.entity_id == entity.id, mention.alias_id == written.id),
        )
    )
    found: defaultdict[str, set[int]] = defaultdict(set)
    for short, id_, kind, name, scope, canonical in connection.execute(query):
        rows.add(_Row(id_, Key(kind, name, scope), canonical))
        if len(name) > len(short) and not is_relative(short):
            found[short].add(id_)
    return found


def _load_people(connection: Connection, rows: _Rows) -> None:
    """People of organisations that were decided on, their namesakes, and the organisations of all of them."""
    organisations = {
        row.key.name
        for row in rows.by_id.values()
        if row.key.kind == "organisation" and rows.old[row.id] != row.canonical
    }
    _load(connection, rows, models.Entity.scope, organisations)
    people = {row.key for row in rows.by_id.values() if row.key.kind == "person"}
    _load(connection, rows, models.Entity.name, {key.name for key in people})
    scopes = {row.key.scope for row in rows.by_id.values() if row.key.kind == "person"}
    _load(connection, rows, models.Entity.name, scopes)
    _load(connection, rows, models.Entity.id, {row.canonical for row in rows.by_id.values()} - {None})


def _settle_people(rows: _Rows, corrections: Mapping[Key, Key]) -> None:
    groups: defaultdict[tuple[str, int], list[_Row]] = defaultdict(list)
    for row in rows.by_id.values():
        if row.key.kind != "person":
            continue
        row.canonical = None
        employer = rows.by_key.get(Key("organisation", row.key.scope, ""))
        if row.key not in corrections and employer is not None:
            groups[row.key.name, rows.root(employer.id)].append(row)
    for (_, employer_id), group in groups.items():
        name = rows.by_id[employer_id].key.name
        first = min(group, key=lambda row: (row.key.scope != name, row.key.scope))
        for row in group:
            row.canonical = None if row is first else first.id
    for key, into in corrections.items():
        if key.kind == "person" and key != into and key in rows.by_key:
            rows.by_key[key].canonical = rows.by_key[into].id


def _write(connection: Connection, rows: _Rows) -> set[int]:
    """Writes what has changed; returns the entities that others are not one with any more."""
    changed, left = [], set()
    for row in rows.by_id.values():
        root, old = rows.root(row.id), rows.old[row.id]
        canonical = None if root == row.id else root
        if canonical != old:
            changed.append({"which": row.id, "root": canonical})
            if old is not None:
                left.add(old)
    if changed:
        table = models.Entity
        new = update(table).values(canonical_id=bindparam("root")).execution_options(synchronize_session=None)
        connection.execute(new.where(table.id == bindparam("which")), changed)
        # those that were one with an entity that is now one with another
        merged = [row for row in changed if row["root"] is not None]
        if merged:
            connection.execute(new.where(table.canonical_id == bindparam("which")), merged)
    return left
