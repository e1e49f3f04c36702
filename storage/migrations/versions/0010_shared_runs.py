"""Which runs are parts of one crawl that several processes made together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# written out, as what a step made may not change with the program
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "shared_run",
        sa.Column("run_id", ID, autoincrement=False, nullable=False),
        sa.Column("crawl_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_shared_run_run_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["crawl_id"], ["run.id"], name="fk_shared_run_crawl_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", name="pk_shared_run"),
    )


def downgrade() -> None:
    op.drop_table("shared_run")
