"""Link patterns from examples: what the URLs of articles have in common, as regular expressions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, urlsplit

from crawler.discovery.shape import template

MIN_EXAMPLES = 3
"""URLs of one shape that make a pattern."""

MAX_PATTERNS = 4
"""Patterns that are proposed; a site with more shapes of articles is better read by shape."""

# what changes from article to article: letters and digits mixed (but for t20260914), or digits alone
_CHANGES = re.compile(r"(?![A-Za-z]{1,3}\d+(?![A-Za-z0-9]))(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{8,}|\d+")


def propose_patterns(urls: Iterable[str], others: Sequence[str] = ()) -> list[str]:
    """Returns patterns that are found in most of the URLs and in none of `others`, the commonest first.

    The folders before the first number are kept where all URLs of a shape share them.
    """
    shapes: defaultdict[str, list[str]] = defaultdict(list)
    for url in dict.fromkeys(urls):
        shapes[template(url)].append(url)
    tails: defaultdict[str, list[str]] = defaultdict(list)
    for alike in shapes.values():
        tails[_pattern(alike, whole=False)] += alike
    found = []
    for alike in sorted(tails.values(), key=len, reverse=True):
        pattern = _pattern(alike, whole=len({_folders(url) for url in alike}) == 1)
        if len(alike) >= MIN_EXAMPLES and not any(re.search(pattern, other) for other in others):
            found.append(pattern)
    return found[:MAX_PATTERNS]


def _pattern(urls: Sequence[str], *, whole: bool) -> str:
    """The pattern of URLs of one shape, of the whole path or from the part with the first number."""
    parts = [urlsplit(url) for url in urls]
    if parts[0].query:
        return rf"{re.escape(parts[0].path)}\?(?:.*&)?{_identifying([part.query for part in parts])}"
    pieces = [_CHANGES.split(part.path) for part in parts]
    changing = [_CHANGES.findall(part.path) for part in parts]
    first = pieces[0][0]
    head = first if whole else "/" + first.rpartition("/")[2]
    made = re.escape(head)
    for slot, literal in enumerate(pieces[0][1:]):
        made += _slot([one[slot] for one in changing if slot < len(one)]) + re.escape(literal)
    return made.replace(r"\-", "-") + "$"


def _slot(values: Sequence[str]) -> str:
    kind = r"\d" if all(value.isdigit() for value in values) else "[0-9A-Za-z]"
    lengths = {len(value) for value in values}
    # a year and a day keep their length, a running number grows
    fixed = len(lengths) == 1 and (kind != r"\d" or lengths <= {2, 4, 6, 8})
    return f"{kind}{{{lengths.pop()}}}" if fixed else f"{kind}+"


def _identifying(queries: Sequence[str]) -> str:
    """The parameter that has most values."""
    values: defaultdict[str, set[str]] = defaultdict(set)
    for query in queries:
        for name, value in parse_qsl(query):
            values[name].add(value)
    name = max(values, key=lambda name: len(values[name]), default="")
    return rf"{re.escape(name)}=[0-9A-Za-z-]+" if name else ""


def _folders(url: str) -> str:
    path = urlsplit(url).path
    return _CHANGES.split(path)[0].rpartition("/")[0]
