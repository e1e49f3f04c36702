"""A reader's own SQL, without the power to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, select, text
from sqlalchemy.engine import CursorResult, make_url
from sqlalchemy.exc import DBAPIError, ResourceClosedError

from pipelines.models import ArchiveRef
from pipelines.urls import url_id
from storage.database import connect, one_line, place
from storage.errors import StoreError
from storage.migrate import require_store
from storage.models import DroppedArchive, Fetch

WORK_MEMORY = 65_536
"""Kibibytes that PostgreSQL may use for each sort or join of a reader's query."""


@contextmanager
def read_only(url: str) -> Iterator[Connection]:
    """Opens the database at `url`, refusing to write. Raises `StoreError` when it can't be opened."""
    engine = connect(url)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA query_only = ON")
            else:
                connection.exec_driver_sql("SET TRANSACTION READ ONLY")
                # compiling a query over these views takes longer than running it
                connection.exec_driver_sql("SET LOCAL jit = off")
                # as much as SQLite has: rows of the whole store are joined without a file
                connection.exec_driver_sql(f"SET LOCAL work_mem = '{WORK_MEMORY}kB'")
            yield connection
    finally:
        engine.dispose()


@contextmanager
def read_store(url: str) -> Iterator[Connection]:
    """Opens the store at `url`, refusing to write.

    Raises `StoreError` when it can't be opened, holds no store, or one with
    the tables of another version of this program.
    """
    file = make_url(url).database if url.startswith("sqlite:") else None
    if file and not Path(file).exists():
        raise StoreError(f"there is no database {file}: crawl something first")
    with read_only(url) as connection:
        try:
            require_store(connection)
        except DBAPIError as error:
            raise StoreError(
                f"cannot use the database {place(connection.engine.url)}: {one_line(error)}"
            ) from None
        yield connection


def run_query(connection: Connection, sql: str) -> CursorResult[tuple[object, ...]]:
    """Runs one statement and returns its result, to be read row by row.

    Raises `StoreError` in one line when the database refuses the statement or
    it gives no rows.
    """
    # a colon in a text, as in '12:30', is not the name of a parameter
    statement = text(sql.replace(":", r"\:")).execution_options(stream_results=True)
    try:
        result = connection.execute(statement)
        result.keys()
    except DBAPIError as error:
        raise StoreError(f"the query failed: {' '.join(str(error.orig).split())}") from None
    except ResourceClosedError:
        raise StoreError("the statement gives no rows; only queries are run here") from None
    return result


def last_fetch(connection: Connection, canonical: str) -> ArchiveRef | None:
    """Returns where the archive holds the last fetch of a canonical URL, None when it holds none.

    Raises `StoreError` when the database holds no store.
    """
    query = (
        select(Fetch.warc_file, Fetch.warc_offset)
        .where(
            Fetch.page_id == url_id(canonical),
            Fetch.warc_file.is_not(None),
            Fetch.warc_file.not_in(select(DroppedArchive.file)),
        )
        .order_by(Fetch.fetched_at.desc())
        .limit(1)
    )
    try:
        row = connection.execute(query).one_or_none()
    except DBAPIError as error:
        raise StoreError(f"the query failed: {' '.join(str(error.orig).split())}") from None
    return ArchiveRef(row.warc_file, row.warc_offset) if row else None
