"""Made-up pages served as by an HTTP proxy, in a thread, with the moment of each request."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from crawler.demo.response import Pages


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ProxyServer

    def log_message(self, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.server.seen[url.path].append(time.monotonic())
        found = self.server.pages.get((url.hostname or "", url.path))
        body = found.body + found.filler * found.repeat + found.tail if found else b"not here"
        self.send_response(found.status if found else 404)
        self.send_header("Content-Type", found.content_type if found else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class ProxyServer(ThreadingHTTPServer):
    """Serves `pages`; `seen` has the moments of requests by path, monotonic and in seconds."""

    daemon_threads = True

    def __init__(self, pages: Pages) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = pages
        self.seen: defaultdict[str, list[float]] = defaultdict(list)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def proxy_server(pages: Pages) -> Iterator[ProxyServer]:
    """Serves for the length of a `with` block."""
    server = ProxyServer(pages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
