"""Figures on real texts, when they are there: they are kept outside the project."""

import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone

from pipelines.dedup import Document, group
from pipelines.models import Moment
from tests.corpus import CORPUS, needs

CHINA = timezone(timedelta(hours=8))

pytestmark = needs("dedup_docs.jsonl")


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
