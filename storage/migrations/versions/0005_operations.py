"""Leases and schedules, where runs came from, what lists held, coverage and gaps, alarms, moved pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# written out, as what a step made may not change with the program
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime().with_variant(sa.String(26), "sqlite")

TABLES = (
    "run_origin",
    "schedule",
    "page_alias",
    "list_page",
    "list_link",
    "coverage",
    "coverage_drop",
    "gap",
    "alarm",
)


def upgrade() -> None:
    op.create_table(
        "run_origin",
        sa.Column("run_id", ID, autoincrement=False, nullable=False),
        sa.Column("code_id", ID, nullable=False),
        sa.Column("host", WORDS, nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_origin_run_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name="fk_run_origin_code_id"),
        sa.PrimaryKeyConstraint("run_id", name="pk_run_origin"),
    )
    op.create_table(
        "schedule",
        sa.Column("site_id", ID, autoincrement=False, nullable=False),
        sa.Column("interval_seconds", sa.Integer(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("held_until", TIME, nullable=True),
        sa.CheckConstraint("(run_id IS NULL) = (held_until IS NULL)", name=op.f("ck_schedule_held")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_schedule_site_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_schedule_run_id"),
        sa.PrimaryKeyConstraint("site_id", name="pk_schedule"),
    )
    op.create_table(
        "page_alias",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("url", WORDS, nullable=False),
        sa.Column("page_id", ID, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_page_alias_page_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_page_alias"),
    )
    op.create_index("ix_page_alias_page_id", "page_alias", ["page_id"])
    op.create_table(
        "list_page",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("url", WORDS, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("read_at", TIME, nullable=False),
        sa.Column("etag", WORDS, nullable=False),
        sa.Column("last_modified", WORDS, nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_list_page_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_list_page"),
        sa.UniqueConstraint("url", name="uq_list_page_url"),
    )
    op.create_index("ix_list_page_site_id", "list_page", ["site_id"])
    op.create_table(
        "list_link",
        sa.Column("list_page_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["list_page_id"], ["list_page.id"], name="fk_list_link_list_page_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("list_page_id", "position", name="pk_list_link"),
    )
    op.create_table(
        "coverage",
        sa.Column("run_id", ID, nullable=False),
        sa.Column("list_url", WORDS, nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("stored", sa.Integer(), nullable=False),
        sa.Column("ending", WORDS, nullable=False),
        sa.Column("detail", WORDS, nullable=False),
        sa.CheckConstraint(
            "ending IN ('not_modified', 'known', 'last_page', 'depth', 'since', 'full', 'error',"
            " 'interrupted')",
            name=op.f("ck_coverage_ending"),
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_coverage_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "list_url", name="pk_coverage"),
    )
    op.create_table(
        "coverage_drop",
        sa.Column("run_id", ID, nullable=False),
        sa.Column("list_url", WORDS, nullable=False),
        sa.Column("cause", WORDS, nullable=False),
        sa.Column("urls", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "list_url"],
            ["coverage.run_id", "coverage.list_url"],
            name="fk_coverage_drop_run_id_list_url",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "list_url", "cause", name="pk_coverage_drop"),
    )
    op.create_table(
        "gap",
        sa.Column("id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("list_url", WORDS, nullable=False),
        sa.Column("cause", WORDS, nullable=False),
        sa.Column("detail", WORDS, nullable=False),
        sa.Column("since", TIME, nullable=True),
        sa.Column("found_run_id", ID, nullable=False),
        sa.Column("closed_run_id", ID, nullable=True),
        sa.CheckConstraint(
            "cause IN ('no_overlap', 'paging_error', 'interrupted')", name=op.f("ck_gap_cause")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_gap_site_id"),
        sa.ForeignKeyConstraint(["found_run_id"], ["run.id"], name="fk_gap_found_run_id"),
        sa.ForeignKeyConstraint(["closed_run_id"], ["run.id"], name="fk_gap_closed_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_gap"),
    )
    op.create_index("ix_gap_site_id_closed_run_id", "gap", ["site_id", "closed_run_id"])
    op.create_table(
        "alarm",
        sa.Column("id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("subject", WORDS, nullable=False),
        sa.Column("message", WORDS, nullable=False),
        sa.Column("raised_run_id", ID, nullable=False),
        sa.Column("raised_at", TIME, nullable=False),
        sa.Column("healed_run_id", ID, nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_alarm_site_id"),
        sa.ForeignKeyConstraint(["raised_run_id"], ["run.id"], name="fk_alarm_raised_run_id"),
        sa.ForeignKeyConstraint(["healed_run_id"], ["run.id"], name="fk_alarm_healed_run_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alarm"),
    )
    op.create_index("ix_alarm_site_id_healed_run_id", "alarm", ["site_id", "healed_run_id"])


def downgrade() -> None:
    for table in TABLES[::-1]:
        op.drop_table(table)
