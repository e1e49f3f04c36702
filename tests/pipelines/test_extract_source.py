"""The credited publisher, wherever and however a page prints it."""

from __future__ import annotations

import pytest

from pipelines.extract.body import find_body
from pipelines.extract.document import parse
from pipelines.extract.source import clean_source, find_source

TEXT = "三月的河堤上，青禾志愿服务队的队员们一早就开始清理漂浮物，附近的居民也拿着工具加入进来。"


def source(header: str = "", last: str = TEXT, footer: str = "", head: str = "") -> str:
    doc = parse(
        f"<html><head><title>青禾志愿队清理河道_晨光公益网</title>{head}</head><body><div class='main'>"
        f"<h1>青禾志愿队清理河道</h1>{header}"
        f"<div class='content'><p>{TEXT}</p><p>{TEXT}</p><p>{TEXT}</p><p>{last}</p></div>"
        f"<div class='zebian'>{footer}</div></div></body></html>",
        "http://www.chenguang-gongyi.example/a/1.html",
    )
    return find_source(doc, find_body(doc))


@pytest.mark.parametrize(
    "header",
    [
        "<div>2021-03-05 09:30 来源：江湾晚报</div>",
        "<div>来源: 江湾晚报 作者: 方若水</div>",
        "<div>来源：<a href='http://jw.example'>江湾晚报</a> 2021-03-05</div>",
        "<div>2021年03月05日09:30来源：江湾晚报 字号：大 中 小</div>",
        "<div>发布时间：2021-03-05 信息来源：江湾晚报 浏览次数：120</div>",
        "<div>稿源：江湾晚报 | 编辑：何一苇</div>",
        "<div>来源于：江湾晚报</div>",
        "<div>2026年11月18日18:20 来源：江湾晚报 江湾晚报北京电(记者 童悦)</div>",
        "<div>2026-08-19 来源：江湾晚报 据江湾晚报消息</div>",
        "<div>2026-09-10 来源：江湾晚报 晨光公益网综合江湾晚报消息</div>",
        "<div>2026-09-10 来源：江湾晚报 晨光公益网转载</div>",
        "<div>文章来源：《江湾晚报》</div>",
        "<div>出处：江湾晚报 2021-03-05 10:00</div>",
        "<div>转自：江湾晚报</div>",
        "<div>来源｜江湾晚报</div>",
        "<div>发表于 2021-03-05 09:30 | 12次阅读 | 来源 江湾晚报 | 0 条评论</div>",
        "<div><span>来源：</span></div><div>江湾晚报</div>",
        "<div>2021-03-05 09:30:12 江湾晚报</div>",
        "<div>2021-03-05 · 江湾晚报</div>",
        "<div>江湾晚报 2021-03-05 09:30</div>",
        "<div>2021年03月05日 江湾晚报 公益新闻 1665 0</div>",
        "<div class='author-name'>江湾晚报</div><div>发布时间：03-0509:30</div>",
        "<div>2021</div><div>03/05</div><div>09:30</div><div>江湾晚报</div><div>头条号</div>",
        "<div>方若水/江湾晚报</div><div>2021-03-05 09:30</div>",
        "<div>江湾晚报</div><div>2021-03-05 09:30</div>",
        "<div>2021-03-05 09:30 江湾晚报记者 方若水</div>",
    ],
)
def test_source_above_the_text(header: str) -> None:
    assert source(header) == "江湾晚报"


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="ContentSource" content="临澜市民政局">',
        '<meta name="source" content="来源：临澜市民政局"><meta name="ContentSource" content="临澜市民政局">',
        '<meta name="mediaid" content="临澜市民政局">',
    ],
)
def test_source_in_a_meta_element(head: str) -> None:
    assert source(head=head) == "临澜市民政局"


def test_what_is_printed_wins_over_a_meta_element() -> None:
    head = '<meta name="ContentSource" content="本网编辑部">'
    assert source("<div>来源：江湾晚报</div>", head=head) == "江湾晚报"


def test_source_under_the_text() -> None:
    assert source(last="来源：江湾晚报") == "江湾晚报"
    assert source(footer="本文来源：江湾晚报 责任编辑：何一苇_NB0421") == "江湾晚报"


@pytest.mark.parametrize(
    "header",
    [
        "<div>2021-03-05 09:30</div>",
        "<div>图片来源：江湾晚报</div>",
        "<div>来源：网络</div>",
        "<div>来源： 2021-03-05 浏览：88</div>",
        "<div>2021-03-05 09:30 分享 评论 12</div>",
        "<div>2021-03-05 09:30 方若水</div>",
        "<div>作者：方若水 阅读：12</div>",
        "<div>本网讯 2021-03-05 09:30</div>",
        "<div>IP属地：临澜 2021-03-05 09:30</div>",
    ],
)
def test_a_page_may_credit_nobody(header: str) -> None:
    assert source(header) == ""


def test_the_word_in_running_text_is_no_label() -> None:
    assert source(last="资金来源：社会捐赠，用于采购工具。") == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("：江湾晚报", "江湾晚报"),
        ("江湾晚报 作者：方若水", "江湾晚报"),
        ("江湾晚报（记者 方若水）", "江湾晚报"),
        ("“江湾发布”", "江湾发布"),
        ("江湾晚报 点击：1203", "江湾晚报"),
        ("晨光公益·志愿频道", "晨光公益·志愿频道"),
        ("晨光公益-志愿频道综合", "晨光公益-志愿频道综合"),
        ("互联网", ""),
        ("12", ""),
        ("", ""),
    ],
)
def test_a_source_is_cleaned_of_what_follows_it(text: str, name: str) -> None:
    assert clean_source(text) == name
