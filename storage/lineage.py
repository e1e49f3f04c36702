"""Which stored texts are one story, and which of them was first.

Each article is placed by the rules of `pipelines.dedup.placing`: by the pairs
that its text forms with others and by when they were published. So what is
stored does not depend on the order of arrival, and one more article asks only
for a look at the texts near to it: they are placed again, and a story is
written again where its original has changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Connection, Select, delete, select

from pipelines.dedup import MIN_LENGTH
from pipelines.dedup.placing import Neighbourhood
from pipelines.dedup.relations import Resemblance
from storage import models
from storage.bulk import insert_rows, one_of, rows_for, run_for
from storage.rows import Row
from storage.standing import VERSIONS_OF, VERSIONS_WITH, Texts, standing_of
from storage.summaries import refresh_articles

Reason = Literal["arrival", "version", "rebuild"]
_COLUMNS = ("article_id", "rank", "original_id", "parent_id", "kind", "similarity", "share")


@dataclass(slots=True)
class _Link:
    """Where an article was taken from: `parent` is another article."""

    parent: int
    kind: str
    similarity: float
    share: float


@dataclass(slots=True)
class _Articles:
    """The articles of a batch: their present texts, and which of them are not new."""

    texts: Mapping[int, int | None]
    changed: Collection[int] = field(default_factory=frozenset)


def relate(
    connection: Connection,
    texts: Mapping[int, int | None],
    changed: Collection[int],
    code_id: int,
    history: bool = True,
) -> Counter[str]:
    """Brings the relations up to date with articles that are new or have changed.

    `texts` has their present fingerprint ids by article id (None without a
    text), `changed` says which of them had another version. Call it when
    versions and fingerprints are stored; `present_article` is brought up to date
    along with it. With `history`, what moves articles that were there before is
    noted. Returns by how much the number of relations has changed, by kind.
    """
    articles = _Articles(texts, changed)
    moved, copies = _settle_holders(connection, articles)
    links = {**copies, **_place(connection, moved)}
    links.update({article: [] for article, text in texts.items() if text is None})
    _part_short_texts(connection, links)
    return _Stories(connection, articles, code_id).write(links, history)


# --- which article holds a text first ---


def _settle_holders(
    connection: Connection, articles: _Articles
) -> tuple[dict[int, bool], dict[int, list[_Link]]]:
    """Notes the first holder of each text.

    Returns the texts that have to be placed again, with whether they are new to
    the stories, and the links of later copies, which follow their first holder.
    """
    left = _dict(rows_for(connection, _HELD_BY, articles.changed))
    wanted = {text for text in articles.texts.values() if text is not None}
    held = _dict(rows_for(connection, _HOLDERS, wanted)) | left
    # where the first one has changed, any other may be first now
    reopened = {text for text in wanted | set(left) if held.get(text) in articles.changed}
    arrivals: defaultdict[int, list[int]] = defaultdict(list)
    for article, text in articles.texts.items():
        if text is not None:
            arrivals[text].append(article)
    offered = {held[text] for text in wanted - reopened if text in held}
    offered |= {article for text in wanted - reopened for article in arrivals[text]}
    orders = _orders(rows_for(connection, VERSIONS_OF, offered))
    orders.update(_orders(rows_for(connection, VERSIONS_WITH, reopened)))
    by_text: defaultdict[int, list[int]] = defaultdict(list)
    for article, (text, _) in orders.items():
        by_text[text].append(article)
    firsts = {text: min(found, key=lambda a: orders[a][1]) for text, found in by_text.items()}
    moved = {
        text: text not in held
        for text in wanted | set(left)
        if text in reopened or firsts.get(text) != held.get(text)
    }
    _write_holders(connection, moved, firsts)
    copies = {
        article: [_Link(firsts[text], "copy", 1.0, 1.0)]
        for text, found in arrivals.items()
        if text not in moved
        for article in found
    }
    return moved, _excerpts_follow(connection, copies)


def _orders(rows: list[Any]) -> dict[int, tuple[int, tuple[object, ...]]]:
    """Text and order of articles' present versions."""
    return {row.id: (row.fingerprint_id, standing_of(row).order) for row in rows}


def _write_holders(connection: Connection, moved: Iterable[int], firsts: Mapping[int, int]) -> None:
    texts = sorted(moved)
    run_for(connection, _FORGET_HOLDERS, texts)
    rows = [{"fingerprint_id": text, "article_id": firsts[text]} for text in texts if text in firsts]
    insert_rows(connection, models.FirstHolder, rows)


def _excerpts_follow(connection: Connection, copies: dict[int, list[_Link]]) -> dict[int, list[_Link]]:
    """Gives copies what their first holder has besides: the host of an excerpt, further originals."""
    firsts = {links[0].parent for links in copies.values()}
    stored: defaultdict[int, list[_Link]] = defaultdict(list)
    for article, _, _, parent, kind, similarity, share in rows_for(connection, _RELATIONS_OF, firsts):
        stored[article].append(_Link(parent, kind, similarity, share))
    return {article: _as_copy(links[0].parent, stored[links[0].parent]) for article, links in copies.items()}


def _as_copy(first: int, links: list[_Link]) -> list[_Link]:
    if links and links[0].kind == "excerpt":
        return links
    return [_Link(first, "copy", 1.0, 1.0), *links[1:]]


def _part_short_texts(connection: Connection, links: dict[int, list[_Link]]) -> None:
    """Takes copies of texts apart that say too little to be copies of each other."""
    firsts = {found[0].parent for found in links.values() if found and found[0].kind == "copy"}
    short = {row.id for row in rows_for(connection, VERSIONS_OF, firsts) if row.length < MIN_LENGTH}
    for article, found in links.items():
        if found and found[0].kind == "copy" and found[0].parent in short:
            links[article] = []


# --- where texts stand ---


def _place(connection: Connection, moved: Mapping[int, bool]) -> dict[int, list[_Link]]:
    """Places texts that moved and those near to them; returns the links of the articles that hold them."""
    if not moved:
        return {}
    texts = Texts(connection)
    reach = set(moved) | texts.near(moved) | _affected(texts, moved)
    places = Neighbourhood(texts.standing, texts.resemblances)
    held = _dict(rows_for(connection, _HOLDERS, reach))
    sources = {text: places.sources(text) for text in reach if text in held}
    other = {source.id for found in sources.values() for source in found} - set(held)
    firsts = held | _dict(rows_for(connection, _HOLDERS, other))
    links = {
        held[text]: [_Link(firsts[s.id], s.kind, s.similarity, s.share) for s in found]
        for text, found in sources.items()
    }
    copies = _other_holders(connection, held)
    return links | {article: _as_copy(first, links[first]) for article, first in copies.items()}


def _affected(texts: Texts, moved: Mapping[int, bool]) -> set[int]:
    """The texts beyond the neighbours that may stand elsewhere now.

    Whether a neighbour is an excerpt decides about what is near to it, and
    whether it is joined about what is near to that.
    """
    near = texts.near(moved)
    reach = near | set(moved)
    texts.load(near)
    if not all(moved.values()):
        second = texts.near(near)
        return second | texts.near(second)

    def before(id_: int) -> dict[int, Resemblance]:
        return {other: pair for other, pair in texts.resemblances(id_).items() if other not in moved}

    old = Neighbourhood(texts.standing, before)
    new = Neighbourhood(texts.standing, texts.resemblances)
    joined = {id_ for id_ in near if old.is_joined(id_) != new.is_joined(id_)}
    hosted = {id_ for id_ in near if bool(old.hosts(id_)) != bool(new.hosts(id_))}
    second = texts.near(joined)
    contradicted = {
        other
        for new_id in moved
        for id_ in texts.resemblances(new_id)
        for other in texts.resemblances(id_)
        if other not in reach and new.contradicts(other, id_, new_id)
    }
    return texts.near(hosted) | second | texts.near(second) | contradicted


def _other_holders(connection: Connection, held: Mapping[int, int]) -> dict[int, int]:
    """The first holder by each other article that has its text."""
    rows = rows_for(connection, _ALL_HOLDERS, list(held))
    return {id_: held[text] for id_, text in rows if text is not None and held[text] != id_}


# --- whole stories ---


class _Stories:
    """The stored relations of the stories that a batch touches."""

    def __init__(self, connection: Connection, articles: _Articles, code_id: int) -> None:
        self._connection = connection
        self._articles = articles
        self._code_id = code_id

    def write(self, links: Mapping[int, list[_Link]], history: bool) -> Counter[str]:
        """Writes the relations of articles with new links, and of all whose original changes with them."""
        old = self._rows(_RELATIONS_OF, links)
        different = {article for article, found in links.items() if _differs(found, old.get(article, []))}
        # what hangs on an article that moves has another original now
        tops = {
            old[article][0]["original_id"] if article in old else article
            for article in different
            if article not in self._articles.texts or article in self._articles.changed or article in old
        }
        followers = self._rows(_RELATIONS_TO, tops)
        old |= {article: rows for article, rows in followers.items() if article not in old}
        present = {
            article: [_Link(r["parent_id"], r["kind"], r["similarity"], r["share"]) for r in rows]
            for article, rows in followers.items()
        }
        present |= {article: list(links[article]) for article in different}
        new = self._with_originals(present)
        changed = [article for article in sorted(present) if new[article] != old.get(article, [])]
        run_for(self._connection, _FORGET_RELATIONS, changed)
        rows = [{**row, "code_id": self._code_id} for article in changed for row in new[article]]
        insert_rows(self._connection, models.Relation, rows)
        refresh_articles(self._connection, {*self._articles.texts, *changed})
        if history:
            self._note([(article, old.get(article, []), new[article]) for article in changed])
        count: Counter[str] = Counter()
        for article in changed:
            count.update(row["kind"] for row in new[article][:1])
            count.subtract(row["kind"] for row in old.get(article, [])[:1])
        return count

    def _with_originals(self, present: Mapping[int, list[_Link]]) -> dict[int, list[Row]]:
        parents = {link.parent for links in present.values() for link in links} - set(present)
        stored = _dict(rows_for(self._connection, _ORIGINALS, parents))

        def original(article: int) -> int:
            while article in present:
                if not present[article]:
                    return article
                article = present[article][0].parent
            return stored.get(article, article)

        found: dict[int, list[Row]] = {}
        for article, links in present.items():
            originals: dict[int, _Link] = {}
            for link in links:
                originals.setdefault(original(link.parent), link)
            found[article] = [
                dict(
                    zip(
                        _COLUMNS,
                        (article, rank, first, link.parent, link.kind, link.similarity, link.share),
                        strict=True,
                    )
                )
                for rank, (first, link) in enumerate(originals.items())
            ]
        return found

    def _rows(self, statement: Select[*tuple[Any, ...]], values: Iterable[int]) -> dict[int, list[Row]]:
        """Whole relations of some articles, in order of their rank."""
        found: defaultdict[int, list[Row]] = defaultdict(list)
        for row in rows_for(self._connection, statement, list(values)):
            found[row.article_id].append(dict(zip(_COLUMNS, row, strict=True)))
        return dict(found)

    def _note(self, changes: list[tuple[int, list[Row], list[Row]]]) -> None:
        now = datetime.now(UTC)
        rows = []
        for article, before, after in changes:
            if article in self._articles.texts and article not in self._articles.changed:
                continue
            was, is_ = _place_of(before), _place_of(after)
            if was != is_:
                reason: Reason = "version" if article in self._articles.changed else "arrival"
                rows.append(change_row(article, now, reason, was, is_, self._code_id))
        insert_rows(self._connection, models.LineageChange, rows)


def change_row(
    article: int,
    at: datetime,
    reason: Reason,
    before: tuple[str, int] | tuple[None, None],
    after: tuple[str, int] | tuple[None, None],
    code_id: int,
) -> Row:
    """A row of the history; `before` and `after` are kind and original, None of an original."""
    return {
        "article_id": article,
        "changed_at": at,
        "reason": reason,
        "kind_before": before[0],
        "original_before": before[1],
        "kind_after": after[0],
        "original_after": after[1],
        "code_id": code_id,
    }


def _place_of(rows: list[Row]) -> tuple[str, int] | tuple[None, None]:
    return (rows[0]["kind"], rows[0]["original_id"]) if rows else (None, None)


def _differs(links: list[_Link], rows: list[Row]) -> bool:
    return [(link.parent, link.kind, link.similarity, link.share) for link in links] != [
        (row["parent_id"], row["kind"], row["similarity"], row["share"]) for row in rows
    ]


def _dict(rows: list[Any]) -> dict[int, int]:
    """Rows of two columns as a dict."""
    return {row[0]: row[1] for row in rows}


# --- statements ---

_holder, _relation = models.FirstHolder, models.Relation
_version, _article = models.ArticleVersion, models.Article
_holders = select(_holder.fingerprint_id, _holder.article_id)
_HOLDERS: Final = _holders.where(one_of(_holder.fingerprint_id, "keys"))
_HELD_BY: Final = _holders.where(one_of(_holder.article_id, "keys"))
_FORGET_HOLDERS: Final = delete(_holder).where(one_of(_holder.fingerprint_id, "keys"))
_ALL_HOLDERS: Final = (
    select(_article.id, _version.fingerprint_id)
    .join(_version, models.IS_PRESENT)
    .where(one_of(_version.fingerprint_id, "keys"))
)
_ORIGINALS: Final = select(_relation.article_id, _relation.original_id).where(
    one_of(_relation.article_id, "keys"), _relation.rank == 0
)


def _whole_relations(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    columns = (getattr(_relation, name) for name in _COLUMNS)
    return select(*columns).where(condition).order_by(_relation.article_id, _relation.rank)


_RELATIONS_OF: Final = _whole_relations(one_of(_relation.article_id, "keys"))
# of all articles of a story, also those that have it as a further original
_RELATIONS_TO: Final = _whole_relations(
    _relation.article_id.in_(select(_relation.article_id).where(one_of(_relation.original_id, "keys")))
)
_FORGET_RELATIONS: Final = delete(_relation).where(one_of(_relation.article_id, "keys"))
