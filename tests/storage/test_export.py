import csv
import io
import json
from datetime import date

import pytest

from pipelines.models import Entities
from storage import StoreError, open_store
from storage.export import (
    Selection,
    complete_file,
    count,
    open_rows,
    snapshot,
    write_csv,
    write_json_lines,
    write_parquet,
)
from storage.query import read_only
from storage.search import search
from tests.storage.pages import CLINIC, LIBRARY, china, organisation, page


@pytest.fixture
def filled(store_url):
    store = open_store(store_url)
    body = "\n".join(CLINIC)
    mentions = [organisation(body, "江湾区红叶社会工作服务中心")]
    run_id = store.start_run("jiangwan", "江湾新闻网")
    store.save(
        [
            page("/clinic.html", entities=Entities(mentions=tuple(mentions))),
            page("/again.html", published=china(23)),
            page("/library.html", LIBRARY, title="图书室，“启用”", published=china(3)),
        ],
        run_id,
    )
    store.close()
    return store_url


def exported(url, **selection):
    with (
        read_only(url) as connection,
        open_rows(connection, Selection(**selection)) as (columns, rows),
    ):
        return [dict(zip(columns, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("selection", "titles"),
    [
        ({}, ["义诊进社区", "义诊进社区", "图书室，“启用”"]),
        ({"since": date(2026, 11, 21)}, ["义诊进社区", "义诊进社区"]),
        ({"until": date(2026, 11, 21)}, ["义诊进社区", "图书室，“启用”"]),
        ({"since": date(2026, 11, 21), "until": date(2026, 11, 21)}, ["义诊进社区"]),
        ({"where": "title LIKE '图书%' OR title = '12:30'"}, ["图书室，“启用”"]),
    ],
)
def test_selections(filled, selection, titles):
    assert sorted(row["title"] for row in exported(filled, view="articles", **selection)) == titles
    with read_only(filled) as connection:
        assert count(connection, Selection("articles", **selection)) == len(titles)


def test_entities_and_mentions(filled):
    (entity,) = exported(filled, view="entities")
    assert (entity["name"], entity["mentions"]) == ("江湾区红叶社会工作服务中心", 1)
    mentions = exported(filled, view="mentions", since=date(2026, 11, 22))
    assert [(m["written"], m["start_offset"], str(m["published_day"])) for m in mentions] == [
        ("江湾区红叶社会工作服务中心", 0, "2026-11-23")
    ]


@pytest.mark.parametrize(
    ("selection", "line"),
    [
        ({"view": "page"}, "there is no page to export: choose from affiliations, alarms, articles, "),
        ({"view": "entities", "since": date(2026, 1, 1)}, "entities has no day of publication"),
        ({"view": "articles", "where": "no_column = 1"}, "the export failed: "),
    ],
)
def test_what_cannot_be_exported(filled, selection, line):
    with pytest.raises(StoreError, match=f"^{line}"):
        exported(filled, **selection)


def test_files(filled, tmp_path):
    with read_only(filled) as connection:
        noted: list[int] = []
        with open_rows(connection, Selection("articles")) as (columns, rows):
            out = io.StringIO()
            write_csv(out, columns, rows, noted.append)
        assert noted == [3]
        titles = {row["title"] for row in csv.DictReader(io.StringIO(out.getvalue()))}
        with open_rows(connection, Selection("articles")) as (columns, rows):
            out = io.StringIO()
            write_json_lines(out, columns, rows, noted.append)
        lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert titles == {line["title"] for line in lines} == {"义诊进社区", "图书室，“启用”"}
    assert {line["published_day"] for line in lines} == {"2026-11-03", "2026-11-21", "2026-11-23"}


def test_parquet(filled, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is an extra")
    with read_only(filled) as connection:
        for name, where in (("all", ""), ("none", "1 = 0")):
            with open_rows(connection, Selection("articles", where=where)) as (columns, rows):
                write_parquet(tmp_path / name, columns, rows, lambda _: None)
    assert set(parquet.read_table(tmp_path / "all")["title"].to_pylist()) == {
        "义诊进社区",
        "图书室，“启用”",
    }
    assert parquet.read_table(tmp_path / "none").num_rows == 0


def test_a_file_that_is_not_complete_does_not_appear(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), complete_file(path) as part:
        part.write_text(str(1 // 0))
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    assert path.read_text() == "old"


def test_a_snapshot_holds_the_same(filled, tmp_path):
    path = tmp_path / "snapshot.db"
    with read_only(filled) as connection:
        snapshot(connection, path, lambda _: None)
    copied = f"sqlite:///{path}"
    for view in ("articles", "reprints", "runs", "entities", "mentions"):
        before, after = (
            sorted([str(v) for v in row.values()] for row in exported(url, view=view))
            for url in (filled, copied)
        )
        assert before == after
    with read_only(copied) as connection:
        assert search(connection, "紅葉 org:*红叶*").total == 2
        with pytest.raises(StoreError, match=r"snapshot\.db exists already"):
            snapshot(connection, path, lambda _: None)
