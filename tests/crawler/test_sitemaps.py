import gzip
import re
from datetime import date

import pytest

from crawler.discovery import sitemaps
from crawler.discovery.link import Link, LinkRules
from crawler.discovery.sitemaps import article_links, find_sitemap_links, read_sitemap

SITE = "http://www.xinhe.example"
HERE = f"{SITE}/sitemap.xml"
RULES = LinkRules(("www.xinhe.example",))
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

URLSET = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset {NAMESPACE} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>{SITE}/2026/1101/1.html#top</loc><lastmod>2026-11-03T08:00:00+08:00</lastmod>
<image:image><image:loc>{SITE}/1.jpg</image:loc></image:image>
<news:news><news:publication_date>2026-11-01</news:publication_date><news:title>义诊队进山</news:title></news:news></url>
<url><loc>{SITE}/2026/1031/2.html</loc><lastmod>2026-10-31</lastmod></url>
<url><loc>{SITE}/zyfw/</loc></url>
<url><loc>{SITE}/about/us.html</loc></url>
<url><loc>http://other.example/2026/1101/3.html</loc></url>
<url><loc></loc></url>
</urlset>"""

INDEX = f"""<sitemapindex {NAMESPACE}>
<sitemap><loc>{SITE}/sitemap-2026.xml.gz</loc><lastmod>2026-11-01</lastmod></sitemap>
<sitemap><loc>/sitemap-2019.xml</loc><lastmod>2019-12-31</lastmod></sitemap>
</sitemapindex>"""


def test_pages_come_with_the_day_and_title_of_the_news_extension():
    assert read_sitemap(URLSET.encode(), "application/xml", HERE).pages[:2] == (
        Link(f"{SITE}/2026/1101/1.html", "义诊队进山", date(2026, 11, 1)),
        Link(f"{SITE}/2026/1031/2.html", "", date(2026, 10, 31)),
    )


def test_an_index_gives_site_maps():
    found = read_sitemap(INDEX.encode(), "", HERE)
    assert found.pages == ()
    assert [(link.url, link.day) for link in found.sitemaps] == [
        (f"{SITE}/sitemap-2026.xml.gz", date(2026, 11, 1)),
        (f"{SITE}/sitemap-2019.xml", date(2019, 12, 31)),
    ]


def test_gzip_is_unpacked_whatever_the_server_says_of_it():
    packed = gzip.compress(URLSET.encode())
    assert read_sitemap(packed, "application/octet-stream", HERE) == read_sitemap(URLSET.encode(), "", HERE)


def test_a_gzip_bomb_is_refused(monkeypatch):
    monkeypatch.setattr(sitemaps, "MAX_SITEMAP_BYTES", 1000)
    with pytest.raises(ValueError, match="unpacks to more than 1000 bytes"):
        read_sitemap(gzip.compress(b"<urlset>" + b" " * 5000), "", HERE)


def test_broken_gzip_and_other_pages_are_refused():
    with pytest.raises(ValueError, match="broken gzip"):
        read_sitemap(b"\x1f\x8bnonsense", "", HERE)
    for body in (b"<html><body>404</body></html>", b"", b"nothing here"):
        with pytest.raises(ValueError, match="is no site map"):
            read_sitemap(body, "text/html", HERE)


def test_a_plain_list_of_urls_is_a_site_map():
    body = f"{SITE}/2026/1101/1.html\r\n{SITE}/2.html\n".encode()
    assert [page.url for page in read_sitemap(body, "text/plain", HERE).pages] == [
        f"{SITE}/2026/1101/1.html",
        f"{SITE}/2.html",
    ]


def test_articles_are_told_from_columns_by_shape_or_by_pattern():
    pages = read_sitemap(URLSET.encode(), "", HERE).pages
    assert [p.url for p in article_links(pages, RULES)] == [
        f"{SITE}/2026/1101/1.html",
        f"{SITE}/2026/1031/2.html",
    ]
    about = LinkRules(("www.xinhe.example",), (re.compile("/about/"),))
    assert [p.url for p in article_links(pages, about)] == [f"{SITE}/about/us.html"]


def test_without_any_such_shape_all_but_columns_are_taken():
    body = f"{SITE}/yi-zhen-dui\n{SITE}/zyfw/\n".encode()
    assert [p.url for p in find_sitemap_links(body, "", HERE, RULES).pages] == [f"{SITE}/yi-zhen-dui"]
