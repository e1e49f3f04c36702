"""Pages from WARC archives (ISO 28500), ours and those of other tools.

Reads response and resource records, gzipped record by record or plain, and
revisit records by what they point to. A damaged record is told in one line, and
the reading goes on with the next one that is whole.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Literal

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from pipelines.models import ArchiveRef, Page, SiteHints
from pipelines.urls import canonical_url

WARC_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".warc.lz4")

MAX_FILE_BYTES = 64 * 1024 * 1024
"""The largest page that is read, after unpacking; a news page is far below a megabyte."""

_WINDOW = 1 << 20
"""Bytes that are looked through at a time for the next record after a damaged one."""

# a gzip member, or the first line of a plain record
_START = re.compile(rb"\x1f\x8b\x08|WARC/[01]\.\d+\r?\n(?=WARC-|Content-|[A-Za-z-]{0,8}\Z)")
_LONGEST_START = 16  # bytes
_ENOUGH = 512  # bytes of a gzip member that unpack to at least five
_GZIP_BITS = 31  # zlib's window bits for a gzip member


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


Wanted = Callable[[str, datetime], SiteHints | None]
"""Says by canonical URL and time of fetch what is known of a page's site; None leaves the page out."""


class WarcFile:
    """One archive file. `position` says how many of its `size` bytes have been read.

    `wanted` is asked before a page's bytes are unpacked. `others` are files in
    which a revisit record may find what it points to. `left_out` counts what
    was passed over, by reason.
    """

    def __init__(self, path: Path, wanted: Wanted | None = None, others: tuple[Path, ...] = ()) -> None:
        self.path, self.others = path, others
        self.wanted: Wanted = wanted or (lambda _url, _at: SiteHints())
        self.left_out: Counter[str] = Counter()
        self.size = path.stat().st_size
        self.position = 0
        self._changed_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        self._indexes: dict[Path, dict[str, int]] = {}
        self._told = -1  # the last record whose damage is known

    def pages(self) -> Iterator[Read | Unread]:
        """Yields the pages in the file's order. Raises OSError when the file can't be read at all."""
        with self.path.open("rb") as stream:
            for record in self._records(stream):
                self.position = min(self.size, stream.tell())
                found = record if isinstance(record, Unread) else self.page(record)
                if found is not None:
                    yield found
        self.position = self.size

    def _records(self, stream: BinaryIO) -> Iterator[WarcRecord | Unread]:
        """Yields all records; after damage it goes on at the next whole one."""
        at, doubt, any_read = 0, -1, False
        while True:
            last, broken = -1, False
            try:
                stream.seek(at)
                for record in ArchiveIterator(stream, parse_http=False):
                    last, any_read = record.stream_pos, True
                    if doubt >= 0:  # something lay between two whole records
                        yield self._damaged(doubt, "what follows the record")
                        doubt = -1
                    yield record
            except OSError as error:
                if error.errno is not None:  # the disk's, not the archive's
                    raise
                broken = True
            following = _next_start(stream, max(at, last) + 1)
            if broken and last < 0 and (any_read or following is not None):
                yield self._damaged(at)
            doubt = last if broken and last != self._told else -1
            if following is None or not broken:
                break
            at = following
        if not broken and following is not None:
            yield self._damaged(following, "the file breaks off in the record")
        elif doubt >= 0:
            yield self._damaged(doubt, "what follows the record")
        elif not any_read:
            yield Unread(self.path.name, f"{self.path}: no WARC record; is it a WARC file?")

    def _damaged(self, offset: int, what: str = "the record") -> Unread:
        self._told = offset
        return Unread(self.path.name, f"{self.path}: {what} at byte {offset} is damaged and left out")

    # --- one record ---

    def page(self, record: WarcRecord) -> Read | Unread | None:
        """The page that a record holds, None when it holds none that is wanted."""
        kind = record.record_type
        if kind in (WarcRecordType.unknown, WarcRecordType.no_type):
            return self._damaged(record.stream_pos)
        if kind not in (WarcRecordType.response, WarcRecordType.resource, WarcRecordType.revisit):
            return None
        target = _target(record)
        if not target or "Content-Length" not in record.headers:
            return self._damaged(record.stream_pos)
        if not target.lower().startswith(("http:", "https:")):
            return self._leave_out("not_http")  # dns: and metadata: records of crawlers
        try:
            url = canonical_url(target)
        except ValueError as error:
            return Unread(target, f"{self.path}: {error}")
        at = record.record_date or self._changed_at
        site = self.wanted(url, at)
        if site is None:
            return self._leave_out("not_wanted")
        if kind == WarcRecordType.revisit:
            return self._revisited(record, url, at, site)
        return self._read(record, self.path, url, at, site)

    def _read(
        self, record: WarcRecord, path: Path, url: str, at: datetime, site: SiteHints
    ) -> Read | Unread | None:
        offset, truncated = record.stream_pos, "WARC-Truncated" in record.headers
        try:
            length, block = record.content_length, record.reader.read()
            if len(block) < length:
                return self._damaged(offset)
            # parsed in the stream, a payload that is chunked and packed takes the next record with it
            record.set_bytes_content(block)
            reason, headers = _parse(record)
            if reason:
                return self._leave_out(reason)
            body = record.reader.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            # browsers' and proxies' archives often announce an encoding that they have undone
            plain = _payload_as_it_is(path, offset)
            self._told = offset  # the iterator breaks here too
            if plain is None:
                why = str(error)[:100]
                return Unread(url, f"{path}: {url} at byte {offset} can't be unpacked: {why}")
            headers, body = plain
        if len(body) > MAX_FILE_BYTES:
            return Unread(url, f"{path}: {url} unpacks to more than {MAX_FILE_BYTES} bytes")
        page = Page(url, url, 200, headers, body, at, site)
        page.archive, page.truncated = ArchiveRef(path.name, offset), truncated
        return Read(url, page)

    def _revisited(self, record: WarcRecord, url: str, at: datetime, site: SiteHints) -> Read | Unread | None:
        """The page of a revisit record of another address; under its own address it says nothing new."""
        refers = record.headers.get
        earlier = (refers("WARC-Refers-To-Target-URI") or "").strip("<>")
        named = refers("WARC-Refers-To") or ""
        if not (earlier or named) or _same(earlier, url):
            return self._leave_out("revisit")
        wanted = {named} if named else {f"{earlier} {refers('WARC-Refers-To-Date')}"}
        for path in (self.path, *self.others):
            if path not in self._indexes:
                self._indexes[path] = _index(path)
            for key in wanted & self._indexes[path].keys():
                with path.open("rb") as stream:
                    stream.seek(self._indexes[path][key])
                    found = next(iter(ArchiveIterator(stream, parse_http=False)))
                    return self._read(found, path, url, at, site)
        return self._leave_out("revisit_of_unknown")

    def _leave_out(self, reason: str) -> Read | None:
        self.left_out[reason] += 1
        return None


def read_record(path: Path, offset: int, site: SiteHints | None = None) -> Read | Unread:
    """Returns the page of the response record at a byte offset of a WARC archive.

    Raises OSError when the file can't be read.
    """
    file = WarcFile(path, wanted=lambda _url, _at: site or SiteHints())
    with path.open("rb") as stream:
        stream.seek(offset)
        record = next(iter(ArchiveIterator(stream, WarcRecordType.response, parse_http=False)), None)
        found = file.page(record) if record is not None else None
    return found or Unread(path.name, f"{path}: no page at offset {offset}")


def _target(record: WarcRecord) -> str:
    # wget writes <http://...>, as the first version of the standard has it
    return (record.headers.get("WARC-Target-URI") or "").strip("<>")


def _same(one: str, url: str) -> bool:
    try:
        return canonical_url(one) == url
    except ValueError:
        return False


def _parse(record: WarcRecord, decode: Literal["none", "all"] = "all") -> tuple[str, dict[str, str]]:
    """Reads the HTTP head; returns why a record holds no page of text ("" when it does), and the headers."""
    if not record.is_http:
        kind = record.headers.get("Content-Type") or ""
        return ("" if "html" in kind.lower() else "not_html"), {"content-type": kind}
    record.parse_http(auto_decode=decode)
    http = record.http_headers
    headers = {name.lower(): value for name, value in http.items()}
    if not 200 <= (http.status_code or 200) < 300:
        return "not_200", headers
    # feeds, sitemaps and robots.txt hold no article
    return ("" if "html" in headers.get("content-type", "html").lower() else "not_html"), headers


def _payload_as_it_is(path: Path, offset: int) -> tuple[dict[str, str], bytes] | None:
    """The headers and bytes of a record whose announced encoding is not there; None when they are no HTML."""
    try:
        with path.open("rb") as stream:
            stream.seek(offset)
            record = next(iter(ArchiveIterator(stream, parse_http=False)))
            _, headers = _parse(record, "none")
            body = record.reader.read(MAX_FILE_BYTES + 1)
    except OSError:
        return None
    return (headers, body) if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else None


def _index(path: Path) -> dict[str, int]:
    """Offsets of the records of a file, by record id and by "URI date", as revisit records name them."""
    found: dict[str, int] = {}
    kinds = WarcRecordType.response | WarcRecordType.resource
    try:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, kinds, parse_http=False):
                found[record.headers.get("WARC-Record-ID") or ""] = record.stream_pos
                found[f"{_target(record)} {record.headers.get('WARC-Date')}"] = record.stream_pos
    except OSError:
        return found  # the damage is told where the file is read
    return found


def _next_start(stream: BinaryIO, after: int) -> int | None:
    """The offset of the next record that begins at `after` or later, None when there is none."""
    while True:
        stream.seek(after)
        data = stream.read(_WINDOW)
        for found in _START.finditer(data):
            offset = after + found.start()
            if data[found.start() : found.start() + 1] == b"W" or _unpacks_to_warc(stream, offset):
                return offset
        if len(data) < _WINDOW:
            return None
        after += _WINDOW - _LONGEST_START


def _unpacks_to_warc(stream: BinaryIO, offset: int) -> bool:
    stream.seek(offset)
    packed = stream.read(_ENOUGH)
    try:
        text = zlib.decompressobj(_GZIP_BITS).decompress(packed, 5)
    except zlib.error:
        return False
    # where the file breaks off there may be too little to unpack anything
    return text == b"WARC/" or (len(packed) < _ENOUGH and b"WARC/".startswith(text))
