"""`scrapy extract`: HTML files, folders and WARC archives to articles as JSON Lines."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import sys
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.console import complain, existing
from pipelines.models import Article, Page
from pipelines.pool import WorkerPool

if TYPE_CHECKING:
    from pipelines.extract.reading import Read, Unread


def read_article(page: Page) -> Article:
    """Runs the stages Extract and Clean on one page."""
    from pipelines.clean import clean  # late: every scrapy command imports this module
    from pipelines.extract import extract

    return clean(extract(page))


class Command(ScrapyCommand):
    """Writes one JSON object a page, in the order of the files."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """How the command is called."""
        return "PATH... [--out FILE]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Read articles out of HTML files, folders and WARC archives, as JSON Lines"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}. Touches no database. "
            "Example: scrapy extract saved_pages/ --out articles.jsonl"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --out and --workers."""
        super().add_options(parser)
        parser.add_argument("-o", "--out", metavar="FILE", help="write to FILE instead of standard output")
        parser.add_argument("--workers", type=int, default=0, metavar="N", help="processes (default: cores)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Extracts every page; the exit code is 1 when one could not be read."""
        if not args:
            raise UsageError("name a file, a folder or a WARC archive")
        paths, missing = existing(args)
        for line in missing:
            complain(line)
        if missing:
            self.exitcode = 2
            return
        try:
            with open_output(opts.out) as out:
                failed = asyncio.run(_extract_all(paths, opts.workers, self._timeout(), out))
        except BrokenPipeError:  # the reader, such as `head`, has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        except OSError as error:
            complain(f"{opts.out or 'standard output'}: {error.strerror}")
            self.exitcode = 1
            return
        if failed:
            self.exitcode = 1

    def _timeout(self) -> float:
        assert self.settings is not None
        return self.settings.getfloat("WORKER_TIMEOUT")


@contextlib.contextmanager
def open_output(name: str | None) -> Iterator[IO[str]]:
    """Opens a file for writing in UTF-8, or standard output when no name is given."""
    if name is None:
        yield sys.stdout
    else:
        with Path(name).open("w", encoding="utf-8") as stream:
            yield stream


async def _extract_all(paths: Iterable[Path], workers: int, timeout: float, out: IO[str]) -> int:
    """Writes a record a page, and returns how many pages could not be read."""
    from pipelines.extract.reading import read_pages  # late: every scrapy command imports this module

    pool = WorkerPool(workers or None, timeout)
    failed = 0
    try:
        async for record in _records(pool, (item for path in paths for item in read_pages(path))):
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
            if "error" in record:
                failed += 1
                complain(f"{record['id']}: {record['error']}")
    finally:
        pool.close()
    return failed


async def _records(pool: WorkerPool, items: Iterator[Read | Unread]) -> AsyncIterator[dict[str, Any]]:
    """Yields records in the order of the items, with a few pages under way at a time."""
    waiting = deque(asyncio.ensure_future(_record(pool, item)) for item in islice(items, pool.size * 2))
    while waiting:
        yield await waiting.popleft()
        for item in islice(items, 1):
            waiting.append(asyncio.ensure_future(_record(pool, item)))


async def _record(pool: WorkerPool, item: Read | Unread) -> dict[str, Any]:
    from pipelines.extract.reading import Unread

    if isinstance(item, Unread):
        return Article("").as_record(item.id, item.message)
    try:
        article = await pool.run(read_article, item.page)
    except Exception as error:  # noqa: BLE001 - one page that fails must not take the others with it
        return Article(item.page.url).as_record(item.id, f"{type(error).__name__}: {error}".split("\n")[0])
    return article.as_record(item.id)
