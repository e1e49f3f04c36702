"""What the store holds of pages that are read once more: their fetches, and what their articles say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from sqlalchemy import Connection, select

from pipelines.models import Article
from pipelines.urls import url_id
from storage import models
from storage.bulk import among
from storage.rows import moment_facts, storable

KINDS = {"person": "people", "organisation": "organisations", "place": "places"}
"""The fact that has what a text names of each kind of entity."""


@dataclass(slots=True)
class HeldPage:
    """A page that the store knows: its site, and by time of fetch the (stage, reason) of the failure."""

    site: str
    publisher: str
    fetches: dict[datetime, tuple[str, str] | None] = field(default_factory=dict)


@dataclass(slots=True, frozen=True)
class HeldArticle:
    """What the present version of an article says; `facts` as `facts_of` has them."""

    fetched_at: datetime
    facts: dict[str, str]


def held_pages(connection: Connection, urls: Sequence[str]) -> dict[str, HeldPage]:
    """The pages of canonical URLs with all their fetches; those that are unknown are left out."""
    page, fetch, site = models.Page, models.Fetch, models.Site
    query = (
        select(
            page.url, site.name, site.publisher, fetch.fetched_at, fetch.failure_stage, fetch.failure_reason
        )
        .join(site, site.id == page.site_id)
        .join(fetch, fetch.page_id == page.id)
        .where(among(connection, page.id, map(url_id, urls)))
    )
    found: dict[str, HeldPage] = {}
    for url, name, publisher, at, stage, reason in connection.execute(query):
        held = found.setdefault(url, HeldPage(name, publisher))
        held.fetches[at] = (stage, reason or "") if stage else None
    return found


def wrote_archive(connection: Connection, file: str, besides: str) -> bool:
    """Tells whether crawls stored fetches from this archive file; runs named `besides` are no crawls."""
    fetch, run, site = models.Fetch, models.Run, models.Site
    query = (
        select(fetch.page_id)
        .join(run, run.id == fetch.run_id)
        .join(site, site.id == run.site_id)
        .where(fetch.warc_file == file, site.name != besides)
        .limit(1)
    )
    return connection.scalar(query) is not None


def held_article(connection: Connection, url: str, *, names: bool) -> HeldArticle | None:
    """The article at a canonical URL, None when there is none; with `names` also whom its text names."""
    article, version, text = models.Article, models.ArticleVersion, models.Text
    query = (
        select(
            version.version,
            version.fetched_at,
            version.title,
            version.published_day,
            version.published_at,
            version.published_offset,
            version.source,
            version.text_id,
            text.body,
        )
        .join(article, models.IS_PRESENT)
        .join(text, text.id == version.text_id)
        .where(article.id == url_id(url))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    credit = models.Credit
    credits_ = connection.execute(
        select(credit.name, credit.role)
        .where(credit.article_id == url_id(url), credit.version == row.version)
        .order_by(credit.position)
    )
    facts = {
        "title": row.title,
        "published": _moment(row.published_day, row.published_at, row.published_offset),
        "source": row.source,
        "credits": _credits((name, role) for name, role in credits_),
        "body": row.body,
    }
    return HeldArticle(row.fetched_at, facts | (_names(connection, row.text_id) if names else {}))


def _names(connection: Connection, text_id: int) -> dict[str, str]:
    alias, entity, mention = models.Alias, models.Entity, models.Mention
    query = (
        select(entity.kind, alias.name)
        .select_from(mention)
        .join(alias, alias.id == mention.alias_id)
        .join(entity, entity.id == alias.entity_id)
        .where(mention.text_id == text_id)
    )
    return _by_kind((kind, name) for kind, name in connection.execute(query))


def facts_of(article: Article) -> dict[str, str]:
    """What an article says, as text by field: all that makes a new version, and what its text names.

    The names are left out when nobody has read the text.
    """
    facts = {
        "title": storable(article.title),
        "published": _moment(*moment_facts(article.published)),
        "source": storable(article.source),
        "credits": _credits((storable(c.name), storable(c.role)) for c in article.credits),
        "body": storable(article.body),
    }
    if article.entities is not None:
        facts |= _by_kind((m.kind, storable(m.surface)) for m in article.entities.mentions)
    return facts


def _by_kind(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {name: set() for name in KINDS.values()}
    for kind, name in pairs:
        found[KINDS[kind]].add(name)
    return {field_: "、".join(sorted(names)) for field_, names in found.items()}


def _credits(pairs: Iterable[tuple[str, str]]) -> str:
    return "、".join(f"{name} ({role})" if role else name for name, role in pairs)


def _moment(day: date | None, at: datetime | None, offset: int | None) -> str:
    if at is None or offset is None:
        return day.isoformat() if day else ""
    # in the publisher's own zone, as pages print it
    return at.astimezone(timezone(timedelta(minutes=offset))).isoformat(" ", "seconds")
