"""`scrapy check`: whether site files fit their sites, live or by saved pages.

Scrapy's own command of that name runs the contracts of spiders; it still does
for spiders that are written by hand. A site file has no contracts: its rules,
start pages and articles are looked at instead.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from scrapy.commands import check
from scrapy.exceptions import UsageError

from crawler.console import complain, console, existing, table
from crawler.loader import load_site, site_files
from crawler.sitecheck import check_site


class Command(check.Command):
    """Exits 0 when nothing is missing, 1 when something is, 2 on wrong use."""

    def syntax(self) -> str:
        """How the command is called."""
        return "NAME... [--saved PATH]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Check site files against their sites, live or by saved pages"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}: the rules of the file, whether each start page leads to articles, and "
            "what is read in a handful of them. Stores nothing. `scrapy sites --check` keeps to the files. "
            "Example: scrapy check people_gongyi --saved data/archive"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --saved."""
        super().add_options(parser)
        parser.add_argument(
            "--saved", action="append", default=[], metavar="PATH", help="read pages from WARC or HTML files"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks sites; spiders written by hand are left to Scrapy."""
        assert self.settings is not None
        assert self.crawler_process is not None
        files = site_files(self.settings)
        spiders = [name for name in args if name not in files]
        unknown = [name for name in spiders if name not in self.crawler_process.spider_loader.list()]
        if not args:
            raise UsageError("name one site or more; see: scrapy list")
        if opts.list or (spiders and not unknown):
            if len(spiders) != len(args):
                raise UsageError("check spiders written by hand apart from sites")
            super().run(args, opts)
            return
        paths, missing = existing(opts.saved)
        missing += [f"no site is named {name!r}; see: scrapy list" for name in unknown]
        if missing:
            complain(missing[0])
            self.exitcode = 2
            return
        self._check({name: files[name] for name in args}, paths)

    def _check(self, files: dict[str, Traversable], paths: Sequence[Path]) -> None:
        from crawler.middlewares.browser import BrowserMissing
        from crawler.survey.asking import Ask, ask
        from crawler.survey.checking import Check, check_pages, saved_pages

        assert self.crawler_process is not None
        for line in (line for name in files for line in check_site(files[name])):
            self._fail(line)
        # a file that can't be read at all was told just now
        sites = [load_site(file) for file in files.values() if _readable(file)]
        found: list[Check] = []

        async def job(asking: Ask) -> None:
            for site in sites:
                answer, lines = saved_pages(paths, site) if paths else (asking, [])
                for line in lines:
                    self._fail(line)
                found.append(await check_pages(answer, site))

        if sites:
            delay = max((site.delay for site in sites if site.delay is not None), default=None)
            javascript = not paths and any(site.javascript for site in sites)
            settings = {} if delay is None else {"DOWNLOAD_DELAY": delay}
            try:
                ask(self.crawler_process, job, javascript=javascript, **settings)
            except BrowserMissing as error:
                self._fail(str(error))
        out = console()
        for one in found:
            rows = [(start.kind, start.url, len(start.articles)) for start in one.starts]
            out.print(table((one.site.name, "URL", "articles"), rows))
            read = len(one.samples)
            out.print(table((f"of {read} articles", "have it"), one.fields.items()))
            for line in one.problems:
                self._fail(f"{one.site.name}: {line}")

    def _fail(self, line: str) -> None:
        complain(line)
        self.exitcode = 1


def _readable(file: Traversable) -> bool:
    from crawler.site import SiteFileError

    try:
        load_site(file)
    except SiteFileError:
        return False
    return True
