"""When a site is due again, and which pages are visited again."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.revisit import is_due
from crawler.scheduling import Bounds, Found, adapted, next_due, read_durations
from storage import Known

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BOUNDS = Bounds(shrink=4, grow=8)
AGES = read_durations("6h 1d 3d")


def crawls(*new: int, every: timedelta = 6 * HOUR) -> list[Found]:
    return [Found(NOON + number * every, articles) for number, articles in enumerate(new)]


@pytest.mark.parametrize(
    ("new", "interval"),
    [
        ((), 6 * HOUR),
        ((500,), 6 * HOUR),
        ((500, 5, 5, 5), 6 * HOUR),
        ((500, 10, 10, 10), 3 * HOUR),
        ((500, 900, 900), 1.5 * HOUR),
        ((500, 1, 0, 0, 1), 48 * HOUR),
        ((500, 0, 0), 48 * HOUR),
        ((0, 2, 3, 2, 3), 12 * HOUR),
    ],
)
def test_the_interval_follows_what_a_site_publishes(new, interval):
    assert adapted(6 * HOUR, BOUNDS, crawls(*new)) == interval


def test_crawls_in_quick_succession_say_nothing():
    assert adapted(6 * HOUR, BOUNDS, crawls(500, 0, 0, every=timedelta(minutes=1))) == 6 * HOUR


def test_a_failed_crawl_is_tried_again_within_the_hour():
    ended = NOON + timedelta(minutes=5)
    assert next_due(NOON, ended, 6 * HOUR, failed=False) == NOON + 6 * HOUR
    assert next_due(NOON, ended, 6 * HOUR, failed=True) == ended + HOUR
    assert next_due(NOON, ended, timedelta(minutes=30), failed=True) == ended + timedelta(minutes=30)


def test_durations():
    assert read_durations("30m 6h 1d") == (timedelta(minutes=30), 6 * HOUR, DAY)
    assert read_durations("") == ()
    with pytest.raises(ValueError, match="'6' is no duration"):
        read_durations("6")


def article(age: timedelta, fetched: timedelta, **fields) -> Known:
    """An article that was put out and first seen `age` ago, and last fetched `fetched` ago."""
    known = {"has_article": True, "last_status": 200, "last_failure": "", "born_at": NOON - age, **fields}
    return Known(first_seen_at=NOON - age, last_fetched_at=NOON - fetched, **known)


def test_visits_lie_ever_further_apart():
    visits, known = [], article(timedelta(), timedelta())
    for hours in range(24 * 10):
        now = NOON + hours * HOUR
        if is_due(known, now, AGES):
            visits.append(hours)
            known = article(timedelta(), -hours * HOUR)
    assert visits == [6, 24, 72]


def test_a_visit_that_no_crawl_made_in_time_is_made_once():
    assert is_due(article(10 * DAY, 2 * DAY + 7 * DAY), NOON, AGES)
    assert not is_due(article(10 * DAY, 7 * DAY), NOON, AGES)


def test_an_article_that_was_old_when_it_was_found_is_not_visited_again():
    known = article(2 * DAY, 2 * DAY, born_at=NOON - 400 * DAY)
    assert not is_due(known, NOON, AGES)


def test_a_page_that_the_server_could_not_give_is_tried_in_every_crawl_for_some_days():
    failed = {"has_article": False, "last_status": 503, "last_failure": "http_503"}
    assert is_due(article(HOUR, timedelta(minutes=1), **failed), NOON, AGES)
    assert is_due(article(HOUR, timedelta(minutes=1), **{**failed, "last_status": 0}), NOON, AGES)
    assert not is_due(article(5 * DAY, HOUR, **failed), NOON, AGES)
    gone = {"has_article": False, "last_status": 404, "last_failure": "http_404"}
    assert not is_due(article(HOUR, timedelta(minutes=1), **gone), NOON, AGES)
