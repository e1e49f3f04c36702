"""What a site file says: one TOML file, checked, as plain data.

`read_site` is the one way in. Whatever is wrong with a file is a `SiteFileError`
of one line that names file, line and key.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from crawler.discovery.link import LinkRules, on_hosts
from crawler.toml_lines import find_line
from pipelines.extract.errors import SelectorError
from pipelines.extract.selectors import compile_selector
from pipelines.models import SiteHints
from pipelines.urls import canonical_url

StartKind = Literal["list", "feed", "sitemap"]

DEFAULT_TIMEZONE = "Asia/Shanghai"
DEFAULT_INTERVAL = timedelta(hours=6)
DEFAULT_LIST_DEPTH = 2
"""How many further pages of a list are followed."""

MAX_LIST_DEPTH = 1000
MAX_DELAY = 600.0
MAX_CONCURRENCY = 16
MAX_RATE = 100_000.0
"""Articles a day."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_INTERVAL = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
T = TypeVar("T")


class SiteFileError(ValueError):
    """A site file that can't be used; its text is one line with file, line and key."""

    def __init__(self, file: str, line: int, key: str, problem: str) -> None:
        self.file, self.line, self.key, self.problem = file, line, key, problem
        where = f"{file}:{line}" if line else file
        super().__init__(f"{where}: {f'{key}: ' if key else ''}{problem}")


@dataclass(slots=True, frozen=True)
class StartPage:
    """Where a crawl begins. `depth` is how many further pages of a list are followed."""

    kind: StartKind
    url: str
    depth: int = DEFAULT_LIST_DEPTH


@dataclass(slots=True, frozen=True)
class FormerSelectors:
    """Selectors of a layout that the site has given up; for pages that were fetched up to the day `until`."""

    until: date
    selectors: dict[str, tuple[str, ...]]


@dataclass(slots=True, frozen=True)
class Site:
    """One publisher's web site.

    `article` and `lists` are searched in canonical URLs; when empty, article
    links are recognised by shape and only pagination leads to further lists.
    `allowed_hosts` stand for themselves and for their subdomains. `delay` is in
    seconds; None leaves it, like `concurrency`, to the settings. `verified` is
    the day of the last live check; nothing on the site is older than `founded`.
    `javascript` says that pages have to be drawn in a browser.
    `region` is the name or code of the division that it writes about.
    `least_a_day` and `most_a_day` are articles that it is expected to publish, as
    a mean of seven days and on one day.
    """

    name: str
    start: tuple[StartPage, ...]
    publisher: str = ""
    region: str = ""
    home_page: str = ""
    timezone: str = DEFAULT_TIMEZONE
    interval: timedelta = DEFAULT_INTERVAL
    verified: date | None = None
    founded: date | None = None
    notes: str = ""
    article: tuple[re.Pattern[str], ...] = ()
    lists: tuple[re.Pattern[str], ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    selectors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    former: tuple[FormerSelectors, ...] = ()
    delay: float | None = None
    concurrency: int | None = None
    example_article: str = ""
    example_list: str = ""
    javascript: bool = False
    tags: tuple[str, ...] = ()
    least_a_day: float | None = None
    most_a_day: float | None = None

    def hints(self, fetched: date | None = None) -> SiteHints:
        """Returns what the extractor may know of this site, for a page fetched on a day (default: today)."""
        former = [one for one in self.former if fetched is not None and fetched <= one.until]
        earliest = min(former, key=lambda one: one.until, default=None)
        return SiteHints(
            name=self.name,
            publisher=self.publisher,
            region=self.region,
            timezone=self.timezone,
            selectors=earliest.selectors if earliest else self.selectors,
            founded=self.founded,
        )

    def day_of(self, at: datetime) -> date:
        """Returns the day of a moment in the site's time zone."""
        return at.astimezone(ZoneInfo(self.timezone)).date()

    def rules(self) -> LinkRules:
        """Returns what the site says of its links."""
        return LinkRules(self.allowed_hosts, self.article, self.lists)

    def allows(self, url: str) -> bool:
        """Tells whether `url` is on one of the site's hosts."""
        return on_hosts(url, self.allowed_hosts)


def read_site(text: str, file: str, name: str) -> Site:
    """Returns the site that the TOML in `text` describes.

    `file` is named in errors; `name` is what the site must be called, the
    file's stem. Raises SiteFileError.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise SiteFileError(file, int(found[1]) if found else 0, "", f"not valid TOML: {error}") from None
    return _Reader(text, file).site(data, name)


class _Reader:
    """Reads tables of one file; knows where a key stands, for errors."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file

    def fail(self, table: str, key: str, problem: str) -> SiteFileError:
        shown = f"{table}.{key}" if table and key else table or key
        return SiteFileError(self.file, find_line(self.text, table, key), shown, problem)

    def site(self, data: dict[str, Any], name: str) -> Site:
        top = self.table(
            "",
            data,
            {
                "name": _site_name,
                "publisher": _text,
                "region": _text,
                "home_page": _url,
                "timezone": _timezone,
                "interval": _interval,
                "verified": _day,
                "founded": _day,
                "notes": _text,
                "javascript": _yes_or_no,
                "tags": _tags,
                "start": _tables,
                "links": _table,
                "selectors": _table,
                "former": _tables,
                "politeness": _table,
                "expected": _table,
                "examples": _table,
            },
        )
        if "name" not in top:
            raise self.fail("", "", f"has no name; the first line should be: name = {name!r}")
        if top["name"] != name:
            raise self.fail("", "name", f"is {top['name']!r}, but the file is called {name}.toml")
        if not top.get("start"):
            raise self.fail("", "", "has no start page; add a [[start]] table with kind and url")
        start = tuple(self.start_page(i, page) for i, page in enumerate(top.pop("start")))
        links = self.table(
            "links",
            top.pop("links", {}),
            {"article": _patterns, "list": _patterns, "allowed_hosts": _hosts},
        )
        raw_selectors = top.pop("selectors", {})
        selectors = self.table("selectors", raw_selectors, dict.fromkeys(raw_selectors, _selectors))
        former = tuple(self.former(i, one) for i, one in enumerate(top.pop("former", ())))
        politeness = self.table(
            "politeness", top.pop("politeness", {}), {"delay": _delay, "concurrency": _concurrency}
        )
        expected = self.table("expected", top.pop("expected", {}), {"least": _rate, "most": _rate})
        if expected.get("least", 0) > expected.get("most", math.inf):
            raise self.fail("expected", "least", f"is more than most, {expected['most']:g}")
        examples = self.table("examples", top.pop("examples", {}), {"article": _url, "list": _url})
        top.setdefault("publisher", name)
        top.setdefault("home_page", canonical_url("/", start[0].url))
        hosts = dict.fromkeys(
            urlsplit(url).hostname or "" for url in (top["home_page"], *(s.url for s in start))
        )
        return Site(
            **top,
            start=start,
            article=links.get("article", ()),
            lists=links.get("list", ()),
            allowed_hosts=links.get("allowed_hosts") or tuple(hosts),
            selectors=selectors,
            former=former,
            example_article=examples.get("article", ""),
            example_list=examples.get("list", ""),
            least_a_day=expected.get("least"),
            most_a_day=expected.get("most"),
            **politeness,
        )

    def start_page(self, index: int, data: dict[str, Any]) -> StartPage:
        table = f"start[{index}]"
        values = self.table(table, data, {"kind": _kind, "url": _url, "depth": _depth})
        for key in ("kind", "url"):
            if key not in values:
                raise self.fail(table, "", f"has no {key}")
        if "depth" in values and values["kind"] != "list":
            raise self.fail(table, "depth", "is for start pages of kind list only")
        return StartPage(**values)

    def former(self, index: int, data: dict[str, Any]) -> FormerSelectors:
        table = f"former[{index}]"
        values = self.table(table, data, {"until": _day, "selectors": _table})
        for key in ("until", "selectors"):
            if key not in values:
                raise self.fail(table, "", f"has no {key}")
        raw = values["selectors"]
        return FormerSelectors(
            values["until"], self.table(f"{table}.selectors", raw, dict.fromkeys(raw, _selectors))
        )

    def table(
        self, table: str, data: Mapping[str, Any], readers: Mapping[str, Callable[[Any], Any]]
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key, value in data.items():
            if key not in readers:
                raise self.fail(table, key, f"unknown key; known here: {', '.join(readers)}")
            try:
                values[key] = readers[key](value)
            except ValueError as error:
                raise self.fail(table, key, str(error)) from None
        return values


def _is(value: Any, kind: type[T], wanted: str) -> T:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise ValueError(f"must be {wanted}, not {type(value).__name__}")
    return value


def _text(value: Any) -> str:
    return _is(value, str, "a string").strip()


def _site_name(value: Any) -> str:
    name = _text(value)
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} may hold small letters, digits and _ only, a letter first")
    return name


def _url(value: Any) -> str:
    return canonical_url(_text(value))


def _timezone(value: Any) -> str:
    name = _text(value)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"unknown time zone {name!r}") from None
    return name


def _interval(value: Any) -> timedelta:
    found = _INTERVAL.fullmatch(_text(value))
    if not found:
        raise ValueError(f"{value!r} is no interval; write a number and m, h or d, such as '6h'")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        raise ValueError("must be a date without a time, such as 2026-11-01")  # noqa: TRY004
    return _is(value, date, "a date without quotes, such as 2026-11-01")


def _table(value: Any) -> dict[str, Any]:
    return _is(value, dict, "a table")


def _tables(value: Any) -> list[dict[str, Any]]:
    return [_table(item) for item in _is(value, list, "written as [[start]]")]


def _yes_or_no(value: Any) -> bool:
    return _is(value, bool, "true or false")


def _kind(value: Any) -> str:
    if value not in ("list", "feed", "sitemap"):
        raise ValueError(f"{value!r} is none of list, feed, sitemap")
    return str(value)


def _depth(value: Any) -> int:
    depth = _is(value, int, "a whole number")
    if not 0 <= depth <= MAX_LIST_DEPTH:
        raise ValueError(f"must be from 0 to {MAX_LIST_DEPTH}, not {depth}")
    return depth


def _delay(value: Any) -> float:
    seconds = float(
        _is(value, float, "a number of seconds")
        if isinstance(value, float)
        else _is(value, int, "a number of seconds")
    )
    if not 0 <= seconds <= MAX_DELAY:
        raise ValueError(f"must be from 0 to {MAX_DELAY:g} seconds, not {seconds:g}")
    return seconds


def _rate(value: Any) -> float:
    number = float(_is(value, float if isinstance(value, float) else int, "a number of articles a day"))
    if not 0 <= number <= MAX_RATE:
        raise ValueError(f"must be from 0 to {MAX_RATE:g} articles a day, not {number:g}")
    return number


def _tags(value: Any) -> tuple[str, ...]:
    tags = tuple(_strings(value))
    for tag in tags:
        if not _NAME.fullmatch(tag):
            raise ValueError(f"{tag!r} may hold small letters, digits and _ only, a letter first")
    return tags


def _concurrency(value: Any) -> int:
    requests = _is(value, int, "a whole number")
    if not 1 <= requests <= MAX_CONCURRENCY:
        raise ValueError(f"must be from 1 to {MAX_CONCURRENCY}, not {requests}")
    return requests


def _strings(value: Any) -> list[str]:
    values = [value] if isinstance(value, str) else _is(value, list, "a string or a list of strings")
    return [_text(item) for item in values]


def _patterns(value: Any) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for text in _strings(value):
        try:
            patterns.append(re.compile(text))
        except re.error as error:
            raise ValueError(f"bad regular expression {text!r}: {error}") from None
    return tuple(patterns)


def _hosts(value: Any) -> tuple[str, ...]:
    hosts = tuple(host.lower() for host in _strings(value))
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ValueError(f"{host!r} is no host name; write it without http:// and path")
    return hosts


def _selectors(value: Any) -> tuple[str, ...]:
    texts = tuple(_strings(value))
    for text in texts:
        try:
            compile_selector(text)
        except SelectorError as error:
            raise ValueError(f"bad selector {text!r}: {error}") from None
    return texts
