"""Traditional characters and the simplified ones that they are read as, one for one, so that offsets stay."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def simplified() -> dict[int, str]:
    """Returns the pairs of `script.txt` as a table for `str.translate`."""
    lines = files("pipelines").joinpath("script.txt").read_text("utf-8").splitlines()
    pairs = " ".join(line for line in lines if not line.startswith("#")).split()
    return {ord(pair[0]): pair[1] for pair in pairs}
