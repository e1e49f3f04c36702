"""`scrapy inspect`: everything that the system sees in one page."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from scrapy import Request
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.console import complain, console
from crawler.inspection import inspect_page, show
from pipelines.models import Page


class Command(ScrapyCommand):
    """Shows one page; the exit code is 1 when it could not be fetched or read."""

    requires_project = True

    def syntax(self) -> str:
        """How the command is called."""
        return "URL|FILE [--json] [--explain]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Show everything that the system sees in one page"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}: an HTML file; a URL, fetched now with the selectors of its site file; "
            "or, with --stored, the URL's last fetch in the archive. Example: scrapy inspect page.html --json"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --json, --explain, --stored and --paragraphs."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object")
        parser.add_argument(
            "--explain", action="store_true", help="show each field's candidates and why one won"
        )
        parser.add_argument("--stored", action="store_true", help="read the last fetch from the archive")
        parser.add_argument("--paragraphs", type=int, default=0, metavar="N", help="show N of the body")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Keeps the log to errors; a page is shown, not a crawl."""
        super().process_options(args, opts)
        assert self.settings is not None
        self.settings.set("LOG_LEVEL", opts.loglevel or "ERROR", priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Finds the page, runs the stages on it and prints what they saw."""
        if len(args) != 1:
            raise UsageError("name one URL or file")
        found = self._find(args[0], opts.stored)
        if isinstance(found, str):
            complain(found)
            self.exitcode = 1
            return
        try:
            record = inspect_page(found, explained=opts.explain)
        except Exception as error:  # noqa: BLE001 - the one line that this command owes for any page
            complain(f"{args[0]}: {type(error).__name__}: {error}")
            self.exitcode = 1
            return
        out = console()
        if opts.json:
            out.out(json.dumps(record, ensure_ascii=False))
        else:
            show(out, record, opts.paragraphs)

    def _find(self, name: str, stored: bool) -> Page | str:
        """Returns the page, or in one line why there is none."""
        if stored:
            return self._from_archive(name)
        if name.startswith(("http://", "https://")):
            return self._fetch(name)
        from pipelines.extract.reading import Read, read_pages  # late: every command imports this module

        path = Path(name)
        if not path.is_file():
            return f"no such file: {name}"
        first = next(iter(read_pages(path)), None)
        if isinstance(first, Read):
            return first.page
        return first.message if first else f"{name} holds no page"

    def _fetch(self, url: str) -> Page | str:
        from crawler.middlewares.browser import BrowserMissing
        from crawler.pages import FetchFailure, page_of
        from crawler.site import read_site
        from crawler.survey.asking import Ask, ask

        assert self.crawler_process is not None
        spiders = self.crawler_process.spider_loader.find_by_request(Request(url))
        hints = self.crawler_process.spider_loader.load(spiders[0]).site if spiders else None  # type: ignore[attr-defined]
        found: list[Page | str] = []

        async def job(asking: Ask) -> None:
            response = await asking(url)
            if isinstance(response, FetchFailure):
                found.append(f"{url}: {response.message}")
                return
            assert response.request is not None
            site = hints or read_site(_site_of(response.url), "", "inspect")
            found.append(page_of(response, response.request, site))

        try:
            ask(self.crawler_process, job, javascript=bool(hints and hints.javascript))
        except BrowserMissing as error:
            return str(error)
        return found[0] if found else f"{url}: nothing was fetched; the log tells why"

    def _from_archive(self, url: str) -> Page | str:
        from pipelines.extract.reading import Read, read_record  # late: every command imports this module
        from pipelines.urls import canonical_url
        from storage import StoreError
        from storage.query import last_fetch, read_only

        assert self.settings is not None
        try:
            with read_only(self.settings["DATABASE_URL"]) as connection:
                place = last_fetch(connection, canonical_url(url))
        except (StoreError, ValueError) as error:
            return str(error)
        if place is None:
            return f"{url} was never fetched, or is not in the archive"
        try:
            read = read_record(Path(self.settings["DATA_DIR"]) / "archive" / place.file, place.offset)
        except OSError as error:
            return f"{url}: {error}"
        return read.page if isinstance(read, Read) else read.message


def _site_of(url: str) -> str:
    return f'name = "inspect"\n[[start]]\nkind = "list"\nurl = {json.dumps(url)}\n'
