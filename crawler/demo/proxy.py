"""The protocol of the demo server: HTTP/1.1 with keep-alive, as a proxy or directly."""

from __future__ import annotations

import asyncio
import json
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from crawler.demo.response import Pages, Response

MAX_HEAD = 65_536  # bytes of a request's head
_CHUNK = 262_144


class Proxy:
    """The pages with their state in this server's life: what was asked for, what still fails.

    `missing` holds each host's answer to an unknown path. Answers are joined
    into bytes at the first request, and kept. `build` makes the pages anew when
    `rebuild_path` is asked for, with the JSON of its query as arguments, so that
    a site can change between two crawls. `moments_path` tells when each host was
    asked, robots.txt aside: monotonic seconds, by which its delay can be checked.
    """

    def __init__(
        self,
        pages: Pages,
        missing: dict[str, Response],
        requests_path: str,
        rebuild_path: str = "",
        build: Callable[..., Pages] | None = None,
        moments_path: str = "",
    ) -> None:
        self.pages = pages
        self.missing = missing
        self.requests_path = requests_path
        self.rebuild_path = rebuild_path
        self.moments_path = moments_path
        self.hosts = {host for host, _ in pages}
        self.asked: Counter[str] = Counter()
        self.moments: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))
        self._build = build
        self._ready: dict[tuple[str, str], tuple[Response, bytes]] = {}

    def connection(self) -> Connection:
        """Returns the protocol object of one new connection."""
        return Connection(self)

    def find(self, host: str, path: str) -> tuple[Response, bytes]:
        """Returns the answer to a GET, with its head as bytes; counts the request."""
        if host in self.hosts:
            self.asked[f"http://{host}{path}"] += 1
            if path != "/robots.txt":
                self.moments[host].append(time.monotonic())
        ready = self._ready.get((host, path))
        if ready is not None:
            return ready
        response = self._look_up(host, path)
        if response.failures and response.failures >= self.asked[f"http://{host}{path}"]:
            failed = Response(500, b"<html><body><h1>500 Internal Server Error</h1></body></html>")
            return failed, head(failed)
        ready = response, head(response)
        if host in self.hosts:
            self._ready[host, path] = ready
        return ready

    def _look_up(self, host: str, path: str) -> Response:
        if host not in self.hosts:
            if path == self.requests_path:
                return Response(200, json.dumps(self.asked).encode(), "application/json")
            if path == self.moments_path:
                moments = {host: list(found) for host, found in self.moments.items()}
                return Response(200, json.dumps(moments).encode(), "application/json")
            if self._build is not None and path.partition("?")[0] == self.rebuild_path:
                return self._rebuild(unquote(path.partition("?")[2]) or "{}")
            names = ", ".join(sorted(self.hosts))
            return Response(502, f"No such host here. Ask as a proxy for: {names}\n".encode(), "text/plain")
        # a site knows nothing of tracking parameters: an unknown query changes nothing
        response = self.pages.get((host, path)) or self.pages.get((host, path.partition("?")[0]))
        return response or self.missing.get(host) or Response(404, b"not found", "text/plain")

    def _rebuild(self, options: str) -> Response:
        assert self._build is not None
        try:
            self.pages = self._build(**json.loads(options))
        except (TypeError, ValueError) as error:
            return Response(400, f"{error}\n".encode(), "text/plain")
        self.hosts = {host for host, _ in self.pages}
        self.asked.clear()
        self.moments.clear()
        self._ready.clear()
        return Response(200, b"{}", "application/json")


def not_modified(response: Response, fields: dict[str, str]) -> Response | None:
    """Returns the 304 that answers a conditional request, else None (RFC 9110, section 13.2.2).

    `fields` are the request's, in small letters. A date counts only as the very one that was sent.
    """
    held = {name.lower(): value.lower() for name, value in response.headers}
    tags, since = fields.get("if-none-match", ""), fields.get("if-modified-since", "").strip()
    if tags:
        same = held.get("etag", "no tag") in [tag.strip().removeprefix("w/") for tag in tags.split(",")]
    else:
        same = bool(since) and since == held.get("last-modified")
    if response.status != 200 or not same:
        return None
    return Response(304, b"", response.content_type, response.headers)


def head(response: Response) -> bytes:
    """Returns the status line and headers of a response."""
    lines = [
        f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}",
        "Server: demo",
        f"Content-Type: {response.content_type}",
        f"Content-Length: {response.length}",
        *(f"{name}: {value}" for name, value in response.headers),
    ]
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


class Connection(asyncio.Protocol):
    """One client's connection; answers its requests in order."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._sending: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the transport (asyncio.Protocol)."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Ends a large answer that nobody waits for (asyncio.Protocol)."""
        self._transport = None
        if self._sending:
            self._sending.cancel()

    def pause_writing(self) -> None:
        """Holds a large answer back (asyncio.Protocol)."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Lets a large answer go on (asyncio.Protocol)."""
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        """Answers every whole request in what came (asyncio.Protocol)."""
        self._buffer += data
        self._answer_all()

    def _answer_all(self) -> None:
        while self._transport and not self._sending and b"\r\n\r\n" in self._buffer:
            request, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            self._answer(self._transport, request)
        if self._transport and len(self._buffer) > MAX_HEAD:
            self._transport.close()

    def _answer(self, transport: asyncio.Transport, request: bytes) -> None:
        line, _, rest = request.decode("latin-1").partition("\r\n")
        fields = dict(field.lower().split(":", 1) for field in rest.split("\r\n") if ":" in field)
        method, target, version = (*line.split(" "), "", "")[:3]
        if method not in ("GET", "HEAD") or not target:
            transport.write(
                b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
            transport.close()
            return
        host, path = _address(target, fields.get("host", ""))
        response, start = self._proxy.find(host, path)
        if unchanged := not_modified(response, fields):
            response, start = unchanged, head(unchanged)
        wish = fields.get("connection", fields.get("proxy-connection", "")).strip()
        close = bool(response.missing) or wish == "close" or (version == "HTTP/1.0" and wish != "keep-alive")
        ending = b"Connection: close\r\n\r\n" if close else b"Connection: keep-alive\r\n\r\n"
        if method == "HEAD":
            transport.write(start + ending)
        else:
            transport.write(start + ending + response.body)
            if response.repeat:
                self._sending = asyncio.get_running_loop().create_task(self._send_rest(response, close))
                return
        if close:
            transport.close()

    async def _send_rest(self, response: Response, close: bool) -> None:
        block = max(1, _CHUNK // len(response.filler))
        left = response.repeat
        while left and self._transport:
            self._transport.write(response.filler * min(block, left))
            left -= min(block, left)
            await self._writable.wait()
        if self._transport:
            self._transport.write(response.tail)
            if close:
                self._transport.close()
        self._sending = None
        self._answer_all()


def _address(target: str, host_header: str) -> tuple[str, str]:
    """Returns host and path (with its query) of a request line's target."""
    if target.startswith("/"):
        return host_header.strip().partition(":")[0], target
    parts = urlsplit(target)
    path = parts.path or "/"
    return parts.hostname or "", f"{path}?{parts.query}" if parts.query else path
