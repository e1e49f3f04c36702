"""Bylines of every habit, as a reader would read them."""

from __future__ import annotations

import json

import pytest

from pipelines.extract.body import find_body
from pipelines.extract.credit_lines import bare_credits, line_credits
from pipelines.extract.credits import find_credits
from pipelines.extract.document import parse
from pipelines.extract.names import is_no_person, is_person, parse_names, split_run
from pipelines.models import Credit

TEXT = "三月的河堤上，青禾志愿服务队的队员们一早就开始清理漂浮物，附近的居民也拿着工具加入进来。"


def page(
    header: str = "", first: str = TEXT, last: str = TEXT, footer: str = "", head: str = ""
) -> list[Credit]:
    doc = parse(
        f"<html><head><title>青禾志愿队清理河道_江湾新闻网</title>{head}</head><body><div class='main'>"
        f"<h1>青禾志愿队清理河道</h1><div class='info'>{header}</div>"
        f"<div class='content'><p>{first}</p><p>{TEXT}</p><p>{TEXT}</p><p>{last}</p></div>"
        f"<div class='zebian'>{footer}</div></div></body></html>",
        "http://news.jiangwan.example/a/1.html",
    )
    return find_credits(doc, find_body(doc))


def names(found: list[Credit], part: str) -> list[str]:
    return [credit.name for credit in found if credit.part == part]


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("作者：宋知远", ["宋知远"]),
        ("作者: 宋知远 李晓蔓", ["宋知远", "李晓蔓"]),
        ("撰文 | 林望舒", ["林望舒"]),
        ("撰文｜林望舒 编辑｜何一苇", ["林望舒"]),
        ("文/图 邓子墨 吕一帆", ["邓子墨", "吕一帆"]),
        ("文｜邓子墨", ["邓子墨"]),
        ("文/邓子墨 图/吕一帆", ["邓子墨"]),
        ("邓子墨/文 吕一帆/图", ["邓子墨"]),
        ("采写：江湾晚报记者 方若水 程远山", ["方若水", "程远山"]),
        ("江湾晚报记者 方若水", ["方若水"]),
        ("本报记者 方若水 通讯员 程远山 文/图", ["方若水", "程远山"]),
        ("（记者欧爱民通讯员刘鑫）", ["欧爱民", "刘鑫"]),
        ("【记者 方若水 通讯员 程远山】", ["方若水", "程远山"]),
        ("通讯员王蓓武玟斌", ["王蓓", "武玟斌"]),
        ("全媒体记者 方若水 实习生 程远山", ["方若水", "程远山"]),
        ("本网见习记者 张 萌", ["张萌"]),
        ("图文：许知行", ["许知行"]),
        ("供稿：许知行 审核：莫怀远", ["许知行"]),
        ("供稿：青禾社工中心 许知行", ["许知行"]),
        ("记者：方若水；通讯员：程远山", ["方若水", "程远山"]),
        ("记者 欧阳晓晴 司马南乔", ["欧阳晓晴", "司马南乔"]),
        ("作者：古丽·买买提", ["古丽·买买提"]),
        ("作者：往事如烟", ["往事如烟"]),
        ("作者：佚名", []),
        ("作者：网络整理", []),
        ("作者：admin", []),
        ("作者：本站原创", []),
        ("作者：江湾市民政局", []),
        ("作者：青禾社会工作服务中心", []),
        ("责任编辑：何一苇", []),
        ("记者了解到", []),
        ("记者站揭牌", []),
        ("记者在现场看到，志愿者正在搬运物资", []),
    ],
)
def test_a_line_names_its_authors(line: str, authors: list[str]) -> None:
    assert names(list(line_credits(line, inside=False)), "author") == authors


@pytest.mark.parametrize(
    ("line", "editors"),
    [
        ("责任编辑：何一苇", ["何一苇"]),
        ("[责任编辑:何一苇]", ["何一苇"]),
        ("（责编：何一苇、莫怀远）", ["何一苇", "莫怀远"]),
        ("编辑：何一苇 校对：莫怀远 审核：安宁", ["何一苇", "莫怀远", "安宁"]),
        ("编辑｜何一苇", ["何一苇"]),
        ("责任编辑：何一苇_NB0421", ["何一苇"]),
        ("责 编：何一苇", ["何一苇"]),
        ("初审：何一苇 复审：莫怀远 终审：安宁远", ["何一苇", "莫怀远", "安宁远"]),
        ("责任编辑：XN044", []),
        ("责任编辑：", []),
    ],
)
def test_editors_are_no_authors(line: str, editors: list[str]) -> None:
    found = list(line_credits(line, inside=False))
    assert names(found, "editor") == editors
    assert names(found, "author") == []


@pytest.mark.parametrize(
    "line", ["江湾晚报记者 吕一帆 摄", "通讯员吕一帆 摄", "摄影：吕一帆", "记者吕一帆 供图"]
)
def test_photographers_are_neither(line: str) -> None:
    found = list(line_credits(line, inside=False))
    assert [(c.name, c.part) for c in found] == [("吕一帆", "other")]


def test_a_credit_keeps_its_role_and_its_line() -> None:
    assert list(line_credits("记者 方若水 通讯员 程远山", inside=False)) == [
        Credit("方若水", "记者", "author", "记者 方若水 通讯员 程远山"),
        Credit("程远山", "通讯员", "author", "记者 方若水 通讯员 程远山"),
    ]


def test_a_string_with_anything_else_in_it_is_no_byline() -> None:
    assert list(bare_credits("记者 方若水 昨天走访了三个社区", "")) == []


def test_byline_in_the_header_among_other_things() -> None:
    found = page("2021-03-05 09:30 来源：江湾晚报 作者：方若水 浏览：120 次")
    assert names(found, "author") == ["方若水"]


def test_byline_without_a_colon_in_the_header() -> None:
    assert names(page("2021-03-05 | 来源 江湾晚报 | 作者 方若水 | 0 评论"), "author") == ["方若水"]


def test_name_and_outlet_in_one_line() -> None:
    assert names(page("方若水/江湾晚报"), "author") == ["方若水"]


@pytest.mark.parametrize(
    "header",
    [
        "<span class='author'>方若水</span> <span class='date'>2021-03-05</span>",
        "<p>方若水</p><p>2021-03-05 09:30</p>",
        "2021-03-05 09:30 江湾晚报记者 方若水",
    ],
)
def test_name_beside_the_date(header: str) -> None:
    assert names(page(header), "author") == ["方若水"]


def test_byline_in_the_dateline() -> None:
    found = page(first=f"江湾晚报讯（记者方若水 通讯员程远山）{TEXT}")
    assert names(found, "author") == ["方若水", "程远山"]


def test_bare_names_after_the_wire_dateline() -> None:
    assert names(page(first=f"江湾社临澜3月5日电（方若水 程远山）{TEXT}"), "author") == ["方若水", "程远山"]


def test_name_in_brackets_at_the_end_of_the_text() -> None:
    assert names(page(last=f"{TEXT}（方若水）"), "author") == ["方若水"]


def test_a_word_in_brackets_at_the_end_is_no_name() -> None:
    assert page(last=f"{TEXT}（完）") == []
    assert page(last=f"{TEXT}（来源：江湾晚报）") == []


def test_editor_below_the_text() -> None:
    found = page(header="记者 方若水", footer="责任编辑：何一苇")
    assert names(found, "author") == ["方若水"]
    assert names(found, "editor") == ["何一苇"]


def test_who_also_took_the_pictures_is_an_author_once() -> None:
    found = page(header="记者 方若水", last="江湾晚报记者 方若水 摄")
    assert [(c.name, c.part) for c in found] == [("方若水", "author")]


def test_a_question_in_an_interview_is_no_byline() -> None:
    assert page(first="记者：请介绍一下你们服务队的情况，好吗？") == []


def test_markup_fills_in_when_the_page_prints_no_author() -> None:
    head = '<meta name="author" content="方若水"><meta name="description" content="x">'
    assert names(page(head=head), "author") == ["方若水"]
    assert names(page(head='<meta name="author" content="江湾新闻网">'), "author") == []


ANN = {"@type": "Person", "name": "Ann Miller"}


@pytest.mark.parametrize(
    ("author", "authors"),
    [
        (ANN, ["Ann Miller"]),
        ([ANN, {"name": "Bo Stone (bst)"}], ["Ann Miller", "Bo Stone"]),
        ({"@id": "#ann"}, ["Ann Miller"]),
        ("By Ann Miller and Bo Stone", ["Ann Miller", "Bo Stone"]),
        ({"@type": "Organization", "name": "dpa"}, ["dpa"]),
    ],
)
def test_json_ld_names_the_authors_of_a_foreign_page(author: object, authors: list[str]) -> None:
    graph = [{**ANN, "@id": "#ann"}, {"@type": "NewsArticle", "author": author}]
    script = json.dumps({"@graph": graph})
    doc = parse(
        "<title>River cleaned by volunteers</title>"
        f'<script type="application/ld+json">{script}</script>'
        "<h1>River cleaned by volunteers</h1><p>Early on Friday some forty people met at the river, "
        "with gloves and bags, and stayed for most of the day, as the organisers had hoped.</p>"
    )
    assert names(find_credits(doc, find_body(doc)), "author") == authors


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Ann Miller", ["Ann Miller"]),
        ("Von Anna Müller und Bo Stein", ["Anna Müller", "Bo Stein"]),
        ("By Ann Miller - Friday, April 28, 2023", ["Ann Miller"]),
    ],
)
def test_printed_byline_of_a_foreign_page(byline: str, authors: list[str]) -> None:
    doc = parse(
        "<title>River cleaned by volunteers</title>"
        f"<h1>River cleaned by volunteers</h1><div>{byline}</div>"
        "<div><p>Early on Friday some forty people met at the river, with gloves and bags, and stayed.</p>"
        "<p>They came back on Saturday, in the rain, and on Sunday, when the sun was out again.</p></div>"
    )
    assert names(find_credits(doc, find_body(doc)), "author") == authors


def test_names_run_together_are_split_by_surname() -> None:
    assert split_run("王蓓武玟斌") == ["王蓓", "武玟斌"]
    assert split_run("欧阳晓晴刘鑫") == ["欧阳晓晴", "刘鑫"]
    assert split_run("方若水程远山何一苇") == ["方若水", "程远山", "何一苇"]
    assert split_run("了解到") == []


def test_what_is_shaped_like_a_name() -> None:
    assert is_person("方若水")
    assert is_person("诸葛明")
    assert not is_person("的若水")
    assert not is_person("方")
    assert not is_person("方若水明")
    assert is_no_person("临澜市民政局")
    assert is_no_person("佚名")


def test_parse_names_takes_all_or_nothing_unless_lenient() -> None:
    assert parse_names("方若水、程远山") == ["方若水", "程远山"]
    assert parse_names("方若水 走访社区") == []
    assert parse_names("方若水 走访社区", lenient=True) == ["方若水"]


def test_a_body_that_was_not_found_still_gives_the_header() -> None:
    doc = parse("<title>青禾志愿队清理河道</title><h1>青禾志愿队清理河道</h1><p>记者 方若水</p>")

    class Nothing:
        blocks = ()

    assert names(find_credits(doc, Nothing()), "author") == ["方若水"]
