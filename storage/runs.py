"""The record of runs: which site was crawled when, how it ended, what it counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from storage import leases, models
from storage.bulk import among, upsert
from storage.leases import Claim
from storage.operations import SharedRun
from storage.rows import code_version


def site_id(connection: Connection, name: str, publisher: str = "", home_page: str = "") -> int:
    """The id of a site, which is made when it is new; what is given replaces what was known."""
    row = {"name": name, "publisher": publisher, "home_page": home_page}
    known = {key: value for key, value in row.items() if value or key == "name"}
    upsert(connection, models.Site, [row], ["name"], lambda new: {key: new[key] for key in known})
    return connection.execute(select(models.Site.id).where(models.Site.name == name)).scalar_one()


def site_ids(connection: Connection, publishers: Mapping[str, str]) -> dict[str, int]:
    """The ids of sites by name, with the publisher of each, "" when it is not known; new ones are made."""
    site = models.Site
    query = select(site.name, site.publisher, site.id).where(among(connection, site.name, publishers))
    ids = {
        name: id_ for name, publisher, id_ in connection.execute(query) if publishers[name] in ("", publisher)
    }
    changed = {name: publisher for name, publisher in publishers.items() if name not in ids}
    return ids | {name: site_id(connection, name, publisher) for name, publisher in changed.items()}


def start_run(connection: Connection, site: int, claim: Claim | None = None) -> int:
    """Notes that a crawl of a site has begun; returns the run's id.

    With a `claim` the run takes the site's lease. Raises SiteRefused when it can't.
    """
    now = leases.clock(connection)
    if claim is not None:
        leases.check_free(connection, site, claim, now)
    row = {"site_id": site, "started_at": now, "state": "running", "reason": ""}
    run = connection.execute(insert(models.Run).values(row).returning(models.Run.id)).scalar_one()
    if claim is not None:
        leases.note_origin(connection, run, code_id(connection, code_version()), claim.host, claim.pid)
        leases.hold(connection, site, run, claim, now)
    return run


def end_run(connection: Connection, run: int, state: str, reason: str, counts: Mapping[str, int]) -> None:
    """Notes how a crawl ended: finished, stopped or failed, why, and its statistics."""
    connection.execute(
        update(models.Run)
        .where(models.Run.id == run)
        .values(state=state, reason=reason, ended_at=leases.clock(connection))
    )
    count_run(connection, run, counts)


def count_run(connection: Connection, run: int, counts: Mapping[str, int]) -> None:
    """Notes statistics of a run; those that it has already are replaced."""
    rows = [{"run_id": run, "name": name, "value": value} for name, value in sorted(counts.items())]
    upsert(connection, models.RunCount, rows, ["run_id", "name"], lambda new: {"value": new.value})


# --- a crawl by several processes ---


def join_crawl(connection: Connection, run: int, crawl: int, host: str, pid: int) -> None:
    """Notes that a run is a process's part in the crawl that is known by the run `crawl`."""
    leases.note_origin(connection, run, code_id(connection, code_version()), host, pid)
    connection.execute(insert(SharedRun).values(run_id=run, crawl_id=crawl))


def crawl_counts(connection: Connection, runs: Sequence[int]) -> dict[str, int]:
    """The statistics of runs, added up."""
    count = models.RunCount
    query = select(count.name, func.sum(count.value)).where(among(connection, count.run_id, runs))
    return {name: int(value) for name, value in connection.execute(query.group_by(count.name))}


def crawl_start(connection: Connection, runs: Sequence[int]) -> datetime:
    """When the first of runs began."""
    began = select(func.min(models.Run.started_at)).where(among(connection, models.Run.id, runs))
    at: datetime = connection.execute(began).scalar_one()
    return at


def end_died(connection: Connection, runs: Sequence[int]) -> None:
    """Notes of those runs that have not ended that their process died."""
    connection.execute(
        update(models.Run)
        .where(among(connection, models.Run.id, runs), models.Run.state == "running")
        .values(state="failed", reason=leases.DIED, ended_at=leases.clock(connection))
    )


def code_id(connection: Connection, version: str) -> int:
    """The id of a version of this program."""
    table = models.Code
    found = connection.scalar(select(table.id).where(table.version == version))
    if found is None:
        upsert(connection, table, [{"version": version}], ["version"], lambda new: {"version": new.version})
        found = connection.execute(select(table.id).where(table.version == version)).scalar_one()
    return found
