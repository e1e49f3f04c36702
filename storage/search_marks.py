"""Marks: tokens by which the search finds the articles of a site, an entity, a place or a topic.

An article's text is indexed with one for each entity that it mentions, so that
such a filter is one more word of the query, however many articles it holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, func, select

from storage import models
from storage.bulk import among, insert_rows
from storage.search_query import Named, QueryError
from storage.search_text import MARK, canonical, runs

NAMED = 500
"""As many entities may go by the name that a query gives."""

KINDS = {"org": "organisation", "person": "person", "place": "place"}

CODE_LENGTHS = (2, 4, 6, 9, 12)
"""Digits of a division code, from the province to the village."""


def site_mark(site_id: int) -> str:
    """The mark of all articles of a site."""
    return f"{MARK}w{site_id}"


def entity_mark(entity_id: int) -> str:
    """The mark of all articles that mention an entity."""
    return f"{MARK}e{entity_id}"


def place_marks(code: str) -> list[str]:
    """The marks of an article in a division: one for it, and one for each that holds it."""
    return [f"{MARK}p{code[:length]}" for length in CODE_LENGTHS if length <= len(code)]


def topic_mark(topic: str) -> str:
    """The mark of all articles about a topic."""
    return f"{MARK}k{''.join(runs(topic))}"


def marks_of_texts(connection: Connection, text_ids: Collection[int]) -> dict[int, set[str]]:
    """The marks that texts give to their articles, by text id."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    query = (
        select(models.Mention.text_id, models.Alias.entity_id)
        .distinct()
        .join(models.Alias, models.Alias.id == models.Mention.alias_id)
        .where(among(connection, models.Mention.text_id, text_ids))
    )
    for text_id, entity_id in connection.execute(query):
        found[text_id].add(entity_mark(entity_id))
    for text_id, codes in division_codes_of_texts(connection, text_ids).items():
        found[text_id].update(mark for code in codes for mark in place_marks(code))
    for text_id, topics in topics_of_texts(connection, text_ids).items():
        found[text_id].update(map(topic_mark, topics))
    return found


def division_codes_of_texts(_connection: Connection, _text_ids: Collection[int]) -> dict[int, set[str]]:
    """The division codes of the places that texts name, by text id: the store holds none yet."""
    return {}


def topics_of_texts(_connection: Connection, _text_ids: Collection[int]) -> dict[int, set[str]]:
    """The names of the topics that texts are about, by text id: the store holds none yet."""
    return {}


def division_codes_of_path(_connection: Connection, _path: str) -> set[str]:
    """The codes of the divisions that a name or path (江苏/南京) may mean: the store holds none yet."""
    return set()


def index_aliases(connection: Connection) -> None:
    """Makes the written forms that are new since the last call findable.

    Ids of aliases ascend, as there is one writer at a time.
    """
    alias, searched = models.Alias, models.SearchAlias
    last = connection.scalar(select(func.max(searched.alias_id))) or 0
    new = connection.execute(select(alias.id, alias.name).where(alias.id > last)).all()
    insert_rows(connection, searched, [{"alias_id": id_, "name": _searched(name)} for id_, name in new])


def _searched(name: str) -> str:
    return canonical(name).strip()


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
        codes = division_codes_of_path(connection, named.name)
        of_divisions = {place_marks(code)[-1] for code in codes}
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
    alias, entity, searched = models.Alias, models.Entity, models.SearchAlias
    start, name, end = named.name.startswith("*"), _searched(named.name), named.name.endswith("*")
    if not name:
        raise QueryError(f"{named.field}:{named.name} has no letter, digit or character to look for")
    if start or end:
        # no character of a searched name has a meaning in LIKE
        condition: ColumnElement[bool] = searched.name.like(f"{'%' * start}{name}{'%' * end}")
    else:
        condition = searched.name == name
    query = (
        select(entity.id)
        .distinct()
        .join(alias, alias.entity_id == entity.id)
        .join(searched, searched.alias_id == alias.id)
        .where(condition, entity.kind == KINDS[named.field])
        .limit(NAMED + 1)
    )
    found = sorted(connection.scalars(query))
    if len(found) > NAMED:
        raise QueryError(f"more than {NAMED} go by {named.field}:{named.name}; write more of the name")
    return [entity_mark(id_) for id_ in found]
