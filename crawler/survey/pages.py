"""What one page of a site gives: the articles that a list leads to, and what is read in an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.discovery.feeds import read_feed
from crawler.discovery.link import Link, LinkRules
from crawler.discovery.links import find_links
from crawler.discovery.sitemaps import find_sitemap_links
from crawler.site import StartKind
from pipelines.models import Article, Page

MIN_BODY = 40
"""Characters; a shorter body is a heading or a notice, not an article's text."""

FIELDS = ("title", "published", "source", "authors", "body")


@dataclass(slots=True, frozen=True)
class Sample:
    """An article that was tried: what was read in it, or why nothing was."""

    url: str
    article: Article | None = None
    problem: str = ""

    def has(self, field: str) -> bool:
        """Tells whether the article has this field; a body has to have some length."""
        if self.article is None or self.article.kind != "article":
            return False
        if field == "body":
            return len(self.article.body) >= MIN_BODY
        return bool(getattr(self.article, field))


@dataclass(slots=True, frozen=True)
class Listed:
    """What a list page, feed or site map leads to; `sitemaps` are further site maps."""

    articles: tuple[Link, ...] = ()
    sitemaps: tuple[Link, ...] = ()


def read_list(kind: StartKind, body: bytes, content_type: str, url: str, rules: LinkRules) -> Listed:
    """Returns what a start page of a kind leads to. Raises ValueError when it is of another kind."""
    if kind == "feed":
        links = tuple(link for link in read_feed(body, content_type, url) if rules.on_site(link.url))
        return Listed(links)
    if kind == "sitemap":
        found = find_sitemap_links(body, content_type, url, rules)
        return Listed(found.pages, found.sitemaps)
    return Listed(find_links(body, content_type, url, rules).articles)


def read_sample(page: Page) -> Sample:
    """Reads one page as an article."""
    from pipelines.clean import clean  # late: every scrapy command imports this module
    from pipelines.extract import extract

    try:
        article = clean(extract(page))
    except Exception as error:  # noqa: BLE001 - one page that can't be read is told with the others
        return Sample(page.url, None, f"{type(error).__name__}: {error}".split("\n")[0])
    problem = "" if article.kind == "article" else f"is no article but {article.kind}"
    return Sample(page.url, article, problem)


def coverage(samples: Sequence[Sample]) -> dict[str, int]:
    """How many samples have each field."""
    return {field: sum(sample.has(field) for sample in samples) for field in FIELDS}
