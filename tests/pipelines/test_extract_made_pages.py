"""Extraction on made-up pages of many publishing systems: what it must not fall below, field by field."""

import pytest

from benchmarks.extract_fields import Marks, body_f1, mark
from benchmarks.made_pages import TEMPLATES, make_page
from pipelines.clean import clean
from pipelines.extract import extract

COUNT = 12
"""Pages of each template."""
LEAST = {
    "title": 0.9,
    "shoulder": 0.8,
    "subtitle": 0.8,
    "kind": 0.9,
    "day": 0.95,
    "minute": 0.9,
    "source": 0.9,
    "authors": 0.88,
    "editors": 0.95,
    "body": 0.97,
    "captions": 0.9,
}


@pytest.mark.parametrize("template", TEMPLATES)
def test_fields_of_a_template(template):
    marks, wrong = Marks(), []
    for number in range(500, 500 + COUNT):
        made = make_page(template, number)
        wrong.append((made.name, mark(made, clean(extract(made.page())), marks)))
    shares = {field: marks.share(field) for field in LEAST}
    low = {field: share for field, share in shares.items() if share is not None and share < LEAST[field]}
    assert low == {}, [w for w in wrong if w[1]]


def test_pages_depend_on_their_seed_alone():
    assert make_page("forum", 4).body == make_page("forum", 4).body
    assert make_page("forum", 4).body != make_page("forum", 5).body


def test_body_f1_neither_asks_nor_punishes_optional_text():
    text = "晨光社工走进云溪社区，为老人送去棉被"
    assert body_f1(text + "\n图片由张禾拍摄", text, "图片由张禾拍摄") > body_f1(
        text + "\n欢迎关注公众号啊", text, ""
    )
    assert body_f1("社工走进社区", "社工走进社区", "张禾摄") == 1.0
    assert body_f1("", "社工走进社区", "") == 0.0
