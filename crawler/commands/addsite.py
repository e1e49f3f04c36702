"""`scrapy addsite`: looks at a home page and writes a site file for it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.console import complain, console, show_rows, table

if TYPE_CHECKING:
    from crawler.survey.proposal import Proposal

DEFAULT_FOLDER = "my_sites"
"""Where the file goes when neither --dir nor SITES_DIR says."""


class Command(ScrapyCommand):
    """Exits 0 when articles could be read and the file was written, 1 when not, 2 on wrong use."""

    requires_project = True

    def syntax(self) -> str:
        """How the command is called."""
        return "URL [--name NAME] [--dir FOLDER] [--javascript]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Look at a site's home page and propose a site file"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}: finds lists, feeds and site maps, proposes link patterns, tries a handful "
            "of articles and shows what it would read in them. Nothing is stored. "
            "Example: scrapy addsite http://news.qinghe.example/gongyi/ --dir my_sites"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --name, --dir, --javascript, --dry-run and --force."""
        super().add_options(parser)
        parser.add_argument("--name", default="", help="the site's name (default: from its host)")
        parser.add_argument(
            "--dir",
            default="",
            metavar="FOLDER",
            help="where the file goes (default: SITES_DIR, or my_sites)",
        )
        parser.add_argument("--javascript", action="store_true", help="draw pages in a browser")
        parser.add_argument("--dry-run", action="store_true", help="print the file, and write nothing")
        parser.add_argument("--force", action="store_true", help="write over a file of that name")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Keeps the log to errors."""
        super().process_options(args, opts)
        assert self.settings is not None
        self.settings.set("LOG_LEVEL", opts.loglevel or "CRITICAL", priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Looks, shows, and writes."""
        from crawler.middlewares.browser import BrowserMissing
        from crawler.site import SiteFileError, read_site
        from crawler.survey.explore import SurveyError
        from pipelines.urls import canonical_url

        if len(args) != 1:
            raise UsageError("name the URL of a home page")
        try:
            url = canonical_url(args[0])
            if opts.name:
                read_site(
                    f'name = "{opts.name}"\n[[start]]\nkind = "list"\nurl = "{url}"\n', "--name", opts.name
                )
        except (ValueError, SiteFileError) as error:
            complain(str(error))
            self.exitcode = 2
            return
        try:
            made = self._explore(url, opts)
        except (SurveyError, BrowserMissing) as error:
            complain(str(error))
            self.exitcode = 1
            return
        text = made.as_toml(datetime.now(UTC).date())
        out = console()
        show(out, made)
        if opts.dry_run:
            out.out(text, end="")
        else:
            self._write(out, made.name, text, opts)
        if not any(not sample.problem for sample in made.samples):
            complain(f"{url}: none of {len(made.samples)} articles could be read")
            self.exitcode = 1

    def _explore(self, url: str, opts: argparse.Namespace) -> Proposal:
        from crawler.survey.asking import Ask, ask
        from crawler.survey.explore import explore

        assert self.crawler_process is not None
        found: list[Proposal] = []

        async def job(asking: Ask) -> None:
            found.append(await explore(asking, url, opts.name, opts.javascript))

        ask(self.crawler_process, job, javascript=opts.javascript)
        return found[0]

    def _write(self, out: Console, name: str, text: str, opts: argparse.Namespace) -> None:
        assert self.settings is not None
        folder = opts.dir or self.settings.get("SITES_DIR") or DEFAULT_FOLDER
        path = Path(folder) / f"{name}.toml"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w" if opts.force else "x", encoding="utf-8") as stream:
                stream.write(text)
        except FileExistsError:
            complain(f"{path} is there already; --force writes over it, --name takes another name")
            self.exitcode = 1
            return
        except OSError as error:
            complain(f"{path}: {error.strerror}")
            self.exitcode = 1
            return
        out.print(f"written: {path}")
        out.print(f"try it:  scrapy crawl {name} -s SITES_DIR={folder} -a max_pages=10", soft_wrap=True)


def show(out: Console, made: Proposal) -> None:
    """Prints the start pages, the patterns, and what was read in the articles that were tried."""
    out.print(f"{made.name}: {made.publisher}")
    rows = [(start.kind, start.url, len(start.articles)) for start in made.starts]
    out.print(table(("start page", "URL", "articles"), rows))
    for pattern in made.patterns:
        out.print(f"pattern: {pattern}", markup=False)
    samples = []
    for sample in made.samples:
        article = sample.article
        when = article.published.isoformat() if article and article.published else ""
        read = (
            (article.title, when, article.source, "、".join(article.authors)) if article else ("", "", "", "")
        )
        samples.append((sample.url, *read, len(article.body) if article else 0, sample.problem))
    show_rows(out, ("URL", "title", "published", "source", "authors", "characters", "problem"), samples)
