"""`scrapy crawlall`: many sites in one process, with a live line and a closing table."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import time
from collections import Counter, deque
from collections.abc import Iterator

from rich.console import Console
from scrapy.commands import BaseRunSpiderCommand
from scrapy.crawler import Crawler

from crawler.console import complain, console, table
from crawler.outcome import Outcome, outcome
from crawler.progress import show_progress
from crawler.site import SiteFileError

DEMO_PACKAGE = "crawler.demo.sites"


class Command(BaseRunSpiderCommand):
    """Exits 0 when every crawl did its work, 1 when one failed or was stopped, 2 on wrong use."""

    requires_project = True

    def __init__(self) -> None:
        super().__init__()
        self.crawlers: list[Crawler] = []
        self.outcomes: list[Outcome] = []
        self.waiting: deque[str] = deque()
        self.spider_arguments: dict[str, str] = {}

    def syntax(self) -> str:
        """How the command is called."""
        return "[--demo | SITE...] [-a NAME=VALUE]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Crawl the named sites, or all, into the database"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()} that DATABASE_URL names, several at a time (setting CONCURRENT_SITES). "
            "With --demo it serves the bundled demo site on a loopback port and crawls that. "
            "Example: scrapy crawlall people_gongyi mca -a since=2026-11-01"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --demo and --demo-port."""
        super().add_options(parser)
        parser.add_argument("--demo", action="store_true", help="crawl the bundled demo site")
        parser.add_argument(
            "--demo-port", type=int, default=0, metavar="PORT", help="port (default: a free one)"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Makes the demo sites known when they are asked for, and keeps the log to errors."""
        super().process_options(args, opts)
        assert self.settings is not None
        self.settings.set("LOG_LEVEL", opts.loglevel or "ERROR", priority="cmdline")
        if opts.demo:
            self.settings.set("SITE_PACKAGES", [DEMO_PACKAGE], priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawls, then prints the table and what to try next."""
        assert self.crawler_process is not None
        names = args or sorted(self.crawler_process.spider_loader.list())
        unknown = [n for n in names if n not in self.crawler_process.spider_loader.list()]
        if unknown or not names:
            complain(
                f"no site is named {unknown[0]!r}; see: scrapy list" if unknown else "there are no sites"
            )
            self.exitcode = 2
            return
        out = console()
        self.spider_arguments = opts.spargs
        try:
            with demo_site(opts.demo_port) if opts.demo else contextlib.nullcontext():
                seconds = self._crawl(names, out)
        except OSError as error:  # the demo's port is taken
            complain(str(error))
            self.exitcode = 1
            return
        self._report(out, seconds)

    def _crawl(self, names: list[str], out: Console) -> float:
        assert self.crawler_process is not None
        assert self.settings is not None
        began = time.monotonic()
        self.waiting.extend(names)
        loop = asyncio.get_event_loop()
        line = loop.create_task(show_progress(out, self.crawlers, lambda: len(self.waiting)))
        for _ in range(self.settings.getint("CONCURRENT_SITES")):
            self._start_next()
        self.crawler_process.start()
        line.cancel()
        return time.monotonic() - began

    def _start_next(self) -> None:
        """Starts the next site that waits, and sees to it that another follows it."""
        assert self.crawler_process is not None
        if not self.waiting:
            return
        name = self.waiting.popleft()
        try:
            crawler = self._create_crawler(name)
        except SiteFileError as error:
            self.outcomes.append(Outcome(name, reason="not_started", problem=str(error)))
            self._start_next()
            return
        self.crawlers.append(crawler)
        task = self.crawler_process.crawl(crawler, **self.spider_arguments)
        assert isinstance(task, asyncio.Task)
        task.add_done_callback(lambda done: self._finished(crawler, done))

    def _finished(self, crawler: Crawler, task: asyncio.Task[None]) -> None:
        ended = outcome(crawler)
        if error := task.exception():
            ended.problem = " ".join(f"{error}".split()) or type(error).__name__
        self.outcomes.append(ended)
        if ended.reason == "shutdown":  # Ctrl-C is meant for all of them
            self.waiting.clear()
        self._start_next()

    def _report(self, out: Console, seconds: float) -> None:
        out.print(outcome_table(self.outcomes, seconds))
        failures = sum((o.failures for o in self.outcomes), Counter[str]())
        if failures:
            out.print(table(["failed pages by reason", ""], failures.most_common()))
        for ended in self.outcomes:
            if ended.problem:
                complain(f"{ended.site}: {ended.problem}")
                self.exitcode = 1
        if any(o.new_articles or o.unchanged for o in self.outcomes):
            from crawler.tour import next_steps  # late: every scrapy command imports this module

            assert self.settings is not None
            next_steps(out, self.settings)


@contextlib.contextmanager
def demo_site(port: int) -> Iterator[None]:
    """Serves the demo site, and sends the requests of this process to it as to a proxy."""
    from crawler.demo.server import DemoServer  # late: every scrapy command imports this module

    with DemoServer(port=port) as server:
        before = {name: os.environ.pop(name, None) for name in ("http_proxy", "no_proxy")}
        os.environ["http_proxy"] = server.proxy_url
        try:
            yield
        finally:
            del os.environ["http_proxy"]
            os.environ.update({name: value for name, value in before.items() if value is not None})


def outcome_table(outcomes: list[Outcome], seconds: float) -> object:
    """Returns one row a site, and a row for all of them when there is more than one."""
    rows: list[list[object]] = [_row(o) for o in sorted(outcomes, key=lambda o: o.site)]
    if len(rows) > 1:
        numbers = [sum(row[i] for row in rows) for i in range(1, 8)]  # type: ignore[misc]
        rows.append(["all", *numbers, round(seconds, 1)])
    names = "site, pages fetched, new articles, new versions, unchanged, copies, reprints, failed, seconds"
    return table(names.split(", "), rows)


def _row(o: Outcome) -> list[object]:
    return [
        o.site,
        o.fetched,
        o.new_articles,
        o.new_versions,
        o.unchanged,
        o.copies,
        o.reprints,
        o.failures.total(),
        round(o.seconds, 1),
    ]
