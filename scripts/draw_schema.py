"""Draws the tables of the store in docs/schema.md, as Mermaid, from the models.

    python scripts/draw_schema.py

One picture a part of the schema, so that each can be read. A key is marked PK,
a column that names a row of another table FK.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

from storage.models import Base

DOCUMENT = Path(__file__).parents[1] / "docs" / "schema.md"

PARTS = {
    "What was crawled": ("site", "run", "run_count", "page", "page_alias", "page_fetch", "dropped_archive"),
    "When it is crawled, and what may be wrong": (
        *("site", "run", "run_origin", "shared_run", "schedule", "list_page", "list_link", "coverage"),
        *("coverage_drop", "gap", "alarm", "page_template"),
    ),
    "What pages say": ("page", "article", "article_version", "text", "credit", "teaser", "boilerplate"),
    "Which texts are one story": (
        *(
            "article",
            "article_version",
            "fingerprint",
            "anchor",
            "anchor_block",
            "resemblance",
            "first_holder",
            "relation",
        ),
        *("lineage_change", "teaser", "teaser_link", "teaser_text"),
    ),
    "Who is named, where, how many, when, about what": (
        *("text", "entity", "alias", "correction", "mention", "role", "division", "place", "figure"),
        *("time_span", "topic"),
    ),
    "What views over the whole store read: what other tables say, in narrow rows": (
        *("article", "text", "site", "entity", "present_article", "naming"),
    ),
    "What is searched, and what the store notes of itself": (
        *("article", "alias", "search_document", "search_alias", "setting", "code"),
    ),
}
"""Tables by the picture that shows them."""

_HEAD = """# The tables

Made from the models (`storage/models.py`) by `python scripts/draw_schema.py`. The tables may change with a
migration; [views](queries.md) are what to query.

Every row that was derived names, by itself or by its text, the version of the code that made it: a `code_id`
names a row of `code`, and so does `entities_code_id` for all that was read in a text. Times are UTC; where a
page gave a time, the day in its own zone and the zone's offset in minutes stand beside it. Not drawn: the
search index itself, which is an FTS5 table on SQLite and a table with a `tsvector` on PostgreSQL.
"""


def picture(tables: tuple[str, ...]) -> str:
    """Some tables and what connects them, as a Mermaid diagram."""
    lines = ["erDiagram"]
    found = [Base.metadata.tables[name] for name in tables]
    for table in found:
        lines += _columns(table)
    for table in found:
        for key in sorted(table.foreign_key_constraints, key=lambda key: tuple(key.column_keys)):
            other = key.referred_table.name
            if other in tables:
                optional = any(column.nullable for column in key.columns)
                unique = {column.name for column in key.columns} == {c.name for c in table.primary_key}
                many = "o|" if unique else "o{"
                lines.append(
                    f"    {other} {'|o' if optional else '||'}--{many} {table.name} : {key.column_keys[0]}"
                )
    return "\n".join(lines)


def _columns(table: Table) -> list[str]:
    lines = [f"    {table.name} {{"]
    for column in table.columns:
        marks = [mark for mark, holds in (("PK", column.primary_key), ("FK", column.foreign_keys)) if holds]
        kind = column.type.compile(dialect=postgresql.dialect()).split(" ")[0].lower()  # type: ignore[no-untyped-call]
        lines.append(f"        {kind} {column.name} {', '.join(marks)}".rstrip())
    return [*lines, "    }"]


def document() -> str:
    """All of docs/schema.md."""
    parts = [f"## {title}\n\n```mermaid\n{picture(tables)}\n```\n" for title, tables in PARTS.items()]
    return "\n".join((_HEAD, *parts))


if __name__ == "__main__":
    DOCUMENT.write_text(document(), "utf-8")
