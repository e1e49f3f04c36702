"""What it costs to find what a text resembles: ours against datasketch, and the store as it grows.

    python -m benchmarks.dedup speed [--texts FILE | --number N]
    python -m benchmarks.dedup store [--database URL] [--number N]
    python -m benchmarks.dedup growth [--database URL] [--sizes 10000 100000 1000000]

`speed` times fingerprint, lookup and insert together, in memory and in seconds
of the processor, against MinHashLSH with 128 permutations on the same texts in
the same run (needs the extra `bench`). Ours cleans the texts first. The texts
are the bodies of a JSON Lines file, or made up. `store` saves articles through
the whole store. `growth` fills a store with generated fingerprints and times
what one more text costs.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from benchmarks.big_text import postings
from pipelines.dedup import fingerprint, resemblance
from pipelines.dedup.candidates import Index
from pipelines.models import Article, Fingerprint, Moment, Page, SiteHints
from storage import Store, models, open_store
from storage.anchors import BUCKET_BITS, MERGED, add_anchors, append_blocks, holder, merge_anchors
from storage.bulk import insert_rows
from storage.database import writing
from storage.fingerprints import fingerprint_row, store_fingerprints

ROUNDS = 3
BATCH = 50  # articles saved at once, as the store stage does
PROBES = 400  # texts added at each size
FILLED_AT_ONCE = 50_000
LATEST = (1 << BUCKET_BITS) // MERGED  # texts in which all anchors have their turn to be merged
LATEST_BATCH = 500


def main() -> None:
    """Runs the part that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("part", choices=("speed", "store", "growth"))
    parser.add_argument("--number", type=int, default=2000, help="texts (default 2000)")
    parser.add_argument("--texts", type=Path, help="JSON Lines file with a body on each line")
    parser.add_argument("--database", default="", help="database URL; default: a SQLite file that is removed")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    options = parser.parse_args()
    if options.part == "speed":
        compare_speed(_read(options.texts) if options.texts else _texts(options.number))
        return
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or f"sqlite:///{Path(folder) / 'news.db'}"
        if options.part == "store":
            time_store(_own_schema(url), options.number)
        else:
            time_growth(_own_schema(url), options.sizes)


def _read(file: Path) -> list[str]:
    return [json.loads(line)["body"] for line in file.read_text("utf-8").splitlines()]


def _texts(number: int) -> list[str]:
    return [
        "\n".join(block.text for block in posting.blocks if block.text)
        for posting in postings(number, seed=7)
    ]


# --- in memory, against datasketch ---


def compare_speed(texts: Sequence[str]) -> None:
    """Prints documents a second of both, each the best of some rounds taken in turn."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_ours(texts))
        theirs.append(_datasketch(texts))
    characters = sum(map(len, texts)) // len(texts)
    print(f"{len(texts)} texts of {characters} characters on average, best of {ROUNDS} rounds")
    for name, seconds in (("ours", min(ours)), ("datasketch", min(theirs))):
        print(f"{name:12} {len(texts) / seconds:8.0f} documents/s")
    print(f"ratio        {min(theirs) / min(ours):8.1f}")
    whole = min(_ours(texts, compare=True) for _ in range(ROUNDS))
    print(f"with the comparison of every candidate: {len(texts) / whole:.0f} documents/s")


def _ours(texts: Sequence[str], compare: bool = False) -> float:
    index = Index()
    prints: list[Fingerprint] = []
    begin = time.process_time()
    for number, body in enumerate(texts):
        print_ = fingerprint(body)
        for other in index.candidates(print_):
            if compare:
                resemblance(print_, prints[other])
        index.add(number, print_)
        prints.append(print_)
    return time.process_time() - begin


def _datasketch(texts: Sequence[str]) -> float:
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=0.5, num_perm=128)
    begin = time.process_time()
    for number, body in enumerate(texts):
        # the quickest way that it has; nothing is cleaned
        sketch = MinHash(num_perm=128)
        sketch.update_batch({body[place : place + 5].encode() for place in range(max(1, len(body) - 4))})
        index.query(sketch)
        index.insert(number, sketch)
    return time.process_time() - begin


# --- through the store ---


def time_store(url: str, number: int) -> None:
    """Prints articles a second that the whole store takes, and what of it goes to finding relations."""
    store = open_store(url)
    run = store.start_run("bench", "江湾新闻网")
    pages = list(_pages(number))
    begin = time.perf_counter()
    for start in range(0, len(pages), BATCH):
        store.save(pages[start : start + BATCH], run)
    seconds = time.perf_counter() - begin
    with store.engine.connect() as connection:
        kinds = connection.execute(text("SELECT kind, count(*) FROM relation GROUP BY kind")).all()
    print(f"{make_url(url).get_backend_name()}: {number / seconds:.0f} articles/s saved with their relations")
    print(f"relations: {dict(tuple(row) for row in kinds)}")
    store.close()


def _pages(number: int) -> Iterator[Page]:
    fetched = datetime(2026, 11, 23, tzinfo=UTC)
    for count, posting in enumerate(postings(number, seed=7)):
        url = f"http://bench.example/{posting.slug}.html"
        article = Article(
            url,
            kind="article",
            title=posting.title,
            published=Moment(posting.published, "minute"),
            source=posting.source,
            paragraphs=[block.text for block in posting.blocks if block.text],
        )
        article.fingerprint = fingerprint(article.body, article.title)
        seen = fetched + timedelta(seconds=count)
        yield Page(url, url, 200, {}, b"", seen, SiteHints("bench"), article=article)


# --- as it grows ---


def time_growth(url: str, sizes: Sequence[int]) -> None:
    """Prints what one more text costs at each size, in milliseconds, and the size in bytes a text."""
    store = open_store(url)
    held, first = 0, _Cost(0.0, 0.0)
    for size in sizes:
        _fill(store, held, size - held)
        held = size
        cost = _probe(store, held)
        memory = _memory(store, 2**41 + 2 * BATCH * size)
        held += PROBES + 2 * BATCH
        first = first if first.elapsed else cost
        print(
            f"{size:>9} stored: {cost.elapsed:6.2f} ms a text ({cost.elapsed / first.elapsed:4.2f} times"
            f" the first), {cost.processor:5.2f} of the processor"
            f" ({cost.processor / first.processor:4.2f} times),"
            f" {_disk(store) / held:7.0f} bytes a text on disk,"
            f" {memory:6.0f} bytes of memory a text that stay after it",
            flush=True,
        )
    store.close()


@dataclass(slots=True, frozen=True)
class _Cost:
    """Milliseconds a text, elapsed and of this process on the processor."""

    elapsed: float
    processor: float


def _probe(store: Store, seed: int) -> _Cost:
    """Fingerprint, lookup, comparison and insert of a text: the median of batches."""
    elapsed, processor = [], []
    draw = random.Random(seed)
    for _ in range(PROBES // BATCH):
        bodies = [_generated(draw.randrange(2**40)) for _ in range(BATCH)]
        begin, begin_processor = time.perf_counter(), time.process_time()
        _add(store, bodies)
        elapsed.append((time.perf_counter() - begin) * 1000 / BATCH)
        processor.append((time.process_time() - begin_processor) * 1000 / BATCH)
    return _Cost(statistics.median(elapsed), statistics.median(processor))


def _add(store: Store, bodies: Sequence[str]) -> None:
    prints = {print_.digest: print_ for print_ in map(fingerprint, bodies)}
    with writing(store.engine) as connection:
        store_fingerprints(connection, prints)


def _generated(seed: int, length: int = 550) -> str:
    draw = np.random.Generator(np.random.PCG64(seed))
    return draw.integers(0x4E00, 0x8E00, length).astype("<u2").tobytes().decode("utf-16-le")


def _fill(store: Store, first: int, number: int) -> None:
    """Stores generated fingerprints: most of them at once, the last ones in batches, as they would come.

    The latter are so many that the anchors of as many texts wait to be merged as in a store in use.
    """
    last, start = first + number, first
    while start < last:
        left = last - start
        count = min(FILLED_AT_ONCE, left - LATEST) if left > LATEST else min(LATEST_BATCH, left)
        prints = [fingerprint(_generated(start + offset)) for offset in range(count)]
        with writing(store.engine) as connection:
            _insert(connection, prints, at_once=left > LATEST)
        start += count


def _insert(connection: Connection, prints: Sequence[Fingerprint], at_once: bool) -> None:
    base = connection.execute(text("SELECT coalesce(max(id), 0) FROM fingerprint")).scalar_one()
    rows = [{**fingerprint_row(print_), "id": base + 1 + number} for number, print_ in enumerate(prints)]
    insert_rows(connection, models.Fingerprint, rows)
    if connection.dialect.name == "postgresql":
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence('fingerprint', 'id'), max(id)) FROM fingerprint")
        )
    holders = [holder(base + 1 + number, len(p.text)) for number, p in enumerate(prints)]
    if at_once:
        hashes = np.array([anchor for print_ in prints for anchor in print_.anchors], np.uint64)
        order = np.argsort(hashes)
        held = np.repeat(np.array(holders, np.uint64), [len(print_.anchors) for print_ in prints])
        append_blocks(connection, hashes[order], held[order])
        return
    add_anchors(connection, [(a, held) for held, p in zip(holders, prints, strict=True) for a in p.anchors])
    merge_anchors(connection, base + 1, base + len(prints))


def _disk(store: Store) -> int:
    if store.engine.dialect.name == "sqlite":
        return Path(str(store.engine.url.database)).stat().st_size
    tables = ("fingerprint", "anchor", "anchor_block")
    sizes = " + ".join(f"pg_total_relation_size('{table}')" for table in tables)
    with store.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT {sizes}")).scalar_one())


def _memory(store: Store, seed: int) -> float:
    """Bytes of Python's memory that are still held a text after one more batch, when caches are warm."""
    _add(store, [_generated(seed + number) for number in range(BATCH)])
    tracemalloc.start()
    try:
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        _add(store, [_generated(seed + BATCH + number) for number in range(BATCH)])
        gc.collect()
        return (tracemalloc.get_traced_memory()[0] - before) / BATCH
    finally:
        tracemalloc.stop()


def _own_schema(url: str) -> str:
    """A URL of a new schema on PostgreSQL, so that nothing that is there is touched."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "postgresql":
        return url
    import psycopg

    schema = f"bench_{uuid4().hex[:12]}"
    address = parsed.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE SCHEMA "{schema}"')
    print(f"in the schema {schema}, which is left for a look: drop it afterwards")
    own = parsed.update_query_dict({"options": f"-csearch_path={schema}"})
    return own.render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
