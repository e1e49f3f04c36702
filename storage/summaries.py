"""What views over the whole store read: narrow rows that say again what other tables say.

A view that asks for the site, day and relation of each article, or for the
organisations of each text, would otherwise read the widest tables row by row.
Whoever changes what a summary follows from calls `refresh_articles` or
`refresh_naming` in the same transaction; `scrapy db check` compares them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Select,
    SmallInteger,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from storage import models
from storage.bulk import one_of, run_for
from storage.columns import Id
from storage.models import Base


class PresentArticle(Base):
    """An article by its present version, as views come to it from its text, site or day."""

    __tablename__ = "present_article"
    __table_args__ = (
        # with all other columns: what comes from a text needs no look at the row itself
        Index("ix_present_article_text_id", "text_id", "published_day", "relation", "site_id", "version"),
        Index("ix_present_article_site_id", "site_id", "published_day"),
    )
    article_id: Mapped[int] = mapped_column(
        Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    version: Mapped[int] = mapped_column(SmallInteger)
    text_id: Mapped[int] = mapped_column(ForeignKey("text.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    published_day: Mapped[date | None] = mapped_column(index=True)
    relation: Mapped[str]


class Naming(Base):
    """How often a text names an organisation, in whichever form; those that are one are counted as one."""

    __tablename__ = "naming"
    __table_args__ = (
        Index("ix_naming_text_id", "text_id", "organisation_id", "mentions"),
        {"sqlite_with_rowid": False},
    )
    organisation_id: Mapped[int] = mapped_column(
        Id, ForeignKey("entity.id", ondelete="CASCADE"), primary_key=True
    )
    text_id: Mapped[int] = mapped_column(Id, ForeignKey("text.id", ondelete="CASCADE"), primary_key=True)
    mentions: Mapped[int]


def refresh_articles(connection: Connection, ids: Collection[int]) -> None:
    """Brings the rows of articles up to date, when versions and relations are stored."""
    run_for(connection, _FORGET_ARTICLES, ids)
    run_for(connection, _ADD_ARTICLES, ids)


def refresh_naming(connection: Connection, text_ids: Collection[int]) -> None:
    """Brings the rows of texts up to date, when their mentions are stored and it is decided who is one."""
    run_for(connection, _FORGET_TEXTS, text_ids)
    run_for(connection, _ADD_TEXTS, text_ids)


def refresh_moved(connection: Connection, organisations: Collection[int], left: Collection[int]) -> None:
    """The same when organisations have become one or several.

    `organisations` are the ids of all that texts' rows are counted for before or
    after, `left` those of them that it was before.
    """
    if not left:
        return
    texts = connection.scalars(_TEXTS_NAMING, {"keys": left}).all()
    if texts:
        offered = {"keys": organisations, "texts": texts}
        connection.execute(_FORGET_MOVED, offered)
        connection.execute(_ADD_MOVED, offered)


def rebuild_summaries(connection: Connection) -> None:
    """Makes all summaries anew."""
    for table, rows in _SUMMARIES.items():
        connection.execute(delete(table))
        connection.execute(_filling(table, rows))


def wrong_summaries(connection: Connection) -> Iterator[tuple[str, int]]:
    """Yields each summary that is not as it should be, with the number of its rows that differ."""
    for table, rows in _SUMMARIES.items():
        held = select(*(column for column in table.__table__.columns))
        wrong = sum(
            connection.scalar(select(func.count()).select_from(one.except_(other).subquery())) or 0
            for one, other in ((held, rows), (rows, held))
        )
        if wrong:
            yield table.__tablename__, wrong


# --- statements ---

_article, _naming = PresentArticle, Naming
_relation, _mention, _entity = models.Relation, models.Mention, models.Entity


def _articles() -> Select[*tuple[Any, ...]]:
    article, version, page = models.Article, models.ArticleVersion, models.Page
    return (
        select(
            article.id,
            article.version,
            version.text_id,
            page.site_id,
            version.published_day,
            func.coalesce(_relation.kind, "original"),
        )
        .join(version, models.IS_PRESENT)
        .join(page, page.id == article.id)
        .outerjoin(_relation, (_relation.article_id == article.id) & (_relation.rank == 0))
    )


def _namings() -> Select[*tuple[Any, ...]]:
    alias = models.Alias
    return (
        select(_entity.root_id, _mention.text_id, func.count())
        .select_from(_mention)
        .join(alias, alias.id == _mention.alias_id)
        .join(_entity, _entity.id == alias.entity_id)
        .where(_entity.kind == "organisation")
        .group_by(_entity.root_id, _mention.text_id)
    )


def _filling(table: Any, rows: Select[*tuple[Any, ...]]) -> Any:
    return insert(table).from_select([column.name for column in table.__table__.columns], rows)


_SUMMARIES: Final = {PresentArticle: _articles(), Naming: _namings()}
_FORGET_ARTICLES: Final = delete(_article).where(one_of(_article.article_id, "keys"))
_ADD_ARTICLES: Final = _filling(_article, _articles().where(one_of(models.Article.id, "keys")))
_FORGET_TEXTS: Final = delete(_naming).where(one_of(_naming.text_id, "keys"))
_ADD_TEXTS: Final = _filling(_naming, _namings().where(one_of(_mention.text_id, "keys")))
_TEXTS_NAMING: Final = select(_naming.text_id).where(one_of(_naming.organisation_id, "keys")).distinct()
_FORGET_MOVED: Final = delete(_naming).where(
    one_of(_naming.organisation_id, "keys"), one_of(_naming.text_id, "texts")
)
_ADD_MOVED: Final = _filling(
    _naming, _namings().where(one_of(_mention.text_id, "texts"), one_of(_entity.root_id, "keys"))
)
