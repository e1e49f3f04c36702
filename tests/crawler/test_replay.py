"""`scrapy replay`: the demo site's own archive, and WARC files of other tools."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from crawler.demo.expected import expected
from crawler.demo.server import DemoServer
from tests.crawler.conftest import DEMO_SITES, Scrapy, scrapy_in
from tests.warc_files import WarcBytes, chunked, packed

DEMO = ("-s", "SITE_PACKAGES=crawler.demo.sites")
NOTES = ("run", "run_count", "lineage_change", "sqlite_sequence")
"""Tables that note when something was run."""


def article(title: str, what: str = "教他们怎样在浴室里站稳", day: str = "2026-09-14") -> bytes:
    """A page with a story about an invented organisation."""
    return f"""<html><head><meta charset="utf-8"><title>{title}</title></head><body>
<h1>{title}</h1><div class="info">{day} 09:30 来源：晨光公益网 作者：周亦菲</div><div>
<p>南京清禾社会工作服务中心的社工走进湖熟街道，为独居老人安装防滑垫，也{what}。</p>
<p>中心负责人介绍，这项服务自今年三月开始，已经走进了十二个社区，惠及三百多位老人，秋天还会继续。</p>
</div></body></html>""".encode()


ENGLISH = b"""<html><head><title>Volunteers clean the river</title></head><body>
<h1>Volunteers clean the river</h1><p>2026-09-14</p>
<p>More than two hundred volunteers of the county's youth club met on Saturday to clean the banks
of the river. They filled eighty bags with plastic and glass before lunch, the club's secretary said.</p>
<p>The next meeting is planned for October, when the leaves have fallen and the paths can be seen again.</p>
</body></html>"""


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


def everything(database: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but of those that note when something was run, and those inside the index."""
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search_index%'"
    names = [name for (name,) in rows(database, tables)]
    found = {name: rows(database, f'SELECT * FROM "{name}"') for name in names if name not in NOTES}
    found["site"] = [row for row in found["site"] if "replay" not in row]  # what its runs are named
    return {name: sorted(of_table, key=repr) for name, of_table in found.items()}


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    (line,) = [line for line in done.stderr.split("\n") if line]
    assert line.startswith("scrapy: ")
    return line


def counts(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """The numbers of the closing table."""
    cells = [line.strip("│").rsplit("│", 1) for line in done.stdout.split("\n") if line.startswith("│")]
    return {name.strip(): int(number) for name, number in cells}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a crawl of the demo site; tests copy it."""
    folder = tmp_path_factory.mktemp("crawled")
    with DemoServer() as server:
        run = partial(scrapy_in(folder), http_proxy=server.proxy_url)
        done = run("crawlall", *DEMO_SITES, *DEMO, "-s", "RETRY_BACKOFF_BASE=0.1")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def data(crawled: Path, tmp_path: Path) -> Path:
    """A copy of the crawl, in the folder that `scrapy` uses."""
    return shutil.copytree(crawled, tmp_path / "data")


# --- the archive of our own crawls ---


def test_a_replay_of_what_is_stored_changes_nothing(scrapy: Scrapy, data: Path) -> None:
    before = everything(data / "news.db")
    done = scrapy("replay", "--from-archive", *DEMO)
    assert (done.returncode, done.stderr) == (0, "")
    assert everything(data / "news.db") == before
    found = counts(done)
    assert found["unchanged"] == len(expected().articles)
    assert not {"new articles", "changed"} & found.keys()
    assert rows(data / "news.db", "SELECT state, reason FROM run ORDER BY id DESC LIMIT 1") == [
        ("finished", "finished")
    ]


def test_a_new_store_gets_the_articles_of_the_old_one(scrapy: Scrapy, data: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    done = scrapy("replay", str(data / "archive"), *DEMO, DATABASE_URL=f"sqlite:///{new}")
    assert (done.returncode, done.stderr) == (0, "")
    assert counts(done)["new articles"] == len(expected().articles)
    for what in (
        "* FROM articles",
        "url, original_url FROM reprints",
        "digest, alias.name FROM text JOIN mention ON text.id = text_id JOIN alias ON alias.id = alias_id",
    ):
        assert sorted(rows(new, f"SELECT {what}")) == sorted(rows(data / "news.db", f"SELECT {what}"))


def test_what_changes_is_shown_by_field_and_stored_unless_it_is_a_dry_run(
    scrapy: Scrapy, data: Path, tmp_path: Path
) -> None:
    database = data / "news.db"
    (id_, url, title), (other, other_url, _), (lost, lost_url, _) = rows(
        database,
        "SELECT id, url, title FROM articles WHERE site = 'demo_linlan' AND relation = 'original'"
        " AND NOT EXISTS (SELECT 1 FROM relation WHERE articles.id IN (original_id, parent_id))"
        " ORDER BY url LIMIT 3",
    )
    with closing(sqlite3.connect(database)) as connection, connection:
        # one was read wrongly, at one a stage failed, and one was lost with its batch
        connection.execute(
            "UPDATE article_version SET title = '首页', source = '' WHERE article_id = ?", (id_,)
        )
        for table in ("teaser_link", "teaser_text", "first_holder", "credit", "teaser", "boilerplate"):
            connection.execute(f"DELETE FROM {table} WHERE article_id IN (?, ?)", (other, lost))
        connection.execute("DELETE FROM article_version WHERE article_id IN (?, ?)", (other, lost))
        connection.execute("DELETE FROM article WHERE id IN (?, ?)", (other, lost))
        connection.execute("DELETE FROM page_fetch WHERE page_id = ?", (lost,))
        connection.execute("DELETE FROM page WHERE id = ?", (lost,))
        connection.execute(
            "UPDATE page_fetch SET failure_stage = 'extract', failure_reason = 'timeout',"
            " failure_message = 'took more than 30 s' WHERE page_id = ?",
            (other,),
        )
    before = everything(database)
    choice = ("replay", "--from-archive", "--site", "demo_linlan", *DEMO)
    out = tmp_path / "changes.jsonl"
    dry = scrapy(*choice, "--dry-run", "--out", str(out))
    assert (dry.returncode, dry.stderr) == (0, "")
    assert everything(database) == before
    real = scrapy(*choice)
    assert (real.returncode, real.stderr) == (0, "")
    assert real.stdout == dry.stdout
    assert f"{url}\n  title         -首页 +{title} \n  source        +临澜市民政局" in real.stdout
    found = counts(real)
    assert (found["changed"], found["new articles"], found["title"], found["source"]) == (1, 2, 1, 1)
    records = {r["url"]: r for r in map(json.loads, out.read_text("utf-8").splitlines())}
    assert {u: r["change"] for u, r in records.items()} == {url: "changed", other_url: "new", lost_url: "new"}
    assert records[url]["fields"]["title"] == {"before": "首页", "after": title}
    assert records[other_url]["fields"]["failure"] == {"before": "timeout", "after": ""}
    assert rows(database, f"SELECT title, version FROM articles WHERE id = {id_}") == [(title, 2)]
    assert rows(database, f"SELECT failure_reason FROM page_fetch WHERE page_id = {other}") == [(None,)]
    assert len(rows(database, "SELECT 1 FROM articles")) == len(expected().articles)
    assert rows(database, "SELECT 1 FROM updates") == []
    again = scrapy(*choice)
    assert "changed" not in counts(again)


def test_since_and_site_choose_the_pages(scrapy: Scrapy, data: Path) -> None:
    done = scrapy("replay", "--from-archive", "--dry-run", "--since", "2099-01-01", *DEMO)
    assert done.returncode == 0
    found = counts(done)
    assert found["pages read"] == 0
    assert found["left out: of other sites or days"] > 0


# --- archives of others ---


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A file of two sites, in two languages, with a page fetched twice, copies and damage."""
    made = WarcBytes().add_info()
    qinghe, other = "http://www.qinghe.example", "https://river.example"
    made.add(f"{qinghe}/1.html", kind="request").add(f"{qinghe}/1.html", article("清禾社工走进湖熟街道"))
    made.add(f"{other}/1.html", ENGLISH)
    made.add(
        f"{qinghe}/1.html",
        article("清禾社工走进湖熟街道", "请来医生为他们量血压"),
        date="2026-11-02T08:30:15Z",
    )
    made.add(f"{qinghe}/2.html", packed(article("社工来了")), headers=[("Content-Encoding", "gzip")])
    made.add(f"{qinghe}/3.html", article("老街坊的新邻居", "陪他们下棋"))
    data = bytearray(made.data)
    data[made.offsets[-2] + 30 : made.offsets[-2] + 40] = b"\0" * 10
    path = tmp_path / "foreign.warc.gz"
    path.write_bytes(data)
    return path


def test_a_file_of_another_tool(scrapy: Scrapy, foreign: Path, tmp_path: Path) -> None:
    database = tmp_path / "data" / "news.db"
    done = scrapy("replay", str(foreign))
    assert done.returncode == 1
    assert "is damaged and left out" in one_line(done)
    found = counts(done)
    assert (found["new articles"], found["changed"], found["body"], found["damaged records"]) == (3, 1, 1, 1)
    assert rows(database, "SELECT site, title, version FROM articles ORDER BY url") == [
        ("www.qinghe.example", "清禾社工走进湖熟街道", 2),
        ("www.qinghe.example", "老街坊的新邻居", 1),
        ("river.example", "Volunteers clean the river", 1),
    ]
    assert rows(database, "SELECT body LIKE '%量血压%', body_before LIKE '%浴室%' FROM updates") == [(1, 1)]
    before = everything(database)
    again = scrapy("replay", str(foreign))
    assert counts(again)["unchanged"] == 3
    assert everything(database) == before


def test_only_one_language_or_host(scrapy: Scrapy, foreign: Path, tmp_path: Path) -> None:
    database = tmp_path / "data" / "news.db"
    done = scrapy("replay", str(foreign), "--language", "en")
    assert counts(done)["left out: in another language"] == 3
    assert rows(database, "SELECT site FROM articles") == [("river.example",)]
    done = scrapy("replay", str(foreign), "--site", "qinghe.example", "--language", "zh")
    assert counts(done)["new articles"] == 2
    assert counts(done)["left out: of other sites or days"] == 1


def test_pages_of_a_layout_that_is_gone_are_read_by_its_old_selectors(scrapy: Scrapy, tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    start = '[[start]]\nkind = "list"\nurl = "http://www.qinghe.example/"\n'
    now, old = (
        "[selectors]\nsource = '.now'\n",
        "[[former]]\nuntil = 2026-10-31\nselectors = {source = '.old'}\n",
    )
    (tmp_path / "sites" / "qinghe.toml").write_text(f'name = "qinghe"\n{start}{now}{old}', "utf-8")
    both = '<b class="old">旧报</b><b class="now">新报</b></body>'.encode()
    made = WarcBytes()
    for number, date in ((1, "2026-10-31T15:59:59Z"), (2, "2026-10-31T16:00:00Z")):
        body = article(f"清禾社工的第{number}本走访笔记").replace(b"</body>", both)
        made.add(f"http://www.qinghe.example/2026/{number}1111.html", body, date=date)
    (tmp_path / "a.warc.gz").write_bytes(made.data)
    done = scrapy("replay", str(tmp_path / "a.warc.gz"), "-s", f"SITES_DIR={tmp_path / 'sites'}")
    assert (done.returncode, done.stderr) == (0, "")
    found = rows(tmp_path / "data" / "news.db", "SELECT site, source FROM articles ORDER BY url")
    assert found == [("qinghe", "旧报"), ("qinghe", "新报")]


class ChunkedHandler(SimpleHTTPRequestHandler):
    """Sends the second page in chunks, as servers do that make their pages."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if not self.path.startswith("/2"):
            super().do_GET()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(chunked(Path(self.directory, "2.html").read_bytes(), 100))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Three linked pages on a loopback port."""
    folder = tmp_path / "site"
    folder.mkdir()
    for number in (1, 2, 3):
        link = f'<a href="{number % 3 + 1}.html">另一篇</a>'.encode()
        page = article(f"清禾社工的第{number}本走访笔记", f"记下第{number}户人家的事")
        (folder / f"{number}.html").write_bytes(page.replace(b"</body>", link + b"</body>"))
    handler = partial(ChunkedHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/1.html"
        server.shutdown()


def wget(served: str, folder: Path, *options: str) -> Path:
    """The WARC file that wget makes of the pages."""
    command = ["wget", "-q", "-r", "--no-proxy", "--warc-file=site", *options, "-P", "pages", served]
    subprocess.run(command, cwd=folder, check=False, timeout=60)
    (file,) = folder.glob("site.warc*")
    return file


needs_wget = pytest.mark.skipif(shutil.which("wget") is None, reason="no wget")


@needs_wget
@pytest.mark.parametrize("options", [(), ("--no-warc-compression",)], ids=["gzip", "plain"])
def test_a_file_of_wget(scrapy: Scrapy, served: str, tmp_path: Path, options: tuple[str, ...]) -> None:
    file = wget(served, tmp_path, *options)
    assert (b"Transfer-Encoding: chunked" in file.read_bytes()) == bool(options)
    done = scrapy("replay", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert counts(done)["new articles"] == 3
    # each is of the site that its host is
    assert rows(tmp_path / "data" / "news.db", "SELECT DISTINCT site FROM articles") == [("127.0.0.1",)]


@needs_wget
def test_a_file_that_breaks_off_gives_what_came_before(scrapy: Scrapy, served: str, tmp_path: Path) -> None:
    file = wget(served, tmp_path, "--no-warc-compression")
    data = file.read_bytes()
    last = data.rindex(b"/3.html", 0, data.rindex("第3户".encode()))
    file.write_bytes(data[: data.index("第3户".encode(), last)])
    done = scrapy("replay", str(file))
    assert done.returncode == 1
    assert "is damaged and left out" in one_line(done)
    assert counts(done)["new articles"] == 2


@needs_wget
def test_a_file_that_warcio_packed(scrapy: Scrapy, served: str, tmp_path: Path) -> None:
    plain, packed_file = wget(served, tmp_path, "--no-warc-compression"), tmp_path / "again.warc.gz"
    command = [sys.executable, "-m", "warcio.cli", "recompress", str(plain), str(packed_file)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    done = scrapy("replay", str(packed_file))
    assert (done.returncode, done.stderr) == (0, "")
    assert counts(done)["new articles"] == 3


def test_a_file_of_warcio_made_while_it_fetched(scrapy: Scrapy, served: str, tmp_path: Path) -> None:
    script = (
        "from warcio.capture_http import capture_http\n"
        "import http.client\n"
        "with capture_http('made.warc.gz'):\n"
        f"    connection = http.client.HTTPConnection('{served.split('/')[2]}')\n"
        "    for number in (1, 2, 3):\n"
        "        connection.request('GET', f'/{number}.html')\n"
        "        connection.getresponse().read()\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, timeout=60)
    done = scrapy("replay", str(tmp_path / "made.warc.gz"))
    assert (done.returncode, done.stderr) == (0, "")
    assert counts(done)["new articles"] == 3


# --- wrong use, and trouble ---


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no.warc.gz"], "no such file or folder: no.warc.gz"),
        (["tests/crawler"], "no WARC files in tests/crawler"),
        (["README.md", "--since", "yesterday"], "--since: 'yesterday' is no day; write it as 2026-11-01"),
        (["README.md", "--site", "mcaa"], "no site is named 'mcaa', and it is no host"),
    ],
)
def test_wrong_use_is_one_line(scrapy: Scrapy, arguments: list[str], said: str) -> None:
    done = scrapy("replay", *arguments)
    assert done.returncode == 2
    assert said in one_line(done)


def test_neither_files_nor_the_archive(scrapy: Scrapy) -> None:
    assert scrapy("replay").returncode == 2
    assert scrapy("replay", "README.md", "--from-archive").returncode == 2


def test_what_is_no_warc_file(scrapy: Scrapy) -> None:
    done = scrapy("replay", "README.md")
    assert done.returncode == 1
    assert "README.md: no WARC record; is it a WARC file?" in one_line(done)


def test_a_store_that_can_not_be_opened(scrapy: Scrapy, foreign: Path, tmp_path: Path) -> None:
    for more in ([], ["--dry-run"]):
        done = scrapy("replay", str(foreign), *more, "--nolog", DATABASE_URL=f"sqlite:///{tmp_path}")
        assert done.returncode == 1
        assert "is a folder" in one_line(done)


def test_a_file_that_can_not_be_written(scrapy: Scrapy, foreign: Path, tmp_path: Path) -> None:
    done = scrapy("replay", str(foreign), "--out", str(tmp_path / "no" / "out.jsonl"))
    assert done.returncode == 1
    assert "No such file or directory" in one_line(done)
