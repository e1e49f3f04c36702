"""The queue of a crawl in one file, from which a crawl that was killed goes on.

Scrapy's own disk queue loses what was under way when its process is killed, and
is not found again at all, as its index is written at a clean end only. Here a
request stays in the file until what came of it is stored: one row a request,
taken out in order of priority, deleted when it is done. A commit holds all that
came before it, so after a kill the file is as it was at one moment of the crawl.
"""

from __future__ import annotations

import json
import pickle
import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.utils.request import request_from_dict

from crawler.under_way import UnderWay

ROW_META = "job_row"
"""Key of request.meta: the request's row in the file."""

BUSY_SECONDS = 1.0
"""How long another process may hold the file before it counts as in use."""

_TABLES = """
CREATE TABLE IF NOT EXISTS request (
    id INTEGER PRIMARY KEY, taken INTEGER NOT NULL, priority INTEGER NOT NULL, turn INTEGER NOT NULL,
    pushed_at REAL NOT NULL, data BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS request_order ON request (taken, priority DESC, turn DESC);
CREATE TABLE IF NOT EXISTS seen (fingerprint BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
"""


class JobInUse(Exception):
    """Another process has the file open."""


class JobQueue:
    """Requests in a file, with the fingerprints of all that were ever asked for, and notes by name.

    `arguments` are those of the spider: the file of a crawl that had others is
    begun anew. Raises JobInUse, or sqlite3.Error when the file can't be used.
    """

    def __init__(
        self, path: Path, spider: Spider, arguments: Mapping[str, Any], commit_seconds: float
    ) -> None:
        self.path, self.spider, self.commit_seconds = path, spider, commit_seconds
        self._file = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            self._open(json.dumps(dict(arguments), sort_keys=True, default=str))
        except sqlite3.OperationalError as error:
            self._file.close()
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise JobInUse(f"{path} is in use") from None
            raise
        self._next = self._one("SELECT coalesce(max(id), 0) FROM request") + 1
        self._waiting = self._one("SELECT count(*) FROM request")
        self._under_way: UnderWay[int] = UnderWay()
        self._commit_at = time.monotonic() + commit_seconds

    def _open(self, arguments: str) -> None:
        # one writer, and no wait for the disk: a kill of the process loses nothing that the system has
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = OFF"):
            self._file.execute(f"PRAGMA {pragma}")
        self._file.executescript(_TABLES)
        self._file.execute("BEGIN IMMEDIATE")
        if self.note("arguments", arguments) != arguments:
            for table in ("request", "seen", "note"):
                self._file.execute(f"DELETE FROM {table}")  # noqa: S608 - the names above
        self.keep("arguments", arguments)
        self._file.execute("UPDATE request SET taken = 0")

    def _one(self, sql: str) -> Any:
        return self._file.execute(sql).fetchone()[0]

    # --- what a queue of Scrapy's can do ---

    def __len__(self) -> int:
        return int(self._waiting)

    def push(self, request: Request) -> None:
        """Puts a request into the file. Raises ValueError when it can't be written."""
        priority, start = request.priority, request.meta.get("is_start_request", False)
        if before := request.meta.pop(ROW_META, None):
            self._under_way.forget(before)  # what it led to, or that it is tried again, takes its place
        try:
            data = pickle.dumps(request.to_dict(spider=self.spider), protocol=pickle.HIGHEST_PROTOCOL)
        except (pickle.PicklingError, AttributeError, TypeError) as error:
            raise ValueError(str(error)) from error
        # last in, first out, but start requests in their order and behind the others
        turn = -self._next if start else self._next
        self._file.execute(
            "INSERT INTO request VALUES (?, 0, ?, ?, ?, ?)", (self._next, priority, turn, time.time(), data)
        )
        if before:
            self._file.execute("DELETE FROM request WHERE id = ?", (before,))
        self._next += 1
        self._waiting += 1

    def pop(self) -> Request | None:
        """Takes the next request; it stays in the file until it is done."""
        row = self._file.execute(
            "SELECT id, data FROM request WHERE taken = 0 ORDER BY priority DESC, turn DESC LIMIT 1"
        ).fetchone()
        if row is None:
            return None
        id_, data = row
        self._file.execute("UPDATE request SET taken = 1 WHERE id = ?", (id_,))
        self._waiting -= 1
        request = request_from_dict(pickle.loads(data), spider=self.spider)  # noqa: S301 - our own file
        request.meta[ROW_META] = id_
        self._under_way.begin(id_, request)
        return request

    def close(self) -> tuple[()]:
        """Commits and closes; returns what Scrapy would keep of a queue of its own, which is nothing."""
        self._file.execute("COMMIT")
        self._file.close()
        return ()

    # --- what is done ---

    def see(self, fingerprint: bytes) -> bool:
        """Notes a fingerprint; tells whether it was there before."""
        return self._file.execute("INSERT OR IGNORE INTO seen VALUES (?)", (fingerprint,)).rowcount == 0

    def settle(self, active: Callable[[Request], bool], pages_taken: int, pages_written: int) -> None:
        """Deletes requests that are not `active` any more, once the pages taken until then are written."""
        done, given_up = self._under_way.settle(active, pages_taken, pages_written)
        self._file.executemany("UPDATE request SET taken = 0 WHERE id = ?", ((id_,) for id_ in given_up))
        self._file.executemany("DELETE FROM request WHERE id = ?", ((id_,) for id_ in done))

    def commit_is_due(self) -> bool:
        """Tells whether `commit_seconds` have passed since the last commit."""
        return time.monotonic() >= self._commit_at

    def commit(self) -> None:
        """Makes all that happened so far survive a kill."""
        self._file.execute("COMMIT")
        self._file.execute("BEGIN IMMEDIATE")
        self._commit_at = time.monotonic() + self.commit_seconds

    def clear(self) -> None:
        """Forgets the job, which has come to its end; the next one begins anew."""
        for table in ("request", "seen", "note"):
            self._file.execute(f"DELETE FROM {table}")  # noqa: S608 - the names above

    # --- what the next process may want to know ---

    def left(self) -> list[tuple[int, float, Request]]:
        """All requests in the file: row, when it was written as seconds since the epoch, request."""
        rows = self._file.execute("SELECT id, pushed_at, data FROM request ORDER BY id").fetchall()
        return [
            (id_, at, request_from_dict(pickle.loads(data), spider=self.spider))  # noqa: S301 - as above
            for id_, at, data in rows
        ]

    def drop(self, row: int) -> None:
        """Takes a request out that need not be made any more."""
        self._file.execute("DELETE FROM request WHERE id = ?", (row,))
        self._waiting -= 1

    def keep(self, name: str, value: Any) -> None:
        """Keeps a note, in place of an earlier one of that name."""
        data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        self._file.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, data))

    def note(self, name: str, default: Any = None) -> Any:
        """The note of that name."""
        row = self._file.execute("SELECT data FROM note WHERE name = ?", (name,)).fetchone()
        return pickle.loads(row[0]) if row else default  # noqa: S301 - as above

    def notes(self, prefix: str) -> list[Any]:
        """All notes whose names begin with `prefix`."""
        rows = self._file.execute("SELECT data FROM note WHERE substr(name, 1, ?) = ?", (len(prefix), prefix))
        return [pickle.loads(row[0]) for row in rows]  # noqa: S301 - as above
