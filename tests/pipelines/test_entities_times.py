from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.entities.times import find_times
from pipelines.models import Moment
from tests.corpus import needs
from tests.pipelines.entity_corpus import texts

# a Friday
PUBLISHED = Moment(datetime(2021, 8, 20, 9, 30, tzinfo=timezone(timedelta(hours=8))), "minute")

FORMS = [
    # text, surface, begins, ends, precision, relative
    ("2021年8月9日，", "2021年8月9日", "2021-08-09", "2021-08-09", "day", False),
    ("2021-07-21发布", "2021-07-21", "2021-07-21", "2021-07-21", "day", False),
    ("二〇二一年七月一日", "二〇二一年七月一日", "2021-07-01", "2021-07-01", "day", False),
    ("1986年出生", "1986年", "1986-01-01", "1986-12-31", "year", False),
    ("2021年底前", "2021年底前", None, "2021-12-31", "month", False),
    ("2021年第一季度", "2021年第一季度", "2021-01-01", "2021-03-31", "month", False),
    ("2021年7月至9月", "2021年7月至9月", "2021-07-01", "2021-09-30", "month", False),
    ("从2020年12月至2021年11月", "从2020年12月至2021年11月", "2020-12-01", "2021-11-30", "month", False),
    ("2018-2020年", "2018-2020年", "2018-01-01", "2020-12-31", "year", False),
    ("2018年至2020年", "2018年至2020年", "2018-01-01", "2020-12-31", "year", False),
    ("回顾十三五，", "十三五", "2016-01-01", "2020-12-31", "year", False),
    ("“十四五”时期", "“十四五”时期", "2021-01-01", "2025-12-31", "year", False),
    # without a year: the nearest one
    ("8月9日一大早", "8月9日一大早", "2021-08-09", "2021-08-09", "time", True),
    ("8月9日14:30", "8月9日14:30", "2021-08-09", "2021-08-09", "time", True),
    ("1月17日，", "1月17日", "2021-01-17", "2021-01-17", "day", True),
    ("1-10月", "1-10月", "2021-01-01", "2021-10-31", "month", True),
    ("今年1月至7月", "今年1月至7月", "2021-01-01", "2021-07-31", "month", True),
    ("7月下旬", "7月下旬", "2021-07-21", "2021-07-31", "month", True),
    ("7月20日至22日", "7月20日至22日", "2021-07-20", "2021-07-22", "day", True),
    ("7月21日至8月3日", "7月21日至8月3日", "2021-07-21", "2021-08-03", "day", True),
    ("3月31日至1日", "3月31日至1日", "2021-03-31", "2021-04-01", "day", True),
    ("2020年12月28日至3日", "2020年12月28日至3日", "2020-12-28", "2021-01-03", "day", False),
    ("12月25日至1月5日", "12月25日至1月5日", "2020-12-25", "2021-01-05", "day", True),
    # without a month: the last one, or the next when it is to come
    ("15日，", "15日", "2021-08-15", "2021-08-15", "day", True),
    ("28日，", "28日", "2021-07-28", "2021-07-28", "day", True),
    ("将于28日举行", "28日", "2021-08-28", "2021-08-28", "day", True),
    ("将于8日开馆", "8日", "2021-09-08", "2021-09-08", "day", True),
    # with words around it
    ("自7月30日起，", "自7月30日起", "2021-07-30", None, "day", True),
    ("自7月21日至今，", "自7月21日至今", "2021-07-21", "2021-08-20", "day", True),
    ("截至8月9日，", "截至8月9日", None, "2021-08-09", "day", True),
    ("今年以来，", "今年以来", "2021-01-01", "2021-08-20", "year", True),
    ("2019年以来，", "2019年以来", "2019-01-01", "2021-08-20", "year", True),
    # words alone
    ("去年，", "去年", "2020-01-01", "2020-12-31", "year", True),
    ("去年12月", "去年12月", "2020-12-01", "2020-12-31", "month", True),
    ("今年前三季度", "今年前三季度", "2021-01-01", "2021-09-30", "month", True),
    ("今年上半年", "今年上半年", "2021-01-01", "2021-06-30", "month", True),
    ("上个月", "上个月", "2021-07-01", "2021-07-31", "month", True),
    ("本月15日", "本月15日", "2021-08-15", "2021-08-15", "day", True),
    ("昨天，", "昨天", "2021-08-19", "2021-08-19", "day", True),
    ("今天上午10时许", "今天上午10时许", "2021-08-20", "2021-08-20", "time", True),
    ("上周三", "上周三", "2021-08-11", "2021-08-11", "day", True),
    ("周三下午", "周三下午", "2021-08-18", "2021-08-18", "time", True),
    ("周三（18日）", "周三（18日）", "2021-08-18", "2021-08-18", "day", True),
    ("周三(25日)", "周三(25日)", "2021-08-25", "2021-08-25", "day", True),
    ("本周末", "本周末", "2021-08-21", "2021-08-22", "day", True),
    ("三年前", "三年前", "2018-01-01", "2018-12-31", "year", True),
    ("3天前", "3天前", "2021-08-17", "2021-08-17", "day", True),
    ("近三年", "近三年", "2018-08-20", "2021-08-20", "year", True),
    ("国际志愿者日当天", "国际志愿者日", "2021-12-05", "2021-12-05", "day", True),
    # vague: no days
    ("近日，", "近日", None, None, "vague", True),
    ("日前，", "日前", None, None, "vague", True),
    ("50多年来", "50多年来", None, None, "vague", True),
]


@pytest.mark.parametrize("form", FORMS, ids=[form[0] for form in FORMS])
def test_forms_of_times(form):
    text, *wanted = form
    (found,) = find_times(text, PUBLISHED)
    begins, ends = (day.isoformat() if day else None for day in (found.begins, found.ends))
    assert [found.surface, begins, ends, found.precision, found.relative] == wanted


@pytest.mark.parametrize(
    "text",
    [
        *(
            "每周三",
            "周一至周五",
            "为期3日",
            "10日游",
            "3个月",
            "第3日",
            "6月31日",
            "13月",
            "90年代",
            "2021级学生",
        ),
        *("五月天", "生日前夕", "025-83591234", "2021年年报", "目前", "三月嫂"),
    ],
)
def test_what_is_no_time(text):
    assert find_times(text, PUBLISHED) in ([], find_times("2021年", PUBLISHED))


def test_without_a_time_of_publication_what_is_relative_has_no_days():
    found = find_times("去年8月9日，昨天，周三下午，上周，近三年，3天前，15日，国庆节，本月。2019年3月。")
    assert [(t.surface, t.begins, t.relative) for t in found] == [
        ("去年8月9日", None, True),
        ("昨天", None, True),
        ("周三下午", None, True),
        ("上周", None, True),
        ("近三年", None, True),
        ("3天前", None, True),
        ("15日", None, True),
        ("国庆节", None, True),
        ("本月", None, True),
        ("2019年3月", date(2019, 3, 1), False),
    ]


def test_without_a_time_of_publication_the_year_of_the_text_helps():
    found = find_times("2019年3月14日，项目启动。4月2日，首批20名社工到岗，5日开始服务。")
    assert [str(t.begins) for t in found] == ["2019-03-14", "2019-04-02", "2019-04-05"]


def test_a_look_back_keeps_its_own_year():
    text = "2008年5月12日发生地震，5月13日，他赶到，15日离开，次年1月回来。\n8月9日，他说起当年。"
    assert [str(t.begins) for t in find_times(text, PUBLISHED)] == [
        *("2008-05-12", "2008-05-13", "2008-05-15", "2009-01-01"),
        "2021-08-09",  # another paragraph
    ]


def test_the_turn_of_the_year():
    january = Moment(datetime(2022, 1, 5, tzinfo=UTC), "day")
    assert [str(t.begins) for t in find_times("12月28日，……30日，……1月3日", january)] == [
        *("2021-12-28", "2021-12-30", "2022-01-03")
    ]


PIECES = st.sampled_from(
    [
        *"年月日号至-今去周三上本近前后起自从十二3１\n，(（ \U00020000\ud800多几半将",
        *(
            "2021年",
            "31日",
            "2月",
            "3月28日至",
            "5日",
            "2021-07-21",
            "二〇二一年",
            "以来",
            "至今",
            "截至",
            "上周",
            "近日",
            "元旦",
        ),
        *("次年", "前7个月", "上半年", "14:30", "下午3时", "国庆节", "十三五", "下旬", "(25日)"),
    ]
)
MOMENTS = st.none() | st.dates(date(1000, 1, 1), date(9000, 1, 1)).map(
    lambda day: Moment(datetime(day.year, day.month, day.day, tzinfo=UTC), "day")
)


@given(st.one_of(st.text(st.characters(), max_size=60), st.lists(PIECES, max_size=25).map("".join)), MOMENTS)
def test_offsets_hold_in_any_text(text, published):
    _check(text, published)


def _check(text: str, published: Moment | None) -> None:
    end = 0
    for found in find_times(text, published):
        assert text[found.start : found.end] == found.surface != ""
        assert found.start >= end
        if found.begins and found.ends:
            assert found.begins <= found.ends
        if found.precision == "vague":
            assert (found.begins, found.ends) == (None, None)
        end = found.end


@needs("entities.jsonl")
def test_offsets_hold_in_real_texts():
    for record in texts():
        _check(record["text"], PUBLISHED)
        _check(record["text"], None)
