"""`scrapy export`: a view of the store as CSV, JSON Lines or Parquet, or the whole store as a SQLite file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.console import complain

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.export import Selection


class Command(ScrapyCommand):
    """Streams rows, so that memory stays flat; the exit code is 1 when the database or the file refuses."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """How the command is called."""
        return "VIEW [--format csv|jsonl|parquet] [--out FILE] [--since DAY] [--until DAY] [--where SQL]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Export a view, or with --sqlite the whole store"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}. VIEW is one of docs/queries.md. A CSV file begins with a byte order "
            "mark, so that Excel reads it. Example: scrapy export articles --since 2026-09-01 "
            "--where \"site = 'people_gongyi'\" --out september.csv"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --format, --out, --since, --until, --where and --sqlite."""
        super().add_options(parser)
        formats = ("csv", "jsonl", "parquet")
        parser.add_argument("--format", choices=formats, default="csv", help="default: csv")
        parser.add_argument("-o", "--out", metavar="FILE", help="write to FILE instead of standard output")
        parser.add_argument("--since", metavar="DAY", help="published on that day or later, as 2026-09-01")
        parser.add_argument("--until", metavar="DAY", help="published on that day or earlier")
        parser.add_argument("--where", metavar="SQL", default="", help="a condition on the view's columns")
        parser.add_argument("--sqlite", metavar="FILE", help="write the whole store to a new SQLite file")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exports."""
        from storage import StoreError  # late: every scrapy command imports this module
        from storage.export import Selection, snapshot
        from storage.query import read_store

        if bool(opts.sqlite) == bool(args) or len(args) > 1:
            raise UsageError("name one view, or --sqlite FILE for the whole store")
        if opts.format == "parquet" and not opts.sqlite and not opts.out:
            raise UsageError("parquet needs --out FILE")
        since, until = _day(opts.since), _day(opts.until)
        assert self.settings is not None
        try:
            with read_store(self.settings["DATABASE_URL"]) as connection:
                if opts.sqlite:
                    with _progress(lambda: None) as note:
                        snapshot(connection, Path(opts.sqlite), note)
                else:
                    _export(connection, Selection(args[0], since, until, opts.where), opts)
        except StoreError as error:
            complain(str(error))
            self.exitcode = 1
        except OSError as error:
            complain(f"{error.filename or opts.out or 'standard output'}: {error.strerror}")
            self.exitcode = 1


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f"{text!r} is no day: write 2026-09-01") from None


def _export(connection: Connection, selection: Selection, opts: argparse.Namespace) -> None:
    from storage.export import (
        complete_file,
        count,
        open_rows,
        write_csv,
        write_json_lines,
        write_parquet,
    )

    write = write_csv if opts.format == "csv" else write_json_lines
    encoding = "utf-8-sig" if opts.format == "csv" else "utf-8"
    with (
        _progress(lambda: count(connection, selection)) as note,
        open_rows(connection, selection) as (columns, rows),
    ):
        if not opts.out:
            write(sys.stdout, columns, rows, note)
            return
        with complete_file(Path(opts.out)) as part:
            if opts.format == "parquet":
                write_parquet(part, columns, rows, note)
                return
            with part.open("w", encoding=encoding, newline="") as out:
                write(out, columns, rows, note)


@contextmanager
def _progress(total: Callable[[], int | None]) -> Iterator[Callable[[int], None]]:
    """A bar on standard error when that is a terminal; only then are the rows counted beforehand."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("rows"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("rows", total=total())
        yield lambda rows: progress.advance(task, rows)
