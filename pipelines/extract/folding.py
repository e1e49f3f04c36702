"""Traditional characters read as simplified ones, so that one list of words serves both scripts.

Each character stands for one, so that offsets into a folded text are offsets
into the text itself; what a field gives is always cut from the latter.
"""

from __future__ import annotations

from pipelines.script import has_traditional, simplified


def fold(text: str) -> str:
    """Returns `text` in simplified characters, of the same length."""
    return text.translate(simplified()) if has_traditional(text) else text


def unfold(name: str, folded: str, text: str) -> str:
    """Returns what stands in `text` where `name` stands in `folded`, which is the former folded."""
    at = folded.find(name) if folded != text else -1
    return text[at : at + len(name)] if at >= 0 else name
