"""Groups the documents of one file: which are originals, and what hangs on them.

Works in memory. Documents are taken in the order in which they were published,
whatever order they stand in, and each joins the earlier text that it is nearest
to. So a text that joins two originals hangs on one of them and never makes them
one group.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from pipelines.dedup.comparing import comparison_text
from pipelines.dedup.excerpts import MAX_EXCERPT, MIN_EXCERPT, find_excerpts
from pipelines.dedup.original import Candidate, order_key
from pipelines.dedup.relations import fingerprint_of_comparison_text, relation_kind, similarity
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
class Grouped:
    """What was found for one document.

    `canonical` is the id of the group's original, the document's own id when it
    is the original. `similarity` is that to the original, 0 to 1; for an excerpt
    the share of it that the longer text holds.
    """

    id: str
    canonical: str
    relation: Relation
    similarity: float


def group(documents: Sequence[Document]) -> list[Grouped]:
    """Groups `documents`; the answer has their order, and what it says does not depend on that order.

    Raises ValueError when two documents have the same id.
    """
    if len({document.id for document in documents}) != len(documents):
        raise ValueError("two documents have the same id")
    ordered = sorted(documents, key=lambda d: order_key(Candidate(d.id, d.url, d.published)))
    texts = [comparison_text(document.body, document.title) for document in ordered]
    prints = [fingerprint_of_comparison_text(text) for text in texts]
    hosts = _hosts(ordered, texts)
    # a text that is nearly another whole text is its reprint, though a third one may hold it too
    for index in _reprints(prints, hosts):
        del hosts[index]
    roots = _roots(prints, hosts)
    found = {
        document.id: _grouped(index, roots, hosts, ordered, prints) for index, document in enumerate(ordered)
    }
    return [found[document.id] for document in documents]


def _grouped(
    index: int,
    roots: list[int],
    hosts: dict[int, tuple[int, float]],
    ordered: list[Document],
    prints: list[Fingerprint],
) -> Grouped:
    id_ = ordered[index].id
    if index in hosts:
        host, share = _last_host(index, hosts)
        return Grouped(id_, ordered[roots[host]].id, "excerpt", round(share, 4))
    root = roots[index]
    if root == index:
        return Grouped(id_, id_, "original", 1.0)
    relation: Relation = "copy" if prints[index].digest == prints[root].digest else "reprint"
    return Grouped(id_, ordered[root].id, relation, round(similarity(prints[index], prints[root]), 4))


def _reprints(prints: list[Fingerprint], excerpts: Collection[int]) -> list[int]:
    """Those of `excerpts` that are related to a text that is none itself."""
    buckets: defaultdict[int, list[int]] = defaultdict(list)
    for index in excerpts:
        for band in prints[index].bands:
            buckets[band].append(index)
    found: set[int] = set()
    for index, own in enumerate(prints):
        if index not in excerpts:
            near = {other for band in own.bands for other in buckets.get(band, ())} - found
            found.update(other for other in near if relation_kind(own, prints[other]))
    return sorted(found)


def _roots(prints: list[Fingerprint], excerpts: Collection[int]) -> list[int]:
    """For each fingerprint the index of its group's first; an excerpt stands alone."""
    roots = list(range(len(prints)))
    seen: dict[str, int] = {}
    buckets: defaultdict[int, list[int]] = defaultdict(list)
    for index, own in enumerate(prints):
        if index in excerpts:
            continue
        twin = seen.get(own.digest)
        if twin is not None and relation_kind(own, prints[twin]):
            # its bands lead to the twin already
            roots[index] = roots[twin]
            continue
        seen[own.digest] = index
        candidates = sorted({other for band in own.bands for other in buckets[band]})
        related = [other for other in candidates if relation_kind(own, prints[other])]
        if related:
            nearest = max(related, key=lambda other: (similarity(own, prints[other]), -other))
            roots[index] = roots[nearest]
        for band in own.bands:
            buckets[band].append(index)
    return roots


def _hosts(ordered: list[Document], texts: list[str]) -> dict[int, tuple[int, float]]:
    """For each excerpt the index of the text that it was taken from, and the share of it that is held."""
    shorts = [index for index, text in enumerate(texts) if MIN_EXCERPT <= len(text) <= MAX_EXCERPT]
    best: dict[int, tuple[tuple[float, bool, float, int], int, float]] = {}
    for short, host, share in find_excerpts([texts[index] for index in shorts], texts):
        index = shorts[short]
        own, other = ordered[index], ordered[host]
        if _later(other.published, own.published) and not own.body.rstrip().endswith(_CUT):
            continue  # a later text took it in whole
        same_title = bool(own.title) and own.title == other.title
        rank = (share, same_title, -_days_apart(own.published, other.published), -host)
        if index not in best or rank > best[index][0]:
            best[index] = (rank, host, share)
    return {index: (host, share) for index, (_, host, share) in best.items()}


def _last_host(index: int, hosts: dict[int, tuple[int, float]]) -> tuple[int, float]:
    """Follows an excerpt of an excerpt to the whole text; hosts are longer each time, so this ends."""
    host, share = hosts[index]
    while host in hosts:
        host, _ = hosts[host]
    return host, share


_UNKNOWN_DAYS: Final = float("inf")
_CUT: Final = ("...", "…", "。。。")


def _days_apart(a: Moment | None, b: Moment | None) -> float:
    if a is None or b is None:
        return _UNKNOWN_DAYS
    return abs(_day(a.at) - _day(b.at))


def _later(a: Moment | None, b: Moment | None) -> bool:
    return a is not None and b is not None and _day(a.at) > _day(b.at)


def _day(at: datetime) -> int:
    return at.date().toordinal()
