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
down_revision = "0007"
branch_labels = None
depends_on = None

# written out, as what a step made may not change with the program
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BUCKETS = 1 << 18
REST_BITS = 29  # of a hash, beside the 18 that name its bucket
ID_BITS = 35
BUCKETS_AT_ONCE = 256
TEXTS_AT_ONCE = 1000

anchor = sa.table("anchor", sa.column("hash"), sa.column("fingerprint_id"))
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


def _fill_blocks() -> None:
    connection = op.get_bind()
    for start in range(0, BUCKETS, BUCKETS_AT_ONCE):
        first, last = start << REST_BITS, (start + BUCKETS_AT_ONCE) << REST_BITS
        of_range = (anchor.c.hash >= first, anchor.c.hash < last)
        query = sa.select(anchor.c.hash, anchor.c.fingerprint_id).where(*of_range).order_by(anchor.c.hash)
        for bucket, rows in groupby(connection.execute(query), lambda row: row[0] >> REST_BITS):
            entries = [(hash_ << ID_BITS | id_) & (2**64 - 1) for hash_, id_ in rows]
            packed = struct.pack(f"<{len(entries)}Q", *entries)
            connection.execute(sa.insert(block).values(bucket=bucket, entries=packed))
    connection.execute(sa.delete(anchor))


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
    for bucket, entries in connection.execute(sa.select(block.c.bucket, block.c.entries)).all():
        rows = [
            {"hash": bucket << REST_BITS | entry >> ID_BITS, "fingerprint_id": entry & ((1 << ID_BITS) - 1)}
            for (entry,) in struct.iter_unpack("<Q", entries)
        ]
        connection.execute(sa.insert(anchor), rows)
    op.drop_table("anchor_block")
    _replace_column(
        "packed",
        sa.Column("text", WORDS, nullable=False, server_default=""),
        lambda packed: zlib.decompress(packed).decode("gb18030"),
    )
