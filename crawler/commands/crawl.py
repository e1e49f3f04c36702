"""`scrapy crawl`: Scrapy's own command, with an exit code that tells how the crawl ended."""

from __future__ import annotations

import argparse
import asyncio
import difflib

from scrapy.commands import crawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError

from crawler.console import complain
from crawler.json_logs import log_as_json
from crawler.outcome import ALARMED, outcome
from crawler.site import SiteFileError


class Command(crawl.Command):
    """Exits 0 when the crawl did its work, 1 when it failed or was stopped, 2 on wrong use, 3 with alarms."""

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            "Crawl one site into the database that DATABASE_URL names. Arguments that every site takes: "
            "-a since=2026-11-01, -a max_pages=50, -a url=... (only this article). "
            "Example: scrapy crawl people_gongyi -a max_pages=50"
        )

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Sets the log up."""
        super().process_options(args, opts)
        assert self.settings is not None
        log_as_json(self.settings)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Runs the crawl, then says in one line what went wrong, if anything did."""
        if len(args) != 1:
            raise UsageError("name one site; see: scrapy list")
        try:
            crawler = self._create_crawler(args[0])
        except SiteFileError as error:
            self._refuse(str(error))
            return
        except KeyError:
            self._refuse(self._unknown(args[0]))
            return
        assert self.crawler_process is not None
        task = self.crawler_process.crawl(crawler, **opts.spargs)
        assert isinstance(task, asyncio.Task)
        errors: list[BaseException] = []
        task.add_done_callback(lambda done: errors.extend(filter(None, [done.exception()])))
        self.crawler_process.start()
        self._finish(crawler, errors)

    def _finish(self, crawler: Crawler, errors: list[BaseException]) -> None:
        if errors and isinstance(errors[0], ValueError):  # a wrong -a value
            self._refuse(str(errors[0]))
            return
        if errors:
            complain(f"{type(errors[0]).__name__}: {errors[0]}")
            self.exitcode = 1
            return
        ended = outcome(crawler)
        if ended.skipped:
            complain(f"{ended.site} {ended.skipped}")
            # who asks for sites that are due, as a job for all of them does, has got what was wanted
            self.exitcode = 0 if ended.reason == "not_due" else 1
        elif ended.problem:
            complain(f"{ended.site}: {ended.problem}")
            self.exitcode = 1
        elif ended.alarms:
            complain(f"{ended.site}: {ended.alarms} alarms were raised; see: scrapy runs {ended.site}")
            self.exitcode = ALARMED

    def _unknown(self, name: str) -> str:
        assert self.crawler_process is not None
        close = difflib.get_close_matches(name, self.crawler_process.spider_loader.list(), n=1)
        hint = f"did you mean {close[0]}?" if close else "see: scrapy list"
        return f"no site is named {name!r}; {hint}"

    def _refuse(self, message: str) -> None:
        complain(message)
        self.exitcode = 2
