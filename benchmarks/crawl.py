"""The full pipeline against bare Scrapy on the enlarged demo site: pages a second, and memory.

Both crawl the same pages with the same spider; bare Scrapy has no item
pipelines, no archive and no store. They run in turn, several times, against a
server in a process of its own, and the ratio of the medians is what to quote:
seconds differ from machine to machine and from hour to hour.

    python -m benchmarks.crawl --count 2000 --rounds 3
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.big_site import COUNT, SITE, SITES_DIR, big_expected
from crawler.demo.server import DemoServer

FAST = {
    "SITES_DIR": str(SITES_DIR),
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS": 16,
    "LOG_LEVEL": "ERROR",
}
MODES: dict[str, dict[str, Any]] = {
    "bare": {"ITEM_PIPELINES": {}, "ARCHIVE_ENABLED": False},
    "full": {},
    "full, no entities": {
        "ITEM_PIPELINES": {
            "pipelines.stages.ExtractStage": 100,
            "pipelines.stages.CleanStage": 200,
            "pipelines.stages.DedupStage": 300,
            "pipelines.stages.StoreStage": 500,
        }
    },
    "full, no archive": {"ARCHIVE_ENABLED": False},
}


def crawl_once(mode: str, url: str, folder: Path) -> dict[str, float]:
    """Runs one crawl in a process of its own and returns its figures."""
    command = [sys.executable, "-m", "benchmarks.crawl", "--one", mode, "--folder", str(folder)]
    environment = {**os.environ, "http_proxy": url, "DATA_DIR": str(folder)}
    environment["DATABASE_URL"] = f"sqlite:///{folder}/news.db"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the crawl {mode!r} failed:\n{done.stderr[-3000:]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _one(mode: str) -> None:
    """Crawls in this process and prints the figures as JSON."""
    from scrapy import signals
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    from pipelines.stages import worker_pool

    settings = get_project_settings()
    settings.setdict({**FAST, **MODES[mode]}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler("big_site")
    figures: dict[str, float] = {}

    def measure() -> None:
        figures["workers_mb"] = max((_peak_mb(pid) for pid in worker_pool(crawler).pids()), default=0.0)

    crawler.signals.connect(measure, signals.spider_closed)
    process.crawl(crawler)
    process.start()
    assert crawler.stats is not None
    stats = crawler.stats.get_stats()
    figures |= {
        "pages": stats["response_received_count"],
        "articles": stats.get("store/new_articles", 0),
        "related": stats.get("store/copies", 0) + stats.get("store/reprints", 0),
        "seconds": stats["elapsed_time_seconds"],
        "main_mb": _peak_mb(os.getpid()),
        "cpu_seconds": sum(os.times()[:2]),
    }
    print(json.dumps(figures))


def _peak_mb(pid: int) -> float:
    """Returns the peak resident memory of a process in MB; 0 where /proc does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Crawls in every mode, in turn, and prints the table of medians."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--count", type=int, default=COUNT, help="article pages of the site")
    parser.add_argument("--rounds", type=int, default=3, help="crawls in each mode")
    parser.add_argument("--modes", nargs="+", choices=MODES, default=["bare", "full"])
    parser.add_argument("--one", choices=MODES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    wish = parser.parse_args()
    if wish.one:
        _one(wish.one)
        return
    found: dict[str, list[dict[str, float]]] = {mode: [] for mode in wish.modes}
    with DemoServer(site=SITE, options={"count": wish.count}) as server:
        for _ in range(wish.rounds):
            for mode in wish.modes:
                with tempfile.TemporaryDirectory() as folder:
                    found[mode].append(crawl_once(mode, server.proxy_url, Path(folder)))
    _print(found, wish.count)


def _print(found: dict[str, list[dict[str, float]]], count: int) -> None:
    def median(mode: str, key: str) -> float:
        return statistics.median(run[key] for run in found[mode])

    def rate(mode: str) -> float:
        return statistics.median(run["pages"] / run["seconds"] for run in found[mode])

    table = Table(title=f"{count} article pages, medians of {len(next(iter(found.values())))} rounds")
    names = ("mode", "pages", "articles", "related", "pages/s", "against bare")
    for name in (*names, "main CPU s", "main MB", "worker MB"):
        table.add_column(name, justify="left" if name == "mode" else "right")
    for mode in found:
        ratio = f"{rate(mode) / rate('bare'):.2f}" if "bare" in found else ""
        whole = [f"{median(mode, key):.0f}" for key in ("pages", "articles", "related")]
        sizes = [f"{median(mode, key):.0f}" for key in ("main_mb", "workers_mb")]
        table.add_row(mode, *whole, f"{rate(mode):.0f}", ratio, f"{median(mode, 'cpu_seconds'):.1f}", *sizes)
    Console(width=120).print(table)
    reprints = sum(1 for original in big_expected(count).values() if original)
    print(f"the site holds {count} articles, {reprints} of them reprints")


if __name__ == "__main__":
    main()
