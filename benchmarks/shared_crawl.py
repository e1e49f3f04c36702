"""Processes that crawl one site together, through Redis into PostgreSQL: pages a second, and what they cost.

    python -m benchmarks.shared_crawl [--count 2000] [--workers 1 2 4] [--kill] [--delay 0.02] [--alone]

With --kill one process is killed a third of the way, without a warning, and
started again. What is stored is compared with the list of all articles of the
site: every one once; with --alone also, row by row, with what a crawl of one
process without Redis stores. With --delay the site wants that many seconds
between two requests, and the server says whether it got them. Needs a
PostgreSQL server at TEST_DATABASE_URL and a Redis server at REDIS_URL.
"""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from redis import Redis

from benchmarks.big_site import HOST, SITE, SITES_DIR, big_expected
from crawler.demo.server import DemoServer

POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/test")
REDIS = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0"
LEASE_SECONDS = 5
LOOK_SECONDS = 0.5
COLUMNS = "url, title, body, published_day, published_at, source, authors, editors, relation"


# --- the processes ---


@dataclass(slots=True, frozen=True)
class Wish:
    """What is crawled: pages, processes of which one is killed, seconds between requests; 0 for no Redis."""

    count: int
    workers: int
    kill: bool
    delay: float


def start(folder: Path, schema: str, proxy: str, number: int, shared: bool) -> subprocess.Popen[bytes]:
    """Starts one process of the crawl."""
    settings = {
        "SITE_PACKAGES": "",
        "SITES_DIR": folder / "sites",
        "REDIS_PREFIX": schema,
        "SHARED_LEASE_SECONDS": LEASE_SECONDS,
        "AUTOTHROTTLE_ENABLED": "False",
        "WORKERS": 1,
        "LOG_LEVEL": "ERROR",
    }
    options = [option for key, value in settings.items() for option in ("-s", f"{key}={value}")]
    environment = {
        **os.environ,
        "DATA_DIR": str(folder / str(number)),
        "DATABASE_URL": f"{POSTGRES}?options=-csearch_path%3D{schema}",
        "REDIS_URL": REDIS if shared else "",
        "http_proxy": proxy,
    }
    command = [sys.executable, "-m", "scrapy", "crawl", "big_site", *options]
    return subprocess.Popen(command, env=environment)


def write_site(folder: Path, delay: float) -> None:
    """Puts the site file into a folder, with the delay that is wanted."""
    (folder / "sites").mkdir()
    text = (SITES_DIR / "big_site.toml").read_text("utf-8")
    (folder / "sites" / "big_site.toml").write_text(text.replace("delay = 0.0", f"delay = {delay}"), "utf-8")


# --- what is stored ---


@contextmanager
def new_schema() -> Iterator[str]:
    """A schema of its own."""
    schema = f"bench_{uuid4().hex[:8]}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{schema}"')
        try:
            yield schema
        finally:
            connection.execute(f'DROP SCHEMA "{schema}" CASCADE')


def ask(sql: str, schema: str = "public") -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with psycopg.connect(POSTGRES) as connection:
        connection.execute(f'SET search_path TO "{schema}"')
        return connection.execute(sql).fetchall()


def stored(schema: str) -> int:
    """How many articles there are; none before there are tables."""
    try:
        return int(ask("SELECT count(*) FROM article", schema)[0][0])
    except psycopg.errors.UndefinedTable:
        return 0


def size(schema: str, pages: int) -> str:
    """Rows and bytes a page, all tables and indices together."""
    ask_size = (
        "SELECT relname, pg_total_relation_size(pg_class.oid) FROM pg_class"
        " JOIN pg_namespace ON pg_namespace.oid = relnamespace"
        f" WHERE nspname = '{schema}' AND relkind = 'r'"
    )
    tables = dict(ask(ask_size))
    rows = sum(int(ask(f'SELECT count(*) FROM "{table}"', schema)[0][0]) for table in tables)
    return f"{rows / pages:.0f} rows and {sum(tables.values()) / pages / 1000:.1f} kB a page"


# --- what Redis holds ---


@dataclass(slots=True)
class Load:
    """What Redis held when most requests waited."""

    waiting: int = 0
    seen: int = 0
    waiting_bytes: int = 0
    seen_bytes: int = 0
    notes_bytes: int = 0


class Watcher:
    """Looks at the keys of a crawl."""

    def __init__(self, prefix: str) -> None:
        self.server = Redis.from_url(REDIS)
        self.base = f"{{{prefix}:big_site}}:"
        self.load = Load()
        self.before = self._calls()

    def _calls(self) -> int:
        found: Any = self.server.info("commandstats")
        return sum(found.get(f"cmdstat_{name}", {}).get("calls", 0) for name in ("evalsha", "rpush"))

    def _bytes(self, *parts: str) -> int:
        return sum(self.server.memory_usage(self.base + part, samples=100) or 0 for part in parts)

    def look(self) -> None:
        """Notes the state, when more requests wait than ever."""
        waiting: Any = self.server.zcard(self.base + "queue")
        load = self.load
        load.notes_bytes = max(load.notes_bytes, self._bytes("notes"))
        if waiting > load.waiting:
            load.waiting, seen = waiting, self.server.scard(self.base + "seen")
            load.seen = int(seen)
            load.waiting_bytes = self._bytes("queue", "payload", "priority")
            load.seen_bytes = self._bytes("seen")

    def said(self, pages: int) -> str:
        """What it came to, in one line."""
        load, asked = self.load, self._calls() - self.before
        return (
            f"Redis: {load.waiting} requests waited at most,"
            f" {load.waiting_bytes / max(load.waiting, 1):.0f} bytes each;"
            f" {load.seen_bytes / max(load.seen, 1):.0f} bytes for each of {load.seen} URLs seen;"
            f" notes {load.notes_bytes / pages:.0f} bytes a page; {asked / pages:.1f} commands a page"
        )


# --- the crawls ---


def crawl(wish: Wish, schema: str, server: DemoServer, shared: bool = True) -> str:
    """Runs one crawl; returns what came of it, in one line."""
    server.rebuild(count=wish.count)
    killed, watcher = 0, Watcher(schema) if shared else None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_site(folder, wish.delay)
        began = time.monotonic()
        running = [start(folder, schema, server.proxy_url, n, shared) for n in range(wish.workers)]
        while any(process.poll() is None for process in running):
            time.sleep(LOOK_SECONDS)
            if watcher is not None:
                watcher.look()
            if wish.kill and not killed and stored(schema) > wish.count // 3:
                running[0].send_signal(signal.SIGKILL)
                running[0].wait()
                killed = 1
                running[0] = start(folder, schema, server.proxy_url, wish.workers, shared)
        seconds = time.monotonic() - began
        codes = [process.returncode for process in running]
    lines = [
        (
            f"{wish.workers} processes, {killed} killed: {wish.count / seconds:.1f} pages/s"
            f" in {seconds:.1f} s; exit codes {codes}"
        ),
        said_of_delay(server.moments()[HOST], wish.delay),
        size(schema, wish.count),
    ]
    return "\n  ".join([*lines, watcher.said(wish.count)] if watcher is not None else lines)


def said_of_delay(moments: list[float], delay: float) -> str:
    """How the requests lay at the server: the closest two, and the most in one second."""
    moments = sorted(moments)
    apart = [later - earlier for earlier, later in itertools.pairwise(moments)]
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= 1:
            first += 1
        most = max(most, last - first + 1)
    if not delay:
        return f"server: {len(moments)} requests, {most} in a second at most"
    close = sum(gap < delay / 2 for gap in apart)
    return (
        f"server: {len(moments)} requests, {most} in a second at most where {1 / delay:.0f} are allowed;"
        f" {close} less than half of {delay} s after the one before, the closest {min(apart):.4f} s;"
        f" {(moments[-1] - moments[0]) / max(len(apart), 1):.4f} s apart in the mean"
    )


def compared(count: int, schema: str, alone: str = "") -> str:
    """What is missing, what is stored twice, and which rows differ from those of a crawl by one process."""
    found: dict[str, int] = dict(ask("SELECT url, count(*) FROM articles GROUP BY url", schema))
    expected = big_expected(count)
    said = (
        f"{sum(url not in found for url in expected)} of {len(expected)} articles missing,"
        f" {sum(number > 1 for number in found.values())} twice, {len(set(found) - set(expected))} more"
    )
    if alone:
        both = [f'SELECT {COLUMNS} FROM "{name}".articles' for name in (schema, alone)]
        differ = [
            int(ask(f"SELECT count(*) FROM ({one} EXCEPT {other}) AS rows")[0][0])
            for one, other in (both, both[::-1])
        ]
        said += f"; {differ[0]} rows that one process alone has not, {differ[1]} that only it has"
    runs = ask("SELECT count(*), count(DISTINCT crawl_id) FROM shared_run", schema)[0]
    said += f"; {runs[0]} runs in {runs[1]} crawl"
    lists = ask("SELECT sum(listed), sum(known), sum(stored), sum(dropped) FROM coverage_by_list", schema)[0]
    return f"{said}; of lists: listed, known, stored, dropped {tuple(map(int, lists))}"


def main() -> None:
    """Runs the crawls that the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=2000, help="pages of the site (default: 2000)")
    parser.add_argument(
        "--workers", type=int, nargs="+", default=[1, 2, 4], help="processes (default: 1 2 4)"
    )
    parser.add_argument("--kill", action="store_true", help="kill one process and start it again")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between requests (default: 0)")
    parser.add_argument("--alone", action="store_true", help="compare with a crawl of one process, no Redis")
    options = parser.parse_args()
    with DemoServer(site=SITE, options={"count": options.count}) as server, new_schema() as alone:
        if options.alone:
            wish = Wish(options.count, 1, kill=False, delay=0.0)
            print(f"alone: {crawl(wish, alone, server, shared=False)}", flush=True)
        for workers in options.workers:
            with new_schema() as schema:
                wish = Wish(options.count, workers, options.kill, options.delay)
                print(crawl(wish, schema, server), flush=True)
                print(f"  {compared(options.count, schema, alone if options.alone else '')}", flush=True)


if __name__ == "__main__":
    main()
