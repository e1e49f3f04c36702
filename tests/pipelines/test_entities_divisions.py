from __future__ import annotations

import random

import pytest

from pipelines.entities import divisions
from pipelines.entities.divisions import Division, division, lookup


def codes(name: str) -> list[str]:
    return [found.code for found in lookup(name)]


def test_the_file_holds_every_level():
    assert divisions.counts() == {
        "province": 34,
        "city": 342,
        "county": 2978,
        "town": 41352,
        "village": 620573,
    }


@pytest.mark.parametrize(
    ("code", "name", "level", "listed"),
    [
        ("32", "江苏省", "province", "江苏省"),
        ("82", "澳门特别行政区", "province", "澳门特别行政区"),
        ("3201", "南京市", "city", "南京市"),
        ("320115", "江宁区", "county", "江宁区"),
        ("320115008", "湖熟街道", "town", "湖熟街道"),
        ("320115004010", "科苑社区", "village", "科苑社区居委会"),
        ("320115006200", "新洲村", "village", "新洲村委会"),
        ("110101001001", "多福巷社区", "village", "多福巷社区居委会"),
        ("441900003", "东城街道", "town", "东城街道"),
    ],
)
def test_a_code_names_its_division(code, name, level, listed):
    assert division(code) == Division(code, name, level, listed)


@pytest.mark.parametrize(
    "code", ["", "3", "99", "320199", "320115999", "320115008999", "32011500899", "南京市江"]
)
def test_no_division_has_such_a_code(code):
    assert division(code) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("南京市", ["3201"]),
        ("江宁区", ["320115"]),
        ("湖熟街道", ["320115008"]),
        ("湖熟", ["320115008", "320115008002"]),
        ("鼓楼区", ["320106", "320302", "350102", "410204"]),
        ("大通回族土族自治县", ["630121"]),
        ("吃饭", []),
        ("", []),
    ],
)
def test_a_name_finds_its_divisions(name, expected):
    assert codes(name) == expected


@pytest.mark.parametrize(
    ("short", "code"),
    [
        ("江宁", "320115"),
        ("南京", "3201"),
        ("宁夏", "64"),
        ("恩施", "4228"),
        ("积石山", "622927"),
        ("香港", "81"),
    ],
)
def test_a_short_form_finds_the_highest_division_first(short, code):
    assert codes(short)[0] == code


def test_a_common_name_has_all_its_villages():
    found = codes("新洲村")
    assert "320115006200" in found
    assert len(found) > 20
    assert found == sorted(found)


def test_the_path_leaves_out_rows_that_nobody_names():
    assert divisions.path("320115004010") == ("江苏省", "南京市", "江宁区", "淳化街道", "科苑社区")
    assert divisions.path("110101001001") == ("北京市", "东城区", "东华门街道", "多福巷社区")
    assert divisions.path("441900003") == ("广东省", "东莞市", "东城街道")


def test_children_are_the_divisions_right_below():
    assert [child.code for child in divisions.children("3201")][:2] == ["320102", "320104"]
    assert "湖熟街道" in [child.name for child in divisions.children("320115")]
    assert "320115008002" in [child.code for child in divisions.children("320115008")]
    assert divisions.children("320115008002") == []


def test_names_and_codes_lead_to_each_other():
    pick = random.Random(7)
    counties = [county for city in divisions.children("32") for county in divisions.children(city.code)]
    for county in pick.sample(counties, 20):
        for town in divisions.children(county.code):
            assert town in lookup(town.name)
            village = pick.choice(divisions.children(town.code))
            assert division(village.code) == village
            assert village in lookup(village.name)
            assert village in lookup(village.listed)


@pytest.mark.parametrize(
    ("listed", "name"),
    [
        ("科苑社区居委会", "科苑社区"),
        ("科苑居委会", "科苑居委会"),
        ("新洲村村民委员会", "新洲村"),
        ("新洲村委会", "新洲村"),
        ("新洲村民委员会", "新洲村"),
        ("赛罕嘎查委员会", "赛罕嘎查"),
        ("林村", "林村"),
    ],
)
def test_a_village_is_named_without_its_committee(listed, name):
    assert divisions.village_name(listed) == name


def test_short_names_for_the_grammar_of_organisations():
    short = divisions.short_names(["province", "city"])
    assert {"江苏", "南京", "宁夏", "恩施"} <= set(short)
    assert "江宁" not in short
    assert "市辖区" not in divisions.names(["city"])


def test_a_village_is_named_without_the_county_and_town_that_some_counties_list_before_it():
    assert divisions.village_name("栾川县合峪镇孤山村委会", ("栾川县", "合峪镇")) == "孤山村"
    assert divisions.village_name("小龙镇居委会", ("某县", "小龙镇")) == "小龙镇居委会"
    found = [one for one in lookup("孤山村") if one.code.startswith("410324")]
    assert [one.listed for one in found] == [
        "栾川县合峪镇孤山村村民委员会",
        "栾川县狮子庙镇孤山村村民委员会",
    ]
    assert found[0] in lookup(found[0].listed)
