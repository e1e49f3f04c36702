"""The rules that every bundled site file keeps, beyond what a crawl needs."""

from __future__ import annotations

from importlib.resources.abc import Traversable

from crawler.loader import load_site
from crawler.site import Site, SiteFileError


def check_site(file: Traversable) -> list[str]:
    """Returns what is wrong with a site file, one line each: nothing when it is sound."""
    try:
        site = load_site(file)
    except SiteFileError as error:
        return [str(error)]
    return [f"{file.name}: {problem}" for problem in _problems(site)]


def _problems(site: Site) -> list[str]:
    from pipelines.entities.places import region_codes  # late: every scrapy command imports this module

    problems = []
    if site.publisher == site.name:
        problems.append("publisher: is missing")
    if site.region and not region_codes(site.region):
        problems.append(f"region: {site.region} is the name or code of no division, or of several")
    for key, url in (("examples.article", site.example_article), ("examples.list", site.example_list)):
        if not url:
            problems.append(f"{key}: is missing")
        elif not site.allows(url):
            problems.append(f"{key}: {url} is on none of the allowed hosts")
    if (
        site.example_article
        and site.article
        and not any(p.search(site.example_article) for p in site.article)
    ):
        problems.append(f"links.article: no pattern matches examples.article {site.example_article}")
    if site.example_list and any(p.search(site.example_list) for p in site.article):
        problems.append(f"links.article: a pattern also matches examples.list {site.example_list}")
    if site.example_list and site.lists and not _is_a_list(site):
        problems.append(f"links.list: no pattern and no start page matches examples.list {site.example_list}")
    return problems


def _is_a_list(site: Site) -> bool:
    return any(s.url == site.example_list for s in site.start) or any(
        p.search(site.example_list) for p in site.lists
    )
