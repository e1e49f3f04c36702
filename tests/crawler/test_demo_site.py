"""The demo site is what its truth says: all articles linked, all hazards in place, the same bytes."""

import gzip
import re
from collections.abc import Iterator
from html import unescape
from importlib.resources import files
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from crawler.demo.address import article_url, list_path
from crawler.demo.expected import Expected, expected
from crawler.demo.publisher import publishers
from crawler.demo.response import Pages
from crawler.demo.site import LARGE_SIZE, build_site
from crawler.demo.story import parse_body, parse_stories
from crawler.site import Site, read_site
from pipelines.urls import canonical_url

STORY = """
[[story]]
slug = "qingtian-canteen"
site = "chenguang"
column = "志愿服务"
title = "晴田食堂开张，头一周来了三百位老人"
published = 2026-09-01T08:00:00
authors = ["白露"]
editors = ["秋分"]
body = '''
晴田公益服务中心的社区食堂周一开张。
## 一顿饭八元
- 周一到周五供应午餐
|日期|人数|
|---|---|
|周一|52|
食堂由十二名志愿者轮班。
'''
"""


@pytest.fixture(scope="module")
def pages() -> Pages:
    return build_site()


@pytest.fixture(scope="module")
def truth() -> Expected:
    return expected()


def _text(pages: Pages, url: str) -> str:
    parts = urlsplit(url)
    response = pages[parts.hostname or "", parts.path]
    charset = "gb18030" if parts.hostname == "news.jiangwan.example" else "utf-8"
    return response.body.decode(charset, "replace")


def _linked(pages: Pages, site: str) -> set[str]:
    """Canonical URLs of all links in the entries of a site's list pages, not in its boxes."""
    host = publishers()[site].host
    entries = {
        "chenguang": "//h3[contains(@class, 'Card_title')]/a/@href",
        "jiangwan": "//table[@class='STYLE2']//a/@href",
        "linlan": "//ul[@class='default_pgContainer']//a/@href",
    }[site]
    return {
        canonical_url(urljoin(base, href))
        for base, tree in _lists(pages, host)
        for href in tree.xpath(entries)
    }


def _lists(pages: Pages, host: str) -> Iterator[tuple[str, html.HtmlElement]]:
    for (of_host, path), response in pages.items():
        if of_host == host and re.search(r"^/$|^/[a-z]{2,4}/(index_|$)|/node_|/col/", path):
            charset = "gb18030" if "jiangwan" in host else "utf-8"
            yield f"http://{host}{path}", html.fromstring(response.body.decode(charset))


def test_same_stories_give_the_same_bytes(pages: Pages) -> None:
    assert build_site() == pages


def test_site_files_start_at_every_column() -> None:
    for key, publisher in publishers().items():
        site = _site_file(f"demo_{key}")
        starts = {start.url: start.depth for start in site.start if start.kind == "list"}
        assert set(starts) == {
            publisher.url(list_path(publisher, part)) for part in publisher.columns.values()
        }
        assert min(starts.values()) >= 5


@pytest.mark.parametrize("key", ["chenguang", "jiangwan", "linlan"])
def test_site_files_fit_the_pages(key: str, pages: Pages, truth: Expected) -> None:
    site = _site_file(f"demo_{key}")
    urls = {a.url for a in truth.of_site(key)} | {u for u in truth.redirects if publishers()[key].host in u}

    assert site.publisher == publishers()[key].name
    assert site.home_page == publishers()[key].url("/")
    assert site.example_article in truth.articles
    assert urlsplit(site.example_list).path in {path for _, path in pages}
    assert all(any(p.search(u) for p in site.article) for u in urls if site.article)


def _site_file(name: str) -> Site:
    return read_site(
        files("crawler.demo.sites").joinpath(f"{name}.toml").read_text("utf-8"), f"{name}.toml", name
    )


def test_the_site_is_big_enough(truth: Expected) -> None:
    assert len(truth.articles) >= 80
    assert len(truth.reprints) >= 15
    assert all(len(truth.of_site(site)) >= 10 for site in publishers())


def test_every_article_has_a_page_with_its_whole_text(pages: Pages, truth: Expected) -> None:
    for url, article in truth.articles.items():
        if url in truth.heals:
            continue
        charset_is_a_lie = "�" in _text(pages, url)
        parts = [url, *truth.paginated.get(url, ())]
        response = pages[urlsplit(url).hostname or "", urlsplit(url).path]
        page = response.body.decode("utf-8") if charset_is_a_lie else "".join(_text(pages, p) for p in parts)
        shown = unescape(re.sub(r"</td>\s*<td[^>]*>", " ", page))
        shown = re.sub(r"<[^>]+>", "", shown)
        assert article.title in shown
        assert [p for p in article.paragraphs if p not in shown] == [], url


def test_pages_show_cut_summaries_of_other_articles(pages: Pages, truth: Expected) -> None:
    article = truth.articles[next(iter(truth.paginated))]
    page = unescape(_text(pages, article.url))

    assert len(article.teasers) == 4
    assert all(url in page and text in page for url, text in article.teasers)
    shown = [text for a in truth.articles.values() for _, text in a.teasers]
    assert sum(text.endswith("...") for text in shown) > len(shown) // 2


def test_lists_link_every_article_but_those_of_feed_and_sitemap(pages: Pages, truth: Expected) -> None:
    linked = set().union(*(_linked(pages, site) for site in publishers()))
    hidden = {truth.feed_only, truth.sitemap_only}

    assert linked == {*truth.articles, *truth.forbidden, *truth.failures, *truth.redirects} - hidden


def test_hidden_articles_are_only_where_they_should_be(pages: Pages, truth: Expected) -> None:
    host = publishers()["chenguang"].host
    feed = pages[host, "/rss.xml"].body.decode()
    news = gzip.decompress(pages[host, "/sitemap-news.xml.gz"].body).decode()

    assert truth.feed_only in feed
    assert truth.sitemap_only not in feed
    assert truth.sitemap_only in news
    assert truth.feed_only not in news
    everything = b"".join(r.body for (_, path), r in pages.items() if path.endswith(("html", "htm", "/")))
    own_page = {
        truth.feed_only: _text(pages, truth.feed_only),
        truth.sitemap_only: _text(pages, truth.sitemap_only),
    }
    for url, text in own_page.items():
        assert everything.count(url.encode()) == text.count(url)


def test_reprints_name_the_first_publisher(truth: Expected) -> None:
    for url, original_url in truth.reprints.items():
        reprint, original = truth.articles[url], truth.articles[original_url]
        assert original.original_url == ""
        assert (reprint.slug, reprint.source) == (original.slug, original.source)
        assert reprint.published > original.published


def test_old_pages_claim_gb2312_and_are_not(pages: Pages, truth: Expected) -> None:
    host = publishers()["jiangwan"].host
    cut = {url for url, reason in truth.failures.items() if reason == "truncated"}
    bodies = [
        r.body
        for (of_host, path), r in pages.items()
        if of_host == host and "/content_" in path and f"http://{host}{path}" not in cut
    ]
    utf8 = [body for body in bodies if _decodes(body, "utf-8")]

    assert len(utf8) == 1
    assert all(b"charset=gb2312" in body for body in bodies)
    assert not any(_decodes(body, "gb2312") for body in bodies)
    assert all(_decodes(body, "gb18030") for body in bodies if body not in utf8)


def _decodes(body: bytes, charset: str) -> bool:
    try:
        body.decode(charset)
    except UnicodeDecodeError:
        return False
    return True


def test_each_failing_page_fails_in_its_way(pages: Pages, truth: Expected) -> None:
    found = {reason: urlsplit(url) for url, reason in truth.failures.items()}
    answers = {reason: pages.get((p.hostname or "", p.path)) for reason, p in found.items()}

    assert answers["http_404"] is None
    cut, large, loop = answers["truncated"], answers["too_large"], answers["redirect_loop"]
    assert cut is not None
    assert cut.missing > 1000
    assert large is not None
    assert large.length >= LARGE_SIZE
    assert loop is not None
    assert loop.status == 302
    assert set(found) == {"http_404", "truncated", "too_large", "redirect_loop", "soft_404"}


def test_robots_txt_forbids_a_page_that_a_list_links(pages: Pages, truth: Expected) -> None:
    host = publishers()["chenguang"].host
    (url,) = truth.forbidden

    assert "Disallow: /internal/" in pages[host, "/robots.txt"].body.decode()
    assert urlsplit(url).path.startswith("/internal/")
    assert url in _linked(pages, "chenguang")


def test_the_paginated_article_says_how_many_pages_it_has(pages: Pages, truth: Expected) -> None:
    ((url, following),) = truth.paginated.items()

    assert len(following) == 2
    assert "本文共3页" in _text(pages, url)
    assert "下一页" in _text(pages, following[0])
    assert "下一页" not in _text(pages, following[1])


def test_the_site_does_not_depend_on_the_order_of_files(tmp_path: Path) -> None:
    other = '"qingtian-canteen"', '"qingtian-canteen-2"'
    assert _urls(STORY + STORY.replace(*other)) == _urls(STORY.replace(*other) + STORY)


def _urls(text: str) -> set[str]:
    return {article_url(p) for p in parse_stories(text, "x.toml")}


def test_a_reprint_leaves_out_and_adds_what_it_is_told() -> None:
    reprint = """
[[story.reprints]]
site = "jiangwan"
published = 2026-09-02T07:30:00
drop_paragraphs = [0]
append = "（转载自晨光公益网）"
"""
    _, second = parse_stories(STORY + reprint, "x.toml")

    assert [b.text for b in second.blocks] == [
        "一顿饭八元",
        "周一到周五供应午餐",
        "日期 人数",
        "周一 52",
        "食堂由十二名志愿者轮班。",
        "（转载自晨光公益网）",
    ]
    assert (second.site, second.original, second.source) == ("jiangwan", "chenguang", "晨光公益网")
    assert second.authors == ("白露",)


def test_marks_of_a_body() -> None:
    kinds = [b.kind for b in parse_body("一段\n\n## 小标题\n- 一项\n|甲|乙|\n")]
    assert kinds == ["paragraph", "subhead", "item", "row"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('column = "志愿服务"', 'column = "体育"', "no column '体育' on chenguang"),
        ("published = 2026-09-01T08:00:00", 'published = "today"', "published must be a local date and time"),
        ('slug = "qingtian-canteen"', "slug = ", "x.toml: TOMLDecodeError"),
        ('title = "晴田食堂开张，头一周来了三百位老人"', "", "x.toml: KeyError: 'title'"),
    ],
)
def test_a_wrong_story_is_refused_with_its_file(old: str, new: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_stories(STORY.replace(old, new), "x.toml")


def test_a_site_with_too_few_stories_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(STORY, "utf-8")
    with pytest.raises(ValueError, match="too few stories"):
        build_site(str(tmp_path))


def test_a_story_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.toml").write_text(STORY, "utf-8")
    (tmp_path / "two.toml").write_text(STORY, "utf-8")
    with pytest.raises(ValueError, match="qingtian-canteen is on chenguang twice"):
        build_site(tmp_path)


def test_postings_are_unique(truth: Expected) -> None:
    keys = [(a.site, a.slug) for a in truth.articles.values()]
    assert len(keys) == len(set(keys))
