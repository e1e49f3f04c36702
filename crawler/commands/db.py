"""`scrapy db`: is the store whole, how large is it, what can go, and are its tables those of this program."""

from __future__ import annotations

import argparse
import re
from datetime import timedelta
from pathlib import Path

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.archive import ARCHIVE_FOLDER
from crawler.console import complain, console, table

ACTIONS = ("check", "stats", "vacuum", "migrate")
_AGE = re.compile(r"(\d{1,5})d")


class Command(ScrapyCommand):
    """The exit code is 1 when something is wrong with the store, or it can't be used."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """How the command is called."""
        return "check|stats|vacuum|migrate [--drop-archive-older-than DAYS]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Check, measure, tidy or upgrade the store"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}. check: damage, orphan rows, offsets, summaries, search index. "
            "stats: rows and bytes of each table. vacuum: gives room back, "
            "merges the search index and mends summaries; "
            "with --drop-archive-older-than it first deletes old archive files, whose rows stay. "
            "migrate: brings tables and views to this version, as every crawl does. "
            "Example: scrapy db vacuum --drop-archive-older-than 365d"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --drop-archive-older-than."""
        super().add_options(parser)
        parser.add_argument(
            "--drop-archive-older-than",
            metavar="DAYS",
            help="with vacuum: delete archive files whose last fetch is older, as 365d",
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Does what the first argument says."""
        from storage import StoreError  # late: every scrapy command imports this module

        if len(args) != 1 or args[0] not in ACTIONS:
            raise UsageError(f"say what to do: {', '.join(ACTIONS)}")
        age = _age(opts.drop_archive_older_than)
        if age and args[0] != "vacuum":
            raise UsageError("--drop-archive-older-than goes with vacuum")
        assert self.settings is not None
        url = self.settings["DATABASE_URL"]
        try:
            if args[0] == "check":
                self._check(url)
            elif args[0] == "stats":
                _stats(url)
            else:
                self._change(url, args[0], age)
        except StoreError as error:
            complain(str(error))
            self.exitcode = 1
        except OSError as error:
            complain(f"can't delete {error.filename}: {error.strerror}")
            self.exitcode = 1

    def _check(self, url: str) -> None:
        from storage.maintenance import check
        from storage.query import read_store

        with read_store(url) as connection:
            wrong = list(check(connection))
        for line in wrong:
            complain(line)
        self.exitcode = int(bool(wrong))
        if not wrong:
            console().print("nothing is wrong")

    def _change(self, url: str, action: str, age: timedelta | None) -> None:
        from storage import open_store
        from storage.maintenance import drop_archive, vacuum

        assert self.settings is not None
        store = open_store(url)  # which migrates
        try:
            if age:
                folder = Path(self.settings["DATA_DIR"]) / ARCHIVE_FOLDER
                dropped = drop_archive(store.engine, folder, age)
                console().print(f"{len(dropped)} archive files dropped")
            if action == "vacuum":
                vacuum(store.engine)
        finally:
            store.close()


def _age(text: str | None) -> timedelta | None:
    if text is None:
        return None
    found = _AGE.fullmatch(text)
    if not found or not int(found[1]):
        raise UsageError(f"{text!r} is no number of days: write 365d")
    return timedelta(days=int(found[1]))


def _stats(url: str) -> None:
    from storage.maintenance import stats
    from storage.query import read_store

    with read_store(url) as connection:
        found = stats(connection)
    console().print(table(("table", "rows", "bytes"), found))
