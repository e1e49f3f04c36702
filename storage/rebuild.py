"""Computes all fingerprints, relations and teaser links again from the stored texts.

For when rules or thresholds have changed. All in one transaction: readers see
the old relations until it ends, and crawls wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, bindparam, delete, func, or_, select, text, update

from pipelines.dedup import fingerprint
from storage import models
from storage.columns import UtcTime
from storage.fingerprints import forget_fingerprints, store_fingerprints
from storage.lineage import relate
from storage.teasers import link_teasers

BATCH: Final = 200
"""Article versions that are compared at once."""


@dataclass(slots=True)
class RebuildReport:
    """What a rebuild found: articles, relations by kind before and after, and whose place changed.

    `changes` counts articles by (relation before, relation after); one that
    keeps its relation and gets another original is among them.
    """

    articles: int = 0
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    changes: Counter[tuple[str, str]] = field(default_factory=Counter)


def rebuild(connection: Connection, code_id: int, progress: Callable[[int, int], None]) -> RebuildReport:
    """Makes all relations anew; `progress` is called with how many versions of how many are done.

    `connection` is in a transaction that may write. The history notes each
    article whose place has changed.
    """
    report = RebuildReport(before=_kinds(connection))
    _keep_old(connection)
    for table in (models.TeaserLink, models.TeaserText, models.Relation, models.FirstHolder):
        connection.execute(delete(table))
    connection.execute(update(models.ArticleVersion).values(fingerprint_id=None))
    forget_fingerprints(connection)
    total = connection.scalar(select(func.count()).select_from(models.ArticleVersion)) or 0
    done = 0
    for batch in _batches(connection):
        _compare(connection, batch, code_id)
        done += len(batch)
        progress(done, total)
    report.articles = connection.scalar(select(func.count()).select_from(models.Article)) or 0
    report.after = _kinds(connection)
    report.changes = _changes(connection)
    _note(connection, code_id)
    connection.execute(text("DROP TABLE relation_before"))
    return report


def _batches(connection: Connection) -> Iterator[list[Any]]:
    """All versions with their texts and whether they are the present ones, in order of their keys."""
    version, article = models.ArticleVersion, models.Article
    query = (
        select(
            version.article_id,
            version.version,
            version.title,
            models.Text.body,
            (article.version == version.version).label("present"),
        )
        .join(article, article.id == version.article_id)
        .join(models.Text, models.Text.id == version.text_id)
        .order_by(version.article_id, version.version)
        .limit(BATCH)
    )
    after = (-(2**63), 0)
    while rows := connection.execute(
        query.where(
            or_(
                version.article_id > after[0],
                and_(version.article_id == after[0], version.version > after[1]),
            )
        )
    ).all():
        yield list(rows)
        after = (rows[-1].article_id, rows[-1].version)


def _compare(connection: Connection, rows: list[Any], code_id: int) -> None:
    prints = {(row.article_id, row.version): fingerprint(row.body, row.title) for row in rows}
    ids = store_fingerprints(connection, {print_.digest: print_ for print_ in prints.values()})
    table = models.ArticleVersion
    statement = (
        update(table)
        .where(table.article_id == bindparam("article"), table.version == bindparam("number"))
        .values(fingerprint_id=bindparam("print"), dateline=bindparam("head"))
    )
    connection.execute(
        statement,
        [
            {"article": article, "number": version, "print": ids[print_.digest], "head": print_.head}
            for (article, version), print_ in prints.items()
        ],
        execution_options={"synchronize_session": False},
    )
    present = {
        row.article_id: ids[print_.digest]
        for row in rows
        if row.present and (print_ := prints[row.article_id, row.version])
    }
    relate(connection, present, (), code_id, history=False)
    link_teasers(connection, [(row.article_id, row.version) for row in rows])


def _kinds(connection: Connection) -> Counter[str]:
    table = models.Relation
    query = select(table.kind, func.count()).where(table.rank == 0).group_by(table.kind)
    return Counter({row[0]: row[1] for row in connection.execute(query)})


# --- what has changed ---


def _keep_old(connection: Connection) -> None:
    connection.execute(
        text(
            "CREATE TEMPORARY TABLE relation_before AS"
            " SELECT article_id, kind, original_id FROM relation WHERE rank = 0"
        )
    )


_DIFFERENT: Final = """
    FROM article
    LEFT JOIN relation_before AS old ON old.article_id = article.id
    LEFT JOIN relation ON relation.article_id = article.id AND relation.rank = 0
    WHERE coalesce(old.kind, '') <> coalesce(relation.kind, '')
        OR coalesce(old.original_id, 0) <> coalesce(relation.original_id, 0)
"""


def _changes(connection: Connection) -> Counter[tuple[str, str]]:
    rows = connection.execute(
        text(
            "SELECT coalesce(old.kind, 'original'), coalesce(relation.kind, 'original'), count(*)"
            f" {_DIFFERENT} GROUP BY 1, 2"
        )
    )
    return Counter({(before, after): number for before, after, number in rows})


def _note(connection: Connection, code_id: int) -> None:
    connection.execute(
        text(
            "INSERT INTO lineage_change (article_id, changed_at, reason, kind_before, original_before,"
            " kind_after, original_after, code_id)"
            " SELECT article.id, :now, 'rebuild', old.kind, old.original_id, relation.kind,"
            f" relation.original_id, :code {_DIFFERENT} ORDER BY article.id"
        ).bindparams(bindparam("now", datetime.now(UTC), UtcTime()), code=code_id)
    )
