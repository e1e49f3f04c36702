import pytest

from crawler.discovery.anchors import read_anchors
from crawler.discovery.paging import HINT_BYTES, find_next_page, find_next_part, may_have_next_part

SITE = "http://www.xinhe.example"


def next_page(html: str, here: str) -> str:
    url = find_next_page(read_anchors(html.encode(), "text/html; charset=utf-8", SITE + here))
    return url.removeprefix(SITE)


def next_part(html: str, here: str, charset: str = "utf-8") -> str:
    url = find_next_part(html.encode(charset), f"text/html; charset={charset}", SITE + here)
    return url.removeprefix(SITE)


@pytest.mark.parametrize("text", ["下一页", " 下一页 > ", "下页", "下一页»", "下一頁", "Next", "next page"])
def test_the_text_of_the_link_names_the_next_page(text):
    html = f'<a href="list_3.html">{text}</a><a href="/news/">首页</a>'
    assert next_page(html, "/news/list_2.html") == "/news/list_3.html"


def test_the_next_article_is_not_the_next_page():
    assert next_page('<a href="80513.html">下一篇</a>', "/news/80512.html") == ""


def test_a_link_relation_goes_first():
    html = '<link rel="next" href="/news/?page=3"><a href="/other.html">下一页</a>'
    assert next_page(html, "/news/?page=2") == "/news/?page=3"


@pytest.mark.parametrize(
    ("html", "here", "expected"),
    [
        # the present page is no link
        ('<b>1</b><a href="l_2.html">2</a><a href="l_3.html">3</a>', "/l.html", "/l_2.html"),
        (
            '<a href="l.html">1</a><a href="l_2.html">2</a><b>3</b><a href="l_4.html">4</a>',
            "/l_3.html",
            "/l_4.html",
        ),
        # it links to itself
        (
            '<a href="l.html">[1]</a><a href="l_2.html">[2]</a><a href="l_3.html">[3]</a>',
            "/l_2.html",
            "/l_3.html",
        ),
        # pages are left out in the middle
        (
            '<a href="l.html">1</a>…<a href="l_6.html">6</a><b>7</b><a href="l_8.html">8</a>',
            "/l_7.html",
            "/l_8.html",
        ),
        # the last page
        ('<a href="l.html">1</a><a href="l_2.html">2</a><b>3</b>', "/l_3.html", ""),
        # two pages
        ('<b>1</b><a href="l_2.html">2</a>', "/l.html", "/l_2.html"),
        # a day in a calendar is no page
        ('<a href="/2026/1102/">2</a>', "/l.html", ""),
    ],
)
def test_numbered_pages(html, here, expected):
    assert next_page(html, here) == expected


def test_a_disabled_link_on_the_last_page_leads_nowhere():
    assert next_page('<a href="javascript:;">下一页</a><a href="#">末页</a>', "/l_9.html") == ""
    assert next_page('<a href="l_9.html">下一页</a>', "/l_9.html") == ""


def test_a_target_that_only_a_script_opens():
    html = """<a href="javascript:void(0)" onclick="turnTo('list_4.html')">下一页</a>"""
    assert next_page(html, "/news/list_3.html") == "/news/list_4.html"


def test_the_paging_script_of_government_sites():
    html = '<script>createPageHTML(7, {}, "index", "html");</script>'
    assert next_page(html.format(0), "/gzdt/") == "/gzdt/index_1.html"
    assert next_page(html.format(3), "/gzdt/index_3.html") == "/gzdt/index_4.html"
    assert next_page(html.format(6), "/gzdt/index_6.html") == ""


def test_a_page_of_another_host_is_no_next_page():
    assert next_page('<a href="http://other.example/2.html">下一页</a>', "/l.html") == ""


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/2026/1101/80512.html", "/2026/1101/80512_2.html"),
        ("/2026/1101/80512_2.html", "/2026/1101/80512_3.html"),
        ("/2026/1101/80512.html", "/2026/1101/80512-2.html"),
        ("/article/80512", "/article/80512/2"),
        ("/show?id=80512", "/show?id=80512&page=2"),
        ("/show?id=80512&p=2", "/show?id=80512&p=3"),
    ],
)
def test_the_next_part_of_an_article(here, there):
    assert next_part(f'<a href="{there}">下一页</a>', here) == there
    assert next_part(f'<a href="{there}">余下全文</a>', here) == there


def test_next_part_by_number_and_by_script():
    html = '<b>1</b> <a href="80512_2.html">2</a> <a href="80512_3.html">3</a>'
    assert next_part(html, "/2026/1101/80512.html") == "/2026/1101/80512_2.html"
    html = '<script>createPageHTML(3, 0, "t20261101_9", "html")</script>'
    assert next_part(html, "/zwgk/t20261101_9.html") == "/zwgk/t20261101_9_1.html"


def test_another_article_is_no_next_part():
    html = '<a href="80513.html">下一页</a><a href="/news/list_2.html">下一页</a>'
    assert next_part(html, "/2026/1101/80512.html") == ""


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_the_hint_is_seen_in_the_bytes(charset):
    html = '<p>正文</p><a href="80512_2.html">下一页</a>'
    assert may_have_next_part(html.encode(charset))
    assert next_part(html, "/80512.html", charset) == "/80512_2.html"
    assert may_have_next_part('<a href="1_2.html">2</a>'.encode(charset))
    assert not may_have_next_part("<p>志愿者为独居老人送去冬衣</p>".encode(charset))
    assert not may_have_next_part(b" " * HINT_BYTES + "下一页".encode(charset))
