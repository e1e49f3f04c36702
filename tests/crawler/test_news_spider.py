import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.settings import Settings
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from crawler import settings as project
from crawler.discovery.sitemaps import find_sitemap_links
from crawler.middlewares.redirect import RedirectLoop
from crawler.pages import failed_page, fetch_failure, page_of
from crawler.site import read_site
from crawler.spiders.news import NewsSpider, spider_class
from pipelines.models import ArchiveRef, Page
from pipelines.models import Failure as PageFailure

SITE = "http://www.xinhe.example"
ARTICLE = f"{SITE}/2026/1101/80512.html"
TOML = f"""
name = "xinhe"
publisher = "新禾公益网"
[[start]]
kind = "list"
url = "{SITE}/news/"
depth = 2
[[start]]
kind = "feed"
url = "{SITE}/rss.xml"
[[start]]
kind = "sitemap"
url = "{SITE}/sitemap.xml"
"""


class Inline:
    """Stands for the worker pool, in this process."""

    async def run(self, function: Any, *args: Any) -> Any:
        return function(*args)


@pytest.fixture(autouse=True)
def inline_pool(monkeypatch):
    monkeypatch.setattr(NewsSpider, "pool", lambda self: Inline())


def spider(toml: str = TOML, settings: dict[str, Any] | None = None, **arguments: str) -> NewsSpider:
    made = spider_class(read_site(toml, "xinhe.toml", "xinhe"))
    values = {"ITEM_PIPELINES": {}, "MAX_SITEMAPS": 200, "MAX_ARTICLE_PAGES": 20, **(settings or {})}
    return made.from_crawler(get_crawler(made, values), **arguments)


def run(results: AsyncIterator[Any]) -> list[Any]:
    async def collect() -> list[Any]:
        return [result async for result in results]

    return asyncio.run(collect())


def html(body: str, url: str, **meta: Any) -> HtmlResponse:
    return HtmlResponse(url, body=body.encode(), encoding="utf-8", request=Request(url, meta=meta))


def listing(*days: str, more: str = "") -> str:
    numbers = itertools.count(80512)
    return (
        "".join(f'<a href="/{day}/{next(numbers)}.html">志愿者为独居老人送去冬衣</a>' for day in days) + more
    )


def stat(made: NewsSpider, key: str) -> Any:
    assert made.crawler.stats is not None
    return made.crawler.stats.get_value(key)


# --- start pages and arguments ---


def test_a_crawl_begins_with_the_start_pages_of_each_kind():
    made = spider()
    requests = run(made.start())
    assert [(r.url, r.callback.__name__) for r in requests] == [
        (f"{SITE}/news/", "parse_list"),
        (f"{SITE}/rss.xml", "parse_feed"),
        (f"{SITE}/sitemap.xml", "parse_sitemap"),
    ]
    assert requests[0].cb_kwargs == {"depth": 2}
    assert (made.publisher, made.home_page) == ("新禾公益网", f"{SITE}/")


def test_url_crawls_only_this_article():
    requests = run(spider(url=f"{ARTICLE}?utm_source=wechat#top").start())
    assert [(r.url, r.callback.__name__) for r in requests] == [(ARTICLE, "parse_article")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"since": "yesterday"}, "since: 'yesterday' is no day; write it as 2026-11-01"),
        ({"max_pages": "many"}, "max_pages: 'many' is no whole number above 0"),
        ({"max_pages": "0"}, "max_pages: '0' is no whole number above 0"),
        ({"url": "xinhe"}, "url: not an http URL: 'xinhe'"),
        ({"url": "http://a.example/1.html"}, "url: http://a.example/1.html is not on this site (www.xinhe"),
        ({"sinse": "2026-11-01"}, "unknown spider argument sinse; known: since, max_pages, url"),
    ],
)
def test_wrong_arguments_are_one_clear_line(arguments, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is checked below
        spider(**arguments)
    assert message in str(caught.value)


def test_arguments_that_a_scheduler_adds_are_let_through():
    assert spider(_job="123").since is None


def test_the_user_agent_names_the_contact_given_on_the_command_line():
    made = spider_class(read_site(TOML, "xinhe.toml", "xinhe"))
    settings = Settings()
    settings.set("CONTACT_URL", "https://a.example/bot", "cmdline")
    made.update_settings(settings)
    assert settings["USER_AGENT"].endswith("(+https://a.example/bot)")
    assert project.USER_AGENT.startswith("gongyi-news/")


# --- lists, feeds, site maps ---


def test_a_list_leads_to_its_articles_and_to_its_next_page():
    made = spider()
    body = listing("2026/1101", "2026/1102", more='<a href="/news/index_2.html">下一页</a>')
    requests = run(made.parse_list(html(body, f"{SITE}/news/"), depth=2))
    assert [r.url for r in requests] == [
        f"{SITE}/2026/1101/80512.html",
        f"{SITE}/2026/1102/80513.html",
        f"{SITE}/news/index_2.html",
    ]
    assert requests[-1].cb_kwargs == {"depth": 1}
    assert stat(made, "links/articles") == 2


def test_paging_ends_at_the_depth():
    body = listing("2026/1101", more='<a href="/news/index_3.html">下一页</a>')
    requests = run(spider().parse_list(html(body, f"{SITE}/news/index_2.html"), depth=0))
    assert [r.url for r in requests] == [f"{SITE}/2026/1101/80512.html"]


def test_a_list_without_articles_is_counted():
    made = spider()
    assert run(made.parse_list(html("<p>维护中</p>", f"{SITE}/news/"))) == []
    assert stat(made, "links/empty_lists") == 1


def test_since_leaves_out_what_is_clearly_older_and_stops_the_paging():
    made = spider(since="2026-11-02")
    assert made.since == date(2026, 11, 2)
    body = listing("2026/1103", "2026/1101", "2026/1031", more='<a href="/news/index_2.html">下一页</a>')
    requests = run(made.parse_list(html(body, f"{SITE}/news/"), depth=2))
    # a day of grace, as days of different zones and of publishing differ
    assert [r.url.split("/")[4] for r in requests[:2]] == ["1103", "1101"]
    assert requests[2].url == f"{SITE}/news/index_2.html"
    assert stat(made, "links/before_since") == 1
    old = listing("2026/1001", "2026/1002", more='<a href="/news/index_3.html">下一页</a>')
    assert run(made.parse_list(html(old, f"{SITE}/news/index_2.html"), depth=1)) == []


def test_max_pages_counts_articles_once_and_ends_the_paging():
    made = spider(max_pages="2")
    body = listing("2026/1101", "2026/1101", "2026/1101", more='<a href="/news/index_2.html">下一页</a>')
    assert len(run(made.parse_list(html(body, f"{SITE}/news/"), depth=2))) == 2
    again = run(made.parse_list(html(body, f"{SITE}/more/"), depth=2))
    assert {r.url for r in again} == {f"{SITE}/2026/1101/80512.html", f"{SITE}/2026/1101/80513.html"}


def test_a_feed_leads_to_its_articles_on_this_site():
    body = f"<rss><item><link>{ARTICLE}</link></item><item><link>http://b.example/2026/1101/1</link></item></rss>"
    response = Response(f"{SITE}/rss.xml", body=body.encode(), request=Request(f"{SITE}/rss.xml"))
    assert [r.url for r in run(spider().parse_feed(response))] == [ARTICLE]


def test_what_is_no_feed_is_counted_and_ends_nothing():
    made = spider()
    response = Response(f"{SITE}/rss.xml", body=b"<html></html>", request=Request(f"{SITE}/rss.xml"))
    assert run(made.parse_feed(response)) == []
    assert stat(made, "links/failed/ValueError") == 1


def sitemap_index(*days: str) -> Response:
    entries = "".join(
        f"<sitemap><loc>{SITE}/s{i}.xml</loc><lastmod>{day}</lastmod></sitemap>" for i, day in enumerate(days)
    )
    url = f"{SITE}/sitemap.xml"
    return Response(url, body=f"<sitemapindex>{entries}</sitemapindex>".encode(), request=Request(url))


def test_a_sitemap_index_leads_to_young_site_maps_up_to_a_limit():
    made = spider(since="2026-01-01", settings={"MAX_SITEMAPS": 2})
    response = sitemap_index("2026-11-01", "2025-12-01", "2026-10-01", "2026-09-01")
    requests = run(made.parse_sitemap(response))
    assert [(r.url, r.cb_kwargs) for r in requests] == [
        (f"{SITE}/s0.xml", {"top": False}),
        (f"{SITE}/s2.xml", {"top": False}),
    ]
    assert stat(made, "links/over_max_sitemaps") == 1
    assert project.MAX_SITEMAPS == 200


def test_an_index_within_an_index_is_not_followed():
    assert run(spider().parse_sitemap(sitemap_index("2026-11-01"), top=False)) == []


def test_articles_of_a_site_map_are_asked_for():
    url = f"{SITE}/s0.xml"
    body = f"<urlset><url><loc>{ARTICLE}</loc></url><url><loc>{SITE}/zyfw/</loc></url></urlset>".encode()
    assert find_sitemap_links(body, "", url, spider().rules).pages[0].url == ARTICLE
    response = Response(url, body=body, request=Request(url))
    assert [r.url for r in run(spider().parse_sitemap(response, top=False))] == [ARTICLE]


# --- articles ---


def test_an_article_becomes_a_page_with_its_bytes_and_where_they_are_kept():
    at = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)
    body = "<h1>志愿者巡河十年</h1>".encode("gb18030")
    request = Request(ARTICLE, meta={"archive": ("xinhe.warc.gz", 512), "fetched_at": at.timestamp()})
    response = HtmlResponse(ARTICLE, headers={"Content-Type": "text/html"}, body=body, request=request)
    (page,) = run(spider().parse_article(response))
    assert page == Page(
        url=ARTICLE,
        final_url=ARTICLE,
        status=200,
        headers={"content-type": "text/html"},
        body=body,
        fetched_at=at,
        site=read_site(TOML, "xinhe.toml", "xinhe").hints(),
        archive=ArchiveRef("xinhe.warc.gz", 512),
    )


def test_after_a_redirect_on_the_site_the_page_has_the_last_url():
    response = html("<p>x</p>", ARTICLE, redirect_urls=[f"{SITE}/old/1.html"])
    assert run(spider().parse_article(response))[0].url == ARTICLE


def test_after_a_redirect_off_the_site_the_page_keeps_the_url_that_was_asked_for():
    response = html("<p>x</p>", "http://cdn.example/1.html", redirect_urls=[ARTICLE])
    page = page_of(response, response.request or Request(ARTICLE), spider().site)
    assert (page.url, page.final_url) == (ARTICLE, "http://cdn.example/1.html")


def test_an_article_that_redirects_to_a_list_is_gone():
    made = spider()
    (page,) = run(made.parse_article(html("<p>x</p>", f"{SITE}/news/", redirect_urls=[ARTICLE])))
    assert page.failure.reason == "redirected_to_list"
    assert stat(made, "fetch/failed/redirected_to_list") == 1


def test_a_file_that_is_no_html_is_a_failure():
    response = Response(
        ARTICLE, headers={"Content-Type": "application/pdf"}, body=b"%PDF", request=Request(ARTICLE)
    )
    (page,) = run(spider().parse_article(response))
    assert (page.failure.reason, page.failure.message) == ("not_html", "is no HTML page but application/pdf")


def part(number: int, following: int | None) -> str:
    link = f'<a href="80512_{following}.html">下一页</a>' if following else ""
    return f"<p>第{number}部分</p>{link}"


def test_the_parts_of_an_article_are_joined_into_one_page():
    made = spider()
    (request,) = run(made.parse_article(html(part(1, 2), ARTICLE)))
    assert request.url == f"{SITE}/2026/1101/80512_2.html"
    assert request.dont_filter
    (request,) = run(made.parse_part(html(part(2, 3), request.url), **request.cb_kwargs))
    (page,) = run(made.parse_part(html(part(3, None), request.url), **request.cb_kwargs))
    assert page.url == ARTICLE
    assert page.body == part(1, 2).encode()
    assert page.parts == [part(2, 3).encode(), part(3, None).encode()]
    assert (page.truncated, page.failure) == (False, None)
    assert stat(made, "fetch/parts") == 2


def test_parts_that_lead_back_end_the_article():
    made = spider()
    (request,) = run(made.parse_article(html(part(1, 2), ARTICLE)))
    back = '<a href="80512.html">下一页</a>'
    (page,) = run(made.parse_part(html(back, request.url), **request.cb_kwargs))
    assert page.parts == [back.encode()]


def test_no_more_than_the_limit_of_parts_is_fetched():
    made = spider(settings={"MAX_ARTICLE_PAGES": 1})
    (request,) = run(made.parse_article(html(part(1, 2), ARTICLE)))
    (page,) = run(made.parse_part(html(part(2, 3), request.url), **request.cb_kwargs))
    assert page.truncated
    assert len(page.parts) == 1
    assert stat(made, "fetch/over_max_article_pages") == 1
    assert project.MAX_ARTICLE_PAGES == 20


def failed(error: Exception, request: Request) -> Failure:
    failure = Failure(error)
    failure.request = request  # type: ignore[attr-defined]
    return failure


def test_a_part_that_fails_leaves_the_article_with_what_came():
    made = spider()
    (request,) = run(made.parse_article(html(part(1, 2), ARTICLE)))
    (page,) = made.part_failed(failed(DownloadTimeoutError("took longer"), request))
    assert (page.url, page.truncated, page.parts, page.failure) == (ARTICLE, True, [], None)
    assert stat(made, "fetch/failed_parts/timeout") == 1


# --- failures ---


def test_a_failed_fetch_becomes_a_page_that_says_why():
    made = spider()
    response = Response(ARTICLE, status=404)
    request = Request(ARTICLE, meta={"archive": ("xinhe.warc.gz", 99)})
    (page,) = made.article_failed(failed(HttpError(response, "Ignoring"), request))
    assert (page.url, page.status, page.archive) == (ARTICLE, 404, ArchiveRef("xinhe.warc.gz", 99))
    assert page.failure == PageFailure("fetch", "http_404", "HTTP status 404")
    assert stat(made, "fetch/failed/http_404") == 1


def test_a_page_that_robots_forbid_is_counted_only():
    made = spider()
    failure = failed(IgnoreRequest("Forbidden by robots.txt"), Request(ARTICLE))
    assert list(made.article_failed(failure)) == []
    assert stat(made, "fetch/robots_forbidden") == 1
    assert stat(made, "fetch/failed/robots_forbidden") is None


def test_a_list_that_fails_is_said_loudly(caplog):
    made = spider()
    failure = failed(DownloadTimeoutError("took longer than 30 seconds"), Request(f"{SITE}/news/"))
    (page,) = made.list_failed(failure)
    assert page.failure == PageFailure("list", "timeout", "took longer than 30 seconds")
    assert stat(made, "fetch/lists_failed") == 1
    assert f"list page {SITE}/news/: took longer than 30 seconds" in caplog.text


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RedirectLoop("in a loop"), "redirect_loop"),
        (DownloadCancelledError("Received 9000000 bytes"), "too_large"),
        (IgnoreRequest("exceeded DOWNLOAD_MAXSIZE (8 B) during decompression"), "too_large"),
        (ConnectionResetError("reset"), "connection"),
        (ZeroDivisionError(), "ZeroDivisionError"),
    ],
)
def test_reasons_of_failures(error, reason):
    assert fetch_failure(error).reason == reason
    page = failed_page(fetch_failure(error), Request(ARTICLE), spider().site)
    assert page.failure is not None
    assert page.failure.message


def test_no_module_of_the_spider_turns_robots_off():
    source = Path(project.__file__).parent
    for path in [*source.glob("spiders/*.py"), source / "site.py", source / "loader.py"]:
        assert "dont_obey_robotstxt" not in path.read_text("utf-8")
    assert project.ROBOTSTXT_OBEY is True
