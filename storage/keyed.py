"""Statements about the rows with given keys, each made once: making one costs more than many a query."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    CursorResult,
    Executable,
    Select,
    Text,
    bindparam,
    column,
    func,
    select,
)
from sqlalchemy.types import TypeEngine

_KEYS: Final = "offered_keys"

Keys = Select[Any]


class Keyed:
    """A statement that `make` makes of a selection of the keys, for `column.in_(...)`.

    The keys go as one parameter, as in `storage.bulk.among`; `words` says that they are no numbers.
    """

    __slots__ = ("_made", "_make", "_type")

    def __init__(self, make: Callable[[Keys], Executable], words: bool = False) -> None:
        self._make = make
        self._made: dict[str, Executable] = {}
        self._type: TypeEngine[Any] = Text() if words else BigInteger()

    def rows(
        self, connection: Connection, keys: Collection[int] | Collection[str], **others: Any
    ) -> list[Any]:
        """Runs it with these keys, and with values of its other parameters; returns all rows."""
        return list(self._execute(connection, keys, others).all()) if keys else []

    def run(self, connection: Connection, keys: Collection[int] | Collection[str], **others: Any) -> None:
        """Runs one that gives no rows."""
        if keys:
            self._execute(connection, keys, others)

    def _execute(
        self, connection: Connection, keys: Collection[int] | Collection[str], others: dict[str, Any]
    ) -> CursorResult[Any]:
        dialect = connection.dialect.name
        if dialect not in self._made:
            self._made[dialect] = self._make(self._selection(dialect))
        offered: Any = list(keys)
        if dialect != "postgresql":
            offered = json.dumps(offered)
        return connection.execute(self._made[dialect], {_KEYS: offered, **others})

    def _selection(self, dialect: str) -> Keys:
        if dialect == "postgresql":
            array = bindparam(_KEYS, type_=ARRAY(self._type))
            each: Any = func.unnest(array).table_valued(column("value"), name="offered").render_derived()
        else:
            each = func.json_each(bindparam(_KEYS, type_=Text())).table_valued("value")
        return select(each.c.value)
