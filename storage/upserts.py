"""Insert on conflict, in the same words for both databases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from storage.rows import Row


def dialect_insert(connection: Connection, table: Any) -> Any:
    """The insert of the connection's database, which knows ON CONFLICT."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def insert_missing(connection: Connection, table: Any, rows: Sequence[Row]) -> None:
    """Inserts rows, leaving out those whose key is held already."""
    if rows:
        connection.execute(dialect_insert(connection, table).on_conflict_do_nothing(), rows)


def upsert(connection: Connection, table: Any, rows: Sequence[Row], key: Sequence[str], new: Any) -> None:
    """Inserts rows; `new` maps the offered row to the columns that a held row takes from it."""
    if rows:
        statement = dialect_insert(connection, table)
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=new(statement.excluded))
        connection.execute(statement, rows)
