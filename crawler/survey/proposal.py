"""A site file that is proposed from a look at a home page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from tldextract import TLDExtract

from crawler.discovery.anchors import Anchor, parse_html, read_anchors
from crawler.discovery.link import Link, on_hosts
from crawler.discovery.shape import has_stop_part, is_document, is_index, url_day, words
from crawler.site import StartKind
from crawler.survey.pages import Sample
from pipelines.extract.charset import decode
from pipelines.urls import canonical_url

MAX_LISTS = 8
"""Pages that are looked at as lists, beside the home page."""

MAX_LIST_TEXT = 12
"""Characters of a link to a column; longer ones are headlines."""

MIN_LINKS = 2
"""Article links that make a page a list; a young column has few."""

_SUFFIXES = TLDExtract(suffix_list_urls=(), cache_dir=None)
_FEED = re.compile(r"(?:^|[/._-])(?:rss|atom|feed)s?(?:$|[/._?-])", re.IGNORECASE)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_SEGMENT = re.compile(r"\s*[_|｜—–»]\s*|\s+-\s+|-(?=[\u4e00-\u9fff])")


@dataclass(slots=True, frozen=True)
class Candidate:
    """A page that may be a start page, and its link's text."""

    kind: StartKind
    url: str
    text: str = ""


@dataclass(slots=True)
class Start:
    """A start page that was looked at, and the articles that it leads to."""

    kind: StartKind
    url: str
    articles: tuple[Link, ...]


@dataclass(slots=True)
class Proposal:
    """What a site file could say, and the articles that were tried with it."""

    name: str
    publisher: str
    home_page: str
    starts: list[Start] = field(default_factory=list)
    patterns: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    javascript: bool = False

    def as_toml(self, today: date) -> str:
        """The site file, as a person would write it."""
        readable = [sample.url for sample in self.samples if not sample.problem]
        lists = [start.url for start in self.starts if start.kind == "list"]
        notes = (
            f"Proposed on {today} from {len(self.starts)} start pages;"
            f" {len(readable)} of {len(self.samples)} articles that were tried could be read."
        )
        text = self._head() + f"notes = {_quoted(notes)}\n"
        text += "".join(_start(start.kind, start.url) for start in self.starts)
        if self.patterns:
            text += "\n[links]\narticle = [\n" + "".join(f"    '{p}',\n" for p in self.patterns) + "]\n"
        examples = [("article", url) for url in readable[:1]] + [("list", url) for url in lists[:1]]
        if examples:
            text += "\n[examples]\n" + "".join(f"{name} = {_quoted(url)}\n" for name, url in examples)
        return text

    def as_draft(self, urls: Iterable[str]) -> str:
        """A site file that is enough to fetch and read pages, with start pages at these URLs."""
        return self._head() + "".join(_start("list", url) for url in urls)

    def _head(self) -> str:
        head = {"name": self.name, "publisher": self.publisher, "home_page": self.home_page}
        text = "".join(f"{name} = {_quoted(value)}\n" for name, value in head.items())
        return text + ("javascript = true\n" if self.javascript else "")


def _start(kind: str, url: str) -> str:
    return f"\n[[start]]\nkind = {_quoted(kind)}\nurl = {_quoted(url)}\n"


def site_name(url: str) -> str:
    """A name for the site of a URL: http://gongyi.people.com.cn/ is people_gongyi."""
    found = _SUFFIXES(url)
    labels = [label for label in found.subdomain.split(".") if label not in ("", "www")]
    # the last label of a host without a public suffix stands for one
    parts = [found.domain, *labels] if found.suffix or not labels else labels[::-1]
    name = re.sub(r"[^a-z0-9]+", "_", "_".join(parts).lower()).strip("_")
    return name if name[:1].isalpha() else f"site_{name}"


def publisher_of(body: bytes, content_type: str) -> str:
    """The publisher as the home page names itself, "" when it does not."""
    root = _root(body, content_type)
    if root is None:
        return ""
    for named in root.xpath("//meta[@property='og:site_name']/@content"):
        if str(named).strip():
            return str(named).strip()
    title = " ".join((root.findtext(".//title") or "").split())
    plain = words("home_names.txt", __package__)
    segments = [" ".join(w for w in part.split() if w not in plain) for part in _SEGMENT.split(title)]
    return next(filter(None, segments), "")


def find_candidates(body: bytes, content_type: str, url: str) -> list[Candidate]:
    """The pages of a site that may be start pages, by its home page: feeds, then columns, likeliest first."""
    here, host = canonical_url(url), urlsplit(url).hostname or ""
    anchors = [a for a in read_anchors(body, content_type, url).anchors if on_hosts(a.url, (host,))]
    feeds = list(dict.fromkeys([*_announced_feeds(body, content_type, url), *_linked_feeds(anchors)]))
    columns: dict[str, Candidate] = {}
    for anchor in anchors:
        if anchor.url != here and _may_be_column(anchor):
            columns.setdefault(anchor.url, Candidate("list", anchor.url, anchor.text))
    telling = words("column_words.txt", __package__)
    ordered = sorted(columns.values(), key=lambda c: not any(word in c.text for word in telling))
    return [*(Candidate("feed", feed) for feed in feeds), *ordered[:MAX_LISTS]]


def _may_be_column(anchor: Anchor) -> bool:
    text = anchor.text or anchor.title
    if not 0 < len(text) <= MAX_LIST_TEXT or has_stop_part(anchor.url) or not is_document(anchor.url):
        return False
    return url_day(anchor.url) is None and (is_index(anchor.url) or urlsplit(anchor.url).path.count("/") <= 2)


def _linked_feeds(anchors: list[Anchor]) -> Iterator[str]:
    yield from (a.url for a in anchors if _FEED.search(urlsplit(a.url).path))


def _announced_feeds(body: bytes, content_type: str, url: str) -> Iterator[str]:
    root = _root(body, content_type)
    for link in root.iter("link") if root is not None else ():
        if (link.get("type") or "").lower() in _FEED_TYPES and link.get("href"):
            try:
                yield canonical_url(str(link.get("href")), url)
            except ValueError:
                continue


def _root(body: bytes, content_type: str) -> HtmlElement | None:
    return parse_html(decode(body, content_type).text)


def _quoted(text: str) -> str:
    # a basic string of TOML is written like one of JSON
    return json.dumps(text, ensure_ascii=False)
