"""The templates that a site's articles were seen in: sketches to compare with, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np
from sqlalchemy import Connection, delete, select

from storage import models
from storage.bulk import among, upsert
from storage.leases import clock
from storage.operations import PageTemplate
from storage.rows import storable

_HASH: Final = np.dtype("<u4")

KEPT = 200
"""Templates of a site that are kept: those that were seen last. A site has one to ten."""


@dataclass(slots=True, frozen=True)
class SeenTemplate:
    """A template as it was first seen: on the page `url`, by the run `first_run_id`.

    `key` is made from the sketch, whose numbers have 32 bits; `way` is for people.
    """

    key: str
    sketch: tuple[int, ...]
    way: str
    url: str
    first_run_id: int
    first_seen_at: datetime


def templates_of(connection: Connection, site: str) -> list[SeenTemplate]:
    """The templates of a site, the one that was seen last first."""
    table = PageTemplate
    query = (
        select(table.key, table.sketch, table.way, table.url, table.first_run_id, table.first_seen_at)
        .join(models.Site, models.Site.id == table.site_id)
        .where(models.Site.name == site)
        .order_by(table.last_seen_at.desc(), table.key)
    )
    return [
        SeenTemplate(key, tuple(np.frombuffer(sketch, _HASH).tolist()), way, url, run, at)
        for key, sketch, way, url, run, at in connection.execute(query)
    ]


def save_templates(connection: Connection, run: int, seen: Sequence[SeenTemplate]) -> None:
    """Notes the templates that a run saw; of each that is known only that it was seen again."""
    if not seen:
        return
    site = connection.execute(select(models.Run.site_id).where(models.Run.id == run)).scalar_one()
    now = clock(connection)
    rows = [
        {
            "site_id": site,
            "key": one.key,
            "sketch": np.array(one.sketch, _HASH).tobytes(),
            "way": storable(one.way),
            "url": one.url,
            "first_run_id": one.first_run_id,
            "first_seen_at": one.first_seen_at,
            "last_seen_at": now,
        }
        for one in seen
    ]
    upsert(connection, PageTemplate, rows, ["site_id", "key"], lambda new: {"last_seen_at": new.last_seen_at})
    old = (
        select(PageTemplate.key)
        .where(PageTemplate.site_id == site)
        .order_by(PageTemplate.last_seen_at.desc(), PageTemplate.key)
        .offset(KEPT)
    )
    keys = list(connection.scalars(old))
    connection.execute(
        delete(PageTemplate).where(PageTemplate.site_id == site, among(connection, PageTemplate.key, keys))
    )
