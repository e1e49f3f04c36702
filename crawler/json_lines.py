"""JSON Lines in, one object a line; a bad line gets one clear message and the rest goes on."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

from crawler.commands.extract import open_output
from pipelines.models import Moment

T = TypeVar("T")
_CHINA = timezone(timedelta(hours=8))
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_lines(
    path: Path, make: Callable[[dict[str, object]], T], complain: Callable[[str], None]
) -> Iterator[T]:
    """Yields `make(object)` for each line of a UTF-8 file, in order; empty lines are skipped.

    A line that is no JSON object, or for which `make` raises ValueError, goes
    to `complain` with file and line number. Raises OSError when the file can't
    be read.
    """
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                made = make(_object(line))
            except (ValueError, RecursionError) as error:
                complain(f"{path}, line {number}: {error}")
                continue
            yield made


def _object(line: bytes) -> dict[str, object]:
    record = json.loads(line)
    if isinstance(record, dict):
        return record
    raise ValueError("not a JSON object")


def write_lines(records: Iterable[dict[str, Any]], out: str | None) -> None:
    """Writes one line a record to the file `out`, or to standard output when it is None.

    A reader that has seen enough, such as `head`, ends it quietly. Raises OSError.
    """
    try:
        with open_output(out) as stream:
            for record in records:
                stream.write(json.dumps(record, ensure_ascii=False) + "\n")
            stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def text_field(record: dict[str, object], name: str, *, required: bool = False) -> str:
    """A string of a record, "" when it is missing or null. Raises ValueError for anything else."""
    value = record.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value):
        raise ValueError(f'"{name}" is not a string' if value is not None else f'"{name}" is missing')
    if _SURROGATE.search(value):
        raise ValueError(f'"{name}" holds half a character (a lone surrogate)')
    return value


def moment_field(record: dict[str, object], name: str) -> Moment | None:
    """A day or a time of a record in ISO 8601, China's without an offset; None when it is missing or null.

    Raises ValueError for anything else.
    """
    text = text_field(record, name)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f'"{name}" is not a date of ISO 8601: {text[:40]!r}') from error
    if at.tzinfo is None:
        at = at.replace(tzinfo=_CHINA)
    return Moment(at, "second" if "T" in text or " " in text else "day", raw=text)
