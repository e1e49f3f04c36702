"""Crawls of the small site that changes, as an operator or a scheduled job starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import text

from crawler.demo.server import DemoServer
from storage import open_store
from tests.crawler.conftest import PROJECT
from tests.crawler.small_site import SITE, SITE_FILE

SETTINGS = {"WORKERS": 1, "RETRY_TIMES": 0, "RETRY_BACKOFF_BASE": 0.1, "AUTOTHROTTLE_ENABLED": 0}


class Operator:
    """Someone with a site file, a store and the small site."""

    def __init__(self, folder: Path, url: str, server: DemoServer) -> None:
        self.folder, self.url, self.server = folder, url, server
        self.sites = folder / "sites"
        self.sites.mkdir(exist_ok=True)
        self.write_site(SITE_FILE)

    def write_site(self, toml: str, name: str = "qinghe") -> None:
        """Puts a site file into the folder."""
        (self.sites / f"{name}.toml").write_text(toml, "utf-8")

    def start(self, *arguments: str, **settings: Any) -> subprocess.Popen[str]:
        """Starts `scrapy ARGUMENTS`."""
        values = {"SITE_PACKAGES": "", "SITES_DIR": self.sites, **SETTINGS, **settings}
        options = [part for key, value in values.items() for part in ("-s", f"{key}={value}")]
        return subprocess.Popen(
            [sys.executable, "-m", "scrapy", *arguments, *options],
            cwd=PROJECT,
            env={
                **os.environ,
                "DATA_DIR": str(self.folder / "data"),
                "DATABASE_URL": self.url,
                "http_proxy": self.server.proxy_url,
                "COLUMNS": "200",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def scrapy(self, *arguments: str, **settings: Any) -> subprocess.CompletedProcess[str]:
        """Runs `scrapy ARGUMENTS` to its end."""
        process = self.start(*arguments, **settings)
        out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def crawl(self, *arguments: str, code: int = 0, **settings: Any) -> dict[str, Any]:
        """Crawls the site; returns what `crawlall --json` says of it."""
        done = self.scrapy("crawlall", "--site", "qinghe", "--json", *arguments, **settings)
        assert done.returncode == code, done.stderr + done.stdout
        (site,) = json.loads(done.stdout)["sites"]
        return dict(site)

    def rows(self, sql: str, **values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        store = open_store(self.url)
        try:
            with store.engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(sql), values)]
        finally:
            store.close()

    def asked(self) -> dict[str, int]:
        """What the server was asked for since it was built, by path, without robots.txt."""
        paths = {url.partition(".example")[2]: number for url, number in self.server.requests().items()}
        return {path: number for path, number in sorted(paths.items()) if path != "/robots.txt"}


@contextmanager
def operator(folder: Path, url: str = "", **options: Any) -> Iterator[Operator]:
    """An operator whose site is built with `options`."""
    with DemoServer(site=SITE, options=options) as server:
        yield Operator(folder, url or f"sqlite:///{folder}/news.db", server)
