"""Reading texts for entities, against jieba's tagger, which people install for it, on the same texts.

Both read in one process, in turn, several times; the ratio of the medians is
what to quote. Names of jieba's tagger are words of the classes nr, nt and ns.

    pip install -e '.[bench]'
    python -m benchmarks.entities FILE.jsonl --rounds 3

FILE holds JSON Lines with `text` or `body`, and for the F1 `PER` and `ORG` as
in tests/pipelines/entity_texts.jsonl, which is what is read without a FILE.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

TEXTS = Path(__file__).parents[1] / "tests" / "pipelines" / "entity_texts.jsonl"
MIN_CHARACTERS = 200_000
Names = dict[str, set[str]]


def ours(text: str) -> Names:
    """The people and organisations that this project finds."""
    from pipelines.entities import find_entities

    found: Names = {"PER": set(), "ORG": set()}
    for mention in find_entities(text).mentions:
        if mention.kind != "place":
            found["PER" if mention.kind == "person" else "ORG"].add(mention.surface)
    return found


def jiebas(text: str) -> Names:
    """The words that jieba's tagger calls a person or an organisation."""
    from jieba import posseg

    found: Names = {"PER": set(), "ORG": set()}
    for pair in posseg.cut(text):
        if pair.flag in ("nr", "nt"):
            found["PER" if pair.flag == "nr" else "ORG"].add(pair.word)
    return found


def f1(records: Iterable[dict[str, Any]], read: Callable[[str], Names], kind: str) -> float:
    """Micro-averaged over unique names; optional names are neither asked nor punished."""
    right = wrong = missed = 0
    for record in records:
        wanted, found = _plain(record[kind]), _plain(read(record["text"])[kind])
        right += len(wanted & found)
        wrong += len(found - wanted - _plain(record["optional"]))
        missed += len(wanted - found)
    return 2 * right / max(1, 2 * right + wrong + missed)


def _plain(names: Iterable[str]) -> set[str]:
    return {re.sub(r"\s", "", name) for name in names}


def _seconds(texts: list[str], read: Callable[[str], Names]) -> float:
    started = time.perf_counter()
    for text in texts:
        read(text)
    return time.perf_counter() - started


def _load(read: Callable[[str], Names]) -> tuple[float, float]:
    """Seconds of the first call, and the growth of memory in MB."""
    before, started = _memory(), time.perf_counter()
    read("江湾区青禾基金会理事长林晓岚表示，志愿者来自江湾新闻网。")
    return time.perf_counter() - started, _memory() - before


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """The command line."""
    options = argparse.ArgumentParser(description="Compare with jieba's tagger.")
    options.add_argument("file", nargs="?", type=Path, default=TEXTS)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    records = [json.loads(line) for line in given.file.read_text("utf-8").splitlines()]
    texts = [record.get("text") or record["body"] for record in records]
    size = sum(map(len, texts))
    texts *= max(1, MIN_CHARACTERS // size)
    size = sum(map(len, texts))
    readers = {"ours": ours, "jieba": jiebas}
    loads = {name: _load(read) for name, read in readers.items()}
    times: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(given.rounds):
        for name, read in readers.items():
            times[name].append(_seconds(texts, read))
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    table = Table(
        "reader", "characters/s", "of jieba's", "load s", "load MB", "F1 people", "F1 organisations"
    )
    for name, read in readers.items():
        scores = [f"{f1(records, read, kind):.3f}" if kind in records[0] else "-" for kind in ("PER", "ORG")]
        speed, ratio = size / medians[name], medians["jieba"] / medians[name]
        seconds, memory = loads[name]
        table.add_row(name, f"{speed:,.0f}", f"{ratio:.2f}", f"{seconds:.2f}", f"{memory:.0f}", *scores)
    Console().print(table)


if __name__ == "__main__":
    main()
