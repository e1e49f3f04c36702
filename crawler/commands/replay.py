"""`scrapy replay`: archived pages through today's stages, and what they say now that they did not say."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.console import complain, console, existing

if TYPE_CHECKING:
    from crawler.replay.changes import Report
    from crawler.replay.plan import Plan

REFRESH_SECONDS = 0.25


class Command(ScrapyCommand):
    """Exits 0 when all was read, 1 when a record was damaged or the store failed, 2 on wrong use."""

    requires_project = True

    def syntax(self) -> str:
        """How the command is called."""
        return "WARC... | --from-archive [--site NAME] [--since DAY] [--language CODE] [--dry-run]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Run archived pages through today's stages without fetching, and show what changes"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}. Reads WARC files and folders of them, ours and those of other tools, "
            "into the database that DATABASE_URL names. A page that is stored is read again, also when "
            "a stage had failed on it; what is unchanged stays as it is. "
            "Example: scrapy replay --from-archive --site people_gongyi --since 2026-11-01 --dry-run"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds the choice of pages, --dry-run, --show and --out."""
        super().add_options(parser)
        parser.add_argument("--from-archive", action="store_true", help="read DATA_DIR/archive")
        parser.add_argument(
            "--site", action="append", default=[], metavar="NAME", help="only pages of this site, or host"
        )
        parser.add_argument("--since", metavar="DAY", help="only pages fetched on this day (UTC) or later")
        parser.add_argument(
            "--language", action="append", default=[], metavar="CODE", help="only pages in it, such as zh"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would change, and store nothing"
        )
        parser.add_argument(
            "--show", type=int, metavar="N", help="changed pages that are shown (default: 10)"
        )
        parser.add_argument("-o", "--out", metavar="FILE", help="write every change to FILE as JSON Lines")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Keeps the log to errors, and says whether anything is stored."""
        super().process_options(args, opts)
        assert self.settings is not None
        self.settings.set("LOG_LEVEL", opts.loglevel or "ERROR", priority="cmdline")
        self.settings.set("REPLAY_DRY_RUN", opts.dry_run, priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Replays, then prints what changed."""
        from crawler.replay.changes import SHOWN, Report, print_report
        from crawler.replay.plan import PlanError

        if bool(args) == opts.from_archive:
            raise UsageError("name WARC files or folders, or --from-archive")
        try:
            plan = self._plan(args, opts)
        except PlanError as error:
            complain(str(error))
            self.exitcode = 2
            return
        try:
            with _sink(opts.out) as write:
                report = Report(SHOWN if opts.show is None else max(0, opts.show), write)
                problem = self._replay(plan, report)
        except OSError as error:
            complain(f"{error.filename or opts.out}: {error.strerror}")
            self.exitcode = 1
            return
        if report.read or not problem:
            print_report(console(), report)
        if problem:
            complain(problem)
        if problem or report.unread:
            self.exitcode = 1

    def _plan(self, args: list[str], opts: argparse.Namespace) -> Plan:
        from crawler.archive import ARCHIVE_FOLDER
        from crawler.loader import site_files
        from crawler.replay.plan import Plan, PlanError, day, read_sites, warc_files

        assert self.settings is not None
        paths, missing = existing(args or [str(Path(self.settings["DATA_DIR"]) / ARCHIVE_FOLDER)])
        if missing:
            raise PlanError(missing[0])
        since = day(opts.since)
        sites = read_sites(site_files(self.settings), opts.site)
        for line in sites.problems:
            complain(line)
        return Plan(tuple(warc_files(paths)), sites, since, frozenset(opts.language))

    def _replay(self, plan: Plan, report: Report) -> str:
        """Runs the spider; returns in one line what went wrong, "" when nothing did."""
        from crawler.outcome import outcome
        from crawler.replay.spider import ReplaySpider

        assert self.crawler_process is not None
        out = console(sys.stderr)
        crawler = self.crawler_process.create_crawler(ReplaySpider)
        task = self.crawler_process.crawl(crawler, plan=plan, report=report, complain=complain)
        assert isinstance(task, asyncio.Task)
        errors: list[BaseException] = []
        task.add_done_callback(lambda done: errors.extend(filter(None, [done.exception()])))
        total = sum(path.stat().st_size for path in plan.files)
        bar = asyncio.get_event_loop().create_task(
            _show(out, total, lambda: (getattr(crawler.spider, "bytes_read", 0), report.read))
        )
        self.crawler_process.start()
        bar.cancel()
        if errors:
            return f"{type(errors[0]).__name__}: {errors[0]}"
        return outcome(crawler).problem


@contextlib.contextmanager
def _sink(name: str | None) -> Iterator[Callable[[dict[str, Any]], None] | None]:
    """What writes one JSON object a line to a file; None without a file."""
    if name is None:
        yield None
        return
    with Path(name).open("w", encoding="utf-8") as stream:
        yield lambda record: print(json.dumps(record, ensure_ascii=False), file=stream)


async def _show(out: Console, total: int, now: Callable[[], tuple[int, int]]) -> None:
    """Keeps a bar of the bytes and pages that were read, until it is cancelled."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("replay"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[pages]} pages, {task.fields[rate]:.0f}/s"),
        TimeRemainingColumn(),
    )
    loop = asyncio.get_running_loop()
    began = loop.time()
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task("", total=total, pages=0, rate=0.0)
        while True:
            done, pages = now()
            bar.update(task, completed=done, pages=pages, rate=pages / max(loop.time() - began, 1e-3))
            await asyncio.sleep(REFRESH_SECONDS)
