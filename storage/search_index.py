"""Keeps the search index: one document an article, in its present version.

SQLite holds the tokens of `storage.search_text` in a contentless FTS5 table,
PostgreSQL as a tsvector beside the folded text, since positions in a tsvector
end at 16,383 and at 256 of one token: a phrase is looked for as tokens first,
then in the text.

A contentless row is deleted by giving its tokens again. They are made from the
version and the marks that the document names, both of which stay as they were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, text

from storage import models
from storage.bulk import among, insert_rows
from storage.search_marks import index_aliases, marks_of_texts, site_mark
from storage.search_text import Document, document, document_tokens

BATCH = 1_000
"""Articles that are indexed at a time when the whole index is made."""

_MINUTE = 1 << 20  # ids of one minute
_DAY = 1440 * _MINUTE
UNDATED = _DAY
"""Ids below this are of articles without a day."""


@dataclass(slots=True, frozen=True)
class _Source:
    """A version of an article to index."""

    article_id: int
    version: int
    text_id: int
    site_id: int
    title: str
    body: str
    source: str
    published_day: date | None
    published_at: datetime | None
    published_offset: int | None


def first_id(day: date) -> int:
    """The id below which no document of that day or a later one lies."""
    return day.toordinal() * _DAY


def last_id(day: date) -> int:
    """The id above which no document of that day or an earlier one lies."""
    return (day.toordinal() + 1) * _DAY - 1


def update(connection: Connection, article_ids: Collection[int], text_ids: Collection[int] = ()) -> None:
    """Brings the index up to date with articles, and with all others whose text is one of `text_ids`.

    Call it in the transaction that changes them, after their mentions are stored.
    """
    article, version = models.Article, models.ArticleVersion
    ids = set(article_ids)
    if text_ids:
        ids.update(
            connection.scalars(
                select(article.id)
                .join(version, models.IS_PRESENT)
                .where(among(connection, version.text_id, text_ids))
            )
        )
    if not ids:
        return
    index_aliases(connection)
    remove(connection, ids)
    sources = _sources(connection, models.Article.id, models.Article, ids)
    _insert(connection, sources)


def remove(connection: Connection, article_ids: Collection[int]) -> None:
    """Takes articles out of the index; call it before a version or text of theirs is deleted."""
    searched = models.SearchDocument
    held = among(connection, searched.article_id, article_ids)
    if connection.dialect.name == "sqlite":
        rows = {row.article_id: row for row in connection.execute(select(searched.__table__).where(held))}
        sources = _sources(connection, searched.article_id, searched, rows)
        _execute_tokens(
            connection,
            "INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', :id, :tokens)",
            sorted(
                (rows[source.article_id].id, _document(source, rows[source.article_id].marks.split()))
                for source in sources
            ),
        )
    # on PostgreSQL the row of the index goes with the document
    connection.execute(delete(searched).where(held))


def rebuild(connection: Connection) -> int:
    """Makes the index anew from what is stored; returns the number of articles."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO search_index(search_index) VALUES ('delete-all')")
    connection.execute(delete(models.SearchDocument))
    connection.execute(delete(models.SearchAlias))
    ids = list(connection.scalars(select(models.Article.id)))
    for start in range(0, len(ids), BATCH):
        update(connection, ids[start : start + BATCH])
    return len(ids)


def document_of(connection: Connection, article_id: int) -> Document | None:
    """The article as the index should hold it; None when it is not there."""
    sources = _sources(connection, models.Article.id, models.Article, [article_id])
    if not sources:
        return None
    return _document(sources[0], _marks(connection, sources)[article_id])


def _sources(connection: Connection, id_: Any, holder: Any, ids: Iterable[int]) -> list[_Source]:
    """The versions that rows of `holder` name, whose column `id_` is the article's id."""
    version, body, page = models.ArticleVersion, models.Text, models.Page
    query = (
        select(
            version.article_id,
            version.version,
            version.text_id,
            page.site_id,
            version.title,
            body.body,
            version.source,
            version.published_day,
            version.published_at,
            version.published_offset,
        )
        .select_from(holder)
        .join(version, (version.article_id == id_) & (version.version == holder.version))
        .join(body, body.id == version.text_id)
        .join(page, page.id == version.article_id)
        .where(among(connection, id_, ids))
    )
    return [_Source(*list[Any](row)) for row in connection.execute(query)]


def _marks(connection: Connection, sources: Collection[_Source]) -> dict[int, list[str]]:
    of_texts = marks_of_texts(connection, {source.text_id for source in sources})
    return {
        source.article_id: sorted({site_mark(source.site_id)} | of_texts.get(source.text_id, set()))
        for source in sources
    }


def _document(source: _Source, marks: Sequence[str]) -> Document:
    return document(source.title, source.body, source.source, marks)


def _insert(connection: Connection, sources: Collection[_Source]) -> None:
    marks = _marks(connection, sources)
    made = {source.article_id: _document(source, marks[source.article_id]) for source in sources}
    ids = _free_ids(connection, sources)
    rows = [
        {
            "id": ids[source.article_id],
            "article_id": source.article_id,
            "version": source.version,
            "marks": " ".join(made[source.article_id].marks),
        }
        for source in sources
    ]
    insert_rows(connection, models.SearchDocument, rows)
    documents = sorted((ids[id_], document_) for id_, document_ in made.items())
    if connection.dialect.name == "sqlite":
        insert = "INSERT INTO search_index(rowid, tokens) VALUES (:id, :tokens)"
        _execute_tokens(connection, insert, documents)
    elif documents:
        rows = [_vector_row(id_, of) for id_, of in documents]
        connection.execute(_INSERT_VECTORS, {name: [row[name] for row in rows] for name in rows[0]})


def _execute_tokens(connection: Connection, statement: str, documents: list[tuple[int, Document]]) -> None:
    # ascending, as FTS5 writes a segment whenever an id is lower than the one before
    rows = [{"id": id_, "tokens": " ".join(document_tokens(of))} for id_, of in documents]
    if rows:
        connection.exec_driver_sql(statement, rows)


_INSERT_VECTORS = text(
    "INSERT INTO search_index (id, title, body, source, vector)"
    # a text of tokens goes over five times as fast as an array of them
    " SELECT id, title, body, source, array_to_tsvector(string_to_array(tokens, ' '))"
    " FROM unnest(CAST(:id AS bigint[]), CAST(:title AS text[]), CAST(:body AS text[]),"
    " CAST(:source AS text[]), CAST(:tokens AS text[])) AS offered(id, title, body, source, tokens)"
)


def _vector_row(id_: int, of: Document) -> dict[str, Any]:
    return {
        "id": id_,
        "title": f" {' '.join(of.title)} ",
        "body": f" {' '.join(of.body)} ",
        "source": f" {' '.join(of.source)} ",
        "tokens": " ".join(set(document_tokens(of))),
    }


def _free_ids(connection: Connection, sources: Iterable[_Source]) -> dict[int, int]:
    """An id for each article: its minute, then some bits of its own id, or the next one that is free."""
    wanted = {source.article_id: _wanted_id(source) for source in sources}
    taken: set[int] = set()
    ids: dict[int, int] = {}
    while wanted:
        searched = models.SearchDocument.id
        taken.update(
            connection.scalars(select(searched).where(among(connection, searched, set(wanted.values()))))
        )
        again = {}
        for article_id, id_ in sorted(wanted.items()):
            if id_ in taken:
                again[article_id] = id_ + 1
            else:
                ids[article_id] = id_
                taken.add(id_)
        wanted = again
    return ids


def _wanted_id(source: _Source) -> int:
    if source.published_day is None:
        return source.article_id % UNDATED
    minute = 0
    if source.published_at is not None:
        local = source.published_at + timedelta(minutes=source.published_offset or 0)
        minute = local.hour * 60 + local.minute
    return first_id(source.published_day) + minute * _MINUTE + source.article_id % _MINUTE
