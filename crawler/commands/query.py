"""`scrapy query`: one SQL query against the store, read-only, whichever database it is."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable
from itertools import islice

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.console import complain, console, show_rows

FORMATS = ("table", "csv", "json")
TABLE_ROWS = 200
"""How many rows a table shows; csv and json have no such limit."""


class Command(ScrapyCommand):
    """Prints the rows of a query; the exit code is 1 when the database refuses it."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """How the command is called."""
        return "SQL [--format table|csv|json]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Ask the store in SQL, read-only"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}; the views are described in docs/queries.md. "
            'Example: scrapy query "SELECT site, count(*) AS articles FROM articles GROUP BY site"'
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --format."""
        super().add_options(parser)
        parser.add_argument("--format", choices=FORMATS, default="table", help="default: table")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Runs the query and prints what it gives."""
        from storage import StoreError  # late: every scrapy command imports this module
        from storage.columns import plain
        from storage.query import read_only, run_query

        if len(args) != 1:
            raise UsageError("give one SQL query, in quotes")
        assert self.settings is not None
        try:
            with read_only(self.settings["DATABASE_URL"]) as connection:
                result = run_query(connection, args[0])
                _print(list(result.keys()), ([plain(v) for v in row] for row in result), opts.format)
        except StoreError as error:
            complain(str(error))
            self.exitcode = 1


def _print(columns: list[str], rows: Iterable[Iterable[object]], form: str) -> None:
    if form == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(columns)
        writer.writerows(rows)
    elif form == "json":
        for row in rows:
            sys.stdout.write(
                json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str)
            )
            sys.stdout.write("\n")
    else:
        waiting = iter(rows)
        shown = [list(row) for row in islice(waiting, TABLE_ROWS)]
        out = console()
        show_rows(out, columns, shown)
        if next(waiting, None) is not None:
            out.print(f"the first {TABLE_ROWS} rows; --format csv gives all")
