"""A crawl by several processes is judged once, by the last of them, from what all of them noted."""

from __future__ import annotations

import pickle
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from crawler.coverage import ASKED, KNOWN, OTHER_LIST, STORED, Reading
from crawler.shared_notes import Ending, SharedNotes
from crawler.shared_queue import SharedQueue, connect
from crawler.shared_record import Notes, NoteTaker, put_together
from pipelines.urls import url_id
from storage import Store, open_store
from storage.history import past_runs
from storage.runs import crawl_counts, crawl_start, end_died, join_crawl
from tests.crawler.operations import Operator, operator

LIST = "http://www.qinghe.example/news/"
LEASE = 0.3


# --- who is the last one ---


@pytest.fixture
def notes(redis_server: str, prefix: str) -> SharedNotes:
    return SharedNotes(connect(redis_server), prefix, "qinghe", LEASE)


@pytest.fixture
def queue(redis_server: str, prefix: str) -> SharedQueue:
    return SharedQueue(connect(redis_server), prefix, "qinghe", LEASE, tries=2)


def test_the_last_one_gets_all_that_was_noted_and_who_comes_then_begins_anew(notes, queue):
    assert [notes.join(run) for run in (7, 5, 9)] == [7, 7, 7]
    queue.push(b"request", 0, b"fingerprint")
    found = queue.pop()
    assert found is not None
    notes.add(b"one")
    notes.add(b"two")
    assert notes.leave(5) is None
    queue.done([found[0]])
    assert notes.leave(7) is None
    assert notes.leave(9) == Ending(7, (5, 7, 9), (b"one", b"two"))
    assert notes.leave(9) is None
    assert queue.push(b"request", 0, b"fingerprint")
    assert notes.join(11) == 11


def test_a_crawl_with_requests_left_is_not_done(notes, queue):
    notes.join(1)
    queue.push(b"request", 0, b"fingerprint")
    assert notes.leave(1) is None
    assert notes.join(2) == 1
    found = queue.pop()
    assert notes.leave(2) is None
    queue.done([found[0]])
    assert notes.join(3) == 1
    assert notes.leave(3) == Ending(1, (1, 2, 3), ())


def test_who_is_not_heard_of_any_more_is_not_waited_for(notes):
    notes.join(1)
    notes.join(2)
    deadline = time.monotonic() + LEASE * 2
    while time.monotonic() < deadline:
        notes.renew(2)
        time.sleep(LEASE / 5)
    assert notes.leave(2) == Ending(1, (1, 2), ())


# --- what they noted ---


def reading(*names: int, became: str = STORED, **fields: Any) -> Reading:
    entries = {url_id(str(name)): became for name in names}
    return Reading(LIST, **{"pages": 1, "entries": entries, **fields})


def whole(*notes: Notes) -> Reading:
    (made,) = put_together(notes)[0].values()
    return made


def test_the_pages_of_a_list_are_put_together_whoever_read_them():
    made = whole(
        Notes(1, [reading(9, 8, etag='"a"', links={f"{LIST}more/": None})]),
        Notes(2, [reading(7, 6, ending="last_page")]),
    )
    assert (made.pages, made.ending, made.etag) == (2, "last_page", '"a"')
    assert set(made.entries) == {url_id(str(n)) for n in (9, 8, 7, 6)}
    assert list(made.links) == [f"{LIST}more/"]


def test_an_error_on_one_page_is_one_of_the_list():
    made = whole(Notes(1, [reading(9, ending="error", detail="500")]), Notes(2, [reading(ending="known")]))
    assert (made.ending, made.detail) == ("error", "500")
    assert whole(Notes(1, [reading(9)])).ending == "interrupted"


@pytest.mark.parametrize(
    ("words", "counts"),
    [
        ((ASKED, STORED), STORED),
        ((STORED, OTHER_LIST, ASKED), STORED),
        ((OTHER_LIST, ASKED), OTHER_LIST),
        ((OTHER_LIST, "http_404"), "http_404"),
        (("timeout", STORED, KNOWN), STORED),
    ],
)
def test_what_became_of_an_article_is_told_by_who_knows_most(words, counts):
    made = whole(*(Notes(run, [reading(9, became=word)]) for run, word in enumerate(words)))
    assert set(made.entries.values()) == {counts}


def test_an_article_that_a_page_named_to_another_process_is_noted_by_the_one_that_stores_it():
    elsewhere = Reading(LIST, others=True)
    elsewhere.note("9", OTHER_LIST)
    assert elsewhere.entries == {}
    elsewhere.note("9", STORED)
    elsewhere.take("8")
    elsewhere.note("8", OTHER_LIST)
    elsewhere.note("8", "http_404")
    assert elsewhere.entries == {url_id("9"): STORED, url_id("8"): "http_404"}


def test_notes_are_of_what_is_new():
    book: Any = SimpleNamespace(readings={LIST: Reading(LIST)}, templates=None)
    taker, list_ = NoteTaker(4), book.readings[LIST]

    def taken() -> list[Reading] | None:
        data = taker.take(book)
        return None if data is None else pickle.loads(data).readings

    list_.pages = 1
    list_.take("9")
    (first,) = taken() or []
    assert (first.pages, first.entries) == (1, {url_id("9"): ASKED})
    assert taken() is None
    list_.note("9", STORED)
    list_.take("8")
    (second,) = taken() or []
    assert second.entries == {url_id("9"): STORED, url_id("8"): ASKED}


# --- what is on record ---


def test_the_runs_of_one_crawl_are_one_to_those_that_follow(store_url: str) -> None:
    store = open_store(store_url)
    alone = _ended(store, {"fields/articles": 30})
    parts = [_ended(store, {"fields/articles": n}) for n in (4, 6)]
    running = store.start_run("qinghe")
    # the one that joined first is not the one that was noted first
    for part in (*parts, running):
        store.write(join_crawl, part, parts[1], "host", 7)
    assert store.write(crawl_counts, [*parts, running]) == {"fields/articles": 10}
    store.write(end_died, [*parts, running])
    with store.engine.connect() as connection:
        states = connection.exec_driver_sql("SELECT state, reason FROM run ORDER BY id").all()
    assert [tuple(row) for row in states] == [*[("finished", "finished")] * 3, ("failed", "died")]
    later = _ended(store, {"fields/articles": 9})
    past = store.read(past_runs, "qinghe", 20)
    assert [(run.id, run.counts) for run in past] == [
        (alone, {"fields/articles": 30}),
        (parts[1], {"fields/articles": 10}),
        (later, {"fields/articles": 9}),
    ]
    assert past[1].started_at == store.read(crawl_start, parts)
    assert [run.id for run in store.read(past_runs, "qinghe", 20, parts[1])] == [alone]
    assert [run.id for run in store.read(past_runs, "qinghe", 2)] == [parts[1], later]
    store.close()


def _ended(store: Store, counts: dict[str, int]) -> int:
    run = store.start_run("qinghe")
    store.end_run(run, "finished", "finished", counts)
    return run


# --- all of it ---


class Team:
    """Several `scrapy crawl` of the small site at once."""

    def __init__(self, at: Operator, prefix: str, redis: str) -> None:
        self.at = at
        self.settings: dict[str, Any] = {"REDIS_URL": redis, "REDIS_PREFIX": prefix, "DOWNLOAD_DELAY": 0.12}
        self.settings |= {"SHARED_LEASE_SECONDS": 2, "STORE_BATCH_SIZE": 3, "CONCURRENT_REQUESTS": 1}
        toml = (at.sites / "qinghe.toml").read_text("utf-8")
        at.write_site(toml.replace("delay = 0.0", "delay = 0.12"))

    def start(self) -> subprocess.Popen[str]:
        return self.at.start("crawl", "qinghe", "-L", "INFO", **self.settings)

    def crawl(self, number: int = 2) -> list[int]:
        """Crawls to the end; returns the exit codes, in order."""
        running = [self.start() for _ in range(number)]
        logs = [process.communicate(timeout=120)[1] for process in running]
        assert sum("processes judges the crawl" in log for log in logs) == 1, logs
        return sorted(process.returncode for process in running)


@pytest.fixture
def team(tmp_path: Path, redis_server: str, prefix: str) -> Iterator[Team]:
    with operator(tmp_path, count=25) as at:
        yield Team(at, prefix, redis_server)


def test_lists_are_remembered_and_alarms_raised_once_by_the_last_of_them(team: Team) -> None:
    at = team.at
    assert team.crawl() == [0, 0]
    assert at.rows("SELECT pages, listed, known, stored, ending FROM coverage_by_list") == [
        (5, 25, 0, 25, "last_page")
    ]
    # both had a part in it
    assert at.rows("SELECT count(*), count(DISTINCT crawl_id) FROM shared_run") == [(2, 1)]
    assert at.rows("SELECT count(*) FROM runs WHERE pages > 0") == [(2,)]
    assert at.rows("SELECT count(*) FROM alarms") == [(0,)]

    at.server.rebuild(count=36, template=2)
    assert team.crawl() == [0, 3]
    assert at.rows("SELECT kind, subject, healed_run_id FROM alarms") == [("selectors", "source", None)]
    (crawl,) = at.rows("SELECT max(crawl_id) FROM shared_run")[0]
    assert at.rows("SELECT raised_run_id FROM alarms") == [(crawl,)]

    # told once; the list is asked for once, and has not changed
    at.server.rebuild(count=36, template=2)
    assert team.crawl() == [0, 0]
    assert at.asked() == {"/news/": 1}

    at.server.rebuild(count=48, template=1)
    assert team.crawl() == [0, 0]
    assert at.rows("SELECT count(*) FROM alarms WHERE healed_run_id IS NOT NULL") == [(1,)]


def test_a_process_that_is_killed_takes_nothing_with_it_that_is_judged(team: Team) -> None:
    at = team.at
    first = team.start()
    deadline = time.monotonic() + 60
    while sum(at.asked().values()) < 8 and time.monotonic() < deadline:
        time.sleep(0.02)
    second = team.start()
    first.send_signal(signal.SIGKILL)
    first.communicate()
    log = second.communicate(timeout=120)[1]
    assert second.returncode == 0, log
    (row,) = at.rows("SELECT listed, known + stored, ending FROM coverage_by_list")
    assert row == (25, 25, "last_page")
    assert at.rows("SELECT state, reason FROM runs ORDER BY id") == [
        ("failed", "died"),
        ("finished", "finished"),
    ]


def test_a_list_that_could_not_be_read_on_is_a_gap_until_they_read_it(team: Team) -> None:
    at = team.at
    at.server.rebuild(count=25, broken=["/news/index_3.html"])
    assert team.crawl() == [0, 3]
    assert at.rows("SELECT cause, closed_run_id FROM coverage_gaps") == [("paging_error", None)]
    at.server.rebuild(count=25)
    assert team.crawl() == [0, 0]
    assert at.rows("SELECT count(*) FROM coverage_gaps WHERE closed_run_id IS NULL") == [(0,)]
    assert at.rows("SELECT count(*) FROM articles") == [(25,)]
