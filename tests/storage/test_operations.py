"""What is on record of running it every day, and its views, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipelines.models import Failure
from storage import Claim
from storage.alarms import Finding, save_findings
from storage.coverage import ListCoverage, OpenGap, open_gaps, save_coverage, save_gaps
from storage.history import past_runs, published_by_day
from storage.leases import release
from storage.lists import ListState, lists_of, save_lists
from storage.pages import pages_to_visit, save_aliases
from tests.storage.pages import FETCHED, HOST, china, page

LIST = f"{HOST}/news/"
FIELDS = {
    "fields/articles": 4,
    "fields/title": 4,
    "fields/published": 3,
    "fields/source": 1,
    "fields/body": 4,
}


def test_a_list_is_remembered_as_it_was_last_read(store, run_id):
    first = ListState(LIST, FETCHED, '"a"', "", frozenset({2**62, -(2**62), 7}), (f"{LIST}b/", f"{LIST}a/"))
    store.write(save_lists, run_id, [first])
    assert store.read(lists_of, "jiangwan") == {LIST: first}
    later = ListState(LIST, FETCHED + timedelta(hours=6), "", "Tue, 24 Nov 2026 06:00:00 GMT", frozenset({8}))
    store.write(save_lists, run_id, [later])
    assert store.read(lists_of, "jiangwan") == {LIST: later}
    assert store.read(lists_of, "chenguang") == {}


def test_the_view_of_lists_adds_up_what_was_dropped(store, run_id, rows):
    lists = [
        ListCoverage(LIST, 2, 9, 3, 4, "last_page", drops={"robots_forbidden": 1, "http_404": 1}),
        ListCoverage(f"{LIST}a/", 0, 0, 0, 0, "error", "HTTP status 500"),
    ]
    for _ in range(2):  # saving again changes nothing
        store.write(save_coverage, run_id, lists)
    assert rows(
        "SELECT list_url, pages, listed, known, new, stored, dropped, dropped_by_cause, ending, detail"
        " FROM coverage_by_list ORDER BY list_url"
    ) == [
        (LIST, 2, 9, 3, 6, 4, 2, "http_404 1, robots_forbidden 1", "last_page", ""),
        (f"{LIST}a/", 0, 0, 0, 0, 0, 0, None, "error", "HTTP status 500"),
    ]


def test_a_gap_stays_as_it_was_found_until_a_run_closes_it(store, run_id, rows):
    gap = OpenGap(LIST, "no_overlap", "9 URLs", FETCHED)
    store.write(save_gaps, run_id, [gap], [])
    again = store.start_run("jiangwan")
    store.write(save_gaps, again, [replace(gap, since=FETCHED + timedelta(days=1))], [])
    assert store.read(open_gaps, "jiangwan") == [gap]
    closing = store.start_run("jiangwan")
    store.write(save_gaps, closing, [], [LIST])
    assert store.read(open_gaps, "jiangwan") == []
    assert rows("SELECT site, cause, found_run_id, closed_run_id FROM coverage_gaps") == [
        ("jiangwan", "no_overlap", run_id, closing)
    ]


def test_site_health_has_the_last_run_and_the_shares_of_the_last_that_read_articles(store, rows):
    claim = Claim("crawler-1", 7, 60.0)
    for counts in (FIELDS | {"responses": 6, "new_articles": 4, "page_failed/http_404": 1}, {"responses": 1}):
        run = store.start_run("jiangwan", "江湾新闻网", claim=claim)
        store.end_run(run, "finished", "finished", counts)
        store.write(release, run, timedelta(hours=3), datetime(2026, 11, 25, tzinfo=UTC))
    store.write(save_findings, run, [Finding("selectors", "source", "field source: ...")], ["selectors"])
    assert rows(
        "SELECT site, run_id, state, due_at, interval_seconds, pages, new_articles, failures, articles_read,"
        " with_title, with_published, with_source, with_body, open_alarms, open_gaps FROM site_health"
    ) == [
        (
            *("jiangwan", run, "finished", "2026-11-25 00:00:00", 10800, 1, 0, 0),
            *(4, 1.0, 0.75, 0.25, 1.0, 1, 0),
        )
    ]
    assert rows("SELECT kind, subject, raised_run_id, healed_run_id FROM alarms") == [
        ("selectors", "source", run, None)
    ]


def test_what_a_site_took_down_or_moved_is_gone_since_the_first_visit_that_told(store, run_id, rows):
    store.save([page("/a.html"), page("/b.html"), page("/c.html")], run_id)
    gone, moved = Failure("fetch", "http_404", "HTTP status 404"), Failure("fetch", "moved", "moved")
    for later in (60, 120):
        store.save(
            [page("/a.html", failure=gone, later=later), page("/b.html", failure=moved, later=later)], run_id
        )
    store.save([page("/new-b.html", later=120)], run_id)
    store.write(save_aliases, {f"{HOST}/b.html": f"{HOST}/new-b.html"})
    hour_later = str(FETCHED + timedelta(hours=1))[:19]
    assert [
        (url, reason, str(since)[:19], moved_to)
        for url, reason, since, moved_to in rows(
            "SELECT url, reason, gone_since, moved_to FROM gone ORDER BY url"
        )
    ] == [
        (f"{HOST}/a.html", "http_404", hour_later, None),
        (f"{HOST}/b.html", "moved", hour_later, f"{HOST}/new-b.html"),
    ]
    # what moved is not asked for at its old address
    due = store.read(pages_to_visit, "jiangwan", FETCHED - timedelta(days=1), lambda known: True, 10)
    assert f"{HOST}/b.html" not in due
    assert set(due) >= {f"{HOST}/a.html", f"{HOST}/new-b.html"}


def test_history_has_finished_runs_only_oldest_first(store):
    runs = [store.start_run("jiangwan") for _ in range(3)]
    for run, state in zip(runs, ("finished", "stopped", "finished"), strict=True):
        store.end_run(run, state, state, {"new_articles": run})
    past = store.read(past_runs, "jiangwan", 10)
    assert [(run.id, run.counts) for run in past] == [
        (run, {"new_articles": run}) for run in (runs[0], runs[2])
    ]
    assert [run.id for run in store.read(past_runs, "jiangwan", 1)] == [runs[2]]


def test_articles_are_counted_by_the_day_that_they_give(store, run_id):
    store.save(
        [page("/a.html"), page("/b.html", published=china(20)), page("/c.html", published=None)], run_id
    )
    counted = store.read(published_by_day, "jiangwan", china(1).at.date())
    assert counted == {china(21).at.date(): 1, china(20).at.date(): 1}
