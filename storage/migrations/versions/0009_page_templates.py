"""The templates that a site's articles were seen in, so that a new one can be told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# written out, as what a step made may not change with the program
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime().with_variant(sa.String(26), "sqlite")


def upgrade() -> None:
    op.create_table(
        "page_template",
        sa.Column("site_id", ID, nullable=False),
        sa.Column("key", WORDS, nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("way", WORDS, nullable=False),
        sa.Column("url", WORDS, nullable=False),
        sa.Column("first_run_id", ID, nullable=False),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("last_seen_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_page_template_site_id"),
        sa.ForeignKeyConstraint(["first_run_id"], ["run.id"], name="fk_page_template_first_run_id"),
        sa.PrimaryKeyConstraint("site_id", "key", name="pk_page_template"),
    )


def downgrade() -> None:
    op.drop_table("page_template")
