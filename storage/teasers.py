"""Links teasers to the articles that they were cut from, whichever of the two comes first.

A teaser with a URL belongs to the article at that URL. One without is looked
for by its text, as any text is, and where that says nothing by its title, which
an article of the same site must have alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, exists, func, select

from pipelines.dedup import fingerprint
from pipelines.models import Fingerprint
from pipelines.urls import url_id
from storage import models
from storage.bulk import insert_rows
from storage.fingerprints import store_fingerprints
from storage.keyed import Keyed, Keys
from storage.rows import Row

_Key = tuple[int, int, int]  # article, version, position


def link_teasers(connection: Connection, versions: Sequence[tuple[int, int]]) -> None:
    """Links the teasers of new article versions, and those that waited for these articles.

    `versions` are article ids and version numbers, all of them stored.
    """
    if not versions:
        return
    waiting = _store_texts(connection, versions) | _waiting_for(connection, {a for a, _ in versions})
    if not waiting:
        return
    links: dict[_Key, Row] = {}
    for rule, found in (
        ("title", _by_title(connection, waiting)),
        ("text", _by_text(connection, waiting)),
        ("url", _by_url(connection, waiting)),
    ):
        # the surest rule comes last
        links |= {key: _row(key, target, rule) for key, target in found.items() if key[0] != target}
    _write(connection, waiting, links)


def _store_texts(connection: Connection, versions: Sequence[tuple[int, int]]) -> set[_Key]:
    """Keeps what teasers without a URL are compared by; returns the keys of all teasers."""
    wanted = set(versions)
    rows = [row for row in _TEASERS.rows(connection, {a for a, _ in versions}) if tuple(row[:2]) in wanted]
    prints: dict[_Key, Fingerprint] = {
        (article, version, position): fingerprint(text)
        for article, version, position, url, text in rows
        if text and not url
    }
    ids = store_fingerprints(connection, {print_.digest: print_ for print_ in prints.values()})
    kept = [
        {"article_id": key[0], "version": key[1], "position": key[2], "fingerprint_id": ids[print_.digest]}
        for key, print_ in prints.items()
    ]
    insert_rows(connection, models.TeaserText, kept)
    return {(article, version, position) for article, version, position, *_ in rows}


def _waiting_for(connection: Connection, articles: Collection[int]) -> set[_Key]:
    """The teasers that may have been cut from one of these articles."""
    rows = _PRESENT.rows(connection, articles)
    titles = {row.title for row in rows if row.title}
    prints = {row.fingerprint_id for row in rows if row.fingerprint_id is not None}
    found = _BY_URL.rows(connection, [row.url for row in rows])
    found += _BY_TITLE.rows(connection, titles)
    found += _BY_NEAR.rows(connection, prints)
    found += _BY_PRINT.rows(connection, prints)
    return {(a, v, p) for a, v, p in found}


def _by_url(connection: Connection, keys: Collection[_Key]) -> dict[_Key, int]:
    urls = {(a, v, p): url_id(url) for a, v, p, url in _among(connection, _URLS, keys)}
    stored = {row[0] for row in _ARTICLES.rows(connection, set(urls.values()))}
    return {key: target for key, target in urls.items() if target in stored}


def _by_text(connection: Connection, keys: Collection[_Key]) -> dict[_Key, int]:
    """The article whose text holds most of the teaser's; an original before what was taken from it."""
    found: dict[_Key, int] = {}
    for a, v, p, target in _among(connection, _HOLDING, keys):
        if a != target or (a, v, p) not in found:
            found.setdefault((a, v, p), target)
    return found


def _by_title(connection: Connection, keys: Collection[_Key]) -> dict[_Key, int]:
    """The one article of the page's site that has the teaser's title."""
    return {(a, v, p): target for a, v, p, target in _among(connection, _ENTITLED, keys)}


def _among(connection: Connection, statement: Keyed, keys: Collection[_Key]) -> list[Any]:
    wanted = set(keys)
    rows = statement.rows(connection, {key[0] for key in keys})
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
    held = [tuple(row) for row in _among(connection, _LINKED, keys)]
    if held:
        connection.execute(
            _FORGET,
            [{"old_article": a, "old_version": v, "old_position": p} for a, v, p in held],
            execution_options={"synchronize_session": False},
        )
    insert_rows(connection, models.TeaserLink, [links[key] for key in sorted(links)])


# --- statements ---

_teaser, _text, _link = models.Teaser, models.TeaserText, models.TeaserLink
_version, _article, _page = models.ArticleVersion, models.Article, models.Page


def _keys(table: Any, *others: Any) -> Any:
    return select(table.article_id, table.version, table.position, *others)


def _present(statement: Any) -> Any:
    return statement.join(
        _version, (_version.article_id == _article.id) & (_version.version == _article.version)
    )


_TEASERS: Final = Keyed(
    lambda keys: _keys(_teaser, _teaser.url, _teaser.text).where(_teaser.article_id.in_(keys))
)
_PRESENT: Final = Keyed(
    lambda keys: (
        _present(select(_page.url, _version.title, _version.fingerprint_id).select_from(_article))
        .join(_page, _page.id == _article.id)
        .where(_article.id.in_(keys))
    )
)
_BY_URL: Final = Keyed(lambda keys: _keys(_teaser).where(_teaser.url.in_(keys)), words=True)
_BY_TITLE: Final = Keyed(
    lambda keys: _keys(_teaser).where(_teaser.title.in_(keys), _teaser.url == ""), words=True
)
_BY_NEAR: Final = Keyed(
    lambda keys: _keys(_text).where(
        _text.fingerprint_id.in_(
            select(models.Resemblance.other_id).where(models.Resemblance.fingerprint_id.in_(keys))
        )
    )
)
_BY_PRINT: Final = Keyed(lambda keys: _keys(_text).where(_text.fingerprint_id.in_(keys)))
_URLS: Final = Keyed(
    lambda keys: _keys(_teaser, _teaser.url).where(_teaser.article_id.in_(keys), _teaser.url != "")
)
_ARTICLES: Final = Keyed(lambda keys: select(_article.id).where(_article.id.in_(keys)))
_LINKED: Final = Keyed(lambda keys: _keys(_link).where(_link.article_id.in_(keys)))
_FORGET: Final = delete(_link).where(
    _link.article_id == bindparam("old_article"),
    _link.version == bindparam("old_version"),
    _link.position == bindparam("old_position"),
)


def _holding(keys: Keys) -> Any:
    pair, holder = models.Resemblance, models.FirstHolder
    related = exists().where(models.Relation.article_id == holder.article_id, models.Relation.rank == 0)
    return (
        _keys(_text, holder.article_id.label("target"))
        .join(pair, pair.fingerprint_id == _text.fingerprint_id)
        .join(holder, holder.fingerprint_id == pair.other_id)
        .where(_text.article_id.in_(keys))
        .order_by(pair.lead.desc(), func.round(pair.held * 10).desc(), related, holder.article_id)
    )


def _entitled(keys: Keys) -> Any:
    own, other = _page.__table__.alias("own"), _page.__table__.alias("other")
    return (
        _keys(_teaser, func.min(_article.id))
        .join(own, own.c.id == _teaser.article_id)
        .join(_version, _version.title == _teaser.title)
        .join(_article, (_article.id == _version.article_id) & (_article.version == _version.version))
        .join(other, (other.c.id == _article.id) & (other.c.site_id == own.c.site_id))
        .where(
            _teaser.article_id.in_(keys),
            _teaser.url == "",
            _teaser.title != "",
            _article.id != _teaser.article_id,
        )
        .group_by(_teaser.article_id, _teaser.version, _teaser.position)
        .having(func.count() == 1)
    )


_HOLDING: Final = Keyed(_holding)
_ENTITLED: Final = Keyed(_entitled)
