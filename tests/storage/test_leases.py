"""Two that want to crawl one site: the lease decides, and it ends with the process that held it."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage import Claim, SiteRefused, leases
from storage.leases import release, renew, schedule

HOUR = timedelta(hours=1)


def claim(pid: int = 1, **wish):
    return Claim("crawler-1", pid, seconds=60.0, **wish)


def start(store, pid: int = 1, **wish):
    return store.start_run("jiangwan", "江湾新闻网", claim=claim(pid, **wish))


def later(monkeypatch, seconds: float) -> None:
    monkeypatch.setattr(leases, "clock", lambda connection: datetime.now(UTC) + timedelta(seconds=seconds))


def test_a_site_that_is_being_crawled_is_refused_to_the_second(store, rows):
    run = start(store, pid=41)
    with pytest.raises(
        SiteRefused, match=rf"being crawled by process 41 on crawler-1 \(run {run}\)"
    ) as refused:
        start(store, pid=42)
    assert refused.value.reason == "held"
    assert rows("SELECT id, state, pid, code_version IS NULL FROM runs") == [(run, "running", 41, False)]


def test_the_site_of_a_process_that_has_surely_ended_is_free_at_once(store, rows):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    mine = Claim(leases.here(), ended.pid, seconds=60.0)
    dead = store.start_run("jiangwan", claim=mine)
    alive = store.start_run("jiangwan", claim=replace(mine, pid=os.getpid()))
    with pytest.raises(SiteRefused):
        store.start_run("jiangwan", claim=replace(mine, pid=os.getppid()))
    assert rows("SELECT id, reason FROM runs WHERE site = 'jiangwan' ORDER BY id") == [
        (dead, "died"),
        (alive, ""),
    ]
    # of another machine's processes nothing is known
    store.start_run("chenguang", claim=replace(mine, host="crawler-1"))
    with pytest.raises(SiteRefused):
        store.start_run("chenguang", claim=mine)


def test_another_site_is_free(store):
    start(store)
    assert store.start_run("chenguang", claim=claim(2)) == 2


def test_the_lease_of_a_dead_process_expires_and_its_run_is_ended(store, rows, monkeypatch):
    dead = start(store)
    later(monkeypatch, 61)
    alive = start(store, pid=2)
    assert rows("SELECT id, state, reason FROM runs ORDER BY id") == [
        (dead, "failed", "died"),
        (alive, "running", ""),
    ]
    assert store.write(renew, dead, 60) is False
    assert store.write(renew, alive, 60) is True


def test_a_lease_that_is_renewed_holds(store, monkeypatch):
    run = start(store)
    later(monkeypatch, 50)
    assert store.write(renew, run, 60)
    later(monkeypatch, 100)
    with pytest.raises(SiteRefused):
        start(store, pid=2)


def test_a_site_that_was_given_back_is_due_when_it_was_said(store):
    run, due_at = start(store), datetime.now(UTC) + HOUR
    store.write(release, run, 6 * HOUR, due_at)
    planned = store.read(schedule, ["jiangwan", "never_crawled"])
    assert {name: (p.interval, p.due_at, p.held_until) for name, p in planned.items()} == {
        "jiangwan": (6 * HOUR, due_at, None)
    }
    with pytest.raises(SiteRefused, match="is not due before") as refused:
        start(store, due_only=True)
    assert refused.value.reason == "not_due"
    assert start(store)


def test_a_site_that_another_crawled_meanwhile_is_left_alone(store):
    asked = datetime.now(UTC) - HOUR
    run = start(store, not_since=asked)
    store.end_run(run, "finished", "finished", {})
    store.write(release, run, HOUR, datetime.now(UTC))
    with pytest.raises(SiteRefused, match="crawled by another process meanwhile"):
        start(store, not_since=asked)


def test_giving_back_what_another_holds_by_now_changes_nothing(store, monkeypatch):
    dead = start(store)
    later(monkeypatch, 61)
    start(store, pid=2)
    store.write(release, dead, HOUR, datetime.now(UTC))
    assert store.read(schedule, ["jiangwan"])["jiangwan"].held_until is not None
