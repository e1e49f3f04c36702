"""Which links of a list page lead to articles, and which to further lists.

Without patterns, articles are recognised by shape: a day, month or number in
the path, anchor text that is long enough, and a URL template that repeats. The
rules name habits of many sites; their words are data beside this module.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.discovery.anchors import Anchor, PageLinks, read_anchors
from crawler.discovery.link import Link, LinkRules
from crawler.discovery.paging import find_next_page
from crawler.discovery.shape import (
    has_id,
    has_month,
    has_stop_part,
    is_document,
    is_index,
    is_numbered_folder,
    template,
    url_day,
    words,
)
from pipelines.urls import canonical_url

MIN_TITLE = 5
"""Weight that an anchor text needs when the URL has a day or an id; a Chinese character weighs 1."""

MIN_TITLE_BARE = 9
"""Weight that it needs when only a repeated template speaks for the link."""

MIN_REPEATED = 4
"""How many links of one template make a list."""


MAX_QUERY = 200
"""Characters; a longer query carries another address or a tracker's state, as links of advertisements do."""


@dataclass(slots=True, frozen=True)
class ListLinks:
    """What a list page links to: articles in the page's order, further lists, and its next page or ""."""

    articles: tuple[Link, ...]
    lists: tuple[str, ...]
    next_page: str


def find_links(body: bytes, content_type: str, url: str, rules: LinkRules) -> ListLinks:
    """Returns what a list page links to.

    `body` is the page after Content-Encoding, `url` where it was fetched. Each
    URL is canonical, on the site, and comes once.
    """
    page = read_anchors(body, content_type, url)
    here = canonical_url(url)
    next_page = find_next_page(page)
    merged = [
        anchor
        for anchor in _merge(page)
        if anchor.url not in (here, next_page) and rules.on_site(anchor.url) and is_document(anchor.url)
    ]
    lists = tuple(a.url for a in merged if rules.is_list(a.url))
    if rules.article:
        taken = [a for a in merged if rules.is_article(a.url)]
    else:
        known = set(lists)
        taken = _by_shape([a for a in merged if a.url not in known])
    articles = tuple(Link(a.url, a.text, url_day(a.url)) for a in taken)
    return ListLinks(articles, lists, next_page)


def _merge(page: PageLinks) -> list[Anchor]:
    """Returns one anchor a URL, with its longest text: a picture and a headline often share a link."""
    merged: dict[str, Anchor] = {}
    for anchor in page.anchors:
        text = max(anchor.text, anchor.title, key=weight)
        known = merged.get(anchor.url)
        if known is None or weight(text) > weight(known.text):
            merged[anchor.url] = Anchor(anchor.url, text, anchor.title, anchor.rel, anchor.place)
    return list(merged.values())


def _by_shape(anchors: list[Anchor]) -> list[Anchor]:
    candidates = [a for a in anchors if _may_be_article(a)]
    repeated = Counter(template(a.url) for a in candidates)
    places = Counter(a.place for a in candidates)

    def is_article(anchor: Anchor) -> bool:
        dated = url_day(anchor.url) is not None or has_month(anchor.url)
        many = repeated[template(anchor.url)] >= MIN_REPEATED
        length = weight(anchor.text)
        if dated:
            return length >= MIN_TITLE
        if has_id(anchor.url) and not is_index(anchor.url):
            return length >= (MIN_TITLE if many else MIN_TITLE_BARE)
        in_list = many and places[anchor.place] >= MIN_REPEATED
        return in_list and length >= MIN_TITLE_BARE and _numbered(anchor.url)

    return [anchor for anchor in candidates if is_article(anchor)]


def _may_be_article(anchor: Anchor) -> bool:
    if anchor.text in words("stop_texts.txt") or has_stop_part(anchor.url):
        return False
    if len(urlsplit(anchor.url).query) > MAX_QUERY:
        return False
    return not is_index(anchor.url) or url_day(anchor.url) is not None or is_numbered_folder(anchor.url)


def _numbered(url: str) -> bool:
    parts = urlsplit(url)
    return any(character.isdigit() for character in parts.path + parts.query)


def weight(text: str) -> float:
    """Returns how much `text` says: 1 for a Chinese character, a third for another letter or digit."""
    return sum(1.0 if "\u3400" <= c <= "\u9fff" else 1 / 3 if c.isalnum() else 0.0 for c in text)
