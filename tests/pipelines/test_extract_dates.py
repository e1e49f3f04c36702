"""Dates in every form that pages print, and which of several is the article's own."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from pipelines.extract.body import Body, find_body
from pipelines.extract.date_claims import url_day, url_year
from pipelines.extract.date_text import find_stamps, read_stamp
from pipelines.extract.dates import candidates, find_dates
from pipelines.extract.document import Document, parse
from pipelines.models import Moment

FETCHED = datetime(2021, 3, 8, 4, 0, tzinfo=UTC)  # noon in Shanghai
TEXT = "三月的河堤上，青禾志愿服务队的队员们一早就开始清理漂浮物，附近的居民也拿着工具加入进来。"
URL = "http://news.jiangwan.example/a/1.html"


def page(
    header: str = "", *, url: str = URL, head: str = "", last: str = TEXT, after: str = "", above: str = ""
) -> tuple[Document, Body]:
    doc = parse(
        f"<html><head><title>青禾志愿队清理河道_江湾新闻网</title>{head}</head>"
        f"<body>{above}<div class='main'>"
        f"<h1>青禾志愿队清理河道</h1>{header}"
        f"<div class='content'><p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p><p>{last}</p></div>"
        f"{after}</div></body></html>",
        url,
    )
    return doc, find_body(doc)


def dates(header: str = "", **more: str) -> tuple[Moment | None, Moment | None]:
    return find_dates(*page(header, **more), FETCHED)


def published(header: str = "", **more: str) -> str:
    moment, _ = dates(header, **more)
    return moment.isoformat() if moment else ""


@pytest.mark.parametrize(
    ("header", "iso"),
    [
        ("<p>2021年03月05日09:30</p>", "2021-03-05T09:30:00+08:00"),
        ("<p>2021-03-05 09:30:12 来源：江湾晚报</p>", "2021-03-05T09:30:12+08:00"),
        ("<p>2021/3/5 9:30</p>", "2021-03-05T09:30:00+08:00"),
        ("<p>2021.03.05 09:30</p>", "2021-03-05T09:30:00+08:00"),
        ("<p>发布时间：2021-03-05</p>", "2021-03-05"),
        ("<p>发布日期：2021年3月5日</p>", "2021-03-05"),
        ("<p>2021年3月5日 星期五 下午3:07</p>", "2021-03-05T15:07:00+08:00"),
        ("<p>2021年3月5日上午9时30分</p>", "2021-03-05T09:30:00+08:00"),
        ("<p>时间：2021-03-0509:30 来源：江湾晚报</p>", "2021-03-05T09:30:00+08:00"),
        ("<p>二〇二一年三月五日</p>", "2021-03-05"),
        ("<p>发布时间：21-03-0509:30</p>", "2021-03-05T09:30:00+08:00"),
        ("<span class='time'>03月05日 09:30</span>", "2021-03-05T09:30:00+08:00"),
        ("<p>发布时间：03-0509:30</p>", "2021-03-05T09:30:00+08:00"),
        ("<p>昨天 09:12</p>", "2021-03-07T09:12:00+08:00"),
        ("<p>今天 09:12</p>", "2021-03-08T09:12:00+08:00"),
        ("<p>3小时前</p>", "2021-03-08T09:00:00+08:00"),
        ("<p>15分钟前 · 江湾晚报</p>", "2021-03-08T11:45:00+08:00"),
        ("<p>2天前</p>", "2021-03-06"),
        ("<div>2021</div><div>03/05</div><div>09:30</div>", "2021-03-05T09:30:00+08:00"),
        ("<div><span>2021年03月05日</span><span>09:30</span></div>", "2021-03-05T09:30:00+08:00"),
        ("<div>江湾发布2021-03-05 09:30</div>", "2021-03-05T09:30:00+08:00"),
    ],
)
def test_printed_forms(header: str, iso: str) -> None:
    assert published(header) == iso


def test_precision_says_what_the_page_gives() -> None:
    for header, precision in (
        ("<p>2021-03-05 09:30:12</p>", "second"),
        ("<p>2021-03-05 09:30</p>", "minute"),
        ("<p>2021-03-05</p>", "day"),
    ):
        moment, _ = dates(header)
        assert moment is not None
        assert moment.precision == precision
        assert not moment.inferred


def test_a_year_that_is_not_printed_is_inferred() -> None:
    moment, _ = dates("<p>发布时间：03-05 09:30</p>")
    assert moment is not None
    assert moment.inferred
    assert moment.at.year == 2021


def test_a_day_later_than_the_fetch_was_last_year() -> None:
    assert published("<p>发布时间：10-08 12:00</p>") == "2020-10-08T12:00:00+08:00"


def test_the_url_knows_the_year() -> None:
    url = "http://news.jiangwan.example/2019-02/14/c_1.htm"
    assert published("<p>发布时间：02-14 12:00</p>", url=url) == "2019-02-14T12:00:00+08:00"


def test_markup_of_the_same_day_knows_the_year() -> None:
    head = '<meta name="dateUpdate" content="2019-10-08 12:00:57">'
    moment, modified = dates("<p>发布时间：10-0812:00</p>", head=head)
    assert moment is not None
    assert moment.isoformat() == "2019-10-08T12:00:00+08:00"
    assert moment.inferred
    assert modified is not None
    assert modified.isoformat() == "2019-10-08T12:00:57+08:00"


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2021-03-05T09:30:00+08:00">',
        '<meta name="PubDate" content="2021-03-05 09:30:00">',
        '<meta name="publishdate" content="2021-03-05 09:30:00">',
        '<meta property="og:release_date" content="2021年03月05日 09:30:00">',
        '<meta name="weibo: article:create_at" content="2021-03-05 09:30:00">',
        '<script type="application/ld+json">{"pubDate": "2021-03-05T09:30:00"}</script>',
        '<script type="application/ld+json">{"@type":"Article","datePublished":"2021-03-05T09:30"}</script>',
        '<script>var publish_time = "2021-03-05 09:30:00";</script>',
        '<script>window.ptime="2021-03-05 09:30:00"</script>',
        '<script>var ct = "1614907800";</script>',
        '<script>window.__DATA__ = {"pubTime":1614907800000,"id":7}</script>',
    ],
)
def test_markup_when_nothing_is_printed(head: str) -> None:
    assert published(head=head) == "2021-03-05T09:30:00+08:00"


def test_time_element() -> None:
    assert (
        published('<time datetime="2021-03-05T09:30:00+08:00">5. März</time>') == "2021-03-05T09:30:00+08:00"
    )


def test_the_minute_comes_from_markup_when_only_the_day_is_printed() -> None:
    head = '<meta name="PubDate" content="2021-03-05 09:30:00">'
    assert published("<p>发布日期：2021-03-05</p>", head=head) == "2021-03-05T09:30:00+08:00"


def test_local_time_labelled_as_utc_is_read_as_printed() -> None:
    head = '<meta property="article:published_time" content="2021-03-05T09:30:15Z">'
    assert published("<p>2021-03-05 09:30 来源：江湾晚报</p>", head=head).startswith("2021-03-05T09:30")


def test_true_utc_is_moved_to_the_zone_of_the_site() -> None:
    head = '<meta property="article:published_time" content="2021-03-05T01:30:00Z">'
    assert published(head=head) == "2021-03-05T09:30:00+08:00"


@pytest.mark.parametrize(
    ("url", "iso"),
    [
        ("http://news.jiangwan.example/2020-10/04/content_1.htm", "2020-10-04"),
        ("http://news.jiangwan.example/20200911/1.shtml", "2020-09-11"),
        ("http://mzj.linlan.example/xw/t20200305_1188.html", "2020-03-05"),
        ("http://news.jiangwan.example/n1/2020/0424/c1001-40223222.html", "2020-04-24"),
        ("http://news.jiangwan.example/a/1188.html", ""),
    ],
)
def test_the_url_is_the_fallback(url: str, iso: str) -> None:
    assert published(url=url) == iso


def test_times_of_others_are_never_taken() -> None:
    comments = "<div class='comment-list'><div>江边人</div><div>2021-03-06 10:00:00</div></div>"
    related = "<ul class='related'><li><a href='/2.html'>社工站开放日</a> 2021-03-07 08:00</li></ul>"
    footer = "<div class='footer'>版权所有 © 2010-2021 今天是2021年3月8日 12:00</div>"
    assert published(after=comments + related + footer) == ""


def test_the_clock_above_loses_against_the_line_under_the_title() -> None:
    above = "<div class='top'>今天是2021年3月8日 星期一 11:59</div>"
    assert published("<p>2021-03-05 09:30</p>", above=above) == "2021-03-05T09:30:00+08:00"


@pytest.mark.parametrize("line", ["活动时间：2021-03-06", "报名截止：2021年3月7日", "会议时间：2021年3月6日"])
def test_the_time_of_an_event_is_not_the_articles(line: str) -> None:
    assert published(f"<p>{line}</p>") == ""
    assert published(f"<p>2021-03-05 09:30</p><p>{line}</p>") == "2021-03-05T09:30:00+08:00"


def test_a_date_below_the_text_counts_with_a_label() -> None:
    assert published(after="<p>发布日期：2021-03-05 责任编辑：何一苇</p>") == "2021-03-05"


def test_a_notice_is_dated_in_its_last_line() -> None:
    assert published(last="2021年3月5日") == "2021-03-05"


def test_the_last_change_is_its_own_field() -> None:
    moment, modified = dates("<p>发布时间：2021-03-05 09:30 更新时间：2021-03-06 10:00</p>")
    assert moment is not None
    assert modified is not None
    assert moment.isoformat() == "2021-03-05T09:30:00+08:00"
    assert modified.isoformat() == "2021-03-06T10:00:00+08:00"


def test_a_time_after_the_fetch_is_refused() -> None:
    assert published("<p>2031-03-05 09:30</p>") == ""


def test_every_rival_is_kept_with_its_rule() -> None:
    head = '<meta name="PubDate" content="2021-03-04 08:00:00">'
    rivals, _ = candidates(*page("<p>发布时间：2021-03-05 09:30</p>", head=head), FETCHED)
    assert [(c.moment.rule, c.moment.at.day) for c in rivals] == [("printed", 5), ("meta pubdate", 4)]


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown time zone: 'Asia/Linlan'"):
        find_dates(*page(), FETCHED, "Asia/Linlan")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("April 28, 2023", (2023, 4, 28)),
        ("Published 31 Jan 2025, 20:02", (2025, 1, 31)),
        ("30.04.2024, 18:58", (2024, 4, 30)),
        ("4 Febbraio 2025 - 14:41", (2025, 2, 4)),
        ("8 января 2026, 17:46", (2026, 1, 8)),
        ("5 de marzo de 2021", (2021, 3, 5)),
        ("20210305", (2021, 3, 5)),
        ("1614907800", (2021, 3, 5)),
    ],
)
def test_forms_of_other_languages_and_machines(text: str, day: tuple[int, int, int]) -> None:
    stamp = read_stamp(text)
    assert stamp is not None
    assert (stamp.year, stamp.month, stamp.day) == day


@pytest.mark.parametrize("text", ["共3-5人参加", "电话 0571-8888", "第12/15页", "2021-13-05", "版本 1.2.3"])
def test_numbers_that_are_no_dates(text: str) -> None:
    assert list(find_stamps(text)) == []


def test_url_parts() -> None:
    day = url_day("http://a.example/2020-10/04/x.htm")
    assert day is not None
    assert (day.year, day.month, day.day) == (2020, 10, 4)
    assert url_year("http://a.example/202010/1.htm") == 2020
    assert url_day("http://a.example/id/20301399.htm") is None


def test_a_foreign_page_gives_its_markup_as_it_stands() -> None:
    doc = parse(
        "<title>River cleaned</title>"
        '<meta property="article:published_time" content="2021-03-05T23:30:00-05:00">'
        "<h1>River cleaned</h1><p>Early on Friday some forty people met at the river, with gloves.</p>"
    )
    moment, _ = find_dates(doc, find_body(doc), FETCHED)
    assert moment is not None
    assert moment.isoformat() == "2021-03-05T23:30:00-05:00"


FOREIGN = "<p>Early on Friday some forty people met at the river, with gloves and bags, and stayed.</p>" * 3


def test_dateparser_reads_what_our_patterns_do_not() -> None:
    title = "<title>Talgoot joella</title><h1>Talgoot joella</h1>"
    doc = parse(f"{title}<p class='date'>5. maaliskuuta 2021</p>{FOREIGN}")
    moment, _ = find_dates(doc, find_body(doc), FETCHED)
    assert moment is not None
    assert (moment.isoformat(), moment.rule) == ("2021-03-05", "dateparser")


def test_dateparser_is_not_loaded_for_common_pages() -> None:
    code = (
        "import sys; from datetime import datetime, UTC; from pipelines.extract.document import parse\n"
        "from pipelines.extract.body import find_body; from pipelines.extract.dates import find_dates\n"
        "doc = parse('<title>社工站开放</title><h1>社工站开放</h1><p>2021-03-05 09:30</p><p>正文。</p>')\n"
        "assert find_dates(doc, find_body(doc), datetime.now(UTC))[0]\n"
        "assert 'dateparser' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
