"""Writes a batch of pages in one transaction: pages, fetches, versions, texts, entities, relations.

Everything goes by natural keys, so a batch that is written again changes
nothing. A version is made only when what the page says has changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, case, select

from pipelines.models import Article, Page
from pipelines.urls import url_id
from storage import models, search_index
from storage.bulk import among, insert_rows, upsert
from storage.fingerprints import store_fingerprints
from storage.lineage import relate
from storage.pages import save_aliases
from storage.rows import (
    Row,
    boilerplate_rows,
    credit_rows,
    fetch_row,
    moment_facts,
    page_row,
    storable,
    teaser_rows,
    text_digest,
    version_row,
)
from storage.teasers import link_teasers
from storage.texts import ReadText, store_texts


@dataclass(slots=True)
class SaveReport:
    """What came of saving pages.

    `copies`, `reprints` and `excerpts` is by how many the stored relations of
    that kind have grown, `failures` counts failed pages by reason.
    """

    new_articles: int = 0
    new_versions: int = 0
    unchanged: int = 0
    copies: int = 0
    reprints: int = 0
    excerpts: int = 0
    failures: Counter[str] = field(default_factory=Counter)

    def add(self, other: SaveReport) -> None:
        """Adds the counts of another report."""
        for name in ("new_articles", "new_versions", "unchanged", "copies", "reprints", "excerpts"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.failures.update(other.failures)


@dataclass(slots=True)
class _Present:
    """The present version of an article, as far as a new one is compared with it."""

    version: int
    fetched_at: datetime
    says: tuple[Any, ...]


@dataclass(slots=True)
class _New:
    """A version to write."""

    page: Page
    article: Article
    version: int
    digest: str


def write_batch(
    connection: Connection,
    pages: Sequence[Page],
    run_id: int,
    sites: Mapping[str, int],
    code_id: int,
) -> SaveReport:
    """Writes pages in the transaction of `connection`, which must be the only writer.

    `sites` maps the site name of each page to its id.
    """
    report = SaveReport(failures=Counter(page.failure.reason for page in pages if page.failure))
    pages = sorted(pages, key=lambda page: page.fetched_at)
    _write_fetches(connection, pages, run_id, sites)
    if led_to := {page.asked_url: page.url for page in pages if page.asked_url}:
        save_aliases(connection, led_to)
    news, texts = _decide(connection, pages, report)
    text_ids, read_later = store_texts(connection, texts, code_id)
    prints = {p.digest: p for new in news if (p := new.article.fingerprint) is not None}
    print_ids = store_fingerprints(connection, prints)
    _write_versions(connection, news, text_ids, print_ids, code_id)
    change = _write_lineage(connection, news, print_ids, code_id)
    link_teasers(connection, [(url_id(new.page.url), new.version) for new in news])
    search_index.update(connection, {url_id(new.page.url) for new in news}, read_later)
    report.copies, report.reprints, report.excerpts = change["copy"], change["reprint"], change["excerpt"]
    return report


def _write_fetches(
    connection: Connection, pages: Sequence[Page], run_id: int, sites: Mapping[str, int]
) -> None:
    table = models.Page

    def widen(new: Any) -> Row:
        first, last = table.first_seen_at, table.last_fetched_at
        return {
            "first_seen_at": case((new.first_seen_at < first, new.first_seen_at), else_=first),
            "last_fetched_at": case((new.last_fetched_at > last, new.last_fetched_at), else_=last),
        }

    upsert(connection, table, [page_row(page, sites[page.site.name]) for page in pages], ["id"], widen)
    # a fetch belongs to the run that made it; a later reading of it may only change how it turned out
    upsert(
        connection,
        models.Fetch,
        [fetch_row(page, run_id, page.failure) for page in pages],
        ["page_id", "fetched_at"],
        lambda new: {f"failure_{part}": new[f"failure_{part}"] for part in ("stage", "reason", "message")},
    )


# --- which versions are new ---


def _decide(
    connection: Connection, pages: Sequence[Page], report: SaveReport
) -> tuple[list[_New], dict[str, ReadText]]:
    """The versions to write, and the texts of all articles, counting what is new and what is not."""
    articles = [(page, page.article) for page in pages if page.article and page.article.kind == "article"]
    present = _present(connection, [url_id(page.url) for page, _ in articles])
    news: list[_New] = []
    texts: dict[str, ReadText] = {}
    for page, article in articles:
        id_, digest, body = url_id(page.url), text_digest(article.body), storable(article.body)
        text = texts.setdefault(digest, ReadText(body))
        if text.entities is None:
            text.entities = article.entities
        held, says = present.get(id_), _says(article, digest)
        # an older fetch that comes late tells nothing new
        if held is not None and (says == held.says or page.fetched_at < held.fetched_at):
            report.unchanged += 1
            continue
        new = _New(page, article, held.version + 1 if held else 1, digest)
        news.append(new)
        present[id_] = _Present(new.version, page.fetched_at, says)
        if new.version == 1:
            report.new_articles += 1
        else:
            report.new_versions += 1
    return news, texts


def _says(article: Article, digest: str) -> tuple[Any, ...]:
    day, at, _ = moment_facts(article.published)
    credits_ = tuple((storable(c.name), storable(c.role), c.part) for c in article.credits)
    return storable(article.title), digest, day, at, storable(article.source), credits_


def _present(connection: Connection, ids: Sequence[int]) -> dict[int, _Present]:
    article, version, text, credit = models.Article, models.ArticleVersion, models.Text, models.Credit
    credits_: dict[int, list[tuple[str, str, str]]] = {}
    query = (
        select(credit.article_id, credit.name, credit.role, credit.part)
        .join(article, (article.id == credit.article_id) & (article.version == credit.version))
        .where(among(connection, article.id, ids))
        .order_by(credit.article_id, credit.position)
    )
    for id_, name, role, part in connection.execute(query):
        credits_.setdefault(id_, []).append((name, role, part))
    versions = (
        select(
            article.id,
            version.version,
            version.fetched_at,
            version.title,
            text.digest,
            version.published_day,
            version.published_at,
            version.source,
        )
        .join(version, models.IS_PRESENT)
        .join(text, text.id == version.text_id)
        .where(among(connection, article.id, ids))
    )
    return {
        id_: _Present(number, fetched_at, (*says, tuple(credits_.get(id_, ()))))
        for id_, number, fetched_at, *says in connection.execute(versions)
    }


# --- writing them ---


def _write_versions(
    connection: Connection,
    news: Sequence[_New],
    text_ids: Mapping[str, int],
    print_ids: Mapping[str, int],
    code_id: int,
) -> None:
    made_at = datetime.now(UTC)
    keys = [{"article_id": url_id(new.page.url), "version": new.version} for new in news]
    upsert(
        connection,
        models.Article,
        [{"id": key["article_id"], "version": key["version"]} for key in keys],
        ["id"],
        lambda offered: {"version": offered.version},
    )
    rows: dict[Any, list[Row]] = {
        models.ArticleVersion: [
            {
                **version_row(new.page, new.article, new.version),
                "text_id": text_ids[new.digest],
                "fingerprint_id": print_ids[p.digest] if (p := new.article.fingerprint) else None,
                "code_id": code_id,
                "made_at": made_at,
            }
            for new in news
        ]
    }
    for table, rows_of in (
        (models.Credit, credit_rows),
        (models.Teaser, teaser_rows),
        (models.Boilerplate, boilerplate_rows),
    ):
        rows[table] = [row for new, key in zip(news, keys, strict=True) for row in rows_of(new.article, key)]
    for table, of_table in rows.items():
        insert_rows(connection, table, of_table)


def _write_lineage(
    connection: Connection, news: Sequence[_New], print_ids: Mapping[str, int], code_id: int
) -> Counter[str]:
    # of several versions of one page only the last counts
    last = {url_id(new.page.url): new.article.fingerprint for new in news}
    changed = set(last) - {url_id(new.page.url) for new in news if new.version == 1}
    texts = {article: print_ids[print_.digest] if print_ else None for article, print_ in last.items()}
    return relate(connection, texts, changed, code_id)
