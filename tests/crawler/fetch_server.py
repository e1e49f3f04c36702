"""A small server with every habit that a fetch must survive, on loopback in a thread."""

from __future__ import annotations

import gzip
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LARGE = 200_000  # bytes, above the limit that the tests set
HEADLINE = "志愿者为独居老人送去冬衣"


def day(number: int) -> str:
    return f"/2026/1101/{number}.html"


LINKS = [
    day(10001),
    day(10002),
    day(10003),
    day(10004),
    day(10005),
    day(10007),
    day(10020),
    day(10021),
    day(10022),
    day(10023),
    day(10024),
    day(10025),
    f"/private{day(10026)}",
    day(10027),
    day(10028),
    f"{day(10030)}?utm_source=a",
    f"{day(10030)}?utm_source=b#top",
    day(10031),
    day(10033),
    f"http://127.0.0.1:1{day(10034)}",
]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FetchServer

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.server.seen[path].append((time.monotonic(), dict(self.headers)))
        name = path.strip("/").replace("/", "_").replace(".", "_")
        getattr(self, f"get_{name}", self.article)()

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for key, value in {"Content_Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def move(self, target: str) -> None:
        self.send(b"", 302, Location=target)

    def article(self) -> None:
        self.send(f"<h1>{HEADLINE}</h1><p>{self.path}</p>".encode())

    def get_robots_txt(self) -> None:
        self.send(self.server.robots, self.server.robots_status, Content_Type="text/plain")

    def get_news(self) -> None:
        self.send("".join(f'<li><a href="{link}">{HEADLINE}</a></li>' for link in LINKS).encode())

    def get_2026_1101_10001_html(self) -> None:
        # compressed and in chunks, with a cookie that must not come back
        body = gzip.compress(f"<h1>{HEADLINE}</h1>".encode(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Set-Cookie", "id=1")
        self.end_headers()
        self.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body))

    def get_2026_1101_10002_html(self) -> None:
        self.send("没有这个页面".encode(), 404)

    def get_2026_1101_10003_html(self) -> None:
        if len(self.server.seen[self.path]) == 1:
            self.send(b"busy", 503, Retry_After="1")
        else:
            self.article()

    def get_2026_1101_10004_html(self) -> None:
        self.send(b"broken", 500)

    def get_2026_1101_10005_html(self) -> None:
        self.move(day(10006))

    def get_2026_1101_10006_html(self) -> None:
        self.move(day(10005))

    def get_2026_1101_10007_html(self) -> None:
        self.move(day(10008))

    def get_2026_1101_10008_html(self) -> None:
        self.move(day(10009))

    def get_2026_1101_10009_html(self) -> None:
        self.move(day(10010))

    def get_2026_1101_10010_html(self) -> None:
        self.move(day(10011))

    def get_2026_1101_10020_html(self) -> None:
        self.send(b"x" * LARGE)

    def get_2026_1101_10021_html(self) -> None:
        # no length is announced
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"x" * LARGE)
        self.close_connection = True

    def get_2026_1101_10022_html(self) -> None:
        self.send(gzip.compress(b"x" * LARGE), Content_Encoding="gzip")

    def get_2026_1101_10023_html(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", "5000")
        self.end_headers()
        self.wfile.write(b"<p>cut off")
        self.close_connection = True

    def get_2026_1101_10024_html(self) -> None:
        self.server.closing.wait(20)
        self.close_connection = True

    def get_2026_1101_10025_html(self) -> None:
        self.move(f"http://localhost:{self.server.server_port}/")

    def get_2026_1101_10027_html(self) -> None:
        self.move(day(10001))

    def get_2026_1101_10028_html(self) -> None:
        self.move(day(10029))

    def get_2026_1101_10031_html(self) -> None:
        self.send(f'<meta http-equiv="refresh" content="0; url={day(10032)}">'.encode())

    def get_2026_1101_10033_html(self) -> None:
        self.send(f'<meta http-equiv="refresh" content="0; url={day(10033)}"><p>reloads itself</p>'.encode())


class FetchServer(ThreadingHTTPServer):
    """Keeps when each path was asked for, and with which headers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: defaultdict[str, list[tuple[float, dict[str, str]]]] = defaultdict(list)
        self.closing = threading.Event()
        self.robots = b"User-agent: gongyi-news\nDisallow: /private/\n"
        self.robots_status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests are about."""


@contextmanager
def fetch_server() -> Iterator[FetchServer]:
    with FetchServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()
