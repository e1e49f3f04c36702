from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.entities import divisions
from pipelines.entities.place_choice import KEPT
from pipelines.entities.places import find_places
from pipelines.models import EntityKind, Mention, Place
from tests.corpus import CORPUS, needs

TEXTS: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("places.jsonl").read_text("utf-8").splitlines()
]


def mentions(text: str, organisations: list[str], people: list[str] = []) -> list[Mention]:  # noqa: B006
    def everywhere(kind: EntityKind, names: list[str]) -> Iterator[Mention]:
        for name in names:
            start = text.find(name)
            while start >= 0:
                yield Mention(kind, start, start + len(name), name, name, "test")
                start = text.find(name, start + 1)

    return [*everywhere("organisation", organisations), *everywhere("person", people)]


def named(text: str, region: str = "") -> dict[str, str]:
    """Codes by the surface, of the places of the story."""
    return {place.surface: place.code for place in find_places(text, region=region)}


def only(text: str, surface: str, region: str = "") -> Place:
    found = [place for place in find_places(text, region=region) if place.surface == surface]
    assert found, f"{surface} not found"
    return found[0]


@pytest.mark.parametrize("text", TEXTS, ids=[text["id"] for text in TEXTS])
def test_places_of_whole_texts(text):
    found = find_places(text["text"], mentions(text["text"], text["ORG"], text["PER"]), text["region"])
    story = [place for place in found if not place.of_organisation]
    expected = {*text["codes"], *text["open"]}
    assert expected - {place.surface for place in story} == set()
    assert {place.surface for place in story} - expected - set(text["optional"]) == set()
    for place in found:
        if text["codes"].get(place.surface):
            assert place.code == text["codes"][place.surface], place
        if place.surface in text["open"]:
            assert place.code == "", place


def test_a_chain_is_one_mention_a_level_with_the_path_above_it():
    text = "志愿者来到江宁区湖熟街道。"
    district, street = find_places(text)
    assert (district.surface, district.start, district.end) == ("江宁区", 5, 8)
    assert (street.surface, street.start, street.end) == ("湖熟街道", 8, 12)
    assert street.path == ("江苏省", "南京市", "江宁区", "湖熟街道")
    assert street.within == "320115"


def test_the_district_decides_which_community_is_meant():
    assert only("江宁区的社工每周二到科苑社区值班。", "科苑社区").code == "320115004010"
    assert only("武汉市江岸区的社工每周二到科苑社区值班。", "科苑社区").code == "420102015007"


def test_the_region_of_the_publisher_decides():
    text = "科苑社区的志愿者为老人理发。"
    assert only(text, "科苑社区", region="江宁区").code == "320115004010"
    assert only(text, "科苑社区", region="420102").code == "420102015007"


def test_an_unknown_region_counts_for_nothing():
    text = "科苑社区的志愿者为老人理发。"
    assert find_places(text, region="没有这个地方") == find_places(text)


def test_an_organisation_decides_too():
    text = "南京云开社会工作服务社的社工在新洲村值班。"
    place = next(
        place
        for place in find_places(text, mentions(text, ["南京云开社会工作服务社"]))
        if place.surface == "新洲村"
    )
    assert place.code == "320115006200"


def test_an_open_choice_stays_open_and_tells_its_candidates():
    place = only("科苑社区的志愿者为老人理发。", "科苑社区")
    assert place.code == ""
    assert "320115004010" in place.candidates
    assert place.confidence < 0.5


def test_a_clear_choice_is_more_certain_than_a_guess():
    clear = only("江宁区湖熟街道的社工来了。", "湖熟街道")
    assert clear.confidence > 0.95
    assert clear.candidates == ()


def test_what_follows_decides_which_district_is_meant():
    assert only("鼓楼区湖南路街道的社工来了。", "鼓楼区").code == "320106"


def test_a_place_in_the_name_of_an_organisation_is_marked():
    text = "南京云开社会工作服务社在苏州开会。"
    first, second = find_places(text, mentions(text, ["南京云开社会工作服务社"]))
    assert (first.surface, first.of_organisation) == ("南京", True)
    assert (second.surface, second.of_organisation) == ("苏州", False)


def test_the_proper_name_of_an_organisation_is_no_place():
    text = "南京江宁乐山社会工作服务中心的社工来了。"
    found = find_places(text, mentions(text, ["南京江宁乐山社会工作服务中心"]))
    assert [place.surface for place in found] == ["南京", "江宁"]


def test_a_spot_has_no_code_and_lies_in_the_place_before_it():
    place = only("江宁区科苑社区翠岛嘉园小区有两栋楼。", "翠岛嘉园小区")
    assert (place.level, place.code, place.within) == ("spot", "", "320115004010")


def test_a_village_that_the_statistics_know_elsewhere_only_stays_open():
    text = "在陕西省汉阴县漩涡镇,社工走访了科苑社区。"
    assert only(text, "科苑社区").code == ""


@pytest.mark.parametrize(
    "text",
    [
        "双方开展合作,争取更多资源,共同维护和平。",
        "创新和产业发展两手抓,党和政府都重视。",
        "这是一座大城市,出海安全第一。",
        "老旧小区、智慧社区、美丽乡村,各街道各社区都在行动。",
        "今日本报记者从多地了解到,近日本市降雨。",
        "阿里巴巴的员工穿着中山装走过。",
    ],
)
def test_words_are_no_places(text):
    assert named(text) == {}


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("记者在上海南京路采访。", ["上海"]),
        ("与会者来自佛罗里达州。", []),
        ("锦州市民张阿姨来了。", ["锦州"]),
        ("锦州市民政局昨天开会。", ["锦州市"]),
        ("彭阳县城阳乡的孩子开学了。", ["彭阳县", "城阳乡"]),
        ("临沂市沂南县苏村镇下了大雨。", ["临沂市", "沂南县", "苏村镇"]),
        ("湖北孝感的社工来了。", ["湖北", "孝感"]),
        ("鄱阳湖南昌段水位上涨。", ["南昌"]),
        ("从皖南到浙西山区都有雨。", []),
        ("滨湖区的社工走访了荣巷、蠡湖、蠡园3个街道。", ["滨湖区", "荣巷", "蠡湖", "蠡园"]),
        ("江都市的企业家回到家乡。", ["江都市"]),
        ("南京市江宁区爱邻佳苑社区有一个议事小组。", ["南京市", "江宁区", "爱邻佳苑社区"]),
    ],
)
def test_where_a_name_begins_and_ends(text, surfaces):
    assert [place.surface for place in find_places(text)] == surfaces


@pytest.mark.parametrize(
    ("text", "surface", "code"),
    [
        ("淮安的社工来了。", "淮安", "3208"),
        ("吉林的社工来了。", "吉林", "22"),
        ("原莱芜市的社工来了。", "莱芜市", "370116"),
        ("凉山州的社工来了。", "凉山州", "5134"),
        ("江都市的社工来了。", "江都市", "321012"),
        ("仙桃市沔城回族镇的社工来了。", "沔城回族镇", "429004112"),
    ],
)
def test_short_former_and_local_names(text, surface, code):
    assert only(text, surface).code == code


def test_the_name_of_a_person_is_no_place():
    text = "志愿者江山、安宁来到南京。"
    found = find_places(text, mentions(text, [], ["江山", "安宁"]))
    assert [place.surface for place in found] == ["南京"]


def test_a_country_has_neither_code_nor_holder():
    place = only("救援队从尼泊尔回来了。", "尼泊尔")
    assert (place.level, place.code, place.within) == ("country", "", "")


WORDS = """
江宁区 湖熟街道 科苑社区 新洲村 南京 江苏省 和平 小区 广场 火车站 花园
社工 某某 朝阳 吉林 大城市 云南 市民 翠岛 3个街道
"""
PIECES = st.sampled_from([*WORDS.split(), *"市区县镇乡村族的在和、。·（）“”\n \ud800\U00020000a1"])


@given(st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60)))
@settings(max_examples=300, deadline=None)
def test_offsets_hold_for_any_text(text):
    found = find_places(text)
    end = 0
    for place in found:
        assert text[place.start : place.end] == place.surface
        assert place.surface
        assert place.start >= end
        end = place.end
        assert 0 <= place.confidence <= 1
        assert place.code == "" or divisions.division(place.code) is not None
        assert place.within == "" or divisions.division(place.within) is not None
        assert place.path


@given(
    st.lists(PIECES, max_size=20).map("".join),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.sampled_from(["organisation", "person"]))),
)
@settings(max_examples=200, deadline=None)
def test_mentions_may_stand_anywhere(text, spans):
    given_ = [
        Mention(kind, min(a, b), max(a, b), text[min(a, b) : max(a, b)], "", "test") for a, b, kind in spans
    ]
    for place in find_places(text, given_):
        assert text[place.start : place.end] == place.surface


def corpus_texts() -> list[str]:
    return [
        record.get("text") or record.get("body") or ""
        for name in ("entities.jsonl", "gold.jsonl", "dedup_docs.jsonl")
        for record in map(json.loads, (CORPUS / name).read_text("utf-8").splitlines())
    ]


@needs("dedup_docs.jsonl")
def test_offsets_hold_on_real_texts():
    for text in corpus_texts():
        for place in find_places(text):
            assert text[place.start : place.end] == place.surface


@needs("scraped_page.txt")
def test_a_whole_page_resolves_to_official_codes():
    text = (CORPUS / "scraped_page.txt").read_text("utf-8")
    codes = named(text, region="南京市")
    assert codes["科苑社区"] == "320115004010"
    assert codes["新洲村"] == "320115006200"
    assert codes["湖熟街道"] == "320115008"
    assert codes["雨花台区"] == "320114"
    assert codes["江苏省"] == "32"
    assert codes["恒安嘉园小区"] == ""


def test_a_new_name_is_believed_behind_a_place_only_and_up_to_a_length():
    assert "青云里社区" in named("余杭区仓前街道青云里社区很新。")
    assert "青云里社区" not in named("有人说青云里社区很新。")
    assert not any(
        "金碧辉煌花园城北社区" in surface for surface in named("仓前街道金碧辉煌花园城北社区很新。")
    )


def test_an_open_choice_keeps_the_best_candidates_only():
    place = only("团结村的社工来了，他们在团结村值班。", "团结村")
    assert place.code == ""
    assert len(place.candidates) == KEPT


def test_what_a_long_text_repeats_most_decides_across_many_other_names():
    others = "、".join(divisions.names(["city"])[:120])
    text = "江宁区的社工来了。" * 6 + f"{others}。社工在科苑社区值班。"
    assert only(text, "科苑社区").candidates[0] == "320115004010"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("北京市西城区广安门内街道的居民来了。", ["北京市", "西城区", "广安门内街道"]),
        ("活动在夷陵广场举行。", ["夷陵广场"]),
        ("大学生公益创投大赛第九届社区专场开赛。", []),
        ("她是一位东乡族姑娘。", []),
    ],
)
def test_names_that_begin_as_others_do(text, names):
    assert [place.surface for place in find_places(text)] == names
