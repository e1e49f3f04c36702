"""A loopback HTTP server for made-up sites, asked as a proxy: GET http://host/path HTTP/1.1.

Asked as an HTTP proxy, it gives each page under its own host name, whatever
the port. The Host header of a plain request works too. It runs in a process of
its own, so that it never shares an event loop with a crawl:

    with DemoServer() as server:
        ...  # requests go through server.proxy_url
        server.requests()  # what was asked for, and how often

    python -m crawler.demo.server --port 8899
    curl -x http://127.0.0.1:8899 http://www.chenguang-gongyi.example/
"""

from __future__ import annotations

import argparse
import asyncio
import errno
import importlib
import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from types import TracebackType
from typing import Any

from crawler.demo.proxy import Proxy
from crawler.demo.publisher import publishers
from crawler.demo.response import Pages
from crawler.demo.site import not_found

HOST = "127.0.0.1"
SITE = "crawler.demo.site:build_site"
MAX_PORT = 65_535
START_TIMEOUT = 60.0  # seconds for building the pages
REBUILD_PATH = "/rebuild.json"  # the same: builds the pages anew, with the JSON of its query as options
REQUESTS_PATH = "/requests.json"  # asked without a known host: what was asked for so far
MOMENTS_PATH = "/moments.json"  # the same: when each host was asked


class DemoServer:
    """The server in its own process, for the length of a `with` block.

    `port` 0 takes any free port. `site` is "module:function" of what builds the
    pages, `options` are its keyword arguments (anything JSON can carry).
    Raises OSError when the port is in use, RuntimeError when the site can't be
    built. The process ends with the block, and with this process however that ends.
    """

    def __init__(self, port: int = 0, site: str = SITE, options: dict[str, Any] | None = None) -> None:
        self.port = port
        self._site = site
        self._options = options or {}
        self._process: subprocess.Popen[str] | None = None

    @property
    def proxy_url(self) -> str:
        """The URL to give as http_proxy."""
        return f"http://{HOST}:{self.port}"

    @property
    def pid(self) -> int | None:
        """The id of the server's process, None when it doesn't run."""
        return self._process.pid if self._process else None

    def start(self) -> DemoServer:
        """Starts the process and returns when it answers."""
        command = [sys.executable, "-m", "crawler.demo.server", "--child", "--port", str(self.port)]
        command += ["--site", self._site, "--options", json.dumps(self._options)]
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            start_new_session=True,  # Ctrl-C is for the crawl, which still needs its pages to end well
        )
        timer = threading.Timer(START_TIMEOUT, self._process.kill)
        timer.start()
        try:
            line = self._process.stdout.readline() if self._process.stdout else ""
        finally:
            timer.cancel()
        answer: dict[str, Any] = json.loads(line or '{"error": "the server ended before it answered"}')
        if "port" not in answer:
            self.stop()
            raise OSError(answer["error"]) if answer.get("in_use") else RuntimeError(answer["error"])
        self.port = int(answer["port"])
        return self

    def stop(self) -> None:
        """Ends the process; does nothing when it has ended."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()  # the end of its input ends the server
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def requests(self) -> dict[str, int]:
        """Returns how often each URL was asked for, robots.txt among them."""
        counts: dict[str, int] = self._told(REQUESTS_PATH)
        return counts

    def moments(self) -> dict[str, list[float]]:
        """Returns when each host was asked for a page, in monotonic seconds; robots.txt is left out."""
        moments: dict[str, list[float]] = self._told(MOMENTS_PATH)
        return moments

    def _told(self, path: str) -> Any:
        plain = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with plain.open(f"{self.proxy_url}{path}", timeout=10) as answer:
            return json.load(answer)

    def rebuild(self, **options: Any) -> None:
        """Builds the pages anew with other options, as if the site had changed; requests count from 0 again.

        Raises ValueError when the site can't be built with them.
        """
        plain = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        query = urllib.parse.quote(json.dumps(options))
        try:
            plain.open(f"{self.proxy_url}{REBUILD_PATH}?{query}", timeout=START_TIMEOUT).close()
        except urllib.error.HTTPError as error:
            raise ValueError(error.read().decode().strip()) from None

    def __enter__(self) -> DemoServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def load_site(site: str) -> Callable[..., Pages]:
    """Returns the function that "module:function" names."""
    module, _, function = site.partition(":")
    build: Callable[..., Pages] = getattr(importlib.import_module(module), function)
    return build


async def serve(
    build: Callable[..., Pages],
    options: dict[str, Any],
    port: int,
    started: Callable[[int], None],
    *,
    until_input_ends: bool,
) -> None:
    """Serves the pages that `build` makes until it is cancelled, or standard input ends if that is asked for.

    `started` is called with the port once the server listens. Raises OSError
    when the port is in use.
    """
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    missing = {site.host: not_found(site) for site in publishers().values()}
    proxy = Proxy(build(**options), missing, REQUESTS_PATH, REBUILD_PATH, build, MOMENTS_PATH)
    server = await loop.create_server(proxy.connection, HOST, port, backlog=512)
    if until_input_ends:
        threading.Thread(target=_wait_for_end, args=(loop, stop), daemon=True).start()
    started(server.sockets[0].getsockname()[1])
    try:
        await stop.wait()
    finally:
        server.close()  # not wait_closed: it waits for clients that keep their connections open


def _wait_for_end(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    sys.stdin.buffer.read()
    loop.call_soon_threadsafe(stop.set)


def main(arguments: list[str] | None = None) -> int:
    """Serves the demo site until Ctrl-C; returns 0, or 1 when the port is in use."""
    parser = argparse.ArgumentParser(
        prog="python -m crawler.demo.server", description="Serves the demo site."
    )
    parser.add_argument("--port", type=int, default=8899, help="0 takes any free port (default: %(default)s)")
    parser.add_argument("--site", default=SITE, help="module:function that builds the pages")
    parser.add_argument("--options", type=json.loads, default={}, help="its keyword arguments, as JSON")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    wish = parser.parse_args(arguments)
    if not 0 <= wish.port <= MAX_PORT:
        parser.error(f"--port must be from 0 to {MAX_PORT}, not {wish.port}")
    tell = _tell_parent if wish.child else _tell_user
    try:
        asyncio.run(
            serve(
                load_site(wish.site),
                wish.options,
                wish.port,
                lambda port: tell({"port": port}),
                until_input_ends=wish.child,
            )
        )
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        in_use = error.errno == errno.EADDRINUSE
        reason = (
            f"port {wish.port} on {HOST} is in use; choose another, or 0 for any" if in_use else str(error)
        )
        tell({"error": f"the demo server can't start: {reason}", "in_use": in_use})
        return 1
    except (ValueError, TypeError, ImportError, AttributeError) as error:
        tell({"error": f"the demo site can't be built: {error}"})
        return 1
    return 0


def _tell_parent(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _tell_user(message: dict[str, Any]) -> None:
    if "error" in message:
        sys.stderr.write(f"{message['error']}\n")
        return
    proxy = f"http://{HOST}:{message['port']}"
    sys.stdout.write(f"Demo site on {proxy}, as a proxy. Try:\n")
    sys.stdout.writelines(f"  curl -x {proxy} http://{site.host}/\n" for site in publishers().values())
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
