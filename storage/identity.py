"""Which mentions are of one entity.

Within a text, the reading decides: a mention has the entity's full name. Across
texts an organisation is its full name; a person is the name and the
organisation of the role, since names alone are shared by many; a place is its
name and division. What only its text can tell (a person without an
organisation, 市民政局) is an entity of that text alone, until somebody merges it.

`entity.canonical_id` then says which rows are one, and is derived anew whenever
something new is known of a name, so that it does not depend on the order in
which texts came: a correction wins; a name that texts define as the short name
of exactly one organisation is that one, and of two it is neither; a name is the
one that has it with the divisions above its place (江宁区…, 南京市江宁区…); people
of one name are one when their organisations are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, bindparam, exists, or_, select, update
from sqlalchemy.orm import aliased

from pipelines.entities.organisation_divisions import longer_names, shorter_names
from pipelines.models import Entities, Mention
from storage import models
from storage.bulk import insert_rows, one_of
from storage.summaries import refresh_moved

TEXT_SCOPE: Final = "text:"
"""Begins the scope of an entity that only one text knows; the text's digest follows."""

# a department of whichever city, a reference: the same words mean others elsewhere; not 镇江, 市场监管总局
_RELATIVE: Final = re.compile(
    "省(?!级)|市(?!场|北区|南区|中区)|区(?!块|域)|县(?!级)|州|镇(?!江|平|远|雄|康|安|巴|坪|赉|沅|宁|原|海)"
    "|乡(?!村|宁|城)|村|旗|盟|本(?!田|溪)|[我该此]|街道|社区(?!发展|服务|基金)|中心(?!城)"
)


_E = models.Entity
_SPLITS: Final = select(models.Correction).where(one_of(models.Correction.digest, "digests"))


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
    """The keys of all that one text names; what was found in it must be storable."""

    def __init__(self, found: Entities, digest: str, splits: Splits) -> None:
        self._text = TEXT_SCOPE + digest
        self._digest = digest
        self._splits = splits
        self._employers: dict[str, str] = {}
        for role in found.roles:
            if role.organisation:
                self._employers.setdefault(role.person, role.organisation)
        self._places = {(place.start, place.end): place.code or place.within for place in found.places}
        # a text names the same few again and again
        self._keys: dict[tuple[str, str], Key] = {}

    def of_mention(self, mention: Mention) -> Key:
        """The entity that a mention names."""
        if mention.kind == "organisation":
            return self.organisation(mention.name)
        if mention.kind == "person":
            return self.person(mention.name)
        return self._key("place", mention.name, self._places.get((mention.start, mention.end), ""))

    def organisation(self, name: str) -> Key:
        """An organisation by its full form in this text."""
        key = self._keys.get(("organisation", name))
        return key or self._keep("organisation", name, self._text if is_relative(name) else "")

    def person(self, name: str) -> Key:
        """A person: of the organisation of the first role that names one, else of this text."""
        if key := self._keys.get(("person", name)):
            return key
        employer = self._employers.get(name, "")
        known = employer and not is_relative(employer)
        return self._keep("person", name, employer if known else self._text)

    def _keep(self, kind: str, name: str, scope: str) -> Key:
        key = self._keys[kind, name] = self._key(kind, name, scope)
        return key

    def _key(self, kind: str, name: str, scope: str) -> Key:
        key = Key(kind, name, scope)
        return self._splits.get((*key, self._digest), key) if self._splits else key


def read_splits(connection: Connection, digests: Iterable[str]) -> Splits:
    """The corrections that hold for single texts."""
    rows = connection.execute(_SPLITS, {"digests": digests}).all()
    return {
        (row.kind, row.name, row.scope, row.digest): Key(row.kind, row.into_name, row.into_scope)
        for row in rows
    }


# --- rows ---

_HELD: Final = select(_E.kind, _E.name, _E.scope, _E.id, _E.type).where(
    # many texts have an entity of one name that only they know
    one_of(_E.name, "names"),
    one_of(_E.scope, "scopes"),
)
_GIVE_TYPE: Final = update(_E).where(_E.id == bindparam("which")).values(type=bindparam("class"))


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
        connection.execute(_GIVE_TYPE, typed)
    held |= _held(connection, missing)
    return {key: id_ for key, (id_, _) in held.items()}


def _held(connection: Connection, keys: Collection[Key]) -> dict[Key, tuple[int, str]]:
    if not keys:
        return {}
    offered = {"names": {key.name for key in keys}, "scopes": {key.scope for key in keys}}
    wanted = set(keys)
    return {
        key: (id_, type_)
        for kind, name, scope, id_, type_ in connection.execute(_HELD, offered).all()
        if (key := Key(kind, name, scope)) in wanted
    }


# --- which of them are one ---

_CORRECTIONS: Final = select(models.Correction).where(models.Correction.digest == "")
_NAMES_OF: Final = select(_E.name).where(one_of(_E.canonical_id, "ids"))


def _loading(column: Any) -> Select[*tuple[Any, ...]]:
    return select(_E.id, _E.kind, _E.name, _E.scope, _E.canonical_id).where(
        one_of(column, "values"),
        _E.kind != "place",
        # what only one text knows stands for itself, unless a correction names it
        or_(~_E.scope.startswith(TEXT_SCOPE, autoescape=True), one_of(_E.name, "corrected")),
    )


_BY_NAME, _BY_SCOPE, _BY_ID = _loading(_E.name), _loading(_E.scope), _loading(_E.id)


def _owning() -> Select[*tuple[Any, ...]]:
    alias = models.Alias
    return (
        select(alias.name, _E.id, _E.kind, _E.name, _E.scope, _E.canonical_id)
        .join(_E, _E.id == alias.entity_id)
        .where(one_of(alias.name, "names"), alias.defined, *_is_named())
    )


def _is_named() -> tuple[Any, ...]:
    """What holds of an organisation of all texts that some text names; none may, as texts are read again."""
    written, mention = aliased(models.Alias), models.Mention
    named = exists().where(written.entity_id == _E.id, mention.alias_id == written.id)
    return _E.kind == "organisation", _E.scope == "", named


_OWNERS: Final = _owning()
_NAMED: Final = select(_E.id, _E.kind, _E.name, _E.scope, _E.canonical_id).where(
    one_of(_E.name, "names"), *_is_named()
)
_NEW_ROOT: Final = (
    update(_E).values(canonical_id=bindparam("root")).execution_options(synchronize_session=None)
)
_MERGE: Final = _NEW_ROOT.where(_E.id == bindparam("which"))
_MERGE_ALONG: Final = _NEW_ROOT.where(_E.canonical_id == bindparam("which"))


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
    wanted |= {shorter for name in wanted for shorter in shorter_names(name)}
    entity_ids(connection, dict.fromkeys(corrections.values(), ""))
    while True:
        rows = _Rows(corrected)
        _load(connection, rows, _BY_NAME, wanted)
        _load(connection, rows, _BY_ID, {row.canonical for row in rows.by_id.values()} - {None})
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
    return set(connection.scalars(_NAMES_OF, {"ids": canonical}))


def _corrections(connection: Connection) -> dict[Key, Key]:
    rows = connection.execute(_CORRECTIONS).all()
    return {Key(row.kind, row.name, row.scope): Key(row.kind, row.into_name, row.into_scope) for row in rows}


def _load(connection: Connection, rows: _Rows, query: Any, values: Collection[Any]) -> None:
    if not values:
        return
    offered = {"values": values, "corrected": rows.corrected}
    for id_, kind, name, scope, canonical in connection.execute(query, offered).all():
        rows.add(_Row(id_, Key(kind, name, scope), canonical))


def _settle_organisations(connection: Connection, rows: _Rows, corrections: Mapping[Key, Key]) -> None:
    organisations = [row for row in rows.by_id.values() if row.key.kind == "organisation"]
    names = {row.key.name for row in organisations}
    owners = _owners(connection, rows, names)
    for name, ids in _with_divisions(connection, rows, names).items():
        owners.setdefault(name, set()).update(ids)
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
    found: defaultdict[str, set[int]] = defaultdict(set)
    for short, id_, kind, name, scope, canonical in connection.execute(_OWNERS, {"names": names}).all():
        rows.add(_Row(id_, Key(kind, name, scope), canonical))
        if len(name) > len(short) and not is_relative(short):
            found[short].add(id_)
    return found


def _with_divisions(connection: Connection, rows: _Rows, names: Collection[str]) -> dict[str, set[int]]:
    """By name the organisations that have it with the divisions above its place."""
    longer = {name: longer_names(name) for name in names}
    wanted = {long for longs in longer.values() for long in longs}
    if not wanted:
        return {}
    held: dict[str, int] = {}
    for id_, kind, name, scope, canonical in connection.execute(_NAMED, {"names": wanted}).all():
        rows.add(_Row(id_, Key(kind, name, scope), canonical))
        held[name] = id_
    return {name: {held[long] for long in longs if long in held} for name, longs in longer.items()}


def _load_people(connection: Connection, rows: _Rows) -> None:
    """People of organisations that were decided on, their namesakes, and the organisations of all of them."""
    organisations = {
        row.key.name
        for row in rows.by_id.values()
        if row.key.kind == "organisation" and rows.old[row.id] != row.canonical
    }
    _load(connection, rows, _BY_SCOPE, organisations)
    people = {row.key for row in rows.by_id.values() if row.key.kind == "person"}
    _load(connection, rows, _BY_NAME, {key.name for key in people})
    scopes = {row.key.scope for row in rows.by_id.values() if row.key.kind == "person"}
    _load(connection, rows, _BY_NAME, scopes)
    _load(connection, rows, _BY_ID, {row.canonical for row in rows.by_id.values()} - {None})


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
    changed: list[dict[str, Any]] = []
    left: set[int] = set()
    for row in rows.by_id.values():
        root, old = rows.root(row.id), rows.old[row.id]
        canonical = None if root == row.id else root
        if canonical != old:
            changed.append({"which": row.id, "root": canonical})
            if old is not None:
                left.add(old)
    if changed:
        connection.execute(_MERGE, changed)
        # those that were one with an entity that is now one with another
        merged = [row for row in changed if row["root"] is not None]
        if merged:
            connection.execute(_MERGE_ALONG, merged)
        refresh_moved(connection, *_counted_for(rows, changed))
    return left


def _counted_for(rows: _Rows, changed: Collection[Mapping[str, Any]]) -> tuple[set[int], set[int]]:
    """The organisations that changed ones are or were counted for, and those that they were counted for."""
    organisations = [row for row in changed if rows.by_id[row["which"]].key.kind == "organisation"]
    left = {rows.old[row["which"]] or row["which"] for row in organisations}
    return left | {row["root"] or row["which"] for row in organisations}, left
