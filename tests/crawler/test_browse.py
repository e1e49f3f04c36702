"""The store in a browser, over HTTP, on both databases."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.browse.charts import bars, columns
from pipelines.models import Entities, Mention
from storage import open_store
from storage.reading_page import Named, paragraphs
from tests.conftest import new_schema
from tests.crawler.conftest import PROJECT
from tests.storage.pages import CLINIC, LIBRARY, china, organisation, page

NAME = "江湾区红叶社会工作服务中心"


def fill(url: str) -> int:
    store = open_store(url)
    run_id = store.start_run("jiangwan", "江湾新闻网")
    body = "\n".join(CLINIC)
    start = body.index("李玉兰")
    li = Mention("person", start, start + 3, "李玉兰", "李玉兰", "role")
    found = Entities((organisation(body, NAME), li))
    store.save(
        [
            page("/clinic.html", entities=found),
            page("/again.html", published=china(23), title="<b>义诊</b>进社区"),
            page("/library.html", LIBRARY, title="图书室启用", published=china(3)),
        ],
        run_id,
    )
    store.end_run(run_id, "finished", "finished", {})
    store.close()
    return 3


@contextmanager
def browsing(url: str, folder: Path) -> Iterator[str]:
    errors = folder / "errors.txt"
    with (
        errors.open("w") as stderr,
        subprocess.Popen(
            [sys.executable, "-m", "scrapy", "browse", "--port", "0"],
            cwd=PROJECT,
            env={**os.environ, "DATABASE_URL": url, "DATA_DIR": str(folder)},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):
        assert process.stdout
        found = re.match(r"(http://127\.0\.0\.1:\d+)/ ", process.stdout.readline())
        assert found, errors.read_text()
        yield found[1]
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("browse")
    if request.param == "sqlite":
        url = f"sqlite:///{folder}/my store.db"
        fill(url)
        with browsing(url, folder) as address:
            yield address
    else:
        with new_schema(request.getfixturevalue("postgres_server")) as url:
            fill(url)
            with browsing(url, folder) as address:
                yield address


def get(address: str, path: str, **parameters: str) -> tuple[int, str]:
    query = f"?{urllib.parse.urlencode(parameters)}" if parameters else ""
    try:
        with urllib.request.urlopen(f"{address}{path}{query}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_first_page_leads_on(site):
    status, html = get(site, "/")
    assert status == 200
    for words in ("公益新闻库", "哪些报道被转载最多？谁最先发布？", "/-/charts", "/news/articles"):
        assert words in html
    assert not re.findall(r'(?:src=|<link rel="stylesheet" href=)"(?:https?:)?//', html)


def test_words_are_searched(site):
    status, html = get(site, "/-/search", q="義診 org:*红叶*")
    assert status == 200
    assert "共 2 篇" in html
    assert html.count("<mark>义诊</mark>") >= 2
    assert "&lt;b&gt;<mark>义诊</mark>&lt;/b&gt;" in html
    status, html = get(site, "/-/search", q="(红叶")
    assert status == 400
    assert "the bracket at character 1 is not closed" in html
    for odd in ("0", "-1", "99999999999", "x", "500"):
        assert get(site, "/-/search", q="义诊", page=odd)[0] == 200


def article(site: str, query: str) -> str:
    found = re.search(r"/-/article/-?\d+", get(site, "/-/search", q=query)[1])
    assert found
    return found[0]


def test_an_article_has_its_names_marked_and_its_story(site):
    status, html = get(site, article(site, "from:2026-11-21 to:2026-11-21"))
    assert status == 200
    assert f'<mark class="organisation">{NAME}</mark>' in html
    assert '<mark class="person">李玉兰</mark>' in html
    assert 'href="http://news.jiangwan.example/clinic.html"' in html
    assert "原样转载" in html
    assert "&lt;b&gt;义诊&lt;/b&gt;进社区" in html
    assert "库中没有它的转载" in get(site, article(site, "图书室"))[1]


def test_an_article_that_is_not_there(site):
    status, html = get(site, "/-/article/12")
    assert status == 404
    assert "no article 12 in the store" in html
    assert get(site, "/-/article/99999999999999999999")[0] == 404


def test_charts_need_nothing_from_elsewhere(site):
    status, html = get(site, "/-/charts")
    assert status == 200
    assert html.count('<svg viewBox="0 0 720 ') == 3
    assert "2026-11-23 江湾新闻网 1" in html
    assert "原样转载" in html


def test_ready_questions_and_facets(site):
    answer = json.loads(get(site, "/news/most_reprinted.json", _shape="objects")[1])
    assert [(row["title"], row["articles"]) for row in answer["rows"]] == [("义诊进社区", 2)]
    answer = json.loads(get(site, "/news/organisation.json", _shape="objects", 组织=NAME)[1])
    assert len(answer["rows"]) == 2
    answer = json.loads(get(site, "/news/articles.json")[1])
    facets = answer["facet_results"]
    assert {one["value"]: one["count"] for one in facets["relation"]["results"]} == {"copy": 1, "original": 2}
    status, html = get(site, "/news/articles")
    assert status == 200
    assert "/-/article/" in html


def test_nothing_can_be_changed(site):
    for sql in ("DELETE FROM page", "UPDATE text SET body = ''", "DROP VIEW articles"):
        assert get(site, "/news.json", sql=sql)[0] == 400
    request = urllib.request.Request(f"{site}/news/articles", data=b"x=1", method="POST")
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=30)
    assert json.loads(
        get(site, "/news.json", sql="SELECT count(*) AS n FROM articles", _shape="array")[1]
    ) == [{"n": 3}]


def test_every_ready_question_runs(site):
    for name in re.findall(r'href="/news/(\w+)"', get(site, "/")[1]):
        assert get(site, f"/news/{name}.json")[0] == 200, name


def test_what_keeps_it_from_starting(scrapy, sqlite_url):
    done = scrapy("browse", DATABASE_URL=sqlite_url)
    assert (done.returncode, done.stdout) == (1, "")
    assert "there is no database" in done.stderr
    open_store(sqlite_url).close()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = scrapy("browse", "--port", str(port), DATABASE_URL=sqlite_url)
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
    assert scrapy("browse", "--port", "99999", DATABASE_URL=sqlite_url).returncode == 2


def test_of_names_that_overlap_the_longest_stands():
    body = "南京红叶社\n李明说"
    named = [
        Named(0, 2, "place", "南京"),
        Named(0, 5, "organisation", "南京红叶社"),
        Named(6, 8, "person", "李明"),
    ]
    first, second = paragraphs(body, named)
    assert [(piece.text, piece.named and piece.named.kind) for piece in first] == [
        ("南京红叶社", "organisation")
    ]
    assert [(piece.text, piece.named and piece.named.kind) for piece in second] == [
        ("李明", "person"),
        ("说", None),
    ]


def test_charts_of_nothing_and_of_words_that_are_no_markup():
    assert "暂无数据" in bars([], ["a"])
    assert columns([], {}).startswith("<svg")
    assert "<script>" not in bars([("<script>", [1])], ["<b>"])
