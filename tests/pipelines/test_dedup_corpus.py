"""Figures on real texts, when they are there: they are kept outside the project."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from pipelines.dedup import Document, group
from pipelines.models import Moment

CORPUS = Path(os.environ.get("NEWS_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))
CHINA = timezone(timedelta(hours=8))

pytestmark = pytest.mark.skipif(
    not (CORPUS / "dedup_docs.jsonl").exists(), reason=f"no texts to measure on in {CORPUS} (set NEWS_CORPUS)"
)


def document(record: dict[str, str]) -> Document:
    day = datetime.fromisoformat(record["published_at"]).replace(tzinfo=CHINA)
    return Document(record["id"], record["title"], record["body"], Moment(day, "day"))


def test_reprints_of_broadcast_news_are_found(tmp_path):
    lines = (CORPUS / "dedup_docs.jsonl").read_text("utf-8").splitlines()
    answer = tmp_path / "answer.jsonl"
    with answer.open("w", encoding="utf-8") as out:
        for found in group([document(json.loads(line)) for line in lines]):
            record = {"id": found.id, "canonical": found.canonical, "relation": found.relation}
            out.write(json.dumps(record) + "\n")
    command = [sys.executable, str(CORPUS / "score_dedup.py"), str(CORPUS / "dedup_gold.jsonl"), str(answer)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    scores = json.loads(run.stdout.splitlines()[-1])
    assert scores["reprint_f1"] >= 0.995
    assert scores["false_merge"] <= 0.001
    assert scores["excerpt_f1"] >= 0.98
