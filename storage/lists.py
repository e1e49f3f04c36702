"""What the store remembers of list pages: their validators, and which articles they named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from sqlalchemy import Connection, delete, select

from pipelines.urls import url_id
from storage import models
from storage.bulk import among, insert_rows, upsert
from storage.operations import ListLink, ListPage
from storage.rows import storable

_ID: Final = np.dtype("<i8")


@dataclass(slots=True, frozen=True)
class ListState:
    """A list as it was when it was last read to its end.

    `url` is its first page; `etag` and `last_modified` are that page's
    validators (RFC 9110, section 8.8), "" when it gave none. `entries` are the
    page ids of the articles named on all its pages that were read, `links` the
    further lists that the first page leads to.
    """

    url: str
    read_at: datetime
    etag: str = ""
    last_modified: str = ""
    entries: frozenset[int] = frozenset()
    links: tuple[str, ...] = ()


def lists_of(connection: Connection, site: str) -> dict[str, ListState]:
    """The lists of a site by their URL."""
    links: dict[int, list[str]] = {}
    of_site = select(ListPage.id).join(models.Site).where(models.Site.name == site)
    query = select(ListLink.list_page_id, ListLink.url).where(ListLink.list_page_id.in_(of_site))
    for id_, url in connection.execute(query.order_by(ListLink.list_page_id, ListLink.position)):
        links.setdefault(id_, []).append(url)
    rows = connection.execute(
        select(ListPage).join(models.Site, models.Site.id == ListPage.site_id).where(models.Site.name == site)
    )
    return {
        row.url: ListState(
            row.url,
            row.read_at,
            row.etag,
            row.last_modified,
            _unpacked(row.entries),
            tuple(links.get(row.id, ())),
        )
        for row in rows
    }


def save_lists(connection: Connection, run: int, states: Sequence[ListState]) -> None:
    """Replaces what is remembered of lists of the run's site."""
    if not states:
        return
    site = connection.execute(select(models.Run.site_id).where(models.Run.id == run)).scalar_one()
    rows = [
        {
            "id": url_id(state.url),
            "url": state.url,
            "site_id": site,
            "read_at": state.read_at,
            "etag": storable(state.etag),
            "last_modified": storable(state.last_modified),
            "entries": _packed(state.entries),
        }
        for state in states
    ]
    changing = ("read_at", "etag", "last_modified", "entries")
    upsert(connection, ListPage, rows, ["id"], lambda new: {name: new[name] for name in changing})
    ids = [url_id(state.url) for state in states]
    connection.execute(delete(ListLink).where(among(connection, ListLink.list_page_id, ids)))
    links = [
        {"list_page_id": url_id(state.url), "position": position, "url": url}
        for state in states
        for position, url in enumerate(state.links)
    ]
    insert_rows(connection, ListLink, links)


def _packed(ids: Iterable[int]) -> bytes:
    return np.array(sorted(ids), _ID).tobytes()


def _unpacked(data: bytes) -> frozenset[int]:
    return frozenset(np.frombuffer(data, _ID).tolist())
