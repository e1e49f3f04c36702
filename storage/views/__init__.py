"""The views that analysts query: stable columns, whatever the tables behind them become.

One file a view, the same SQL for both databases but for `$string_agg` and how
a column of another table is looked up (see `_lookups`). What several of them
say of an article stands in `article_columns.sql`. Views hold no data, so they
are made anew whenever a file here has changed.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from string import Template

from sqlalchemy import Connection, delete, insert, inspect, select

from storage.models import Setting

VIEWS = (
    "articles",
    "reprints",
    "stories",
    "updates",
    "runs",
    "site_health",
    "coverage_by_list",
    "coverage_gaps",
    "alarms",
    "gone",
    "entities",
    "organisation_activity",
    "people_roles",
    "places_mentioned",
    "figures",
    "topics",
    "mentions",
    "divisions",
    "teasers",
    "shown_articles",
    "affiliations",
)
"""In the order in which they are made; a later one may read an earlier one."""

_NOTE = "views"  # the setting that says which views the store holds


@cache
def definition(view: str, dialect: str) -> str:
    """The SELECT behind a view, for "sqlite" or "postgresql"."""
    return Template(_read(view)).substitute(
        string_agg="group_concat" if dialect == "sqlite" else "string_agg",
        article_columns=Template(_read("article_columns").strip()).substitute(_lookups(dialect)),
        **_lookups(dialect),
    )


_VERSION = (
    "article_version.article_id = present_article.article_id"
    " AND article_version.version = present_article.version"
)
_PAGE = "page.id = present_article.article_id"
_TEXT = "text.id = present_article.text_id"
_DIVISIONS = {
    name: f"{name}.code = substr(place.division_code, 1, {length}) AND length({name}.code) = {length}"
    for name, length in (("province", 2), ("city", 4), ("district", 6), ("town", 9), ("village", 12))
}


def _looked_up(column: str, table: str, is_it: str) -> str:
    return f"(SELECT {column} FROM {table} WHERE {is_it})"  # noqa: S608 - our own names


@cache
def _lookups(dialect: str) -> dict[str, str]:
    """How a view comes to an article's title, URL and text, and to names of divisions, if it has to.

    PostgreSQL leaves out a join from the left of which no column is asked for, and
    joins many rows by a hash. SQLite makes it in every query that groups, and
    leaves out a subquery.
    """
    if dialect == "sqlite":
        return {
            "title": _looked_up("title", "article_version", _VERSION),
            "url": _looked_up("url", "page", _PAGE),
            "title_and_url": "",
            "body": _looked_up("body", "text", _TEXT),
            "join_body": "",
            **{name: _looked_up("name", f"division AS {name}", is_it) for name, is_it in _DIVISIONS.items()},
            "join_divisions": "",
        }
    return {
        "title": "article_version.title",
        "url": "page.url",
        "title_and_url": f"LEFT JOIN article_version ON {_VERSION}\nLEFT JOIN page ON {_PAGE}",
        "body": "text.body",
        "join_body": f"LEFT JOIN text ON {_TEXT}",
        **{name: f"{name}.name" for name in _DIVISIONS},
        "join_divisions": "\n".join(
            f"LEFT JOIN division AS {name} ON {is_it}" for name, is_it in _DIVISIONS.items()
        ),
    }


@cache
def _read(name: str) -> str:
    return files("storage.views").joinpath(f"{name}.sql").read_text("utf-8")


def create_views(connection: Connection) -> None:
    """Makes all views, which must not exist, and notes which they are."""
    for view in VIEWS:
        connection.exec_driver_sql(f"CREATE VIEW {view} AS\n{definition(view, connection.dialect.name)}")
    connection.execute(delete(Setting).where(Setting.name == _NOTE))
    connection.execute(insert(Setting).values(name=_NOTE, value=_note(connection)))


def drop_views(connection: Connection) -> None:
    """Drops the views that this or an earlier version of the program made, and no others."""
    if not inspect(connection).has_table(Setting.__tablename__):
        return
    note = connection.scalar(select(Setting.value).where(Setting.name == _NOTE)) or ""
    for view in note.split()[:0:-1]:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {view}")
    connection.execute(delete(Setting).where(Setting.name == _NOTE))


def views_are_present(connection: Connection) -> bool:
    """Tells whether the database holds the views as they are defined here."""
    return connection.scalar(select(Setting.value).where(Setting.name == _NOTE)) == _note(connection)


def _note(connection: Connection) -> str:
    # what they are, and their names in the order in which they were made
    sql = "\n".join(definition(view, connection.dialect.name) for view in VIEWS)
    return " ".join((hashlib.sha256(sql.encode()).hexdigest(), *VIEWS))
