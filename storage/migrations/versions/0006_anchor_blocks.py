"""Anchors of earlier texts in blocks, and the texts that are compared in half the space."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# written out, as what a step made may not change with the program
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BUCKETS = 1 << 20
REST_BITS = 27  # of a hash, beside the 20 that name its bucket
HOLDER_BITS = 37
BUCKETS_AT_ONCE = 1024
TEXTS_AT_ONCE = 1000
ROWS_AT_ONCE = 10_000

SHORT = 100  # characters: of such texts one anchor suffices

anchor = sa.table("anchor", sa.column("hash"), sa.column("holder"))
block = sa.table("anchor_block", sa.column("bucket"), sa.column("entries", sa.LargeBinary()))


def upgrade() -> None:
    op.create_table(
        "anchor_block",
        sa.Column("bucket", ID, autoincrement=False, nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name="pk_anchor_block"),
    )
    _replace_column(
        "text",
        sa.Column("packed", sa.LargeBinary(), nullable=False, server_default=""),
        lambda words: zlib.compress(words.encode("gb18030")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # what is packed can't be compressed once more
        op.execute("ALTER TABLE fingerprint ALTER packed SET STORAGE EXTERNAL")
        op.execute("ALTER TABLE anchor_block ALTER entries SET STORAGE EXTERNAL")
    _fill_blocks()


def _create_anchors(name: str) -> None:
    op.create_table(
        "anchor",
        sa.Column("hash", ID, autoincrement=False, nullable=False),
        sa.Column(name, ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("hash", name, name="pk_anchor"),
        sqlite_with_rowid=False,
    )


def _fill_blocks() -> None:
    connection = op.get_bind()
    query = sa.text(
        f"SELECT hash, 2 * id + CASE WHEN length <= {SHORT} THEN 1 ELSE 0 END"  # noqa: S608
        " FROM anchor JOIN fingerprint ON id = fingerprint_id"
        " WHERE hash >= :low AND hash < :high ORDER BY hash"
    )
    for start in range(0, BUCKETS, BUCKETS_AT_ONCE):
        hashes = {"low": start << REST_BITS, "high": (start + BUCKETS_AT_ONCE) << REST_BITS}
        for bucket, rows in groupby(connection.execute(query, hashes), lambda row: row[0] >> REST_BITS):
            entries = [(hash_ << HOLDER_BITS | holder) & (2**64 - 1) for hash_, holder in rows]
            packed = struct.pack(f"<{len(entries)}Q", *entries)
            connection.execute(sa.insert(block).values(bucket=bucket, entries=packed))
    op.drop_table("anchor")
    _create_anchors("holder")


def _replace_column(old: str, new: sa.Column[Any], turned: Callable[[Any], Any]) -> None:
    """Puts a column in the place of another one of `fingerprint`."""
    connection = op.get_bind()
    op.add_column("fingerprint", new)
    table = sa.table("fingerprint", sa.column("id"), sa.column(old), sa.column(new.name, new.type))
    query = sa.select(table.c.id, table.c[old]).order_by(table.c.id).limit(TEXTS_AT_ONCE)
    statement = (
        sa.update(table)
        .where(table.c.id == sa.bindparam("key"))
        .values({new.name: sa.bindparam("turned", type_=new.type)})
    )
    after = -1
    while rows := connection.execute(query.where(table.c.id > after)).all():
        connection.execute(statement, [{"key": id_, "turned": turned(value)} for id_, value in rows])
        after = rows[-1][0]
    op.drop_column("fingerprint", old)


def downgrade() -> None:
    connection = op.get_bind()
    rows = [tuple(row) for row in connection.execute(sa.select(anchor.c.hash, anchor.c.holder))]
    op.drop_table("anchor")
    _create_anchors("fingerprint_id")
    table = sa.table("anchor", sa.column("hash"), sa.column("fingerprint_id"))
    for bucket, entries in connection.execute(sa.select(block.c.bucket, block.c.entries)).all():
        rows += [
            (bucket << REST_BITS | entry >> HOLDER_BITS, entry & ((1 << HOLDER_BITS) - 1))
            for (entry,) in struct.iter_unpack("<Q", entries)
        ]
        if len(rows) >= ROWS_AT_ONCE:
            _insert(table, rows)
            rows = []
    _insert(table, rows)
    op.drop_table("anchor_block")
    _replace_column(
        "packed",
        sa.Column("text", WORDS, nullable=False, server_default=""),
        lambda packed: zlib.decompress(packed).decode("gb18030"),
    )


def _insert(table: sa.TableClause, rows: list[tuple[int, int]]) -> None:
    if rows:
        values = [{"hash": hash_, "fingerprint_id": holder >> 1} for hash_, holder in rows]
        op.get_bind().execute(sa.insert(table), values)
