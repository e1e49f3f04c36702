"""The whole way, by the commands that a user types: the demo site is crawled and every row is compared.

The truth is what the demo was made from (`crawler.demo.expected`); nothing here
was read off a crawl.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from crawler.demo.expected import Expected, ExpectedArticle, expected
from crawler.demo.publisher import publishers
from crawler.demo.server import DemoServer
from pipelines.extract.reading import Read, read_record
from storage import Store, open_store
from tests.conftest import new_schema
from tests.crawler.conftest import DEMO_SITES, scrapy_in

SETTINGS = ("-s", "SITE_PACKAGES=crawler.demo.sites", "-s", "RETRY_BACKOFF_BASE=0.1", "--nolog")
CRAWL_TIMEOUT = 120.0


@dataclass(slots=True)
class Crawled:
    """The demo site, crawled once by `scrapy crawl`, site by site."""

    folder: Path
    url: str
    server: DemoServer
    store: Store

    def crawl(self, site: str) -> None:
        """Crawls one site as an operator would."""
        done = scrapy_in(self.folder)(
            "crawl",
            site,
            *SETTINGS,
            timeout=CRAWL_TIMEOUT,
            DATABASE_URL=self.url,
            http_proxy=self.server.proxy_url,
        )
        assert (done.returncode, done.stderr) == (0, "")

    def rows(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """The rows of a query."""
        with self.store.engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(sql), values).mappings()]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crawled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    folder = tmp_path_factory.mktemp(request.param)
    with ExitStack() as stack:
        url = f"sqlite:///{folder}/news.db"
        if request.param == "postgresql":
            server: URL = request.getfixturevalue("postgres_server")
            url = stack.enter_context(new_schema(server))
        demo = stack.enter_context(DemoServer())
        made = Crawled(folder, url, demo, open_store(url))
        stack.callback(made.store.close)
        for site in DEMO_SITES:
            made.crawl(site)
        yield made


@pytest.fixture(scope="module")
def truth() -> Expected:
    return expected()


def test_every_article_that_the_site_links_is_stored_and_nothing_else(
    crawled: Crawled, truth: Expected
) -> None:
    stored = [row["url"] for row in crawled.rows("SELECT url FROM articles")]
    assert sorted(stored) == sorted(truth.articles)


def test_every_article_says_what_its_page_says(crawled: Crawled, truth: Expected) -> None:
    rows = {row["url"]: row for row in crawled.rows("SELECT * FROM articles")}
    differing = {url: _differences(rows[url], article) for url, article in truth.articles.items()}
    assert {url: fields for url, fields in differing.items() if fields} == {}


def _differences(row: dict[str, Any], article: ExpectedArticle) -> dict[str, Any]:
    """The fields of a stored article that are not what its page was made from."""
    stored = {
        "site": row["site"],
        "publisher": row["publisher"],
        "title": row["title"],
        "published": _in_zone(row["published_at"], row["published_offset"]),
        "published_day": str(row["published_day"]),
        "has a time": row["published_precision"] != "day",
        "source": row["source"],
        "authors": row["authors"] or "",
        "editors": row["editors"] or "",
        "paragraphs": [line for line in row["body"].split("\n") if line not in article.optional],
        "version": row["version"],
    }
    site = f"demo_{article.site}"
    wanted = {
        "site": site,
        "publisher": publishers()[article.site].name,
        "title": article.title,
        "published": article.published.replace(tzinfo=None, second=0),
        "published_day": str(article.published.date()),
        "has a time": True,
        "source": article.source,
        "authors": "、".join(article.authors),
        "editors": "、".join(article.editors),
        "paragraphs": [line for line in article.paragraphs if line not in article.optional],
        "version": 1,
    }
    return {name: (stored[name], value) for name, value in wanted.items() if stored[name] != value}


def _in_zone(at: datetime | str, offset: int) -> datetime:
    """SQLite gives a time as text to a query of one's own."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at.replace(tzinfo=None)
    return (moment + timedelta(minutes=offset)).replace(second=0)


def test_every_reprint_hangs_on_its_original(crawled: Crawled, truth: Expected) -> None:
    rows = crawled.rows("SELECT url, original_url FROM reprints")
    assert {row["url"]: row["original_url"] for row in rows} == truth.reprints


def test_teasers_are_stored_with_their_links(crawled: Crawled, truth: Expected) -> None:
    rows = crawled.rows(
        "SELECT page.url AS shown_on, teaser.url, teaser.text FROM teaser JOIN page ON page.id = article_id"
    )
    stored: dict[str, set[str]] = {}
    for row in rows:
        stored.setdefault(row["shown_on"], set()).add(row["url"])
    missed = {
        url: {target for target, _ in article.teasers} - stored.get(url, set())
        for url, article in truth.articles.items()
    }
    assert {url: targets for url, targets in missed.items() if targets} == {}


def test_pages_that_fail_are_stored_with_their_reason(crawled: Crawled, truth: Expected) -> None:
    rows = crawled.rows(
        "SELECT page.url, failure_reason, truncated FROM page_fetch JOIN page ON page.id = page_id"
        " WHERE failure_reason IS NOT NULL OR truncated"
    )
    found = {row["url"]: row["failure_reason"] or "truncated" for row in rows}
    assert found == {url: reason for url, reason in truth.failures.items() if reason != "soft_404"}


def test_no_page_is_asked_for_that_robots_txt_forbids(crawled: Crawled, truth: Expected) -> None:
    asked = crawled.server.requests()
    assert truth.forbidden
    assert [url for url in asked if url in truth.forbidden] == []


def test_each_run_is_on_record(crawled: Crawled) -> None:
    rows = crawled.rows("SELECT site, state, reason, new_articles FROM runs ORDER BY id")
    assert [(row["site"], row["state"], row["reason"]) for row in rows[: len(DEMO_SITES)]] == [
        (site, "finished", "finished") for site in DEMO_SITES
    ]
    assert all(row["new_articles"] > 0 for row in rows[: len(DEMO_SITES)])


def test_the_archive_gives_back_the_page_of_every_article(crawled: Crawled) -> None:
    rows = crawled.rows(
        "SELECT page.url, final_url, warc_file, warc_offset FROM page_fetch JOIN page ON page.id = page_id"
        " WHERE failure_reason IS NULL"
    )
    assert rows
    for row in rows:
        read = read_record(crawled.folder / "archive" / row["warc_file"], row["warc_offset"])
        assert isinstance(read, Read)
        assert read.page.url in (row["url"], row["final_url"])
        assert read.page.body


def test_every_mention_is_where_it_says(crawled: Crawled) -> None:
    rows = crawled.rows(
        "SELECT body, start_offset, end_offset, alias.name FROM mention"
        " JOIN text ON text.id = text_id JOIN alias ON alias.id = alias_id"
    )
    assert len(rows) > len(DEMO_SITES)
    assert [row for row in rows if row["body"][row["start_offset"] : row["end_offset"]] != row["name"]] == []


@pytest.mark.parametrize("site", DEMO_SITES)
def test_a_second_crawl_stores_nothing_twice(crawled: Crawled, site: str) -> None:
    tables = ("article", "article_version", "text", "page", "relation", "mention", "entity", "fingerprint")
    before = {table: _count(crawled, table) for table in tables}
    crawled.crawl(site)
    assert {table: _count(crawled, table) for table in tables} == before
    (run,) = crawled.rows("SELECT state, new_articles, new_versions FROM runs ORDER BY id DESC LIMIT 1")
    assert run == {"state": "finished", "new_articles": 0, "new_versions": 0}


def _count(crawled: Crawled, table: str) -> int:
    (row,) = crawled.rows(f"SELECT count(*) AS n FROM {table}")
    return int(row["n"])
