"""Fingerprints, anchors and resemblances: what is stored of the texts themselves.

Identical texts share one fingerprint, so a copy costs nothing here. A
resemblance is a fact about two texts alone; who was first, and what follows
from that, is `storage.lineage`.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
from sqlalchemy import Connection, delete, select

from pipelines.dedup import resemblance
from pipelines.dedup.candidates import (
    MAX_HOLDERS,
    ONE_SUFFICES,
    Holders,
    Numbers,
    Search,
    hits,
    promising,
)
from pipelines.dedup.relations import Resemblance
from pipelines.models import Fingerprint
from storage import models
from storage.anchors import add_anchors, holder, holders_of, merge_anchors
from storage.bulk import insert_rows, one_of, rows_for
from storage.rows import Row

_table = models.Fingerprint
_IDS: Final = select(_table.digest, _table.id).where(one_of(_table.digest, "keys"))
_LENGTHS: Final = select(_table.id, _table.length).where(one_of(_table.id, "keys"))
_PRINTS: Final = select(
    _table.id, _table.digest, _table.packed, _table.day, _table.cut, _table.sentences
).where(one_of(_table.id, "keys"))
_READ_AT_ONCE: Final = 12  # candidates of a text whose own texts are read together


def store_fingerprints(connection: Connection, prints: Mapping[str, Fingerprint]) -> dict[str, int]:
    """Stores fingerprints by digest, with what they resemble; returns their ids by digest."""
    held = ids_of(connection, prints)
    new = sorted(set(prints) - set(held))
    if not new:
        return held
    insert_rows(connection, models.Fingerprint, [fingerprint_row(prints[digest]) for digest in new])
    ids = ids_of(connection, new)
    _compare(connection, {ids[digest]: prints[digest] for digest in new})
    return held | ids


def ids_of(connection: Connection, digests: Collection[str]) -> dict[str, int]:
    """The ids of those digests that are stored."""
    return {row[0]: row[1] for row in rows_for(connection, _IDS, digests)}


def forget_fingerprints(connection: Connection) -> None:
    """Empties all that is stored of texts to compare; articles lose theirs."""
    for table in (models.Resemblance, models.Anchor, models.AnchorBlock, models.Fingerprint):
        connection.execute(delete(table))


def fingerprint_row(print_: Fingerprint) -> Row:
    """The row of a fingerprint; the database gives it its id."""
    return {
        "digest": print_.digest,
        "length": len(print_.text),
        "packed": print_.text,
        "day": print_.day,
        "cut": print_.cut,
        "sentences": print_.sentences,
    }


def _compare(connection: Connection, new: Mapping[int, Fingerprint]) -> None:
    """Compares new texts with the stored ones that share anchors with them, and with each other."""
    times = Counter(anchor for print_ in new.values() for anchor in print_.anchors)
    holders = holders_of(connection, times)
    found: dict[int, tuple[Numbers, Numbers, float]] = {}
    added: list[tuple[int, int]] = []
    # in an order that is the texts' own
    for id_, print_ in sorted(new.items(), key=lambda item: item[1].digest):
        found[id_] = _near(print_, holders)
        own = holder(id_, len(print_.text))
        for anchor in print_.anchors:
            held = holders.get(anchor)
            if held is None and times[anchor] > 1:
                held = holders[anchor] = array("q")
            # one that many texts have says little, and would cost every later one
            if held is None or len(held) < MAX_HOLDERS:
                added.append((anchor, own))
                if held is not None:
                    held.append(own)
    add_anchors(connection, added)
    merge_anchors(connection, min(new), max(new))
    chosen = _promising(connection, new, found)
    insert_rows(connection, models.Resemblance, _resemblances(connection, new, chosen))


def _near(print_: Fingerprint, holders: Mapping[int, Holders]) -> tuple[Numbers, Numbers, float]:
    """The ids of texts that may be worth comparing, with the number of anchors they share, and counted."""
    numbers, common, counted = hits([held for anchor in print_.anchors if (held := holders.get(anchor))])
    if len(print_.text) > ONE_SUFFICES:
        enough = np.flatnonzero((common > 1) | (numbers & 1 == 1))
        numbers, common = numbers[enough], common[enough]
    return numbers >> 1, common, counted


def _promising(
    connection: Connection,
    new: Mapping[int, Fingerprint],
    found: Mapping[int, tuple[Numbers, Numbers, float]],
) -> dict[int, list[int]]:
    ids = np.unique(np.concatenate([numbers for numbers, _, _ in found.values()]))
    if not len(ids):
        return {}
    known = {row[0]: row[1] for row in rows_for(connection, _LENGTHS, ids.tolist())}
    # a text that is gone has none
    lengths = np.array([known.get(id_, 0) for id_ in ids.tolist()])
    chosen = {}
    for id_, (numbers, common, counted) in found.items():
        own = lengths[np.searchsorted(ids, numbers)]
        held = np.flatnonzero(own)
        chosen[id_] = promising(len(new[id_].text), numbers[held], common[held], own[held], counted)
    return chosen


def _resemblances(
    connection: Connection, new: Mapping[int, Fingerprint], chosen: Mapping[int, list[int]]
) -> list[Row]:
    """Compares each new text with the chosen ones, and reads only so many of them as it takes."""
    searches = {id_: Search(others) for id_, others in chosen.items() if others}
    known = dict(new)
    rows: list[Row] = []
    while searches:
        wanted = {id_: search.next(_READ_AT_ONCE) for id_, search in searches.items()}
        known |= _load(connection, {other for ids in wanted.values() for other in ids} - set(known))
        for id_, others in wanted.items():
            for other in others:
                found = resemblance(known[id_], known[other])
                if found:
                    rows.append(_pair_row(id_, other, found))
                    rows.append(_pair_row(other, id_, found.turned()))
                if not searches[id_].goes_on(found is not None):
                    break
        searches = {id_: search for id_, search in searches.items() if search.is_open}
    return rows


def _pair_row(id_: int, other: int, found: Resemblance) -> Row:
    return {
        "fingerprint_id": id_,
        "other_id": other,
        "kind": found.kind,
        "held": found.held,
        "other_held": found.other_held,
        "lead": found.lead,
    }


def _load(connection: Connection, ids: Collection[int]) -> dict[int, Fingerprint]:
    """Stored fingerprints, without their anchors, which a comparison of two does not need."""
    return {
        id_: Fingerprint(digest, text, day=day, cut=cut, sentences=sentences)
        for id_, digest, text, day, cut, sentences in rows_for(connection, _PRINTS, ids)
    }
