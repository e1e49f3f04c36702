"""What earlier runs of a site counted, and how much it publishes: what a run is judged by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from storage import models
from storage.bulk import among
from storage.operations import SharedRun


@dataclass(slots=True, frozen=True)
class PastRun:
    """A run that finished, or a crawl that several processes made together, with its statistics.

    The latter has the id of the run that it is known by.
    """

    id: int
    started_at: datetime
    counts: Mapping[str, int]


def past_runs(connection: Connection, site: str, number: int, before: int | None = None) -> list[PastRun]:
    """The last `number` finished runs of a site, or the last before a run, oldest first."""
    run, count = models.Run, models.RunCount
    finished = (
        select(run.id, run.started_at, func.coalesce(SharedRun.crawl_id, run.id).label("crawl"))
        .join(models.Site, models.Site.id == run.site_id)
        .outerjoin(SharedRun, SharedRun.run_id == run.id)
        .where(models.Site.name == site, run.state == "finished")
        .subquery()
    )
    crawl = finished.c.crawl
    query = (
        select(crawl, func.min(finished.c.started_at)).group_by(crawl).order_by(crawl.desc()).limit(number)
    )
    if before is not None:
        query = query.where(crawl < before)
    found = list(connection.execute(query))[::-1]
    parts = select(finished.c.id, crawl).where(among(connection, crawl, [id_ for id_, _ in found]))
    crawl_of = {row.id: row.crawl for row in connection.execute(parts)}
    counts: dict[int, Counter[str]] = {id_: Counter() for id_, _ in found}
    values = select(count.run_id, count.name, count.value).where(among(connection, count.run_id, crawl_of))
    for part, name, value in connection.execute(values):
        counts[crawl_of[part]][name] += value
    return [PastRun(id_, started_at, counts[id_]) for id_, started_at in found]


def published_by_day(connection: Connection, site: str, since: date) -> dict[date, int]:
    """How many articles of a site were put out on each day from `since` on, by the day that they give."""
    version = models.ArticleVersion
    query = (
        select(version.published_day, func.count())
        .join(
            models.Article,
            (models.Article.id == version.article_id) & (models.Article.version == version.version),
        )
        .join(models.Page, models.Page.id == models.Article.id)
        .join(models.Site, models.Site.id == models.Page.site_id)
        .where(models.Site.name == site, version.published_day >= since)
        .group_by(version.published_day)
    )
    return {day: number for day, number in connection.execute(query) if day is not None}
