"""What earlier runs of a site counted, and how much it publishes: what a run is judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from storage import models
from storage.bulk import among


@dataclass(slots=True, frozen=True)
class PastRun:
    """A run that finished, with its statistics."""

    id: int
    started_at: datetime
    counts: Mapping[str, int]


def past_runs(connection: Connection, site: str, number: int, before: int | None = None) -> list[PastRun]:
    """The last `number` finished runs of a site, or the last before a run, oldest first."""
    run, count = models.Run, models.RunCount
    query = (
        select(run.id, run.started_at)
        .join(models.Site, models.Site.id == run.site_id)
        .where(models.Site.name == site, run.state == "finished")
        .order_by(run.id.desc())
        .limit(number)
    )
    if before is not None:
        query = query.where(run.id < before)
    runs = list(connection.execute(query))[::-1]
    counts: dict[int, dict[str, int]] = {id_: {} for id_, _ in runs}
    values = select(count.run_id, count.name, count.value).where(among(connection, count.run_id, counts))
    for id_, name, value in connection.execute(values):
        counts[id_][name] = value
    return [PastRun(id_, started_at, counts[id_]) for id_, started_at in runs]


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
