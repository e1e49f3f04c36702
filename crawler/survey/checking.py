"""Whether a site file still fits its site: its pages are fetched, or read from saved ones, and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from scrapy import Request
from scrapy.http import HtmlResponse, Response

from crawler.discovery.link import Link
from crawler.middlewares.archive import FETCHED_META
from crawler.pages import FetchFailure
from crawler.site import Site, StartPage
from crawler.survey.asking import Ask
from crawler.survey.explore import articles_of, try_articles
from crawler.survey.pages import Sample, coverage
from crawler.survey.proposal import Start
from pipelines.extract.reading import Read, read_pages

NEEDED = ("title", "published", "body")
"""Fields that every article has; where no sample has one, something is wrong."""

MAX_SAVED = 2000
"""Saved pages of a site that are looked at."""

NOT_SAVED = "not_saved"
"""The reason for a page that is not among the saved ones."""


@dataclass(slots=True)
class Check:
    """What a check found: article links by start page, the samples, and one line for each problem."""

    site: Site
    starts: list[Start] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def fields(self) -> dict[str, int]:
        """How many samples have each field."""
        return coverage(self.samples)


async def check_pages(ask: Ask, site: Site) -> Check:
    """Looks at each start page and the example list, then at a handful of articles."""
    made = Check(site)
    starts = list(site.start)
    if site.example_list and site.example_list not in {start.url for start in starts}:
        starts.append(StartPage("list", site.example_list))
    for start in starts:
        response = await ask(start.url)
        if isinstance(response, FetchFailure):
            if response.reason != NOT_SAVED:
                made.problems.append(f"{start.url}: {response.message}")
            continue
        articles = await articles_of(ask, start.kind, response, site.rules())
        if not articles:
            made.problems.append(f"{start.url}: this {start.kind} leads to no article")
        made.starts.append(Start(start.kind, start.url, articles))
    if not made.starts:
        made.problems.append("no start page could be read")
    samples = list(made.starts)
    if site.example_article:
        samples.insert(0, Start("list", "", (Link(site.example_article),)))
    made.samples = [s for s in await try_articles(ask, site, samples) if s.problem != NOT_SAVED]
    made.problems += list(_of_samples(made))
    return made


def _of_samples(made: Check) -> Iterable[str]:
    for sample in made.samples:
        if sample.problem:
            yield f"{sample.url}: {sample.problem}"
    read = [sample for sample in made.samples if sample.article is not None]
    if not read:
        yield "no article could be read"
        return
    for name in NEEDED:
        if not made.fields[name]:
            yield f"{name}: found in none of {len(read)} articles"
    unmatched = Counter(name for sample in read for name in sample.article.unmatched)  # type: ignore[union-attr]
    for name, number in unmatched.items():
        if number == len(read):
            yield f"selectors.{name}: matches in none of {number} articles"


def saved_pages(paths: Iterable[Path], site: Site) -> tuple[Ask, list[str]]:
    """What answers from saved pages of a site instead of the network, and a line for each that can't be read.

    Of several fetches of a page the last one answers.
    """
    saved: dict[str, Response] = {}
    lines: list[str] = []
    for path in paths:
        for item in read_pages(path, site.hints()):
            if not isinstance(item, Read):
                lines.append(item.message)
            elif site.allows(item.page.url) and len(saved) < MAX_SAVED:
                at = item.page.fetched_at.timestamp()
                request = Request(item.page.url, meta={FETCHED_META: at})
                known = saved.get(item.page.url)
                if known is None or known.meta[FETCHED_META] <= at:
                    saved[item.page.url] = HtmlResponse(
                        item.page.url, headers=item.page.headers, body=item.page.body, request=request
                    )

    async def ask(url: str) -> Response | FetchFailure:
        return saved.get(url) or FetchFailure(NOT_SAVED, NOT_SAVED)

    return ask, lines
