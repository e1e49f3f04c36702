"""Fingerprints, anchors and resemblances: what is stored of the texts themselves.

Identical texts share one fingerprint, so a copy costs nothing here. A
resemblance is a fact about two texts alone; who was first, and what follows
from that, is `storage.lineage`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict

from sqlalchemy import Connection, delete, select

from pipelines.dedup import resemblance
from pipelines.dedup.candidates import MAX_HOLDERS, promising
from pipelines.models import Fingerprint
from storage import models
from storage.bulk import among, insert_rows
from storage.rows import Row


def store_fingerprints(connection: Connection, prints: Mapping[str, Fingerprint]) -> dict[str, int]:
    """Stores fingerprints by digest, with what they resemble; returns their ids by digest."""
    held = ids_of(connection, prints)
    new = sorted(set(prints) - set(held))
    if not new:
        return held
    insert_rows(connection, models.Fingerprint, [_row(prints[digest]) for digest in new])
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
    for table in (models.Resemblance, models.Anchor, models.Fingerprint):
        connection.execute(delete(table))


def _row(print_: Fingerprint) -> Row:
    return {
        "digest": print_.digest,
        "length": len(print_.text),
        "text": print_.text,
        "day": print_.day,
        "cut": print_.cut,
        "sentences": print_.sentences,
    }


def _compare(connection: Connection, new: Mapping[int, Fingerprint]) -> None:
    """Compares new texts with the stored ones that share anchors with them, and with each other."""
    holders = _holders(connection, {anchor for print_ in new.values() for anchor in print_.anchors})
    lengths = _lengths(connection, {id_ for ids in holders.values() for id_ in ids})
    chosen: dict[int, list[int]] = {}
    anchors: list[Row] = []
    # in an order that is the texts' own
    for id_, print_ in sorted(new.items(), key=lambda item: item[1].digest):
        hits = Counter(other for anchor in print_.anchors for other in holders[anchor])
        chosen[id_] = promising(len(print_.text), hits, lengths)
        lengths[id_] = len(print_.text)
        for anchor in print_.anchors:
            # one that many texts have says little, and would cost every later one
            if len(holders[anchor]) < MAX_HOLDERS:
                holders[anchor].append(id_)
                anchors.append({"hash": anchor, "fingerprint_id": id_})
    insert_rows(connection, models.Anchor, sorted(anchors, key=lambda row: row["hash"]))
    known = {**new, **_load(connection, {other for ids in chosen.values() for other in ids} - set(new))}
    rows: list[Row] = []
    for id_, others in chosen.items():
        for other in others:
            if found := resemblance(known[id_], known[other]):
                rows.append({"fingerprint_id": id_, "other_id": other, **asdict(found)})
                rows.append({"fingerprint_id": other, "other_id": id_, **asdict(found.turned())})
    insert_rows(connection, models.Resemblance, rows)


def _holders(connection: Connection, anchors: Collection[int]) -> defaultdict[int, list[int]]:
    table = models.Anchor
    found: defaultdict[int, list[int]] = defaultdict(list)
    if anchors:
        query = select(table.hash, table.fingerprint_id).where(among(connection, table.hash, sorted(anchors)))
        for hash_, id_ in connection.execute(query):
            found[hash_].append(id_)
    return found


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
    query = select(table.id, table.digest, table.text, table.day, table.cut, table.sentences).where(
        among(connection, table.id, wanted)
    )
    return {
        id_: Fingerprint(digest, text, day=day, cut=cut, sentences=sentences)
        for id_, digest, text, day, cut, sentences in connection.execute(query)
    }
