"""What the store holds of pages by their URL, and which of them are worth another visit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, Select, func, select

from pipelines.urls import url_id
from storage import models
from storage.bulk import among, upsert
from storage.leases import clock
from storage.operations import PageAlias


@dataclass(slots=True, frozen=True)
class Known:
    """What the store holds of a URL: when it was first fetched, and what its last fetch gave.

    `born_at` is when its article was put out, as far as that is earlier than
    the first fetch, else the first fetch; `last_failure` is "" when the last
    fetch went well.
    """

    first_seen_at: datetime
    has_article: bool
    last_status: int
    last_fetched_at: datetime
    last_failure: str
    born_at: datetime


def known(connection: Connection, urls: Sequence[str]) -> dict[str, Known]:
    """What the store holds of canonical URLs, or of the pages to which they led; others are left out."""
    asked = {url_id(url): url for url in urls}
    held = _held(connection, asked)
    aliases = (
        select(PageAlias.id, models.Page.url)
        .join(models.Page, models.Page.id == PageAlias.page_id)
        .where(among(connection, PageAlias.id, asked))
    )
    led_to = {asked[id_]: url for id_, url in connection.execute(aliases)}
    at = _held(connection, map(url_id, led_to.values()))
    # what a URL leads to tells more than what it was before it moved
    return held | {url: at[target] for url, target in led_to.items() if target in at}


def pages_to_visit(
    connection: Connection,
    site: str,
    first_seen_after: datetime,
    is_due: Callable[[Known], bool],
    limit: int,
) -> list[str]:
    """URLs of a site's pages that are due, newest first, without those that moved and failed lists."""
    moved = select(PageAlias.id)
    query = (
        _states()
        .join(models.Site, models.Site.id == models.Page.site_id)
        .where(
            models.Site.name == site,
            models.Page.first_seen_at > first_seen_after,
            models.Page.id.not_in(moved),
            func.coalesce(models.Fetch.failure_stage, "") != "list",
        )
        .order_by(models.Page.first_seen_at.desc(), models.Page.url)
    )
    due: list[str] = []
    for url, state in map(_state, connection.execute(query)):
        if is_due(state):
            due.append(url)
            if len(due) == limit:
                break
    return due


def save_aliases(connection: Connection, led_to: Mapping[str, str]) -> None:
    """Notes URLs that led to another URL's page; those whose page is not stored are left out."""
    ids = {url: url_id(target) for url, target in led_to.items() if url != target}
    stored = set(
        connection.scalars(select(models.Page.id).where(among(connection, models.Page.id, ids.values())))
    )
    now = clock(connection)
    rows = [
        {"id": url_id(url), "url": url, "page_id": id_, "seen_at": now}
        for url, id_ in sorted(ids.items())
        if id_ in stored
    ]
    upsert(
        connection,
        PageAlias,
        rows,
        ["id"],
        lambda new: {"page_id": new.page_id, "seen_at": new.seen_at},
    )


def _held(connection: Connection, ids: Iterable[int]) -> dict[str, Known]:
    rows = connection.execute(_states().where(among(connection, models.Page.id, ids)))
    return dict(map(_state, rows))


def _states() -> Select[*tuple[Any, ...]]:
    page, fetch, article, version = models.Page, models.Fetch, models.Article, models.ArticleVersion
    return (
        select(
            page.url,
            page.first_seen_at,
            article.id,
            fetch.status,
            page.last_fetched_at,
            fetch.failure_reason,
            version.published_at,
            version.published_day,
        )
        .join(fetch, (fetch.page_id == page.id) & (fetch.fetched_at == page.last_fetched_at))
        .outerjoin(article, article.id == page.id)
        .outerjoin(version, models.IS_PRESENT)
    )


def _state(row: Any) -> tuple[str, Known]:
    url, first_seen_at, article, status, last_fetched_at, failure, published_at, published_day = row
    born_at = min(first_seen_at, _moment(published_at, published_day) or first_seen_at)
    return url, Known(first_seen_at, article is not None, status, last_fetched_at, failure or "", born_at)


def _moment(at: datetime | None, day: date | None) -> datetime | None:
    if at is not None or day is None:
        return at
    return datetime.combine(day, time(), UTC)
