from datetime import date

import pytest

from crawler.discovery.feeds import read_day, read_feed
from crawler.discovery.link import Link

HERE = "http://www.xinhe.example/rss.xml"

RSS = """<?xml version="1.0" encoding="{charset}"?>
<rss version="2.0"><channel><title>新禾公益</title><link>http://www.xinhe.example/</link>
<item><title>志愿者巡河十年</title><link> http://www.xinhe.example/2026/1101/1.html?utm_source=rss </link>
<pubDate>Sun, 01 Nov 2026 08:00:00 +0800</pubDate></item>
<item><title><![CDATA[助学金 & 冬衣]]></title><link>/2026/1031/2.html</link>
<pubDate>2026-10-31 09:12:00</pubDate></item>
<item><title>再来一次</title><link>http://www.xinhe.example/2026/1101/1.html</link></item>
<item><title>只有编号</title><guid isPermaLink="true">http://www.xinhe.example/3.html</guid></item>
<item><title>没有链接</title><guid isPermaLink="false">3</guid></item>
</channel></rss>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>新禾</title><link href="http://www.xinhe.example/"/>
<entry><title>社区食堂开张</title><link rel="edit" href="/edit/1"/>
<link rel="alternate" href="/2026/1101/1.html"/>
<id>urn:1</id><updated>2026-11-02T08:00:00Z</updated><published>2026-11-01T23:30:00+08:00</published></entry>
</feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>x</title><link>http://www.xinhe.example/</link></channel>
<item><title>义诊队进山</title><link>http://www.xinhe.example/4.html</link><dc:date>2026-11-03</dc:date></item>
</rdf:RDF>"""


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_rss_gives_each_article_once_with_its_day(charset):
    body = RSS.format(charset=charset).encode("gb18030" if charset == "gb2312" else charset)
    assert read_feed(body, "application/rss+xml", HERE) == [
        Link("http://www.xinhe.example/2026/1101/1.html", "志愿者巡河十年", date(2026, 11, 1)),
        Link("http://www.xinhe.example/2026/1031/2.html", "助学金 & 冬衣", date(2026, 10, 31)),
        Link("http://www.xinhe.example/3.html", "只有编号", None),
    ]


def test_atom_takes_the_alternate_link_and_the_day_of_publication():
    assert read_feed(ATOM.encode(), "application/atom+xml", HERE) == [
        Link("http://www.xinhe.example/2026/1101/1.html", "社区食堂开张", date(2026, 11, 1))
    ]


def test_rss_1_with_a_dublin_core_date():
    assert read_feed(RDF.encode(), "text/xml", HERE) == [
        Link("http://www.xinhe.example/4.html", "义诊队进山", date(2026, 11, 3))
    ]


def test_a_feed_that_is_not_well_formed_gives_what_can_be_read():
    body = RSS.format(charset="utf-8").replace("再来一次", "你 & 我 &nbsp;").encode()
    assert len(read_feed(body, "", HERE)) == 3


@pytest.mark.parametrize("body", [b"", b"<html><body>404</body></html>", b"not xml", b"<rss"])
def test_what_is_no_feed_is_refused(body):
    if body == b"<rss":
        assert read_feed(body, "", HERE) == []
    else:
        with pytest.raises(ValueError, match="neither RSS nor Atom"):
            read_feed(body, "", HERE)


def test_entities_of_a_feed_load_nothing():
    body = b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><item><title>&x;</title>'
    body += b"<link>/1</link></item></rss>"
    assert read_feed(body, "", HERE)[0].text == "&x;"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Sun, 01 Nov 2026 23:30:00 +0800", date(2026, 11, 1)),
        ("2026-11-01T08:00:00+08:00", date(2026, 11, 1)),
        ("2026/11/1 08:00", date(2026, 11, 1)),
        ("2026年11月1日", date(2026, 11, 1)),
        ("20261101", date(2026, 11, 1)),
        ("2026-13-40", None),
        ("soon", None),
        ("", None),
    ],
)
def test_days_of_feeds(text, day):
    assert read_day(text) == day
