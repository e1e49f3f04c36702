"""The plan of the demo site: which article goes where, and which hazard meets which page.

Both the pages (`crawler.demo.site`) and the truth (`crawler.demo.expected`) are
made from it. Everything depends on slugs and dates, nothing on the order of files.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from crawler.demo.address import article_path, article_url
from crawler.demo.layout import Entry, entry
from crawler.demo.publisher import Publisher, publishers, stable_number
from crawler.demo.story import Posting, parse_stories, read_stories

FEED_SIZE = 10  # newest articles in the feed, beside the one that is nowhere else
SITEMAP_SIZE = 12  # newest articles in the news sitemap, beside the one that is nowhere else


@dataclass(slots=True, frozen=True)
class Roles:
    """Articles that are met in a special way; all are good articles.

    `paginated` is cut into pages, `heals` answers 500 twice, `moved` is linked
    by an old URL too, `two_lists` is in two columns, `feed_only` and
    `sitemap_only` are linked from there alone, `mislabelled` is UTF-8 that
    claims gb2312.
    """

    paginated: Posting
    heals: Posting
    moved: Posting
    two_lists: Posting
    feed_only: Posting
    sitemap_only: Posting
    mislabelled: Posting


@dataclass(slots=True, frozen=True)
class Plan:
    """All articles newest first, the special ones, and the pages that are no good by their hazard."""

    postings: tuple[Posting, ...]
    roles: Roles
    hazards: tuple[tuple[str, Posting], ...]

    def of_site(self, site: str) -> list[Posting]:
        """Returns a site's articles that its pages link to, newest first."""
        hidden = {self.roles.feed_only.key, self.roles.sitemap_only.key}
        return [p for p in self.postings if p.site == site and p.key not in hidden]

    def column(self, site: Publisher, column: str) -> list[Entry]:
        """Returns the links of one column, newest first, the bad ones among them."""
        entries = [entry(p) for p in self.of_site(site.key) if p.column == column]
        entries += [
            Entry(site.url(hazard_path(hazard, p)), p.title, p.published)
            for hazard, p in self.hazards
            if (p.site, p.column) == (site.key, column)
        ]
        moved, twice = self.roles.moved, self.roles.two_lists
        if (moved.site, second_column(moved)) == (site.key, column):
            old = entry(moved)
            entries.append(Entry(site.url(old_path(moved)), old.title, old.published, old.text))
        if (twice.site, second_column(twice)) == (site.key, column):
            entries.append(entry(twice))
        return sorted(entries, key=lambda e: (e.published, e.url), reverse=True)


def make_plan(folder: Path | Traversable | None = None) -> Plan:
    """Returns the plan for the stories in `folder`, or for those that come with the package.

    Raises ValueError when there are too few stories to give each hazard its page.
    """
    postings = read_stories(folder)
    return Plan(tuple(postings), _roles(postings), tuple(_hazards()))


def hazard_path(hazard: str, posting: Posting) -> str:
    """Returns the path of a page that is no good."""
    path = article_path(posting)
    return f"/internal{path}" if hazard == "forbidden" else path


def old_path(posting: Posting) -> str:
    """Returns the path that an article had in the site's old system; it redirects."""
    return f"/html/{posting.published:%Y%m}/t{stable_number(posting.slug, 100_000, 1_000_000)}.shtml"


def second_column(posting: Posting) -> str:
    """Returns another column of the article's site, always the same one."""
    others = [name for name in publishers()[posting.site].columns if name != posting.column]
    return others[stable_number(f"second:{posting.slug}", 0, len(others))]


def _roles(postings: Sequence[Posting]) -> Roles:
    modern = [p for p in postings if p.site == "chenguang"]
    reprinted = {p.slug for p in postings if p.original}
    free = sorted(
        (p for p in modern if p.slug not in reprinted),
        key=lambda p: stable_number(f"role:{p.slug}", 0, 1 << 62),
    )
    old = sorted(
        (p for p in postings if p.site == "jiangwan" and not p.original),
        key=lambda p: stable_number(f"role:{p.slug}", 0, 1 << 62),
    )
    if len(free) < 6 or not old:
        raise ValueError(
            f"too few stories: {len(free)} of 6 on chenguang without a reprint, {len(old)} of 1 on jiangwan"
        )
    longest = max(free, key=lambda p: (len(p.blocks), p.slug))
    heals, moved, two_lists, feed_only, sitemap_only = [p for p in free if p is not longest][:5]
    return Roles(longest, heals, moved, two_lists, feed_only, sitemap_only, old[0])


def _hazards() -> list[tuple[str, Posting]]:
    text = files("crawler.demo").joinpath("hazards.toml").read_text("utf-8")
    kinds = {story["slug"]: story["hazard"] for story in tomllib.loads(text)["story"]}
    return [(kinds[p.slug], p) for p in parse_stories(text, "hazards.toml")]


def forbidden_url(plan: Plan) -> str:
    """Returns the URL of the page that robots.txt forbids."""
    return next(
        publishers()[p.site].url(hazard_path(hazard, p))
        for hazard, p in plan.hazards
        if hazard == "forbidden"
    )


def in_feed(plan: Plan) -> list[Posting]:
    """Returns the articles of the feed: the newest, and the one that is nowhere else."""
    return [*plan.of_site("chenguang")[:FEED_SIZE], plan.roles.feed_only]


def in_sitemap(plan: Plan) -> list[Posting]:
    """Returns the articles of the news sitemap: the newest, and the one that is nowhere else."""
    return [*plan.of_site("chenguang")[:SITEMAP_SIZE], plan.roles.sitemap_only]


def feed_link(posting: Posting) -> str:
    """Returns an article's link as the feed writes it, with a tracking parameter."""
    return f"{article_url(posting)}?utm_source=rss&utm_medium=feed"
