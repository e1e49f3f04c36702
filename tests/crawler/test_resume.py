"""Crawls that are killed or stopped go on, and end with what an undisturbed crawl would have stored."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request

from crawler.jobs import JobInUse, JobQueue
from crawler.loader import load_site
from crawler.spiders.news import spider_class
from crawler.under_way import UNFINISHED_META
from tests.crawler.operations import Operator, operator
from tests.crawler.small_site import HOST, SITE_FILE, url

KILLS = int(os.environ.get("KILLS", "5"))
"""Kills at random moments; more of them with KILLS=20."""

COUNT = 60
STAGES = ("Extract", "Clean", "Dedup", "Entities", "Store")
PIPELINES = {f"pipelines.stages.{name}Stage": 100 * number for number, name in enumerate(STAGES, 1)}


# --- the file ---


@pytest.fixture
def spider(tmp_path: Path) -> Any:
    file = tmp_path / "qinghe.toml"
    file.write_text(SITE_FILE, "utf-8")
    return spider_class(load_site(file))()


def queue(tmp_path: Path, spider: Any, **arguments: str) -> JobQueue:
    return JobQueue(tmp_path / "qinghe.db", spider, arguments, commit_seconds=0.0)


def request(spider: Any, number: int, **fields: Any) -> Request:
    return Request(url(number), spider.parse_article, errback=spider.article_failed, **fields)


def popped(jobs: JobQueue) -> list[str]:
    return [found.url.rpartition("/")[2] for found in iter(jobs.pop, None)]


def killed(jobs: JobQueue) -> None:
    """What a kill leaves: nothing since the last commit."""
    jobs._file.close()


def test_requests_come_out_by_priority_last_in_first_out_and_start_requests_last(tmp_path, spider):
    jobs = queue(tmp_path, spider)
    for number in (1, 2):
        jobs.push(request(spider, number, meta={"is_start_request": True}))
    for number, priority in ((3, 0), (4, 10), (5, 0)):
        jobs.push(request(spider, number, priority=priority))
    assert len(jobs) == 5
    assert popped(jobs) == ["4.html", "5.html", "3.html", "1.html", "2.html"]
    assert len(jobs) == 0


def test_what_was_under_way_is_there_again_after_a_kill_and_what_was_not_committed_never_happened(
    tmp_path, spider
):
    jobs = queue(tmp_path, spider)
    jobs.push(request(spider, 1))
    assert not jobs.see(b"one")
    assert jobs.pop() is not None
    jobs.keep("how far", 7)
    jobs.commit()
    jobs.push(request(spider, 2))
    killed(jobs)

    again = queue(tmp_path, spider)
    assert (again.see(b"one"), again.note("how far")) == (True, 7)
    (found,) = (left for _, _, left in again.left())
    assert (found.url, found.callback, found.errback) == (url(1), spider.parse_article, spider.article_failed)
    assert popped(again) == ["1.html"]


def test_a_request_is_done_when_the_pages_taken_until_then_are_written(tmp_path, spider):
    jobs = queue(tmp_path, spider)
    jobs.push(request(spider, 1))
    under_way = jobs.pop()
    jobs.settle(lambda one: one is under_way, pages_taken=0, pages_written=0)
    jobs.settle(lambda one: False, pages_taken=1, pages_written=0)
    assert len(jobs.left()) == 1
    jobs.settle(lambda one: False, pages_taken=2, pages_written=1)
    assert jobs.left() == []


def test_what_a_request_leads_to_takes_its_place(tmp_path, spider):
    jobs = queue(tmp_path, spider)
    jobs.push(request(spider, 1))
    first = jobs.pop()
    assert first is not None
    jobs.push(first.replace(url=url(2)))
    assert [left.url for _, _, left in jobs.left()] == [url(2)]


def test_a_request_that_was_given_up_waits_for_the_next_crawl(tmp_path, spider):
    jobs = queue(tmp_path, spider)
    jobs.push(request(spider, 1))
    given_up = jobs.pop()
    assert given_up is not None
    given_up.meta[UNFINISHED_META] = True
    jobs.settle(lambda one: False, pages_taken=0, pages_written=0)
    jobs.commit()
    jobs.close()
    assert popped(queue(tmp_path, spider)) == ["1.html"]


def test_a_crawl_with_other_arguments_begins_anew(tmp_path, spider):
    jobs = queue(tmp_path, spider)
    jobs.push(request(spider, 1))
    jobs.close()
    assert len(queue(tmp_path, spider, since="2026-11-01")) == 0


def test_a_file_belongs_to_one_process(tmp_path, spider):
    jobs = queue(tmp_path, spider)
    with pytest.raises(JobInUse):
        queue(tmp_path, spider)
    jobs.close()


# --- kill -9 ---

ROWS = (
    "SELECT url, title, body, source, published_at, authors, relation, version FROM articles ORDER BY url",
    "SELECT listed, stored, ending FROM coverage_by_list WHERE run_id = (SELECT max(id) FROM runs)",
    "SELECT page.url, count(*) FROM page_fetch JOIN page ON page.id = page_id GROUP BY 1 ORDER BY 1",
    "SELECT kind, name, mentions FROM entities ORDER BY kind, name",
)


def stored(at: Operator) -> list[Any]:
    return [at.rows(sql) for sql in ROWS]


def deep(at: Operator) -> Operator:
    at.write_site(SITE_FILE.replace("depth = 10", "depth = 100"))
    return at


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Any]]:
    with operator(tmp_path_factory.mktemp("undisturbed"), count=COUNT) as at:
        assert deep(at).crawl()["new_articles"] == COUNT
        yield stored(at)


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Operator]:
    with operator(tmp_path, count=COUNT) as made:
        yield deep(made)


def crawl(at: Operator, **settings: Any) -> Any:
    jobs = {"JOBDIR": at.folder / "jobs", "JOB_COMMIT_SECONDS": 0, "STORE_BATCH_SIZE": 4}
    return at.start("crawl", "qinghe", "-L", "INFO", **{**jobs, **settings})


def dying(place: int, **settings: Any) -> dict[str, Any]:
    return {"ITEM_PIPELINES": json.dumps({**PIPELINES, "tests.crawler.dying.Die": place}), **settings}


def test_killed_in_each_stage_of_its_work_it_loses_nothing_and_fetches_nothing_twice(at, undisturbed):
    deaths = [dying(600, DIE_AT="request", DIE_AFTER=3), dying(600, DIE_AT="fetch", DIE_AFTER=6)]
    deaths += [dying(place, DIE_AFTER=6) for place in (50, 150, 250, 350, 450, 550)]
    deaths += [dying(600, DIE_AT="transaction", DIE_AFTER=2)]
    for death in deaths:
        process = crawl(at, **death)
        _, log = process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL, (death, log)
    last = crawl(at)
    _, log = last.communicate(timeout=60)
    assert last.returncode == 0, log
    assert "going on with a job" in log
    assert stored(at) == undisturbed
    assert at.rows("SELECT count(*) FROM runs WHERE reason = 'died'") == [(len(deaths),)]


def test_killed_at_random_moments_it_loses_nothing_and_fetches_nothing_twice(at, undisturbed):
    draw = random.Random(20261124)
    for _ in range(KILLS):
        before = sum(at.asked().values())
        process = crawl(at)
        while process.poll() is None and sum(at.asked().values()) < before + draw.randint(1, 15):
            time.sleep(0.005)
        time.sleep(draw.random() * 0.1)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    last = crawl(at)
    _, log = last.communicate(timeout=60)
    assert last.returncode == 0, log
    assert stored(at) == undisturbed
    # a job that came to its end leaves nothing, so that the next crawl begins with the list
    at.server.rebuild(count=COUNT)
    crawl(at).communicate(timeout=60)
    assert at.asked() == {"/news/": 1}


def test_without_a_job_the_next_crawl_reads_the_lists_again_and_fetches_what_is_not_stored(at, undisturbed):
    process = crawl(at, JOBDIR="", **dying(600, DIE_AFTER=30))
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    (had,) = at.rows("SELECT count(*) FROM articles")[0]
    assert had >= 24
    last = crawl(at, JOBDIR="")
    _, log = last.communicate(timeout=60)
    assert last.returncode == 0, log
    assert stored(at) == [rows if n != 1 else stored(at)[1] for n, rows in enumerate(undisturbed)]


# --- SIGTERM ---


def test_told_to_stop_it_ends_in_time_with_all_that_was_fetched_and_the_next_crawl_goes_on(at, undisturbed):
    with socket.create_server(("127.0.0.1", 0), backlog=16) as mute:  # takes connections, and never answers
        start = f'[[start]]\nkind = "list"\nurl = "http://127.0.0.1:{mute.getsockname()[1]}/news/"\n\n[links]'
        at.write_site(SITE_FILE.replace("[links]", start).replace("depth = 10", "depth = 100"))
        process = crawl(at, SHUTDOWN_SECONDS=1, DOWNLOAD_DELAY=0.02, STORE_BATCH_SECONDS=60)
        deadline = time.monotonic() + 60
        while at.asked().get("/art/50.html", 0) == 0 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        told = time.monotonic()
        _, log = process.communicate(timeout=60)
        assert time.monotonic() - told < 1 + 4, log
    assert process.returncode == 1
    assert "stopped before the end; what was fetched is stored" in log
    fetched = [path for path in at.asked() if path.startswith("/art/")]
    assert at.rows("SELECT url FROM page ORDER BY url") == sorted(
        (f"http://{HOST}{path}",) for path in fetched
    )
    assert at.rows("SELECT state, reason FROM runs") == [("stopped", "shutdown")]

    at.write_site(SITE_FILE.replace("depth = 10", "depth = 100"))
    last = crawl(at)
    last.communicate(timeout=60)
    assert stored(at)[0] == undisturbed[0]
    assert max(count for path, count in at.asked().items() if path.startswith("/art/")) == 1


def test_a_second_crawl_on_the_same_job_is_refused_and_the_first_goes_on(at):
    first = crawl(at, LEASE_SECONDS=0, DOWNLOAD_DELAY=0.03)
    deadline = time.monotonic() + 60
    while not at.asked() and time.monotonic() < deadline:
        time.sleep(0.02)
    first.send_signal(signal.SIGSTOP)  # or it may be through before the second has begun
    try:
        second = at.scrapy("crawl", "qinghe", "--nolog", JOBDIR=at.folder / "jobs", LEASE_SECONDS=0)
    finally:
        first.send_signal(signal.SIGCONT)
        first.communicate(timeout=60)
    assert second.returncode == 1
    assert second.stderr == (
        f"scrapy: qinghe is being crawled by another process: {at.folder}/jobs/qinghe.db is in use\n"
    )
    assert first.returncode == 0
    assert at.rows("SELECT count(*) FROM articles") == [(COUNT,)]


def test_a_job_folder_that_cannot_be_used_is_told_in_one_line(at):
    (at.folder / "jobs").mkdir()
    (at.folder / "jobs" / "qinghe.db").write_bytes(b"no database" * 100)
    done = at.scrapy("crawl", "qinghe", "--nolog", JOBDIR=at.folder / "jobs")
    assert done.returncode == 1
    assert done.stderr.startswith(f"scrapy: qinghe: the job in {at.folder}/jobs can't be used: ")
    assert done.stderr.count("\n") == 1
