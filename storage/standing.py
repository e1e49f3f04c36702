"""What decides which of several articles was first, and the graph of the texts that resemble each other."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time, timedelta, timezone
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from pipelines.dedup.original import Candidate, day_of, order_key
from pipelines.dedup.placing import Standing
from pipelines.dedup.relations import Resemblance
from pipelines.models import Moment
from storage import models
from storage.bulk import one_of, rows_for

# who is named at the start of a dateline; 本报, 本网 and the like mean the page's own publisher
_MASTHEAD = re.compile(r"(?!本[报网刊台站社])\w{2,12}?(?:通讯社|社|网|报|台|频道|客户端|在线)")
_EDGES_AT_ONCE: Final = 500


def present_versions() -> Select[*tuple[Any, ...]]:
    """What is asked of articles' present versions to know their standing; see `candidate`."""
    version, article, page, print_ = (
        models.ArticleVersion,
        models.Article,
        models.Page,
        models.Fingerprint,
    )
    return (
        select(
            article.id,
            version.fingerprint_id,
            page.url,
            models.Site.publisher,
            version.source,
            version.dateline,
            version.title,
            version.published_day,
            version.published_at,
            version.published_offset,
            version.published_precision,
            print_.length,
            print_.cut,
            print_.sentences,
        )
        .join(page, page.id == article.id)
        .join(models.Site, models.Site.id == page.site_id)
        .join(version, models.IS_PRESENT)
        .join(print_, print_.id == version.fingerprint_id)
    )


def standing_of(row: Any) -> Standing:
    """The standing of one row of `present_versions`."""
    moment = _moment(row.published_day, row.published_at, row.published_offset, row.published_precision)
    order = order_key(
        Candidate(
            str(row.id),
            row.url,
            moment,
            credits_another(row.publisher, row.source, row.dateline),
            row.length,
        )
    )
    return Standing(order, day_of(moment), row.length, row.sentences, row.cut, row.title)


def credits_another(publisher: str, source: str, dateline: str) -> bool:
    """Tells whether a page of `publisher` names another one as its source, or else in the dateline."""
    named = source
    if not named and (masthead := _MASTHEAD.match(dateline)):
        named = masthead[0]
    return bool(named and publisher) and named not in publisher and publisher not in named


_holder, _pair = models.FirstHolder, models.Resemblance
VERSIONS_OF: Final = present_versions().where(one_of(models.Article.id, "keys"))
"""The present versions of articles."""
VERSIONS_WITH: Final = present_versions().where(one_of(models.ArticleVersion.fingerprint_id, "keys"))
"""The present versions that have one of some fingerprints."""
_FIRST_VERSIONS: Final = (
    present_versions()
    .join(
        _holder,
        (_holder.article_id == models.Article.id)
        & (_holder.fingerprint_id == models.ArticleVersion.fingerprint_id),
    )
    .where(one_of(_holder.fingerprint_id, "keys"))
)
_EDGES: Final = (
    select(_pair.fingerprint_id, _pair.other_id, _pair.kind, _pair.held, _pair.other_held, _pair.lead)
    .join(_holder, _holder.fingerprint_id == _pair.other_id)
    .where(one_of(_pair.fingerprint_id, "keys"))
)


class Texts:
    """Texts that articles hold, by fingerprint id: their standing and what they resemble."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._edges: dict[int, dict[int, Resemblance]] = {}
        self._standings: dict[int, Standing] = {}

    def standing(self, id_: int) -> Standing:
        """That of the first article that holds the text."""
        if id_ not in self._standings:
            self.load([id_])
        return self._standings[id_]

    def resemblances(self, id_: int) -> Mapping[int, Resemblance]:
        """The texts that resemble one, of those that an article holds."""
        if id_ not in self._edges:
            self.load([id_])
        return self._edges[id_]

    def near(self, ids: Iterable[int]) -> set[int]:
        """The texts that resemble any of these."""
        wanted = list(ids)
        self.load(wanted)
        return {other for id_ in wanted for other in self._edges[id_]}

    def load(self, ids: Iterable[int]) -> None:
        """Reads what resembles some texts, and the standing of all of them, in few queries."""
        wanted = [id_ for id_ in dict.fromkeys(ids) if id_ not in self._edges]
        for start in range(0, len(wanted), _EDGES_AT_ONCE):
            self._load_edges(wanted[start : start + _EDGES_AT_ONCE])
        known = set(wanted) | {other for id_ in wanted for other in self._edges[id_]}
        self._load_standings(known - set(self._standings))

    def _load_edges(self, ids: Collection[int]) -> None:
        self._edges.update({id_: {} for id_ in ids})
        for row in rows_for(self._connection, _EDGES, ids):
            kind: Any = row.kind
            self._edges[row.fingerprint_id][row.other_id] = Resemblance(
                kind, row.held, row.other_held, row.lead
            )

    def _load_standings(self, ids: Collection[int]) -> None:
        for row in rows_for(self._connection, _FIRST_VERSIONS, ids):
            self._standings[row.fingerprint_id] = standing_of(row)


def _moment(day: Any, at: Any, offset: Any, precision: Any) -> Moment | None:
    if day is None:
        return None
    zone = timezone(timedelta(minutes=offset))
    return Moment(datetime.combine(day, time(), zone) if at is None else at.astimezone(zone), precision)
