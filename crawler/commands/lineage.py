"""`scrapy lineage`: the family tree of a story, from its first publisher to the last reprint."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from rich.text import Text
from rich.tree import Tree
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.console import complain, console

if TYPE_CHECKING:
    from storage.family import Family, Member


class Command(ScrapyCommand):
    """Prints the tree of the story that an article belongs to; the exit code is 1 when the store lacks it."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """How the command is called."""
        return "URL|ID [--json]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Show who published a story first and who took it over from whom"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}: times, publishers, how much of the text is shared, what later versions "
            "changed, and how the story's relations came about. Any article of the story will do. "
            "Example: scrapy lineage http://news.example.cn/2026/11/20/a.html"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --json."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Reads the story and prints it."""
        from pipelines.urls import canonical_url  # late: every scrapy command imports this module
        from storage import StoreError
        from storage.family import family
        from storage.query import read_only

        if len(args) != 1:
            raise UsageError("name one article, by its URL or id")
        assert self.settings is not None
        name = canonical_url(args[0]) if "://" in args[0] else args[0]
        if "://" not in name and not name.lstrip("-").isdigit():
            raise UsageError(f"neither a URL nor an id: {args[0]}")
        try:
            with read_only(self.settings["DATABASE_URL"]) as connection:
                found = family(connection, name)
        except StoreError as error:
            complain(str(error))
            self.exitcode = 1
            return
        if opts.json:
            json.dump(found.as_record(), sys.stdout, ensure_ascii=False, indent=2)
            sys.stdout.write("\n")
        else:
            _print(found)


def _print(found: Family) -> None:
    out = console()
    out.print(_branch(found.original, Tree(_label(found.original))))
    for change in found.history:
        when = f"{change.changed_at:%Y-%m-%d %H:%M} {change.reason}"
        out.print(Text(f"{when}: {change.url} was {change.before}, is {change.after}", style="dim"))


def _branch(member: Member, tree: Tree) -> Tree:
    for child in member.children:
        _branch(child, tree.add(_label(child)))
    return tree


def _label(member: Member) -> Text:
    label = Text()
    label.append(member.relation, style="bold")
    if member.relation != "original":
        label.append(f" {member.similarity:.0%}")
    when = f"{member.at:%Y-%m-%d %H:%M} UTC" if member.at else str(member.day or "no date")
    credited = f" (credits {member.source})" if member.source and member.source != member.publisher else ""
    label.append(f"  {when}  {member.publisher}{credited}\n{member.title}\n", style="")
    label.append(member.url, style="cyan")
    for other in member.further:
        label.append(f"\nand {other.share:.0%} of it from {other.url}")
    for update in member.updates:
        label.append(
            f"\nversion {update.version}, seen {update.fetched_at:%Y-%m-%d %H:%M} UTC:", style="yellow"
        )
        if update.title_before is not None:
            label.append(f"\n  title was {update.title_before}")
        for sentence in update.removed:
            label.append(f"\n- {sentence}", style="red")
        for sentence in update.added:
            label.append(f"\n+ {sentence}", style="green")
    return label
