"""The search against what a user would write instead: right results, and milliseconds at p50 and p95.

`python -m benchmarks.store` runs it. On SQLite against LIKE and FTS5's trigram
tokenizer, on PostgreSQL against LIKE and LIKE with pg_trgm; all on the same
articles, the twenty newest hits. Wrong counts are of all words of a row against
a scan in Python.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

from rich.table import Table
from sqlalchemy import Connection, text

from storage import Store
from storage.search import search

WORDS: dict[str, tuple[str, ...]] = {
    "common, 1 character": ("会", "人", "社", "工"),
    "common, 2 characters": ("社区", "公益", "活动", "志愿"),
    "common, 3 or 4": ("志愿者", "志愿服务", "社会组织", "基金会"),
    "middling, 2": ("海洋", "湿地", "清洁", "月捐"),
    "middling, 3 or 4": ("白血病", "自闭症", "社会福利院", "慈善总会"),
    "rare, 2": ("夏荷", "冯墨", "墨竹", "尤霜"),
    "rare, long": ("慈善总会秘书长秦", "红十字会社工孔", "青年志愿者协会队长"),
    "two words": ("社区 白血病", "志愿者 海洋", "公益 图书室", "社会组织 湿地"),
}
ROUNDS = 5
COPIES = ("plain", "trigrams", "plain_trgm")

Finder = Callable[[Connection, str], int]


def finders(database: str, alternatives: bool) -> dict[str, Finder]:
    """What is compared, by name: each takes a query and reads the twenty newest hits."""

    def ours(sort: str) -> Finder:
        return lambda c, query: search(c, query, sort, 20).total  # type: ignore[arg-type]

    def plain(table: str, column: str = "body") -> Finder:
        def find(c: Connection, query: str) -> int:
            parts = query.split()
            where = " AND ".join(f"{column} LIKE :w{n}" for n in range(len(parts)))
            sql = f"SELECT id FROM {table} WHERE {where} ORDER BY id DESC LIMIT 20"
            return len(c.execute(text(sql), {f"w{n}": f"%{w}%" for n, w in enumerate(parts)}).all())

        return find

    def trigram(c: Connection, query: str) -> int:
        match = " AND ".join(f'"{part}"' for part in query.split())
        sql = "SELECT rowid FROM trigrams WHERE trigrams MATCH :m ORDER BY rowid DESC LIMIT 20"
        return len(c.execute(text(sql), {"m": match}).all())

    found = {"search, relevance": ours("relevance"), "search, date": ours("date")}
    if not alternatives:
        return found
    found["LIKE"] = plain("plain")
    if database == "sqlite":
        found["FTS5 trigram"] = trigram
    else:
        found["LIKE, pg_trgm"] = plain("plain_trgm")
    return found


def _copy(connection: Connection, database: str, alternatives: bool) -> None:
    """The same texts in one table, and as the alternatives hold them."""
    for name in COPIES:
        connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
    source = (
        "SELECT search_document.id, title || char(10) || body AS body FROM search_document"
        " JOIN articles ON articles.id = article_id"
    )
    if database == "postgresql":
        source = source.replace("char(10)", "chr(10)")
    connection.execute(text(f"CREATE TABLE plain AS {source}"))
    connection.execute(text("CREATE UNIQUE INDEX plain_id ON plain (id)"))
    if not alternatives:
        connection.commit()
        return
    if database == "sqlite":
        connection.execute(
            text("CREATE VIRTUAL TABLE trigrams USING fts5(body, content='', tokenize='trigram')")
        )
        connection.execute(text("INSERT INTO trigrams(rowid, body) SELECT id, body FROM plain ORDER BY id"))
    else:
        connection.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public"))
        connection.execute(text("CREATE TABLE plain_trgm AS SELECT * FROM plain"))
        connection.execute(text("CREATE UNIQUE INDEX plain_trgm_id ON plain_trgm (id)"))
        connection.execute(
            text("CREATE INDEX plain_trgm_body ON plain_trgm USING gin (body public.gin_trgm_ops)")
        )
    connection.commit()
    if database == "postgresql":
        connection.execute(text("ANALYZE plain"))
        connection.execute(text("ANALYZE plain_trgm"))
        connection.commit()


def expected(connection: Connection) -> dict[str, int]:
    """How many articles have each query's words, by a scan."""
    counts = dict.fromkeys((query for queries in WORDS.values() for query in queries), 0)
    for (body,) in connection.execute(text("SELECT body FROM plain").execution_options(yield_per=1000)):
        for query in counts:
            counts[query] += all(word in body for word in query.split())
    return counts


def measure(store: Store, database: str, alternatives: bool = True) -> Table:
    """The table of one database."""
    table = Table(title=f"{database}: p50 / p95 in ms (wrong counts)")
    with store.engine.connect() as connection:
        _copy(connection, database, alternatives)
        found = finders(database, alternatives)
        counts = expected(connection)
        for name in ("words", "hits", *found):
            table.add_column(name, justify="left" if name == "words" else "right")
        for kind, queries in WORDS.items():
            row = [_timed(connection, finder, queries, counts) for finder in found.values()]
            table.add_row(kind, f"{statistics.mean(counts[query] for query in queries):.0f}", *row)
        for name in COPIES:
            connection.execute(text(f"DROP TABLE IF EXISTS {name}"))
        connection.commit()
    return table


def _timed(connection: Connection, finder: Finder, queries: Sequence[str], counts: dict[str, int]) -> str:
    times, wrong = [], 0
    for turn in range(ROUNDS + 1):
        for query in queries:
            start = time.perf_counter()
            got = finder(connection, query)
            connection.rollback()
            if turn:
                times.append((time.perf_counter() - start) * 1000)
            elif min(got, 20) != min(counts[query], 20) or (got > 20 and got != min(counts[query], 1000)):
                wrong += 1
    p95 = sorted(times)[int(len(times) * 0.95)]
    return f"{statistics.median(times):.1f} / {p95:.1f}" + (f" ({wrong})" if wrong else "")
