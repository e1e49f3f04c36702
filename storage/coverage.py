"""Whether a site's lists were read completely: what each came to in a run, and the gaps that are left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage import models
from storage.bulk import upsert
from storage.operations import Coverage, CoverageDrop, Gap
from storage.rows import storable


@dataclass(slots=True, frozen=True)
class ListCoverage:
    """What one list came to in one run: in a finished one listed = known + stored + drops."""

    list_url: str
    pages: int
    listed: int
    known: int
    stored: int
    ending: str
    detail: str = ""
    drops: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class OpenGap:
    """A stretch of a list after `since` (None: from its beginning) that may have been missed."""

    list_url: str
    cause: str
    detail: str
    since: datetime | None


def save_coverage(connection: Connection, run: int, lists: Sequence[ListCoverage]) -> None:
    """Notes what the lists came to."""
    columns = ("list_url", "pages", "listed", "known", "stored", "ending", "detail")
    rows = [
        {"run_id": run, **{name: getattr(one, name) for name in columns}, "detail": storable(one.detail)}
        for one in lists
    ]
    upsert(
        connection, Coverage, rows, ["run_id", "list_url"], lambda new: {name: new[name] for name in columns}
    )
    drops = [
        {"run_id": run, "list_url": one.list_url, "cause": storable(cause), "urls": urls}
        for one in lists
        for cause, urls in sorted(one.drops.items())
    ]
    upsert(connection, CoverageDrop, drops, ["run_id", "list_url", "cause"], lambda new: {"urls": new.urls})


def open_gaps(connection: Connection, site: str) -> list[OpenGap]:
    """The gaps of a site that no run has closed yet, oldest first."""
    query = (
        select(Gap.list_url, Gap.cause, Gap.detail, Gap.since)
        .join(models.Site, models.Site.id == Gap.site_id)
        .where(models.Site.name == site, Gap.closed_run_id.is_(None))
        .order_by(Gap.id)
    )
    return [OpenGap(*row) for row in connection.execute(query)]


def save_gaps(connection: Connection, run: int, found: Sequence[OpenGap], closed: Sequence[str]) -> None:
    """Closes the open gaps of the lists in `closed`, then notes those that were found.

    A list keeps one open gap of a cause: the one that reaches back furthest.
    """
    site = connection.execute(select(models.Run.site_id).where(models.Run.id == run)).scalar_one()
    still_open = Gap.closed_run_id.is_(None)
    for list_url in closed:
        connection.execute(
            update(Gap)
            .where(Gap.site_id == site, Gap.list_url == list_url, still_open)
            .values(closed_run_id=run)
        )
    for gap in found:
        held = select(Gap.id).where(
            Gap.site_id == site, Gap.list_url == gap.list_url, Gap.cause == gap.cause, still_open
        )
        if connection.scalar(held) is None:
            connection.execute(
                models.Base.metadata.tables["gap"].insert(),
                {
                    "site_id": site,
                    "list_url": gap.list_url,
                    "cause": gap.cause,
                    "detail": storable(gap.detail),
                    "since": gap.since,
                    "found_run_id": run,
                },
            )
