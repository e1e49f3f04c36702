"""Many rows or many keys in one statement, in one way for all tables and on both databases.

A statement is made once for a table and the columns that are written. Values go
to the driver a column at a time: `_plain` has the conversions, which are those
of the columns' own types. SQLAlchemy's way, a statement and a dict of
parameters for each row, costs five times as much.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import ARRAY, ColumnElement, Connection, Dialect, String, Table, Text, bindparam
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.rows import Row

_DIALECTS: Final[Mapping[str, Dialect]] = {
    "sqlite": sqlite.dialect(),
    "postgresql": psycopg.dialect(),  # type: ignore[no-untyped-call]
}


# --- rows ---


def insert_rows(connection: Connection, table: Any, rows: Sequence[Row], skip_held: bool = False) -> None:
    """Inserts rows that all have the same columns; `skip_held` leaves out those whose key is held already."""
    _write(connection, table.__table__, rows, "ON CONFLICT DO NOTHING" if skip_held else "")


def insert_columns(connection: Connection, table: Any, columns: Mapping[str, Sequence[Any]]) -> None:
    """Inserts what stands at the same place of each column: for many narrow rows, without a dict for each."""
    if not next(iter(columns.values())):
        return
    names, dialect = tuple(columns), connection.dialect.name
    conversions = _conversions(dialect, table.__table__, names)
    values = [
        list(map(convert, column)) if convert else column
        for convert, column in zip(conversions, columns.values(), strict=True)
    ]
    _send(connection, _insert(dialect, table.__table__, names, ""), values)


def upsert(
    connection: Connection,
    table: Any,
    rows: Sequence[Row],
    key: Sequence[str],
    new: Callable[[Any], Row],
) -> None:
    """Inserts rows in order; `new` maps the offered row to what a held row with its key takes from it."""
    dialect = _DIALECTS[connection.dialect.name]
    taken = new(sqlite.insert(table).excluded)
    changes = ", ".join(f"{name} = {value.compile(dialect=dialect)}" for name, value in taken.items())
    conflict = f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"
    for some in _without_repeats(rows, itemgetter(*key)):
        _write(connection, table.__table__, some, conflict)


def _without_repeats(rows: Sequence[Row], key: Callable[[Row], Any]) -> Collection[list[Row]]:
    """Rows in groups without two of one key: PostgreSQL changes a row but once in a statement."""
    seen: defaultdict[Any, int] = defaultdict(int)
    groups: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        offered = key(row)
        groups[seen[offered]].append(row)
        seen[offered] += 1
    return groups.values()


def _write(connection: Connection, table: Table, rows: Sequence[Row], conflict: str) -> None:
    if not rows:
        return
    names, dialect = tuple(rows[0]), connection.dialect.name
    statement = _insert(dialect, table, names, conflict)
    _send(connection, statement, _plain(dialect, table, names, rows))


def _send(connection: Connection, statement: str, columns: Sequence[Sequence[Any]]) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(statement, tuple(columns))
    else:
        connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


@cache
def _insert(dialect: str, table: Table, names: tuple[str, ...], conflict: str) -> str:
    """The statement, which takes a list of tuples on SQLite, and on PostgreSQL an array for each column."""
    if dialect == "postgresql":
        # in binary form; a column as one array costs a tenth of a statement a row
        arrays = (_array(table.c[name].type).compile(dialect=_DIALECTS[dialect]) for name in names)
        source = f"SELECT * FROM unnest({', '.join(f'%b::{type_}' for type_ in arrays)})"  # noqa: S608 - our own names
    else:
        source = f"VALUES ({', '.join('?' * len(names))})"
    return f"INSERT INTO {table.name} ({', '.join(names)}) {source} {conflict}"


def _plain(dialect: str, table: Table, names: tuple[str, ...], rows: Sequence[Row]) -> list[list[Any]]:
    """What the driver takes, by column. Raises ValueError or TypeError for what its type refuses."""
    columns = []
    for name, convert in zip(names, _conversions(dialect, table, names), strict=True):
        values = [row[name] for row in rows]
        columns.append(values if convert is None else list(map(convert, values)))
    return columns


@cache
def _conversions(
    dialect: str, table: Table, names: tuple[str, ...]
) -> tuple[Callable[[Any], Any] | None, ...]:
    """How each column's type gives its values to the driver, times and days as text; None for as they are."""
    chosen = _DIALECTS[dialect]
    return tuple(table.c[name].type.dialect_impl(chosen).bind_processor(chosen) for name in names)


def _array(type_: TypeEngine[Any]) -> ARRAY[Any]:
    # a collation belongs to the column, not to the array
    return ARRAY(Text() if isinstance(type_, String) else type_)


# --- keys ---


def one_of(key: Any, name: str) -> ColumnElement[bool]:
    """The condition that a column has one of the values of the parameter `name`, a collection of any length.

    For statements that are made once, at the top of a module: making one anew
    costs more than running it.
    """
    return _is_offered(key, bindparam(name, type_=_Offered(key.type)))


def rows_for(connection: Connection, statement: Any, keys: Collection[int] | Collection[str]) -> list[Any]:
    """All rows of a statement whose parameter `keys` (see `one_of`) is given; none without keys."""
    return list(connection.execute(statement, {"keys": keys}).all()) if keys else []


def run_for(connection: Connection, statement: Any, keys: Collection[int] | Collection[str]) -> None:
    """Runs a statement that gives no rows, with its parameter `keys`."""
    if keys:
        connection.execute(statement, {"keys": keys})


def among(_connection: Connection, key: Any, values: Iterable[int] | Iterable[str]) -> ColumnElement[bool]:
    """The condition that a column has one of `values`, for statements that differ from call to call."""
    return _is_offered(key, bindparam("offered", list(values), _Offered(key.type), unique=True))


def _is_offered(key: Any, offered: Any) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = key.bool_op("IN")(_each(offered))
    return condition


class _Offered(TypeDecorator[Collection[Any]]):
    """Values as one parameter, of which the databases take any length.

    PostgreSQL has an array, SQLite JSON (it takes but 999 parameters in older versions).
    """

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(_array(self.item) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


class _each(FunctionElement[Any]):  # noqa: N801 - named as functions are
    """The values of a parameter as a column."""

    inherit_cache = True


@compiles(_each, "sqlite")
def _each_of_json(element: _each, compiler: SQLCompiler, **options: Any) -> str:
    values = compiler.process(element.clauses, **options)
    return f"(SELECT value FROM json_each({values}))"  # noqa: S608 - a parameter


@compiles(_each, "postgresql")
def _each_of_array(element: _each, compiler: SQLCompiler, **options: Any) -> str:
    # a join, where "= ANY" may compare each row with each value
    values = compiler.process(element.clauses, **options)
    return f"(SELECT value FROM unnest({values}) AS offered(value))"  # noqa: S608 - a parameter
