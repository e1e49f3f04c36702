"""Brings the tables of a database to what this program needs."""

from __future__ import annotations

import atexit
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from pipelines.entities.divisions import full_codes
from storage import search_index
from storage.bulk import insert_rows
from storage.database import one_line, place, writing
from storage.errors import StoreError
from storage.models import Division, SearchDocument
from storage.views import create_views, drop_views, views_are_present


def upgrade(engine: Engine) -> None:
    """Makes or upgrades the tables and views, in one transaction that waits for other programs.

    Raises `StoreError` when a newer program made them, or the database refuses.
    """
    try:
        with engine.connect() as connection:
            ready = _is_ready(connection)
        if not ready:
            with writing(engine) as connection:
                # another program may have done it while this one waited
                if not _is_ready(connection):
                    _upgrade(connection)
    except DBAPIError as error:
        raise StoreError(f"cannot use the database {place(engine.url)}: {one_line(error)}") from error


def revision(connection: Connection) -> str | None:
    """The migration that a database stands at, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, for steps that run on `connection`."""
    config = Config()
    config.set_main_option("script_location", str(_steps()))
    config.attributes["connection"] = connection
    return config


@cache
def _steps() -> Path:
    """The folder with the steps; copied out of the package once a process when that is in a zip file."""
    packed = files("storage.migrations")
    if isinstance(packed, Path):
        return packed
    folder = TemporaryDirectory(prefix="migrations-")
    atexit.register(folder.cleanup)
    _copy(packed, Path(folder.name))
    return Path(folder.name)


def _copy(packed: Traversable, to: Path) -> None:
    to.mkdir(exist_ok=True)
    for entry in packed.iterdir():
        if entry.is_dir():
            _copy(entry, to / entry.name)
        elif entry.name.endswith(".py"):
            (to / entry.name).write_bytes(entry.read_bytes())


def require_store(connection: Connection) -> None:
    """Raises `StoreError` unless the database holds a store with the tables and views of this program."""
    where = place(connection.engine.url)
    if revision(connection) is None:
        raise StoreError(f"the database {where} holds no store: crawl something first")
    if not _is_ready(connection):
        raise StoreError(
            f"the tables or views in {where} are of another version of this program"
            f" (tables {revision(connection)}, wanted {_head()}): run scrapy db migrate"
        )


def _is_ready(connection: Connection) -> bool:
    scripts = ScriptDirectory.from_config(configuration())
    present = revision(connection)
    if present is not None and present not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreError(
            f"the database {place(connection.engine.url)} was made by a newer version of this program"
            f" (tables {present}, known up to {scripts.get_current_head()}): upgrade the program"
        )
    return present == scripts.get_current_head() and views_are_present(connection)


def _head() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()


def _upgrade(connection: Connection) -> None:
    # views are made again after each step, as they name columns that a step may change
    drop_views(connection)
    command.upgrade(configuration(connection), "head")
    create_views(connection)
    rows = [{"code": code, "name": name} for name, codes in full_codes().items() for code in codes]
    insert_rows(connection, Division, rows, skip_held=True)
    if connection.scalar(select(SearchDocument.id).limit(1)) is None:
        search_index.rebuild(connection)
