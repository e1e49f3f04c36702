"""Wrong use and trouble: one clear line, the right exit code, nothing lost."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest

from tests.crawler.conftest import PROJECT

PAGE = """<html><head><title>清禾社工走进湖熟街道_晨光公益网</title></head><body>
<h1>清禾社工走进湖熟街道</h1><div class="info">2026-09-14 09:30 来源：晨光公益网 作者：周亦菲</div><div>
<p>南京清禾社会工作服务中心的社工走进湖熟街道，为独居老人安装防滑垫，也教他们怎样在浴室里站稳。</p>
<p>中心负责人介绍，这项服务自今年三月开始，已经走进了十二个社区，惠及三百多位老人，秋天还会继续。</p>
</div></body></html>"""


def one_line(done, *words):
    """Standard error is one line, not a traceback, and says what it should."""
    lines = [line for line in done.stderr.split("\n") if line]
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("scrapy: ")
    for word in words:
        assert word in lines[0]


def test_an_unknown_site(scrapy):
    done = scrapy("crawl", "mcaa", "--nolog")
    assert done.returncode == 2
    one_line(done, "no site is named 'mcaa'", "did you mean mca?")


def test_no_site(scrapy):
    assert scrapy("crawl", "--nolog").returncode == 2


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ("since=yesterday", "since: 'yesterday' is no day; write it as 2026-11-01"),
        ("max_pages=many", "max_pages: 'many' is no whole number above 0"),
        ("url=http://elsewhere.example/1.html", "is not on this site"),
        ("sinse=2026-11-01", "unknown spider argument sinse"),
    ],
)
def test_a_wrong_argument(scrapy, argument, said):
    done = scrapy("crawl", "mca", "-a", argument, "--nolog")
    assert done.returncode == 2
    one_line(done, said)


def test_a_broken_site_file_is_told_with_its_line_and_takes_no_other_away(scrapy, tmp_path):
    sites = tmp_path / "sites"
    sites.mkdir()
    (sites / "good.toml").write_text(
        'name = "good"\n[[start]]\nkind = "list"\nurl = "http://127.0.0.1:9/"\n', "utf-8"
    )
    (sites / "bad.toml").write_text('name = "bad"\npublishr = "清禾"\n', "utf-8")
    done = scrapy("crawl", "bad", "-s", f"SITES_DIR={sites}", "--nolog")
    assert done.returncode == 2
    one_line(done, "bad.toml:2: publishr: unknown key")
    assert "good" in scrapy("list", "-s", f"SITES_DIR={sites}").stdout.split()
    checked = scrapy("sites", "--check", "-s", f"SITES_DIR={sites}")
    assert checked.returncode == 1
    assert "bad.toml:2: publishr" in checked.stderr


def test_a_database_that_refuses_connections(scrapy):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"postgresql://analyst:geheim@127.0.0.1:{port}/news"
    done = scrapy("crawl", "mca", "--nolog", DATABASE_URL=url)
    assert done.returncode == 1
    one_line(done, f"127.0.0.1:{port}")
    assert "geheim" not in done.stderr


def test_a_data_folder_that_can_not_be_written(scrapy, tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    done = scrapy("crawl", "mca", "--nolog")
    assert done.returncode == 1
    one_line(done, str(tmp_path / "data"))


def test_an_archive_that_can_not_be_written(scrapy, tmp_path, sqlite_url):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "archive").write_text("a file where the folder should be")
    done = scrapy("crawl", "mca", "--nolog")
    assert done.returncode == 1
    one_line(done, "archive")


def test_a_port_in_use(scrapy):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = scrapy("crawlall", "--demo", "--demo-port", str(port))
    assert done.returncode == 1
    one_line(done, str(port))


def test_a_site_that_does_not_answer_is_a_failed_crawl(scrapy, tmp_path):
    sites = tmp_path / "sites"
    sites.mkdir()
    (sites / "silent.toml").write_text(
        'name = "silent"\n[[start]]\nkind = "list"\nurl = "http://127.0.0.1:9/"\n', "utf-8"
    )
    done = scrapy(
        "crawl",
        "silent",
        "-s",
        f"SITES_DIR={sites}",
        "-s",
        "RETRY_TIMES=0",
        "-s",
        "ROBOTSTXT_OBEY=0",
        "--nolog",
    )
    assert done.returncode == 1
    one_line(done, "silent: none of the start pages could be fetched")


def test_ctrl_c_keeps_what_was_fetched_and_the_next_run_goes_on(scrapy, demo_server, tmp_path, sqlite_url):
    environment = {"http_proxy": demo_server.proxy_url, "DATABASE_URL": sqlite_url}
    arguments = ["crawl", "demo_jiangwan", "-s", "SITE_PACKAGES=crawler.demo.sites"]
    slow = ["-s", "STORE_BATCH_SIZE=1", "-s", "DOWNLOAD_DELAY=0.3", "-s", "RETRY_BACKOFF_BASE=0.1"]
    log = tmp_path / "log"
    with log.open("w") as stream:
        crawl = subprocess.Popen(
            [sys.executable, "-m", "scrapy", *arguments, *slow, "-L", "DEBUG"],
            cwd=PROJECT,
            env={**os.environ, **environment, "DATA_DIR": str(tmp_path / "data")},
            stderr=stream,
            start_new_session=True,
        )
        deadline = time.monotonic() + 60
        while log.read_text("utf-8").count("Scraped from") < 3 and time.monotonic() < deadline:
            time.sleep(0.1)
        os.killpg(crawl.pid, signal.SIGINT)
        assert crawl.wait(60) == 1
    query = "SELECT state, reason, new_articles FROM runs ORDER BY id"
    (stopped,) = rows(scrapy, query, **environment)
    assert (stopped["state"], stopped["reason"]) == ("stopped", "shutdown")
    assert stopped["new_articles"] >= 3
    assert scrapy(*arguments, "-s", "RETRY_BACKOFF_BASE=0.1", "--nolog", **environment).returncode == 0
    _, finished = rows(scrapy, query, **environment)
    assert finished["state"] == "finished"
    assert finished["new_articles"] > 0
    (total,) = rows(scrapy, "SELECT count(*) AS n FROM articles", **environment)
    assert total["n"] == stopped["new_articles"] + finished["new_articles"]


def rows(scrapy, sql, **environment):
    done = scrapy("query", sql, "--format", "json", **environment)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


# --- extract, inspect, query, sites ---


def test_extract_reads_files_and_folders_in_order(scrapy, tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "b.html").write_text(PAGE, "utf-8")
    (folder / "a.html").write_bytes(PAGE.encode("gb18030"))
    out = tmp_path / "out.jsonl"
    done = scrapy("extract", str(folder), "--out", str(out))
    assert (done.returncode, done.stderr) == (0, "")
    records = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [r["id"] for r in records] == ["a", "b"]
    for record in records:
        assert record["title"] == "清禾社工走进湖熟街道"
        assert record["published_at"] == "2026-09-14T09:30:00+08:00"
        assert record["source"] == "晨光公益网"
        assert record["authors"] == ["周亦菲"]
        assert record["body"].startswith("南京清禾社会工作服务中心")
        assert record["kind"] == "article"
    assert [r["charset"] for r in records] == ["gb18030", "utf-8"]


def test_extract_goes_on_after_a_page_that_can_not_be_read(scrapy, tmp_path):
    (tmp_path / "a.html").write_bytes(b"")
    (tmp_path / "b.html").write_text(PAGE, "utf-8")
    done = scrapy("extract", str(tmp_path / "a.html"), str(tmp_path / "b.html"))
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert done.returncode == 1
    assert first["error"]
    assert "error" not in second


def test_extract_of_nothing_is_wrong_use(scrapy):
    done = scrapy("extract", "no/such/file.html")
    assert done.returncode == 2
    one_line(done, "no such file or folder: no/such/file.html")


def test_inspect_shows_one_page(scrapy, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PAGE, "utf-8")
    done = scrapy("inspect", str(page))
    assert done.returncode == 0, done.stderr
    for words in ("清禾社工走进湖熟街道", "2026-09-14T09:30:00+08:00", "周亦菲", "body: 2 paragraphs"):
        assert words in done.stdout
    record = json.loads(scrapy("inspect", str(page), "--json").stdout)
    for mention in record["mentions"]:
        assert record["body"][mention["start"] : mention["end"]] == mention["surface"]


def test_inspect_explains_each_field(scrapy, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(PAGE, "utf-8")
    done = scrapy("inspect", str(page), "--explain")
    assert done.returncode == 0, done.stderr
    for words in ("why", "by printed", "to the minute", "by container"):
        assert words in done.stdout
    evidence = json.loads(scrapy("inspect", str(page), "--explain", "--json").stdout)["evidence"]
    assert {"title", "published", "author", "body"} <= {e["field"] for e in evidence}


def test_inspect_of_what_is_not_there(scrapy):
    done = scrapy("inspect", "no-such-page.html")
    assert done.returncode == 1
    one_line(done, "no such file: no-such-page.html")


def test_query_can_not_write(scrapy, sqlite_url):
    from storage import open_store

    open_store(sqlite_url).close()
    done = scrapy("query", "DELETE FROM page", DATABASE_URL=sqlite_url)
    assert done.returncode == 1
    one_line(done, "readonly")


def test_query_on_both_databases(scrapy, store_url):
    from storage import open_store

    store = open_store(store_url)
    store.start_run("qinghe", "清禾网")
    store.close()
    done = scrapy("query", "SELECT site, '12:30' AS at FROM runs", "--format", "csv", DATABASE_URL=store_url)
    assert done.stdout.splitlines() == ["site,at", "qinghe,12:30"]


def test_a_wrong_query_is_told_in_one_line(scrapy, sqlite_url):
    done = scrapy("query", "SELECT title FROM nowhere", DATABASE_URL=sqlite_url)
    assert done.returncode == 1
    one_line(done, "no such table: nowhere")


def test_sites_says_that_none_was_verified_live(scrapy):
    records = [json.loads(line) for line in scrapy("sites", "--json").stdout.splitlines()]
    assert len(records) >= 15
    assert {r["verified live"] for r in records} == {"never"}
    assert scrapy("sites", "--check").returncode == 0


@pytest.mark.parametrize(
    "command",
    ["browse", "crawl", "crawlall", "db", "export", "extract", "inspect", "query", "search", "sites"],
)
def test_help_has_an_example(scrapy, command):
    done = scrapy(command, "--help")
    assert done.returncode == 0
    assert re.search(rf"Example:\s+scrapy\s+{command} ", done.stdout)
