"""What the shape of a URL tells: its day, its template, whether it looks like an article's."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

EARLIEST_YEAR = 1995
"""Numbers that would be a day before this year are no dates: no news site is older."""

_DAYS = (
    # /2026/11/01/  /2026-11/01/  /2026-11-01/  2026_11_01
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/_](?P<m>\d{1,2})[-/_](?P<d>\d{1,2})(?!\d)"),
    # /2026/1101/  /2026-1101/
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)[-/_](?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)"),
    # /202611/01/
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>[01]\d)[-/_](?P<d>[0-3]\d)(?!\d)"),
    # t20261101_123.html  /20261101/  and a time or number behind it
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?=\D|\d{4,6}(?!\d)|\d{8,}|$)"),
    # /26/1101/09/
    re.compile(r"/(?P<y>\d\d)/(?P<m>[01]\d)(?P<d>[0-3]\d)/\d\d/"),
)
# a month alone: /202611/t123.html  /2026-11/  /2026/11/
_MONTH = re.compile(r"(?<!\d)(?:19|20)\d\d[-/_]?(?:0[1-9]|1[0-2])(?=[/_-])")
_NUMBER = re.compile(r"\d{5,}")
_DIGITS = re.compile(r"\d+")
# letters and digits mixed, as in FJ1MLPDB000189FH or 5f1e8a0c
_MIXED_ID = re.compile(r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{8,}")
_QUERY_ID = re.compile(r"(?:^|&)[a-z_]*id=[0-9A-Za-z-]*\d[0-9A-Za-z-]*(?:&|$)", re.IGNORECASE)
_EXTENSION = re.compile(r"\.([A-Za-z0-9]{1,5})$")
_PAGE_EXTENSIONS = frozenset(
    ("html", "htm", "shtml", "shtm", "xhtml", "php", "asp", "aspx", "jsp", "jspx", "jhtml", "do", "action")
)


@cache
def words(file: str) -> frozenset[str]:
    """Returns the lines of a word list of this package, without comments."""
    lines = files("crawler.discovery").joinpath(file).read_text("utf-8").split("\n")
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def url_day(url: str) -> date | None:
    """Returns the day that stands in the path of `url`, None without one."""
    path = urlsplit(url).path
    for pattern in _DAYS:
        for found in pattern.finditer(path):
            year = int(found["y"])
            year = year + 2000 if year < 100 else year
            try:
                day = date(year, int(found["m"]), int(found["d"]))
            except ValueError:
                continue
            if EARLIEST_YEAR <= year <= date.today().year + 1:  # noqa: DTZ011 - a bound, not a time
                return day
    return None


def template(url: str) -> str:
    """Returns `url` with its numbers and ids replaced, the same for all articles of one list."""
    parts = urlsplit(url)
    path = _DIGITS.sub("#", _MIXED_ID.sub("*", parts.path))
    names = "&".join(pair.partition("=")[0] for pair in parts.query.split("&")) if parts.query else ""
    return f"{parts.hostname}{path}?{names}"


def has_id(url: str) -> bool:
    """Tells whether the last part of the path, or an ...id parameter, identifies one page."""
    parts = urlsplit(url)
    last = _EXTENSION.sub("", parts.path.rstrip("/").rpartition("/")[2])
    return bool(_NUMBER.search(last) or _MIXED_ID.search(last) or _QUERY_ID.search(parts.query))


def has_month(url: str) -> bool:
    """Tells whether a year and month stand in the path of `url`."""
    return bool(_MONTH.search(urlsplit(url).path))


def is_document(url: str) -> bool:
    """Tells whether `url` may be a page: no picture, archive, PDF or other file."""
    found = _EXTENSION.search(urlsplit(url).path)
    return not found or found[1].lower() in _PAGE_EXTENSIONS or found[1].isdigit()


def is_index(url: str) -> bool:
    """Tells whether `url` looks like the page of a column: a folder, index.html, list_2.html, node_7.htm."""
    path = urlsplit(url).path.lower()
    last = path.rpartition("/")[2]
    stem = _EXTENSION.sub("", last)
    return not last or re.split(r"[_-]?\d*$", stem)[0].rstrip("_-") in words("index_names.txt")


def has_stop_part(url: str) -> bool:
    """Tells whether a part of the path or host says login, share, tag or the like."""
    parts = urlsplit(url.lower())
    pieces = set(re.split(r"[/._-]", parts.path)) | set((parts.hostname or "").split("."))
    return not pieces.isdisjoint(words("stop_paths.txt"))
