import random
from array import array

import numpy as np
import pytest

from pipelines.dedup import fingerprint
from pipelines.dedup.candidates import (
    MAX_COMPARED,
    MAX_HITS,
    MAX_HOLDERS,
    MAX_MISSES,
    ONE_SUFFICES,
    Index,
    Search,
    hits,
    promising,
)
from pipelines.dedup.shingles import ANCHOR, ANCHOR_BITS, OPENING, SHORT, WINDOW, anchors, shingles

CHARACTERS = "".join(chr(code) for code in range(0x4E00, 0x9FA5))


def random_text(seed: int, length: int) -> str:
    return "".join(random.Random(seed).choices(CHARACTERS, k=length))


@pytest.mark.parametrize("seed", range(20))
def test_a_common_run_gives_a_common_anchor(seed):
    run = random_text(seed, WINDOW + ANCHOR - 1)
    a, b = (
        random_text(seed + 100, 300) + run + random_text(seed + 200, 200),
        run + random_text(seed + 300, 400),
    )
    assert set(anchors(a)) & set(anchors(b))


@pytest.mark.parametrize("length", [14, 20, 30, 60])
def test_a_teaser_meets_the_beginning_of_its_text(length):
    for seed in range(20):
        text = random_text(seed, 600)
        assert set(anchors(text)) & set(anchors(text[:length]))


def test_anchors_are_few_and_fit_a_signed_column():
    text = random_text(1, 1000)
    assert len(anchors(text)) < 110
    assert all(0 <= anchor < 2**ANCHOR_BITS for anchor in anchors(text))
    assert len(anchors(random_text(1, SHORT))) == SHORT - ANCHOR + 2


def test_short_texts_have_hashes_too():
    assert len(shingles("云")) == 1
    assert len(shingles("")) == 0
    assert anchors("") == ()
    assert len(anchors("云溪县三")) == 1
    assert anchors("云溪县第三所")[0] != anchors("云溪县第三小")[0]
    assert OPENING == 6


def test_candidates_share_enough_anchors_and_the_most_alike_come_first():
    text = random_text(1, 600)
    index = Index()
    index.add(1, fingerprint(text[:300] + random_text(2, 300)))
    index.add(2, fingerprint(text[:500] + random_text(3, 100)))
    index.add(3, fingerprint(random_text(4, 600)))
    index.add(4, fingerprint(text[:40]))
    found = index.candidates(fingerprint(text))
    assert set(found) == {1, 2, 4}
    assert found.index(2) < found.index(1)


def test_a_phrase_that_very_many_texts_have_is_held_a_limited_number_of_times():
    phrase = random_text(9, 20)
    index = Index()
    for number in range(MAX_HOLDERS + 50):
        index.add(number, fingerprint(phrase + random_text(number, 30)))
    found = index.candidates(fingerprint(phrase + random_text(99_999, 30)))
    assert 0 < len(found) <= MAX_HOLDERS


def test_only_so_many_are_compared():
    numbers = np.arange(MAX_COMPARED + 20)
    found = promising(600, numbers, np.full_like(numbers, 30), np.full_like(numbers, 600))
    assert found == list(range(MAX_COMPARED))


def test_one_common_anchor_suffices_for_short_texts_only():
    numbers, common = np.array([3, 5]), np.array([1, 1])
    assert promising(600, numbers, common, np.array([ONE_SUFFICES, ONE_SUFFICES + 1])) == [3]


def test_anchors_that_few_texts_have_are_counted_first_and_so_many_holders_in_all():
    rare, common = array("q", [7, 8]), array("q", range(MAX_HITS))
    numbers, shared, counted = hits([common, rare, array("q", [8])])
    assert dict(zip(numbers.tolist(), shared.tolist(), strict=True)) == {7: 1, 8: 2}
    assert counted == pytest.approx(2 / 3)
    assert len(hits([common])[0]) == MAX_HITS  # all that there is


def test_a_search_ends_after_so_many_different_texts_in_a_row():
    search = Search(range(1000))
    assert list(search.next(3)) == [0, 1, 2]
    assert search.goes_on(alike=False)
    assert list(search.next(3)) == [1, 2, 3]
    assert search.goes_on(alike=True)  # the count begins again
    assert all(search.goes_on(alike=False) for _ in range(MAX_MISSES - 1))
    assert not search.goes_on(alike=False)
    assert not search.is_open


def test_a_search_ends_with_its_candidates():
    search = Search([4])
    assert not search.goes_on(alike=True)
    assert not search.is_open
