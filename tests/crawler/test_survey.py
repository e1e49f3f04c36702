"""Looking at sites of several shapes: what is proposed for them, and what a check finds missing."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse

from crawler.demo.server import DemoServer
from crawler.pages import FetchFailure
from crawler.site import read_site
from crawler.survey.asking import Ask
from crawler.survey.checking import Check, check_pages, saved_pages
from crawler.survey.explore import TRIED, SurveyError, explore
from crawler.survey.patterns import propose_patterns
from crawler.survey.proposal import Proposal, find_candidates, publisher_of, site_name
from tests.crawler.conftest import Scrapy
from tests.crawler.test_replay import article, one_line
from tests.warc_files import WarcBytes

HOST = "http://www.qinghe.example"
FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")


def home(title: str, *links: tuple[str, str], head: str = "") -> bytes:
    items = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in links)
    return (
        f"<html><head><meta charset=utf-8><title>{title}</title>{head}</head><ul>{items}</ul></html>".encode()
    )


def asking(pages: dict[str, bytes]) -> Ask:
    """Answers from a dict of pages by path; XML is what begins like it."""

    async def ask(url: str) -> Response | FetchFailure:
        body = pages.get(url.removeprefix(HOST))
        if body is None:
            return FetchFailure("http_404", "HTTP status 404")
        made, kind = (TextResponse, "text/xml") if body.startswith(b"<?xml") else (HtmlResponse, "text/html")
        return made(url, body=body, headers={"Content-Type": kind}, request=Request(url))

    return ask


def explored(pages: dict[str, bytes], path: str = "/") -> Proposal:
    made = asyncio.run(explore(asking(pages), HOST + path))
    # what is proposed is a site file that can be read
    site = read_site(made.as_toml(date(2026, 11, 24)), "x.toml", made.name)
    assert [(s.kind, s.url) for s in site.start] == [(s.kind, s.url) for s in made.starts]
    return made


TITLES = [f"清禾社工走进湖熟街道第{number}个社区" for number in range(1, 8)]


def dated() -> dict[str, bytes]:
    """A paper with columns and days in its addresses, and a link to a mailbox that is no column."""
    links = [(f"/gongyi/2026/0914/{1000 + n}.html", title) for n, title in enumerate(TITLES)]
    pages = {href: article(title) for href, title in links}
    pages["/gongyi/"] = home("公益", *links)
    pages["/about.html"] = home("关于我们")
    pages["/"] = home("清禾日报-首页", ("/gongyi/", "公益"), ("/about.html", "关于我们"), ("/login/", "登录"))
    return pages


def test_columns_and_patterns_of_a_paper():
    made = explored(dated())
    assert (made.name, made.publisher, made.home_page) == ("qinghe", "清禾日报", f"{HOST}/")
    assert [(start.kind, start.url) for start in made.starts] == [("list", f"{HOST}/gongyi/")]
    assert made.patterns == [r"/gongyi/\d{4}/\d{4}/\d{4}\.html$"]
    assert len(made.samples) == TRIED
    assert {(s.problem, s.has("title"), s.has("published"), s.has("body")) for s in made.samples} == {
        ("", True, True, True)
    }
    assert made.samples[0].article is not None
    assert made.samples[0].article.source == "晨光公益网"


def test_articles_by_a_number_in_the_query():
    links = [(f"/view.php?cat=3&id={71230 + n}", title) for n, title in enumerate(TITLES)]
    made = explored({"/": home("清禾社区", *links)} | {href: article(title) for href, title in links})
    assert [start.url for start in made.starts] == [f"{HOST}/"]
    (pattern,) = made.patterns
    assert re.search(pattern, f"{HOST}/view.php?cat=4&id=9")
    assert not re.search(pattern, f"{HOST}/view.php?cat=3")


def test_a_feed_that_the_head_announces():
    items = "".join(
        f"<item><title>{title}</title><link>{HOST}/archives/{n + 310}</link></item>"
        for n, title in enumerate(TITLES)
    )
    pages = {f"/archives/{n + 310}": article(title) for n, title in enumerate(TITLES)}
    pages["/feed.xml"] = f'<?xml version="1.0"?><rss><channel>{items}</channel></rss>'.encode()
    pages["/"] = home("清禾", head='<link rel="alternate" type="application/rss+xml" href="/feed.xml">')
    made = explored(pages)
    assert [(start.kind, start.url) for start in made.starts] == [("feed", f"{HOST}/feed.xml")]
    assert made.patterns == [r"/archives/\d+$"]


def test_a_site_map_that_robots_txt_announces():
    urls = "".join(f"<url><loc>{HOST}/2026/0914/{1000 + n}.html</loc></url>" for n in range(5))
    pages = {f"/2026/0914/{1000 + n}.html": article(TITLES[n]) for n in range(5)}
    pages["/map.xml"] = f'<?xml version="1.0"?><urlset>{urls}</urlset>'.encode()
    pages["/maps.xml"] = (
        f'<?xml version="1.0"?><sitemapindex><sitemap><loc>{HOST}/map.xml</loc></sitemap></sitemapindex>'
    ).encode()
    pages["/robots.txt"] = f"User-agent: *\nSitemap: {HOST}/maps.xml\n".encode()
    pages["/"] = home("清禾")
    made = explored(pages)
    assert [(start.kind, start.url) for start in made.starts] == [("sitemap", f"{HOST}/maps.xml")]


def test_shapes_that_have_nothing_in_common_give_no_pattern():
    links = [
        (f"/{word}/{word}-story-{n}", t) for n, (t, word) in enumerate(zip(TITLES, "abcdefg", strict=True))
    ]
    assert propose_patterns(HOST + href for href, _ in links) == []


def test_patterns_keep_a_folder_only_where_all_articles_share_it():
    shared = [f"{HOST}/gongyi/c/{n}/t20260914_{n * 7}.html" for n in range(1, 6)]
    assert propose_patterns(shared) == [r"/gongyi/c/\d+/t\d{8}_\d+\.html$"]
    apart = [f"{HOST}/{folder}/2026/{n}11.html" for folder in ("gongyi", "jijin") for n in range(1, 4)]
    assert propose_patterns(apart) == [r"/\d{4}/\d+\.html$"]
    assert propose_patterns(apart, [f"{HOST}/gongyi/2026/99.html"]) == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://www.qinghe.org.cn/", "qinghe"),
        ("http://gongyi.people.com.cn/GB/", "people_gongyi"),
        ("https://mzj.beijing.gov.cn/", "beijing_mzj"),
        ("http://127.0.0.1:8000/", "site_127_0_0_1"),
        ("http://news.jiangwan.example/", "jiangwan_news"),
    ],
)
def test_a_site_is_named_for_its_host(url, name):
    assert site_name(url) == name


@pytest.mark.parametrize(
    ("title", "publisher"),
    [
        ("清禾公益网 - 公益新闻门户", "清禾公益网"),
        ("首页_清禾日报", "清禾日报"),
        ("清禾市民政局 首页", "清禾市民政局"),
    ],
)
def test_the_publisher_is_what_the_home_page_is_called(title, publisher):
    page = home(title).decode().replace("charset=utf-8", "charset=gb2312").encode("gb18030")
    assert publisher_of(page, "text/html") == publisher


def test_columns_whose_names_tell_come_first():
    page = home(
        "清禾", ("/sport/", "体育"), ("/gongyi/", "公益"), ("/2026/0914/1.html", "短讯"), ("/login/", "登录")
    )
    assert [c.url for c in find_candidates(page, "text/html", HOST + "/")] == [
        f"{HOST}/gongyi/",
        f"{HOST}/sport/",
    ]


@pytest.mark.parametrize(
    ("pages", "said"),
    [({}, "HTTP status 404"), ({"/": home("清禾")}, "no list, feed or site map with articles was found")],
)
def test_a_site_that_gives_nothing_is_one_line(pages, said):
    with pytest.raises(SurveyError, match=said):
        explored(pages)


# --- checking ---


def checked(text: str, ask: Ask) -> Check:
    return asyncio.run(check_pages(ask, read_site(text, "qinghe.toml", "qinghe")))


SITE = f"""name = "qinghe"
[[start]]
kind = "list"
url = "{HOST}/gongyi/"
[links]
article = ['/gongyi/\\d{{4}}/\\d{{4}}/\\d+\\.html$']
"""


def test_a_site_file_that_fits_has_no_problems():
    made = checked(SITE + f'[examples]\narticle = "{HOST}/gongyi/2026/0914/1001.html"\n', asking(dated()))
    assert made.problems == []
    assert made.fields == {"title": 5, "published": 5, "source": 5, "authors": 5, "body": 5}
    assert len(made.starts[0].articles) == len(TITLES)


def test_what_is_missing_is_told():
    pages = dated()
    gone = SITE + f'[[start]]\nkind = "list"\nurl = "{HOST}/gone/"\n[selectors]\nsource = ".gone"\n'
    assert checked(gone, asking(pages)).problems == [
        f"{HOST}/gone/: HTTP status 404",
        "selectors.source: matches in none of 5 articles",
    ]
    assert checked(SITE.replace("/gongyi/\\", "/sport/\\"), asking(pages)).problems == [
        f"{HOST}/gongyi/: this list leads to no article",
        "no article could be read",
    ]
    undated = {path: re.sub(rb"2026-09-14 09:30", b"", page) for path, page in pages.items()}
    undated = {
        path.replace("2026/0914", "7777/9999"): p.replace(b"2026/0914", b"7777/9999")
        for path, p in undated.items()
    }
    assert "published: found in none of 5 articles" in checked(SITE, asking(undated)).problems


def test_saved_pages_answer_instead_of_the_network(tmp_path: Path):
    made = WarcBytes()
    made.add(f"{HOST}/gongyi/", b"<html>old</html>", date="2026-09-01T00:00:00Z")
    for path, body in dated().items():
        made.add(HOST + path, body)
    (tmp_path / "a.warc.gz").write_bytes(made.data)
    site = read_site(
        SITE + '[[start]]\nkind = "feed"\nurl = "http://www.qinghe.example/rss"\n', "x", "qinghe"
    )
    ask, lines = saved_pages([tmp_path / "a.warc.gz"], site)
    found = asyncio.run(check_pages(ask, site))
    assert (lines, found.problems) == ([], [])
    assert found.fields["body"] == 5


# --- the commands ---


def test_a_site_is_added_checked_and_crawled(scrapy: Scrapy, demo_server: DemoServer, tmp_path: Path):
    folder, proxy = tmp_path / "sites", demo_server.proxy_url
    url = "http://news.jiangwan.example/"
    added = scrapy("addsite", url, "--dir", str(folder), *FAST, http_proxy=proxy)
    assert (added.returncode, added.stderr) == (0, "")
    text = (folder / "jiangwan_news.toml").read_text("utf-8")
    assert 'publisher = "江湾新闻网"' in text
    assert text.count("[[start]]") == 6
    again = scrapy("addsite", url, "--dir", str(folder), *FAST, http_proxy=proxy)
    assert again.returncode == 1
    assert "jiangwan_news.toml is there already" in one_line(again)
    settings = ("-s", f"SITES_DIR={folder}", *FAST)
    check = scrapy("check", "jiangwan_news", *settings, http_proxy=proxy)
    assert (check.returncode, check.stderr) == (0, "")
    assert "of 5 articles" in check.stdout
    crawl = scrapy("crawl", "jiangwan_news", *settings, "-a", "max_pages=3", "--nolog", http_proxy=proxy)
    assert (crawl.returncode, crawl.stderr) == (0, "")
    saved = scrapy("check", "jiangwan_news", *settings, "--saved", str(tmp_path / "data" / "archive"))
    assert (saved.returncode, saved.stderr) == (0, "")


def test_a_check_that_fails(scrapy: Scrapy, demo_server: DemoServer, tmp_path: Path):
    (tmp_path / "gone.toml").write_text(
        'name = "gone"\n[[start]]\nkind = "list"\nurl = "http://news.jiangwan.example/no_such_page.htm"\n',
        "utf-8",
    )
    done = scrapy("check", "gone", "-s", f"SITES_DIR={tmp_path}", *FAST, http_proxy=demo_server.proxy_url)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert "scrapy: gone.toml: publisher: is missing" in lines
    assert "scrapy: gone: http://news.jiangwan.example/no_such_page.htm: HTTP status 404" in lines
    assert "scrapy: gone: no start page could be read" in lines


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["check", "mcaa"], 2, "no site is named 'mcaa'"),
        (["check", "mca", "--saved", "nowhere"], 2, "no such file or folder: nowhere"),
        (["addsite", "ftp://a.example/"], 2, "not an http URL"),
        (["addsite", "http://a.example/", "--name", "A B"], 2, "may hold small letters"),
        (["addsite", "http://127.0.0.1:9/", "-s", "RETRY_TIMES=0"], 1, "http://127.0.0.1:9/: "),
    ],
)
def test_wrong_use_and_silence_are_one_line(scrapy: Scrapy, arguments: list[str], code: int, said: str):
    done = scrapy(*arguments)
    assert done.returncode == code
    assert said in one_line(done)


def test_no_name(scrapy: Scrapy):
    assert scrapy("check").returncode == 2
    assert scrapy("addsite").returncode == 2
