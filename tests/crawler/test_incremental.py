"""Crawls of one site, one after the other: what is asked for again, and what became of its articles."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.models import Article, Page, SiteHints
from storage import open_store
from tests.crawler.operations import Operator, operator
from tests.crawler.small_site import HOST, SITE_FILE, url


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Operator]:
    with operator(tmp_path, count=12) as made:
        yield made


def age(at: Operator, days: int) -> None:
    """Makes the store's memory of pages older, as if `days` had passed."""
    shift = f"datetime(fetched_at, '-{days} days')"
    with closing(sqlite3.connect(at.folder / "news.db")) as connection, connection:
        for table in ("page_fetch", "article_version"):
            connection.execute(f"UPDATE {table} SET fetched_at = {shift}")
        for name in ("first_seen_at", "last_fetched_at"):
            connection.execute(f"UPDATE page SET {name} = datetime({name}, '-{days} days')")


def test_a_second_crawl_of_an_unchanged_site_asks_for_its_list_alone(at: Operator) -> None:
    first = at.crawl()
    assert (first["new_articles"], at.asked()["/news/index_3.html"]) == (12, 1)

    at.server.rebuild(count=12)
    second = at.crawl()
    assert at.asked() == {"/news/": 1}
    assert second["new_articles"] == 0
    assert at.rows("SELECT ending, listed, known, stored FROM coverage ORDER BY run_id") == [
        ("last_page", 12, 0, 12),
        ("not_modified", 12, 12, 0),
    ]


def test_an_unchanged_site_of_2000_articles_is_asked_for_its_lists_and_nothing_else(tmp_path: Path) -> None:
    with operator(tmp_path, count=2000, entries=100) as at:
        at.write_site(SITE_FILE.replace("depth = 10", "depth = 100"))
        hold(at, range(1, 2001))
        lists = ["/news/", *(f"/news/index_{number}.html" for number in range(2, 21))]

        # the store holds all articles, but does not know the list yet, so it is read to its end
        assert at.crawl()["new_articles"] == 0
        assert at.asked() == dict.fromkeys(sorted(lists), 1)

        at.server.rebuild(count=2000, entries=100)
        at.crawl()
        assert at.asked() == {"/news/": 1}

        # one more article: a page that meets what was known is the last that is asked for
        at.server.rebuild(count=2001, entries=100)
        assert at.crawl()["new_articles"] == 1
        assert at.asked() == {"/art/2001.html": 1, "/news/": 1, "/news/index_2.html": 1}


def hold(at: Operator, numbers: Iterable[int]) -> None:
    """Puts articles into the store, as earlier crawls would have."""
    store = open_store(at.url)
    run = store.start_run("qinghe")
    then = datetime.now(UTC) - timedelta(minutes=5)
    hints = SiteHints(name="qinghe")
    store.save(
        [
            Page(
                url(number),
                url(number),
                200,
                {},
                b"",
                then,
                hints,
                article=Article(
                    url(number), kind="article", title=f"第{number}次", paragraphs=[f"正文{number}。"]
                ),
            )
            for number in numbers
        ],
        run,
    )
    store.end_run(run, "finished", "finished", {})
    store.close()


def test_reading_on_stops_at_known_articles(at: Operator) -> None:
    at.crawl()
    at.server.rebuild(count=18)
    assert at.crawl()["new_articles"] == 6
    # the first page is new, the second meets what was there before, and its articles but one are known
    assert at.asked() == {
        **{f"/art/{number}.html": 1 for number in range(13, 19)},
        "/news/": 1,
        "/news/index_2.html": 1,
        "/news/index_3.html": 1,
    }


def test_an_edited_a_removed_and_a_moved_article(at: Operator) -> None:
    at.crawl()
    age(at, 2)
    at.server.rebuild(count=12, edited=[12], removed=[11], moved=[10], soft=[9])
    done = at.crawl()

    assert done["new_versions"] == 1
    assert at.rows("SELECT version FROM articles WHERE url = :url", url=url(12)) == [(2,)]
    assert at.rows(
        "SELECT url, reason, moved_to, gone_since IS NOT NULL, title <> '' FROM gone"
        " JOIN articles USING (url) ORDER BY articles.id, url"
    ) == sorted(
        [
            (url(11), "http_404", None, 1, 1),
            (url(10), "moved", f"http://{HOST}/art/100010.html", 1, 1),
            (url(9), "soft_404", None, 1, 1),
        ],
        key=lambda row: at.rows("SELECT id FROM page WHERE url = :url", url=row[0]),
    )
    assert at.rows("SELECT kind FROM reprints WHERE url = :url", url=f"http://{HOST}/art/100010.html")

    # each was visited at this age; the next crawl has nothing to ask
    at.server.rebuild(count=12, edited=[12], removed=[11], moved=[10], soft=[9])
    at.crawl()
    assert at.asked() == {"/news/": 1}


def test_an_old_address_that_leads_to_a_stored_article_is_asked_for_once(tmp_path: Path) -> None:
    with operator(tmp_path, count=3, moved=[2]) as at:
        assert at.crawl()["new_articles"] == 3
        at.server.rebuild(count=4, moved=[2])
        at.crawl()
        assert at.asked() == {"/art/4.html": 1, "/news/": 1}
