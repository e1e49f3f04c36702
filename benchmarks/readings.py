"""Figures, times and topics: characters a second, against dateparser's search, which reads dates alone.

    python -m benchmarks.readings [--articles 300]

All in one run, on the same made-up texts, which are full of figures. dateparser is given the beginnings
of a few texts only, as it is slow.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from dateparser.search import search_dates

from benchmarks.big_text import postings
from pipelines.entities import find_figures, find_times, find_topics

SEED = 20261124
DATEPARSER_TEXTS = 10
DATEPARSER_CHARACTERS = 300


def main() -> None:
    """Prints one line a reader."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--articles", type=int, default=300)
    texts = [
        "\n".join(block.text for block in posting.blocks)
        for posting in postings(parser.parse_args().articles, SEED)
    ]
    few = [text[:DATEPARSER_CHARACTERS] for text in texts[:DATEPARSER_TEXTS]]
    theirs = _speed(lambda text: search_dates(text, languages=["zh"]), few)
    print(f"dateparser    {theirs:12,.0f} characters/s  (dates alone)")
    readers: dict[str, Callable[[str], object]] = {
        "find_times": find_times,
        "find_figures": find_figures,
        "find_topics": lambda text: find_topics("", text),
        "all three": lambda text: (find_times(text), find_figures(text), find_topics("", text)),
    }
    for name, reader in readers.items():
        ours = _speed(reader, texts)
        print(f"{name:13} {ours:12,.0f} characters/s  {ours / theirs:10,.0f} times dateparser")


def _speed(reader: Callable[[str], object], texts: list[str]) -> float:
    reader(texts[0])  # what is made once
    start = time.process_time()
    for text in texts:
        reader(text)
    return sum(map(len, texts)) / (time.process_time() - start)


if __name__ == "__main__":
    main()
