import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.entities import find_entities
from pipelines.models import Credit, Entities, Mention


def check(text: str, mentions: Sequence[Mention]) -> None:
    """What holds for every text."""
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.surface
        assert mention.surface
    for one, two in pairwise(mentions):
        assert one.end <= two.start


PIECES = st.sampled_from(
    [
        *(
            "青禾基金会",
            "市民政局",
            "江湾区",
            "社会工作",
            "服务中心",
            "大学",
            "生",
            "由",
            "和",
            "3",
            "个",
            "说",
        ),
        *("记者", "通讯员", "何青", "社工", "欧阳晓", "阿依古丽·买买提", "讯", "电"),
        *"、“”（）()，。\nＡ\u200b",
        *("...", "\U0001f468", "\U00020000", "e\u0301", "\ud800"),
    ]
)


@given(st.one_of(st.text(st.characters(), max_size=60), st.lists(PIECES, max_size=25).map("".join)))
def test_offsets_hold_in_any_text(text):
    check(text, find_entities(text).mentions)
    check(text, find_entities(text, [Credit("何青青", "记者", "author"), Credit(" ", "", "other")]).mentions)


def test_offsets_count_characters_beyond_the_basic_plane():
    text = "𠮷市\U0001f600的青禾基金会在此成立。"
    (mention,) = find_entities(text).mentions
    assert (mention.start, mention.end, mention.surface) == (4, 9, "青禾基金会")


def test_people_and_organisations_of_one_text_in_order():
    text = "青禾基金会社工林晓岚、白露走进江湾区民政局。\n林晓岚说，基金会将继续。"
    found = find_entities(text).mentions
    check(text, found)
    assert [(m.kind, m.surface, m.rule) for m in found] == [
        ("organisation", "青禾基金会", "organisation.suffix"),
        ("person", "林晓岚", "person.role"),
        ("person", "白露", "person.role"),
        ("organisation", "江湾区民政局", "organisation.suffix"),
        ("person", "林晓岚", "person.repeated"),
    ]


def test_no_text_has_no_mentions():
    assert find_entities("", []) == Entities()


CORPUS = Path(os.environ.get("NEWS_CORPUS", Path(__file__).parents[3] / "shared" / "corpus"))


@pytest.mark.skipif(not CORPUS.exists(), reason=f"no texts to measure on in {CORPUS} (set NEWS_CORPUS)")
@pytest.mark.parametrize("name", ["scraped_page.txt", "entities.jsonl"])
def test_offsets_hold_in_real_texts(name):
    text = (CORPUS / name).read_text("utf-8")
    found = find_entities(text).mentions
    assert len(found) > 20
    check(text, found)
