"""The truth of the demo site: what a perfect crawl would find, for tests and benchmarks to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from importlib.resources.abc import Traversable
from pathlib import Path

from crawler.demo import chenguang, linlan
from crawler.demo.address import article_path, article_url
from crawler.demo.layout import around, caption, teaser_text
from crawler.demo.plan import Plan, hazard_path, make_plan, old_path
from crawler.demo.publisher import publishers
from crawler.demo.story import Posting


@dataclass(slots=True, frozen=True)
class ExpectedArticle:
    """What one article page says.

    `paragraphs` are all lines of the body, a table row with its cells separated
    by one space; `optional` is text on the page that may but need not be kept
    (summary, caption, attachment, a reprinting site's note). `original_url` is the page that this one
    reprints, "" for an original. `teasers` are the other articles that the page
    shows a summary of, (URL, text cut with "..."). `slug` is shared by an original and its reprints.
    """

    url: str
    site: str
    slug: str
    title: str
    published: datetime
    source: str
    authors: tuple[str, ...]
    editors: tuple[str, ...]
    paragraphs: tuple[str, ...]
    optional: tuple[str, ...]
    original_url: str
    teasers: tuple[tuple[str, str], ...]


@dataclass(slots=True, frozen=True)
class Expected:
    """What the demo site links.

    `articles` by URL; `forbidden` are linked and must not be fetched;
    `failures` are linked and give no article, by URL with the reason:
    http_404, redirect_loop, too_large, soft_404 (status 200, "no such page"),
    and truncated, where a crawl may keep what came if it marks it.
    `redirects` lead from an old URL to an article's; `heals` answer 500 twice,
    then well; `paginated` maps an article to its following pages; `feed_only`
    and `sitemap_only` are linked from nowhere else.
    """

    articles: dict[str, ExpectedArticle]
    forbidden: frozenset[str]
    failures: dict[str, str]
    redirects: dict[str, str]
    heals: frozenset[str]
    paginated: dict[str, tuple[str, ...]]
    feed_only: str
    sitemap_only: str

    @property
    def reprints(self) -> dict[str, str]:
        """URL of each reprint -> URL of its original."""
        return {a.url: a.original_url for a in self.articles.values() if a.original_url}

    def of_site(self, site: str) -> list[ExpectedArticle]:
        """Returns the articles of one publisher (chenguang, jiangwan, linlan)."""
        return [a for a in self.articles.values() if a.site == site]


def expected(stories: Path | Traversable | None = None) -> Expected:
    """Returns the truth for the stories in a folder, or for those of the package."""
    plan = make_plan(stories)
    roles = plan.roles
    originals = {p.slug: article_url(p) for p in plan.postings if not p.original}
    articles = [_article(p, originals[p.slug] if p.original else "", plan) for p in plan.postings]
    urls = [(hazard, publishers()[p.site].url(hazard_path(hazard, p))) for hazard, p in plan.hazards]
    site = publishers()["chenguang"]
    return Expected(
        articles={a.url: a for a in articles},
        forbidden=frozenset(url for hazard, url in urls if hazard == "forbidden"),
        failures={url: hazard for hazard, url in urls if hazard != "forbidden"},
        redirects={site.url(old_path(roles.moved)): article_url(roles.moved)},
        heals=frozenset({article_url(roles.heals)}),
        paginated={article_url(roles.paginated): tuple(_following(roles.paginated))},
        feed_only=article_url(roles.feed_only),
        sitemap_only=article_url(roles.sitemap_only),
    )


def _following(posting: Posting) -> list[str]:
    site = publishers()[posting.site]
    return [site.url(article_path(posting, part)) for part in range(2, chenguang.PARTS + 1)]


def _teasers(posting: Posting, plan: Plan) -> tuple[tuple[str, str], ...]:
    if posting.site == "linlan":  # its pages show none
        return ()
    return tuple((e.url, e.text) for e in around(posting, plan.of_site(posting.site)).teasers)


def _article(posting: Posting, original_url: str, plan: Plan) -> ExpectedArticle:
    optional = [caption(posting), *posting.notes]
    if posting.site == "chenguang":
        optional += [posting.summary, teaser_text(posting)]
    if posting.site == "linlan":
        optional.append(linlan.attachment(posting))
    return ExpectedArticle(
        url=article_url(posting),
        site=posting.site,
        slug=posting.slug,
        title=posting.title,
        published=posting.published,
        source=posting.source,
        authors=posting.authors,
        editors=posting.editors,
        paragraphs=tuple(b.text for b in posting.blocks),
        optional=tuple(text for text in optional if text),
        original_url=original_url,
        teasers=_teasers(posting, plan),
    )
