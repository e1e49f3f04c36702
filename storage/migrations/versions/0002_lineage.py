"""Texts compared by shared runs: anchors, resemblances, whole stories with their history, linked teasers.

Fingerprints of the first tables can't be turned into the new ones, so relations
start empty; `scrapy dedup --rebuild` makes them again from the stored texts.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# written out, as what a step made may not change with the program
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime().with_variant(sa.String(26), "sqlite")
POSITION = ("article_id", "version", "position")


def upgrade() -> None:
    op.drop_table("relation")
    op.drop_table("band")
    _empty_fingerprints()
    op.drop_column("fingerprint", "signature")
    for name in ("text", "day"):
        op.add_column("fingerprint", sa.Column(name, WORDS, nullable=False, server_default=""))
    op.add_column("fingerprint", sa.Column("cut", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("fingerprint", sa.Column("sentences", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("article_version", sa.Column("dateline", WORDS, nullable=False, server_default=""))
    op.create_index("ix_teaser_url", "teaser", ["url"])
    op.create_index("ix_teaser_title", "teaser", ["title"])
    _create_comparing()
    _create_relations()
    _create_teaser_tables()


def _empty_fingerprints() -> None:
    op.execute("UPDATE article_version SET fingerprint_id = NULL")
    op.execute("DELETE FROM fingerprint")


def _create_comparing() -> None:
    op.create_table(
        "anchor",
        sa.Column("hash", ID, autoincrement=False, nullable=False),
        sa.Column("fingerprint_id", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hash", "fingerprint_id", name="pk_anchor"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "resemblance",
        sa.Column("fingerprint_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("held", sa.Float(precision=53), nullable=False),
        sa.Column("other_held", sa.Float(precision=53), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('copy', 'reprint', 'part', 'overlap')", name=op.f("ck_resemblance_kind")
        ),
        _key("resemblance", ["fingerprint_id"], "fingerprint.id"),
        _key("resemblance", ["other_id"], "fingerprint.id"),
        sa.PrimaryKeyConstraint("fingerprint_id", "other_id", name="pk_resemblance"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_resemblance_other_id", "resemblance", ["other_id"])
    op.create_table(
        "first_holder",
        sa.Column("fingerprint_id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        _key("first_holder", ["fingerprint_id"], "fingerprint.id"),
        _key("first_holder", ["article_id"], "article.id"),
        sa.PrimaryKeyConstraint("fingerprint_id", name="pk_first_holder"),
        sa.UniqueConstraint("article_id", name="uq_first_holder_article_id"),
    )


def _create_relations() -> None:
    op.create_table(
        "relation",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("rank", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("original_id", ID, nullable=False),
        sa.Column("parent_id", ID, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("similarity", sa.Float(precision=53), nullable=False),
        sa.Column("share", sa.Float(precision=53), nullable=False),
        sa.Column("code_id", ID, nullable=False),
        sa.CheckConstraint("article_id <> original_id", name=op.f("ck_relation_other")),
        sa.CheckConstraint("article_id <> parent_id", name=op.f("ck_relation_parent")),
        sa.CheckConstraint("rank >= 0", name=op.f("ck_relation_rank")),
        sa.CheckConstraint("kind IN ('copy', 'reprint', 'excerpt')", name=op.f("ck_relation_kind")),
        sa.CheckConstraint("similarity BETWEEN 0 AND 1", name=op.f("ck_relation_similarity")),
        sa.CheckConstraint("share BETWEEN 0 AND 1", name=op.f("ck_relation_share")),
        _key("relation", ["article_id"], "article.id"),
        _key("relation", ["original_id"], "article.id"),
        _key("relation", ["parent_id"], "article.id"),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name="fk_relation_code_id"),
        sa.PrimaryKeyConstraint("article_id", "rank", name="pk_relation"),
    )
    op.create_index("ix_relation_original_id", "relation", ["original_id"])
    op.create_index("ix_relation_parent_id", "relation", ["parent_id"])
    op.create_table(
        "lineage_change",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.Column("kind_before", WORDS, nullable=True),
        sa.Column("original_before", ID, nullable=True),
        sa.Column("kind_after", WORDS, nullable=True),
        sa.Column("original_after", ID, nullable=True),
        sa.Column("code_id", ID, nullable=False),
        sa.CheckConstraint(
            "reason IN ('arrival', 'version', 'rebuild')", name=op.f("ck_lineage_change_reason")
        ),
        sa.CheckConstraint(
            "(kind_before IS NULL) = (original_before IS NULL)", name=op.f("ck_lineage_change_before")
        ),
        sa.CheckConstraint(
            "(kind_after IS NULL) = (original_after IS NULL)", name=op.f("ck_lineage_change_after")
        ),
        _key("lineage_change", ["article_id"], "article.id"),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name="fk_lineage_change_code_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lineage_change"),
    )
    op.create_index("ix_lineage_change_article_id", "lineage_change", ["article_id"])


def _create_teaser_tables() -> None:
    for table in ("teaser_link", "teaser_text"):
        columns: list[sa.Column[Any]] = [
            sa.Column("article_id", ID, nullable=False),
            sa.Column("version", sa.SmallInteger(), nullable=False),
            sa.Column("position", sa.SmallInteger(), nullable=False),
        ]
        constraints = [
            _key(table, list(POSITION), *(f"teaser.{name}" for name in POSITION)),
            sa.PrimaryKeyConstraint(*POSITION, name=f"pk_{table}"),
        ]
        if table == "teaser_link":
            columns += [sa.Column("target_id", ID, nullable=False), sa.Column("rule", WORDS, nullable=False)]
            constraints += [
                sa.CheckConstraint("rule IN ('url', 'text', 'title')", name=op.f("ck_teaser_link_rule")),
                _key(table, ["target_id"], "article.id"),
            ]
        else:
            columns.append(sa.Column("fingerprint_id", ID, nullable=False))
            constraints.append(_key(table, ["fingerprint_id"], "fingerprint.id"))
        op.create_table(table, *columns, *constraints)
    op.create_index("ix_teaser_link_target_id", "teaser_link", ["target_id"])
    op.create_index("ix_teaser_text_fingerprint_id", "teaser_text", ["fingerprint_id"])


def _key(table: str, columns: list[str], *targets: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{'_'.join(columns)}"
    return sa.ForeignKeyConstraint(columns, list(targets), name=name, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("teaser_link", "teaser_text", "lineage_change", "relation"):
        op.drop_table(table)
    for table in ("first_holder", "resemblance", "anchor"):
        op.drop_table(table)
    op.drop_index("ix_teaser_url", "teaser")
    op.drop_index("ix_teaser_title", "teaser")
    op.drop_column("article_version", "dateline")
    _empty_fingerprints()
    for name in ("text", "day", "cut", "sentences"):
        op.drop_column("fingerprint", name)
    op.add_column("fingerprint", sa.Column("signature", sa.LargeBinary(), nullable=False, server_default=""))
    op.create_table(
        "band",
        sa.Column("hash", ID, autoincrement=False, nullable=False),
        sa.Column("fingerprint_id", ID, nullable=False),
        _key("band", ["fingerprint_id"], "fingerprint.id"),
        sa.PrimaryKeyConstraint("hash", "fingerprint_id", name="pk_band"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_band_fingerprint_id", "band", ["fingerprint_id"])
    op.create_table(
        "relation",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("original_id", ID, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("similarity", sa.Float(precision=53), nullable=False),
        sa.Column("code_id", ID, nullable=False),
        sa.CheckConstraint("kind IN ('copy', 'reprint', 'excerpt')", name=op.f("ck_relation_kind")),
        sa.CheckConstraint("article_id <> original_id", name=op.f("ck_relation_other")),
        sa.CheckConstraint("similarity BETWEEN 0 AND 1", name=op.f("ck_relation_similarity")),
        _key("relation", ["article_id"], "article.id"),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name="fk_relation_code_id"),
        _key("relation", ["original_id"], "article.id"),
        sa.PrimaryKeyConstraint("article_id", "original_id", name="pk_relation"),
    )
    op.create_index("ix_relation_original_id", "relation", ["original_id"])
