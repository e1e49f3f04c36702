"""The store as its users see it: opened by URL, asked what it knows, given pages to save."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, bindparam, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from pipelines.garbage import collecting_later
from pipelines.models import EntityKind, Failure, Page
from storage import corrections, models, pages, present, runs
from storage.bulk import among
from storage.database import connect, is_server_trouble, one_line, place, writing
from storage.errors import StoreError
from storage.identity import Key
from storage.leases import Claim
from storage.migrate import upgrade
from storage.pages import Known
from storage.present import HeldArticle, HeldPage
from storage.rebuild import RebuildReport, rebuild
from storage.rows import code_version
from storage.writer import SaveReport, write_batch

logger = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

# what a page with impossible content may raise on its way into a row
_BAD_DATA = (SQLAlchemyError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def open_store(url: str) -> Store:
    """Opens the store at a database URL, making or upgrading its tables at need.

    `url` is sqlite:///FILE, postgresql:// or postgresql+psycopg://. Raises
    `StoreError`, in one line, when the database can't be reached, read or
    written, or a newer program made it.
    """
    engine = connect(url)
    try:
        upgrade(engine)
    except StoreError:
        engine.dispose()
        raise
    return Store(engine)


_READ_TEXT = (
    select(models.Text.digest)
    .join(models.Code, models.Code.id == models.Text.entities_code_id)
    .where(models.Text.digest == bindparam("digest"), models.Code.version == bindparam("version"))
)


class Store:
    """A store that is open; one thread at a time may use it.

    Every method raises `StoreError` when the database fails on it.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def start_run(
        self, site: str, publisher: str = "", home_page: str = "", claim: Claim | None = None
    ) -> int:
        """Notes that a crawl of a site has begun; returns the run's id.

        With a `claim` it takes the site's lease in the same transaction, and
        raises `SiteRefused` when another crawl holds it or it is not due.
        """
        with self._writing() as connection:
            return runs.start_run(connection, runs.site_id(connection, site, publisher, home_page), claim)

    def read(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Calls `function(connection, ...)` in a transaction that only reads."""
        with self._reading() as connection:
            return function(connection, *args, **named)

    def write(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Calls `function(connection, ...)` in a transaction that is the only one to write."""
        with self._writing() as connection:
            return function(connection, *args, **named)

    def end_run(self, run_id: int, state: str, reason: str, counts: Mapping[str, int]) -> None:
        """Notes how a run ended: `state` is finished, stopped or failed, `reason` the crawler's word."""
        with self._writing() as connection:
            runs.end_run(connection, run_id, state, reason, counts)

    def known(self, urls: Sequence[str]) -> dict[str, Known]:
        """What the store holds of canonical URLs, or of the pages to which they led; others are left out."""
        with self._reading() as connection:
            return pages.known(connection, urls)

    def has_text(self, digests: Sequence[str]) -> set[str]:
        """Those of the digests (see `text_digest`) whose text this version of the program has read."""
        with self._reading() as connection:
            if len(digests) == 1:  # asked for every page of a crawl, so the statement is made once
                return set(connection.scalars(_READ_TEXT, {"digest": digests[0], "version": code_version()}))
            query = (
                select(models.Text.digest)
                .join(models.Code, models.Code.id == models.Text.entities_code_id)
                .where(among(connection, models.Text.digest, digests), models.Code.version == code_version())
            )
            return set(connection.scalars(query))

    def held_pages(self, urls: Sequence[str]) -> dict[str, HeldPage]:
        """What the store holds of canonical URLs and their fetches; unknown ones are left out."""
        with self._reading() as connection:
            return present.held_pages(connection, urls)

    def wrote_archive(self, file: str, besides: str) -> bool:
        """Tells whether crawls stored fetches from this archive file; runs named `besides` are no crawls."""
        with self._reading() as connection:
            return present.wrote_archive(connection, file, besides)

    def held_article(self, url: str, names: bool) -> HeldArticle | None:
        """What the article at a canonical URL says at present; with `names` also whom its text names."""
        with self._reading() as connection:
            return present.held_article(connection, url, names=names)

    def save(self, pages: Sequence[Page], run_id: int) -> SaveReport:
        """Saves pages in one transaction, with their relations; saving them again changes nothing.

        A page that the database refuses is stored without its article, with
        a failure of the stage "store", and the others go through.
        """
        report = SaveReport()
        pending = [list(pages)]
        while pending:
            batch = pending.pop()
            if not batch:
                continue
            try:
                report.add(self._save_batch(batch, run_id))
            except _BAD_DATA as error:
                if len(batch) == 1:
                    report.add(self._save_failed(batch[0], run_id, error))
                else:
                    logger.warning("a batch of %d pages is split: %s", len(batch), one_line(error))
                    middle = len(batch) // 2
                    pending += [batch[middle:], batch[:middle]]
        return report

    def merge_entities(self, one: str, into: str, kind: EntityKind | None = None) -> tuple[Key, Key]:
        """Says that one entity is another (see `storage.corrections.merge`); returns both."""
        with self._writing() as connection:
            return corrections.merge(connection, one, into, kind)

    def split_entity(
        self, one: str, urls: Sequence[str] = (), label: str = "", kind: EntityKind | None = None
    ) -> Key:
        """Says that an entity stands for itself, or for another in some articles; returns that one."""
        with self._writing() as connection:
            if urls:
                return corrections.split_articles(connection, one, urls, label, kind)
            return corrections.split(connection, one, kind)

    def rebuild_lineage(self, progress: Callable[[int, int], None]) -> RebuildReport:
        """Computes all relations again from the stored texts, in one transaction.

        `progress` is called with how many article versions of how many are done.
        """
        with self._writing() as connection:
            return rebuild(connection, runs.code_id(connection, code_version()), progress)

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()

    def _save_batch(self, pages: Sequence[Page], run_id: int) -> SaveReport:
        with collecting_later(), self._writing() as connection:
            code = runs.code_id(connection, code_version())
            return write_batch(connection, pages, run_id, _sites(connection, pages, run_id), code)

    def _save_failed(self, page: Page, run_id: int, error: Exception) -> SaveReport:
        failure = Failure("store", type(error).__name__, one_line(error))
        logger.error("cannot store the article of %s: %s", page.url, failure.message)
        try:
            return self._save_batch([replace(page, article=None, failure=failure)], run_id)
        except _BAD_DATA as worse:
            # not even its URL or time can be written: it is counted, and its bytes are in the archive
            logger.error("cannot store the page %r: %s", page.url[:300], one_line(worse))
            return SaveReport(failures=Counter({failure.reason: 1}))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._clear_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._clear_errors(), writing(self.engine) as connection:
            yield connection

    @contextmanager
    def _clear_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if not is_server_trouble(error):
                raise
            raise StoreError(f"the database {place(self.engine.url)} failed: {one_line(error)}") from error


def _sites(connection: Connection, pages: Sequence[Page], run_id: int) -> dict[str, int]:
    """Site ids by the name on the page; a page without a name is of the run's site."""
    sites = runs.site_ids(
        connection, {page.site.name: page.site.publisher for page in pages if page.site.name}
    )
    if any(not page.site.name for page in pages):
        sites[""] = connection.execute(select(models.Run.site_id).where(models.Run.id == run_id)).scalar_one()
    return sites
