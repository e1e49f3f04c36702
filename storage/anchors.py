"""The anchors of all stored texts: what one more costs hardly grows with their number.

Hashes are spread evenly, so each new anchor in one sorted table would touch a
page of its own, and the larger the table, the fewer of these are in memory.
New anchors go to a small table of rows instead. Blocks hold the earlier ones, a
block for each range of hashes, and new texts carry the rows of a few ranges
over, the next texts those of the next ranges, in a circle: a rolling merge, as
in O'Neil et al., "The Log-Structured Merge-Tree", 1996.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, delete, select

from pipelines.dedup.shingles import ANCHOR_BITS
from storage import models
from storage.bulk import among, insert_rows, upsert

BUCKET_BITS: Final = 18
"""Bits of a hash that name its block: a million texts of 550 characters fill blocks of 1.6 kB."""

MERGED: Final = 16
"""Blocks that each new text carries rows over to, so that the rows are those of about 16,000 texts."""

# an entry of a block: the other bits of the hash, then the text's id
_ID_BITS: Final = 64 - (ANCHOR_BITS - BUCKET_BITS)
_REST_BITS: Final = ANCHOR_BITS - BUCKET_BITS
_ENTRY: Final = np.dtype("<u8")

_Entries = npt.NDArray[np.uint64]


def add_anchors(connection: Connection, anchors: Collection[tuple[int, int]]) -> None:
    """Makes texts findable by anchors: pairs of hash and fingerprint id."""
    rows = sorted(anchors)
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        insert_rows(
            connection, models.Anchor, [{"hash": hash_, "fingerprint_id": id_} for hash_, id_ in rows]
        )
    else:
        # so many small rows that what SQLAlchemy does with each costs more than the row
        connection.exec_driver_sql("INSERT INTO anchor (hash, fingerprint_id) VALUES (?, ?)", rows)


def holders_of(connection: Connection, anchors: Collection[int]) -> defaultdict[int, list[int]]:
    """The fingerprint ids of the texts that have each of some anchors."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    if not anchors:
        return found
    wanted = np.array(sorted(anchors), np.uint64)
    for hash_, id_ in _in_blocks(connection, wanted):
        found[hash_].append(id_)
    table = models.Anchor
    query = select(table.hash, table.fingerprint_id).where(among(connection, table.hash, wanted.tolist()))
    for hash_, id_ in connection.execute(query).all():
        found[hash_].append(id_)
    return found


def merge_anchors(connection: Connection, first: int, last: int) -> None:
    """Carries rows over to the blocks that are the turn of the new texts with ids `first` to `last`."""
    for start, end in _turn(first, last):
        table = models.Anchor
        of_range = (table.hash >= start << _REST_BITS, table.hash < end << _REST_BITS)
        query = select(table.hash, table.fingerprint_id).where(*of_range).order_by(table.hash)
        rows = np.array([tuple(row) for row in connection.execute(query).all()], np.uint64).reshape(-1, 2)
        if not len(rows):
            continue
        _append(connection, rows[:, 0], rows[:, 1])
        connection.execute(delete(table).where(*of_range))


def _turn(first: int, last: int) -> Iterator[tuple[int, int]]:
    """The ranges of blocks, ends excluded, of some texts."""
    number = 1 << BUCKET_BITS
    start = first * MERGED % number
    end = start + min(number, (last - first + 1) * MERGED)
    yield start, min(end, number)
    if end > number:
        yield 0, end - number


def _append(connection: Connection, hashes: _Entries, ids: _Entries) -> None:
    buckets = hashes >> np.uint64(_REST_BITS)
    entries = ((hashes << np.uint64(_ID_BITS)) | ids).astype(_ENTRY)
    edges = np.flatnonzero(np.diff(buckets, prepend=~buckets[:1], append=~buckets[-1:]))
    names: list[int] = buckets[edges[:-1]].tolist()
    held = _blocks(connection, names)
    rows = [
        {"bucket": name, "entries": held.get(name, b"") + entries[begin:end].tobytes()}
        for name, begin, end in zip(names, edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    ]
    upsert(connection, models.AnchorBlock, rows, ["bucket"], lambda new: {"entries": new.entries})


def _blocks(connection: Connection, buckets: Sequence[int]) -> dict[int, bytes]:
    table = models.AnchorBlock
    query = select(table.bucket, table.entries).where(among(connection, table.bucket, buckets))
    return {row[0]: row[1] for row in connection.execute(query).all()}


def _in_blocks(connection: Connection, wanted: _Entries) -> Iterator[tuple[int, int]]:
    """The anchors among those wanted, sorted, that are in blocks, with the texts that have them."""
    buckets = wanted >> np.uint64(_REST_BITS)
    blocks = _blocks(connection, np.unique(buckets).tolist())
    if not blocks:
        return
    names = sorted(blocks)
    entries = np.frombuffer(b"".join(blocks[name] for name in names), _ENTRY)
    lengths = np.array([len(blocks[name]) for name in names]) // _ENTRY.itemsize
    starts = np.cumsum(lengths) - lengths
    rests = entries >> np.uint64(_ID_BITS)
    low = wanted & np.uint64((1 << _REST_BITS) - 1)
    firsts = np.searchsorted(buckets, names)
    counts = np.searchsorted(buckets, names, "right") - firsts
    # mostly one anchor falls to a block: the first of each, then the second of those that have two
    for turn in range(int(counts.max())):
        asked = np.flatnonzero(counts > turn)
        anchors = firsts[asked] + turn
        sizes = lengths[asked]
        if turn:
            places = np.repeat(starts[asked] - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
            same = np.flatnonzero(rests[places] == np.repeat(low[anchors], sizes))
            hits = places[same]
        else:
            hits = same = np.flatnonzero(rests == np.repeat(low[anchors], sizes))
        of = np.repeat(anchors, sizes)[same] if len(same) else same
        ids = entries[hits] & np.uint64((1 << _ID_BITS) - 1)
        yield from zip(wanted[of].tolist(), ids.tolist(), strict=True)
