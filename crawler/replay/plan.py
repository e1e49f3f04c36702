"""What a replay reads: files, sites, days, languages; and what is known of the site of each page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from urllib.parse import urlsplit

from crawler.discovery.link import on_hosts
from crawler.loader import load_site
from crawler.site import Site, SiteFileError
from pipelines.extract.reading import WARC_SUFFIXES
from pipelines.models import SiteHints


class PlanError(ValueError):
    """A replay that can't be begun; one clear line."""


@dataclass(slots=True)
class Plan:
    """What to replay. `since` is a day in UTC; `languages` are ISO 639 codes, none for all of them."""

    files: tuple[Path, ...]
    sites: Sites
    since: date | None = None
    languages: frozenset[str] = frozenset()

    def wants(self, url: str, at: datetime) -> SiteHints | None:
        """What is known of the site of a page, None when the page is not asked for."""
        if self.since and at.astimezone(UTC).date() < self.since:
            return None
        return self.sites.hints(url, at)


@dataclass(slots=True)
class Sites:
    """The site of a URL, by its host. With `only` (hosts), pages of others are not asked for."""

    known: Mapping[str, Site]
    only: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)
    start_pages: frozenset[str] = frozenset()
    _by_host: defaultdict[str, list[Site]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.start_pages = frozenset(start.url for site in self.known.values() for start in site.start)
        for site in self.known.values():
            for host in site.allowed_hosts:
                self._by_host[host].append(site)

    def find(self, url: str) -> Site | None:
        """The site file that a URL belongs to; of several on one host the one whose patterns match."""
        host = urlsplit(url).hostname or ""
        parts = host.split(".")
        names = [".".join(parts[i:]) for i in range(len(parts))]
        sites = [site for name in (f"www.{host}", *names) for site in self._by_host.get(name, ())]
        return next((site for site in sites if any(p.search(url) for p in site.article)), None) or next(
            iter(sites), None
        )

    def hints(self, url: str, at: datetime) -> SiteHints | None:
        """What the extractor may know of a page that was fetched at a time; None: it is not asked for.

        A site without a file is called by its host.
        """
        if self.only and not on_hosts(url, self.only):
            return None
        if site := self.find(url):
            return site.hints(site.day_of(at))
        host = urlsplit(url).hostname or ""
        return SiteHints(name=host, publisher=host)


def read_sites(files: Mapping[str, Traversable], wanted: Iterable[str]) -> Sites:
    """The sites of site files; `wanted` are names of them, or hosts, to which a replay keeps.

    A broken file is noted in `problems`. Raises PlanError for a name that is neither.
    """
    names = list(wanted)
    known, problems = {}, []
    for name in names or sorted(files):
        if name not in files:
            if "." in name:
                continue
            raise PlanError(f"no site is named {name!r}, and it is no host; see: scrapy list")
        try:
            known[name] = load_site(files[name])
        except SiteFileError as error:
            if names:
                raise PlanError(str(error)) from None
            problems.append(str(error))
    hosts = [host for name in names for host in (known[name].allowed_hosts if name in known else (name,))]
    return Sites(known, tuple(hosts), problems)


def warc_files(paths: Iterable[Path]) -> list[Path]:
    """The WARC files that paths name, those of folders by name. Raises PlanError when there are none."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        within = sorted(p for p in path.rglob("*") if p.is_file() and p.name.lower().endswith(WARC_SUFFIXES))
        if not within:
            raise PlanError(f"no WARC files in {path}")
        found += within
    return found


def day(text: str | None) -> date | None:
    """The day of an option. Raises PlanError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise PlanError(f"--since: {text!r} is no day; write it as 2026-11-01") from None
