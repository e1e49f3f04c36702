"""`scrapy crawlall`: which sites it takes, who else may, and what its exit code says."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.commands.crawlall import exit_code
from crawler.outcome import Outcome
from tests.crawler.operations import Operator, operator
from tests.crawler.small_site import SITE_FILE


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], 0),
        ([Outcome("a"), Outcome("b")], 0),
        ([Outcome("a"), Outcome("b", problem="none of the start pages could be fetched")], 3),
        ([Outcome("a", alarms=1)], 3),
        ([Outcome("a", problem="ended early")], 1),
        ([Outcome("a", problem="ended early"), Outcome("b", problem="ended early")], 1),
    ],
)
def test_exit_codes(outcomes, code):
    assert exit_code(outcomes) == code


def test_two_at_once_crawl_each_due_site_once(tmp_path: Path) -> None:
    with operator(tmp_path, count=6) as at:
        for number in range(2, 4):
            # more sites of one server, so that both have something to do
            toml = (at.sites / "qinghe.toml").read_text("utf-8").replace('"qinghe"', f'"qinghe{number}"')
            at.write_site(toml.replace("/news/", f"/news/?edition={number}"), f"qinghe{number}")
        jobs = tmp_path / "jobs"
        both = [at.start("crawlall", "--json", DOWNLOAD_DELAY=0.05, JOBDIR=jobs) for _ in range(2)]
        said = [json.loads(process.communicate(timeout=120)[0]) for process in both]

        assert [process.returncode for process in both] == [0, 0]
        crawled = sorted(site["site"] for one in said for site in one["sites"])
        assert crawled == ["qinghe", "qinghe2", "qinghe3"]
        assert at.rows("SELECT site, state FROM runs ORDER BY site") == [
            (name, "finished") for name in crawled
        ]

        # all were crawled just now, so none is due
        done = at.scrapy("crawlall")
        assert (done.returncode, done.stdout.strip()) == (0, "no site is due; --all crawls every site")


def test_a_crawl_that_is_not_heard_of_loses_its_site_and_ends_when_it_wakes_up(tmp_path: Path) -> None:
    with operator(tmp_path, count=20) as at:
        first = at.start("crawl", "qinghe", DOWNLOAD_DELAY=0.1, LEASE_SECONDS=3, STORE_BATCH_SIZE=1)
        deadline = time.monotonic() + 60
        while len(at.asked()) < 6 and time.monotonic() < deadline:
            time.sleep(0.02)
        first.send_signal(signal.SIGSTOP)
        # it is alive, so its lease holds until it has run out
        held = at.scrapy("crawl", "qinghe", "--nolog")
        assert held.returncode == 1
        assert "is being crawled by process" in held.stderr
        while time.monotonic() < deadline and at.rows(
            "SELECT 1 FROM site_health WHERE held_until > strftime('%Y-%m-%d %H:%M:%f', 'now')"
        ):
            time.sleep(0.2)
        second = at.scrapy("crawl", "qinghe", "-L", "INFO")
        assert second.returncode == 0, second.stderr
        first.send_signal(signal.SIGCONT)
        _, log = first.communicate(timeout=60)
        assert first.returncode == 1
        assert "another process took the site; what was fetched is stored" in log
        assert at.rows("SELECT count(*) FROM articles") == [(20,)]
        assert at.rows("SELECT state, reason FROM runs ORDER BY id") == [
            ("stopped", "lease_lost"),
            ("finished", "finished"),
        ]


def test_a_job_for_each_site_ends_well_at_those_that_are_not_due(tmp_path: Path) -> None:
    with operator(tmp_path, count=2) as at:
        for _ in range(2):  # as deploy/schedule.sh asks for them
            done = at.scrapy("crawl", "qinghe", "-L", "ERROR", LEASE_DUE_ONLY=1)
            assert done.returncode == 0, done.stderr
        assert "qinghe is not due before" in done.stderr
        assert at.rows("SELECT count(*) FROM runs") == [(1,)]


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Operator]:
    """An operator of two sites that can be crawled and one whose start page fails."""
    with operator(tmp_path_factory.mktemp("three"), count=4, broken=["/gone/"]) as at:
        for name, start in (("qinghe2", "/news/?edition=2"), ("broken", "/gone/")):
            at.write_site(SITE_FILE.replace('"qinghe"', f'"{name}"').replace("/news/", start), name)
        yield at


def test_a_site_that_fails_does_not_hide_the_others(three: Operator) -> None:
    done = three.scrapy("crawlall", "--all", CONCURRENT_SITES=2, DOWNLOAD_DELAY=0.05)
    assert done.returncode == 3, done.stderr
    assert [line.partition("broken: ")[2] for line in done.stderr.splitlines()] == [
        "list page http://www.qinghe.example/gone/: HTTP status 500",
        "unreachable: none of its lists can be read: http_500",
        "none of the start pages could be fetched",
    ]
    lines = [re.findall(r"[^│┃ ]+", line) for line in done.stdout.splitlines() if line.startswith("│")]
    assert [line[0] for line in lines[:4]] == ["broken", "qinghe", "qinghe2", "all"]
    assert (lines[0][2], lines[3][2]) == ("0", "4")
    assert ["http_500", "1"] in lines
    # a third begins only when one of two has ended
    spans = three.rows("SELECT started_at, ended_at FROM runs ORDER BY started_at")
    assert spans[2][0] >= min(ended for _, ended in spans[:2])


def test_when_no_site_works_it_says_so(three: Operator) -> None:
    done = three.scrapy("crawlall", "broken", "--json")
    assert done.returncode == 1
    record = json.loads(done.stdout)
    assert (record["exit_code"], record["skipped"]) == (1, {})
    assert [(site["site"], site["problem"]) for site in record["sites"]] == [
        ("broken", "none of the start pages could be fetched")
    ]


def test_told_to_stop_it_begins_no_further_site(tmp_path: Path) -> None:
    with operator(tmp_path, count=30) as at:
        at.write_site(SITE_FILE.replace('"qinghe"', '"zhongxin"'), "zhongxin")
        process = at.start("crawlall", "--json", CONCURRENT_SITES=1, DOWNLOAD_DELAY=0.1)
        deadline = time.monotonic() + 60
        while len(at.asked()) < 5 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        out, log = process.communicate(timeout=60)
        assert process.returncode == 1, log
        (site,) = json.loads(out)["sites"]
        assert (site["site"], site["reason"]) == ("qinghe", "shutdown")
        assert at.rows("SELECT site, state FROM runs") == [("qinghe", "stopped")]
        # it is due again within the hour, and free at once
        assert at.rows("SELECT held_until FROM site_health") == [(None,)]


def test_tags_choose_sites_and_wrong_use_is_told(tmp_path: Path) -> None:
    with operator(tmp_path, count=2) as at:
        at.write_site('tags = ["county"]\n' + (at.sites / "qinghe.toml").read_text("utf-8"))
        wrong = at.scrapy("crawlall", "--tag", "province")
        assert (wrong.returncode, wrong.stderr.strip()) == (2, "scrapy: no site has the tag 'province'")
        done = at.scrapy("crawlall", "--tag", "county", "--json")
        assert done.returncode == 0, done.stderr
        record = json.loads(done.stdout)
        assert [(site["site"], site["new_articles"]) for site in record["sites"]] == [("qinghe", 2)]
