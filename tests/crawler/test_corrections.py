"""`scrapy entities merge` and `split`, on a store with two organisations."""

import argparse
from pathlib import Path

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler.commands import entities
from pipelines.models import Article, Entities, Mention, Page
from storage import open_store
from storage.query import read_only, run_query
from tests.storage.pages import FETCHED

OLD, NEW = "青禾公益发展中心", "青禾社会工作服务中心"


@pytest.fixture
def database(tmp_path: Path) -> str:
    """Two articles, one organisation each."""
    url = f"sqlite:///{tmp_path / 'news.db'}"
    store = open_store(url)
    pages = []
    for name in (OLD, NEW):
        address = f"http://news.jiangwan.example/{len(name)}.html"
        found = Entities(mentions=(Mention("organisation", 0, len(name), name, name, "suffix"),))
        article = Article(address, kind="article", paragraphs=[name + "开展活动。"], entities=found)
        pages.append(Page(address, address, 200, {}, b"", FETCHED, article=article))
    assert store.save(pages, store.start_run("jiangwan")).new_articles == 2
    store.close()
    return url


def run(database: str, *args: str, **options: object) -> int:
    command = entities.Command()
    command.settings = Settings({"DATABASE_URL": database})
    parser = argparse.ArgumentParser()
    command.add_options(parser)
    opts = parser.parse_args([f"--{key}={value}" for key, value in options.items()])
    command.run(list(args), opts)
    return command.exitcode


def organisations(database: str) -> list[tuple[object, ...]]:
    with read_only(database) as connection:
        return [tuple(row) for row in run_query(connection, "SELECT name, same_as FROM entities ORDER BY id")]


def test_merge_and_split(database, capsys):
    assert run(database, "merge", OLD, NEW) == 0
    assert capsys.readouterr().out == f"{OLD} is {NEW}\n"
    assert organisations(database) == [(OLD, NEW), (NEW, NEW)]
    assert run(database, "split", OLD) == 0
    assert capsys.readouterr().out == f"{OLD} stands for itself\n"
    assert organisations(database) == [(OLD, OLD), (NEW, NEW)]


def test_split_by_article(database, capsys):
    address = f"http://news.jiangwan.example/{len(OLD)}.html"
    assert run(database, "split", OLD, article=address, **{"as": "临澜"}) == 0
    assert capsys.readouterr().out == f"{OLD} is another (临澜) in 1 article\n"
    with read_only(database) as connection:
        rows = run_query(connection, "SELECT scope, mentions FROM entities ORDER BY id")
        assert [":".join(map(str, row)) for row in rows] == [":0", ":1", "临澜:1"]


def test_what_can_not_be_done_is_said_in_one_line(database, capsys):
    assert run(database, "merge", "无此机构", NEW) == 1
    assert capsys.readouterr().err == "scrapy: no entity is named 无此机构\n"
    assert run("sqlite:////proc/none/news.db", "split", OLD) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("args", [("merge", OLD), ("split",), ("split", OLD, NEW)])
def test_wrong_use(database, args):
    with pytest.raises(UsageError):
        run(database, *args)
    with pytest.raises(UsageError):
        run(database, "merge", OLD, NEW, article="http://news.jiangwan.example/")
