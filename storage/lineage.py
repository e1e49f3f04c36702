"""Which stored texts are one story, and which of them was first.

Articles are linked when their fingerprints are one, or share a band and pass
the test of the pair. A story is a connected component of these links; its
original is the earliest by `pipelines.dedup.choose_original`, and all others
have one row in `relation` that points to it. Both rules are symmetric, so what
is stored does not depend on the order of arrival.

In the store a story is a star around its original, so that one more article
costs a look at its candidates only, and one more copy not even that. A whole
story is read again when a member has changed, or when an earlier original turns
it round.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, timezone
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, delete, func, select

from pipelines import dedup
from pipelines.models import Fingerprint, Moment
from storage import models
from storage.bulk import among, insert_rows
from storage.fingerprints import ids_of
from storage.rows import Row


@dataclass(slots=True, frozen=True)
class Comparison:
    """How two texts are compared; both functions are symmetric."""

    kind: Callable[[Fingerprint, Fingerprint], str | None] = dedup.relation_kind
    similarity: Callable[[Fingerprint, Fingerprint], float] = dedup.similarity


def relate(
    connection: Connection,
    new: Mapping[int, Fingerprint | None],
    changed: Collection[int],
    code_id: int,
    compare: Comparison,
) -> Counter[str]:
    """Brings the relations up to date with articles that are new or have changed.

    `new` has their fingerprints by article id, `changed` says which of them had
    another version. Call it when the new versions are stored and the bands of
    new fingerprints are not yet. Returns by how much the number of relations has
    changed, by kind.
    """
    stories = _Stories(connection, compare)
    loose = {**stories.dissolve(changed), **new}
    stories.link({article: print_ for article, print_ in loose.items() if print_ is not None})
    stories.settle(loose, code_id)
    return stories.change


class _Stories:
    """The stories that a batch touches: a union-find over loose articles and originals of stored stories."""

    def __init__(self, connection: Connection, compare: Comparison) -> None:
        self.connection = connection
        self.compare = compare
        self.prints: dict[int, Fingerprint] = {}
        self.parents: dict[int, int] = {}
        self.change: Counter[str] = Counter()

    def dissolve(self, changed: Collection[int]) -> dict[int, Fingerprint]:
        """Takes the stories of changed articles apart; returns their members with their bands."""
        if not changed:
            return {}
        originals = {*self._originals(changed).values(), *self._members(changed).values()}
        members = originals.union(self._members(originals))
        self._forget(members)
        self._load_prints(members)
        bands = self._bands(members)
        return {
            article: replace(print_, bands=tuple(bands[print_.digest]))
            for article in members
            if (print_ := self.prints.get(article)) is not None
        }

    def link(self, loose: Mapping[int, Fingerprint]) -> None:
        """Joins loose articles with each other and with the stories that they belong to."""
        self.prints.update(loose)
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for article, print_ in sorted(loose.items()):
            holders[print_.digest].append(article)
        prints = {digest: loose[articles[0]] for digest, articles in holders.items()}
        ids = ids_of(self.connection, prints)
        stored = self._representatives(ids.values(), loose)
        heads = self._originals(set(stored.values()))
        alone = []
        for digest, articles in holders.items():
            if self.compare.kind(prints[digest], prints[digest]) is None:
                continue  # too short to be related even to itself
            for other in articles[1:]:
                self._join(articles[0], other)
            if ids[digest] in stored:
                # its story holds already whatever is near to this text
                copy = stored[ids[digest]]
                self._join(articles[0], heads.get(copy, copy))
            else:
                alone.append(digest)
        self._link_near(alone, prints, {digest: articles[0] for digest, articles in holders.items()}, loose)

    def _link_near(
        self,
        alone: Collection[str],
        prints: Mapping[str, Fingerprint],
        holders: Mapping[str, int],
        loose: Mapping[int, Fingerprint],
    ) -> None:
        """Joins texts that share a band: loose ones with each other, those `alone` with stored ones."""
        by_band: defaultdict[int, list[str]] = defaultdict(list)
        for digest, print_ in prints.items():
            for hash_ in dict.fromkeys(print_.bands):
                by_band[hash_].append(digest)
        for a, b in {pair for digests in by_band.values() for pair in combinations(digests, 2)}:
            self._try(holders[a], holders[b], holders[b])
        asked = {hash_ for digest in alone for hash_ in prints[digest].bands}
        hits: defaultdict[int, set[str]] = defaultdict(set)
        query = select(models.Band.hash, models.Band.fingerprint_id)
        for hash_, other in self._rows(query, models.Band.hash, asked):
            hits[other].update(by_band[hash_])
        stored = self._representatives(hits, loose)
        heads = self._originals(set(stored.values()))
        self._load_prints(stored.values())
        for id_, other in stored.items():
            for digest in hits[id_]:
                self._try(holders[digest], other, heads.get(other, other))

    def _try(self, a: int, b: int, head: int) -> None:
        """Joins `a` with the story `head` of `b` if their texts are related."""
        # one link is enough to join two stories, so most pairs of a large one are never compared
        if self._find(a) != self._find(head) and self.compare.kind(self.prints[a], self.prints[b]):
            self._join(a, head)

    def _join(self, a: int, b: int) -> None:
        if self._find(a) != self._find(b):
            self.parents[self._find(a)] = self._find(b)

    def settle(self, loose: Iterable[int], code_id: int) -> None:
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
        insert_rows(self.connection, models.Relation, rows)
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

    def _representatives(self, prints: Collection[int], loose: Collection[int]) -> dict[int, int]:
        """For each fingerprint one stored article whose present version has it, none of them loose."""
        version, article = models.ArticleVersion, models.Article
        query = (
            select(version.fingerprint_id, func.min(article.id))
            .join(article, (article.id == version.article_id) & (article.version == version.version))
            .where(~among(self.connection, article.id, loose))
            .group_by(version.fingerprint_id)
        )
        return dict(self._rows(query, version.fingerprint_id, prints))

    def _bands(self, members: Collection[int]) -> dict[str, list[int]]:
        """The bands of articles' fingerprints, by digest."""
        table = models.Fingerprint
        found: defaultdict[str, list[int]] = defaultdict(list)
        query = select(table.digest, models.Band.hash).join(
            models.Band, models.Band.fingerprint_id == table.id
        )
        digests = {print_.digest for article in members if (print_ := self.prints.get(article))}
        for digest, hash_ in self._rows(query, table.digest, digests):
            found[digest].append(hash_)
        return found

    def _originals(self, articles: Collection[int]) -> dict[int, int]:
        return self._relations(models.Relation.article_id, articles)

    def _members(self, originals: Collection[int]) -> dict[int, int]:
        return self._relations(models.Relation.original_id, originals)

    def _relations(self, key: Any, ids: Collection[int]) -> dict[int, int]:
        query = select(models.Relation.article_id, models.Relation.original_id)
        return dict(self._rows(query, key, ids))

    def _forget(self, articles: Collection[int]) -> None:
        if articles:
            old = among(self.connection, models.Relation.article_id, articles)
            gone = delete(models.Relation).where(old).returning(models.Relation.kind)
            self.change.subtract(self.connection.scalars(gone).all())

    def _load_prints(self, articles: Iterable[int]) -> None:
        table, version, article = models.Fingerprint, models.ArticleVersion, models.Article
        query = (
            select(article.id, table.digest, table.signature, table.length)
            .join(version, (version.article_id == article.id) & (version.version == article.version))
            .join(table, table.id == version.fingerprint_id)
        )
        for id_, digest, signature, length in self._rows(query, article.id, set(articles) - set(self.prints)):
            self.prints[id_] = Fingerprint(digest, signature, (), length)

    def _standing(self, articles: Collection[int]) -> dict[int, dedup.Candidate]:
        """What decides which article was first."""
        version, article, page = models.ArticleVersion, models.Article, models.Page
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
        )
        return {
            id_: dedup.Candidate(str(id_), url, _moment(*published))
            for id_, url, *published in self._rows(query, article.id, articles)
        }

    def _rows(self, query: Any, key: Any, values: Collection[Any]) -> list[Any]:
        if not values:
            return []
        return list(self.connection.execute(query.where(among(self.connection, key, values))))


def _moment(day: Any, at: Any, offset: Any, precision: Any) -> Moment | None:
    if day is None:
        return None
    zone = timezone(timedelta(minutes=offset))
    return Moment(datetime.combine(day, time(), zone) if at is None else at.astimezone(zone), precision)
