"""Looks after a store: is it whole, how large is it, what can go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from storage import models
from storage.database import one_line, writing
from storage.models import Base
from storage.search_index import document_of
from storage.search_text import document_tokens, tokens
from storage.summaries import rebuild_summaries, wrong_summaries

SAMPLE = 500
"""Articles whose text is compared with the search index."""


def check(connection: Connection) -> Iterator[str]:
    """Yields one line for each thing that is wrong; nothing is changed."""
    for part in (_integrity, _orphans, _offsets, _summaries, _search):
        try:
            yield from part(connection)
        except DBAPIError as error:
            # a damaged file answers some questions and not others
            yield f"the database can't be read: {one_line(error)}"


def _integrity(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "postgresql":
        query = text(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE NOT i.indisvalid AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"
        )
        yield from (f"the index {name} is not valid: REINDEX it" for name in connection.scalars(query))
        return
    for lines in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
        yield from (f"the file is damaged: {line}" for line in lines.splitlines() if line != "ok")
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} names a row of {parent} that is not there"


def _orphans(connection: Connection) -> Iterator[str]:
    """Rows that no other row needs: they are harmless, and say that something was taken out in part."""
    version, text_, print_ = models.ArticleVersion, models.Text, models.Fingerprint
    teaser = models.TeaserText
    queries = {
        "texts that no article has": select(func.count())
        .select_from(text_)
        .where(~select(version.article_id).where(version.text_id == text_.id).exists()),
        "fingerprints that no text and no teaser has": select(func.count())
        .select_from(print_)
        .where(
            ~select(version.article_id).where(version.fingerprint_id == print_.id).exists(),
            ~select(teaser.article_id).where(teaser.fingerprint_id == print_.id).exists(),
        ),
        "written forms that no text has": select(func.count())
        .select_from(models.Alias)
        .where(~select(models.Mention.text_id).where(models.Mention.alias_id == models.Alias.id).exists()),
        "entities without a written form": select(func.count())
        .select_from(models.Entity)
        .where(~select(models.Alias.id).where(models.Alias.entity_id == models.Entity.id).exists()),
    }
    for what, query in queries.items():
        if number := connection.scalar(query):
            yield f"{number} {what}"


def _offsets(connection: Connection) -> Iterator[str]:
    mention, alias, body = models.Mention, models.Alias, models.Text
    stands = func.substr(body.body, mention.start_offset + 1, mention.end_offset - mention.start_offset)
    query = (
        select(func.count())
        .select_from(mention)
        .join(alias, alias.id == mention.alias_id)
        .join(body, body.id == mention.text_id)
        .where((stands != alias.name) | (mention.end_offset > func.length(body.body)))
    )
    if number := connection.scalar(query):
        yield f"{number} mentions do not say what stands at their offsets"


def _summaries(connection: Connection) -> Iterator[str]:
    for name, number in wrong_summaries(connection):
        yield f"{number} rows of {name} are not what follows from other tables: run scrapy db vacuum"


def _search(connection: Connection) -> Iterator[str]:
    searched, article = models.SearchDocument, models.Article
    missing = (
        select(func.count())
        .select_from(article)
        .outerjoin(searched, searched.article_id == article.id)
        .where(searched.version.is_distinct_from(article.version))
    )
    if number := connection.scalar(missing):
        yield f"{number} articles are not in the search index in their present version"
    if connection.dialect.name == "sqlite":
        entries = "SELECT count(*) FROM search_index WHERE search_index MATCH '\"§a\"'"
    else:
        entries = "SELECT count(*) FROM search_index"
    held, documents = connection.scalar(text(entries)), connection.scalar(select(func.count(searched.id)))
    if held != documents:
        yield f"the search index has {held} entries for {documents} articles"
    sample = (
        select(searched.id, searched.article_id, searched.marks).order_by(searched.id.desc()).limit(SAMPLE)
    )
    wrong = sum(not _holds(connection, *list[Any](row)) for row in connection.execute(sample).all())
    if wrong:
        yield f"of {SAMPLE} articles that were compared, {wrong} are not in the search index as they stand"


def _holds(connection: Connection, id_: int, article_id: int, marks: str) -> bool:
    """Whether the index has the title and the marks of an article under its id."""
    of = document_of(connection, article_id)
    if of is None or set(of.marks) != set(marks.split()):
        return False
    if connection.dialect.name == "sqlite":
        quoted = [
            f'"{token}"' for token in dict.fromkeys([*tokens(of.title), *tokens(of.body)[-50:], *of.marks])
        ]
        query = text("SELECT count(*) FROM search_index WHERE search_index MATCH :match AND rowid = :id")
        return bool(connection.scalar(query, {"match": " AND ".join(quoted), "id": id_}) == 1)
    query = text("SELECT count(*) FROM search_index WHERE id = :id AND vector = array_to_tsvector(:tokens)")
    return bool(connection.scalar(query, {"id": id_, "tokens": list(set(document_tokens(of)))}) == 1)


def stats(connection: Connection) -> list[tuple[str, int, int | None]]:
    """Each table with its rows and bytes (indexes included; None when the database does not tell)."""
    names = sorted(table.name for table in Base.metadata.sorted_tables)
    sizes = _sizes(connection)
    found: list[tuple[str, int, int | None]] = []
    for name in names:
        rows = connection.scalar(select(func.count()).select_from(Base.metadata.tables[name]))
        found.append((name, int(rows or 0), sizes.get(name)))
    documents = connection.scalar(select(func.count(models.SearchDocument.id)))
    return [*found, ("search_index", int(documents or 0), sizes.get("search_index"))]


def _sizes(connection: Connection) -> dict[str, int]:
    if connection.dialect.name == "postgresql":
        query = text(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        )
        return {name: int(size) for name, size in connection.execute(query)}
    options = connection.exec_driver_sql("PRAGMA compile_options").scalars().all()
    if "ENABLE_DBSTAT_VTAB" not in options:
        return {}
    query = text(
        "SELECT coalesce(tbl_name, stat.name), sum(pgsize) FROM dbstat AS stat"
        " LEFT JOIN sqlite_master AS made ON made.name = stat.name GROUP BY 1"
    )
    found: dict[str, int] = {}
    for name, size in connection.execute(query):
        owner = "search_index" if name.startswith("search_index") else name
        found[owner] = found.get(owner, 0) + int(size)
    return found


def vacuum(engine: Engine) -> None:
    """Gives room back, merges the search index and makes summaries that are wrong anew.

    On SQLite readers and writers wait meanwhile.
    """
    with writing(engine) as connection:
        if any(wrong_summaries(connection)):
            rebuild_summaries(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT gin_clean_pending_list('ix_search_index_vector'::regclass)"))
            connection.execute(text("VACUUM ANALYZE"))
            return
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("INSERT INTO search_index(search_index) VALUES ('optimize')")
        raw.commit()
        cursor.execute("VACUUM")
        cursor.execute("ANALYZE")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        raw.close()


def drop_archive(engine: Engine, folder: Path, older_than: timedelta) -> list[str]:
    """Deletes archive files whose last fetch is older, and marks them as dropped; returns their names.

    Fetches keep the file and offset where their bytes lay. Raises OSError when
    a file can't be deleted; those before it are marked.
    """
    fetch, dropped = models.Fetch, models.DroppedArchive
    query = (
        select(fetch.warc_file)
        .where(fetch.warc_file.is_not(None), fetch.warc_file.not_in(select(dropped.file)))
        .group_by(fetch.warc_file)
        .having(func.max(fetch.fetched_at) < datetime.now(UTC) - older_than)
        .order_by(fetch.warc_file)
    )
    with engine.connect() as connection:
        files = [str(file) for file in connection.scalars(query)]
    for file in files:
        # marked after it is gone: a run that is cut off between the two ends the work the next time
        (folder / file).unlink(missing_ok=True)
        with writing(engine) as connection:
            connection.execute(delete(dropped).where(dropped.file == file))
            connection.execute(insert(dropped).values(file=file, dropped_at=datetime.now(UTC)))
    return files
