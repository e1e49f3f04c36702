"""Pages from files: saved HTML, folders of it, and WARC archives.

The inverse of crawling: what lies on disk becomes the same `Page` that a spider
yields, so that every stage can be run on a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipelines.extract.warc import MAX_FILE_BYTES, WARC_SUFFIXES, Read, Unread, WarcFile, read_record
from pipelines.models import Page, SiteHints
from pipelines.urls import canonical_url

__all__ = ["WARC_SUFFIXES", "Read", "Unread", "read_pages", "read_record"]

HTML_SUFFIXES = (".html", ".htm", ".shtml", ".xhtml")

# browsers note where a page was saved from: <!-- saved from url=(0038)https://news.example.com/a.html -->
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_SAVED_FROM_WITHIN = 4096


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
            yield from WarcFile(path, wanted=lambda _url, _at: site).pages()
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
