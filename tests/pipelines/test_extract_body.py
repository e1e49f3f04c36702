"""The body: which container is chosen, and what is left out of it."""

import pytest

from pipelines.extract.body import Body, find_body
from pipelines.extract.document import parse

PARAGRAPHS = [
    "晨光社会工作服务中心的志愿者上周走进云溪街道，为独居老人更换了老化的电线和开关，并教他们使用一键呼叫设备。",
    "“以前晚上不敢开灯，怕跳闸。”家住三楼的沈阿婆说，志愿者来过之后，她每天都要按一按新装的开关。",
    "据了解，这项行动从今年三月开始，已有一百二十余名志愿者参加，累计上门四百多户，下一步将扩大到周边三个社区。",
]
TEXT = "".join(f"<p>　　{p}</p>" for p in PARAGRAPHS)
LINKS = "".join(f'<li><a href="/n/{i}.html">云溪街道第{i}次社区议事会议今天召开</a></li>' for i in range(12))


def body_of(html: str, title: str = "") -> Body:
    return find_body(parse(html, "http://news.example.com/2026/1.html"), title=title)


def page(content: str) -> str:
    return (
        f"<html><body><div class='top'><ul>{LINKS}</ul></div><div class='wrap'><div class='l'>{content}</div>"
        f"<div class='r'><h3>新闻排行</h3><ul>{LINKS}</ul></div></div>"
        "<div class='foot'>版权所有 云溪新闻网 未经许可不得转载，违者将依法追究责任。ICP备12345678号</div>"
        "</body></html>"
    )


def test_paragraphs_come_without_leading_full_width_spaces():
    assert body_of(page(f"<div class='nr'>{TEXT}</div>")).paragraphs == PARAGRAPHS


def test_one_short_paragraph_is_a_body():
    short = "记者今日从云溪区民政局获悉，全区首家社区食堂将于下周一开门迎客。"
    assert body_of(page(f"<h1>社区食堂下周开门</h1><div class='con'><p>{short}</p></div>")).paragraphs == [
        short
    ]


def test_many_short_lines_are_kept():
    lines = [f"第{i}盏灯亮了" for i in range(1, 101)] + [f"有人在等{i}路车" for i in range(1, 101)]
    body = body_of(
        page("<div id='js_x'>" + "".join(f"<section><p>{line}</p></section>" for line in lines) + "</div>")
    )
    assert body.paragraphs == lines


def test_a_text_of_short_lines_does_not_end_at_a_word_such_as_comments():
    lines = [f"第{i}盏灯亮了" for i in range(30)]
    html = "".join(f"<p>{line}</p>" for line in [*lines[:10], "最新消息", *lines[10:]])
    assert body_of(page(f"<div>{html}</div>")).paragraphs == lines


def test_text_in_bare_breaks_is_split_into_paragraphs():
    html = page("<div>" + "<br><br>".join("　　" + p for p in PARAGRAPHS) + "</div>")
    assert body_of(html).paragraphs == PARAGRAPHS


def test_text_in_a_layout_table():
    html = (
        f"<table><tr><td><ul>{LINKS}</ul></td><td><table><tr><td>{TEXT}</td></tr></table></td></tr></table>"
    )
    assert body_of(html).paragraphs == PARAGRAPHS


def test_subheads_lists_and_table_rows_are_text():
    html = page(
        f"<div class='a'>{TEXT}<h3>服务清单</h3><ul><li>检修电路</li><li>安装扶手</li></ul>"
        "<table><tr><th>社区</th><th>户数</th></tr><tr><td>枫林社区</td><td>一百二十</td></tr></table></div>"
    )
    assert body_of(html).paragraphs == [
        *PARAGRAPHS,
        "服务清单",
        "检修电路",
        "安装扶手",
        "社区 户数",
        "枫林社区 一百二十",
    ]


def test_sections_in_elements_of_their_own_are_joined():
    sections = "".join(f"<section class='s'><p>{p}</p><p>{p[::-1]}</p></section>" for p in PARAGRAPHS)
    assert len(body_of(page(f"<div class='x'>{sections}</div>")).paragraphs) == 6


@pytest.mark.parametrize(
    "tail",
    [
        "<p>（责任编辑：顾小满）</p>",
        "<p>责任编辑：顾小满 校对：郑一舟</p>",
        "<p>免责声明：本网转载此文仅为传递信息，不代表本网观点，如有侵权请联系删除。</p>",
        "<p>扫一扫，关注晨光公益公众号</p>",
        "<p>本文共3页 1 2 3 下一页</p>",
        "<p>1 2 3 下一页</p>",
        "<p>上一篇：<a href='/1.html'>云溪街道召开议事会</a></p>",
        "<div><h4>相关阅读</h4><p>云溪街道去年改造了三处菜场，居民买菜不再绕远路，商户生意也好了不少。</p></div>",
        "<h4>延伸 · 推荐</h4><ul><li><a href='/2.html'>云溪街道召开社区议事会</a></li></ul>",
        "<div class='share-bar'>分享到：微信 微博</div>",
        "<div class='comment-list'><p>写得真好，希望我们小区也能有这样的服务，支持志愿者！</p></div>",
        "<div class='author-card'><p>沈青，本报记者，长期关注社区治理与养老服务，欢迎来信交流。</p></div>",
        f"<div style='display:none'>{TEXT[::-1]}</div>",
        f"<ul>{LINKS}</ul>",
        "<p>【延伸阅读】<a href='/3.html'>三处菜场改造完成</a></p>",
    ],
)
def test_what_follows_the_text_is_left_out(tail):
    assert body_of(page(f"<div class='nr'>{TEXT}{tail}</div>")).paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    "line",
    [
        "文化惠民进社区",
        "关注留守儿童的暑假",
        "使用微信支付的老人越来越多",
        "二维码门牌进了社区",
        "游客王女士说，这里的志愿者比导游还热心",
        "策划、组织了三十多场义诊活动",
        "今天，三十名志愿者出发了",
        "下一步怎么走？",
        "推荐三名社区工作者参评",
        "附件：云溪街道服务清单",
        "来源于生活的灵感",
        "（完）",
        "声明一出，居民拍手称快",
        "编辑部里的年轻人",
        "1",
    ],
)
@pytest.mark.parametrize("position", [0, 1, 3])
def test_short_lines_that_only_look_like_boilerplate_are_text(line, position):
    lines = [*PARAGRAPHS[:position], line, *PARAGRAPHS[position:]]
    assert (
        body_of(page("<div class='nr'>" + "".join(f"<p>{x}</p>" for x in lines) + "</div>")).paragraphs
        == lines
    )


def test_teaser_cards_inside_the_container_are_left_out():
    cards = "".join(
        f"<div class='item'><h4><a href='/{i}.html'>云溪街道第{i}次社区议事会议召开</a></h4>"
        f"<p>本次会议讨论了第{i}批老旧电路改造的安排，居民代表和物业公司都参加了讨论...</p></div>"
        for i in range(4)
    )
    assert body_of(page(f"<div class='nr'>{TEXT}{cards}</div>")).paragraphs == PARAGRAPHS


def test_an_insert_in_the_middle_does_not_end_the_text():
    first, *rest = (f"<p>{p}</p>" for p in PARAGRAPHS)
    html = page(
        f"<div class='nr'>{first}<div class='ad-box'><p>广告内容，请勿相信。</p></div>{''.join(rest)}</div>"
    )
    assert body_of(html).paragraphs == PARAGRAPHS


def test_title_and_info_line_are_not_text():
    head = "<h1>志愿者为老人换电线</h1><p>2026-03-05 09:30 来源：云溪新闻网 作者：沈青 浏览：20次</p>"
    assert body_of(page(f"<div class='nr'>{head}{TEXT}</div>"), "志愿者为老人换电线").paragraphs == PARAGRAPHS


def test_captions_are_kept_apart():
    picture = (
        "<figure><img src='a.jpg'><figcaption>志愿者在检修电路</figcaption></figure>"
        "<p>图为活动现场。沈青 摄</p>"
    )
    body = body_of(page(f"<div class='nr'>{picture}{TEXT}</div>"))
    assert body.paragraphs == PARAGRAPHS
    assert body.captions == ["志愿者在检修电路", "图为活动现场。沈青 摄"]


def test_a_body_that_style_hides_until_a_script_runs_is_read():
    html = f"<body><div>正在加载，请稍候</div><div id='c' style='visibility:hidden'>{TEXT}</div></body>"
    assert body_of(html).paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    "script",
    [
        (
            '<script id="__NEXT_DATA__" type="application/json">'
            '{"props":{"article":{"title":"换电线","content":"%s"}}}</script>'
        ),
        '<script>window.__INITIAL_STATE__={"news":{"title":"换电线","content":"%s"}};(function(){})();</script>',
        '<script>window.__NUXT__=(function(a){return {data:[{content:"%s"}]}}(1));</script>',
        (
            '<script type="application/ld+json">'
            '{"@type":"NewsArticle","headline":"换电线","articleBody":"%s"}</script>'
        ),
    ],
)
def test_an_article_in_script_data_is_read(script):
    content = "".join(f"<p>{p}</p>" for p in PARAGRAPHS).replace("/", "\\/")
    html = (
        f"<html><head><title>换电线</title></head><body><div id='app'></div>{script % content}</body></html>"
    )
    assert body_of(html, "换电线").paragraphs == PARAGRAPHS


def test_put_aside_lines_are_kept_with_their_kind():
    body = body_of(page(f"<div class='nr'>{TEXT}<p>责任编辑：顾小满</p></div>"))
    assert [(line.kind, line.text) for line in body.dropped] == [("editor", "责任编辑：顾小满")]


def test_an_editor_glued_to_the_last_paragraph_is_cut_off():
    html = page(f"<div class='nr'>{TEXT[:-4]}（责任编辑：顾小满）</p></div>")
    assert body_of(html).paragraphs == PARAGRAPHS


@pytest.mark.parametrize("html", ["", "<html></html>", "<script>var a</script>", "\x00\x00", "<p></p>" * 50])
def test_nothing_to_read_gives_an_empty_body(html):
    assert body_of(html).paragraphs == []


def test_fifty_thousand_nested_tags_are_survived():
    for tag in ("div", "span", "b", "table><tr><td"):
        body = body_of(f"<{tag}>" * 50_000 + PARAGRAPHS[0])
        assert body.paragraphs in ([PARAGRAPHS[0]], [])


def test_a_short_report_outweighs_the_disclaimer_below_it():
    short = "江湾新闻网讯 8月3日起，江湾区30个爱心冰柜在公交首末站投用，户外工作者可免费领取饮用水。"
    legal = (
        "版权声明：凡本网注明“来源：江湾新闻网”的所有作品，版权均属于江湾新闻网，未经本网授权不得转载、摘编。"
        "凡本网注明“来源：其他媒体”的作品，均转载自其它媒体，转载目的在于传递更多信息，并不代表本网赞同其观点。"
    )
    rows = f"<tr><td class='t'>{short}</td></tr><tr><td>{legal}</td></tr>"
    body = body_of(page(f"<h1>爱心冰柜上街</h1><table>{rows}</table>"), "爱心冰柜上街")
    assert body.paragraphs == [short]


def test_a_question_of_an_interview_is_text_though_it_begins_like_a_byline():
    question = "记者：檐下的离职率是多少？"
    assert body_of(page(f"<div><p>{question}</p>{TEXT}</div>")).paragraphs == [question, *PARAGRAPHS]


PICTURE = "<table align='left'><tr><td>{}</td></tr><tr><td>{}</td></tr></table>"


def test_the_line_under_a_picture_in_a_table_is_a_caption():
    table = PICTURE.format("<img src='/p/1.jpg'>", "志愿者在楼道里换灯")
    body = body_of(page(f"<div>{table}{TEXT}</div>"))
    assert (body.paragraphs, body.captions) == (PARAGRAPHS, ["志愿者在楼道里换灯"])


def test_the_line_under_a_picture_that_leads_to_another_site_is_an_advertisement():
    table = PICTURE.format(
        "<a href='http://ad.example.net/t?b=3'><img src='/p/1.gif'></a>", "看房团火热报名中"
    )
    body = body_of(page(f"<div>{table}{TEXT}</div>"))
    assert (body.paragraphs, body.captions) == (PARAGRAPHS, [])
    assert [(d.kind, d.text) for d in body.dropped] == [("advertisement", "看房团火热报名中")]
