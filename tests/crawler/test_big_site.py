"""The enlarged site of the benchmarks: pages of real weight, all linked, always the same."""

import re
from urllib.parse import urlsplit

import pytest

from benchmarks.big_site import HOST, LARGEST, SITES_DIR, SMALLEST, big_expected, build_big_site
from benchmarks.big_text import postings
from crawler.demo.response import Pages
from crawler.site import read_site

COUNT, SEED = 120, 7


@pytest.fixture(scope="module")
def pages() -> Pages:
    return build_big_site(COUNT, SEED)


@pytest.fixture(scope="module")
def truth() -> dict[str, str]:
    return big_expected(COUNT, SEED)


def test_every_page_has_the_weight_of_a_real_one(pages: Pages, truth: dict[str, str]) -> None:
    sizes = [pages[HOST, urlsplit(url).path].length for url in truth]

    assert len(sizes) == COUNT
    assert min(sizes) >= SMALLEST
    assert max(sizes) <= LARGEST


def test_lists_link_every_article(pages: Pages, truth: dict[str, str]) -> None:
    lists = [path for _, path in pages if path.startswith("/list/")]
    home = pages[HOST, "/"].body.decode()
    linked = {u for path in lists for u in re.findall(r'href="(http[^"]+)"', pages[HOST, path].body.decode())}

    assert linked == set(truth)
    assert all(path in home for path in lists)


def test_texts_differ_but_for_the_reprints() -> None:
    made = postings(COUNT, SEED)
    originals = ["\n".join(b.text for b in p.blocks) for p in made if not p.original]
    reprints = [p for p in made if p.original]

    assert len(originals) == len(set(originals))
    assert len(reprints) == 9
    first = {p.slug: p for p in made}
    assert all(set(p.blocks) <= set(first[p.original].blocks) for p in reprints)
    assert all(p.site != first[p.original].site for p in reprints)


def test_the_truth_names_the_originals(truth: dict[str, str]) -> None:
    reprints = {url: original for url, original in truth.items() if original}

    assert len(reprints) == 9
    assert set(reprints.values()) <= set(truth) - set(reprints)


def test_the_same_seed_gives_the_same_bytes(pages: Pages) -> None:
    assert build_big_site(COUNT, SEED) == pages
    assert build_big_site(COUNT, SEED + 1) != pages


def test_its_site_file_knows_the_pages(pages: Pages, truth: dict[str, str]) -> None:
    site = read_site((SITES_DIR / "big_site.toml").read_text("utf-8"), "big_site.toml", "big_site")

    assert all(any(p.search(url) for p in site.article) for url in truth)
    assert all(site.lists[0].search(path) for _, path in pages if path.startswith("/list/"))
