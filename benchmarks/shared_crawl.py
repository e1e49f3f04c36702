"""Pages a second of 1, 2 and 4 processes that crawl one site together, through Redis into PostgreSQL.

    python -m benchmarks.shared_crawl [--count 2000] [--workers 1 2 4] [--kill]

With --kill one process is killed a third of the way, without a warning, and
started again. What is stored is compared with the list of all articles of the
site: every one once. Needs a PostgreSQL server at TEST_DATABASE_URL and a Redis
server at REDIS_URL.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import psycopg

from benchmarks.big_site import SITE, SITES_DIR, big_expected
from crawler.demo.server import DemoServer

POSTGRES = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/test")
REDIS = os.environ.get("REDIS_URL") or "redis://127.0.0.1:6379/0"
LEASE_SECONDS = 5


def start(folder: Path, schema: str, prefix: str, proxy: str, number: int) -> subprocess.Popen[bytes]:
    """Starts one process of the crawl."""
    settings = {
        "SITE_PACKAGES": "",
        "SITES_DIR": SITES_DIR,
        "REDIS_PREFIX": prefix,
        "SHARED_LEASE_SECONDS": LEASE_SECONDS,
        "AUTOTHROTTLE_ENABLED": "False",
        "WORKERS": 1,
    }
    options = [option for key, value in settings.items() for option in ("-s", f"{key}={value}")]
    environment = {
        **os.environ,
        "DATA_DIR": str(folder / str(number)),
        "DATABASE_URL": f"{POSTGRES}?options=-csearch_path%3D{schema}",
        "REDIS_URL": REDIS,
        "http_proxy": proxy,
    }
    command = [sys.executable, "-m", "scrapy", "crawl", "big_site", "--nolog", *options]
    return subprocess.Popen(command, env=environment)


def stored(schema: str) -> dict[str, int]:
    """Returns how often each article is in the store; nothing before there are tables."""
    with psycopg.connect(POSTGRES) as connection:
        connection.execute(f'SET search_path TO "{schema}"')
        try:
            return dict(connection.execute("SELECT url, count(*) FROM articles GROUP BY url").fetchall())
        except psycopg.errors.UndefinedTable:
            return {}


def crawl(count: int, workers: int, kill: bool) -> None:
    """Runs one crawl and prints what came of it."""
    schema = prefix = f"bench_{uuid4().hex[:8]}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{schema}"')
    killed = 0
    with tempfile.TemporaryDirectory() as folder, DemoServer(site=SITE, options={"count": count}) as server:
        began = time.monotonic()
        running = [start(Path(folder), schema, prefix, server.proxy_url, n) for n in range(workers)]
        while any(process.poll() is None for process in running):
            time.sleep(0.2)
            if kill and not killed and len(stored(schema)) > count // 3:
                running[0].send_signal(signal.SIGKILL)
                running[0].wait()
                killed = 1
                running[0] = start(Path(folder), schema, prefix, server.proxy_url, workers)
        seconds = time.monotonic() - began
        codes = [process.returncode for process in running]
    found, expected = stored(schema), big_expected(count)
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f'DROP SCHEMA "{schema}" CASCADE')
    missing = sum(url not in found for url in expected)
    twice = sum(number > 1 for number in found.values())
    print(
        f"{workers} processes, {killed} killed: {count / seconds:6.1f} pages/s in {seconds:.1f} s; "
        f"{missing} of {len(expected)} missing, {twice} twice, exit codes {codes}",
        flush=True,
    )


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
    options = parser.parse_args()
    for workers in options.workers:
        crawl(options.count, workers, options.kill)


if __name__ == "__main__":
    main()
