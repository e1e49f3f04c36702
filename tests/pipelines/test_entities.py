import json
import pickle
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.entities import find_entities
from pipelines.models import Credit, Entities
from tests.corpus import CORPUS, needs


def check(text: str, found: Entities) -> None:
    """What holds for every text."""
    spans = [(m.start, m.end, m.surface) for m in found.mentions]
    spans += [(p.start, p.end, p.surface) for p in found.places]
    spans += [(f.start, f.end, f.surface) for f in found.figures]
    spans += [(t.start, t.end, t.surface) for t in found.times]
    for start, end, surface in spans:
        assert text[start:end] == surface
        assert surface
    for one, two in pairwise(found.mentions):
        assert one.end <= two.start
    people = {(m.name, m.start) for m in found.mentions if m.kind == "person"}
    organisations = {m.name for m in found.mentions if m.kind == "organisation"}
    for role in found.roles:
        assert text[role.start : role.end] == role.role
        assert role.role
        assert (role.person, role.person_start) in people
        assert role.organisation in organisations | {""}
    for alias in found.aliases:
        assert alias.short in text
        assert alias.full in text
        assert alias.short != alias.full


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
    check(text, find_entities(text))
    check(text, find_entities(text, [Credit("何青青", "记者", "author"), Credit(" ", "", "other")]))


def test_offsets_count_characters_beyond_the_basic_plane():
    text = "𠮷市\U0001f600的青禾基金会在此成立。"
    (mention,) = find_entities(text).mentions
    assert (mention.start, mention.end, mention.surface) == (4, 9, "青禾基金会")


def test_people_and_organisations_of_one_text_in_order():
    text = "青禾基金会社工林晓岚、白露走进江湾区民政局。\n林晓岚说，基金会将继续。"
    found = find_entities(text)
    check(text, found)
    assert [(m.kind, m.surface, m.rule, m.type) for m in found.mentions] == [
        ("organisation", "青禾基金会", "organisation.suffix", "基金会"),
        ("person", "林晓岚", "person.model", ""),
        ("person", "白露", "person.model", ""),
        ("organisation", "江湾区民政局", "organisation.suffix", "政府部门"),
        ("person", "林晓岚", "person.quoted", ""),
    ]
    assert [(r.person, r.organisation, r.role) for r in found.roles] == [
        ("林晓岚", "青禾基金会", "社工"),
        ("白露", "青禾基金会", "社工"),
    ]


def test_no_text_has_no_mentions():
    assert find_entities("", []) == Entities()


def test_what_was_found_can_be_written_as_json():
    record = find_entities("青禾基金会理事长林晓岚表示欢迎。").as_record()
    assert json.loads(json.dumps(record, ensure_ascii=False)) == record
    assert record["mentions"][0]["name"] == "青禾基金会"


@needs("entities.jsonl")
@pytest.mark.parametrize("name", ["scraped_page.txt", "entities.jsonl"])
def test_offsets_hold_in_real_texts(name):
    text = (CORPUS / name).read_text("utf-8")
    found = find_entities(text)
    assert len(found.mentions) > 20
    check(text, found)


@needs("dedup_docs.jsonl")
@pytest.mark.parametrize("name", ["dedup_docs.jsonl", "gold.jsonl"])
def test_offsets_hold_in_every_text_of_the_corpus(name):
    lines = (CORPUS / name).read_text("utf-8").splitlines()
    for text in (json.loads(line)["body"] for line in lines):
        check(text, find_entities(text))
        check(text[::-1][:200], find_entities(text[::-1][:200]))


def test_what_was_found_goes_from_process_to_process():
    text = "江湾区红叶社会工作服务中心（以下简称“红叶中心”）主任周明远21日介绍，近30名志愿者走访了湖滨社区。"
    found = find_entities(text, published=None)
    assert found.mentions
    assert found.figures
    assert pickle.loads(pickle.dumps(found)) == found
    assert pickle.loads(pickle.dumps(Entities())) == Entities()
