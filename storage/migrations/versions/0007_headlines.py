"""The lines over and under a title (引题, 副题), beside it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# written out, as what a step made may not change with the program
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    for name in ("shoulder", "subtitle"):
        op.add_column("article_version", sa.Column(name, WORDS, nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("subtitle", "shoulder"):
        op.drop_column("article_version", name)
