"""Alarms: each is raised once, stays open while its check fails, and is healed by the run that passes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from storage import models
from storage.bulk import among
from storage.leases import clock
from storage.operations import Alarm
from storage.rows import storable


@dataclass(slots=True, frozen=True)
class Finding:
    """What a check found wrong: `kind` is the check, `subject` what it is about, `message` one line."""

    kind: str
    subject: str
    message: str

    @property
    def key(self) -> tuple[str, str]:
        """By what an alarm is the same from run to run."""
        return self.kind, self.subject


@dataclass(slots=True, frozen=True)
class OpenAlarm:
    """An alarm that has not healed; `told` says whether every outlet has taken it."""

    id: int
    finding: Finding
    raised_run_id: int
    told: bool


def open_alarms(connection: Connection, site: str) -> list[OpenAlarm]:
    """The open alarms of a site, oldest first."""
    query = (
        select(Alarm.id, Alarm.kind, Alarm.subject, Alarm.message, Alarm.raised_run_id, Alarm.told)
        .join(models.Site, models.Site.id == Alarm.site_id)
        .where(models.Site.name == site, Alarm.healed_run_id.is_(None))
        .order_by(Alarm.id)
    )
    return [
        OpenAlarm(id_, Finding(kind, subject, message), run, told)
        for id_, kind, subject, message, run, told in connection.execute(query)
    ]


def save_findings(
    connection: Connection, run: int, findings: Sequence[Finding], judged: Sequence[str]
) -> tuple[list[OpenAlarm], list[Finding]]:
    """Raises an alarm for each finding that has none open, and heals open ones that were not found again.

    Only alarms whose kind is in `judged` can heal: a check that did not run says
    nothing. Returns the alarms to tell (new, or not yet told) and those healed.
    """
    site, name = connection.execute(
        select(models.Site.id, models.Site.name)
        .join(models.Run, models.Run.site_id == models.Site.id)
        .where(models.Run.id == run)
    ).one()
    found = {finding.key: finding for finding in findings}
    before = open_alarms(connection, name)
    healed = [a for a in before if a.finding.key not in found and a.finding.kind in judged]
    connection.execute(
        update(Alarm)
        .where(among(connection, Alarm.id, [alarm.id for alarm in healed]))
        .values(healed_run_id=run)
    )
    known = {alarm.finding.key for alarm in before}
    rows = [
        {
            "site_id": site,
            "kind": finding.kind,
            "subject": storable(finding.subject),
            "message": storable(finding.message),
            "raised_run_id": run,
            "raised_at": clock(connection),
            "told": False,
        }
        for key, finding in found.items()
        if key not in known
    ]
    if rows:
        connection.execute(insert(Alarm), rows)
    untold = [alarm for alarm in open_alarms(connection, name) if not alarm.told]
    return untold, [alarm.finding for alarm in healed]


def note_told(connection: Connection, ids: Sequence[int]) -> None:
    """Notes that every outlet has taken these alarms."""
    connection.execute(update(Alarm).where(among(connection, Alarm.id, ids)).values(told=True))
