"""From a page's bytes to an article: the whole stage."""

from datetime import UTC, datetime

import pytest

from pipelines.extract import ExtractError, extract
from pipelines.extract.errors import SelectorError
from pipelines.models import Page, SiteHints

URL = "http://www.linlan.example/art/2026/3/5/art_12.html"
FIRST = "临澜市蒲公英志愿服务队本周在南门社区开设“周末课堂”，首批三十名孩子报名参加，课程全部免费。"
SECOND = "服务队负责人韩松说，课堂由退休教师轮流授课，内容包括书法、剪纸和科学小实验。"
THIRD = "下个月起，“周末课堂”还将走进北桥和西坝两个社区，服务队正在招募新的志愿者。"


def page(html: str, **more) -> Page:
    return Page(
        URL, URL, 200, {"content-type": "text/html"}, html.encode(), datetime(2026, 3, 9, tzinfo=UTC), **more
    )


HTML = f"""<!doctype html><html><head><meta charset="utf-8">
<title>南门社区有了周末课堂_临澜公益网</title></head>
<body><div class="nav"><a href="/">首页</a> &gt; <a href="/gy">公益</a></div>
<h1>南门社区有了周末课堂</h1><p class="info">2026-03-05 09:30 来源：临澜公益网</p>
<div class="content"><p>　　{FIRST}</p><p>　　{SECOND}</p><p>（责任编辑：顾小满）</p></div>
<div class="related"><h3><a href="/art/9.html">北桥社区征集周末课堂老师</a></h3>
<p>北桥社区本周起向居民征集周末课堂的老师，退休教师和大学生优先，报名的居民可以...</p></div></body></html>"""


def test_every_part_of_an_article():
    article = extract(page(HTML))
    assert article.kind == "article"
    assert article.title == "南门社区有了周末课堂"
    assert article.body == f"{FIRST}\n{SECOND}"
    assert article.charset == "utf-8"
    assert [t.url for t in article.teasers] == ["http://www.linlan.example/art/9.html"]
    assert article.published is not None
    assert article.published.isoformat() == "2026-03-05T09:30:00+08:00"


def test_following_pages_are_joined_in_order():
    def part(text: str, number: int) -> str:
        return (
            f"<html><head><title>周末课堂({number})_临澜公益网</title></head><body><h1>周末课堂</h1>"
            f"<div class='content'><p>{text}</p><p>本文共3页</p><p>1 2 3 下一页</p></div></body></html>"
        )

    pages = [part(text, number).encode() for number, text in enumerate([SECOND, THIRD], 2)]
    assert extract(page(part(FIRST, 1), parts=pages)).body == f"{FIRST}\n{SECOND}\n{THIRD}"


def test_a_part_that_is_damaged_loses_only_itself():
    assert extract(page(HTML, parts=[b"", b"\x00\xff", b"<"])).body == f"{FIRST}\n{SECOND}"


@pytest.mark.parametrize("body", ["div.b", "//div[@class='b']"])
def test_site_selectors_win(body):
    html = (
        f"<h1>别的标题</h1><div class='a'><p>{FIRST}</p><p>{SECOND}</p></div>"
        f"<h2 id='t'>真标题</h2><div class='b'>{THIRD}</div>"
    )
    hints = SiteHints(selectors={"title": ("#missing", "#t"), "body": (body,)})
    article = extract(page(html, site=hints))
    assert (article.title, article.body) == ("真标题", THIRD)


def test_a_selector_that_no_longer_matches_leaves_the_field_to_the_rules():
    hints = SiteHints(selectors={"title": ("#gone",), "body": (".gone",)})
    assert extract(page(HTML, site=hints)).body == f"{FIRST}\n{SECOND}"


def test_a_wrong_selector_is_named():
    with pytest.raises(SelectorError, match=r"div\[\["):
        extract(page(HTML, site=SiteHints(selectors={"body": ("div[[",)})))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b" \x00\n", "empty"),
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "ZIP"),
    ],
)
def test_what_is_no_html_is_refused_in_one_line(content, message):
    empty = page("")
    empty.body = content
    with pytest.raises(ExtractError, match=message) as caught:
        extract(empty)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 50_000,
        "<" * 10_000,
        "a" * 200_000,
        "<p \x00 class='a" * 2_000,
        "&#xD800;&#0;" * 1_000 + FIRST,
        "<table>" + "<tr>" * 20_000,
        HTML[:400],
        "<p>" * 100_000,
    ],
)
def test_damaged_pages_end_in_a_moment(html):
    assert extract(page(html)).kind in ("article", "list", "other")
