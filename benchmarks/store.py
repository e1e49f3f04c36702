"""Writing to the store: articles a second with their mentions and relations, and bytes an article.

    python -m benchmarks.store --count 10000 --databases sqlite postgresql

The PostgreSQL server is the one of TEST_DATABASE_URL; a schema of its own is
made and dropped. Making the articles is not timed.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from uuid import uuid4

from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url, text

from benchmarks.generated import pages
from storage import Store, open_store

SERVER = "postgresql://postgres@127.0.0.1:5432/test"
DATABASES = ("sqlite", "postgresql")
BATCH = 500


@contextmanager
def empty_store(database: str) -> Iterator[Store]:
    """An open store in a file or schema that is gone afterwards."""
    if database == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            store = open_store(f"sqlite:///{folder}/news.db")
            yield store
            store.close()
        return
    server = make_url(os.environ.get("TEST_DATABASE_URL", SERVER))
    schema = f"benchmark_{uuid4().hex[:12]}"
    url = server.update_query_dict({"options": f"-csearch_path={schema},public"})
    import psycopg

    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{schema}"')
        try:
            store = open_store(url.render_as_string(hide_password=False))
            yield store
            store.close()
        finally:
            connection.execute(f'DROP SCHEMA "{schema}" CASCADE')


def fill(store: Store, count: int, batch: int = BATCH) -> float:
    """Saves `count` articles; returns the seconds that saving took."""
    run_id, seconds = store.start_run("benchmark"), 0.0
    made = pages(count)
    while some := list(islice(made, batch)):
        start = time.perf_counter()
        report = store.save(some, run_id)
        seconds += time.perf_counter() - start
        if report.new_articles != len(some):
            raise RuntimeError(f"of {len(some)} articles only {report.new_articles} were stored")
    store.end_run(run_id, "finished", "finished", {})
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))
    return seconds


def size(store: Store) -> int:
    """Bytes of the database on disk, or of the schema with its indexes."""
    if store.engine.dialect.name == "sqlite":
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return Path(str(store.engine.url.database)).stat().st_size
    with store.engine.connect() as connection:
        query = (
            "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        )
        return int(connection.execute(text(query)).scalar_one())


def main() -> None:
    """Fills a store of each kind and prints what it took."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--count", type=int, default=10_000, help="articles")
    parser.add_argument("--batch", type=int, default=BATCH, help="articles in a transaction")
    parser.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    wish = parser.parse_args()
    table = Table(title=f"{wish.count} articles, {wish.batch} in a transaction")
    for name in ("database", "articles/s", "bytes/article"):
        table.add_column(name, justify="right")
    for database in wish.databases:
        with empty_store(database) as store:
            seconds = fill(store, wish.count, wish.batch)
            table.add_row(database, f"{wish.count / seconds:.0f}", f"{size(store) / wish.count:.0f}")
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
