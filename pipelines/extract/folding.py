"""Traditional characters read as simplified ones, so that one list of words serves both scripts.

Each character stands for one, so that offsets into a folded text are offsets
into the text itself; what a field gives is always cut from the latter.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def fold_table() -> dict[int, str]:
    """Returns the characters of `traditional.txt` as a table for `str.translate`."""
    text = files("pipelines.extract").joinpath("traditional.txt").read_text("utf-8")
    rows = [line for line in text.splitlines() if not line.startswith("#")]
    return {
        ord(t): s
        for traditional, simplified in zip(rows[::2], rows[1::2], strict=True)
        for t, s in zip(traditional, simplified, strict=True)
    }


def fold(text: str) -> str:
    """Returns `text` in simplified characters, as far as the words here need them; of the same length."""
    return text if text.isascii() else text.translate(fold_table())


def unfold(name: str, folded: str, text: str) -> str:
    """Returns what stands in `text` where `name` stands in `folded`, which is the former folded."""
    at = folded.find(name) if folded != text else -1
    return text[at : at + len(name)] if at >= 0 else name
