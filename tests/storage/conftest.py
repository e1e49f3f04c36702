"""An open store of either kind, and pages to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from pipelines.dedup import fingerprint
from pipelines.models import Article, Moment, Page, SiteHints
from storage import Store, open_store

HOST = "http://news.jiangwan.example"
FETCHED = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def rows(store: Store) -> Callable[..., list[tuple[Any, ...]]]:
    """Runs a query and gives its rows as tuples, exactly as the database's driver says them."""

    def query(sql: str, **values: Any) -> list[tuple[Any, ...]]:
        with store.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]

    return query


def local(day: int, hour: int = 0, minute: int = 0) -> Moment:
    """A time in November 2026 in China; the day alone when no hour is given."""
    zone = __import__("zoneinfo").ZoneInfo("Asia/Shanghai")
    return Moment(datetime(2026, 11, day, hour, minute, tzinfo=zone), "minute" if hour else "day")


def page(
    path: str,
    *paragraphs: str,
    title: str = "志愿者走进社区",
    published: Moment | None = None,
    host: str = HOST,
    site: str = "jiangwan",
    later: int = 0,
    **fields: Any,
) -> Page:
    """A page with an article; `later` is in minutes after the first fetch."""
    url = host + path
    article = Article(
        url, "article", title, published or local(21, 8, 5), paragraphs=list(paragraphs), charset="utf-8"
    )
    for name, value in fields.items():
        setattr(article, name, value)
    if paragraphs and "fingerprint" not in fields:
        article.fingerprint = fingerprint(article.body, title)
    return Page(
        url,
        url,
        200,
        {},
        b"",
        FETCHED + timedelta(minutes=later),
        SiteHints(site, "江湾新闻网"),
        article=article,
    )
