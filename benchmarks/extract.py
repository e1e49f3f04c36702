"""How fast extraction is: every field of an article, against trafilatura and readability-lxml.

    pip install -e '.[bench]'
    python -m benchmarks.extract [FOLDER OF HTML FILES]... [--rounds N]

All three read the same bytes in one process, taking turns page by page, so that
a busy machine slows all of them alike. trafilatura runs in its fast mode and
gives body and metadata, readability-lxml body and title; ours gives every field
of an article, from bytes. Without a folder, made-up pages are read, and the
corpus beside the project when it is there. Prints pages a second, mean, median
and 99th percentile in ms a page, the ratio, and what each adds to the peak of
memory, measured in a process of its own.
"""

from __future__ import annotations

import argparse
import functools
import gc
import logging
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.corpus import CORPUS
from benchmarks.made_pages import make_pages

FETCHED_AT = datetime(2026, 3, 20, tzinfo=UTC)
MADE = 8
"""Made-up pages of each template."""

Reader = Callable[[bytes], object]


def ours() -> Reader:
    """Returns our extractor: bytes in, article out."""
    from pipelines.extract import extract
    from pipelines.models import Page

    return lambda body: extract(Page("http://www.example.org/1.html", "", 200, {}, body, FETCHED_AT))


def trafilatura_fast() -> Reader:
    """Returns trafilatura in fast mode, body and metadata."""
    import trafilatura

    return lambda body: trafilatura.bare_extraction(
        body, fast=True, with_metadata=True, include_comments=False, include_tables=True
    )


def readability() -> Reader:
    """Returns readability-lxml, body and title."""
    from readability import Document

    from pipelines.extract.charset import decode

    def read(body: bytes) -> tuple[str, str]:
        document = Document(decode(body).text)
        return document.summary(), document.short_title()

    return read


READERS: dict[str, Callable[[], Reader]] = {
    "ours": ours,
    "trafilatura (fast)": trafilatura_fast,
    "readability-lxml": readability,
}


def bodies(folders: Sequence[Path]) -> list[bytes]:
    """Returns the pages to read."""
    found = [file.read_bytes() for folder in folders for file in sorted(folder.rglob("*.html"))]
    return found or [made.body for made in make_pages(MADE)]


def time_all(pages: Sequence[bytes], rounds: int) -> dict[str, list[float]]:
    """Returns the milliseconds that each reader took for each page, its best of `rounds`."""
    readers = {name: make() for name, make in READERS.items()}
    for read in readers.values():
        for page in pages[:3]:
            _try(read, page)
    times = {name: [float("inf")] * len(pages) for name in readers}
    for _ in range(rounds):
        forget_pages()
        for index, page in enumerate(pages):
            for name, read in readers.items():
                begun = time.perf_counter()
                _try(read, page)
                times[name][index] = min(times[name][index], (time.perf_counter() - begun) * 1000)
    return times


def forget_pages() -> None:
    """Empties the bounded caches of all three, which hold what pages said: a crawl meets a page once."""
    for found in gc.get_objects():
        if (
            isinstance(found, functools._lru_cache_wrapper)
            and found.cache_parameters()["maxsize"] is not None
        ):
            found.cache_clear()


def _try(read: Reader, page: bytes) -> None:
    try:
        read(page)
    except Exception as error:  # noqa: BLE001 - a page that one of them can't read still took its time
        print(f"  {type(error).__name__}: {error}".split("\n")[0], file=sys.stderr)


def peak(name: str, pages: Sequence[bytes]) -> float:
    """Returns the MB by which reading lifts a fresh process above its size after one page (Linux only)."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_peak, (name, pages))


def _peak(name: str, pages: Sequence[bytes]) -> float:
    logging.disable(logging.CRITICAL)
    read = READERS[name]()
    _try(read, pages[0])
    before = _memory("VmRSS")
    for page in pages:
        _try(read, page)
    return _memory("VmHWM") - before


def _memory(field: str) -> float:
    """Returns a field of this process's status in MB; getrusage would give the peak of its parent too."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition(f"{field}:")[2].split()[0]) / 1024


def report(label: str, pages: Sequence[bytes], rounds: int) -> None:
    """Times all readers on `pages` and prints a table."""
    times = time_all(pages, rounds)
    size = sum(map(len, pages)) / len(pages) / 1000
    print(f"\n{label}: {len(pages)} pages, {size:.0f} kB each, best of {rounds}")
    print(f"{'':20}{'pages/s':>9}{'mean ms':>9}{'median':>9}{'p99':>9}{'ratio':>9}{'peak MB':>9}")
    slowest = statistics.mean(times["trafilatura (fast)"])
    for name, taken in times.items():
        mean = statistics.mean(taken)
        p99 = sorted(taken)[min(len(taken) - 1, int(len(taken) * 0.99))]
        print(
            f"{name:20}{1000 / mean:9.1f}{mean:9.2f}{statistics.median(taken):9.2f}{p99:9.2f}"
            f"{slowest / mean:9.2f}{peak(name, pages):9.1f}"
        )


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if options.folders:
        report("given pages", bodies(options.folders), options.rounds)
        return
    report("made-up pages", bodies([]), options.rounds)
    for name in ("pages", "unlabelled", "world"):
        if (CORPUS / name).is_dir():
            report(name, bodies([CORPUS / name]), options.rounds)


if __name__ == "__main__":
    main()
