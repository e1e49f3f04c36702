"""The first tables: sites, runs, pages, articles with their versions, relations and mentions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# written out, as what a step made may not change with the program
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime().with_variant(sa.String(26), "sqlite")


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "code",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_code"),
        sa.UniqueConstraint("version", name="uq_code_version"),
    )
    op.create_table(
        "entity",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.CheckConstraint("kind IN ('person', 'organisation', 'place')", name=op.f("ck_entity_kind")),
        sa.PrimaryKeyConstraint("id", name="pk_entity"),
        sa.UniqueConstraint("name", "kind", name="uq_entity_name_kind"),
    )
    op.create_table(
        "setting",
        sa.Column("name", WORDS, nullable=False),
        sa.Column("value", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )
    op.create_table(
        "site",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("publisher", WORDS, nullable=False),
        sa.Column("home_page", WORDS, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site"),
        sa.UniqueConstraint("name", name="uq_site_name"),
    )
    op.create_table(
        "alias",
        sa.Column("id", ID, nullable=False),
        sa.Column("entity_id", ID, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name="fk_alias_entity_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_alias"),
        sa.UniqueConstraint("entity_id", "name", name="uq_alias_entity_id_name"),
    )
    op.create_index("ix_alias_name", "alias", ["name"])
    op.create_table(
        "page",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("url", WORDS, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("last_fetched_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_page_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_page"),
        sa.UniqueConstraint("url", name="uq_page_url"),
    )
    op.create_index("ix_page_site_id", "page", ["site_id"])
    op.create_table(
        "run",
        sa.Column("id", ID, nullable=False),
        sa.Column("site_id", ID, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("state", WORDS, nullable=False),
        sa.Column("reason", WORDS, nullable=False),
        sa.CheckConstraint("(state = 'running') = (ended_at IS NULL)", name=op.f("ck_run_ended")),
        sa.CheckConstraint(
            "state IN ('running', 'finished', 'stopped', 'failed')", name=op.f("ck_run_state")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name="fk_run_site_id"),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("ix_run_site_id_started_at", "run", ["site_id", "started_at"])
    op.create_table(
        "text",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("body", WORDS, nullable=False),
        sa.Column("entities_code_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["entities_code_id"], ["code.id"], name="fk_text_entities_code_id"),
        sa.PrimaryKeyConstraint("id", name="pk_text"),
        sa.UniqueConstraint("digest", name="uq_text_digest"),
    )
    op.create_table(
        "fingerprint",
        sa.Column("id", ID, nullable=False),
        sa.Column("digest", WORDS, nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.CheckConstraint("length >= 0", name=op.f("ck_fingerprint_length")),
        sa.PrimaryKeyConstraint("id", name="pk_fingerprint"),
        sa.UniqueConstraint("digest", name="uq_fingerprint_digest"),
    )
    op.create_table(
        "band",
        sa.Column("hash", ID, autoincrement=False, nullable=False),
        sa.Column("fingerprint_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["fingerprint_id"], ["fingerprint.id"], name="fk_band_fingerprint_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", "fingerprint_id", name="pk_band"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_band_fingerprint_id", "band", ["fingerprint_id"])
    op.create_table(
        "article",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        *([] if postgresql else [_to_present_version()]),
        sa.ForeignKeyConstraint(["id"], ["page.id"], name="fk_article_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
    )
    op.create_table(
        "page_fetch",
        sa.Column("page_id", ID, nullable=False),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("final_url", WORDS, nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("warc_file", WORDS, nullable=True),
        sa.Column("warc_offset", ID, nullable=True),
        sa.Column("truncated", sa.Boolean(), nullable=False),
        sa.Column("failure_stage", WORDS, nullable=True),
        sa.Column("failure_reason", WORDS, nullable=True),
        sa.Column("failure_message", WORDS, nullable=True),
        sa.CheckConstraint(
            "(failure_stage IS NULL) = (failure_reason IS NULL)"
            " AND (failure_stage IS NULL) = (failure_message IS NULL)",
            name=op.f("ck_page_fetch_failure"),
        ),
        sa.CheckConstraint("(warc_file IS NULL) = (warc_offset IS NULL)", name=op.f("ck_page_fetch_warc")),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_page_fetch_page_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_page_fetch_run_id"),
        sa.PrimaryKeyConstraint("page_id", "fetched_at", name="pk_page_fetch"),
    )
    op.create_index("ix_page_fetch_run_id", "page_fetch", ["run_id"])
    op.create_table(
        "mention",
        sa.Column("text_id", ID, nullable=False),
        sa.Column("start_offset", sa.Integer(), nullable=False),
        sa.Column("end_offset", sa.Integer(), nullable=False),
        sa.Column("alias_id", ID, nullable=False),
        sa.Column("rule", WORDS, nullable=False),
        sa.CheckConstraint(
            "start_offset >= 0 AND start_offset < end_offset", name=op.f("ck_mention_offsets")
        ),
        sa.ForeignKeyConstraint(["alias_id"], ["alias.id"], name="fk_mention_alias_id"),
        sa.ForeignKeyConstraint(["text_id"], ["text.id"], name="fk_mention_text_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("text_id", "start_offset", "end_offset", "alias_id", name="pk_mention"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_mention_alias_id", "mention", ["alias_id"])
    op.create_table(
        "run_count",
        sa.Column("run_id", ID, nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("value", ID, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_count_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "name", name="pk_run_count"),
    )
    op.create_table(
        "article_version",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.Column("title", WORDS, nullable=False),
        sa.Column("text_id", ID, nullable=False),
        sa.Column("fingerprint_id", ID, nullable=True),
        sa.Column("published_day", sa.Date(), nullable=True),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("published_offset", sa.SmallInteger(), nullable=True),
        sa.Column("published_precision", WORDS, nullable=True),
        sa.Column("published_inferred", sa.Boolean(), nullable=False),
        sa.Column("published_raw", WORDS, nullable=False),
        sa.Column("published_rule", WORDS, nullable=False),
        sa.Column("modified_day", sa.Date(), nullable=True),
        sa.Column("modified_at", TIME, nullable=True),
        sa.Column("modified_offset", sa.SmallInteger(), nullable=True),
        sa.Column("modified_precision", WORDS, nullable=True),
        sa.Column("modified_inferred", sa.Boolean(), nullable=False),
        sa.Column("modified_raw", WORDS, nullable=False),
        sa.Column("modified_rule", WORDS, nullable=False),
        sa.Column("source", WORDS, nullable=False),
        sa.Column("charset", WORDS, nullable=False),
        sa.Column("code_id", ID, nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_article_version_version")),
        *_moment_checks("published"),
        *_moment_checks("modified"),
        sa.ForeignKeyConstraint(
            ["article_id", "fetched_at"],
            ["page_fetch.page_id", "page_fetch.fetched_at"],
            name="fk_article_version_article_id_fetched_at",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_article_version_article_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name="fk_article_version_code_id"),
        sa.ForeignKeyConstraint(["text_id"], ["text.id"], name="fk_article_version_text_id"),
        sa.ForeignKeyConstraint(
            ["fingerprint_id"], ["fingerprint.id"], name="fk_article_version_fingerprint_id"
        ),
        sa.PrimaryKeyConstraint("article_id", "version", name="pk_article_version"),
    )
    if postgresql:
        op.create_foreign_key(
            "fk_article_id_version",
            "article",
            "article_version",
            ["id", "version"],
            ["article_id", "version"],
            initially="DEFERRED",
            deferrable=True,
        )
    op.create_index(
        "ix_article_version_article_id_fetched_at", "article_version", ["article_id", "fetched_at"]
    )
    op.create_index("ix_article_version_fingerprint_id", "article_version", ["fingerprint_id"])
    op.create_index("ix_article_version_published_day", "article_version", ["published_day"])
    op.create_index("ix_article_version_text_id", "article_version", ["text_id"])
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
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_relation_article_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["code_id"], ["code.id"], name="fk_relation_code_id"),
        sa.ForeignKeyConstraint(
            ["original_id"], ["article.id"], name="fk_relation_original_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "original_id", name="pk_relation"),
    )
    op.create_index("ix_relation_original_id", "relation", ["original_id"])
    op.create_table(
        "boilerplate",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("kind", WORDS, nullable=False),
        sa.Column("text", WORDS, nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id", "version"],
            ["article_version.article_id", "article_version.version"],
            name="fk_boilerplate_article_id_version",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "version", "position", name="pk_boilerplate"),
    )
    op.create_table(
        "credit",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", WORDS, nullable=False),
        sa.Column("role", WORDS, nullable=False),
        sa.Column("part", WORDS, nullable=False),
        sa.Column("raw", WORDS, nullable=False),
        sa.CheckConstraint("part IN ('author', 'editor', 'other')", name=op.f("ck_credit_part")),
        sa.ForeignKeyConstraint(
            ["article_id", "version"],
            ["article_version.article_id", "article_version.version"],
            name="fk_credit_article_id_version",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "version", "position", name="pk_credit"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "teaser",
        sa.Column("article_id", ID, nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("title", WORDS, nullable=False),
        sa.Column("text", WORDS, nullable=False),
        sa.Column("url", WORDS, nullable=False),
        sa.Column("cut", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id", "version"],
            ["article_version.article_id", "article_version.version"],
            name="fk_teaser_article_id_version",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "version", "position", name="pk_teaser"),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_article_id_version", "article", type_="foreignkey")
    for table in TABLES[::-1]:
        op.drop_table(table)


TABLES = (
    "code",
    "entity",
    "setting",
    "site",
    "alias",
    "page",
    "run",
    "text",
    "fingerprint",
    "band",
    "article",
    "page_fetch",
    "mention",
    "run_count",
    "article_version",
    "relation",
    "boilerplate",
    "credit",
    "teaser",
)


def _to_present_version() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["id", "version"],
        ["article_version.article_id", "article_version.version"],
        name="fk_article_id_version",
        initially="DEFERRED",
        deferrable=True,
    )


def _moment_checks(name: str) -> list[Any]:
    day, at, offset, precision = (f"{name}_{part}" for part in ("day", "at", "offset", "precision"))
    if op.get_bind().dialect.name == "sqlite":
        local_day = f"date({at}, {offset} || ' minutes')"
    else:
        local_day = f"CAST({at} + {offset} * interval '1 minute' AS date)"
    return [
        sa.CheckConstraint(
            f"CASE coalesce({precision}, '') WHEN '' THEN {day} IS NULL AND {at} IS NULL AND {offset} IS NULL"
            f" WHEN 'day' THEN {day} IS NOT NULL AND {at} IS NULL AND {offset} IS NOT NULL"
            f" ELSE {precision} IN ('minute', 'second')"
            f" AND {day} IS NOT NULL AND {at} IS NOT NULL AND {offset} IS NOT NULL END",
            name=op.f(f"ck_article_version_{name}"),
        ),
        sa.CheckConstraint(
            f"{at} IS NULL OR {day} = {local_day}", name=op.f(f"ck_article_version_{name}_day")
        ),
    ]
