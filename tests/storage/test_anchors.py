"""Anchors in rows and in blocks are found alike."""

import random

import pytest
from sqlalchemy import func, select

from storage import anchors, models
from storage.anchors import add_anchors, holder, holders_of, merge_anchors
from storage.database import writing


@pytest.fixture
def few_blocks(monkeypatch):
    """A round of the merge in 64 texts."""
    monkeypatch.setattr(anchors, "MERGED", (1 << anchors.BUCKET_BITS) // 64)


def test_holders_are_found_before_and_after_their_turn(store, few_blocks):
    draw = random.Random(1)
    # some hashes fall into one block, and many texts have some of them
    hashes = [draw.randrange(2**47) for _ in range(300)]
    hashes += [hash_ ^ draw.randrange(1, 50) for hash_ in hashes[:100]]
    held: dict[int, set[int]] = {}
    with writing(store.engine) as connection:
        for id_ in range(1, 201):
            own = holder(id_, draw.choice((30, 800)))
            mine = set(draw.sample(hashes, 20))
            add_anchors(connection, [(hash_, own) for hash_ in mine])
            merge_anchors(connection, id_, id_)
            for hash_ in mine:
                held.setdefault(hash_, set()).add(own)
            if id_ % 50 == 0:
                found = holders_of(connection, [*hashes, 5])
                assert {hash_: sorted(ids) for hash_, ids in found.items()} == {
                    hash_: sorted(ids) for hash_, ids in held.items()
                }
        waiting = connection.execute(select(func.count()).select_from(models.Anchor)).scalar_one()
        # the last round's rows wait, half of them on average
        assert 0 < waiting < 64 * 20


def test_a_turn_goes_round(store, few_blocks):
    with writing(store.engine) as connection:
        add_anchors(connection, [(0, holder(7, 500)), (2**47 - 1, holder(7, 500))])
        merge_anchors(connection, 63, 64)
        assert connection.scalar(select(func.count()).select_from(models.Anchor)) == 0
        assert set(holders_of(connection, [0, 1, 2**47 - 1])) == {0, 2**47 - 1}


def test_nothing_is_asked_for_nothing(store):
    with writing(store.engine) as connection:
        add_anchors(connection, [])
        assert holders_of(connection, []) == {}
