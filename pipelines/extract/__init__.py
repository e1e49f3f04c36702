"""From a page's bytes to what it says: `extract` fills the first part of an `Article`."""

from __future__ import annotations

from pipelines.extract.article import extract
from pipelines.extract.errors import ExtractError
from pipelines.extract.evidence import explain

__all__ = ["ExtractError", "explain", "extract"]
