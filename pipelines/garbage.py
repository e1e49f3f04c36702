"""Python's search for circles of garbage, put off while many objects are made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collecting_later() -> Iterator[None]:
    """Keeps Python from looking for circles of garbage while objects are made, of which none is in one.

    It would do so each time that some hundred of them are, through all that is in memory.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
