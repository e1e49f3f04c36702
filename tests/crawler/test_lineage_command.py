import argparse
import json

import pytest
from scrapy.exceptions import UsageError
from scrapy.settings import Settings

from crawler.commands import dedup, lineage
from storage import open_store
from tests.storage.pages import HOST, china, page
from tests.storage.test_lineage import EDITED, FLOOD


@pytest.fixture
def settings(sqlite_url):
    store = open_store(sqlite_url)
    run = store.start_run("jiangwan", "江湾新闻网")
    first = page("/first", FLOOD, published=china(20), source="")
    store.save([first, page("/edited", EDITED, published=china(22))], run)
    store.close()
    return Settings({"DATABASE_URL": sqlite_url})


def run_lineage(settings: Settings, *args: str, as_json: bool = False) -> int:
    command = lineage.Command()
    command.settings = settings
    command.run(list(args), argparse.Namespace(json=as_json))
    return int(command.exitcode)


def test_the_tree_names_publishers_times_and_how_much_is_shared(settings, capsys):
    assert run_lineage(settings, f"{HOST}/edited") == 0
    out = capsys.readouterr().out
    assert "original  2026-11-20  江湾新闻网" in out
    assert f"{HOST}/first" in out
    assert "reprint " in out
    assert "(credits 江湾日报)" in out


def test_the_tree_as_json(settings, capsys):
    assert run_lineage(settings, f"{HOST}/edited", as_json=True) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["original"]["url"] == f"{HOST}/first"
    assert [child["relation"] for child in record["original"]["children"]] == ["reprint"]


def test_an_unknown_article_is_one_clear_line(settings, capsys):
    assert run_lineage(settings, f"{HOST}/nowhere") == 1
    assert capsys.readouterr().err == f"scrapy: no article {HOST}/nowhere in the store\n"
    with pytest.raises(UsageError, match="neither a URL nor an id"):
        run_lineage(settings, "敲门队")


def test_a_rebuild_prints_what_changed(settings, capsys):
    command = dedup.Command()
    command.settings = settings
    command.run([], argparse.Namespace(out=None, rebuild=True))
    assert command.exitcode == 0
    assert "2 articles, 0 of them have another place now" in capsys.readouterr().out
    with pytest.raises(UsageError, match="neither a file"):
        command.run(["file"], argparse.Namespace(out=None, rebuild=True))
