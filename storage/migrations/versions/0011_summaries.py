"""Summaries and indexes for questions about the whole store, and the words of a figure beside it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# written out, as what a step made may not change with the program
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

ARTICLES = """
    INSERT INTO present_article (article_id, version, text_id, site_id, published_day, relation)
    SELECT article.id, article.version, text_id, site_id, published_day, coalesce(kind, 'original')
    FROM article
    JOIN article_version AS v ON v.article_id = article.id AND v.version = article.version
    JOIN page ON page.id = article.id
    LEFT JOIN relation ON relation.article_id = article.id AND relation.rank = 0
"""
NAMINGS = """
    INSERT INTO naming (organisation_id, text_id, mentions)
    SELECT root_id, text_id, count(*)
    FROM mention
    JOIN alias ON alias.id = alias_id
    JOIN entity ON entity.id = entity_id
    WHERE kind = 'organisation'
    GROUP BY root_id, text_id
"""
SURFACES = """
    UPDATE figure SET surface = (
        SELECT substr(body, start_offset + 1, end_offset - start_offset) FROM text WHERE id = text_id
    )
"""


def upgrade() -> None:
    op.create_table(
        "present_article",
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("text_id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("published_day", sa.Date()),
        sa.Column("relation", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_present_article_article_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["text_id"], ["text.id"], name="fk_present_article_text_id"),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_present_article_site_id"),
        sa.PrimaryKeyConstraint("article_id", name="pk_present_article"),
    )
    op.create_table(
        "naming",
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("text_id", ID, nullable=False),
        sa.Column("mentions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["entity.id"], name="fk_naming_organisation_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["text_id"], ["text.id"], name="fk_naming_text_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "text_id", name="pk_naming"),
        sqlite_with_rowid=False,
    )
    op.execute(ARTICLES)
    op.execute(NAMINGS)
    op.create_index(
        "ix_present_article_text_id",
        "present_article",
        ["text_id", "published_day", "relation", "site_id", "version"],
    )
    op.create_index("ix_present_article_site_id", "present_article", ["site_id", "published_day"])
    op.create_index("ix_present_article_published_day", "present_article", ["published_day"])
    op.create_index("ix_naming_text_id", "naming", ["text_id", "organisation_id", "mentions"])
    op.add_column("figure", sa.Column("surface", WORDS, nullable=False, server_default=""))
    op.execute(SURFACES)
    op.drop_index("ix_role_person_id", "role")
    op.create_index("ix_role_person_id", "role", ["person_id", "organisation_id"])
    op.drop_index("ix_teaser_link_target_id", "teaser_link")
    op.create_index("ix_teaser_link_target_id", "teaser_link", ["target_id", "article_id", "version"])
    if op.get_bind().dialect.name == "postgresql":
        # what PostgreSQL tries to compress, and can't
        op.execute(
            "ALTER TABLE search_index ALTER vector SET STORAGE EXTERNAL, ALTER body SET STORAGE EXTERNAL"
        )
    failed = sa.text("failure_stage IS NOT NULL")
    op.create_index(
        "ix_page_fetch_failed",
        "page_fetch",
        ["page_id", "fetched_at"],
        sqlite_where=failed,
        postgresql_where=failed,
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE search_index ALTER vector SET STORAGE EXTENDED, ALTER body SET STORAGE EXTENDED"
        )
    op.drop_index("ix_page_fetch_failed", "page_fetch")
    op.drop_index("ix_teaser_link_target_id", "teaser_link")
    op.create_index("ix_teaser_link_target_id", "teaser_link", ["target_id"])
    op.drop_index("ix_role_person_id", "role")
    op.create_index("ix_role_person_id", "role", ["person_id"])
    op.drop_column("figure", "surface")
    op.drop_table("naming")
    op.drop_table("present_article")
