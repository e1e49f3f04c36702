import re
from datetime import date

import pytest

from crawler.discovery.link import LinkRules
from crawler.discovery.links import MIN_REPEATED, MIN_TITLE, MIN_TITLE_BARE, find_links, weight
from crawler.discovery.shape import EARLIEST_YEAR, has_id, is_document, is_index, template, url_day

HOST = "www.xinhe.example"
HERE = f"http://{HOST}/news/"
ANYTHING = LinkRules((HOST,))


def found(html: str, rules: LinkRules = ANYTHING, charset: str = "utf-8") -> list[str]:
    links = find_links(html.encode(charset), f"text/html; charset={charset}", HERE, rules)
    return [link.url for link in links.articles]


def listing(*entries: tuple[str, str]) -> str:
    items = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in entries)
    return f"<html><body><ul class='list'>{items}</ul></body></html>"


def test_links_with_a_day_in_the_path_and_a_headline_are_articles():
    html = listing(
        ("/2026/1101/80512.html", "新禾社区志愿者为独居老人送去冬衣"),
        ("../2026-11/02/content_80513.htm", "助学金发放仪式举行"),
    )
    links = find_links(html.encode(), "text/html", HERE, ANYTHING).articles
    assert [link.url for link in links] == [
        f"http://{HOST}/2026/1101/80512.html",
        f"http://{HOST}/2026-11/02/content_80513.htm",
    ]
    assert links[0].text == "新禾社区志愿者为独居老人送去冬衣"
    assert [link.day for link in links] == [date(2026, 11, 1), date(2026, 11, 2)]


def test_navigation_login_tags_and_share_links_are_left_out():
    html = listing(
        ("/", "首页"),
        ("/about/2026/1101/1.html", "关于新禾公益基金会的介绍"),
        ("/login?next=/2026/1101/80512.html", "登录后查看更多公益资讯"),
        ("/tag/2026/80512.html", "标签：志愿服务与社区营造"),
        ("/zyfw/index_80512.html", "志愿服务频道的全部文章"),
        ("http://share.xinhe.example/2026/1101/80512.html", "分享到朋友圈让更多人看到"),
        ("http://other.example/2026/1101/80512.html", "别家网站的一条公益新闻报道"),
        ("/2026/1101/80512.pdf", "新禾公益基金会年度工作报告"),
        ("/2026/1101/80599.html", "更多"),
        ("javascript:void(0)", "收藏本站并设为首页的方法"),
        ("#top", "回到页面顶部查看最新消息"),
        ("mailto:a@xinhe.example", "给编辑部写信反映您的情况"),
    )
    assert found(html) == []


def test_an_address_that_carries_another_is_an_advertisement():
    items = "".join(f'<li><a href="/p/68{n}593389">湖畔街道第{n}次议事会召开</a></li>' for n in range(5))
    advertisement = (
        f'<li><a href="/go.php?id=20266855572937&url={"K00000KP" * 40}">三秒下载，新服开启</a></li>'
    )
    assert len(found(items + advertisement)) == 5


def test_a_picture_and_a_headline_with_one_target_are_one_link_with_the_longer_text():
    html = (
        '<a href="/2026/1101/80512.html"><img alt="现场"></a>'
        '<a href="/2026/1101/80512.html?utm_source=home#c">青年社工进村办起周末课堂</a>'
        '<a href="/2026/1101/80513.html"><img alt="义诊队走进高山村寨"></a>'
    )
    links = find_links(html.encode(), "text/html", HERE, ANYTHING).articles
    assert [link.text for link in links] == ["青年社工进村办起周末课堂", "义诊队走进高山村寨"]


def test_a_number_alone_needs_a_longer_headline_unless_its_template_repeats():
    short = "捐赠公示结果"
    assert MIN_TITLE <= weight(short) < MIN_TITLE_BARE
    assert found(listing(("/show/812345.html", short))) == []
    assert len(found(listing(("/show/812345.html", "社区食堂开张，老人用餐有了着落")))) == 1
    many = [(f"/show/81234{n}.html", short) for n in range(MIN_REPEATED)]
    assert len(found(listing(*many))) == MIN_REPEATED


def test_short_numbers_count_when_a_list_repeats_them():
    headline = "第{}期社区营造工作坊在新禾举行"
    many = [(f"/content/{57 + n}", headline.format(n)) for n in range(MIN_REPEATED)]
    assert len(found(listing(*many))) == MIN_REPEATED
    assert found(listing(*many[:-1])) == []


@pytest.mark.parametrize(
    "path",
    [
        "/n152/n166/c1662004999980005889/content.html",
        "/news/news_detail.aspx?articleid=4448",
        "/lnb-xw/72b3908562e14a8f89db37ea83d53ecd.html",
        "/html/hstx/2026/01/32399.html",
    ],
)
def test_other_shapes_of_article_addresses_are_known(path):
    assert found(listing((path, "民办养老机构等级评定结果公布"))) == [f"http://{HOST}{path}"]


def test_patterns_decide_when_the_site_gives_them():
    rules = LinkRules((HOST,), (re.compile(r"/a/\d+$"),), (re.compile(r"/column/"),))
    html = listing(
        ("/a/7", "短"), ("/2026/1101/80512.html", "社区食堂开张，老人用餐有了着落"), ("/column/3", "教育")
    )
    links = find_links(html.encode(), "text/html", HERE, rules)
    assert [link.url for link in links.articles] == [f"http://{HOST}/a/7"]
    assert links.lists == (f"http://{HOST}/column/3",)


def test_a_gb18030_page_and_its_base_are_read():
    html = '<head><base href="http://www.xinhe.example/old/"></head>' + listing(
        ("2026/1101/1.html", "龘靐社区的志愿者巡河十年")
    )
    links = find_links(html.encode("gb18030"), "text/html; charset=gb2312", HERE, ANYTHING).articles
    assert links[0].url == f"http://{HOST}/old/2026/1101/1.html"
    assert links[0].text == "龘靐社区的志愿者巡河十年"


@pytest.mark.parametrize("html", ["", "   ", "<", "\0\0", "plain text", "<html></html>"])
def test_pages_without_links_give_none(html):
    assert found(html) == []


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2026/11/01/a.html", date(2026, 11, 1)),
        ("/2026-11/01/content_1.htm", date(2026, 11, 1)),
        ("/n1/2026/1101/c1-2.html", date(2026, 11, 1)),
        ("/202611/t20261101_123.html", date(2026, 11, 1)),
        ("/202611/01/1.html", date(2026, 11, 1)),
        ("/26/1101/09/ABCD1234000181BR.html", date(2026, 11, 1)),
        ("/a/20261101/44653202_0.shtml", date(2026, 11, 1)),
        ("/a/20261101093012.html", date(2026, 11, 1)),
        ("/2026/1332/1.html", None),
        ("/2026/0230/1.html", None),
        (f"/{EARLIEST_YEAR - 1}/11/01/1.html", None),
        ("/news/20991101999.html", None),
        ("/13800138000.html", None),
    ],
)
def test_the_day_of_a_url(path, day):
    assert url_day(f"http://{HOST}{path}") == day


def test_shapes():
    assert template(f"http://{HOST}/2026/1101/80512.html?id=3") == f"{HOST}/#/#/#.html?id"
    assert is_index(f"http://{HOST}/zyfw/")
    assert is_index(f"http://{HOST}/news_list_2.shtml")
    assert not is_index(f"http://{HOST}/2026/1101/80512.html")
    assert is_document(f"http://{HOST}/show.php?id=1")
    assert not is_document(f"http://{HOST}/a/photo.JPG")
    assert has_id(f"http://{HOST}/doc-ikqciyzm1769928.shtml")
    assert not has_id(f"http://{HOST}/about.html")
