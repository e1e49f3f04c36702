"""The machine-readable side of 晨光公益网: RSS feed, sitemap index, gzipped news sitemap, robots.txt."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from email.utils import format_datetime
from xml.sax.saxutils import escape

from crawler.demo.address import article_url, list_path
from crawler.demo.layout import teaser_text
from crawler.demo.plan import feed_link
from crawler.demo.publisher import Publisher
from crawler.demo.story import Posting

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def rss(site: Publisher, postings: Sequence[Posting]) -> bytes:
    """Returns an RSS 2.0 feed of the articles."""
    items = "\n".join(
        f"<item><title>{escape(p.title)}</title><link>{escape(feed_link(p))}</link>"
        f'<guid isPermaLink="false">{p.slug}</guid><category>{p.column}</category>'
        f"<pubDate>{format_datetime(p.published)}</pubDate>"
        f"<description><![CDATA[<p>{escape(teaser_text(p))}</p>]]></description></item>"
        for p in postings
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"<title>{site.name}</title><link>{site.url('/')}</link><description>公益新闻</description>"
        f"<language>zh-cn</language>\n{items}\n</channel></rss>\n"
    ).encode()


def sitemap_index(site: Publisher) -> bytes:
    """Returns a sitemap index of the news sitemap and of the one of the columns."""
    names = ("/sitemap-news.xml.gz", "/sitemap-columns.xml")
    places = "".join(f"<sitemap><loc>{site.url(name)}</loc></sitemap>" for name in names)
    return f'{_XML}<sitemapindex xmlns="{_SITEMAP}">{places}</sitemapindex>\n'.encode()


def news_sitemap(site: Publisher, postings: Sequence[Posting]) -> bytes:
    """Returns a gzipped news sitemap of the articles; its bytes don't depend on the clock."""
    urls = "\n".join(
        f"<url><loc>{article_url(p)}</loc><news:news><news:publication><news:name>{site.name}</news:name>"
        f"<news:language>zh-cn</news:language></news:publication>"
        f"<news:publication_date>{p.published.isoformat()}</news:publication_date>"
        f"<news:title>{escape(p.title)}</news:title></news:news></url>"
        for p in postings
    )
    text = f'{_XML}<urlset xmlns="{_SITEMAP}" xmlns:news="{_NEWS}">\n{urls}\n</urlset>\n'
    return gzip.compress(text.encode(), mtime=0)


def column_sitemap(site: Publisher) -> bytes:
    """Returns a sitemap of the first page of each column."""
    urls = "".join(
        f"<url><loc>{site.url(list_path(site, part))}</loc><changefreq>hourly</changefreq></url>"
        for part in site.columns.values()
    )
    return f'{_XML}<urlset xmlns="{_SITEMAP}">{urls}</urlset>\n'.encode()


def robots(site: Publisher, forbidden: Sequence[str], *, sitemap: bool) -> bytes:
    """Returns a robots.txt (RFC 9309) that forbids these folders to everybody."""
    lines = ["User-agent: *", *(f"Disallow: {folder}" for folder in forbidden)]
    if sitemap:
        lines += ["", f"Sitemap: {site.url('/sitemap.xml')}"]
    return ("\n".join(lines) + "\n").encode()
