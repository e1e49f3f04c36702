"""Links teasers to the articles that they were cut from, whichever of the two comes first.

A teaser with a URL belongs to the article at that URL. One without is looked
for by its text, as any text is, and where that says nothing by its title, which
an article of the same site must have alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, delete, exists, func, select, tuple_

from pipelines.dedup import fingerprint
from pipelines.models import Fingerprint
from pipelines.urls import url_id
from storage import models
from storage.bulk import among, insert_rows
from storage.fingerprints import store_fingerprints
from storage.rows import Row

_Key = tuple[int, int, int]  # article, version, position


def link_teasers(connection: Connection, versions: Sequence[tuple[int, int]]) -> None:
    """Links the teasers of new article versions, and those that waited for these articles.

    `versions` are article ids and version numbers, all of them stored.
    """
    if not versions:
        return
    articles = {article for article, _ in versions}
    _store_texts(connection, versions)
    waiting = _of_versions(connection, versions) | _waiting_for(connection, articles)
    links: dict[_Key, Row] = {}
    for rule, found in (
        ("title", _by_title(connection, waiting)),
        ("text", _by_text(connection, waiting)),
        ("url", _by_url(connection, waiting)),
    ):
        # the surest rule comes last
        links |= {key: _row(key, target, rule) for key, target in found.items() if key[0] != target}
    _write(connection, waiting, links)


def _store_texts(connection: Connection, versions: Sequence[tuple[int, int]]) -> None:
    """Keeps what teasers without a URL are compared by."""
    table = models.Teaser
    query = select(table.article_id, table.version, table.position, table.text, table.cut).where(
        among(connection, table.article_id, {article for article, _ in versions}),
        table.url == "",
        table.text != "",
    )
    wanted = set(versions)
    prints: dict[_Key, Fingerprint] = {
        (article, version, position): fingerprint(text)
        for article, version, position, text, cut in connection.execute(query)
        if (article, version) in wanted
    }
    ids = store_fingerprints(connection, {print_.digest: print_ for print_ in prints.values()})
    rows = [
        {"article_id": key[0], "version": key[1], "position": key[2], "fingerprint_id": ids[print_.digest]}
        for key, print_ in prints.items()
    ]
    insert_rows(connection, models.TeaserText, rows)


def _of_versions(connection: Connection, versions: Sequence[tuple[int, int]]) -> set[_Key]:
    table = models.Teaser
    wanted = set(versions)
    rows = _keys(connection, table, among(connection, table.article_id, {a for a, _ in versions}))
    return {key for key in rows if key[:2] in wanted}


def _waiting_for(connection: Connection, articles: Collection[int]) -> set[_Key]:
    """The teasers that may have been cut from one of these articles."""
    table, text, page = models.Teaser, models.TeaserText, models.Page
    version, article = models.ArticleVersion, models.Article
    urls = connection.scalars(select(page.url).where(among(connection, page.id, articles))).all()
    found = _keys(connection, table, among(connection, table.url, list(urls)))
    present = (
        select(version.title, version.fingerprint_id)
        .join(article, (article.id == version.article_id) & (article.version == version.version))
        .where(among(connection, article.id, articles))
    )
    rows = connection.execute(present).all()
    titles = {title for title, _ in rows if title}
    found |= _keys(connection, table, among(connection, table.title, list(titles)), table.url == "")
    prints = {print_ for _, print_ in rows if print_ is not None}
    near = select(models.Resemblance.other_id).where(
        among(connection, models.Resemblance.fingerprint_id, list(prints))
    )
    found |= _keys(connection, text, text.fingerprint_id.in_(near))
    return found | _keys(connection, text, among(connection, text.fingerprint_id, list(prints)))


def _keys(connection: Connection, table: Any, *conditions: Any) -> set[_Key]:
    query = select(table.article_id, table.version, table.position).where(*conditions)
    return {(a, v, p) for a, v, p in connection.execute(query)}


def _by_url(connection: Connection, keys: Collection[_Key]) -> dict[_Key, int]:
    table = models.Teaser
    query = select(table.article_id, table.version, table.position, table.url).where(table.url != "")
    urls = {(a, v, p): url_id(url) for a, v, p, url in _among_keys(connection, query, table, keys)}
    stored = set(
        connection.scalars(
            select(models.Article.id).where(among(connection, models.Article.id, list(urls.values())))
        )
    )
    return {key: target for key, target in urls.items() if target in stored}


def _by_text(connection: Connection, keys: Collection[_Key]) -> dict[_Key, int]:
    """The article whose text holds most of the teaser's; an original before what was taken from it."""
    text, pair, holder = models.TeaserText, models.Resemblance, models.FirstHolder
    related = exists().where(models.Relation.article_id == holder.article_id, models.Relation.rank == 0)
    query = (
        select(text.article_id, text.version, text.position, holder.article_id.label("target"))
        .join(pair, pair.fingerprint_id == text.fingerprint_id)
        .join(holder, holder.fingerprint_id == pair.other_id)
        .order_by(pair.lead.desc(), func.round(pair.held * 10).desc(), related, holder.article_id)
    )
    found: dict[_Key, int] = {}
    for a, v, p, target in _among_keys(connection, query, text, keys):
        if a != target or (a, v, p) not in found:
            found.setdefault((a, v, p), target)
    return found


def _by_title(connection: Connection, keys: Collection[_Key]) -> dict[_Key, int]:
    """The one article of the page's site that has the teaser's title."""
    teaser, page = models.Teaser, models.Page
    query = (
        select(teaser.article_id, teaser.version, teaser.position, page.site_id, teaser.title)
        .join(page, page.id == teaser.article_id)
        .where(teaser.url == "", teaser.title != "")
    )
    wanted = {
        (a, v, p): (site, title) for a, v, p, site, title in _among_keys(connection, query, teaser, keys)
    }
    titled = _titled(connection, {title for _, title in wanted.values()})
    found: dict[_Key, int] = {}
    for key, site_and_title in wanted.items():
        others = [article for article in titled[site_and_title] if article != key[0]]
        if len(others) == 1:
            found[key] = others[0]
    return found


def _titled(connection: Connection, titles: Collection[str]) -> defaultdict[tuple[int, str], list[int]]:
    """The articles that have one of these titles now, by site and title."""
    found: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    if titles:
        version, article, page = models.ArticleVersion, models.Article, models.Page
        query = (
            select(page.site_id, version.title, article.id)
            .join(article, (article.id == version.article_id) & (article.version == version.version))
            .join(page, page.id == article.id)
            .where(among(connection, version.title, titles))
        )
        for site, title, id_ in connection.execute(query).all():
            found[site, title].append(id_)
    return found


def _among_keys(connection: Connection, query: Any, table: Any, keys: Collection[_Key]) -> list[Any]:
    wanted = set(keys)
    rows = connection.execute(query.where(among(connection, table.article_id, {key[0] for key in keys})))
    return [row for row in rows if tuple(row[:3]) in wanted]


def _row(key: _Key, target: int, rule: str) -> Row:
    return {
        "article_id": key[0],
        "version": key[1],
        "position": key[2],
        "target_id": target,
        "rule": rule,
    }


def _write(connection: Connection, keys: Collection[_Key], links: dict[_Key, Row]) -> None:
    table = models.TeaserLink
    columns = tuple_(table.article_id, table.version, table.position)
    held = _keys(connection, table, among(connection, table.article_id, {key[0] for key in keys}))
    for key in held & set(keys):
        connection.execute(delete(table).where(columns == tuple_(*key)))
    insert_rows(connection, table, [links[key] for key in sorted(links)])
