"""Teasers: summaries of other articles that a page shows."""

from pipelines.extract.body import find_body
from pipelines.extract.document import parse
from pipelines.extract.teasers import find_teasers
from pipelines.models import Teaser

URL = "http://news.example.com/2026/1.html"
TEXT = (
    "<p>江湾区社区公益创投项目昨天启动，今年共设十个方向，单个项目最高资助八万元，即日起接受申报。</p>"
    "<p>区民政局社会组织科科长许望表示，往年的项目大多集中在助老助学，今年新增社区治理方向。</p>"
    "<p>申报截止到四月底，评审由专家和居民代表共同打分，结果将在五月中旬向社会公布。</p>"
)
SUMMARY = "青禾助学会的二十名志愿者来到山坳小学，为孩子们带去了新书和一堂特别的阅读课，孩子们..."


def teasers_of(html: str) -> list[Teaser]:
    doc = parse(html, URL)
    return find_teasers(doc, find_body(doc))


def test_title_text_and_link():
    card = f"<div class='item'><h3><a href='../2.html#top'>山坳小学来了新老师</a></h3><p>{SUMMARY}</p></div>"
    assert teasers_of(f"<div>{TEXT}</div><div class='more'>{card}</div>") == [
        Teaser("山坳小学来了新老师", SUMMARY, "http://news.example.com/2.html", True)
    ]


def test_a_card_that_is_one_link():
    card = f"<a href='/3.html'><h3>山坳小学来了新老师</h3><p>{SUMMARY}</p></a>"
    assert teasers_of(f"<div>{TEXT}</div><div class='more'>{card}</div>") == [
        Teaser("山坳小学来了新老师", SUMMARY, "http://news.example.com/3.html", True)
    ]


def test_a_whole_summary_is_not_cut():
    text = "河畔社区把一块荒地改成共享菜园，二十户居民认领。"
    card = f"<li><a href='/4.html'>河畔社区有了共享菜园</a><p>{text}</p></li>"
    [teaser] = teasers_of(f"<div>{TEXT}</div><ul class='more'>{card}</ul>")
    assert (teaser.title, teaser.cut) == ("河畔社区有了共享菜园", False)


def test_an_invitation_to_read_on_is_not_text():
    more = "<a href='/5.html'>[详细]</a>"
    card = f"<div><h3><a href='/5.html'>山坳小学来了新老师</a></h3><p>{SUMMARY}{more}</p></div>"
    [teaser] = teasers_of(f"<div>{TEXT}</div><div class='more'>{card}</div>")
    assert (teaser.text, teaser.cut) == (SUMMARY, True)


def test_cut_texts_without_links_are_teasers_too():
    assert teasers_of(f"<div>{TEXT}</div><div class='more'><div>{SUMMARY}</div></div>") == [
        Teaser("", SUMMARY, "", True)
    ]


def test_each_link_once_and_none_to_the_page_itself():
    card = f"<div><h3><a href='{{}}'>山坳小学来了新老师</a></h3><p>{SUMMARY}</p></div>"
    html = card.format("/6.html") * 2 + card.format(URL)
    assert [t.url for t in teasers_of(f"<div>{TEXT}</div><div class='more'>{html}</div>")] == [
        "http://news.example.com/6.html"
    ]


def test_plain_link_lists_are_no_teasers():
    links = "".join(f"<li><a href='/{i}.html'>江湾区第{i}届公益创投开始征集</a></li>" for i in range(9))
    assert teasers_of(f"<div>{TEXT}</div><ul>{links}</ul>") == []


def test_a_short_title_counts_when_a_cut_text_follows_it():
    card = f"<div class='item'><h3><a href='/7.html'>一串钥匙</a></h3><p>{SUMMARY}</p></div>"
    assert teasers_of(f"<div>{TEXT}</div><div class='more'>{card}</div>") == [
        Teaser("一串钥匙", SUMMARY, "http://news.example.com/7.html", True)
    ]
