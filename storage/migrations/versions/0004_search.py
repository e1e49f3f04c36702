"""The search index, which archive files were dropped, and for views the entity that each one counts as."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime().with_variant(sa.String(26), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# columnsize and the text itself are left out: ranking reads the articles; hashsize is the memory, in bytes,
# that a transaction may fill before it writes a segment
SQLITE = (
    "CREATE VIRTUAL TABLE search_index USING fts5(tokens, content='', columnsize=0, tokenize='ascii')",
    "INSERT INTO search_index(search_index, rank) VALUES ('hashsize', 16777216)",
)
# a narrow row, with all else out of line: reading the ids of many hits stays cheap
POSTGRESQL = (
    (
        "CREATE TABLE search_index ("
        " id BIGINT CONSTRAINT pk_search_index PRIMARY KEY"
        " CONSTRAINT fk_search_index_id REFERENCES search_document ON DELETE CASCADE,"
        ' title TEXT COLLATE "C" NOT NULL, body TEXT COLLATE "C" NOT NULL, source TEXT COLLATE "C" NOT NULL,'
        " vector TSVECTOR NOT NULL) WITH (toast_tuple_target = 128)"
    ),
    "CREATE INDEX ix_search_index_vector ON search_index USING gin (vector)",
)


def upgrade() -> None:
    op.create_table(
        "search_document",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("marks", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_search_document_article_id"),
        sa.PrimaryKeyConstraint("id", name="pk_search_document"),
        sa.UniqueConstraint("article_id", name="uq_search_document_article_id"),
    )
    op.create_table(
        "search_alias",
        sa.Column("alias_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("of_text", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["alias_id"], ["alias.id"], name="fk_search_alias_alias_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("alias_id", name="pk_search_alias"),
    )
    op.create_index("ix_search_alias_kind_name", "search_alias", ["kind", "name"])
    op.create_table(
        "dropped_archive",
        sa.Column("file", WORDS, nullable=False),
        sa.Column("dropped_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("file", name="pk_dropped_archive"),
    )
    # SQLite can't add a column that it has to fill
    stored = True if op.get_bind().dialect.name == "postgresql" else None
    root = sa.Computed("coalesce(canonical_id, id)", persisted=stored)
    op.add_column("entity", sa.Column("root_id", ID, root))
    op.create_index("ix_entity_root_id", "entity", ["root_id"])
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)
    # what was stored before is indexed by storage.migrate, when all tables are as the program knows them


def downgrade() -> None:
    op.drop_index("ix_entity_root_id", "entity")
    op.drop_column("entity", "root_id")
    op.drop_table("dropped_archive")
    op.drop_table("search_index")
    op.drop_table("search_alias")
    op.drop_table("search_document")
