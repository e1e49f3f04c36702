"""Who crawls a site, until when, and when it is due again.

A lease (Gray and Cheriton, SOSP 1989) is a right with an end: the holder renews
it while it lives, and the lease of a dead process ends by itself. Taking one
and noting the run is one transaction of the only writer, so of two that ask at
once one is refused. On PostgreSQL the server's clock decides, on SQLite this
machine's.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update

from storage.bulk import among, upsert
from storage.models import Run, Site
from storage.operations import RunOrigin, Schedule

DIED = "died"
"""The reason of a run whose process ended without a word."""


@dataclass(slots=True, frozen=True)
class Claim:
    """How a crawl asks for its site.

    `seconds` is how long the lease holds without being renewed. With
    `due_only` a site that is not due is refused, with `not_since` one whose last
    crawl began later than that.
    """

    host: str
    pid: int
    seconds: float
    due_only: bool = False
    not_since: datetime | None = None


class SiteRefused(Exception):
    """The site may not be crawled now: `reason` is "held" (by another crawl) or "not_due"."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


@dataclass(slots=True, frozen=True)
class DueSite:
    """A site as the schedule has it; `held_until` is None when nobody crawls it."""

    interval: timedelta
    due_at: datetime
    held_until: datetime | None


INIT_NAMESPACE = "pid:[4026531836]"
"""What /proc/self/ns/pid says outside containers (include/linux/proc_ns.h, PROC_PID_INIT_INO)."""


def here() -> str:
    """The name of this machine, with the container's process namespace where there is one."""
    try:
        namespace = os.readlink("/proc/self/ns/pid")  # noqa: PTH115 - no path, but a name
    except OSError:
        namespace = INIT_NAMESPACE
    return socket.gethostname() + ("" if namespace == INIT_NAMESPACE else f"/{namespace[5:-1]}")


def is_dead(host: str, pid: int) -> bool:
    """Tells whether a process has surely ended: only of this machine it can be known."""
    if host != here():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass
    return False


def clock(connection: Connection) -> datetime:
    """The time by which leases are judged, in UTC."""
    if connection.dialect.name == "postgresql":
        at: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return at.astimezone(UTC)
    return datetime.now(UTC)


def check_free(connection: Connection, site: int, claim: Claim, now: datetime) -> None:
    """Raises SiteRefused when the claim can't be met; call it in the transaction that notes the run."""
    held = connection.execute(
        select(Schedule.due_at, Schedule.held_until, Schedule.run_id, RunOrigin.host, RunOrigin.pid)
        .outerjoin(RunOrigin, RunOrigin.run_id == Schedule.run_id)
        .where(Schedule.site_id == site)
    ).first()
    if held is None:
        return
    if held.held_until is not None and held.held_until > now and not is_dead(held.host, held.pid):
        raise SiteRefused(
            "held", f"is being crawled by process {held.pid} on {held.host} (run {held.run_id})"
        )
    if claim.due_only and held.due_at > now:
        raise SiteRefused("not_due", f"is not due before {held.due_at:%Y-%m-%d %H:%M:%S} UTC")
    if claim.not_since is not None:
        last = connection.scalar(
            select(func.max(Run.started_at)).where(Run.site_id == site, Run.started_at > claim.not_since)
        )
        if last is not None:
            raise SiteRefused("not_due", "was crawled by another process meanwhile")


def hold(connection: Connection, site: int, run: int, claim: Claim, now: datetime) -> None:
    """Gives the site to a run that has just been noted; runs that died under an older lease are ended."""
    connection.execute(
        update(Run)
        .where(Run.site_id == site, Run.state == "running", Run.id != run)
        .values(state="failed", reason=DIED, ended_at=now)
    )
    row = {
        "site_id": site,
        "interval_seconds": 0,
        # due at once, if this run never tells when it should be
        "due_at": now,
        "run_id": run,
        "held_until": now + timedelta(seconds=claim.seconds),
    }
    upsert(
        connection,
        Schedule,
        [row],
        ["site_id"],
        lambda new: {"run_id": new.run_id, "held_until": new.held_until},
    )


def note_origin(connection: Connection, run: int, code: int, host: str, pid: int) -> None:
    """Notes which program makes a run, and where."""
    connection.execute(insert(RunOrigin).values(run_id=run, code_id=code, host=host, pid=pid))


def renew(connection: Connection, run: int, seconds: float) -> bool:
    """Makes a run's lease last `seconds` from now; False when the run does not hold its site any more."""
    until = clock(connection) + timedelta(seconds=seconds)
    done = connection.execute(update(Schedule).where(Schedule.run_id == run).values(held_until=until))
    return done.rowcount == 1


def release(connection: Connection, run: int, interval: timedelta, due_at: datetime) -> None:
    """Gives the site back, and notes when it is due again; nothing when the run does not hold it."""
    connection.execute(
        update(Schedule)
        .where(Schedule.run_id == run)
        .values(
            run_id=None,
            held_until=None,
            interval_seconds=int(interval.total_seconds()),
            due_at=due_at,
        )
    )


def schedule(connection: Connection, sites: Iterable[str]) -> dict[str, DueSite]:
    """The schedule of those of the named sites that have one."""
    now = clock(connection)
    query = (
        select(Site.name, Schedule.interval_seconds, Schedule.due_at, Schedule.held_until)
        .join(Schedule, Schedule.site_id == Site.id)
        .where(among(connection, Site.name, sites))
    )
    return {
        name: DueSite(timedelta(seconds=seconds), due_at, held if held and held > now else None)
        for name, seconds, due_at, held in connection.execute(query)
    }
