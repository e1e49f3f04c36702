"""Several `scrapy crawl` of one site at once, on one queue and one database, one of them killed."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from redis import Redis
from sqlalchemy import text
from sqlalchemy.engine import URL

from benchmarks.big_site import build_big_site
from storage import open_store
from tests.conftest import new_schema
from tests.crawler.conftest import PROJECT
from tests.crawler.proxy_server import ProxyServer, proxy_server

COUNT = 60
DELAY = 0.05
ROWS = (
    "SELECT url, title, body, published_day, published_at, source, authors, editors, relation FROM articles"
    " ORDER BY url"
)
SITE = """
name = "big_site"
publisher = "大样本新闻网"
home_page = "http://www.big.example/"

[[start]]
kind = "list"
url = "http://www.big.example/"
depth = 0

[links]
article = ['/\\d{4}/\\d{4}/\\d+\\.html$', '/content_\\d+\\.htm$', '/art_\\d+_\\d+\\.html$']
list = ['/list/index_\\d+\\.html$']

[politeness]
delay = %s
concurrency = 8
"""


@pytest.fixture
def server() -> Iterator[ProxyServer]:
    with proxy_server(build_big_site(COUNT, 7)) as server:
        yield server


class Workers:
    """The processes of one test."""

    def __init__(self, folder: Path, server: ProxyServer) -> None:
        self.folder, self.server = folder, server
        self.processes: list[subprocess.Popen[str]] = []
        (folder / "sites").mkdir(parents=True)
        (folder / "sites" / "big_site.toml").write_text(SITE % DELAY, "utf-8")

    def start(self, url: str, *settings: str, **environment: str) -> subprocess.Popen[str]:
        """Starts `scrapy crawl big_site` with its data in a folder of its own."""
        number = len(self.processes)
        options = ("SITE_PACKAGES=", f"SITES_DIR={self.folder / 'sites'}", "WORKERS=1", *settings)
        process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", "big_site", *(x for o in options for x in ("-s", o))],
            cwd=PROJECT,
            env={
                **os.environ,
                "DATA_DIR": str(self.folder / f"data{number}"),
                "DATABASE_URL": url,
                "http_proxy": self.server.url,
                **environment,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def wait(self, *processes: subprocess.Popen[str]) -> list[str]:
        """Waits for the end of processes, which must be a good one, and returns their logs."""
        logs = [process.communicate(timeout=120)[1] for process in processes]
        assert [p.returncode for p in processes] == [0] * len(processes), logs
        return logs


@pytest.fixture
def workers(tmp_path: Path, server: ProxyServer) -> Iterator[Workers]:
    workers = Workers(tmp_path, server)
    yield workers
    for process in workers.processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def rows(url: str) -> list[Any]:
    store = open_store(url)
    try:
        with store.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(ROWS))]
    finally:
        store.close()


def until_seen(server: ProxyServer, number: int) -> None:
    """Waits until the server was asked for so many addresses, a minute at most."""
    deadline = time.monotonic() + 60
    while len(server.seen) < number and time.monotonic() < deadline:
        time.sleep(0.02)


def test_three_processes_of_which_one_is_killed_store_what_one_alone_stores(
    workers: Workers, server: ProxyServer, redis_server: str, postgres_url: str, postgres_server: URL
) -> None:
    prefix = f"test_{uuid4().hex[:12]}"
    shared = (f"REDIS_PREFIX={prefix}", "SHARED_LEASE_SECONDS=2")
    first = workers.start(postgres_url, *shared, REDIS_URL=redis_server)
    until_seen(server, COUNT // 6)  # so that it has requests in hand when it is killed
    second = workers.start(postgres_url, *shared, REDIS_URL=redis_server)
    until_seen(server, COUNT // 3)
    first.send_signal(signal.SIGKILL)
    third = workers.start(postgres_url, *shared, REDIS_URL=redis_server)
    logs = workers.wait(second, third)

    assert any("of a process that is gone are in the queue again" in log for log in logs)
    keys = [key.decode() for key in Redis.from_url(redis_server).scan_iter(f"*{prefix}*")]
    assert [key for key in keys if ":turn:" not in key] == []

    # one site, one delay: whoever asked, robots.txt aside, which no queue holds
    moments = sorted(m for path, found in server.seen.items() if path != "/robots.txt" for m in found)
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    # a server in a busy process may note one request late and the next in time
    assert sum(gap < DELAY / 2 for gap in gaps) <= len(gaps) // 20
    assert moments[-1] - moments[0] >= DELAY * len(gaps) * 0.95

    with new_schema(postgres_server) as url:
        workers.wait(workers.start(url))
        alone = rows(url)
    assert len(alone) == COUNT
    assert rows(postgres_url) == alone


def test_a_crawl_that_ended_leaves_a_queue_on_which_the_next_begins_anew(
    workers: Workers, server: ProxyServer, redis_server: str, tmp_path: Path
) -> None:
    prefix = f"test_{uuid4().hex[:12]}"
    for number in (1, 2):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        workers.wait(workers.start(url, f"REDIS_PREFIX={prefix}", REDIS_URL=redis_server))
        assert len(rows(url)) == COUNT
    paths = {urlsplit(row[0]).path for row in rows(url)}
    assert {len(server.seen[path]) for path in paths} == {2}


def test_what_is_no_address_is_refused_in_one_line(workers: Workers, tmp_path: Path) -> None:
    process = workers.start(f"sqlite:///{tmp_path / 'a.db'}", REDIS_URL="localhost:6379")
    log = process.communicate(timeout=120)[1]
    assert process.returncode == 2
    assert "REDIS_URL: Redis URL must specify one of the following schemes" in log
    assert "Traceback" not in log


def test_a_server_that_is_lost_ends_the_crawl_with_one_line(workers: Workers, tmp_path: Path) -> None:
    process = workers.start(f"sqlite:///{tmp_path / 'a.db'}", REDIS_URL="redis://127.0.0.1:1/0")
    log = process.communicate(timeout=120)[1]
    assert process.returncode == 1
    assert log.count("Redis is lost") == 1
    assert "Traceback" not in log
