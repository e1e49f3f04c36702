"""WARC files as other tools write them: made with warcio, record by record."""

from __future__ import annotations

import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HTML = "text/html; charset=utf-8"


@dataclass(slots=True)
class WarcBytes:
    """A WARC file in memory; `offsets` says where each record begins."""

    gzipped: bool = True
    stream: io.BytesIO = field(default_factory=io.BytesIO)
    offsets: list[int] = field(default_factory=list)

    def add(
        self,
        url: str,
        body: bytes = b"",
        kind: str = "response",
        headers: Sequence[tuple[str, str]] = (),
        status: str = "200 OK",
        date: str = "2026-11-01T08:30:15.250001Z",
        fields: Sequence[tuple[str, str]] = (),
    ) -> WarcBytes:
        """Appends a record; `headers` are HTTP's, `fields` the record's own."""
        writer = WARCWriter(self.stream, gzip=self.gzipped)
        http = None
        if kind in ("response", "revisit"):
            http = StatusAndHeaders(status, [("Content-Type", HTML), *headers], protocol="HTTP/1.1")
        elif kind == "request":
            http = StatusAndHeaders("GET / HTTP/1.1", list(headers), is_http_request=True)
        record = writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_content_type=HTML if kind == "resource" else "",
            warc_headers_dict={"WARC-Date": date, **dict(fields)},
        )
        self.offsets.append(self.stream.tell())
        writer.write_record(record)
        return self

    def add_info(self) -> WarcBytes:
        """Appends the record that opens a file."""
        writer = WARCWriter(self.stream, gzip=self.gzipped)
        self.offsets.append(self.stream.tell())
        writer.write_record(writer.create_warcinfo_record("file.warc.gz", {"software": "warcio"}))
        return self

    @property
    def data(self) -> bytes:
        """The whole file."""
        return self.stream.getvalue()


def chunked(body: bytes, size: int = 1000) -> bytes:
    """A body in chunks, as HTTP/1.1 transfers it."""
    parts = [body[i : i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


def packed(body: bytes) -> bytes:
    """A body with Content-Encoding: gzip."""
    return gzip.compress(body)
