"""Pages from files: saved HTML, folders of it, and WARC archives.

The inverse of crawling: what lies on disk becomes the same `Page` that a spider
yields, so that every stage can be run on a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from pipelines.models import ArchiveRef, Page, SiteHints
from pipelines.urls import canonical_url

HTML_SUFFIXES = (".html", ".htm", ".shtml", ".xhtml")
WARC_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")

MAX_FILE_BYTES = 64 * 1024 * 1024
"""The largest HTML file that is read; a news page is far below a megabyte."""

# browsers note where a page was saved from: <!-- saved from url=(0038)https://news.example.com/a.html -->
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_SAVED_FROM_WITHIN = 4096


@dataclass(slots=True, frozen=True)
class Unread:
    """A page that could not be read, and why in one line."""

    id: str
    message: str


@dataclass(slots=True, frozen=True)
class Read:
    """A page with the id that `scrapy extract` gives it: the file's stem, or the URL from a WARC."""

    id: str
    page: Page


def read_pages(path: Path, site: SiteHints | None = None) -> Iterator[Read | Unread]:
    """Yields the pages of an HTML file, a WARC archive, or a folder of such files, by name.

    What can't be read is yielded as `Unread`, and the rest goes on.
    """
    site = site or SiteHints()
    if path.is_dir():
        found = sorted(p for p in path.rglob("*") if p.is_file() and _is_ours(p))
        if not found:
            yield Unread(path.name, f"no HTML or WARC files in {path}")
        for file in found:
            yield from read_pages(file, site)
        return
    try:
        if path.name.endswith(WARC_SUFFIXES):
            yield from _read_warc(path, site)
        else:
            yield _read_html(path, site)
    except OSError as error:
        yield Unread(path.stem, f"{path}: {error.strerror or error}")


def _is_ours(path: Path) -> bool:
    return path.name.lower().endswith(HTML_SUFFIXES + WARC_SUFFIXES)


def _read_html(path: Path, site: SiteHints) -> Read | Unread:
    status = path.stat()
    if status.st_size > MAX_FILE_BYTES:
        return Unread(path.stem, f"{path}: {status.st_size} bytes are more than {MAX_FILE_BYTES}")
    body = path.read_bytes()
    url = ""
    if saved := _SAVED_FROM.search(body[:_SAVED_FROM_WITHIN]):
        try:
            url = canonical_url(saved[1].decode("utf-8", "replace"))
        except ValueError:
            url = ""  # saved from a local file
    fetched_at = datetime.fromtimestamp(status.st_mtime, UTC)
    return Read(path.stem, Page(url, url, 200, {}, body, fetched_at, site))


def _read_warc(path: Path, site: SiteHints) -> Iterator[Read | Unread]:
    seen = False
    with path.open("rb") as stream:
        for record in ArchiveIterator(
            stream, record_types=WarcRecordType.response, parse_http=True, auto_decode="all"
        ):
            seen = True
            if _is_a_page(record):
                yield _page_of(record, path, site)
    if not seen:
        yield Unread(path.stem, f"{path}: no response record; is it a WARC file?")


def read_record(path: Path, offset: int, site: SiteHints | None = None) -> Read | Unread:
    """Returns the page of the response record at a byte offset of a WARC archive.

    Raises OSError when the file can't be read.
    """
    with path.open("rb") as stream:
        stream.seek(offset)
        records = ArchiveIterator(stream, WarcRecordType.response, parse_http=True, auto_decode="all")
        record = next(iter(records), None)
        if record is None:
            return Unread(path.name, f"{path}: no response record at offset {offset}")
        return _page_of(record, path, site or SiteHints())


def _is_a_page(record: WarcRecord) -> bool:
    """Leaves out errors, redirects, feeds, sitemaps and robots.txt, which hold no article."""
    if not record.is_http:
        return True
    http = record.http_headers
    kind = (http.get("Content-Type") or "text/html").lower()
    return "html" in kind and 200 <= (http.status_code or 200) < 300


def _page_of(record: WarcRecord, path: Path, site: SiteHints) -> Read | Unread:
    target = record.headers.get("WARC-Target-URI") or ""
    try:
        url = canonical_url(target.strip("<>"))
    except ValueError as error:
        return Unread(target, f"{path}: {error}")
    headers = {name.lower(): value for name, value in record.http_headers.items()} if record.is_http else {}
    page = Page(
        url,
        url,
        200,
        headers,
        record.reader.read(),
        record.record_date or datetime.now(UTC),
        site,
        archive=ArchiveRef(path.name, record.stream_pos),
        truncated="WARC-Truncated" in record.headers,
    )
    return Read(url, page)
