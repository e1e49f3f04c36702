"""Replaying an archive against fetching the same pages: pages a second, and what each process computes.

The enlarged demo site is crawled once; its archive is then replayed into a new
store and into the same one, where nothing changes. Seconds are those of whole
processes; the ratio is what to quote, and "--since", which reads no page, shows
what starting costs.

    python -m benchmarks.replay --count 1000
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console

from benchmarks.big_site import SITE, SITES_DIR
from benchmarks.crawl import crawl_once
from crawler.console import table
from crawler.demo.server import DemoServer


def replay_once(folder: Path, database: str, *more: str) -> tuple[int, float]:
    """Replays the archive of a folder; returns the pages read and the seconds."""
    command = [sys.executable, "-m", "scrapy", "replay", str(folder / "archive"), *more]
    command += ["-s", f"SITES_DIR={SITES_DIR}"]
    environment = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{database}"}
    began = time.monotonic()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found = re.search(r"pages read\s*│\s*(\d+)", done.stdout)
    return int(found[1]) if found else 0, time.monotonic() - began


def main() -> None:
    """Crawls, replays, and prints the table."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--count", type=int, default=1000, help="article pages of the site")
    wish = parser.parse_args()
    rows: list[list[object]] = []

    def add(what: str, pages: float, seconds: float) -> None:
        rate = pages / seconds
        rows.append([what, int(pages), round(seconds, 1), round(rate), round(rate / first, 2) if rows else 1])

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with DemoServer(site=SITE, options={"count": wish.count}) as server:
            began = time.monotonic()
            fetched = crawl_once("full", server.proxy_url, folder)
            seconds = time.monotonic() - began
        first = fetched["pages"] / seconds
        add("fetch and store", fetched["pages"], seconds)
        for what, database, more in (
            ("replay into a new store", "new.db", ()),
            ("replay into the same store", "news.db", ()),
            ("dry run", "news.db", ("--dry-run",)),
            ("pass over every page (--language en)", "news.db", ("--language", "en", "--dry-run")),
            ("pass over every page (--since)", "news.db", ("--since", "2099-01-01", "--dry-run")),
        ):
            add(what, *replay_once(folder, f"{folder}/{database}", *more))
        size = sum(file.stat().st_size for file in (folder / "archive").iterdir())
    Console(width=120).print(table(["what", "pages", "seconds", "pages/s", "against fetching"], rows))
    print(json.dumps({"archive_mb": round(size / 1e6, 1)}))


if __name__ == "__main__":
    main()
