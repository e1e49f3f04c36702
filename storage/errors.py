"""The one error that the store raises to its users."""

from __future__ import annotations


class StoreError(Exception):
    """The store can't be opened or written; the message is one clear line, without passwords."""
