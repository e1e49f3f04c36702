"""Makes the model of personal names from annotated texts; a developer's tool, not part of a crawl.

    python scripts/train_person_names.py FILE.json... --out pipelines/entities/person_names.tsv

Each FILE is a JSON list of objects {"text": ..., "spans": [[kind, start, end], ...]};
a span of kind PER is a person. The committed model was made from Boson NER
(2,000 news paragraphs), the test and development parts of the People's Daily
sample, and the training part of the Chinese resume corpus (Zhang and Yang,
"Chinese NER Using Lattice LSTM", 2018); it holds weights, no text. With --names
every text is used twice more with other names in it, whose given names come
from that list (the personal names in jieba's dictionary, MIT): the characters
of names vary more than a corpus shows. It needs numpy and the project installed;
the corpora are fetched by hand.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipelines.entities.lexicon import surnames, words
from pipelines.entities.person_names import candidates, features
from pipelines.entities.segmentation import segment

RATE: Final = 0.3
DECAY: Final = 1e-4
ROUNDS: Final = 8
MIN_COUNT: Final = 2
SMALLEST: Final = 0.05
COPIES: Final = 1
RARE_FAMILY: Final = 0.2  # share of new names whose family name is drawn evenly
Example = tuple[list[str], bool]


def examples(texts: Iterable[dict[str, Any]]) -> Iterator[Example]:
    """Every candidate of the texts with its features and whether it is a name (周老师 is none)."""
    address = words("person_words.toml", "not_names")
    for record in texts:
        text = record["text"]
        names = {(start, end) for kind, start, end in record["spans"] if kind == "PER"}
        names = {span for span in names if not text[slice(*span)].endswith(address)}
        cut = segment(text)
        for start, end, number in candidates(text, cut):
            yield features(text, cut, start, end, number), (start, end) in names


def renamed(
    texts: Iterable[dict[str, Any]], names: Sequence[str], draw: random.Random
) -> Iterator[dict[str, Any]]:
    """The texts with other Chinese names in the places of theirs, the same one for the same name."""
    single, compound = surnames()
    families = sorted(single | compound)
    for record in texts:
        text, other = record["text"], dict[str, str]()
        parts: list[str] = []
        spans, at, length = [], 0, 0
        for kind, start, end in sorted(record["spans"], key=lambda span: span[1]):
            name = text[start:end]
            if kind != "PER" or start < at or not 2 <= len(name) <= 3 or name[0] not in single:
                continue
            if name not in other:
                drawn = draw.choice(names)
                rare = name[:2] not in compound and draw.random() < RARE_FAMILY
                other[name] = (draw.choice(families) if rare else name[0]) + drawn[1:]
            new = other[name]
            parts += [text[at:start], new]
            length += start - at + len(new)
            spans.append(["PER", length - len(new), length])
            at = end
        if spans:
            yield {"text": "".join(parts) + text[at:], "spans": spans}


def train(data: Sequence[Example], seed: int = 1) -> dict[str, float]:
    """Logistic regression by stochastic gradient descent with AdaGrad's step sizes."""
    counts = Counter(feature for seen, _ in data for feature in seen)
    number = {feature: n for n, feature in enumerate(f for f, c in counts.items() if c >= MIN_COUNT)}
    rows = [(np.array([number[f] for f in seen if f in number]), float(is_name)) for seen, is_name in data]
    weights, squares = np.zeros(len(number)), np.full(len(number), 1e-2)
    draw = random.Random(seed)  # noqa: S311 - an order, no secret
    for _ in range(ROUNDS):
        draw.shuffle(rows)
        for row, wanted in rows:
            odds = min(30.0, max(-30.0, float(weights[row].sum())))
            slope = 1 / (1 + math.exp(-odds)) - wanted + DECAY * weights[row]
            squares[row] += slope * slope
            weights[row] -= RATE * slope / np.sqrt(squares[row])
    return {feature: float(weights[n]) for feature, n in number.items()}


def write(weights: dict[str, float], path: Path) -> None:
    """Writes the weights in hundredths, one feature a line, without those that change nothing."""
    head = "# The weight of each feature in hundredths; made by scripts/train_person_names.py, see there.\n"
    lines = [
        f"{feature}\t{round(weight * 100)}\n"
        for feature, weight in sorted(weights.items())
        if abs(weight) >= SMALLEST and not set("\t\n#") & set(feature)
    ]
    path.write_text(head + "".join(lines), "utf-8")


def main() -> None:
    """The command line."""
    options = argparse.ArgumentParser(description="Makes the model of personal names.")
    options.add_argument("files", nargs="+", type=Path)
    options.add_argument("--out", required=True, type=Path)
    options.add_argument("--names", type=Path, help="names to draw from, one a line")
    given = options.parse_args()
    texts = [record for file in given.files for record in json.loads(file.read_text("utf-8"))]
    more: list[dict[str, Any]] = []
    if given.names:
        names = given.names.read_text("utf-8").split()
        draw = random.Random(1)  # noqa: S311 - names to learn from, no secrets
        more = [record for _ in range(COPIES) for record in renamed(texts, names, draw)]
    data = list(examples([*texts, *more]))
    print(f"{len(texts)} texts, {len(data)} candidates", file=sys.stderr)
    write(train(data), given.out)


if __name__ == "__main__":
    main()
