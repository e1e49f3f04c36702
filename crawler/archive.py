"""Keeps every response as it came, in a WARC file (ISO 28500:2017, version 1.1).

One file a run, gzipped record by record, so that each can be read by its
offset and a crash leaves all records before it readable. The bytes are what
the server sent, with their Content-Encoding; only chunked transfer is undone.
"""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

from pipelines.models import ArchiveRef

DEFAULT_LEVEL = 3
"""Level of gzip, by the figures of benchmarks/archive.py."""

ARCHIVE_FOLDER = "archive"
"""Folder of the WARC files within DATA_DIR."""

_GZIP = 31  # zlib's window bits for a gzip member


class ArchiveError(Exception):
    """The archive can't be written; one clear line with the path."""


@dataclass(slots=True, frozen=True)
class Fetch:
    """One response as it came: `at` is its moment in UTC, `truncated` says that it ended early."""

    url: str
    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    at: datetime
    protocol: str = "HTTP/1.1"
    ip_address: str = ""
    truncated: bool = False


def prepare_folder(data_dir: str | Path) -> Path:
    """Makes the archive's folder and tries to write into it.

    Returns the folder. Raises ArchiveError when that fails.
    """
    folder = Path(data_dir) / ARCHIVE_FOLDER
    probe = folder / f".write-test-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        raise ArchiveError(f"can't write into the archive folder {folder}: {error.strerror}") from error
    return folder


def file_name(site: str, at: datetime) -> str:
    """Returns SITE-YYYYMMDDTHHMMSSZ-xxxx.warc.gz; the last part is random, for runs of one second."""
    return f"{site}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}.warc.gz"


def response_record(fetch: Fetch, level: int = DEFAULT_LEVEL) -> bytes:
    """Returns the WARC record of a response, gzipped as one member."""
    block = _http_head(fetch) + fetch.body
    fields = [
        ("WARC-Type", "response"),
        ("WARC-Target-URI", fetch.url),
        ("WARC-Date", _warc_date(fetch.at)),
        ("WARC-Payload-Digest", _digest(fetch.body)),
    ]
    if fetch.ip_address:
        fields.append(("WARC-IP-Address", fetch.ip_address))
    if fetch.truncated:
        fields.append(("WARC-Truncated", "disconnect"))
    return _record(fields, "application/http;msgtype=response", block, level)


def info_record(file: str, at: datetime, software: str, user_agent: str, level: int = DEFAULT_LEVEL) -> bytes:
    """Returns the warcinfo record that opens a file: who fetched, with what, under which rules."""
    lines = {
        "software": software,
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "robots": "obey",
        "http-header-user-agent": user_agent,
    }
    block = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
    fields = [("WARC-Type", "warcinfo"), ("WARC-Date", _warc_date(at)), ("WARC-Filename", file)]
    return _record(fields, "application/warc-fields", block, level)


class ArchiveWriter:
    """Appends records to one WARC file; for one thread. The file is made with the first record."""

    def __init__(self, folder: Path, site: str, user_agent: str, software: str, level: int = DEFAULT_LEVEL):
        self.folder, self.level = folder, level
        self.site, self.user_agent, self.software = site, user_agent, software
        self.name = ""
        self.records = 0
        self.size = 0
        self._file: int | None = None

    def write(self, fetch: Fetch) -> ArchiveRef:
        """Appends a response and returns where it lies. Raises ArchiveError when the disk refuses."""
        record = response_record(fetch, self.level)
        try:
            if self._file is None:
                self._open(fetch.at)
            return self._append(record)
        except OSError as error:
            path = self.folder / self.name
            raise ArchiveError(f"can't write the archive {path}: {error.strerror}") from error

    def _open(self, at: datetime) -> None:
        name = file_name(self.site, at)
        self._file = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        self.name = name
        self._append(info_record(name, at, self.software, self.user_agent, self.level))
        self.records = 0

    def _append(self, record: bytes) -> ArchiveRef:
        assert self._file is not None
        offset, left = self.size, memoryview(record)
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError:
            # half a record would hide all that come after it
            os.ftruncate(self._file, offset)
            os.lseek(self._file, offset, os.SEEK_SET)
            raise
        self.size += len(record)
        self.records += 1
        return ArchiveRef(self.name, offset)

    def close(self) -> None:
        """Closes the file, if one was made."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _http_head(fetch: Fetch) -> bytes:
    try:
        phrase = HTTPStatus(fetch.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"{fetch.protocol} {fetch.status} {phrase}".encode()]
    # as the body is kept without chunks, the header that announces them would be untrue
    lines += [name + b": " + value for name, value in fetch.headers if name.lower() != b"transfer-encoding"]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _record(fields: Iterable[tuple[str, str]], content_type: str, block: bytes, level: int) -> bytes:
    head = ["WARC/1.1", f"WARC-Record-ID: <urn:uuid:{uuid4()}>"]
    head += [f"{name}: {value}" for name, value in fields]
    head += [f"Content-Type: {content_type}", f"Content-Length: {len(block)}"]
    packer = zlib.compressobj(level, zlib.DEFLATED, _GZIP)
    parts = ("\r\n".join(head).encode() + b"\r\n\r\n", block, b"\r\n\r\n")
    return b"".join([*(packer.compress(part) for part in parts), packer.flush()])


def _warc_date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _digest(body: bytes) -> str:
    digest = hashlib.sha1(body, usedforsecurity=False).digest()
    return f"sha1:{base64.b32encode(digest).decode()}"
