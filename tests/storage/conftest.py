"""An open store of either kind, to put pages into and to look at what it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select, text

from storage import Store, open_store
from storage.models import Base
from storage.summaries import wrong_summaries

Rows = list[tuple[Any, ...]]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def right_summaries(store: Store) -> Iterator[None]:
    """Sees to it that, whatever a test wrote, the summaries follow from the other tables."""
    yield
    with store.engine.connect() as connection:
        assert list(wrong_summaries(connection)) == []


@pytest.fixture
def run_id(store: Store) -> int:
    return store.start_run("jiangwan", "江湾新闻网", "http://news.jiangwan.example/")


@pytest.fixture
def rows(store: Store) -> Callable[..., Rows]:
    """Runs a query and gives its rows; days and times as text, which both databases print alike."""

    def plain(value: Any) -> Any:
        return str(value) if hasattr(value, "isoformat") else value

    def query(sql: str, **values: Any) -> Rows:
        with store.engine.connect() as connection:
            return [tuple(plain(v) for v in row) for row in connection.execute(text(sql), values)]

    return query


@pytest.fixture
def everything(store: Store) -> Callable[[], dict[str, Rows]]:
    """Gives every row of every table."""

    def read() -> dict[str, Rows]:
        with store.engine.connect() as connection:
            return {
                table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for table in Base.metadata.sorted_tables
            }

    return read
