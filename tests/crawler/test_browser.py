"""Sites whose pages only a script draws, by a real browser; and what is said where there is none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest
from scrapy.settings import Settings

from crawler import settings as project
from crawler.middlewares.browser import BrowserMissing, browser_settings
from tests.crawler.conftest import Scrapy
from tests.crawler.test_replay import one_line, rows

BROWSER = project.BROWSER_PATH
HERE = find_spec("scrapy_playwright") is not None and shutil.which(BROWSER) is not None
by_browser = pytest.mark.skipif(not HERE, reason=f"no extra 'javascript', or no browser at {BROWSER}")

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
TITLES = {f"/2026/0914/{n}.html": f"清禾社工走进湖熟街道第{n - 1000}个社区" for n in range(1001, 1006)}
SHELL = b"""<html><head><meta charset="utf-8"></head><body><main></main><img src="/big.png">
<script>fetch('/data' + location.pathname).then(answer => answer.json()).then(data => {
document.title = data.title; document.querySelector('main').innerHTML = data.html;
})</script></body></html>"""


def drawn(path: str) -> dict[str, str]:
    """What the script of a page asks for and draws."""
    if path in TITLES:
        title = TITLES[path]
        text = (
            f"<h1>{title}</h1><div>2026-09-14 09:30 来源：清禾日报 作者：周亦菲</div><p>"
            "南京清禾社会工作服务中心的社工走进湖熟街道，为独居老人安装防滑垫，也教他们怎样在浴室里站稳。</p><p>中心负责人介绍，这项服务自"
            "今年三月开始，已经走进了十二个社区，惠及三百多位老人，秋天还会继续。</p>"
        )
        return {"title": title, "html": text}
    links = "".join(f'<li><a href="{href}">{title}</a></li>' for href, title in TITLES.items())
    return {"title": "清禾日报", "html": f"<ul>{links}</ul>"}


class Handler(BaseHTTPRequestHandler):
    """Answers every page with the same shell, and its data as JSON; notes what was asked for."""

    asked: list[tuple[str, str]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("User-Agent") or ""))
        kind, body = "text/html; charset=utf-8", SHELL
        if self.path.startswith("/data/"):
            kind, body = "application/json", json.dumps(drawn(self.path.removeprefix("/data"))).encode()
        elif self.path == "/robots.txt":
            kind, body = "text/plain", b"User-agent: *\nDisallow: /2026/0914/1005.html\n"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def site() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The address of such a site, and what it was asked for."""
    asked: list[tuple[str, str]] = []
    handler = type("Noting", (Handler,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def site_file(folder: Path, url: str, more: str = "javascript = true\n") -> tuple[str, str]:
    text = f'name = "scripted"\npublisher = "清禾日报"\n{more}[[start]]\nkind = "list"\nurl = "{url}/"\n'
    (folder / "scripted.toml").write_text(text, "utf-8")
    return "-s", f"SITES_DIR={folder}"


@by_browser
def test_articles_that_a_script_draws_are_stored_and_replayed(scrapy: Scrapy, site, tmp_path: Path) -> None:
    url, asked = site
    settings = site_file(tmp_path, url)
    done = scrapy("crawl", "scripted", *settings, *FAST, "--nolog")
    assert (done.returncode, done.stderr) == (0, "")
    database = tmp_path / "data" / "news.db"
    wanted = [(title, "2026-09-14", "清禾日报", "周亦菲") for title in list(TITLES.values())[:4]]
    found = "SELECT title, published_day, source, authors FROM articles ORDER BY url"
    assert rows(database, found) == wanted
    paths = [path for path, _ in asked]
    # forbidden by robots.txt, and not needed
    assert not {"/2026/0914/1005.html", "/big.png"} & set(paths)
    assert {agent.split("/")[0] for path, agent in asked if not path.startswith("/data")} == {"gongyi-news"}
    # the archive holds what was drawn
    new = f"sqlite:///{tmp_path / 'new.db'}"
    again = scrapy("replay", "--from-archive", *settings, DATABASE_URL=new)
    assert (again.returncode, again.stderr) == (0, "")
    assert rows(tmp_path / "new.db", found) == wanted
    assert len([path for path, _ in asked]) == len(paths)


@by_browser
def test_such_a_site_is_added_and_checked(scrapy: Scrapy, site, tmp_path: Path) -> None:
    url, _ = site
    plain = scrapy("addsite", f"{url}/", "--dir", str(tmp_path), *FAST)
    assert plain.returncode == 1
    assert "if the page is drawn by a script, try --javascript" in one_line(plain)
    done = scrapy("addsite", f"{url}/", "--dir", str(tmp_path), "--name", "drawn", "--javascript", *FAST)
    assert (done.returncode, "forbidden by robots.txt" in done.stdout) == (0, True)
    text = (tmp_path / "drawn.toml").read_text("utf-8")
    assert "javascript = true\n" in text
    assert 'publisher = "清禾日报"' in text
    check = scrapy("check", "drawn", "-s", f"SITES_DIR={tmp_path}", *FAST)
    assert "of 5 articles" in check.stdout


@by_browser
def test_a_drawn_page_that_is_too_large_is_left(scrapy: Scrapy, site, tmp_path: Path) -> None:
    settings = site_file(tmp_path, site[0])
    address = f"url={site[0]}/2026/0914/1001.html"
    scrapy("crawl", "scripted", *settings, *FAST, "-a", address, "-s", "DOWNLOAD_MAXSIZE=600", "--nolog")
    assert rows(tmp_path / "data" / "news.db", "SELECT failure_reason FROM page_fetch") == [("too_large",)]


@by_browser
def test_without_a_browser_one_line_says_what_to_install(scrapy: Scrapy, tmp_path: Path) -> None:
    settings = site_file(tmp_path, "http://127.0.0.1:9")
    done = scrapy("crawl", "scripted", *settings, "-s", "BROWSER_PATH=/nowhere/chromium", "--nolog")
    assert done.returncode == 2
    assert "scripted.toml: javascript: no browser at /nowhere/chromium; install chromium" in one_line(done)


def test_without_the_extra_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.middlewares.browser.find_spec", lambda _name: None)
    with pytest.raises(BrowserMissing, match=r"pip install 'gongyi-news\[javascript\]'"):
        browser_settings(Settings())


def test_a_site_without_javascript_needs_no_browser(scrapy: Scrapy, site, tmp_path: Path) -> None:
    settings = site_file(tmp_path, site[0], more="")
    done = scrapy("crawl", "scripted", *settings, *FAST, "-s", "BROWSER_PATH=/nowhere", "--nolog")
    assert (done.returncode, done.stderr) == (0, "")
    assert rows(tmp_path / "data" / "news.db", "SELECT count(*) FROM articles") == [(0,)]
