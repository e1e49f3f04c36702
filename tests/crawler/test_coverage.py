"""Lists that were not read to their end: what is on record, what is alarmed, and how a gap closes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from crawler.coverage import ASKED, KNOWN, STORED, Reading
from pipelines.urls import url_id
from storage.coverage import OpenGap
from storage.lists import ListState
from tests.crawler.operations import operator

LIST = "http://www.qinghe.example/news/"
READ = datetime(2026, 11, 20, 6, tzinfo=UTC)


def reading(*names: int, before: tuple[int, ...] = (), became: str = STORED, **fields) -> Reading:
    state = ListState(LIST, READ, entries=frozenset(map(url_id, map(str, before)))) if before else None
    made = Reading(LIST, state, **{"pages": 1, "ending": "last_page", **fields})
    for name in names:
        made.take(str(name))
        made.note(str(name), became)
    return made


def cause(of: Reading) -> str:
    gap = of.gap()
    return gap.cause if gap else ""


def test_a_list_that_meets_what_it_held_has_no_gap():
    assert cause(reading(9, 8, 7, before=(7, 6, 5))) == ""


def test_a_list_that_shares_nothing_with_its_last_visit_has_one():
    assert cause(reading(9, 8, before=(7, 6, 5))) == "no_overlap"
    assert cause(reading(9, 8, before=(7, 6, 5), ending="depth")) == "no_overlap"
    # all of it is stored already, by way of another list
    assert cause(reading(9, 8, before=(7, 6, 5), became=KNOWN)) == ""
    assert cause(reading(9, 8)) == ""
    assert cause(reading(before=(7, 6, 5))) == ""


def test_paging_that_ends_by_an_error_leaves_a_gap():
    failed = reading(9, 8, before=(7,))
    failed.end("error", "index_7.html: HTTP status 500")
    failed.end("last_page")
    assert (cause(failed), failed.detail) == ("paging_error", "index_7.html: HTTP status 500")
    assert cause(reading(ending="error", pages=0)) == ""
    assert cause(reading(9, ending="interrupted")) == "interrupted"


def test_what_was_not_read_to_its_end_is_not_remembered():
    for ending in ("error", "interrupted", "full", "since", "not_modified"):
        assert reading(9, ending=ending).state(READ) is None
    assert reading().state(READ) is None
    state = reading(9, 8, etag='"a"', ending="known").state(READ)
    assert state == ListState(LIST, READ, '"a"', "", frozenset({url_id("9"), url_id("8")}))


@pytest.mark.parametrize(
    ("cause", "ending", "since", "closes"),
    [
        ("paging_error", "known", None, True),
        ("interrupted", "not_modified", None, True),
        ("paging_error", "error", None, False),
        ("no_overlap", "known", None, False),
        ("no_overlap", "since", date(2026, 11, 20), True),
        ("no_overlap", "last_page", date(2026, 11, 19), True),
        ("no_overlap", "since", date(2026, 11, 21), False),
        ("no_overlap", "depth", date(2026, 11, 20), False),
    ],
)
def test_what_closes_a_gap(cause, ending, since, closes):
    assert reading(9, ending=ending).closes(OpenGap(LIST, cause, "", READ), since) is closes


def test_a_list_names_an_article_once():
    made = Reading(LIST)
    assert [made.take("9"), made.take("9")] == [None, ASKED]
    made.note("9", "http_404")
    made.note("9", STORED)
    made.note("8", STORED)
    assert made.take("9") == "http_404"
    assert (made.coverage().listed, made.coverage().stored, made.coverage().drops) == (1, 0, {"http_404": 1})


def test_a_crawl_that_failed_on_a_following_page_is_not_complete_until_it_was_read(tmp_path: Path) -> None:
    with operator(tmp_path, count=24, broken=["/news/index_3.html"]) as at:
        done = at.crawl(code=3)
        assert (done["new_articles"], done["alarms"]) == (10, 1)
        assert at.rows("SELECT site, cause, since, closed_run_id FROM coverage_gaps") == [
            ("qinghe", "paging_error", None, None)
        ]
        assert at.rows("SELECT pages, listed, known, stored, ending FROM coverage_by_list") == [
            (2, 10, 0, 10, "error")
        ]

        # all of the first page is known, but the list was never read to its end
        at.server.rebuild(count=24)
        assert at.crawl()["new_articles"] == 14
        assert at.rows("SELECT closed_run_id FROM coverage_gaps") == [(2,)]
        assert at.rows("SELECT healed_run_id FROM alarms") == [(2,)]


def test_articles_that_passed_unseen_are_alarmed_and_crawled_with_since(tmp_path: Path) -> None:
    with operator(tmp_path, count=4) as at:
        at.write_site((at.sites / "qinghe.toml").read_text("utf-8").replace("depth = 10", "depth = 0"))
        at.crawl()
        at.server.rebuild(count=24)
        assert at.crawl(code=3)["new_articles"] == 5
        day = (datetime.now(UTC) - timedelta(days=2)).date()
        assert at.rows("SELECT cause, closed_run_id FROM coverage_gaps") == [("no_overlap", None)]
        assert at.rows("SELECT kind, subject FROM alarms") == [("gap", LIST)]

        closing = at.scrapy("crawl", "qinghe", "-a", f"since={day}", "--nolog")
        assert closing.returncode == 0, closing.stderr
        assert at.rows("SELECT count(*) FROM articles") == [(24,)]
        assert at.rows("SELECT closed_run_id FROM coverage_gaps") == [(3,)]
