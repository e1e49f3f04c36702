"""Real public-interest texts with hand-made truth, where this machine has them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

CORPUS = Path(os.environ.get("NEWS_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))
TEXTS = CORPUS / "entities.jsonl"


def texts() -> list[dict[str, Any]]:
    """One object a text: id, text, and the names, roles and figures that stand in it."""
    return [json.loads(line) for line in TEXTS.read_text("utf-8").splitlines() if line.strip()]
