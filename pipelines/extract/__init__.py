"""From a page's bytes to what it says: `extract` fills the first part of an `Article`."""

from __future__ import annotations

from pipelines.extract.article import extract
from pipelines.extract.errors import ExtractError

__all__ = ["ExtractError", "extract"]
