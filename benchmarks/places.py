"""What finding places costs, against segmenting and tagging the same texts with jieba when it is installed.

    python -m benchmarks.places [FILE OF JSON LINES WITH text OR body]

Prints characters a second, their ratio, how long the divisions take to load and
how much memory the process has then.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.corpus import CORPUS

ROUNDS = 3


def megabytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def speed(texts: list[str], work: Callable[[str], object]) -> float:
    """Characters a second, of the best of some rounds, in processor time."""
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for text in texts:
            work(text)
        best = min(best, time.process_time() - began)
    return sum(map(len, texts)) / best


def main() -> None:
    """Measures on the file that the arguments name."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS / "dedup_docs.jsonl"
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    texts = [record.get("text") or record.get("body") or "" for record in records]

    before, began = megabytes(), time.process_time()
    from pipelines.entities.places import find_places

    find_places("科苑社区在江宁区。")
    loaded = time.process_time() - began
    print(f"loaded in {loaded:.3f} s")

    ours = speed(texts, find_places)
    print(f"find_places {ours:>12,.0f} characters a second, {megabytes() - before:.0f} MB")
    if importlib.util.find_spec("jieba") is None:
        print("jieba is not installed: nothing to compare with")
        return
    posseg = importlib.import_module("jieba.posseg")

    posseg.lcut("科苑社区在江宁区。")
    theirs = speed(texts[: len(texts) // 20], posseg.lcut)
    print(f"jieba tags  {theirs:>12,.0f} characters a second; ours is {ours / theirs:.1f} times as fast")


if __name__ == "__main__":
    main()
