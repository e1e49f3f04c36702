"""Groups the documents of one file: which are originals, and what was taken from them.

Works in memory, with the rules by which the store relates its articles (see
`pipelines.dedup.placing`). So a text that joins two originals hangs on the one
it has more of, names the other, and never makes them one group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipelines.dedup.candidates import Index, Search
from pipelines.dedup.original import Candidate, day_of, order_key
from pipelines.dedup.placing import Id, Neighbourhood, Source, Standing
from pipelines.dedup.relations import MIN_LENGTH, Resemblance, fingerprint, resemblance
from pipelines.models import Fingerprint, Moment

Relation = Literal["original", "copy", "reprint", "excerpt"]


@dataclass(slots=True, frozen=True)
class Document:
    """One text to group; `id` is unique among the documents."""

    id: str
    title: str = ""
    body: str = ""
    published: Moment | None = None
    url: str = ""


@dataclass(slots=True, frozen=True)
class Further:
    """Another original that a joined text was taken from; `share` is how much of the text it makes up."""

    canonical: str
    similarity: float
    share: float


@dataclass(slots=True, frozen=True)
class Grouped:
    """What was found for one document.

    `canonical` is the id of the group's original, the document's own id when it
    is the original; `parent` the document that it is nearest to. `similarity`
    is the share of the shorter text that this one and its parent both have, 0
    to 1; for an excerpt the share of it that the longer text holds.
    """

    id: str
    canonical: str
    relation: Relation
    similarity: float
    parent: str
    further: tuple[Further, ...] = ()


def group(documents: Sequence[Document]) -> list[Grouped]:
    """Groups `documents`; the answer has their order, and what it says does not depend on that order.

    Raises ValueError when two documents have the same id.
    """
    if len({document.id for document in documents}) != len(documents):
        raise ValueError("two documents have the same id")
    prints = [fingerprint(document.body, document.title) for document in documents]
    orders = [
        order_key(Candidate(document.id, document.url, document.published, length=len(print_.text)))
        for document, print_ in zip(documents, prints, strict=True)
    ]
    # the first document with each text stands for all that have it
    firsts: dict[str, int] = {}
    for index in sorted(range(len(documents)), key=orders.__getitem__):
        firsts.setdefault(prints[index].digest, index)
    near = resemblances({index: prints[index] for index in firsts.values()})

    def standing(index: int) -> Standing:
        document, print_ = documents[index], prints[index]
        return Standing(
            orders[index],
            day_of(document.published),
            len(print_.text),
            print_.sentences,
            print_.cut,
            document.title,
        )

    places = Neighbourhood(standing, near.__getitem__)
    sources = {index: places.sources(index) for index in near}

    def grouped(index: int) -> Grouped:
        document, first = documents[index], firsts[prints[index].digest]
        taken = sources[first]
        if index != first and not (taken and taken[0].kind == "excerpt"):
            # identical to an earlier one, so it is nearest to that
            if len(prints[index].text) < MIN_LENGTH:
                return Grouped(document.id, document.id, "original", 1.0, document.id)
            taken = [Source(first, "copy", 1.0, 1.0), *taken[1:]]
        if not taken:
            return Grouped(document.id, document.id, "original", 1.0, document.id)
        return Grouped(
            document.id,
            documents[root(taken[0].id, sources)].id,
            taken[0].kind,
            taken[0].similarity,
            documents[taken[0].id].id,
            tuple(
                Further(documents[root(one.id, sources)].id, one.similarity, one.share) for one in taken[1:]
            ),
        )

    return [grouped(index) for index in range(len(documents))]


def root(id_: Id, sources: Mapping[Id, Sequence[Source[Id]]]) -> Id:
    """The original of the story that a text belongs to."""
    while taken := sources[id_]:
        id_ = taken[0].id
    return id_


def resemblances(prints: dict[int, Fingerprint]) -> dict[int, dict[int, Resemblance]]:
    """For each text what it resembles, with how: both ways."""
    index = Index()
    found: defaultdict[int, dict[int, Resemblance]] = defaultdict(dict)
    # in an order that is the texts' own
    for number in sorted(prints, key=lambda number: prints[number].digest):
        found[number] = {}
        candidates = index.candidates(prints[number])
        search = Search(candidates)
        for other in candidates:
            pair = resemblance(prints[number], prints[other])
            if pair is not None:
                found[number][other] = pair
                found[other][number] = pair.turned()
            if not search.goes_on(pair is not None):
                break
        index.add(number, prints[number])
    return dict(found)
