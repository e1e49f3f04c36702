"""What our commands have in common: one clear line for an error, tables for the rest."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.table import Table
from rich.text import Text


def complain(message: str) -> None:
    """Prints one line on standard error."""
    line = " ".join(message.split())
    print(f"scrapy: {line}", file=sys.stderr)


def console(stream: IO[str] | None = None) -> Console:
    """Returns a console that colours a terminal and leaves a pipe or file plain."""
    out = Console(file=stream, highlight=False, soft_wrap=False)
    if not out.is_terminal:
        out.width = max(out.width, 120)
    return out


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str = "") -> Table:
    """Returns a table; columns whose values are numbers stand to the right."""
    rows = [list(row) for row in rows]
    made = Table(title=title or None, title_justify="left", header_style="bold")
    for index, name in enumerate(columns):
        numbers = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        made.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*("" if value is None else str(value) for value in row))
    return made


MIN_COLUMN = 10
"""Cells that a column of a table needs to be read; where there is less room, rows are shown one by one."""


def show_rows(out: Console, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Prints a table, or each row as lines of name and value where its columns would be too narrow."""
    if len(columns) * (MIN_COLUMN + 3) <= out.width:
        out.print(table(columns, rows))
        return
    wide = max(map(len, columns), default=0)
    for number, row in enumerate(rows, 1):
        out.rule(f"row {number}", align="left")
        for name, value in zip(columns, row, strict=True):
            if value is not None and value != "":
                out.print(Text.assemble((f"{name:>{wide}}  ", "bold blue"), str(value)))


def existing(paths: Iterable[str]) -> tuple[list[Path], list[str]]:
    """Splits paths into those that are there and a line for each that is not."""
    found, missing = [], []
    for name in paths:
        path = Path(name)
        if path.exists():
            found.append(path)
        else:
            missing.append(f"no such file or folder: {name}")
    return found, missing
