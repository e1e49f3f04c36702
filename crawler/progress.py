"""The live line that shows how the crawls of a process get on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.live import Live
from rich.text import Text
from scrapy.crawler import Crawler

from crawler.outcome import queued, statistics

REFRESH_SECONDS = 0.25
PLAIN_SECONDS = 15.0
"""How often a line is written where there is no terminal to keep it on."""


def progress_line(crawlers: Sequence[Crawler], waiting: int, seconds: float) -> str:
    """Returns one line on all crawls: sites, pages and pages a second, articles, copies, failures, queue."""
    totals = dict.fromkeys(("response_received_count", "store/new_articles", "store/copies"), 0)
    failed = under_way = queue = 0
    for crawler in crawlers:
        values = statistics(crawler)
        under_way += crawler.crawling and "finish_reason" not in values
        queue += queued(crawler)
        for key in totals:
            totals[key] += values.get(key, 0)
        failed += sum(v for k, v in values.items() if k.startswith("store/page_failed/"))
    pages, new, copies = totals.values()
    rate = pages / seconds if seconds else 0.0
    sites = f"{under_way} sites" + (f" ({waiting} waiting)" if waiting else "")
    return (
        f"{sites}  {pages} pages  {rate:.0f} pages/s  {new} new articles  {copies} copies  "
        f"{failed} failed  {queue} queued  {seconds:.0f} s"
    )


async def show_progress(out: Console, crawlers: Sequence[Crawler], waiting: Callable[[], int]) -> None:
    """Keeps the line up to date until it is cancelled."""
    began = time.monotonic()
    if not out.is_terminal:
        while True:
            await asyncio.sleep(PLAIN_SECONDS)
            out.print(progress_line(crawlers, waiting(), time.monotonic() - began))
    with Live(console=out, transient=True, auto_refresh=False) as live:
        while True:
            line = progress_line(crawlers, waiting(), time.monotonic() - began)
            live.update(Text(line, style="cyan", no_wrap=True, overflow="ellipsis"), refresh=True)
            await asyncio.sleep(REFRESH_SECONDS)
