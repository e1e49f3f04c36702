"""Which stored texts are one story, and which of them was first.

Articles are linked when they share a band (or the whole digest) and the test of
the pair says so. A story is a connected component of these links; its original
is the earliest by `pipelines.dedup.choose_original`, and all others have one row
in `relation` that points to it. Both rules are symmetric, so what is stored does
not depend on the order of arrival. In the store a story is a star around its
original, so that one more article costs a look at its candidates only; the whole
story is read again when a member has changed, or when an earlier original turns
it round.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, delete, insert, select, union

from pipelines import dedup
from pipelines.models import Fingerprint, Moment
from storage import models
from storage.rows import Row, chunks


@dataclass(slots=True, frozen=True)
class Comparison:
    """How two texts are compared; both functions are symmetric."""

    kind: Callable[[Fingerprint, Fingerprint], str | None] = dedup.relation_kind
    similarity: Callable[[Fingerprint, Fingerprint], float] = dedup.similarity


def relate(
    connection: Connection,
    fresh: Collection[int],
    changed: Collection[int],
    code_id: int,
    compare: Comparison,
) -> Counter[str]:
    """Brings the relations up to date after fingerprints have been written.

    `fresh` are ids of new articles, `changed` of those with a new version.
    Returns by how much the number of relations has changed, by kind.
    """
    story = _Stories(connection, compare)
    loose = set(fresh) | set(changed)
    loose |= story.dissolve(changed)
    story.link(loose)
    story.settle(loose, code_id)
    return story.change


class _Stories:
    """The stories that a batch touches: a union-find over loose articles and originals of stored stories."""

    def __init__(self, connection: Connection, compare: Comparison) -> None:
        self.connection = connection
        self.compare = compare
        self.prints: dict[int, Fingerprint] = {}
        self.parents: dict[int, int] = {}
        self.change: Counter[str] = Counter()

    def dissolve(self, changed: Collection[int]) -> set[int]:
        """Takes the stories of changed articles apart; returns all their members."""
        originals = set(self._originals(changed).values()) | self._with_members(changed)
        members = set(self._members(originals)) | originals
        self._forget(members)
        return members

    def link(self, loose: Collection[int]) -> None:
        """Joins each loose article with the stories of its candidates."""
        pairs = _candidates(self.connection, loose)
        others = {b for _, b in pairs} - set(loose)
        heads = self._originals(others)
        self._load_prints({article for pair in pairs for article in pair})
        for a, b in sorted(pairs):
            head = heads.get(b, b)
            # one link is enough to join two, so most copies of one text are never compared
            if self._find(a) != self._find(head) and self.compare.kind(self.prints[a], self.prints[b]):
                self.parents[self._find(a)] = self._find(head)

    def settle(self, loose: Collection[int], code_id: int) -> None:
        """Chooses the original of each joined story and writes who points to it."""
        stories: defaultdict[int, set[int]] = defaultdict(set)
        for article in {*loose, *self.parents, *self.parents.values()}:
            stories[self._find(article)].add(article)
        joined = [nodes for nodes in stories.values() if len(nodes) > 1]
        candidates = self._standing({node for nodes in joined for node in nodes})
        firsts = [int(dedup.choose_original(candidates[n] for n in nodes).id) for nodes in joined]
        # members of a stored story whose original is not the first any more have to turn to the new one
        overtaken = {node for nodes, first in zip(joined, firsts, strict=True) for node in nodes - {first}}
        followers: defaultdict[int, set[int]] = defaultdict(set)
        for member, original in self._members(overtaken).items():
            followers[original].add(member)
        turned = {
            first: set().union(*({node} | followers[node] for node in nodes - {first}))
            for nodes, first in zip(joined, firsts, strict=True)
        }
        self._forget({member for members in turned.values() for member in members})
        self._load_prints({member for members in turned.values() for member in members} | set(firsts))
        rows = [
            self._relation(member, first, code_id)
            for first, members in sorted(turned.items())
            for member in sorted(members)
        ]
        if rows:
            self.connection.execute(insert(models.Relation), rows)
        self.change.update(row["kind"] for row in rows)

    def _relation(self, member: int, original: int, code_id: int) -> Row:
        a, b = self.prints[member], self.prints[original]
        return {
            "article_id": member,
            "original_id": original,
            # linked through others only: the story is the same, the text is not
            "kind": self.compare.kind(a, b) or "reprint",
            "similarity": self.compare.similarity(a, b),
            "code_id": code_id,
        }

    def _find(self, node: int) -> int:
        root = node
        while (parent := self.parents.get(root, root)) != root:
            root = parent
        while node != root:
            self.parents[node], node = root, self.parents[node]
        return root

    # --- what is stored ---

    def _originals(self, articles: Collection[int]) -> dict[int, int]:
        return self._relations(models.Relation.article_id, articles)

    def _members(self, originals: Collection[int]) -> dict[int, int]:
        return self._relations(models.Relation.original_id, originals)

    def _with_members(self, articles: Collection[int]) -> set[int]:
        return set(self._members(articles).values())

    def _relations(self, column: Any, ids: Collection[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for part in chunks(sorted(ids)):
            query = select(models.Relation.article_id, models.Relation.original_id).where(column.in_(part))
            found.update((article, original) for article, original in self.connection.execute(query))
        return found

    def _forget(self, articles: Collection[int]) -> None:
        for part in chunks(sorted(articles)):
            old = models.Relation.article_id.in_(part)
            self.change.subtract(self.connection.scalars(select(models.Relation.kind).where(old)).all())
            self.connection.execute(delete(models.Relation).where(old))

    def _load_prints(self, articles: Iterable[int]) -> None:
        table = models.Fingerprint
        for part in chunks(sorted(set(articles) - set(self.prints))):
            query = select(table.article_id, table.digest, table.signature, table.length).where(
                table.article_id.in_(part)
            )
            for article, digest, signature, length in self.connection.execute(query):
                self.prints[article] = Fingerprint(digest, signature, (), length)

    def _standing(self, articles: Collection[int]) -> dict[int, dedup.Candidate]:
        version, article, page = models.ArticleVersion, models.Article, models.Page
        found = {}
        for part in chunks(sorted(articles)):
            query = (
                select(
                    article.id,
                    page.url,
                    version.published_day,
                    version.published_at,
                    version.published_offset,
                    version.published_precision,
                )
                .join(page, page.id == article.id)
                .join(version, (version.article_id == article.id) & (version.version == article.version))
                .where(article.id.in_(part))
            )
            for id_, url, *published in self.connection.execute(query):
                found[id_] = dedup.Candidate(str(id_), url, _moment(*published))
        return found


def _moment(day: Any, at: Any, offset: Any, precision: Any) -> Moment | None:
    if day is None:
        return None
    zone = timezone(timedelta(minutes=offset or 0))
    local = datetime.combine(day, time(), zone) if at is None else at.astimezone(zone)
    return Moment(local, precision)


def _candidates(connection: Connection, articles: Collection[int]) -> set[tuple[int, int]]:
    """Pairs of one of `articles` and another, among them or stored, that shares a band or the digest."""
    own_band, band = models.Band.__table__.alias(), models.Band.__table__
    own, other = models.Fingerprint.__table__.alias(), models.Fingerprint.__table__
    among = set(articles)
    pairs: set[tuple[int, int]] = set()
    for part in chunks(sorted(articles), 400):
        by_band = select(own_band.c.article_id, band.c.article_id).where(
            own_band.c.article_id.in_(part),
            own_band.c.hash == band.c.hash,
            own_band.c.article_id != band.c.article_id,
        )
        by_digest = select(own.c.article_id, other.c.article_id).where(
            own.c.article_id.in_(part), own.c.digest == other.c.digest, own.c.article_id != other.c.article_id
        )
        found = connection.execute(union(by_band, by_digest))
        # a pair among them comes twice, and is compared once
        pairs.update((a, b) for a, b in found if b not in among or a < b)
    return pairs
