"""`scrapy dedup`: which documents of a file, or of the store, are copies, reprints and excerpts of which."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.console import complain, console, existing, table
from crawler.json_lines import moment_field, read_lines, text_field, write_lines

if TYPE_CHECKING:
    from pipelines.dedup import Document
    from storage.rebuild import RebuildReport


class Command(ScrapyCommand):
    """Writes one JSON object a document, in the order of the file."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """How the command is called."""
        return "FILE [--out FILE] | --rebuild"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Find copies, reprints and excerpts among the documents of a JSON Lines file"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}. In: id, title, body, published_at (ISO 8601), url. "
            "Out: id, canonical, relation (original, copy, reprint, excerpt), similarity, parent, "
            "and further (other originals of a joined text). Touches no database. "
            "Example: scrapy dedup articles.jsonl --out groups.jsonl. "
            "With --rebuild it reads no file: the relations of all stored articles are computed again, "
            "in one transaction, and what changed is printed. Example: scrapy dedup --rebuild"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --out."""
        super().add_options(parser)
        parser.add_argument("-o", "--out", metavar="FILE", help="write to FILE instead of standard output")
        parser.add_argument(
            "--rebuild", action="store_true", help="compute the relations in the store at DATABASE_URL again"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Groups the documents; the exit code is 1 when a line could not be read."""
        from pipelines.dedup import group  # late: every scrapy command imports this module

        if opts.rebuild:
            if args or opts.out:
                raise UsageError("--rebuild takes neither a file nor --out")
            self._rebuild()
            return
        if len(args) != 1:
            raise UsageError("name one JSON Lines file")
        paths, missing = existing(args)
        if missing:
            complain(missing[0])
            self.exitcode = 2
            return
        seen: set[str] = set()

        def once(record: dict[str, object]) -> Document:
            document = read_document(record)
            if document.id in seen:
                raise ValueError(f'the id "{document.id}" stood on an earlier line')
            seen.add(document.id)
            return document

        try:
            found = group(list(read_lines(paths[0], once, self._fail)))
            write_lines((asdict(one) for one in found), opts.out)
        except OSError as error:
            self._fail(f"{error.filename or opts.out or 'standard output'}: {error.strerror}")

    def _rebuild(self) -> None:
        from rich.progress import Progress

        from storage import StoreError, open_store

        assert self.settings is not None
        out = console(sys.stderr)
        try:
            store = open_store(self.settings["DATABASE_URL"])
            with Progress(console=out, transient=True) as bar:
                task = bar.add_task("comparing", total=None)
                report = store.rebuild_lineage(
                    lambda done, total: bar.update(task, completed=done, total=total)
                )
            store.close()
        except StoreError as error:
            self._fail(str(error))
            return
        print_report(report)

    def _fail(self, message: str) -> None:
        complain(message)
        self.exitcode = 1


def print_report(report: RebuildReport) -> None:
    """Prints how many relations there were and are, and whose changed."""
    out = console()
    kinds = ("copy", "reprint", "excerpt")
    rows = [(kind, report.before[kind], report.after[kind]) for kind in kinds]
    out.print(table(("relation", "before", "now"), rows))
    if report.changes:
        changes = [(before, after, number) for (before, after), number in sorted(report.changes.items())]
        out.print(table(("was", "is", "articles"), changes))
    changed = sum(report.changes.values())
    out.print(f"{report.articles} articles, {changed} of them have another place now")


def read_document(record: dict[str, object]) -> Document:
    """A document from its JSON object. Raises ValueError saying which field is wrong."""
    from pipelines.dedup import Document

    return Document(
        id=text_field(record, "id", required=True),
        title=text_field(record, "title"),
        body=text_field(record, "body"),
        published=moment_field(record, "published_at"),
        url=text_field(record, "url"),
    )
