"""`scrapy crawlall`: many sites in one process, with a live line and a closing table."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from scrapy.commands import BaseRunSpiderCommand
from scrapy.crawler import Crawler

from crawler.console import complain, console, table
from crawler.json_logs import log_as_json
from crawler.outcome import ALARMED, Outcome, outcome
from crawler.progress import show_progress
from crawler.site import SiteFileError

DEMO_PACKAGE = "crawler.demo.sites"


class Command(BaseRunSpiderCommand):
    """Exits 0 when all is well, 3 when some sites failed or raised alarms, 1 when none worked."""

    requires_project = True

    def __init__(self) -> None:
        super().__init__()
        self.crawlers: list[Crawler] = []
        self.outcomes: list[Outcome] = []
        self.waiting: deque[str] = deque()
        self.spider_arguments: dict[str, str] = {}
        self.lease: dict[str, Any] = {}

    def syntax(self) -> str:
        """How the command is called."""
        return "[--demo | --all | SITE...] [--tag TAG] [--json] [-a NAME=VALUE]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Crawl the sites that are due, or those that are named"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}, into the database that DATABASE_URL names, several at a time (setting "
            "CONCURRENT_SITES). A site that another process crawls is left alone. With --demo it serves the "
            "bundled demo site on a loopback port and crawls that. "
            "Example: scrapy crawlall people_gongyi mca -a since=2026-11-01"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds what chooses sites, and --json."""
        super().add_options(parser)
        parser.add_argument("--site", action="append", default=[], metavar="SITE", help="crawl this site")
        parser.add_argument(
            "--tag", action="append", default=[], metavar="TAG", help="only sites whose file has this tag"
        )
        parser.add_argument("--all", action="store_true", help="crawl every site, due or not")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
        parser.add_argument("--demo", action="store_true", help="crawl the bundled demo site")
        parser.add_argument(
            "--demo-port", type=int, default=0, metavar="PORT", help="port (default: a free one)"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Makes the demo sites known when they are asked for, and keeps the log to errors."""
        super().process_options(args, opts)
        assert self.settings is not None
        self.settings.set("LOG_LEVEL", opts.loglevel or "ERROR", priority="cmdline")
        log_as_json(self.settings)
        if opts.demo:
            self.settings.set("SITE_PACKAGES", [DEMO_PACKAGE], priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawls, then prints the table and what to try next."""
        from storage import StoreError  # late: every scrapy command imports this module

        try:
            names = self._choose([*args, *opts.site], opts)
        except LookupError as error:
            complain(str(error.args[0]))
            self.exitcode = 2
            return
        except (SiteFileError, StoreError) as error:
            complain(str(error))
            self.exitcode = 1
            return
        out = console()
        self.spider_arguments = opts.spargs
        try:
            with demo_site(opts.demo_port) if opts.demo else contextlib.nullcontext():
                seconds = self._crawl(names, out if not opts.json else None)
        except OSError as error:  # the demo's port is taken
            complain(str(error))
            self.exitcode = 1
            return
        self._report(out, seconds, as_json=opts.json)

    # --- which sites ---

    def _choose(self, named: list[str], opts: argparse.Namespace) -> list[str]:
        """The sites to crawl, the longest due first. Raises LookupError when a name or tag has none."""
        assert self.crawler_process is not None
        known = self.crawler_process.spider_loader.list()
        unknown = [name for name in named if name not in known]
        if unknown:
            raise LookupError(f"no site is named {unknown[0]!r}; see: scrapy list")
        names = list(dict.fromkeys(named)) or sorted(known)
        if not names:
            raise LookupError("there are no sites")
        if opts.tag:
            names = [name for name in names if set(opts.tag) & set(self._tags(name))]
            if not names:
                raise LookupError(f"no site has the tag {opts.tag[0]!r}")
        if named or opts.all or opts.demo:
            # another crawlall that was asked for the same sites may be at it already
            self.lease = {"LEASE_NOT_SINCE": datetime.now(UTC).isoformat()}
            return names
        self.lease = {"LEASE_DUE_ONLY": True}
        return self._due(names)

    def _tags(self, name: str) -> tuple[str, ...]:
        assert self.crawler_process is not None
        site = getattr(self.crawler_process.spider_loader.load(name), "site", None)
        return site.tags if site is not None else ()

    def _due(self, names: list[str]) -> list[str]:
        from storage import open_store  # late, as above
        from storage.leases import schedule

        assert self.settings is not None
        store = open_store(self.settings["DATABASE_URL"])
        try:
            planned = store.read(schedule, names)
        finally:
            store.close()
        now = datetime.now(UTC)
        due = [name for name in names if name not in planned or planned[name].due_at <= now]
        return sorted(due, key=lambda name: (name in planned and planned[name].due_at.timestamp(), name))

    # --- crawling them ---

    def _crawl(self, names: list[str], out: Console | None) -> float:
        assert self.crawler_process is not None
        assert self.settings is not None
        began = time.monotonic()
        if not names:
            return 0.0
        self.waiting.extend(names)
        loop = asyncio.get_event_loop()
        line = loop.create_task(show_progress(out, self.crawlers, lambda: len(self.waiting))) if out else None
        for _ in range(self.settings.getint("CONCURRENT_SITES")):
            self._start_next()
        self.crawler_process.start()
        if line is not None:
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
        for key, value in self.lease.items():
            crawler.settings.set(key, value, priority="cmdline")
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

    # --- what came of it ---

    def _report(self, out: Console, seconds: float, as_json: bool) -> None:
        crawled = [o for o in self.outcomes if not o.skipped]
        skipped = [o for o in self.outcomes if o.skipped]
        self.exitcode = exit_code(crawled)
        if as_json:
            record = {
                "exit_code": self.exitcode,
                "seconds": round(seconds, 1),
                "sites": [_record(o) for o in sorted(crawled, key=lambda o: o.site)],
                "skipped": {o.site: o.skipped for o in skipped},
            }
            out.out(json.dumps(record, ensure_ascii=False))
        elif self.outcomes:
            out.print(outcome_table(crawled, seconds))
            failures = sum((o.failures for o in crawled), Counter[str]())
            if failures:
                out.print(table(["failed pages by reason", ""], failures.most_common()))
        else:
            out.print("no site is due; --all crawls every site")
        for ended in skipped:
            complain(f"{ended.site} {ended.skipped}")
        for ended in crawled:
            if ended.problem:
                complain(f"{ended.site}: {ended.problem}")
            elif ended.alarms:
                complain(f"{ended.site}: {ended.alarms} alarms were raised; see: scrapy runs {ended.site}")
        if not as_json and any(o.new_articles or o.unchanged for o in crawled):
            from crawler.tour import next_steps  # late, as above

            assert self.settings is not None
            next_steps(out, self.settings)


def exit_code(crawled: list[Outcome]) -> int:
    """0 when all went well, 1 when nothing worked, 3 when some sites failed or raised alarms."""
    failed = [o for o in crawled if o.problem]
    if failed and len(failed) == len(crawled):
        return 1
    return ALARMED if failed or any(o.alarms for o in crawled) else 0


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


def _record(o: Outcome) -> dict[str, Any]:
    return {**asdict(o), "failures": dict(o.failures), "seconds": round(o.seconds, 1)}
