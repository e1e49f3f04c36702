"""Real pages and texts to measure on, where this machine has them: they are kept outside the project."""

from __future__ import annotations

import pytest

from benchmarks.corpus import CORPUS

__all__ = ["CORPUS", "needs"]


def needs(name: str) -> pytest.MarkDecorator:
    """Skips a test where the corpus does not hold a file or folder."""
    return pytest.mark.skipif(
        not (CORPUS / name).exists(), reason=f"no {name} to measure on in {CORPUS} (set NEWS_CORPUS)"
    )
