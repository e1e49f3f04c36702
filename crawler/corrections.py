"""`scrapy entities merge` and `split`: what a user knows better of who is who."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from scrapy.exceptions import UsageError

from crawler.console import complain

VERBS = ("merge", "split")


def add_correction_options(parser: argparse.ArgumentParser) -> None:
    """Adds --kind, --article and --as."""
    parser.add_argument(
        "--kind", choices=("person", "organisation"), help="merge, split: where a name is of both kinds"
    )
    parser.add_argument(
        "--article", action="append", metavar="URL", help="split: only in this article; may be repeated"
    )
    parser.add_argument(
        "--as",
        dest="label",
        default="2",
        metavar="LABEL",
        help="split: tells the other one from the first, default: 2",
    )


def correct(args: Sequence[str], opts: argparse.Namespace, database: str) -> int:
    """Does what `merge A B` or `split A` says and prints it in one line; returns the exit code."""
    from storage import StoreError, open_store  # late: every scrapy command imports this module

    verb, *names = args
    if len(names) != (2 if verb == "merge" else 1):
        raise UsageError("merge takes two entities, split one: a name, or '#' and an id, in quotes")
    if verb == "merge" and opts.article:
        raise UsageError("merge holds for all articles; --article is for split")
    try:
        store = open_store(database)
        try:
            if verb == "merge":
                one, into = store.merge_entities(names[0], names[1], opts.kind)
                print(f"{one.name} is {into.name}")
            else:
                key = store.split_entity(names[0], opts.article or (), opts.label, opts.kind)
                print(_done(key.name, key.scope, len(opts.article or ())))
        finally:
            store.close()
    except StoreError as error:
        complain(str(error))
        return 1
    return 0


def _done(name: str, label: str, articles: int) -> str:
    if not articles:
        return f"{name} stands for itself"
    return f"{name} is another ({label}) in {articles} article{'s' if articles > 1 else ''}"
