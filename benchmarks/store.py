"""The store in figures: writing, size, search, and the questions of docs/queries.md, on both databases.

    python -m benchmarks.store --count 100000
    python -m benchmarks.store --stores sqlite:///data/news.db

Prints articles a second with their mentions and relations, bytes an article,
the search against what a user would write instead (`benchmarks.search`), and
milliseconds of every documented query (`benchmarks.questions`). With --stores
it measures stores that were filled by --keep before, and changes nothing in
them but for tables of the alternatives, which it drops again. 100,000 articles
take some twenty minutes on two cores, most of them to make the articles.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing

from rich.console import Console
from rich.table import Table

from benchmarks import questions, search
from benchmarks.filling import BATCH, DATABASES, Filling, empty_store, fill, size
from storage import Store, open_store
from storage.database import place


def main() -> None:
    """Fills a store of each kind, or takes those named, and prints its figures."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--count", type=int, default=10_000, help="articles; 1000000 takes hours")
    parser.add_argument("--batch", type=int, default=BATCH, help="articles in a transaction")
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    parser.add_argument("--stores", nargs="+", metavar="URL", help="stores of generated articles, not filled")
    parser.add_argument("--keep", metavar="URL", help="fill the empty store at this URL, and leave it there")
    parser.add_argument("--no-alternatives", action="store_true", help="measure our own search alone")
    wish = parser.parse_args()
    console = Console(width=150)
    for store, took in _stores(wish):
        database = store.engine.dialect.name
        with store.engine.connect() as connection:
            articles = int(connection.exec_driver_sql("SELECT count(*) FROM article").scalar_one())
        table = Table(title=f"{place(store.engine.url)}: {articles} articles, {wish.batch} in a transaction")
        for name in ("articles/s", "articles/s of our own CPU", "bytes/article"):
            table.add_column(name, justify="right")
        rates = (f"{articles / took.seconds:.0f}", f"{articles / took.cpu:.0f}") if took else ("-", "-")
        table.add_row(*rates, f"{size(store) / articles:.0f}")
        console.print(table)
        console.print(search.measure(store, database, alternatives=not wish.no_alternatives))
        console.print(questions.measure(store.engine.url.render_as_string(hide_password=False)))


def _stores(wish: argparse.Namespace) -> Iterator[tuple[Store, Filling | None]]:
    """The stores to measure, each with what filling it took, None when it was there."""
    for url in wish.stores or ():
        with closing(open_store(url)) as store:
            yield store, None
    if wish.keep:
        with closing(open_store(wish.keep)) as store:
            yield store, fill(store, wish.count, wish.batch)
    elif not wish.stores:
        for database in wish.databases:
            with empty_store(database) as store:
                yield store, fill(store, wish.count, wish.batch)


if __name__ == "__main__":
    main()
