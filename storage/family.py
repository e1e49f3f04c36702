"""Reads the family tree of a story: who published it first, who took it over from whom, and what changed."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from pipelines.urls import url_id
from storage import models
from storage.bulk import among
from storage.database import one_line
from storage.errors import StoreError

_SENTENCE = re.compile(r"[^。！？\n]+[。！？]*[”’）]*")


@dataclass(slots=True)
class Update:
    """A later version of a page: the sentences that went and that came, and its title when that changed."""

    version: int
    fetched_at: datetime
    title_before: str | None
    removed: list[str]
    added: list[str]


@dataclass(slots=True)
class Further:
    """Another original that a joined text was taken from."""

    article_id: int
    url: str
    share: float


@dataclass(slots=True)
class Member:
    """One article of a story. `relation`, `similarity` and `share` are those to its parent.

    `day` and `at` are when it was published, in the day of its own zone and in
    UTC; `children` are the articles that are nearest to it, in order of time.
    """

    article_id: int
    url: str
    title: str
    publisher: str
    source: str
    day: date | None
    at: datetime | None
    relation: str = "original"
    similarity: float = 1.0
    share: float = 1.0
    further: list[Further] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    children: list[Member] = field(default_factory=list)


@dataclass(slots=True)
class Change:
    """An entry of a story's history: whose relation changed, when, why, from what to what."""

    url: str
    changed_at: datetime
    reason: str
    before: str
    after: str


@dataclass(slots=True)
class Family:
    """A story: its original with all that hangs on it, and how it came to be so."""

    original: Member
    history: list[Change]

    def as_record(self) -> dict[str, Any]:
        """Plain data with times in ISO 8601, for JSON."""
        record: dict[str, Any] = _plain(asdict(self))
        return record


def family(connection: Connection, name: str) -> Family:
    """The story that an article belongs to, named by its canonical URL or its id.

    Raises `StoreError` when the store does not hold it.
    """
    article = int(name) if re.fullmatch(r"-?\d+", name) else url_id(name)
    try:
        return _family(connection, article, name)
    except DBAPIError as error:
        raise StoreError(f"cannot read the lineage: {one_line(error)}") from None


def what_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The sentences that went from a text and those that came, each in its text's order."""
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    removed: list[str] = []
    added: list[str] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            removed += old[a:b]
            added += new[c:d]
    return removed, added


def _family(connection: Connection, article: int, name: str) -> Family:
    relation = models.Relation
    if connection.scalar(select(models.Article.id).where(models.Article.id == article)) is None:
        raise StoreError(f"no article {name} in the store")
    original = connection.scalar(
        select(relation.original_id).where(relation.article_id == article, relation.rank == 0)
    )
    original = article if original is None else original
    links = connection.execute(
        select(relation).where(relation.original_id == original, relation.rank == 0)
    ).all()
    ids = {original, *(link.article_id for link in links)}
    members = _members(connection, ids)
    for id_, found in _further(connection, ids).items():
        members[id_].further = found
    for id_, updates in _updates(connection, ids).items():
        members[id_].updates = updates
    for link in links:
        child = members[link.article_id]
        child.relation, child.similarity, child.share = link.kind, link.similarity, link.share
        members[link.parent_id].children.append(child)
    for parent in members.values():
        parent.children.sort(key=_by_time)
    return Family(members[original], _history(connection, ids))


def _by_time(member: Member) -> tuple[Any, ...]:
    return (member.day is None, member.day or date.max, member.at is None, str(member.at), member.url)


def _members(connection: Connection, ids: set[int]) -> dict[int, Member]:
    version, article, page = models.ArticleVersion, models.Article, models.Page
    query = (
        select(
            article.id,
            page.url,
            version.title,
            models.Site.publisher,
            version.source,
            version.published_day,
            version.published_at,
        )
        .join(page, page.id == article.id)
        .join(models.Site, models.Site.id == page.site_id)
        .join(version, models.IS_PRESENT)
        .where(among(connection, article.id, ids))
    )
    return {row[0]: Member(*row) for row in connection.execute(query)}


def _further(connection: Connection, ids: set[int]) -> dict[int, list[Further]]:
    relation, page = models.Relation, models.Page
    query = (
        select(relation.article_id, relation.original_id, page.url, relation.share)
        .join(page, page.id == relation.original_id)
        .where(among(connection, relation.article_id, ids), relation.rank > 0)
        .order_by(relation.article_id, relation.rank)
    )
    found: defaultdict[int, list[Further]] = defaultdict(list)
    for member, other, url, share in connection.execute(query):
        found[member].append(Further(other, url, share))
    return found


def _updates(connection: Connection, ids: set[int]) -> dict[int, list[Update]]:
    version, text = models.ArticleVersion, models.Text
    query = (
        select(version.article_id, version.version, version.fetched_at, version.title, text.body)
        .join(text, text.id == version.text_id)
        .where(among(connection, version.article_id, ids))
        .order_by(version.article_id, version.version)
    )
    found: defaultdict[int, list[Update]] = defaultdict(list)
    last: Any = None
    for row in connection.execute(query):
        if last is not None and last.article_id == row.article_id:
            title = last.title if last.title != row.title else None
            changed = what_changed(last.body, row.body)
            found[row.article_id].append(Update(row.version, row.fetched_at, title, *changed))
        last = row
    return found


def _history(connection: Connection, ids: set[int]) -> list[Change]:
    change, page = models.LineageChange, models.Page
    before, after = models.Page.__table__.alias("before"), models.Page.__table__.alias("after")
    query = (
        select(
            page.url,
            change.changed_at,
            change.reason,
            change.kind_before,
            before.c.url,
            change.kind_after,
            after.c.url,
        )
        .join(page, page.id == change.article_id)
        .outerjoin(before, before.c.id == change.original_before)
        .outerjoin(after, after.c.id == change.original_after)
        .where(among(connection, change.article_id, ids))
        .order_by(change.changed_at, change.id)
    )
    return [
        Change(url, at, reason, _words(kind, old), _words(new_kind, new))
        for url, at, reason, kind, old, new_kind, new in connection.execute(query)
    ]


def _words(kind: str | None, url: str | None) -> str:
    return f"{kind} of {url or 'an article that is gone'}" if kind else "original"


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
