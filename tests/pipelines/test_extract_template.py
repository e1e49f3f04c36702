"""What a template is: the same for pages of one design, whatever they say, another for a new design."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipelines.extract import extract
from pipelines.extract.template import likeness
from pipelines.models import Page, Template

BODY = (
    "<p>云台路社区的志愿者昨天走进居民家里安装防滑垫，有四十七户家庭得到帮助，活动还将持续到月底。</p>"
    "<p>服务站负责人说，这项服务从今年春天开始，已经有六十多名志愿者报名参加，其中一半是学生。</p>"
)
DESIGN = """
<html><head><title>志愿者上门安装防滑垫_清禾公益网</title></head><body class="page-{id}">
<div class="head"><div class="logo"></div><ul class="nav"><li>首页</li></ul></div>
<div class="wrap"><div class="left" id="post-{id}"><h1>志愿者上门安装防滑垫</h1>
<div class="info">2026-11-20 09:30 来源：清禾公益网</div><div class="text">{text}</div>{more}</div>
<div class="right"><div class="rank"></div></div></div><div class="foot"></div></body></html>
"""
OTHER_DESIGN = """
<html><head><title>志愿者上门安装防滑垫_清禾公益网</title></head><body>
<header class="top"></header><main><section class="story"><h2>志愿者上门安装防滑垫</h2>
<div class="facts">2026-11-20 09:30 来源：清禾公益网</div>
<article class="story-text">{text}</article></section>
<aside class="also"></aside></main><footer></footer></body></html>
"""


def template(design: str = DESIGN, text: str = BODY, more: str = "", id_: str = "104882") -> Template:
    html = design.format(text=text, more=more, id=id_)
    url = "http://www.qinghe.example/a.html"
    article = extract(Page(url, url, 200, {}, html.encode(), datetime(2026, 11, 24, tzinfo=UTC)))
    assert article.kind == "article"
    assert article.template is not None
    return article.template


def shared(one: Template, other: Template) -> float:
    return likeness(frozenset(one.sketch), frozenset(other.sketch))


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (BODY * 3, ""),
        (f'<div class="TRS_Editor"><div class="Custom_Union">{BODY}</div></div>', ""),
        (f'<div class="pic"><img src="/1.jpg"><p>图为活动现场</p></div>{BODY}', ""),
        (f"{BODY}<table><tr><td>序号</td><td>户数</td></tr></table>", ""),
        (BODY, '<div class="vote"><h3>你怎么看</h3></div><div class="tags"></div>'),
    ],
)
def test_what_an_article_says_and_shows_leaves_its_template(text, more):
    assert shared(template(), template(text=text, more=more)) >= 0.6


def test_numbers_of_the_article_are_no_part_of_it():
    assert template(id_="104882") == template(id_="7")


def test_a_new_design_shares_next_to_nothing():
    assert shared(template(), template(OTHER_DESIGN)) <= 0.1


def test_it_names_where_the_text_stands():
    assert template().way == "div.wrap > div.left.post > div.text"
    assert template(OTHER_DESIGN).way == "main > section.story > article.story.text"


def test_the_share_of_large_sets_is_told_from_their_smallest_values():
    one, other = frozenset(range(0, 4000, 2)), frozenset(range(0, 4000, 3))
    assert likeness(one, one) == 1.0
    # sets of which a quarter is common
    assert likeness(one, other) == pytest.approx(0.25, abs=0.03)
    assert likeness(frozenset(), frozenset()) == 1.0


def test_a_page_that_is_no_article_has_none():
    html = "<html><body><ul>" + '<li><a href="/a">新闻一条</a></li>' * 40 + "</ul></body></html>"
    url = "http://www.qinghe.example/"
    article = extract(Page(url, url, 200, {}, html.encode(), datetime(2026, 11, 24, tzinfo=UTC)))
    assert article.kind != "article"
    assert article.template is None
