"""What the demo server answers with: plain data, made before the first request."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime


@dataclass(slots=True, frozen=True)
class Response:
    """One answer.

    `body` is followed by `filler`, `repeat` times in a row, and by `tail`, so
    that a page of 30 MB need not lie in memory. `missing` bytes are promised in Content-Length and
    never sent; the connection is closed instead. The first `failures` requests
    in a server's life get status 500.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    filler: bytes = b""
    repeat: int = 0
    tail: bytes = b""
    missing: int = 0
    failures: int = 0

    @property
    def length(self) -> int:
        """The Content-Length that is sent, in bytes."""
        return len(self.body) + len(self.filler) * self.repeat + len(self.tail) + self.missing


# (host, path with its query) -> response
Pages = dict[tuple[str, str], Response]


def page(body: bytes, content_type: str, changed: datetime | None = None) -> Response:
    """Returns a page with status 200, an ETag, and Last-Modified when `changed` is given."""
    headers = [("ETag", f'"{hashlib.sha256(body).hexdigest()[:16]}"')]
    if changed is not None:
        headers.append(("Last-Modified", format_datetime(changed.astimezone(UTC), usegmt=True)))
    return Response(200, body, content_type, tuple(headers))


def redirect(url: str, status: int = 301) -> Response:
    """Returns a redirect to `url`."""
    body = f'<html><body>Moved: <a href="{url}">{url}</a></body></html>'.encode()
    return Response(status, body, "text/html; charset=utf-8", (("Location", url),))
