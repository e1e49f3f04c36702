"""Which field of public interest a text is about, by weighted terms, and whether it is about any.

Each term counts by its weight, its second occurrence less than the first, one
in the title more. What a text has to reach grows with its length, so that a
digest that mentions volunteers once is no text about volunteering.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Final

from pipelines.entities.lexicon import WordSet, toml_file
from pipelines.entities.segmentation import readable
from pipelines.models import Topic

PUBLIC_INTEREST: Final = "公益"
"""The topic that every text about public interest has, whatever its field."""

TITLE_WEIGHT: Final = 3
"""How often a term in the title counts."""

HALF: Final = 3.0
"""What terms a text of no length must score for a weight of one half."""

HALF_PER_1000: Final = 6.0
"""What is added to `HALF` for each thousand characters."""

LEAST_WEIGHT: Final = 0.5
"""A topic below this weight is not named."""

LEAST_TERMS: Final = 2
"""How many different terms make a text one about public interest: one alone may be a masthead's name."""

ONE_TERM: Final = 100
"""Characters up to which a text, such as a teaser, needs one term only."""

MAX_TERMS: Final = 8
"""How many of the terms that decided are given, the heaviest first."""

_FILE: Final = "topics.toml"


@cache
def _weights() -> dict[str, dict[str, int]]:
    """For each term the topics that it speaks for, with its weight."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for topic, by_weight in toml_file(_FILE).items():
        if topic == "not_terms":
            continue
        for weight, listed in by_weight.items():
            for term in str(listed).split():
                found[term].setdefault(topic, int(weight))
    return {term: _with_parts(term, found) for term in found}


def _with_parts(term: str, weights: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """A term speaks for its own topics and for those of the terms within it (环保志愿者 for 志愿服务)."""
    own = dict(weights[term])
    for start in range(len(term)):
        for end in range(start + 2, len(term) + 1):
            for topic, weight in weights.get(term[start:end], {}).items():
                if topic not in weights[term]:
                    own[topic] = max(own.get(topic, 0), weight)
    return own


@cache
def _terms() -> WordSet:
    return WordSet([*_weights(), *str(toml_file(_FILE)["not_terms"]["words"]).split()])


def _found(text: str) -> list[str]:
    return [text[start:end] for start, end in _terms().spans(readable(text))]


def find_topics(title: str, body: str) -> list[Topic]:
    """Returns what a text is about: 公益 first, then its fields by falling weight; nothing for other texts.

    A weight is from 0.5 to 1. `terms` are those that decided, the heaviest
    first.
    """
    counts = Counter(_found(body))
    for term in _found(title):
        counts[term] += TITLE_WEIGHT
    scores: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for term, count in counts.items():
        for topic, weight in _weights().get(term, {}).items():
            scores[topic].append((weight * (1 + math.log(count)), term))
    half = HALF + HALF_PER_1000 * (len(title) + len(body)) / 1000
    if len(scores[PUBLIC_INTEREST]) < LEAST_TERMS and len(body) > ONE_TERM:
        return []
    topics = (_topic(name, terms, half) for name, terms in scores.items())
    found = [topic for topic in topics if topic is not None]
    found.sort(key=lambda topic: (topic.name != PUBLIC_INTEREST, -topic.weight, topic.name))
    return found if found and found[0].name == PUBLIC_INTEREST else []


def _topic(name: str, terms: list[tuple[float, str]], half: float) -> Topic | None:
    score = sum(part for part, _ in terms)
    weight = round(score / (score + half), 3)
    if weight < LEAST_WEIGHT:
        return None
    terms.sort(key=lambda part: (-part[0], part[1]))
    return Topic(name, weight, tuple(term for _, term in terms[:MAX_TERMS]))
