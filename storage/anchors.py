"""The anchors of all stored texts: what one more costs hardly grows with their number.

Hashes are spread evenly, so each new anchor in one sorted table would touch a
page of its own, and the larger the table, the fewer of these are in memory.
New anchors go to a small table of rows instead. Blocks hold the earlier ones, a
block for each range of hashes, and new texts carry the rows of a few ranges
over, the next texts those of the next ranges, in a circle: a rolling merge, as
in O'Neil et al., "The Log-Structured Merge-Tree", 1996.

A holder is the id of a fingerprint, doubled, and one more where the text is so
short that one anchor suffices: so the lengths of most texts that share just a
phrase with another one need not be read.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, bindparam, delete, func, select

from pipelines.dedup.candidates import ONE_SUFFICES, Holders, by_anchor
from pipelines.dedup.shingles import ANCHOR_BITS
from storage import models
from storage.bulk import insert_columns, one_of, rows_for, upsert

BUCKET_BITS: Final = 20
"""Bits of a hash that name its block: a million texts of 550 characters fill blocks of 400 bytes."""

MERGED: Final = 32
"""Blocks that each new text carries rows over to: rows wait for their turn for at most 32,000 texts."""

# an entry of a block: the other bits of the hash, then the holder
_REST_BITS: Final = ANCHOR_BITS - BUCKET_BITS
_HOLDER_BITS: Final = 64 - _REST_BITS
_ENTRY: Final = np.dtype("<u8")

_Entries = npt.NDArray[np.uint64]


def holder(id_: int, length: int) -> int:
    """What stands for a text of `length` characters beside its anchors."""
    return 2 * id_ + (length <= ONE_SUFFICES)


def add_anchors(connection: Connection, anchors: Collection[tuple[int, int]]) -> None:
    """Makes texts findable by anchors: pairs of hash and holder."""
    ordered = sorted(anchors)
    columns = {"hash": [pair[0] for pair in ordered], "holder": [pair[1] for pair in ordered]}
    insert_columns(connection, models.Anchor, columns)


def holders_of(connection: Connection, anchors: Collection[int]) -> dict[int, Holders]:
    """The holders of each of some anchors."""
    wanted = np.array(sorted(anchors), np.uint64)
    parts = [*_in_blocks(connection, wanted), *_in_rows(connection, wanted)] if len(wanted) else []
    hashes = np.concatenate([np.empty(0, np.uint64), *(part[0] for part in parts)])
    holders = np.concatenate([np.empty(0, np.int64), *(part[1] for part in parts)])
    return by_anchor(hashes, holders)


def merge_anchors(connection: Connection, first: int, last: int) -> None:
    """Carries rows over to the blocks that are the turn of the new texts with ids `first` to `last`."""
    for start, end in _turn(first, last):
        hashes = {"low": start << _REST_BITS, "high": end << _REST_BITS}
        found = connection.execute(_ROWS, hashes).all()
        if not found:
            continue
        rows = np.fromiter(chain.from_iterable(found), np.uint64).reshape(-1, 2)
        append_blocks(connection, rows[:, 0], rows[:, 1])
        connection.execute(_FORGET_ROWS, hashes)


def _turn(first: int, last: int) -> Iterator[tuple[int, int]]:
    """The ranges of blocks, ends excluded, of some texts."""
    number = 1 << BUCKET_BITS
    start = first * MERGED % number
    end = start + min(number, (last - first + 1) * MERGED)
    yield start, min(end, number)
    if end > number:
        yield 0, end - number


# --- rows ---

_table = models.Anchor
_range = (_table.hash >= bindparam("low"), _table.hash < bindparam("high"))
_ROWS: Final = select(_table.hash, _table.holder).where(*_range).order_by(_table.hash)
_FORGET_ROWS: Final = delete(_table).where(*_range)
# a row for each hash, as there may be many holders
_TOGETHER: Final = {
    name: select(_table.hash, func.count(), joined(_table.holder))
    .where(one_of(_table.hash, "keys"))
    .group_by(_table.hash)
    for name, joined in (("sqlite", func.group_concat), ("postgresql", func.array_agg))
}


def _in_rows(connection: Connection, wanted: _Entries) -> Iterator[tuple[_Entries, npt.NDArray[np.int64]]]:
    dialect = connection.dialect.name
    rows = rows_for(connection, _TOGETHER[dialect], wanted.tolist())
    if not rows:
        return
    if dialect == "postgresql":
        holders = [holder for row in rows for holder in row[2]]
    else:
        holders = json.loads(f"[{','.join(row[2] for row in rows)}]")
    hashes = np.repeat(np.array([row[0] for row in rows], np.uint64), [row[1] for row in rows])
    yield hashes, np.frombuffer(array("q", holders), np.int64)


# --- blocks ---

_BLOCKS: Final = select(models.AnchorBlock.bucket, models.AnchorBlock.entries).where(
    one_of(models.AnchorBlock.bucket, "keys")
)


def append_blocks(connection: Connection, hashes: _Entries, holders: _Entries) -> None:
    """Puts anchors, sorted by hash, into their blocks."""
    buckets = hashes >> np.uint64(_REST_BITS)
    entries = ((hashes << np.uint64(_HOLDER_BITS)) | holders).astype(_ENTRY)
    edges = np.flatnonzero(np.diff(buckets, prepend=~buckets[:1], append=~buckets[-1:]))
    names: list[int] = buckets[edges[:-1]].tolist()
    held = _blocks(connection, names)
    rows = [
        {"bucket": name, "entries": held.get(name, b"") + entries[begin:end].tobytes()}
        for name, begin, end in zip(names, edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    ]
    upsert(connection, models.AnchorBlock, rows, ["bucket"], lambda new: {"entries": new.entries})


def _blocks(connection: Connection, buckets: Sequence[int]) -> dict[int, bytes]:
    return {row[0]: row[1] for row in rows_for(connection, _BLOCKS, buckets)}


def _in_blocks(connection: Connection, wanted: _Entries) -> Iterator[tuple[_Entries, npt.NDArray[np.int64]]]:
    """The anchors among those wanted, sorted, that are in blocks, with their holders."""
    buckets = wanted >> np.uint64(_REST_BITS)
    blocks = _blocks(connection, np.unique(buckets).tolist())
    if not blocks:
        return
    names = sorted(blocks)
    entries: Any = np.frombuffer(b"".join(blocks[name] for name in names), _ENTRY)
    lengths = np.array([len(blocks[name]) for name in names]) // _ENTRY.itemsize
    starts = np.cumsum(lengths) - lengths
    rests = entries >> np.uint64(_HOLDER_BITS)
    low = wanted & np.uint64((1 << _REST_BITS) - 1)
    firsts = np.searchsorted(buckets, np.array(names, np.uint64))
    counts = np.searchsorted(buckets, np.array(names, np.uint64), "right") - firsts
    # mostly one anchor falls to a block: the first of each, then the second of those that have two
    for turn in range(int(counts.max())):
        asked = np.flatnonzero(counts > turn)
        anchors, sizes = firsts[asked] + turn, lengths[asked]
        if turn:
            places = np.repeat(starts[asked] - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
            same = np.flatnonzero(rests[places] == np.repeat(low[anchors], sizes))
            found = places[same]
        else:
            found = same = np.flatnonzero(rests == np.repeat(low[anchors], sizes))
        if len(found):
            holders = (entries[found] & np.uint64((1 << _HOLDER_BITS) - 1)).astype(np.int64)
            yield wanted[np.repeat(anchors, sizes)[same]], holders
