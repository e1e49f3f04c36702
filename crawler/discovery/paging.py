"""Which page follows: the next page of a list, and the next part of a paginated article."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from crawler.discovery.anchors import Anchor, PageLinks, read_anchors
from pipelines.urls import canonical_url

_NEXT_TEXT = re.compile(r"^[\s»›>]*(?:下一页|下页|下一頁|后一页|next(?: page)?)[\s»›>\])】]*$", re.IGNORECASE)
_REST_TEXT = re.compile(
    r"^[\s\[(【]*(?:余下全文|阅读余下全文|显示余下全文|展开全文|阅读剩余全文)[\s»›>\])】]*$"
)
_NUMBER_TEXT = re.compile(r"^[\[(【第]?\s*(\d{1,4})\s*[\])】页]?$")
# what the TRS system of many government sites writes:
# createPageHTML(number of pages, present page counted from 0, "index", "html")
_TRS_PAGES = re.compile(
    r"""createPageHTML\w*\(\s*['"]?(\d+)['"]?\s*,\s*['"]?(\d+)['"]?\s*,\s*['"]([\w./-]+)['"]\s*,\s*['"](\w+)['"]"""
)
_PART_SUFFIX = re.compile(r"(?:[-_]p?(?:\d{1,2}|all)|/p?\d{1,2}|/)$", re.IGNORECASE)
_PAGE_PARAMETERS = frozenset(("page", "p", "pn", "pageno", "pageindex", "curpage", "currentpage", "pagenum"))

HINT_BYTES = 1024 * 1024
"""How far into a page a hint at a next part is looked for; the look is on the event loop."""

# few and literal: each costs 0.1 ms for 200 KB
_HINTS = (
    *(word.encode(charset) for word in ("下一页", "余下全文") for charset in ("utf-8", "gb18030")),
    b"_2.htm",
    b"_2.shtm",
    b"createPageHTML",
)


def find_next_page(page: PageLinks) -> str:
    """Returns the canonical URL of the list page that follows `page`, or "" on the last one.

    Takes a link rel=next, then the text 下一页, then the number after the present
    page's, then what a paging script says.
    """
    here = canonical_url(page.url)
    host = urlsplit(here).hostname
    anchors = [a for a in page.anchors if urlsplit(a.url).hostname == host]
    for found in (
        _by_relation(anchors),
        _by_text(anchors, _NEXT_TEXT),
        _by_number(anchors, here),
        _by_script(page),
    ):
        if found:
            return found if found != here else ""
    return ""


def may_have_next_part(body: bytes) -> bool:
    """Tells cheaply, from the bytes alone, whether a look for a next part is worth a parse."""
    start = body[:HINT_BYTES]
    return any(hint in start for hint in _HINTS)


def find_next_part(body: bytes, content_type: str, url: str) -> str:
    """Returns the canonical URL of the part of the article that follows this one, or "".

    `body` is the page after Content-Encoding, `url` where it was fetched. Only a
    URL that differs from this one by a page number counts, so that 下一页 over a
    list of other articles leads nowhere.
    """
    page = read_anchors(body, content_type, url)
    here = canonical_url(url)
    siblings = [a for a in page.anchors if a.url != here and _is_sibling(a.url, here)]
    found = _by_relation(siblings) or _by_text(siblings, _NEXT_TEXT) or _by_text(siblings, _REST_TEXT)
    if not found:
        present = [a for a in page.anchors if a.url == here]
        found = _by_number(siblings + present, here)
    if not found:
        scripted = _by_script(page)
        found = scripted if scripted and _is_sibling(scripted, here) else ""
    return found if found != here else ""


def _by_relation(anchors: Iterable[Anchor]) -> str:
    return next((a.url for a in anchors if "next" in a.rel.split()), "")


def _by_text(anchors: Iterable[Anchor], pattern: re.Pattern[str]) -> str:
    return next((a.url for a in anchors if pattern.match(a.text or a.title)), "")


def _by_number(anchors: Iterable[Anchor], here: str) -> str:
    """Returns the page after the present one, which is linked to itself or missing between its neighbours."""
    pages: dict[int, str] = {}
    for anchor in anchors:
        found = _NUMBER_TEXT.match(anchor.text)
        if found:
            pages.setdefault(int(found[1]), anchor.url)
    present = [number for number, url in pages.items() if url == here]
    if not present:
        present = [
            number
            for number in range(1, max(pages, default=0))
            if number not in pages and number + 1 in pages and (number == 1 or number - 1 in pages)
        ]
    # a lone number is a date or a count, not paging
    if len(pages) < 2 and not (pages and _is_sibling(next(iter(pages.values())), here)):
        return ""
    return pages.get(present[0] + 1, "") if present else ""


def _by_script(page: PageLinks) -> str:
    found = _TRS_PAGES.search(page.text)
    if not found:
        return ""
    pages, present, name, extension = int(found[1]), int(found[2]), found[3], found[4]
    if present + 1 >= pages:
        return ""
    return canonical_url(f"{name}_{present + 1}.{extension}", page.url)


def _is_sibling(url: str, here: str) -> bool:
    """Tells whether two URLs differ by no more than a page number."""
    stem = _without_page(url)
    return stem in (_without_page(here), _split(here))


def _without_page(url: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    netloc, path, query = _split(url)
    return netloc, _PART_SUFFIX.sub("", path), query


def _split(url: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Returns host, path without extension, and the parameters that are no page number."""
    parts = urlsplit(url)
    folder, slash, name = parts.path.rpartition("/")
    path = folder + slash + name.partition(".")[0]
    query = tuple(pair for pair in parse_qsl(parts.query) if pair[0].lower() not in _PAGE_PARAMETERS)
    return parts.netloc, path, query
