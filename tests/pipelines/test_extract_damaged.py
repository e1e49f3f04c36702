"""Damaged pages: whatever happens to the bytes, extraction answers or refuses in one line, and soon."""

import random

import pytest

from benchmarks.damaged_pages import (
    HUGE,
    SMALL,
    attributes,
    damaged_pages,
    good_pages,
    long_text,
    nest,
    siblings,
    try_page,
)
from benchmarks.made_pages import make_page

GOOD = [made.body for made in (make_page("portal", 1), make_page("government", 2), make_page("app_json", 3))]


def test_a_sample_of_damaged_pages_is_read_or_refused():
    crashed = [
        (page.name, outcome.error)
        for page in damaged_pages(good_pages([]), 350, seed=7, huge_share=0.0)
        if (outcome := try_page(page.body)).crashed
    ]
    assert crashed == []


@pytest.mark.parametrize("damage", [nest, attributes, siblings, long_text], ids=lambda d: d.__name__)
@pytest.mark.parametrize("page", GOOD, ids=["portal", "government", "app_json"])
def test_huge_damage_is_read(damage, page):
    outcome = try_page(damage(random.Random(5), page))
    assert not outcome.crashed, outcome.error


@pytest.mark.parametrize("damage", dict.fromkeys(SMALL), ids=lambda d: d.__name__)
def test_the_same_seed_damages_a_page_the_same_way(damage):
    assert damage(random.Random(3), GOOD[0]) == damage(random.Random(3), GOOD[0])


def test_each_huge_damage_is_in_every_sample():
    names = [page.name for page in damaged_pages(GOOD, len(HUGE), seed=1)]
    assert names == [damage.__name__ for damage in HUGE]


@pytest.mark.parametrize("body", [b"", b"\x00\x00", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7"])
def test_what_is_no_page_gives_a_clear_error(body):
    outcome = try_page(body)
    assert not outcome.crashed
    assert outcome.error.startswith("the page is")
