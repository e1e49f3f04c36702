"""Takes rows out of the store: views to files, row by row, and the whole store into a SQLite file.

Nothing is held but some rows at a time, however many there are. A file appears
under its name only when it is complete.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.exc import DBAPIError

from storage import search_index
from storage.bulk import insert_rows
from storage.columns import plain
from storage.database import connect, one_line, writing
from storage.errors import StoreError
from storage.migrate import upgrade
from storage.models import Base, Division, SearchAlias, SearchDocument, Setting

ROWS = 500
"""Rows that are read at a time."""

CACHE = 8_192
"""Kibibytes of a SQLite file that are kept in memory: each row is read once."""

# the columns that --since and --until look at, the first that a view has
_DAYS = ("published_day", "first_day", "started_at")

Row = Sequence[Any]
Note = Callable[[int], None]
"""Is told after each part how many rows more are written."""


@dataclass(slots=True, frozen=True)
class Selection:
    """What to export: a view, days of publication (both included), and a condition in SQL."""

    view: str
    since: date | None = None
    until: date | None = None
    where: str = ""


def statement(connection: Connection, of: Selection) -> tuple[str, dict[str, Any]]:
    """The query of a selection with its values. Raises `StoreError` for a name that is not there."""
    names = sorted(inspect(connection).get_view_names())
    if of.view not in names:
        raise StoreError(f"there is no {of.view} to export: choose from {', '.join(names)}")
    conditions, values = [], dict[str, Any]()
    if of.since or of.until:
        day = _day_column(connection, of.view)
        if of.since:
            conditions.append(f"{day} >= :since")
            values["since"] = str(of.since)
        if of.until:
            conditions.append(f"{day} < :after")
            values["after"] = str(of.until + timedelta(days=1))
        if connection.dialect.name == "postgresql":
            conditions = [c.replace(":since", "CAST(:since AS date)") for c in conditions]
            conditions = [c.replace(":after", "CAST(:after AS date)") for c in conditions]
    if of.where:
        # a colon in a text is not the name of a parameter
        conditions.append(f"({of.where.replace(':', chr(92) + ':')})")
    sql = f"SELECT * FROM {of.view}"  # noqa: S608 - a name from the list above, and the user's own condition
    return (f"{sql} WHERE {' AND '.join(conditions)}" if conditions else sql), values


def _day_column(connection: Connection, view: str) -> str:
    columns = {column["name"] for column in inspect(connection).get_columns(view)}
    for name in _DAYS:
        if name in columns:
            return name
    raise StoreError(f"{view} has no day of publication: --since and --until don't apply")


def count(connection: Connection, of: Selection) -> int:
    """The number of rows of a selection."""
    sql, values = statement(connection, of)
    with _refusals():
        counted = text(f"SELECT count(*) FROM ({sql}) AS counted")  # noqa: S608
        return int(connection.execute(counted, values).scalar_one())


@contextmanager
def open_rows(connection: Connection, of: Selection) -> Iterator[tuple[list[str], Iterator[Row]]]:
    """The columns and rows of a selection, read as they are needed."""
    sql, values = statement(connection, of)
    with _refusals():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE}")
        result = connection.execute(text(sql).execution_options(stream_results=True, yield_per=ROWS), values)
        try:
            yield list(result.keys()), ([plain(value) for value in row] for row in result)
        finally:
            result.close()


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StoreError(f"the export failed: {one_line(error)}") from None


# --- files ---


def write_csv(out: IO[str], columns: Sequence[str], rows: Iterator[Row], note: Note) -> None:
    """CSV; the file is opened with encoding utf-8-sig and newline "", so that Excel reads Chinese."""
    writer = csv.writer(out)
    writer.writerow(columns)
    for part in _parts(rows):
        writer.writerows(part)
        note(len(part))


def write_json_lines(out: IO[str], columns: Sequence[str], rows: Iterator[Row], note: Note) -> None:
    """One JSON object a row."""
    for part in _parts(rows):
        for row in part:
            record = dict(zip(columns, row, strict=True))
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
        note(len(part))


def write_parquet(path: Path, columns: Sequence[str], rows: Iterator[Row], note: Note) -> None:
    """Parquet; a column is a number or text, as the database gives it; needs pyarrow.

    Types are taken from the first `ROWS` rows that have a value in the column.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise StoreError(
            "parquet needs pyarrow: install the extra, as in pip install 'gongyi-news[parquet]'"
        ) from None
    pool = pa.system_memory_pool()  # its own ones keep what was freed
    writer = None
    try:
        for part in _parts(rows):
            values = [[row[at] for row in part] for at in range(len(columns))]
            if writer is None:
                fields = [(name, _arrow_type(pa, held)) for name, held in zip(columns, values, strict=True)]
                schema = pa.schema(fields)
                writer = parquet.ParquetWriter(path, schema, memory_pool=pool, use_dictionary=False)
            arrays = [
                pa.array(
                    [None if v is None else str(v) for v in held] if pa.types.is_string(kind) else held,
                    kind,
                    memory_pool=pool,
                )
                for held, kind in zip(values, schema.types, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            note(len(part))
        if writer is None:
            writer = parquet.ParquetWriter(path, pa.schema([(name, pa.string()) for name in columns]))
    finally:
        if writer is not None:
            writer.close()


def _arrow_type(pa: Any, values: Sequence[Any]) -> Any:
    held = [value for value in values if value is not None]
    if held and all(isinstance(value, int) for value in held):
        return pa.int64()
    if held and all(isinstance(value, int | float) for value in held):
        return pa.float64()
    return pa.string()


def _parts(rows: Iterator[Row]) -> Iterator[list[Row]]:
    part: list[Row] = []
    for row in rows:
        part.append(row)
        if len(part) == ROWS:
            yield part
            part = []
    if part:
        yield part


@contextmanager
def complete_file(path: Path) -> Iterator[Path]:
    """A path to write to, that takes the place of `path` when the block ends without an error."""
    part = path.with_name(f"{path.name}.part")
    try:
        yield part
        os.replace(part, path)  # noqa: PTH105 - a file of that name gives way
    finally:
        part.unlink(missing_ok=True)


# --- the whole store ---


def snapshot(connection: Connection, path: Path, note: Note) -> None:
    """Writes the store to a SQLite file, which must not exist; its search index is made anew.

    Raises `StoreError` when it exists or can't be written.
    """
    if path.exists():
        raise StoreError(f"{path} exists already")
    with complete_file(path) as part:
        part.unlink(missing_ok=True)
        engine = connect(f"sqlite:///{part}")
        try:
            upgrade(engine)
            with writing(engine) as target:
                models = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
                for table in Base.metadata.sorted_tables:
                    if models[table] not in (Setting, SearchDocument, SearchAlias):
                        _copy(connection, target, models[table], note)
                search_index.rebuild(target)
            with engine.connect() as target:
                target.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            engine.dispose()


def _copy(source: Connection, target: Connection, model: Any, note: Note) -> None:
    table = model.__table__
    query = select(*(column for column in table.c if column.computed is None)).execution_options(
        stream_results=True, yield_per=ROWS
    )
    for rows in source.execute(query).mappings().partitions():
        # the new file has the upper divisions of China already
        insert_rows(target, model, [dict(row) for row in rows], skip_held=model is Division)
        note(len(rows))
