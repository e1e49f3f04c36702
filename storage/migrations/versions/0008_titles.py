"""Articles can be found by their title, as teasers without a link need it."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # equality is all that is asked for, and a hash takes a title of any length
    op.create_index("ix_article_version_title", "article_version", ["title"], postgresql_using="hash")


def downgrade() -> None:
    op.drop_index("ix_article_version_title", "article_version")
