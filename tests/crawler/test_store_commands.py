"""`scrapy search`, `export` and `db`, as real commands on both databases."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from pipelines.models import ArchiveRef, Entities
from storage import open_store
from storage.database import connect, writing
from tests.conftest import new_schema
from tests.storage.pages import CLINIC, LIBRARY, china, organisation, page

NAME = "江湾区红叶社会工作服务中心"


@contextmanager
def empty(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/news.db"
    else:
        with new_schema(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A store that tests only read."""
    with empty(request.param, request, tmp_path_factory.mktemp("store")) as url:
        yield fill(url)


@pytest.fixture
def own(store_url: str) -> str:
    """A store that a test changes."""
    return fill(store_url)


def fill(store_url: str) -> str:
    """Three articles, of which two say the same."""
    store = open_store(store_url)
    found = Entities((organisation("\n".join(CLINIC), NAME),))
    run_id = store.start_run("jiangwan", "江湾新闻网")
    pages = [
        page("/clinic.html", entities=found),
        page("/again.html", published=china(23)),
        page("/library.html", LIBRARY, title="图书室，“启用”", published=china(3)),
    ]
    store.save(pages, run_id)
    store.end_run(run_id, "finished", "finished", {})
    store.close()
    return store_url


def one_line(done, status, *words):
    assert (done.returncode, done.stdout) == (status, "")
    (line,) = done.stderr.splitlines()
    for word in words:
        assert word in line


# --- search ---


def test_search_shows_a_table(scrapy, filled):
    done = scrapy("search", "紅葉 OR 图书室", "--sort", "date", DATABASE_URL=filled)
    assert (done.returncode, done.stderr) == (0, "")
    assert "江湾区【红叶】社会工作服务中心" in done.stdout
    assert "【图书室】，“启用”" in done.stdout
    assert done.stdout.splitlines()[-1] == "1 to 3 of 3"
    assert done.stdout.index("2026-11-23") < done.stdout.index("2026-11-21") < done.stdout.index("2026-11-03")


def test_search_as_json_and_csv(scrapy, filled):
    done = scrapy("search", "义诊", f"org:{NAME}", "--format", "json", DATABASE_URL=filled)
    hits = [json.loads(line) for line in done.stdout.splitlines()]
    assert [hit["published_day"] for hit in hits] == ["2026-11-23", "2026-11-21"]
    for hit in hits:
        assert [hit["title"][a:b] for a, b in hit["title_spans"]] == ["义诊"]
        assert [hit["snippet"][a:b] for a, b in hit["snippet_spans"]] == ["义诊"]
    done = scrapy("search", "义诊", "--limit", "1", "--offset", "1", "--format", "csv", DATABASE_URL=filled)
    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert row["url"] == hits[1]["url"]
    assert row["published_at"] == "2026-11-21 00:05:00"


def test_search_finds_nothing(scrapy, filled):
    done = scrapy("search", "招聘", DATABASE_URL=filled)
    assert (done.returncode, done.stdout) == (0, "no article\n")
    done = scrapy("search", "-义诊", DATABASE_URL=filled)
    assert done.stdout.splitlines()[-1] == "1 to 1 of 1"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("(红叶", "the bracket at character 1 is not closed"),
        ("红叶 OR", "nothing stands behind the OR at character 4"),
        ("from:2026-13", "from:2026-13 is no day"),
        ("site:nowhere", "the store has no site 'nowhere'"),
        ("？", "no letter, digit or character to look for"),
    ],
)
def test_a_query_that_can_not_be_understood(scrapy, filled, query, words):
    one_line(scrapy("search", query, DATABASE_URL=filled), 2, words)


def test_wrong_use_of_search(scrapy, sqlite_url):
    done = scrapy("search", DATABASE_URL=sqlite_url)
    assert done.returncode == 2
    assert "give a query, in quotes" in done.stderr
    assert scrapy("search", "红叶", "--limit", "0", DATABASE_URL=sqlite_url).returncode == 2
    one_line(
        scrapy("search", "红叶", DATABASE_URL=sqlite_url), 1, "there is no database", "crawl something first"
    )


# --- export ---


def test_a_csv_file_is_one_that_excel_reads(scrapy, filled, tmp_path):
    out = tmp_path / "articles.csv"
    done = scrapy("export", "articles", "--since", "2026-11-20", "--out", str(out), DATABASE_URL=filled)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(out.read_bytes().decode("utf-8-sig"))))
    assert {(row["title"], row["published_precision"]) for row in rows} == {
        ("义诊进社区", "minute"),
        ("义诊进社区", "day"),
    }
    assert {row["body"] for row in rows} == {"\n".join(CLINIC)}


def test_json_lines_go_to_standard_output(scrapy, filled):
    where = "title LIKE '图书室%'"
    done = scrapy("export", "articles", "--format", "jsonl", "--where", where, DATABASE_URL=filled)
    (row,) = map(json.loads, done.stdout.splitlines())
    assert (row["title"], row["published_day"]) == ("图书室，“启用”", "2026-11-03")
    done = scrapy("export", "stories", "--format", "jsonl", "--until", "2026-11-04", DATABASE_URL=filled)
    assert [json.loads(line)["articles"] for line in done.stdout.splitlines()] == [1]
    done = scrapy("export", "entities", "--format", "jsonl", DATABASE_URL=filled)
    assert [json.loads(line)["name"] for line in done.stdout.splitlines()] == [NAME]


def test_parquet(scrapy, filled, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is an extra")
    out = tmp_path / "articles.parquet"
    done = scrapy("export", "articles", "--format", "parquet", "-o", str(out), DATABASE_URL=filled)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(parquet.read_table(out)["published_day"].to_pylist()) == [
        "2026-11-03",
        "2026-11-21",
        "2026-11-23",
    ]


def test_a_snapshot_is_a_store_of_its_own(scrapy, filled, tmp_path):
    out = tmp_path / "snapshot.db"
    done = scrapy("export", "--sqlite", str(out), DATABASE_URL=filled)
    assert (done.returncode, done.stderr) == (0, "")
    done = scrapy("search", "义诊", "--format", "csv", DATABASE_URL=f"sqlite:///{out}")
    assert len(done.stdout.splitlines()) == 3
    one_line(scrapy("export", "--sqlite", str(out), DATABASE_URL=filled), 1, "snapshot.db exists already")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("page",), 1, "there is no page to export: choose from affiliations"),
        (("entities", "--since", "2026-11-01"), 1, "entities has no day of publication"),
        (("articles", "--where", "nonsense = 1"), 1, "the export failed: "),
        (("articles", "--out", "/no/such/folder/a.csv"), 1, "/no/such/folder/a.csv"),
    ],
)
def test_what_can_not_be_exported(scrapy, filled, arguments, status, words):
    one_line(scrapy("export", *arguments, DATABASE_URL=filled), status, words)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("articles", "stories"),
        ("articles", "--sqlite", "x.db"),
        ("articles", "--since", "yesterday"),
        ("articles", "--format", "parquet"),
        ("articles", "--format", "xml"),
    ],
)
def test_wrong_use_of_export(scrapy, sqlite_url, arguments):
    assert scrapy("export", *arguments, DATABASE_URL=sqlite_url).returncode == 2


# --- db ---


def test_a_store_that_is_whole(scrapy, own):
    for _ in range(2):
        done = scrapy("db", "check", DATABASE_URL=own)
        assert (done.returncode, done.stdout, done.stderr) == (0, "nothing is wrong\n", "")
        done = scrapy("db", "vacuum", DATABASE_URL=own)
        assert (done.returncode, done.stderr) == (0, "")


def test_what_is_wrong_is_told_line_by_line(scrapy, own):
    engine = connect(own)
    with writing(engine) as connection:
        connection.execute(text("UPDATE mention SET start_offset = 1"))
        connection.execute(text("UPDATE search_document SET version = 2"))
    engine.dispose()
    done = scrapy("db", "check", DATABASE_URL=own)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[:2] == [
        "scrapy: 1 mentions do not say what stands at their offsets",
        "scrapy: 3 articles are not in the search index in their present version",
    ]


def test_stats(scrapy, own):
    done = scrapy("db", "stats", DATABASE_URL=own)
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in done.stdout.splitlines()]
    rows = {row[0]: row[1:] for row in cells if len(row) == 3}
    assert (rows["article"][0], rows["text"][0], rows["search_index"][0]) == ("3", "2", "3")
    assert int(rows["text"][1]) > 4000


def test_old_archive_files_are_dropped(scrapy, own, tmp_path):
    archive = tmp_path / "data" / "archive"
    archive.mkdir(parents=True)
    (archive / "old.warc.gz").write_bytes(b"x")
    arguments = ("db", "vacuum", "--drop-archive-older-than")
    done = scrapy(*arguments, "9999d", DATABASE_URL=own)
    assert (done.returncode, done.stdout) == (0, "0 archive files dropped\n")
    store = open_store(own)
    long_ago = replace(
        page("/old.html"), archive=ArchiveRef("old.warc.gz", 5), fetched_at=datetime(2001, 1, 1, tzinfo=UTC)
    )
    store.save([long_ago], 1)
    store.close()
    done = scrapy(*arguments, "9000d", DATABASE_URL=own)
    assert (done.returncode, done.stdout) == (0, "1 archive files dropped\n")
    assert list(archive.iterdir()) == []
    done = scrapy("db", "stats", "--drop-archive-older-than", "1d", DATABASE_URL=own)
    assert done.returncode == 2
    done = scrapy(*arguments, "soon", DATABASE_URL=own)
    assert done.returncode == 2


def test_wrong_use_of_db(scrapy, sqlite_url):
    assert scrapy("db", DATABASE_URL=sqlite_url).returncode == 2
    assert scrapy("db", "destroy", DATABASE_URL=sqlite_url).returncode == 2
    one_line(scrapy("db", "check", DATABASE_URL=sqlite_url), 1, "there is no database")
    assert scrapy("db", "migrate", DATABASE_URL=sqlite_url).returncode == 0
    done = scrapy("db", "check", DATABASE_URL=sqlite_url)
    assert (done.returncode, done.stdout) == (0, "nothing is wrong\n")


def test_a_file_that_is_no_database(scrapy, tmp_path):
    file = tmp_path / "news.db"
    file.write_text("这不是数据库" * 100)
    url = f"sqlite:///{file}"
    for command in (("db", "check"), ("search", "红叶"), ("export", "articles")):
        one_line(scrapy(*command, DATABASE_URL=url), 1, "cannot use the database")
    assert file.read_text().startswith("这不是数据库")


def test_a_file_that_is_damaged(scrapy, sqlite_url):
    open_store(sqlite_url).close()
    file = sqlite_url.removeprefix("sqlite:///")
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'mention'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    with Path(file).open("r+b") as raw:
        raw.seek((root - 1) * size)
        raw.write(b"\xff" * 64)
    done = scrapy("db", "check", DATABASE_URL=sqlite_url)
    assert done.returncode == 1
    assert done.stderr.splitlines()
    assert all(line.startswith("scrapy: ") for line in done.stderr.splitlines())
