"""Fingerprints and their bands: identical texts share one, so a copy costs the store no bands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import Connection, select

from pipelines.models import Fingerprint
from storage import models
from storage.bulk import among, insert_rows


def store_fingerprints(
    connection: Connection, prints: Mapping[str, Fingerprint]
) -> tuple[dict[str, int], set[str]]:
    """Stores fingerprints by digest; returns all their ids by digest, and which digests are new.

    The bands of the new ones are for `store_bands`, once they have been compared.
    """
    held = ids_of(connection, prints)
    new = set(prints) - set(held)
    rows = [
        {"digest": digest, "signature": prints[digest].signature, "length": prints[digest].length}
        for digest in sorted(new)
    ]
    insert_rows(connection, models.Fingerprint, rows)
    if new:
        held |= ids_of(connection, new)
    return held, new


def store_bands(connection: Connection, prints: Iterable[Fingerprint], ids: Mapping[str, int]) -> None:
    """Makes fingerprints findable by what is stored after them."""
    rows = [
        {"hash": hash_, "fingerprint_id": ids[print_.digest]}
        for print_ in prints
        for hash_ in dict.fromkeys(print_.bands)
    ]
    insert_rows(connection, models.Band, rows)


def ids_of(connection: Connection, digests: Collection[str]) -> dict[str, int]:
    """The ids of those digests that are stored."""
    if not digests:
        return {}
    table = models.Fingerprint
    query = select(table.digest, table.id).where(among(connection, table.digest, digests))
    return {row.digest: row.id for row in connection.execute(query)}
