"""`scrapy sites`: what sites there are, and whether their files keep the rules."""

from __future__ import annotations

import argparse
import json
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.console import complain, console, table
from crawler.loader import load_site, site_files
from crawler.site import Site, SiteFileError
from crawler.sitecheck import check_site


class Command(ScrapyCommand):
    """Lists sites; with --check, exits 1 when a site file breaks a rule."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """How the command is called."""
        return "[--check | --json]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "List the sites, and when each was last verified live"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}. With --check, read every site file and report each rule that it breaks: "
            "names, patterns that match their own example URLs, metadata. Example: scrapy sites --check"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --check and --json."""
        super().add_options(parser)
        parser.add_argument("--check", action="store_true", help="check every site file")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints the sites, or what is wrong with their files."""
        if args:
            raise UsageError("takes no arguments")
        assert self.settings is not None
        files = site_files(self.settings)
        if opts.check:
            problems = [line for name in sorted(files) for line in check_site(files[name])]
            for line in problems:
                complain(line)
            self.exitcode = 1 if problems else 0
            console().print(f"{len(files)} site files, {len(problems)} problems")
            return
        sites = []
        for name in sorted(files):
            try:
                sites.append(load_site(files[name]))
            except SiteFileError as error:
                complain(str(error))
                self.exitcode = 1
        out = console()
        if opts.json:
            for site in sites:
                out.out(json.dumps(_record(site), ensure_ascii=False))
            return
        rows = [list(_record(site).values()) for site in sites]
        out.print(table(list(_record(sites[0])) if sites else [], rows))


def _record(site: Site) -> dict[str, Any]:
    return {
        "site": site.name,
        "publisher": site.publisher,
        "home page": site.home_page,
        "start pages": ", ".join(dict.fromkeys(page.kind for page in site.start)),
        "every": _hours(site.interval.total_seconds()),
        "verified live": site.verified.isoformat() if site.verified else "never",
    }


def _hours(seconds: float) -> str:
    for unit, length in (("d", 86400), ("h", 3600)):
        if seconds % length == 0:
            return f"{seconds / length:.0f}{unit}"
    return f"{seconds / 60:.0f}m"
