"""Where real pages and texts to measure on are: NEWS_CORPUS, or beside the project, never in it."""

from __future__ import annotations

import os
from pathlib import Path

CORPUS = Path(os.environ.get("NEWS_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
