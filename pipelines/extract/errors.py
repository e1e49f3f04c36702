"""What can go wrong with a page as a whole."""

from __future__ import annotations


class ExtractError(ValueError):
    """The page cannot be read as HTML at all; the message is one clear line."""


class SelectorError(ValueError):
    """A site's selector is neither CSS nor XPath; the message is one clear line."""
