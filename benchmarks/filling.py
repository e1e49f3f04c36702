"""Stores of generated articles to measure: in a file or schema that is gone afterwards, or one that is there.

The PostgreSQL server is the one of TEST_DATABASE_URL. Making the articles is not timed.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import uuid4

from sqlalchemy import make_url, text

from benchmarks.generated import SITES, pages
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


@dataclass(slots=True)
class Filling:
    """Seconds that saving took, and those of this process's CPU: the rest is the server's, or waiting."""

    seconds: float = 0.0
    cpu: float = 0.0


def fill(store: Store, count: int, batch: int = BATCH) -> Filling:
    """Saves `count` articles in a run, and makes an empty run of each of their sites."""
    run_id, took = store.start_run("benchmark"), Filling()
    made = pages(count)
    while some := list(islice(made, batch)):
        start, cpu = time.perf_counter(), time.process_time()
        report = store.save(some, run_id)
        took.seconds += time.perf_counter() - start
        took.cpu += time.process_time() - cpu
        if report.new_articles != len(some):
            raise RuntimeError(f"of {len(some)} articles only {report.new_articles} were stored")
    store.end_run(run_id, "finished", "finished", {})
    for site in range(SITES):
        store.end_run(store.start_run(f"site{site}"), "finished", "finished", {})
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE"))
    return took


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
