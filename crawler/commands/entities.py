"""`scrapy entities`: people, organisations, places, roles and figures in the texts of a file."""

from __future__ import annotations

import argparse
from typing import Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.console import complain, existing
from crawler.corrections import VERBS, add_correction_options, correct
from crawler.json_lines import moment_field, read_lines, text_field, write_lines


class Command(ScrapyCommand):
    """Writes one JSON object a text, in the order of the file."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """How the command is called."""
        return "FILE [--out FILE] | merge A B | split A [--article URL --as LABEL]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Find people, organisations, places and figures in texts of JSON Lines"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}. In: id, text, and as far as known title, published_at (ISO 8601), "
            "region (division code). Out: id, PER, ORG, LOC (names as written, each once), roles ([person, "
            "organisation, role]), aliases (short name: full name), quantities (as written), and in full "
            "mentions, places, figures, times, topics; offsets in characters. "
            "Touches no database. Example: scrapy entities texts.jsonl --out names.jsonl. "
            "With merge or split, corrects who is who in the store (see docs/entities.md). "
            "Example: scrapy entities merge 青禾公益发展中心 青禾社会工作服务中心"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --out."""
        super().add_options(parser)
        parser.add_argument("-o", "--out", metavar="FILE", help="write to FILE instead of standard output")
        add_correction_options(parser)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Reads every text; the exit code is 1 when a line could not be read."""
        if args[:1] and args[0] in VERBS:
            assert self.settings is not None
            self.exitcode = correct(args, opts, self.settings["DATABASE_URL"])
            return
        if len(args) != 1:
            raise UsageError("name one JSON Lines file")
        paths, missing = existing(args)
        if missing:
            complain(missing[0])
            self.exitcode = 2
            return
        try:
            write_lines(read_lines(paths[0], read_entities, self._fail), opts.out)
        except OSError as error:
            self._fail(f"{error.filename or opts.out or 'standard output'}: {error.strerror}")

    def _fail(self, message: str) -> None:
        complain(message)
        self.exitcode = 1


def read_entities(record: dict[str, object]) -> dict[str, Any]:
    """The answer for one JSON object with id, text and perhaps published_at, title and region.

    Raises ValueError saying which field is wrong.
    """
    from pipelines.entities import find_entities  # late: every scrapy command imports this module

    id_, text = text_field(record, "id", required=True), text_field(record, "text")
    found = find_entities(
        text,
        title=text_field(record, "title"),
        published=moment_field(record, "published_at"),
        region=text_field(record, "region"),
    )

    def names(kind: str) -> list[str]:
        return list(dict.fromkeys(mention.surface for mention in found.mentions if mention.kind == kind))

    return {
        "id": id_,
        "PER": names("person"),
        "ORG": names("organisation"),
        "LOC": names("place"),
        "roles": [[role.person, role.organisation, role.role] for role in found.roles],
        "aliases": {alias.short: alias.full for alias in found.aliases},
        "quantities": [figure.surface for figure in found.figures],
        **found.as_record(),
    }
