"""`scrapy crawlall`: which sites it takes, who else may, and what its exit code says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.commands.crawlall import exit_code
from crawler.outcome import Outcome
from tests.crawler.operations import operator


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
        both = [at.start("crawlall", "--json", DOWNLOAD_DELAY=0.05) for _ in range(2)]
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


def test_tags_choose_sites_and_wrong_use_is_told(tmp_path: Path) -> None:
    with operator(tmp_path, count=2) as at:
        at.write_site('tags = ["county"]\n' + (at.sites / "qinghe.toml").read_text("utf-8"))
        wrong = at.scrapy("crawlall", "--tag", "province")
        assert (wrong.returncode, wrong.stderr.strip()) == (2, "scrapy: no site has the tag 'province'")
        done = at.scrapy("crawlall", "--tag", "county", "--json")
        assert done.returncode == 0, done.stderr
        record = json.loads(done.stdout)
        assert [(site["site"], site["new_articles"]) for site in record["sites"]] == [("qinghe", 2)]
