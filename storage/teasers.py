"""Links teasers to the articles that they were cut from, whichever of the two comes first.

A teaser with a URL belongs to the article at that URL. One without is looked
for by its text, as any text is, and where that says nothing by its title, which
an article of the same site must have alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, exists, func, select

from pipelines.dedup import fingerprint
from pipelines.models import Fingerprint
from pipelines.urls import url_id
from storage import models
from storage.bulk import insert_rows, one_of, rows_for
from storage.fingerprints import store_fingerprints
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
    rows = [
        row for row in rows_for(connection, _TEASERS, {a for a, _ in versions}) if tuple(row[:2]) in wanted
    ]
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
    rows = rows_for(connection, _PRESENT, articles)
    titles = {row.title for row in rows if row.title}
    prints = {row.fingerprint_id for row in rows if row.fingerprint_id is not None}
    found = rows_for(connection, _BY_URL, [row.url for row in rows])
    found += rows_for(connection, _BY_TITLE, titles)
    found += rows_for(connection, _BY_NEAR, prints)
    found += rows_for(connection, _BY_PRINT, prints)
    return {(a, v, p) for a, v, p in found}


def _by_url(connection: Connection, keys: Collection[_Key]) -> dict[_Key, int]:
    urls = {(a, v, p): url_id(url) for a, v, p, url in _among(connection, _URLS, keys)}
    stored = {row[0] for row in rows_for(connection, _ARTICLES, set(urls.values()))}
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
    wanted = {(a, v, p): (site, title) for a, v, p, site, title in _among(connection, _TITLES, keys)}
    titled: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for site, title, article in rows_for(connection, _ENTITLED, {title for _, title in wanted.values()}):
        titled[site, title].append(article)
    found: dict[_Key, int] = {}
    for key, site_and_title in wanted.items():
        others = [article for article in titled[site_and_title] if article != key[0]]
        if len(others) == 1:
            found[key] = others[0]
    return found


def _among(connection: Connection, statement: Any, keys: Collection[_Key]) -> list[Any]:
    wanted = set(keys)
    rows = rows_for(connection, statement, {key[0] for key in keys})
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
    return statement.join(_version, models.IS_PRESENT)


_TEASERS: Final = _keys(_teaser, _teaser.url, _teaser.text).where(one_of(_teaser.article_id, "keys"))
_PRESENT: Final = (
    _present(select(_page.url, _version.title, _version.fingerprint_id).select_from(_article))
    .join(_page, _page.id == _article.id)
    .where(one_of(_article.id, "keys"))
)
_BY_URL: Final = _keys(_teaser).where(one_of(_teaser.url, "keys"))
_BY_TITLE: Final = _keys(_teaser).where(one_of(_teaser.title, "keys"), _teaser.url == "")
_BY_NEAR: Final = _keys(_text).where(
    _text.fingerprint_id.in_(
        select(models.Resemblance.other_id).where(one_of(models.Resemblance.fingerprint_id, "keys"))
    )
)
_BY_PRINT: Final = _keys(_text).where(one_of(_text.fingerprint_id, "keys"))
_URLS: Final = _keys(_teaser, _teaser.url).where(one_of(_teaser.article_id, "keys"), _teaser.url != "")
_ARTICLES: Final = select(_article.id).where(one_of(_article.id, "keys"))
_LINKED: Final = _keys(_link).where(one_of(_link.article_id, "keys"))
_FORGET: Final = delete(_link).where(
    _link.article_id == bindparam("old_article"),
    _link.version == bindparam("old_version"),
    _link.position == bindparam("old_position"),
)


def _holding() -> Any:
    pair, holder = models.Resemblance, models.FirstHolder
    related = exists().where(models.Relation.article_id == holder.article_id, models.Relation.rank == 0)
    return (
        _keys(_text, holder.article_id.label("target"))
        .join(pair, pair.fingerprint_id == _text.fingerprint_id)
        .join(holder, holder.fingerprint_id == pair.other_id)
        .where(one_of(_text.article_id, "keys"))
        .order_by(pair.lead.desc(), func.round(pair.held * 10).desc(), related, holder.article_id)
    )


_HOLDING: Final = _holding()
_TITLES: Final = (
    _keys(_teaser, _page.site_id, _teaser.title)
    .join(_page, _page.id == _teaser.article_id)
    .where(one_of(_teaser.article_id, "keys"), _teaser.url == "", _teaser.title != "")
)
_ENTITLED: Final = (
    _present(select(_page.site_id, _version.title, _article.id).select_from(_article))
    .join(_page, _page.id == _article.id)
    .where(one_of(_version.title, "keys"))
)
