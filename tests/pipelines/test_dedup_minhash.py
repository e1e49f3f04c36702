import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dedup import minhash
from pipelines.dedup.relations import MIN_JACCARD


def signatures(share: float, size: int, generator: np.random.Generator) -> tuple[bytes, bytes, float]:
    """Two sets of hashes of `size` members whose Jaccard similarity is near `share`."""
    common = round(2 * size * share / (1 + share))
    hashes = generator.integers(0, 2**32, 2 * size - common, dtype=np.uint32)
    a, b = hashes[:size], np.concatenate([hashes[:common], hashes[size:]])
    return minhash.signature(a), minhash.signature(b), common / (2 * size - common)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_the_estimate_is_unbiased(share):
    generator = np.random.default_rng(7)
    pairs = [signatures(share, 500, generator) for _ in range(200)]
    errors = [minhash.jaccard(a, b) - true for a, b, true in pairs]
    assert abs(np.mean(errors)) < 0.01
    assert np.std(errors) < 0.035


def test_bands_find_pairs_at_the_threshold():
    generator = np.random.default_rng(8)
    pairs = [signatures(MIN_JACCARD, 400, generator)[:2] for _ in range(500)]
    found = sum(bool(set(minhash.bands(a)) & set(minhash.bands(b))) for a, b in pairs)
    assert found / len(pairs) > 0.985  # 99.3 % expected


def test_bands_rarely_join_different_texts():
    generator = np.random.default_rng(9)
    pairs = [signatures(0.02, 400, generator)[:2] for _ in range(500)]
    assert sum(bool(set(minhash.bands(a)) & set(minhash.bands(b))) for a, b in pairs) <= 3


def test_sizes_are_what_the_store_expects():
    signature = minhash.signature(minhash.shingle_hashes("青禾基金会在云溪县启动助学计划"))
    bands = minhash.bands(signature)
    assert len(signature) == 512
    assert len(bands) == minhash.BANDS
    assert all(-(2**63) <= band < 2**63 for band in bands)
    assert min(bands) < 0 < max(bands)


def test_stored_signatures_stay_valid():
    # a change of these numbers makes every stored fingerprint worthless
    hashes = minhash.shingle_hashes("青禾基金会在云溪县")
    signature = minhash.signature(hashes)
    assert hashes[:2].tolist() == [3030090284, 3404655849]
    assert signature[:8].hex() == "79c5a144f17a0398"
    assert minhash.bands(signature)[0] == 2817589565637416157


def test_short_and_empty_texts():
    assert len(minhash.shingle_hashes("云溪")) == 1
    assert minhash.signature(minhash.shingle_hashes("")) == b""
    assert minhash.bands(b"") == ()
    assert minhash.jaccard(b"", b"") == 0.0


def test_a_long_text_is_hashed_in_pieces():
    text = "".join(chr(0x4E00 + i * 7919 % 20000) for i in range(10_000))
    hashes = minhash.shingle_hashes(text)
    whole, first, second = (
        np.frombuffer(minhash.signature(part), "<u2") for part in (hashes, hashes[:5000], hashes[5000:])
    )
    assert np.all((whole == first) | (whole == second))


@given(st.text(max_size=40), st.text(max_size=40))
def test_shingles_depend_on_their_own_characters_alone(before, after):
    own = set(minhash.shingle_hashes("青禾基金会启动").tolist())
    assert own <= set(minhash.shingle_hashes(before + "青禾基金会启动" + after).tolist())


@given(st.text(st.characters(), max_size=30))
def test_any_text_has_hashes(text):
    assert len(minhash.shingle_hashes(text)) == (max(1, len(text) - minhash.SHINGLE + 1) if text else 0)
