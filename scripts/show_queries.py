"""Writes the output of each query in docs/queries.md under it, from a store of the demo crawl.

    scrapy crawlall --demo && python scripts/show_queries.py

A query is a block of SQL, its output a block of CSV that follows. What the
documentation says is tested against both databases (tests/test_queries.py).
"""

from __future__ import annotations

import csv
import io
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from storage import StoreError
from storage.columns import plain
from storage.query import read_store, run_query

DOCUMENT = Path(__file__).parents[1] / "docs" / "queries.md"
SHOWN = 8
"""Rows of a query that are shown; "..." stands for the others."""

_BLOCK = re.compile(r"^### (.+?)\n\n```sql\n(.+?)^```\n(?:\n```csv\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


@dataclass(slots=True, frozen=True)
class Question:
    """A question of the documentation, its SQL, and the output shown."""

    text: str
    sql: str
    shown: str


def questions() -> Iterator[Question]:
    """All questions of the documentation."""
    for found in _BLOCK.finditer(DOCUMENT.read_text("utf-8")):
        yield Question(found[1], found[2].strip().rstrip(";"), found[3] or "")


def answer(url: str, sql: str) -> str:
    """The first rows of a query as CSV, with "..." behind them when there are more."""
    with read_store(url) as connection:
        result = run_query(connection, sql)
        rows = [list(result.keys()), *([plain(value) for value in row] for row in result)]
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows[: SHOWN + 1])
    return out.getvalue() + ("...\n" if len(rows) > SHOWN + 1 else "")


def main() -> None:
    """Rewrites the documentation."""
    url = os.environ.get("DATABASE_URL", "sqlite:///data/news.db")

    def with_output(found: re.Match[str]) -> str:
        sql = found[2].strip().rstrip(";")
        return f"### {found[1]}\n\n```sql\n{found[2]}```\n\n```csv\n{answer(url, sql)}```\n"

    try:
        DOCUMENT.write_text(_BLOCK.sub(with_output, DOCUMENT.read_text("utf-8")), "utf-8")
    except StoreError as error:
        sys.exit(f"{url}: {error}")


if __name__ == "__main__":
    main()
