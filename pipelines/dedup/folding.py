"""Characters folded to the form in which they are compared: width, case, script and brackets.

By a table of the Basic Multilingual Plane, since normalising text character by
character costs more than all the rest of comparing it. What a table can't do,
characters that fold to several or join with their neighbours, goes the long way.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from pipelines.script import simplified

_PLANE: Final = 0x10000
_BRACKETS: Final = {"【": "[", "】": "]", "〔": "[", "〕": "]"}
_NOT_A_LETTER = re.compile(r"[\W_]+")
# in the table, a character that only the long way folds
_OTHER: Final = 0

_Points = npt.NDArray[np.uint32]


def folded(text: str) -> str:
    """The text in NFKC, lower case and simplified script, with square brackets for 【】 and 〔〕."""
    points = _points(text.replace("…", "..."))
    if len(points) and points.max() < _PLANE:
        found = _table()[points]
        if found.all():
            return _text(found)
    lower = unicodedata.normalize("NFKC", text).lower()
    return lower.translate(_simplified())


def letters(text: str) -> str:
    """The letters, digits and ideographs of a text."""
    points = _points(text)
    if len(points) and points.max() >= _PLANE:
        return _NOT_A_LETTER.sub("", text)
    return _text(points[_letters()[points]])


def _points(text: str) -> _Points:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _text(points: _Points) -> str:
    return points.tobytes().decode("utf-32-le", "surrogatepass")


@cache
def _simplified() -> dict[int, str]:
    return simplified() | {ord(a): b for a, b in _BRACKETS.items()}


@cache
def _table() -> _Points:
    simplified = _simplified()
    table = np.full(_PLANE, _OTHER, np.uint32)
    for point in range(1, _PLANE):
        character = chr(point)
        if unicodedata.combining(character) or 0x1100 <= point < 0x1200:
            continue  # may join with its neighbour
        form = unicodedata.normalize("NFKC", character).lower().translate(simplified)
        if len(form) == 1:
            table[point] = ord(form)
    return table


@cache
def _letters() -> npt.NDArray[np.bool_]:
    return np.fromiter((chr(point).isalnum() for point in range(_PLANE)), np.bool_, _PLANE)
