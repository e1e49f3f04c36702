"""Real public-interest texts with hand-made truth, where this machine has them."""

from __future__ import annotations

import json
from typing import Any

from tests.corpus import CORPUS

TEXTS = CORPUS / "entities.jsonl"


def texts() -> list[dict[str, Any]]:
    """One object a text: id, text, and the names, roles and figures that stand in it."""
    return [json.loads(line) for line in TEXTS.read_text("utf-8").splitlines() if line.strip()]
