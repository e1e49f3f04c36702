"""One real crawl over every habit of a server, then what came of each page."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from crawler import settings as project
from crawler.middlewares.retry import backoff, retry_after
from tests.crawler.fetch_server import HEADLINE, LARGE, FetchServer, day, fetch_server

ROOT = Path(project.__file__).parents[1]
MAXSIZE = 100_000


@dataclass
class Crawl:
    server: FetchServer
    folder: Path
    done: subprocess.CompletedProcess[str]

    @property
    def pages(self) -> dict[str, dict[str, Any]]:
        lines = (self.folder / "pages.jsonl").read_text("utf-8").splitlines()
        pages = [json.loads(line) for line in lines]
        found = {page["url"].removeprefix(self.server.url): page for page in pages}
        assert len(found) == len(pages), "a page came twice"
        return found

    @property
    def stats(self) -> dict[str, Any]:
        stats: dict[str, Any] = json.loads((self.folder / "stats.json").read_text("utf-8"))
        return stats

    def asked(self, path: str) -> int:
        return len(self.server.seen[path])


def crawl(server: FetchServer, folder: Path, *arguments: str) -> Crawl:
    (folder / "sites").mkdir()
    (folder / "sites" / "local.toml").write_text(
        f'name = "local"\n[[start]]\nkind = "list"\nurl = "{server.url}/news/"\n'
        "[politeness]\ndelay = 0.0\nconcurrency = 8\n",
        "utf-8",
    )
    settings = {
        "SITE_PACKAGES": "",
        "SITES_DIR": folder / "sites",
        "ITEM_PIPELINES": '{"tests.crawler.dump_pages.DumpPages": 1}',
        "WORKERS": 1,
        "RETRY_TIMES": 1,
        "RETRY_BACKOFF_BASE": 0.1,
        "RETRY_BACKOFF_MAX": 1.5,
        "DOWNLOAD_TIMEOUT": 1.5,
        "DOWNLOAD_MAXSIZE": MAXSIZE,
        "REDIRECT_MAX_TIMES": 3,
        "CONTACT_URL": "https://a.example/bot",
    }
    options = [part for key, value in settings.items() for part in ("-s", f"{key}={value}")]
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "local", *options, *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(folder / "data"), "DUMP_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Crawl(server, folder, done)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    with fetch_server() as server:
        yield crawl(server, tmp_path_factory.mktemp("fetching"))


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        (day(10002), "http_404"),
        (day(10004), "http_500"),
        (day(10005), "redirect_loop"),
        (day(10007), "too_many_redirects"),
        (day(10020), "too_large"),
        (day(10021), "too_large"),
        (day(10022), "too_large"),
        (day(10024), "timeout"),
        (day(10025), "offsite_redirect"),
    ],
)
def test_a_fetch_that_fails_is_a_page_with_its_reason(whole, path, reason):
    assert whole.pages[path]["reason"] == reason
    assert whole.pages[path]["body"] == ""


def test_a_host_that_refuses_is_a_page_with_its_reason(whole):
    assert whole.pages[f"http://127.0.0.1:1{day(10034)}"]["reason"] == "refused"
    assert whole.done.stderr.count("Error downloading <GET http://127.0.0.1:1/") == 1
    assert "Traceback" not in whole.done.stderr


def test_failures_are_counted_by_reason(whole):
    assert whole.stats["fetch/failed/too_large"] == 3
    assert whole.stats["fetch/failed/http_404"] == 1
    assert whole.stats["fetch/articles"] == sum(not page["reason"] for page in whole.pages.values())


def test_a_compressed_page_comes_unpacked(whole):
    page = whole.pages[day(10001)]
    assert page["body"] == f"<h1>{HEADLINE}</h1>"
    assert page["headers"]["content-type"] == "text/html; charset=utf-8"


def test_robots_txt_is_obeyed_and_such_pages_are_counted_only(whole):
    assert whole.asked(f"/private{day(10026)}") == 0
    assert f"/private{day(10026)}" not in whole.pages
    assert whole.stats["fetch/robots_forbidden"] == 1


def test_a_page_is_asked_for_once_whatever_tracking_its_links_carry(whole):
    assert whole.asked(day(10030)) == 1
    assert day(10030) in whole.pages


def test_a_page_that_heals_is_stored_and_retry_after_is_kept(whole):
    assert whole.pages[day(10003)]["status"] == 200
    first, second = (moment for moment, _ in whole.server.seen[day(10003)])
    assert second - first >= 1.0


def test_a_page_that_does_not_heal_is_tried_as_often_as_set(whole):
    assert whole.asked(day(10004)) == 2
    assert whole.asked(day(10024)) == 2


def test_a_page_cut_off_is_tried_again_then_kept_and_marked(whole):
    page = whole.pages[day(10023)]
    assert (page["truncated"], page["body"], page["reason"]) == (True, "<p>cut off", "")
    assert whole.asked(day(10023)) == 2


def test_redirects_end_at_one_page_of_the_last_url(whole):
    assert day(10028) not in whole.pages
    assert whole.pages[day(10029)]["reason"] == ""
    # one that leads to a page which is linked as well is that page
    assert day(10027) not in whole.pages
    assert whole.asked(day(10011)) == 0


def test_a_meta_refresh_is_a_redirect_but_a_reload_is_not(whole):
    assert whole.pages[day(10032)]["reason"] == ""
    assert "reloads itself" in whole.pages[day(10033)]["body"]
    assert whole.asked(day(10033)) == 1


def test_who_asks_is_said_and_no_cookie_comes_back(whole):
    for path in ("/robots.txt", "/news/", day(10030)):
        headers = whole.server.seen[path][0][1]
        assert headers["User-Agent"] == f"{project.USER_AGENT.split(' ')[0]} (+https://a.example/bot)"
    assert not any("Cookie" in headers for asked in whole.server.seen.values() for _, headers in asked)


def test_every_response_is_archived_as_it_came(whole):
    (path,) = (whole.folder / "data" / "archive").iterdir()
    kept: dict[str, list[int]] = {}
    with path.open("rb") as file:
        for record in ArchiveIterator(file, parse_http=True, record_types=WarcRecordType.response):
            url = record.headers["WARC-Target-URI"].removeprefix(whole.server.url)
            kept.setdefault(url, []).append(record.http_headers.status_code or 0)
    assert kept["/robots.txt"] == [200]
    assert kept[day(10003)] == [503, 200]
    assert kept[day(10004)] == [500, 500]
    assert kept[day(10002)] == [404]
    assert kept[day(10028)] == [302]
    assert len(kept[day(10023)]) == 2
    assert whole.stats["downloader/response_count"] == sum(map(len, kept.values()))


def test_each_page_knows_its_record(whole):
    for url, page in whole.pages.items():
        if page["archive"] is None:
            assert page["reason"] in ("timeout", "refused", "too_large")
            continue
        file, offset = page["archive"]
        with (whole.folder / "data" / "archive" / file).open("rb") as stream:
            stream.seek(offset)
            record = next(iter(ArchiveIterator(stream, parse_http=True)))
            body = record.reader.read()
        if not page["reason"]:
            assert record.headers["WARC-Target-URI"].removeprefix(whole.server.url) == url
        if page["truncated"]:
            assert record.headers["WARC-Truncated"] == "disconnect"
        if url == day(10001):
            assert record.http_headers["Content-Encoding"] == "gzip"
            assert body.startswith(b"\x1f\x8b")


def test_url_fetches_this_article_alone(tmp_path):
    with fetch_server() as server:
        run = crawl(server, tmp_path, "-a", f"url={server.url}{day(10030)}")
    assert list(run.pages) == [day(10030)]
    assert set(server.seen) == {"/robots.txt", day(10030)}


def test_a_crawl_delay_is_the_least_time_between_requests_up_to_a_limit(tmp_path):
    with fetch_server() as server:
        server.robots = b"User-agent: *\nCrawl-delay: 100\n"
        crawl(server, tmp_path, "-a", "max_pages=2", "-s", "ROBOTS_CRAWL_DELAY_MAX=0.4")
    moments = sorted(asked[0][0] for path, asked in server.seen.items() if path != "/robots.txt")
    assert len(moments) == 3
    assert all(later - earlier >= 0.39 for earlier, later in itertools.pairwise(moments))


def test_a_server_that_fails_to_give_its_robots_txt_is_left_alone(tmp_path):
    with fetch_server() as server:
        server.robots_status = 500
        run = crawl(server, tmp_path)
    assert set(server.seen) == {"/robots.txt"}
    assert run.stats["fetch/robots_forbidden"] == 1
    assert "/robots.txt: status 500, so nothing there may be fetched" in run.done.stderr


def test_an_archive_that_cannot_be_written_ends_the_crawl_before_it_fetches(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    with fetch_server() as server:
        run = crawl(server, tmp_path)
        assert not server.seen
    assert run.done.returncode == 1
    line = f"can't write into the archive folder {tmp_path}/data/archive: Not a directory"
    assert line in run.done.stderr
    assert "Traceback" not in run.done.stderr


# --- limits and their defaults ---


def test_every_limit_has_its_default():
    assert LARGE > MAXSIZE
    assert project.DOWNLOAD_TIMEOUT == 30
    assert project.DOWNLOAD_MAXSIZE == 8 * 1024 * 1024
    assert project.REDIRECT_MAX_TIMES == 5
    assert project.RETRY_TIMES == 2
    assert (project.RETRY_BACKOFF_BASE, project.RETRY_BACKOFF_MAX) == (2.0, 60.0)
    assert (project.DOWNLOAD_DELAY, project.CONCURRENT_REQUESTS_PER_DOMAIN) == (1.0, 2)
    assert project.ROBOTS_CRAWL_DELAY_MAX == 30
    assert project.AUTOTHROTTLE_ENABLED
    assert not project.COOKIES_ENABLED
    assert not project.TELNETCONSOLE_ENABLED
    assert not project.REMOTE_CONTROL_ENABLED


def test_back_off_doubles_up_to_the_limit_and_is_spread():
    assert [backoff(n, 2, 60, 1.0) for n in range(1, 8)] == [2, 4, 8, 16, 32, 60, 60]
    assert [backoff(n, 2, 60, 0.0) for n in range(1, 4)] == [1, 2, 4]
    assert backoff(10_000, 2, 60, 0.5) == 45


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), ("0", 0), (formatdate(1030, usegmt=True), 30), (formatdate(900), 0), ("soon", 0), ("", 0)],
)
def test_retry_after_in_both_its_forms(value, seconds):
    assert retry_after(value, 1000.0) == seconds
