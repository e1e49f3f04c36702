"""Full-text search over the present versions of all articles.

By date, the newest hit is first. By relevance, hits in the title come before
the others; of either, the newest `RANKED` are put in order by how often they
have the words, and all others follow by date. So a common word costs no more
than a rare one, and no hit is lost. Both databases give the same hits in the
same order.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from storage import models
from storage.bulk import among
from storage.database import one_line
from storage.errors import StoreError
from storage.search_conditions import match_expression, vector_condition
from storage.search_index import first_id, last_id
from storage.search_marks import marks_for
from storage.search_query import And, Named, Node, Not, Or, Query, QueryError, Word, parse
from storage.search_text import Phrase, canonical, fold, hits

__all__ = ["Hit", "QueryError", "Results", "Sort", "parse", "search"]

Sort = Literal["relevance", "date"]

RANKED = 100
"""Of the hits in the title and of all hits, so many of the newest are ranked."""

COUNTED = 1_000
"""Hits are counted up to this number."""

GROWTH = 4
"""When too few texts have a phrase whose parts they have, so many times more are read next."""

SNIPPET_CHARACTERS = 80
"""About the length of a snippet."""

# BM25's saturation and length (Robertson and Zaragoza 2009); a title counts as the field of weight 4
_SATURATION, _LENGTH_SHARE, _USUAL_LENGTH, _TITLE_WEIGHT = 1.2, 0.75, 800, 4


@dataclass(slots=True, frozen=True)
class Hit:
    """An article that was found.

    `snippet` is a part of its body with a hit, or its beginning; the spans are
    start and end of each hit, in characters, in the snippet and in the title.
    """

    id: int
    url: str
    site: str
    publisher: str
    title: str
    title_spans: tuple[tuple[int, int], ...]
    snippet: str
    snippet_spans: tuple[tuple[int, int], ...]
    source: str
    published_day: date | None
    published_at: datetime | None
    published_offset: int | None


@dataclass(slots=True, frozen=True)
class Results:
    """A page of hits, and how many there are: exactly, unless `more` says that counting ended there."""

    hits: tuple[Hit, ...]
    total: int
    more: bool


def search(
    connection: Connection, query: Query | str, sort: Sort = "relevance", limit: int = 20, offset: int = 0
) -> Results:
    """Finds articles; `offset` says how many of the first ones are left out.

    Raises `QueryError` for a query that can't be understood, `StoreError` when
    the database refuses it.
    """
    asked = parse(query) if isinstance(query, str) else query
    try:
        finder = _Finder(connection, asked, COUNTED + 1)
        if sort == "date" or not asked.phrases():
            page = finder.newest(limit, offset)
        else:
            page = _by_relevance(connection, finder, asked, limit, offset)
        total = len(finder.first)
        return Results(tuple(_hits(connection, page, asked)), min(total, COUNTED), total > COUNTED)
    except DBAPIError as error:
        raise StoreError(f"the search failed: {one_line(error)}") from None


# --- which articles ---

# only ids are put in order, since the texts with them would go through a file
_VERIFY: Final = (
    "SELECT id, {condition} FROM ({candidates} LIMIT :limit) AS candidate JOIN search_index USING (id)"
    " ORDER BY id DESC"
)


class _Finder:
    """Gives the ids of documents that a query finds, the newest first; `at_once` of them are read at once."""

    def __init__(
        self, connection: Connection, query: Query, at_once: int, condition: Node | None = None
    ) -> None:
        self._connection = connection
        self._at_once = at_once
        condition = condition or query.condition
        self._values: dict[str, Any] = {
            "since": first_id(query.since) if query.since else 0,
            "until": last_id(query.until) if query.until else 2**63 - 1,
        }
        if query.until and not query.since:
            self._values["since"] = first_id(date.min)  # an article without a day is not before one
        self._verified = ""  # what is left to be looked up in the texts of those that the index finds
        self._sql = self._select(condition)
        self.first = self._read(at_once)

    def newest(self, limit: int, offset: int = 0, without: Collection[int] = ()) -> list[int]:
        """Ids of documents from the newest on, without those named."""
        wanted = offset + limit + len(without)
        complete = wanted <= self._at_once or len(self.first) < self._at_once
        found = self.first if complete else self._read(wanted)
        left = set(without)
        return [id_ for id_ in found if id_ not in left][offset : offset + limit]

    def _read(self, most: int) -> list[int]:
        if not self._verified:
            values = {**self._values, "limit": most}
            return list(self._connection.scalars(text(f"{self._sql} LIMIT :limit"), values))
        return self._read_verified(most)

    def _read_verified(self, most: int) -> list[int]:
        """Reads the texts of so many of the newest candidates only as it takes to find `most`."""
        found: list[int] = []
        until, some = self._values["until"], most + most // 4
        sql = text(_VERIFY.format(candidates=self._sql, condition=self._verified))
        while True:
            values = {**self._values, "until": until, "limit": some}
            rows = self._connection.execute(sql, values).all()
            found += [id_ for id_, is_hit in rows if is_hit]
            if len(found) >= most or len(rows) < some:
                return found[:most]
            until, some = rows[-1].id - 1, some * GROWTH

    def _select(self, condition: Node | None) -> str:
        if condition is None:
            return "SELECT id FROM search_document WHERE id BETWEEN :since AND :until ORDER BY id DESC"

        def marks(named: Named) -> list[str]:
            return marks_for(self._connection, named)

        if self._connection.dialect.name == "sqlite":
            self._values["match"] = match_expression(condition, marks)
            return (
                "SELECT rowid AS id FROM search_index WHERE search_index MATCH :match"
                " AND rowid BETWEEN :since AND :until ORDER BY rowid DESC"
            )
        # the planner takes reading a vector for cheap, and would rather read them all than use the index
        self._connection.execute(text("SET LOCAL enable_seqscan = off"))
        self._connection.execute(text("SET LOCAL enable_indexscan = off"))
        made = vector_condition(condition, marks)
        self._values |= {"tsquery": made.tsquery, **made.values}
        self._verified = made.where
        return (
            "SELECT id FROM search_index"
            " WHERE vector @@ CAST(:tsquery AS tsquery) AND id BETWEEN :since AND :until ORDER BY id DESC"
        )


# --- in which order ---


def _by_relevance(
    connection: Connection, finder: _Finder, query: Query, limit: int, offset: int
) -> list[int]:
    assert query.condition is not None
    in_title = _Finder(connection, query, RANKED, _in_title(query.condition))
    ids = set(in_title.first) | set(finder.newest(RANKED))
    ranked = _ranked(connection, ids, [found for found, field in query.phrases() if field != "source"])
    page = ranked[offset : offset + limit]
    if len(page) < limit:
        page += finder.newest(limit - len(page), max(0, offset - len(ranked)), ids)
    return page


def _in_title(node: Node) -> Node:
    """The query with each word that may stand anywhere in the title only; what must not occur stays."""
    if isinstance(node, Word):
        return Word(node.phrase, "title") if node.field == "any" else node
    if isinstance(node, And):
        return And(tuple(map(_in_title, node.parts)))
    if isinstance(node, Or):
        return Or(tuple(map(_in_title, node.parts)))
    assert isinstance(node, Named | Not)
    return node


# joins a document of the index and the version that it was made from
_IS_INDEXED: Final = (models.ArticleVersion.article_id == models.SearchDocument.article_id) & (
    models.ArticleVersion.version == models.SearchDocument.version
)


def _ranked(connection: Connection, ids: Collection[int], phrases: Sequence[Phrase]) -> list[int]:
    document, version, body = models.SearchDocument, models.ArticleVersion, models.Text
    query = (
        select(document.id, version.title, body.body)
        .join(version, _IS_INDEXED)
        .join(body, body.id == version.text_id)
        .where(among(connection, document.id, ids))
    )
    scores = [(_score(title, words, phrases), id_) for id_, title, words in connection.execute(query)]
    return [id_ for _, id_ in sorted(scores, reverse=True)]


def _score(title: str, body: str, phrases: Sequence[Phrase]) -> tuple[int, float]:
    """First how many of the words the title has, then how often title and body have them."""
    # within a run of ideographs nothing has to be cut, which takes half of the time
    searched = fold if all(phrase.within_run for phrase in phrases) else canonical
    searched_title, searched_body = searched(title), searched(body)
    length = 1 - _LENGTH_SHARE + _LENGTH_SHARE * len(searched_body) / _USUAL_LENGTH
    in_title, score = 0, 0.0
    for phrase in phrases:
        of_title = searched_title.count(phrase.pattern)
        in_title += of_title > 0
        count = of_title * _TITLE_WEIGHT + searched_body.count(phrase.pattern) / length
        score += count / (count + _SATURATION)
    return in_title, score


# --- what is shown of them ---


def _hits(connection: Connection, ids: Sequence[int], query: Query) -> list[Hit]:
    document, version, body = models.SearchDocument, models.ArticleVersion, models.Text
    page, site = models.Page, models.Site
    found = (
        select(
            document.id,
            document.article_id,
            page.url,
            site.name,
            site.publisher,
            version.title,
            body.body,
            version.source,
            version.published_day,
            version.published_at,
            version.published_offset,
        )
        .join(version, _IS_INDEXED)
        .join(body, body.id == version.text_id)
        .join(page, page.id == document.article_id)
        .join(site, site.id == page.site_id)
        .where(among(connection, document.id, ids))
    )
    phrases = query.phrases()
    of_title = [phrase for phrase, field in phrases if field in ("any", "title")]
    of_body = [phrase for phrase, field in phrases if field == "any"]
    made = {}
    for id_, article_id, url, name, publisher, title, words, *published in connection.execute(found):
        snippet, spans = _snippet(words, of_body)
        title_spans = tuple(hits(title, of_title))
        made[id_] = Hit(article_id, url, name, publisher, title, title_spans, snippet, spans, *published)
    return [made[id_] for id_ in ids]


def _snippet(body: str, phrases: Sequence[Phrase]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The part of a body around its first hit, on one line, with the spans of the hits in it."""
    spans = hits(body, phrases)
    first = spans[0][0] if spans else 0
    start = max(0, first - SNIPPET_CHARACTERS // 4)
    end = min(len(body), max(start + SNIPPET_CHARACTERS, spans[0][1] if spans else 0))
    before, after = "…" if start else "", "…" if end < len(body) else ""
    snippet = before + body[start:end].replace("\n", " ") + after
    inside = [
        (a - start + len(before), min(b, end) - start + len(before)) for a, b in spans if start <= a < end
    ]
    return snippet, tuple(inside)
