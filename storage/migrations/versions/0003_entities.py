"""Roles, places, figures, times and topics; entities told apart by scope, and corrections of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# written out, as what a step made may not change with the program
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime().with_variant(sa.String(26), "sqlite")
KINDS = "kind IN ('person', 'organisation', 'place')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(
            _entity_with_scope, _alias_with_defined, "id, kind, name, '', '', NULL", "id, entity_id, name, 0"
        )
    else:
        for column in ("scope", "type"):
            op.add_column("entity", sa.Column(column, WORDS, nullable=False, server_default=""))
            op.alter_column("entity", column, server_default=None)
        op.add_column("entity", sa.Column("canonical_id", ID, nullable=True))
        op.create_foreign_key("fk_entity_canonical_id", "entity", "entity", ["canonical_id"], ["id"])
        op.create_check_constraint(op.f("ck_entity_canonical"), "entity", "canonical_id <> id")
        op.drop_constraint("uq_entity_name_kind", "entity")
        op.create_unique_constraint("uq_entity_name_kind_scope", "entity", ["name", "kind", "scope"])
        op.add_column("alias", sa.Column("defined", sa.Boolean(), nullable=False, server_default=sa.false()))
        op.alter_column("alias", "defined", server_default=None)
    op.create_index("ix_entity_canonical_id", "entity", ["canonical_id"])
    _create_tables()
    # what was read before knows no roles, places and figures: it is read again when it comes by
    op.execute("UPDATE text SET entities_code_id = NULL")


def downgrade() -> None:
    for table in ("topic", "time_span", "figure", "place", "division", "role", "correction"):
        op.drop_table(table)
    # one row a name again, the first; the mentions of the others go with them
    op.execute(
        "DELETE FROM mention WHERE alias_id IN"
        " (SELECT alias.id FROM alias JOIN entity ON entity.id = entity_id WHERE scope <> '')"
    )
    op.execute("DELETE FROM alias WHERE entity_id IN (SELECT id FROM entity WHERE scope <> '')")
    op.execute("UPDATE entity SET canonical_id = NULL")
    op.execute("DELETE FROM entity WHERE scope <> ''")
    op.drop_index("ix_entity_canonical_id", "entity")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(_first_entity, _first_alias, "id, kind, name", "id, entity_id, name")
    else:
        op.drop_constraint("uq_entity_name_kind_scope", "entity")
        op.create_unique_constraint("uq_entity_name_kind", "entity", ["name", "kind"])
        for column in ("canonical_id", "type", "scope"):
            op.drop_column("entity", column)
        op.drop_column("alias", "defined")


# --- SQLite can't change a table's constraints, and dropping a table deletes what refers to it ---


def _rebuild(entity: Any, alias: Any, entity_columns: str, alias_columns: str) -> None:
    """Makes entity, alias and mention anew with their rows, the old ones dropped from the outside in."""
    for index in ("ix_mention_alias_id", "ix_alias_name"):
        op.execute(f"DROP INDEX {index}")
    for table in ("mention", "alias", "entity"):
        op.rename_table(table, f"old_{table}")
    entity()
    alias()
    _mention()
    for table, columns in (("entity", entity_columns), ("alias", alias_columns), ("mention", "*")):
        op.execute(f"INSERT INTO {table} SELECT {columns} FROM old_{table}")  # noqa: S608 - our own names
    for table in ("mention", "alias", "entity"):
        op.drop_table(f"old_{table}")
    op.create_index("ix_alias_name", "alias", ["name"])
    op.create_index("ix_mention_alias_id", "mention", ["alias_id"])


def _entity_with_scope() -> None:
    op.create_table(
        "entity",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("scope", WORDS, nullable=False),
        sa.Column("type", WORDS, nullable=False),
        sa.Column("canonical_id", ID, nullable=True),
        sa.CheckConstraint(KINDS, name=op.f("ck_entity_kind")),
        sa.CheckConstraint("canonical_id <> id", name=op.f("ck_entity_canonical")),
        sa.ForeignKeyConstraint(["canonical_id"], ["entity.id"], name="fk_entity_canonical_id"),
        sa.PrimaryKeyConstraint("id", name="pk_entity"),
        sa.UniqueConstraint("name", "kind", "scope", name="uq_entity_name_kind_scope"),
    )


def _first_entity() -> None:
    op.create_table(
        "entity",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_entity_kind")),
        sa.PrimaryKeyConstraint("id", name="pk_entity"),
        sa.UniqueConstraint("name", "kind", name="uq_entity_name_kind"),
    )


def _alias_with_defined() -> None:
    _alias(sa.Column("defined", sa.Boolean(), nullable=False))


def _first_alias() -> None:
    _alias()


def _alias(*more: sa.Column[Any]) -> None:
    op.create_table(
        "alias",
        sa.Column("id", ID, nullable=False),
        sa.Column("entity_id", ID, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        *more,
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name="fk_alias_entity_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_alias"),
        sa.UniqueConstraint("entity_id", "name", name="uq_alias_entity_id_name"),
    )


def _mention() -> None:
    op.create_table(
        "mention",
        *_of_text("mention"),
        sa.Column("alias_id", ID, nullable=False),
        sa.Column("rule", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["alias_id"], ["alias.id"], name="fk_mention_alias_id"),
        sa.PrimaryKeyConstraint("text_id", "start_offset", "end_offset", "alias_id", name="pk_mention"),
        sqlite_with_rowid=False,
    )


# --- the new tables ---


def _of_text(table: str) -> list[Any]:
    return [
        sa.Column("text_id", ID, nullable=False),
        sa.Column("start_offset", sa.Integer(), nullable=False),
        sa.Column("end_offset", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "start_offset >= 0 AND start_offset < end_offset", name=op.f(f"ck_{table}_offsets")
        ),
        sa.ForeignKeyConstraint(["text_id"], ["text.id"], name=f"fk_{table}_text_id", ondelete="CASCADE"),
    ]


def _create_tables() -> None:
    op.create_table(
        "correction",
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("scope", WORDS, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("into_name", WORDS, nullable=False),
        sa.Column("into_scope", WORDS, nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_correction_kind")),
        sa.PrimaryKeyConstraint("kind", "name", "scope", "digest", name="pk_correction"),
    )
    op.create_table(
        "role",
        *_of_text("role"),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=True),
        sa.Column("person_offset", sa.Integer(), nullable=False),
        sa.Column("rule", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["entity.id"], name="fk_role_person_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["entity.id"], name="fk_role_organisation_id"),
        sa.PrimaryKeyConstraint("text_id", "start_offset", "end_offset", "person_id", name="pk_role"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_role_person_id", "role", ["person_id"])
    op.create_index("ix_role_organisation_id", "role", ["organisation_id"])
    op.create_table(
        "division",
        sa.Column("code", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.CheckConstraint("length(code) IN (2, 4, 6, 9, 12)", name=op.f("ck_division_code")),
        sa.PrimaryKeyConstraint("code", name="pk_division"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "place",
        *_of_text("place"),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("level", WORDS, nullable=False),
        sa.Column("division_code", WORDS, nullable=True),
        sa.Column("exact", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Float(precision=53), nullable=False),
        sa.Column("candidates", WORDS, nullable=False),
        sa.Column("of_organisation", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "level IN ('country', 'province', 'city', 'county', 'town', 'village', 'spot')",
            name=op.f("ck_place_level"),
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_place_confidence")),
        sa.CheckConstraint("division_code IS NOT NULL OR NOT exact", name=op.f("ck_place_exact")),
        sa.ForeignKeyConstraint(["division_code"], ["division.code"], name="fk_place_division_code"),
        sa.PrimaryKeyConstraint("text_id", "start_offset", "end_offset", name="pk_place"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_place_division_code", "place", ["division_code"])
    op.create_table(
        "figure",
        *_of_text("figure"),
        sa.Column("lower", sa.Float(precision=53), nullable=True),
        sa.Column("upper", sa.Float(precision=53), nullable=True),
        sa.Column("unit", WORDS, nullable=False),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("counted", WORDS, nullable=False),
        sa.CheckConstraint("lower IS NOT NULL OR upper IS NOT NULL", name=op.f("ck_figure_bounds")),
        sa.PrimaryKeyConstraint("text_id", "start_offset", "end_offset", name="pk_figure"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "time_span",
        *_of_text("time_span"),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.Column("precision", WORDS, nullable=False),
        sa.Column("relative", sa.Boolean(), nullable=False),
        sa.CheckConstraint("begins <= ends", name=op.f("ck_time_span_days")),
        sa.CheckConstraint(
            "precision IN ('year', 'month', 'day', 'time', 'vague')", name=op.f("ck_time_span_precision")
        ),
        sa.PrimaryKeyConstraint("text_id", "start_offset", "end_offset", name="pk_time_span"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "topic",
        sa.Column("text_id", ID, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("weight", sa.Float(precision=53), nullable=False),
        sa.Column("terms", WORDS, nullable=False),
        sa.CheckConstraint("weight BETWEEN 0 AND 1", name=op.f("ck_topic_weight")),
        sa.ForeignKeyConstraint(["text_id"], ["text.id"], name="fk_topic_text_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("text_id", "name", name="pk_topic"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_topic_name", "topic", ["name"])
