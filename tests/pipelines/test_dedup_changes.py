"""Changes of every kind, with the truth: what is found of them."""

import pytest

from pipelines.dedup import group
from tests.corpus import CORPUS, needs
from tests.pipelines.dedup_changes import EXCERPTS, REPRINTS, corpus_texts, demo_texts, make, score


def test_every_kind_of_change_is_made_alike_each_time():
    made, again = make(demo_texts(), 5), make(demo_texts(), 5)
    assert made.documents == again.documents
    kinds = {truth.kind for truth in made.truth.values()}
    assert kinds >= {
        *REPRINTS,
        *EXCERPTS,
        "joined",
        "follow_up",
        "figures_changed",
        "notice",
        "quotation",
        "summary",
    }
    assert kinds >= {"疫情通报", "天气", "联播快讯", "开幕会", "闭幕会"}


@pytest.mark.parametrize("seed", [1, 2])
def test_invented_texts(seed):
    made = make(demo_texts(), seed)
    scores = score(made, group(made.documents))
    assert scores.reprint_f1 >= 0.98, scores.wrong
    assert scores.false_merge <= 0.002, scores.wrong
    assert scores.excerpt_f1 >= 0.96, scores.wrong
    assert scores.further >= 0.9, scores.wrong


@needs("dedup_docs.jsonl")
def test_texts_of_the_corpus():
    made = make(corpus_texts(CORPUS), 1)
    scores = score(made, group(made.documents))
    assert scores.reprint_f1 >= 0.985, scores.wrong
    assert scores.false_merge <= 0.002, scores.wrong
    assert scores.excerpt_f1 >= 0.985, scores.wrong
    assert scores.further >= 0.95, scores.wrong
