"""Looks at a home page and proposes a site file: start pages, patterns, and what articles would give."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice, zip_longest
from urllib.parse import urljoin

from scrapy.http import Response

from crawler.discovery.link import Link, LinkRules
from crawler.pages import FetchFailure, content_type, page_of
from crawler.site import Site, SiteFileError, StartKind, read_site
from crawler.survey.asking import Ask
from crawler.survey.pages import Sample, read_list, read_sample
from crawler.survey.patterns import propose_patterns
from crawler.survey.proposal import (
    MIN_LINKS,
    Candidate,
    Proposal,
    Start,
    find_candidates,
    publisher_of,
    site_name,
)
from pipelines.urls import canonical_url

TRIED = 5
"""Articles that are tried."""

MIN_COVERED = 0.8
"""Share of the article links that patterns must match to be proposed; else links are taken by shape."""

MAX_ANNOUNCED = 3
"""Site maps of robots.txt that are looked at."""

_ANNOUNCED = re.compile(rb"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class SurveyError(Exception):
    """A site can't be looked at; one clear line."""


async def explore(ask: Ask, url: str, name: str = "", javascript: bool = False) -> Proposal:
    """Returns a proposal for the site of a home page, with at least one start page.

    Raises SurveyError when the page can't be fetched, or no list of articles is found.
    """
    home = await ask(url)
    if isinstance(home, FetchFailure):
        raise SurveyError(f"{url}: {home.message}")
    here, kind = canonical_url(home.url), content_type(home)
    made = Proposal(
        name or site_name(here),
        publisher_of(home.body, kind),
        canonical_url("/", here),
        javascript=javascript,
    )
    made.publisher = made.publisher or made.name
    rules = _site(made, [here]).rules()
    candidates = [Candidate("list", here), *find_candidates(home.body, kind, here)]
    candidates += [Candidate("sitemap", found) for found in await _site_maps(ask, here)]
    for candidate in candidates:
        response = home if candidate.url == here else await ask(candidate.url)
        if isinstance(response, Response):
            start = await _start(ask, candidate.kind, response, rules)
            # two addresses of one list, and what leads nowhere
            if start is not None and start.articles not in [known.articles for known in made.starts]:
                made.starts.append(start)
    if not made.starts:
        hint = "" if javascript else "; if the page is drawn by a script, try --javascript"
        raise SurveyError(f"{url}: no list, feed or site map with articles was found{hint}")
    links = list(dict.fromkeys(link.url for start in made.starts for link in start.articles))
    patterns = propose_patterns(links, [start.url for start in made.starts])
    covered = sum(any(re.search(pattern, link) for pattern in patterns) for link in links)
    made.patterns = patterns if covered >= MIN_COVERED * len(links) else []
    made.samples = await try_articles(ask, _site(made, [s.url for s in made.starts]), made.starts)
    return made


async def try_articles(ask: Ask, site: Site, starts: Iterable[Start]) -> list[Sample]:
    """Fetches and reads a handful of articles, from each start page in turn."""
    turns = zip_longest(*(start.articles for start in starts))
    links = dict.fromkeys(link.url for turn in turns for link in turn if link is not None)
    samples = []
    for url in islice(links, TRIED):
        response = await ask(url)
        if isinstance(response, FetchFailure):
            samples.append(Sample(url, None, response.message))
        else:
            assert response.request is not None
            samples.append(read_sample(page_of(response, response.request, site)))
    return samples


async def _start(ask: Ask, kind: StartKind, response: Response, rules: LinkRules) -> Start | None:
    articles = await articles_of(ask, kind, response, rules)
    return Start(kind, canonical_url(response.url), articles) if len(articles) >= MIN_LINKS else None


async def articles_of(ask: Ask, kind: StartKind, response: Response, rules: LinkRules) -> tuple[Link, ...]:
    """The articles of a start page; of an index of site maps, those of the first. None when unreadable."""
    try:
        listed = read_list(kind, response.body, content_type(response), response.url, rules)
    except ValueError:
        return ()
    if listed.sitemaps and not listed.articles:
        first = await ask(listed.sitemaps[0].url)
        if isinstance(first, Response):
            try:
                return read_list(kind, first.body, content_type(first), first.url, rules).articles
            except ValueError:
                return ()
    return listed.articles


async def _site_maps(ask: Ask, home: str) -> list[str]:
    robots = await ask(urljoin(home, "/robots.txt"))
    announced = _ANNOUNCED.findall(robots.body) if isinstance(robots, Response) else []
    found = [text.decode("latin-1") for text in announced] or [urljoin(home, "/sitemap.xml")]
    return found[:MAX_ANNOUNCED]


def _site(made: Proposal, starts: Iterable[str]) -> Site:
    text = made.as_draft(starts)
    try:
        return read_site(text, f"{made.name}.toml", made.name)
    except SiteFileError as error:
        raise SurveyError(str(error)) from None
