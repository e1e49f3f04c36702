"""Links of an RSS or Atom feed.

Formats: RSS 2.0, RSS 1.0 (RDF), Atom (RFC 4287). Feeds of small sites are often
not well formed, so the parser recovers what it can.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from lxml import etree

from crawler.discovery.link import Link
from pipelines.extract.charset import decode
from pipelines.urls import canonical_url

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_DAY = re.compile(r"((?:19|20)\d\d)[-/.年](\d{1,2})[-/.月](\d{1,2})")
_DATE_TAGS = ("pubDate", "published", "date", "issued", "updated", "lastmod")


def read_feed(body: bytes, content_type: str, url: str) -> list[Link]:
    """Returns the articles of a feed in its order, each URL once, with the day that it gives.

    `body` is the feed after Content-Encoding, `url` where it was fetched. Raises
    ValueError when it is no feed at all.
    """
    root = parse_xml(body, content_type)
    if root is None or local_name(root) not in ("rss", "RDF", "feed"):
        raise ValueError("is neither RSS nor Atom")
    links: dict[str, Link] = {}
    for entry in root.iter("{*}item", "{*}entry"):
        link = _link(entry, url)
        if link is not None:
            links.setdefault(link.url, link)
    return list(links.values())


def parse_xml(body: bytes, content_type: str) -> etree._Element | None:
    """Returns the root of an XML document, None when there is none; never loads anything else."""
    # the label of a Chinese feed is as often wrong as that of a page
    text = _DECLARATION.sub("", decode(body, content_type).text.lstrip("\ufeff"), count=1).strip()
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=True, encoding="utf-8"
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def local_name(element: etree._Element) -> str:
    """Returns the tag without its namespace; "" for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def read_day(text: str) -> date | None:
    """Returns the day of an RFC 822, ISO 8601 or Chinese date, in the zone that it is written in."""
    text = text.strip()
    found = _DAY.search(text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
        if re.fullmatch(r"(19|20)\d{6}.*", text):
            return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 - the day alone
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError):
        return None


def _link(entry: etree._Element, base: str) -> Link | None:
    children = [(local_name(child), child) for child in entry]
    for href in _addresses(children):
        try:
            url = canonical_url(href, base)
        except ValueError:
            continue
        title = next((_text(child) for name, child in children if name == "title"), "")
        return Link(url, title, _day_of(children))
    return None


def _addresses(children: list[tuple[str, etree._Element]]) -> Iterator[str]:
    for name, child in children:
        if name == "link" and child.get("rel", "alternate") == "alternate":
            yield child.get("href") or _text(child)
    for name, child in children:
        if name in ("guid", "id") and child.get("isPermaLink") != "false" and _text(child).startswith("http"):
            yield _text(child)


def _day_of(children: list[tuple[str, etree._Element]]) -> date | None:
    for tag in _DATE_TAGS:
        for name, child in children:
            if name == tag and (day := read_day(_text(child))):
                return day
    return None


def _text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext()).strip()
