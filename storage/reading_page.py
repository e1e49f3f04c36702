"""One article as a reader sees it: its text with what is named in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from storage import models
from storage.errors import StoreError


@dataclass(slots=True, frozen=True)
class Named:
    """Characters `start` to `end` of a text name an entity: its kind and its name."""

    start: int
    end: int
    kind: str
    name: str


@dataclass(slots=True, frozen=True)
class Piece:
    """A part of a paragraph, and what it names, if anything."""

    text: str
    named: Named | None


@dataclass(slots=True, frozen=True)
class ReadArticle:
    """An article's present version; `paragraphs` are in pieces, `topics` those of its text."""

    id: int
    url: str
    publisher: str
    title: str
    source: str
    published_day: date | None
    published_at: datetime | None
    authors: tuple[str, ...]
    topics: tuple[str, ...]
    paragraphs: tuple[tuple[Piece, ...], ...]


def read_article(connection: Connection, id_: int) -> ReadArticle:
    """The article with an id. Raises `StoreError` when the store has none."""
    article, version, body = models.Article, models.ArticleVersion, models.Text
    page, site = models.Page, models.Site
    query = (
        select(
            *(page.url, site.publisher, version.title, version.source),
            *(
                version.published_day,
                version.published_at,
                version.version,
                body.id.label("text_id"),
                body.body,
            ),
        )
        .select_from(article)
        .join(page, page.id == article.id)
        .join(site, site.id == page.site_id)
        .join(version, models.IS_PRESENT)
        .join(body, body.id == version.text_id)
        .where(article.id == id_)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise StoreError(f"no article {id_} in the store")
    credit, topic = models.Credit, models.Topic
    authors = connection.scalars(
        select(credit.name)
        .where(credit.article_id == id_, credit.version == row.version, credit.part == "author")
        .order_by(credit.position)
    )
    topics = connection.scalars(
        select(topic.name).where(topic.text_id == row.text_id).order_by(topic.weight.desc(), topic.name)
    )
    return ReadArticle(
        *(id_, row.url, row.publisher, row.title, row.source, row.published_day, row.published_at),
        tuple(dict.fromkeys(authors)),
        tuple(topics),
        tuple(paragraphs(row.body, _named(connection, row.text_id))),
    )


def _named(connection: Connection, text_id: int) -> list[Named]:
    mention, alias, place = models.Mention, models.Alias, models.Place
    entity, root = models.Entity, models.Entity.__table__.alias("root")
    mentions = (
        select(mention.start_offset, mention.end_offset, root.c.kind, root.c.name)
        .join(alias, alias.id == mention.alias_id)
        .join(entity, entity.id == alias.entity_id)
        .join(root, root.c.id == entity.root_id)
        .where(mention.text_id == text_id)
    )
    places = select(place.start_offset, place.end_offset, place.name).where(place.text_id == text_id)
    found = [Named(*row) for row in connection.execute(mentions)]
    return found + [Named(start, end, "place", name) for start, end, name in connection.execute(places)]


def paragraphs(body: str, named: Iterable[Named]) -> Iterator[tuple[Piece, ...]]:
    """A text in paragraphs and pieces; of names that overlap the longest stands."""
    chosen: list[Named] = []
    for one in sorted(named, key=lambda one: (one.start, -one.end, one.kind)):
        if not chosen or one.start >= chosen[-1].end:
            chosen.append(one)
    start = 0
    for paragraph in body.split("\n"):
        end = start + len(paragraph)
        yield tuple(
            _pieces(body, start, end, [one for one in chosen if start <= one.start and one.end <= end])
        )
        start = end + 1


def _pieces(body: str, start: int, end: int, named: list[Named]) -> Iterator[Piece]:
    for one in named:
        if one.start > start:
            yield Piece(body[start : one.start], None)
        yield Piece(body[one.start : one.end], one)
        start = one.end
    if start < end:
        yield Piece(body[start:end], None)
