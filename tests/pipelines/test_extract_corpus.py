"""Figures on real pages, when they are there: they are kept outside the project."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpus import CORPUS, needs

PROJECT = Path(__file__).parents[2]

pytestmark = needs("gold.jsonl")

CHINESE = {
    "body_f1": 0.99,
    "body_worst": 0.93,
    "title": 1.0,
    "day": 1.0,
    "minute": 0.97,
    "source": 0.95,
    "authors_f1": 0.95,
}
WORLD = {"body_f1": 0.96, "title": 0.9, "day": 0.96, "authors_f1": 0.87}


@pytest.mark.parametrize(
    ("pages", "gold", "least"),
    [("pages", "gold.jsonl", CHINESE), ("world/pages", "world/gold.jsonl", WORLD)],
    ids=["chinese", "world"],
)
def test_fields_of_real_pages(tmp_path, pages, gold, least):
    answer = tmp_path / "answer.jsonl"
    extract = [sys.executable, "-m", "scrapy", "extract", str(CORPUS / pages), "--out", str(answer)]
    subprocess.run(extract, cwd=PROJECT, check=True)
    score = [sys.executable, str(CORPUS / "score.py"), str(CORPUS / gold), str(answer)]
    run = subprocess.run(score, capture_output=True, text=True, check=True)
    scores = json.loads(run.stdout.splitlines()[-1])
    assert {name: scores[name] for name in least if scores[name] < least[name]} == {}
