"""Traditional characters and the simplified ones that they are read as, one for one, so that offsets stay."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


@cache
def simplified() -> dict[int, str]:
    """Returns the pairs of `script.txt` as a table for `str.translate`."""
    lines = files("pipelines").joinpath("script.txt").read_text("utf-8").splitlines()
    pairs = " ".join(line for line in lines if not line.startswith("#")).split()
    return {ord(pair[0]): pair[1] for pair in pairs}


@cache
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, simplified()))}]")


def has_traditional(text: str) -> bool:
    """Tells, in a tenth of the time that translating takes, whether a text holds a traditional character."""
    return not text.isascii() and _traditional().search(text) is not None
