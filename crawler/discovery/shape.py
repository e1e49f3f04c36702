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
def words(file: str, package: str = "crawler.discovery") -> frozenset[str]:
    """Returns the lines of a word list of a package, without comments."""
    lines = files(package).joinpath(file).read_text("utf-8").split("\n")
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
    """Tells whether the name of the page, or an ...id parameter, identifies one page.

    The name is the last part of the path; where that is only "content" or
    "detail", the folder before it.
    """
    parts = urlsplit(url)
    pieces = [_EXTENSION.sub("", piece) for piece in parts.path.split("/") if piece]
    while len(pieces) > 1 and pieces[-1].lower() in words("page_names.txt"):
        pieces.pop()
    name = pieces[-1] if pieces else ""
    return bool(_NUMBER.search(name) or _MIXED_ID.search(name) or _QUERY_ID.search(parts.query))


def has_month(url: str) -> bool:
    """Tells whether a year and month stand in the path of `url`."""
    return bool(_MONTH.search(urlsplit(url).path))


def is_document(url: str) -> bool:
    """Tells whether `url` may be a page: no picture, archive, PDF or other file."""
    found = _EXTENSION.search(urlsplit(url).path)
    return not found or found[1].lower() in _PAGE_EXTENSIONS or found[1].isdigit()


def is_index(url: str) -> bool:
    """Tells whether `url` looks like a column's page: a folder, index.html, news_list_2.html, node_7.htm."""
    last = urlsplit(url).path.lower().rpartition("/")[2]
    names = [name for name in re.split(r"[-_\d]+", _EXTENSION.sub("", last)) if name]
    if not last:
        return True
    return bool(names) and (names[0] in words("index_names.txt") or names[-1] in words("index_names.txt"))


def is_numbered_folder(url: str) -> bool:
    """Tells whether `url` is the index of a folder that is a long number, as some systems name articles."""
    return re.search(r"/\d{5,}/(?:index\.[a-z]+)?$", urlsplit(url).path.lower()) is not None


def has_stop_part(url: str) -> bool:
    """Tells whether a part of the path or host says login, share, tag or the like."""
    parts = urlsplit(url.lower())
    pieces = set(re.split(r"[/._-]", parts.path)) | set((parts.hostname or "").split("."))
    return not pieces.isdisjoint(words("stop_paths.txt"))
