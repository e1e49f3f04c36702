"""Marks: tokens by which the search finds the articles of a site, an entity, a place or a topic.

An article's text is indexed with one for each entity that it mentions, so that
such a filter is one more word of the query, however many articles it holds.
Which entities are one is looked up when a query is asked, as it may change. An
entity that a single text knows (市民政局) is marked by its name as well: there may
be thousands that go by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, func, select

from pipelines.entities import divisions
from storage import models
from storage.bulk import among, insert_rows
from storage.identity import TEXT_SCOPE
from storage.search_query import Named, QueryError
from storage.search_text import MARK, canonical, fold, runs

NAMED = 500
"""As many entities may go by the name that a query gives."""

NAME_CHARACTERS = 100
"""Of a longer name of an entity the beginning is searched."""

KINDS = {"org": "organisation", "person": "person", "place": "place"}

CODE_LENGTHS = (2, 4, 6, 9, 12)
"""Digits of a division code, from the province to the village."""

_NAME_MARKS = {"organisation": f"{MARK}o", "person": f"{MARK}h", "place": f"{MARK}l"}


def site_mark(site_id: int) -> str:
    """The mark of all articles of a site."""
    return f"{MARK}w{site_id}"


def entity_mark(entity_id: int) -> str:
    """The mark of all articles that mention an entity."""
    return f"{MARK}e{entity_id}"


def name_mark(kind: str, searched: str) -> str:
    """The mark of all articles with an entity of a single text that is written so."""
    return _NAME_MARKS[kind] + searched.replace(" ", MARK)


def place_marks(code: str) -> list[str]:
    """The marks of an article in a division: one for it, and one for each that holds it."""
    return [f"{MARK}p{code[:length]}" for length in CODE_LENGTHS if length <= len(code)]


def topic_mark(topic: str) -> str:
    """The mark of all articles about a topic."""
    return f"{MARK}k{''.join(runs(topic))}"


def marks_of_texts(connection: Connection, text_ids: Collection[int]) -> dict[int, set[str]]:
    """The marks that texts give to their articles, by text id."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    mention, alias, entity = models.Mention, models.Alias, models.Entity
    query = (
        select(mention.text_id, entity.id, entity.kind, alias.name, entity.scope.startswith(TEXT_SCOPE))
        .distinct()
        .join(alias, alias.id == mention.alias_id)
        .join(entity, entity.id == alias.entity_id)
        .where(among(connection, mention.text_id, text_ids))
    )
    for text_id, entity_id, kind, name, of_text in connection.execute(query):
        found[text_id].add(entity_mark(entity_id))
        if of_text:
            found[text_id].add(name_mark(kind, _searched(name)))
    place, topic = models.Place, models.Topic
    places = select(place.text_id, place.division_code).where(
        among(connection, place.text_id, text_ids), place.division_code.is_not(None)
    )
    for text_id, code in connection.execute(places.distinct()):
        found[text_id].update(place_marks(str(code)))
    topics = select(topic.text_id, topic.name).where(among(connection, topic.text_id, text_ids))
    for text_id, name in connection.execute(topics):
        found[text_id].add(topic_mark(name))
    return found


def codes_of_path(path: str) -> set[str]:
    """The codes of the divisions that a name or path may mean: 南京, 江苏/南京, 北京/朝阳.

    A name of provinces, cities or counties is not taken for a village of that name.
    """
    *above, name = (part.strip() for part in fold(path).split("/"))
    if not above:
        return set(divisions.upper_codes(name) or _codes(name))
    found = {""}
    for part in (*above, name):
        found = {code for code in _codes(part) if code.startswith(tuple(found))}
    return found


def _codes(name: str) -> set[str]:
    return {*divisions.upper_codes(name), *(one.code for one in divisions.lookup(name))}


def index_aliases(connection: Connection) -> None:
    """Makes the written forms that are new since the last call findable.

    Ids of aliases ascend, as there is one writer at a time.
    """
    alias, entity, searched = models.Alias, models.Entity, models.SearchAlias
    last = connection.scalar(select(func.max(searched.alias_id))) or 0
    query = (
        select(alias.id, entity.kind, alias.name, entity.scope.startswith(TEXT_SCOPE))
        .join(entity, entity.id == alias.entity_id)
        .where(alias.id > last)
        .order_by(alias.id)
    )
    new = [
        (id_, kind, _searched(name), bool(of_text)) for id_, kind, name, of_text in connection.execute(query)
    ]
    held = _held(connection, {name for _, _, name, of_text in new if of_text})
    rows = []
    for id_, kind, name, of_text in new:
        if not of_text or (kind, name) not in held:
            rows.append({"alias_id": id_, "kind": kind, "name": name, "of_text": of_text})
        if of_text:
            held.add((kind, name))
    insert_rows(connection, searched, rows)


def _held(connection: Connection, names: Collection[str]) -> set[tuple[str, str]]:
    """Kind and name of the forms that stand for entities of single texts, as far as they are in `names`."""
    searched = models.SearchAlias
    query = select(searched.kind, searched.name).where(
        searched.kind.in_(KINDS.values()), among(connection, searched.name, names), searched.of_text
    )
    return {(kind, name) for kind, name in connection.execute(query)} if names else set()


def _searched(name: str) -> str:
    return canonical(name[:NAME_CHARACTERS]).strip()


def marks_for(connection: Connection, named: Named) -> list[str]:
    """The marks of which an article has to have one, sorted; none when nothing goes by that name.

    Raises `QueryError` for a site that is not known, and a name that is too common.
    """
    if named.field == "site":
        return [_site(connection, named.name)]
    if named.field == "topic":
        return [topic_mark(named.name)]
    if named.field == "place":
        if named.name.isascii() and named.name.isdigit():
            return [_code(named.name)]
        of_divisions = {place_marks(code)[-1] for code in codes_of_path(named.name)}
        return sorted(of_divisions | set(_entities(connection, named)))
    return _entities(connection, named)


def _site(connection: Connection, name: str) -> str:
    site = models.Site
    found = connection.scalar(select(site.id).where((site.name == name) | (site.publisher == name)))
    if found is None:
        raise QueryError(f"the store has no site {name!r}")
    return site_mark(found)


def _code(code: str) -> str:
    if len(code) not in CODE_LENGTHS:
        raise QueryError(f"place:{code} is no division code: they have 2, 4, 6, 9 or 12 digits")
    return place_marks(code)[-1]


def _entities(connection: Connection, named: Named) -> list[str]:
    """Entities of which a written form is the name; with * at either end, those that it is a part of."""
    alias, searched = models.Alias, models.SearchAlias
    start, name, end = named.name.startswith("*"), _searched(named.name), named.name.endswith("*")
    if not name:
        raise QueryError(f"{named.field}:{named.name} has no letter, digit or character to look for")
    kind = KINDS[named.field]
    if start or end:
        # no character of a searched name has a meaning in LIKE
        condition: ColumnElement[bool] = searched.name.like(f"{'%' * start}{name}{'%' * end}")
    else:
        condition = searched.name == name
    query = (
        select(alias.entity_id, searched.name, searched.of_text)
        .join(alias, alias.id == searched.alias_id)
        .where(condition, searched.kind == kind)
        .limit(NAMED + 1)
    )
    rows = connection.execute(query).all()
    entities = _same(connection, {row.entity_id for row in rows if not row.of_text})
    if len(rows) > NAMED or len(entities) > NAMED:
        raise QueryError(f"more than {NAMED} go by {named.field}:{named.name}; write more of the name")
    marks = {name_mark(kind, row.name) for row in rows if row.of_text}
    return sorted(marks | set(map(entity_mark, entities)))


def _same(connection: Connection, entities: Collection[int]) -> list[int]:
    """The entities, and all that are one with one of them."""
    if not entities:
        return []
    entity = models.Entity
    roots = set(connection.scalars(select(entity.root_id).where(among(connection, entity.id, entities))))
    members = select(entity.id).where(among(connection, entity.root_id, roots))
    return list(connection.scalars(members.limit(NAMED + 1)))
