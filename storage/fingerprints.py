"""Fingerprints, anchors and resemblances: what is stored of the texts themselves.

Identical texts share one fingerprint, so a copy costs nothing here. A
resemblance is a fact about two texts alone; who was first, and what follows
from that, is `storage.lineage`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from sqlalchemy import Connection, delete, select

from pipelines.dedup import resemblance
from pipelines.dedup.candidates import MAX_HOLDERS, Search, hits, promising
from pipelines.dedup.relations import Resemblance
from pipelines.models import Fingerprint
from storage import models
from storage.anchors import add_anchors, holders_of, merge_anchors
from storage.bulk import among, insert_rows
from storage.rows import Row

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
    if not digests:
        return {}
    table = models.Fingerprint
    query = select(table.digest, table.id).where(among(connection, table.digest, digests))
    return {row.digest: row.id for row in connection.execute(query)}


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
    holders = holders_of(connection, {anchor for print_ in new.values() for anchor in print_.anchors})
    lengths = _lengths(connection, {id_ for ids in holders.values() for id_ in ids})
    chosen: dict[int, list[int]] = {}
    added: list[tuple[int, int]] = []
    # in an order that is the texts' own
    for id_, print_ in sorted(new.items(), key=lambda item: item[1].digest):
        found, counted = hits([held for anchor in print_.anchors if (held := holders[anchor])])
        chosen[id_] = promising(len(print_.text), found, lengths, counted)
        lengths[id_] = len(print_.text)
        for anchor in print_.anchors:
            # one that many texts have says little, and would cost every later one
            if len(holders[anchor]) < MAX_HOLDERS:
                holders[anchor].append(id_)
                added.append((anchor, id_))
    add_anchors(connection, added)
    merge_anchors(connection, min(new), max(new))
    insert_rows(connection, models.Resemblance, _resemblances(connection, new, chosen))


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


def _lengths(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    if not ids:
        return {}
    table = models.Fingerprint
    query = select(table.id, table.length).where(among(connection, table.id, ids))
    return {row[0]: row[1] for row in connection.execute(query)}


def _load(connection: Connection, ids: Iterable[int]) -> dict[int, Fingerprint]:
    """Stored fingerprints, without their anchors, which a comparison of two does not need."""
    wanted = list(ids)
    if not wanted:
        return {}
    table = models.Fingerprint
    query = select(table.id, table.digest, table.packed, table.day, table.cut, table.sentences).where(
        among(connection, table.id, wanted)
    )
    return {
        id_: Fingerprint(digest, text, day=day, cut=cut, sentences=sentences)
        for id_, digest, text, day, cut, sentences in connection.execute(query)
    }
