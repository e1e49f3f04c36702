"""`scrapy search`: full-text search over the store, whichever database it is."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.console import complain, console

if TYPE_CHECKING:
    from storage.search import Hit, Results

FORMATS = ("table", "json", "csv")
LIMIT = 20
"""How many hits are shown when --limit does not say."""

_FIELDS = ("id", "url", "site", "publisher", "title", "source", "published_day", "published_at", "snippet")


class Command(ScrapyCommand):
    """Prints the articles that a query finds; the exit code is 2 for a query that can't be understood."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """How the command is called."""
        return "QUERY [--sort relevance|date] [--limit N] [--offset N] [--format table|json|csv]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Search the text of all stored articles"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}. Words are found in any script and width, also single characters; "
            'several must all occur. "..." is a phrase; OR, -word and brackets combine; fields are '
            "title: site: source: org: person: place: topic: from: to:. See docs/search.md. "
            "Example: scrapy search '义诊 (志愿者 OR 社工) -招聘 from:2026-09'"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --sort, --limit, --offset and --format."""
        super().add_options(parser)
        parser.add_argument(
            "--sort", choices=("relevance", "date"), default="relevance", help="default: relevance"
        )
        parser.add_argument("--limit", type=int, default=LIMIT, help=f"hits to show; default: {LIMIT}")
        parser.add_argument("--offset", type=int, default=0, help="hits to leave out first; default: 0")
        parser.add_argument("--format", choices=FORMATS, default="table", help="default: table")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Searches and prints what is found."""
        from storage import StoreError  # late: every scrapy command imports this module
        from storage.query import read_store
        from storage.search import QueryError, parse, search

        if not args:
            raise UsageError("give a query, in quotes")
        if opts.limit < 1 or opts.offset < 0:
            raise UsageError("--limit is at least 1, --offset at least 0")
        assert self.settings is not None
        try:
            query = parse(" ".join(args))
            with read_store(self.settings["DATABASE_URL"]) as connection:
                results = search(connection, query, opts.sort, opts.limit, opts.offset)
            _print(results, opts)
        except QueryError as error:
            complain(str(error))
            self.exitcode = 2
        except StoreError as error:
            complain(str(error))
            self.exitcode = 1


def _print(results: Results, opts: argparse.Namespace) -> None:
    if opts.format == "table":
        _print_table(results, opts.offset)
    elif opts.format == "csv":
        writer = csv.DictWriter(sys.stdout, _FIELDS, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(map(_record, results.hits))
    else:
        for hit in results.hits:
            sys.stdout.write(json.dumps(_record(hit), ensure_ascii=False) + "\n")


def _record(hit: Hit) -> dict[str, Any]:
    from storage.columns import plain

    record = {name: plain(getattr(hit, name)) for name in _FIELDS}
    return record | {"title_spans": hit.title_spans, "snippet_spans": hit.snippet_spans}


def _print_table(results: Results, offset: int) -> None:
    out = console()
    if not results.hits:
        out.print("no article" if not results.total else f"no article behind the first {results.total}")
        return
    made = Table(header_style="bold", show_lines=True)
    made.add_column("", justify="right")
    made.add_column("date", no_wrap=True)
    made.add_column("site")
    made.add_column("article", overflow="fold")
    for number, hit in enumerate(results.hits, offset + 1):
        article = _marked(hit.title, hit.title_spans, "bold")
        article.append("\n").append(_marked(hit.snippet, hit.snippet_spans, ""))
        article.append(f"\n{hit.url}", "dim")
        made.add_row(str(number), str(hit.published_day or ""), hit.publisher or hit.site, article)
    out.print(made)
    total = f"more than {results.total}" if results.more else str(results.total)
    out.print(f"{offset + 1} to {offset + len(results.hits)} of {total}", highlight=False)


def _marked(text: str, spans: Iterable[tuple[int, int]], style: str) -> Text:
    """The text with its hits in 【】, which a pipe shows as well, and in colour on a terminal."""
    made, at = Text(style=style), 0
    for start, end in spans:
        made.append(text[at:start]).append(f"【{text[start:end]}】", "bold red")
        at = end
    return made.append(text[at:])
