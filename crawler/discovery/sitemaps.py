"""Links of a site map.

Format: sitemaps.org 0.9 with its index form, the news extension, plain text
with one URL a line, each of them gzipped or not.
"""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass
from datetime import date

from lxml import etree

from crawler.discovery.feeds import local_name, parse_xml, read_day
from crawler.discovery.link import Link, LinkRules
from crawler.discovery.shape import has_id, has_month, has_stop_part, is_document, is_index, url_day
from pipelines.urls import canonical_url

MAX_SITEMAP_BYTES = 50 * 1024 * 1024
"""Size of one unpacked site map in bytes, as the protocol limits it."""

_GZIP_MAGIC = b"\x1f\x8b"


@dataclass(slots=True, frozen=True)
class Sitemap:
    """What a site map holds: pages, or the addresses of further site maps with their last change."""

    pages: tuple[Link, ...] = ()
    sitemaps: tuple[Link, ...] = ()


def read_sitemap(body: bytes, content_type: str, url: str) -> Sitemap:
    """Returns what a site map holds, each URL once, in its order.

    `body` may be gzipped; `url` is where it was fetched. Raises ValueError when
    it is no site map, or unpacks to more than MAX_SITEMAP_BYTES.
    """
    body = _unpacked(body)
    if b"<" not in body[:1000]:
        return Sitemap(pages=_plain(body))
    root = parse_xml(body, content_type)
    kind = local_name(root) if root is not None else ""
    if root is None or kind not in ("urlset", "sitemapindex"):
        raise ValueError("is no site map")
    links: dict[str, Link] = {}
    for entry in root.iter("{*}url", "{*}sitemap"):
        link = _entry(entry, url)
        if link is not None:
            links.setdefault(link.url, link)
    found = tuple(links.values())
    return Sitemap(sitemaps=found) if kind == "sitemapindex" else Sitemap(pages=found)


def find_sitemap_links(body: bytes, content_type: str, url: str, rules: LinkRules) -> Sitemap:
    """Returns the further site maps of a site map, and of its pages the articles (see `article_links`)."""
    found = read_sitemap(body, content_type, url)
    return Sitemap(tuple(article_links(found.pages, rules)), found.sitemaps)


def article_links(pages: tuple[Link, ...], rules: LinkRules) -> list[Link]:
    """Returns the pages of a site map that are articles by the site's patterns, or by the shape of the URL.

    When no URL has the shape of an article's, all that are no index page are taken.
    """
    on_site = [page for page in pages if rules.on_site(page.url) and is_document(page.url)]
    if rules.article:
        return [page for page in on_site if rules.is_article(page.url)]
    likely = [page for page in on_site if _may_be_article(page.url, rules)]
    return [page for page in likely if _has_shape(page.url)] or likely


def is_article_url(url: str, rules: LinkRules) -> bool:
    """Tells whether a URL alone speaks for an article: by the site's patterns, without them by its shape."""
    if rules.article:
        return rules.is_article(url)
    return is_document(url) and _may_be_article(url, rules) and _has_shape(url)


def _may_be_article(url: str, rules: LinkRules) -> bool:
    return not rules.is_list(url) and not is_index(url) and not has_stop_part(url)


def _has_shape(url: str) -> bool:
    return url_day(url) is not None or has_month(url) or has_id(url)


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(_GZIP_MAGIC):
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(body, MAX_SITEMAP_BYTES)
    except zlib.error as error:
        raise ValueError(f"is broken gzip: {error}") from None
    if unpacker.unconsumed_tail:
        raise ValueError(f"unpacks to more than {MAX_SITEMAP_BYTES} bytes")
    return unpacked


def _plain(body: bytes) -> tuple[Link, ...]:
    links: dict[str, Link] = {}
    for line in io.StringIO(body.decode("utf-8", "replace")):
        if re.match(r"\s*https?://", line):
            try:
                url = canonical_url(line)
            except ValueError:
                continue
            links.setdefault(url, Link(url, "", url_day(url)))
    if not links:
        raise ValueError("is no site map")
    return tuple(links.values())


def _entry(entry: etree._Element, base: str) -> Link | None:
    address, title = "", ""
    published: date | None = None
    changed: date | None = None
    for element in entry.iter():
        name, text = local_name(element), (element.text or "").strip()
        # an image or video entry has a loc of its own, one level down
        if name == "loc" and element.getparent() is entry:
            address = text
        elif name == "title":
            title = title or text
        elif name == "publication_date":
            published = read_day(text)
        elif name == "lastmod":
            changed = read_day(text)
    try:
        return Link(canonical_url(address, base), title, published or changed) if address else None
    except ValueError:
        return None
