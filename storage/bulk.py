"""Many rows or many keys in one statement, in each database's own quickest way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, String, Text, bindparam, column, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.rows import Row


def among(connection: Connection, key: Any, values: Iterable[int] | Iterable[str]) -> ColumnElement[bool]:
    """The condition that a column has one of `values`.

    They go as one parameter, of which the databases take any length: PostgreSQL
    as an array, SQLite as JSON (it takes but 999 parameters in older versions).
    """
    if connection.dialect.name == "postgresql":
        array = bindparam("offered", list(values), _array(key.type), unique=True)
        # a join, where "= ANY" may compare each row with each value
        each = func.unnest(array).table_valued(column("value"), name="offered").render_derived()
    else:
        each = func.json_each(json.dumps(list(values))).table_valued("value")
    return key.in_(select(each.c.value))  # type: ignore[no-any-return]


def insert_rows(connection: Connection, table: Any, rows: Sequence[Row], skip_held: bool = False) -> None:
    """Inserts rows that all have the same columns; `skip_held` leaves out those whose key is held already."""
    if not rows:
        return
    columns = tuple(rows[0])
    if connection.dialect.name == "postgresql":
        # a column as one array costs a tenth of a statement a row
        arrays = {name: [row[name] for row in rows] for name in columns}
        connection.execute(_insert_arrays(table.__table__, columns, skip_held), arrays)
        return
    statement = sqlite.insert(table)
    connection.execute(statement.on_conflict_do_nothing() if skip_held else statement, list(rows))


def upsert(
    connection: Connection,
    table: Any,
    rows: Sequence[Row],
    key: Sequence[str],
    new: Callable[[Any], Row],
) -> None:
    """Inserts rows one by one; `new` maps the offered row to what a held row with its key takes from it."""
    if not rows:
        return
    statement: Any = (
        postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    )
    statement = statement.on_conflict_do_update(index_elements=list(key), set_=new(statement.excluded))
    connection.execute(statement, list(rows))


@cache
def _insert_arrays(table: Any, columns: tuple[str, ...], skip_held: bool) -> Any:
    """INSERT ... SELECT FROM unnest(a column's values, ...)."""
    arrays = [bindparam(name, type_=_array(table.c[name].type)) for name in columns]
    source = func.unnest(*arrays).table_valued(*map(column, columns), name="offered").render_derived()
    statement = postgresql.insert(table).from_select(list(columns), select(*source.c))
    return statement.on_conflict_do_nothing() if skip_held else statement


def _array(type_: Any) -> ARRAY[Any]:
    # a collation belongs to the column, not to the array
    return ARRAY(Text() if isinstance(type_, String) else type_)
