"""Engines: SQLite for a machine of one's own, PostgreSQL for production.

Turns whatever keeps a database from being used into one clear line.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from storage.errors import StoreError

BUSY_TIMEOUT = 30.0
"""Seconds that a writer waits for another one to finish; readers never wait in WAL mode."""

SQLITE_CACHE = 65_536
"""Kibibytes of a SQLite file that a connection keeps in memory."""

SQLITE_CHECKPOINT = 8192
"""Pages of the write-ahead log until it is put into the file: one that each batch changes goes there once."""

CONNECT_TIMEOUT = 10
"""Seconds to wait for a PostgreSQL server to answer."""

_POSTGRESQL = ("postgresql", "postgresql+psycopg")
# classes of SQLSTATE in which the fault is the server's, the connection's or the tables', not the data's
_SERVER_TROUBLE = ("08", "25", "28", "3D", "42", "53", "57", "58", "XX")


def connect(url: str) -> Engine:
    """Returns an engine whose database answers; raises `StoreError` in one line otherwise.

    `url` is sqlite:///FILE (the file's folder is made when it is missing),
    postgresql:// or postgresql+psycopg://.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # the text may hold a password, so it is not repeated
        raise StoreError(
            "not a database URL: use sqlite:///FILE or postgresql://USER@HOST/DATABASE"
        ) from None
    if parsed.drivername == "sqlite":
        return _sqlite(parsed)
    if parsed.drivername in _POSTGRESQL:
        return _postgresql(parsed.set(drivername="postgresql+psycopg"))
    raise StoreError(
        f"unknown kind of database {parsed.drivername!r}: use sqlite:///FILE or postgresql://HOST/DATABASE"
    )


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write; it waits for the other writer first, so none sees half of a state."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            # one writer at a time for each schema: relations are decided on all that is stored
            connection.execute(
                text("SELECT pg_advisory_xact_lock(hashtext('store'), hashtext(current_schema()))")
            )
        yield connection


def is_server_trouble(error: DBAPIError) -> bool:
    """Tells a failing connection, server or disk from data that the database refuses."""
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.OperationalError):
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return type(error.orig).__name__ in ("OperationalError", "InterfaceError")
    return str(state).startswith(_SERVER_TROUBLE)


def one_line(error: BaseException) -> str:
    """The first line of an error that says something, without the statement that met it."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    return (lines[0] if lines else type(cause).__name__)[:300]


def place(url: URL) -> str:
    """A database's address without user, password and options."""
    if url.drivername.startswith("sqlite"):
        return url.database or "memory"
    return f"{url.host or 'local server'}{f':{url.port}' if url.port else ''}/{url.database or ''}"


# --- SQLite ---


def _sqlite(url: URL) -> Engine:
    in_memory = url.database in (None, "", ":memory:")
    if not in_memory:
        _make_folder(url)
    arguments: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    engine = create_engine(
        url, connect_args={"timeout": BUSY_TIMEOUT, "check_same_thread": False}, **arguments
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    try:
        _use_wal(engine)
    except (DBAPIError, sqlite3.Error) as error:
        engine.dispose()
        raise StoreError(f"cannot use the database {place(url)}: {one_line(error)}") from error
    return engine


def _make_folder(url: URL) -> None:
    file = Path(str(url.database))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.is_dir():
            raise StoreError(f"the database {file} is a folder")
    except OSError as error:
        raise StoreError(f"cannot make the folder {file.parent}: {error.strerror}") from error
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise StoreError(f"no permission to write in the folder {file.parent.absolute()}")
    if file.exists() and not os.access(file, os.R_OK | os.W_OK):
        raise StoreError(f"no permission to write the database {file}")


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # transactions begin where we say, not before the first write
    try:
        connection.execute("PRAGMA foreign_keys = ON").close()
        connection.execute("PRAGMA synchronous = NORMAL").close()
        connection.execute(f"PRAGMA cache_size = -{SQLITE_CACHE}").close()
        connection.execute(f"PRAGMA wal_autocheckpoint = {SQLITE_CHECKPOINT}").close()
    except sqlite3.Error:
        connection.close()
        raise


def _begin_sqlite(connection: Connection) -> None:
    # a transaction that reads and then writes is refused when another wrote between; so lock at once
    kind = "IMMEDIATE" if connection.get_execution_options().get("writing") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {kind}")


def _use_wal(engine: Engine) -> None:
    # the change of mode does not wait for other writers by itself
    deadline = time.monotonic() + BUSY_TIMEOUT
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        while True:
            try:
                if cursor.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
                    cursor.execute("PRAGMA journal_mode = WAL")
                break
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        cursor.close()
    finally:
        connection.close()


# --- PostgreSQL ---


def _postgresql(url: URL) -> Engine:
    arguments = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_TIMEOUT}
    engine = create_engine(url, connect_args=arguments, pool_pre_ping=True)
    try:
        with engine.connect() as connection:
            encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    except DBAPIError as error:
        engine.dispose()
        raise StoreError(f"cannot reach the database {place(url)}: {_reason(error)}") from None
    if encoding != "UTF8":
        engine.dispose()
        raise StoreError(f"the database {place(url)} is in {encoding}: Chinese text needs UTF8")
    return engine


def _reason(error: DBAPIError) -> str:
    # psycopg repeats the address and, after several tries, lists them: the last line has the reason
    lines = [line.strip() for line in str(error.orig).splitlines() if line.strip()]
    return lines[0].rpartition("failed: ")[2].removeprefix("FATAL:").strip() if lines else "no answer"
