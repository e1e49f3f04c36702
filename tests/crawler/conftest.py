"""Real commands, and the demo site to run them on."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from crawler.demo.server import DemoServer

PROJECT = Path(__file__).parents[2]
DEMO_SITES = ("demo_chenguang", "demo_jiangwan", "demo_linlan")

Scrapy = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def demo_server() -> Iterator[DemoServer]:
    """The demo site, served for all tests that crawl it."""
    with DemoServer() as server:
        yield server


def scrapy_in(folder: Path) -> Scrapy:
    """What runs `scrapy ARGUMENTS` in the project, with its data in `folder`."""

    def run(*arguments: str, timeout: float = 120, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "scrapy", *arguments],
            cwd=PROJECT,
            env={**os.environ, "DATA_DIR": str(folder), "COLUMNS": "200", **environment},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run


@pytest.fixture
def scrapy(tmp_path: Path) -> Scrapy:
    """Runs `scrapy ARGUMENTS` with its data in a folder of the test's own."""
    return scrapy_in(tmp_path / "data")


@pytest.fixture
def prefix(redis_server: str) -> Iterator[str]:
    """What the keys of a test in Redis have in their names; they are gone afterwards."""
    from redis import Redis  # an extra

    prefix = f"test_{uuid4().hex[:12]}"
    yield prefix
    server = Redis.from_url(redis_server)
    for key in server.scan_iter(f"*{prefix}*"):
        server.delete(key)
