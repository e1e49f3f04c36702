"""What flows through the stages, as rows: plain functions from a page to column values."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime, timedelta
from functools import cache
from importlib import metadata
from typing import Any

from pipelines.models import Article, Failure, Moment, Page
from pipelines.urls import url_id

Row = dict[str, Any]

# PostgreSQL holds no NUL, and a lone surrogate has no UTF-8
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


@cache
def code_version() -> str:
    """The version of this program, which every derived row names."""
    return metadata.version("gongyi-news")


def storable(text: str) -> str:
    """The text with U+FFFD for each character that a database refuses, so that offsets still hold."""
    return _UNSTORABLE.sub(_REPLACEMENT, text)


def is_storable(text: str) -> bool:
    """Tells whether databases take the text as it is."""
    return _UNSTORABLE.search(text) is None


def text_digest(body: str) -> str:
    """The key of a stored text: SHA-256 of its UTF-8, in hexadecimal."""
    return hashlib.sha256(storable(body).encode()).hexdigest()


def page_row(page: Page, site_id: int) -> Row:
    """The page's row as it is at its first fetch."""
    return {
        "id": url_id(page.url),
        "url": page.url,
        "site_id": site_id,
        "first_seen_at": page.fetched_at,
        "last_fetched_at": page.fetched_at,
    }


def fetch_row(page: Page, run_id: int, failure: Failure | None) -> Row:
    """The fetch, with why it gave no article."""
    return {
        "page_id": url_id(page.url),
        "fetched_at": page.fetched_at,
        "run_id": run_id,
        "final_url": storable(page.final_url),
        "status": page.status,
        "warc_file": page.archive.file if page.archive else None,
        "warc_offset": page.archive.offset if page.archive else None,
        "truncated": page.truncated,
        "failure_stage": failure.stage if failure else None,
        "failure_reason": storable(failure.reason) if failure else None,
        "failure_message": storable(failure.message) if failure else None,
    }


def version_row(page: Page, article: Article, version: int) -> Row:
    """One version of an article, without the ids of what it shares with others."""
    return {
        "article_id": url_id(page.url),
        "version": version,
        "fetched_at": page.fetched_at,
        "title": storable(article.title),
        **moment_columns("published", article.published),
        **moment_columns("modified", article.modified),
        "source": storable(article.source),
        "dateline": storable(article.fingerprint.head) if article.fingerprint else "",
        "shoulder": storable(article.shoulder),
        "subtitle": storable(article.subtitle),
        "charset": storable(article.charset),
    }


def moment_columns(name: str, moment: Moment | None) -> Row:
    """The columns of a time that a page gives: day in its own zone, UTC, offset in minutes.

    Raises ValueError for a time without a zone.
    """
    day, at, offset = moment_facts(moment)
    return {
        f"{name}_day": day,
        f"{name}_at": at,
        f"{name}_offset": offset,
        f"{name}_precision": moment.precision if moment else None,
        f"{name}_inferred": moment.inferred if moment else False,
        f"{name}_raw": storable(moment.raw) if moment else "",
        f"{name}_rule": storable(moment.rule) if moment else "",
    }


def moment_facts(moment: Moment | None) -> tuple[date | None, datetime | None, int | None]:
    """Day, moment (none when only the day is known) and offset in minutes."""
    if moment is None:
        return None, None, None
    offset = moment.at.utcoffset()
    if offset is None:
        raise ValueError(f"time without a zone: {moment.at}")
    minutes = offset // timedelta(minutes=1)
    if moment.precision == "day":
        return moment.at.date(), None, minutes
    # zones of the time before 1928 have seconds; the day is taken as the columns give it
    at = moment.at.replace(microsecond=0)
    return (at - offset + timedelta(minutes=minutes)).date(), at, minutes


def credit_rows(article: Article, key: Row) -> list[Row]:
    """The credits in the page's order; `key` names article and version."""
    return [
        {
            **key,
            "position": position,
            "name": storable(credit.name),
            "role": storable(credit.role),
            "part": credit.part,
            "raw": storable(credit.raw),
        }
        for position, credit in enumerate(article.credits)
    ]


def teaser_rows(article: Article, key: Row) -> list[Row]:
    """The teasers in the page's order; `key` names article and version."""
    return [
        {
            **key,
            "position": position,
            "title": storable(teaser.title),
            "text": storable(teaser.text),
            "url": storable(teaser.url),
            "cut": teaser.cut,
        }
        for position, teaser in enumerate(article.teasers)
    ]


def boilerplate_rows(article: Article, key: Row) -> list[Row]:
    """The boilerplate in the page's order; `key` names article and version."""
    return [
        {**key, "position": position, "kind": part.kind, "text": storable(part.text)}
        for position, part in enumerate(article.boilerplate)
    ]
