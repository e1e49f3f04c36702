"""Habits of many sites: given this page, these fields. The layouts are those of the systems that sites run on."""

from datetime import UTC, datetime

import pytest

from pipelines.extract import extract
from pipelines.models import Article, Page

TITLE = "寒冬里的一床棉被"
FIRST = "近日，晨光社会工作服务中心的社工走进云溪街道，为二十位独居老人送去了棉被和米面。"
SECOND = "“有人惦记着，心里就暖和。”八十一岁的老人说，她已经连续三年参加这项活动了。"
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p>"
RANKING = (
    "<ul>"
    + "".join(f"<li><a href='/{n}.html'>第{n}条别的新闻标题写在这里</a></li>" for n in range(60))
    + "</ul>"
)
FETCHED = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)


def read(
    body: str, head: str = f"<title>{TITLE}_江湾日报</title>", url: str = "http://example.cn/show/7"
) -> Article:
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return extract(Page(url, "", 200, {}, html.encode(), FETCHED))


def published(article: Article) -> str:
    return article.published.isoformat() if article.published else ""


@pytest.mark.parametrize(
    ("body", "head"),
    [
        # a board sets the column before the title, in the same heading
        (f"<h1><a href='/f'>[公益资讯]</a> <span>{TITLE}</span></h1>{TEXT}", f"<title>{TITLE} - 公益资讯 - 临澜社区</title>"),
        # the line of the date stands in the heading
        (f"<h1>{TITLE}<br><span>2026-01-05 09:30　来源：江湾日报　点击：31</span></h1>{TEXT}", "<title>江湾日报</title>"),
        # the title element only names the site: the title is told by its size, its class, or its place
        (f"<table><tr><td><font size=5><b>{TITLE}</b></font><tr><td>2026-01-05 来源：江湾日报<tr><td>{TEXT}</table>", "<title>江湾日报</title>"),
        (f"<p class=biaoti>{TITLE}</p><p>2026-01-05 09:30</p>{TEXT}", "<title>临澜市人民政府</title>"),
        (f"<p>{TITLE}</p><p>2026-01-05 09:30</p>{TEXT}", "<title>临澜新闻网</title>"),
        # the site's name stands first
        (f"<p>{TITLE}</p>{TEXT}", f"<title>临澜新闻网 {TITLE}</title>"),
        (f"<h1>{TITLE}</h1>{TEXT}", f"<title>[社工,棉被]{TITLE}-临澜新闻网</title>"),
    ],
)  # fmt: skip
def test_titles(body, head):
    assert read(body, head).title == TITLE


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("<div class=date><span>2022</span><span><em>08</em>/<em>18</em></span><span>07:30:00</span></div>", "2022-08-18T07:30:00+08:00"),
        ("<div><p>2022</p><p>05-23</p><p>06:11</p></div>", "2022-05-23T06:11:00+08:00"),
        ("<div>2022年5月3日 9时05分</div>", "2022-05-03T09:05:00+08:00"),
        ("<div><span>2022-05-03 09:05</span><span>来源：江湾日报</span><span>3人参与</span></div>", "2022-05-03T09:05:00+08:00"),
        ("<div>发布于今天 10:31 | 来源：江湾日报 | 作者：网络整理 | 【打印】 | 0人参与</div>", "2026-03-20T10:31:00+08:00"),
        ("<div>发布时间：1小时前 | 文章来源：江湾日报 | 我要评论 | 字体：[大 中 小]</div>", "2026-03-20T11:00:00+08:00"),
        ("<div>今天 11:50 | 信息来源：江湾日报 | 作者：网络整理 | 【打印】 | 字体：[大 中 小]</div>", "2026-03-20T11:50:00+08:00"),
        ("<div>3月8日 07:45来源：江湾日报【打印】字体：[大 中 小]</div>", "2026-03-08T07:45:00+08:00"),
        ("<div>今天是2026年03月20日 星期五</div><div>2022-05-03</div>", "2022-05-03"),
    ],
)  # fmt: skip
def test_times(fields, expected):
    assert published(read(f"<h1>{TITLE}</h1>{fields}<div class=txt>{TEXT}</div>")) == expected


def test_the_time_of_a_recommended_article_is_not_taken():
    card = "<div class=c><a href='/2.html'>柳浦镇举办座谈会 柳浦发布 3小时前 12评论</a></div>"
    page = f"<h1>{TITLE}</h1><p>更新时间：2022-05-03 09:05</p><div class=txt>{TEXT}</div>{card}"
    assert published(read(page)) == "2022-05-03T09:05:00+08:00"


def test_a_printed_change_gives_the_minute_of_the_day_in_the_url():
    page = f"<h1>{TITLE}</h1><p>更新时间：2022-05-03 09:05</p><div class=txt>{TEXT}</div>"
    same = read(page, url="http://example.cn/202205/t20220503_11.html")
    other = read(page, url="http://example.cn/202205/t20220501_11.html")
    assert published(same) == "2022-05-03T09:05:00+08:00"
    assert published(other) == "2022-05-01"
    assert other.modified is not None
    assert other.modified.isoformat() == "2022-05-03T09:05:00+08:00"


@pytest.mark.parametrize(
    "fields",
    [
        "<div><span>2022-05-03</span><span>来源：江湾日报</span><span>0人参与</span></div>",
        "<div><span>2022-05-03</span><span>来源：<a>江湾日报</a></span><span>分享到：</span></div>",
        "<ul><li>2022-05-03 09:05</li><li>江湾日报</li></ul>",
        "<div><span class=name>周亦菲</span><span class=nickname><a id=js_name>江湾日报</a></span></div>",
        "<div>周亦菲、林知行 江湾日报</div>",
        "<div>2022-05-03</div><script>var d = {'a': 1}; var n = {\"title\": \"寒冬里的一床棉被\", \"mediaName\": \"江湾日报\"};</script>",
    ],
)  # fmt: skip
def test_sources(fields):
    assert read(f"<h1>{TITLE}</h1>{fields}<div class=txt>{TEXT}</div>").source == "江湾日报"


@pytest.mark.parametrize(
    ("body", "authors"),
    [
        (f"<p>江湾日报首席记者周亦菲 通讯员林知行</p>{TEXT}", ["周亦菲", "林知行"]),
        (f"<p>周亦菲 本报记者 林知行</p>{TEXT}", ["周亦菲", "林知行"]),
        (f"{TEXT}<p>周亦菲 江湾晨报、三十九度视频首席记者林知行</p>", ["周亦菲", "林知行"]),
        (f"<p>{FIRST}</p><p>{SECOND}记者 周亦菲 摄影报道</p>", ["周亦菲"]),
        (f"{TEXT}<p>通讯员：晨光社会工作服务中心社工助理 周亦菲</p>", ["周亦菲"]),
        (f"<p>采写：柳浦发布记者周亦菲</p>{TEXT}", ["周亦菲"]),
        (f"<p>本报讯（记者周亦菲通讯员林知行）{FIRST}</p><p>{SECOND}</p>", ["周亦菲", "林知行"]),
        (f"<p>本报记者 周亦菲 通讯员 林知行 文/图</p>{TEXT}", ["周亦菲", "林知行"]),
        (f"{TEXT}<p>来源：江湾日报</p><p>作者：周亦菲 林知行</p><p>编辑：苏念</p><p>本文为频道原创文章，转载请附上链接。</p>", ["周亦菲", "林知行"]),
        (f"<div>2022-05-03 by <span class='author vcard'><a>周亦菲</a></span> 分类：公益</div>{TEXT}", ["周亦菲"]),
        (f"<div>2022-05-03 作者：本站编辑</div>{TEXT}", []),
        (f"<div>发表于 2022-05-03 09:05 | 只看该作者 | 倒序浏览</div>{TEXT}", []),
    ],
)  # fmt: skip
def test_authors(body, authors):
    assert read(f"<h1>{TITLE}</h1><div class=txt>{body}</div>").authors == authors


@pytest.mark.parametrize(
    "body",
    [
        # hidden until a script shows it
        f"<div id=js_content style='visibility: hidden; opacity: 0;'>{TEXT}</div><p>微信扫一扫</p>",
        # fields in the element of the text
        f"<div><h1>{TITLE}</h1><ul><li>2022-05-03 09:05</li><li>江湾日报</li><li>阅读 31</li></ul>{TEXT}</div>",
        # a button above the text is no heading of what follows
        f"<div><h1>{TITLE}</h1><p>2022-05-03</p><p>我要评论</p>{TEXT}</div>",
        # answers of a thread, longer than the first post
        f"<h1>{TITLE}</h1><table><tr><td id=postmessage_11>{TEXT}</td></tr></table>"
        f"<table><tr><td id=postmessage_12>{'支持这样的活动，希望多办几次，也请大家都来报名参加。' * 9}</td></tr></table>",
        # comments longer than the text
        f"<h1>{TITLE}</h1><div class=txt>{TEXT}</div><div class=pinglun>"
        + "<p>支持这样的活动，希望多办几次，也请大家都来报名参加。</p>" * 9 + "</div>",
    ],
)  # fmt: skip
def test_bodies(body):
    assert read(body).paragraphs == [FIRST, SECOND]


def test_traditional_characters_are_read_like_simplified_ones():
    article = read(
        "<h1>寒冬裡的一床棉被</h1><div><span>發佈時間：2022年5月3日 9時05分</span><span>來源：香江時報</span>"
        "<span>0人參與</span></div><div class=txt><p>（記者陳雨桐通訊員張若曦）近日，晨光社會工作服務中心的社工走進雲溪街道，"
        "為二十位獨居老人送去了棉被和米麵。</p><p>「有人惦記著，心裡就暖和。」八十一歲的老人說，她已經參加三年了。</p>"
        "<p>責任編輯：蘇念</p><p>免責聲明：本文僅代表作者個人觀點，與本網無關。</p></div>",
        "<title>寒冬裡的一床棉被_香江時報</title>",
    )
    assert (article.title, article.source) == ("寒冬裡的一床棉被", "香江時報")
    assert published(article) == "2022-05-03T09:05:00+08:00"
    assert (article.authors, article.editors) == (["陳雨桐", "張若曦"], ["蘇念"])
    assert len(article.paragraphs) == 2
    assert [b.kind for b in article.boilerplate if b.kind != "info"] == ["editor", "disclaimer"]


def test_a_law_keeps_its_articles_and_items():
    lines = [
        "第一章 总则",
        "第一条 为规范志愿服务，保护志愿者的合法权益，制定本办法。",
        "第二条 志愿服务组织应当：",
        "（一）公开服务信息；",
        "（二）开展技能培训；",
        "第三条 本办法自2022年6月1日起施行。",
    ]
    page = f"<h1>{TITLE}</h1><p>2022-05-03 09:05</p><div>" + "".join(f"<p>{x}</p>" for x in lines) + "</div>"
    article = read(page + RANKING)
    assert article.paragraphs == lines
    assert published(article) == "2022-05-03T09:05:00+08:00"


def test_an_interview_keeps_questions_and_answers():
    lines = [FIRST, "问：为什么想到送棉被？", "答：老人怕冷。", "问：以后还会来吗？", "答：每年都会来。"]
    page = f"<h1>{TITLE}</h1><p>2022-05-03 09:05</p><div>" + "".join(f"<p>{x}</p>" for x in lines) + "</div>"
    assert read(page).paragraphs == lines


def test_a_short_article_among_many_links_is_an_article():
    page = f"<h1>{TITLE}</h1><p>2022-05-03 09:05 来源：江湾日报</p><div>{FIRST}</div>{RANKING}"
    assert read(page).kind == "article"
    assert read(RANKING + f"<p>{FIRST}</p>", "<title>公益新闻</title>").kind == "list"


@pytest.mark.parametrize(
    "holder",
    [
        f"<textarea class=article-content style='display:none'>&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p&gt;{SECOND}&lt;/p&gt;</textarea>",
        f"<script>var data = {{id: 7, title: '{TITLE}', content: '&lt;p&gt;{FIRST}&lt;/p&gt;&lt;p class=\"a\"&gt;{SECOND}&lt;/p&gt;'}};</script>",
        f'<script>window.initialState={{"detail": {{"widgetTitle": "{TITLE}", "widgetContent": "<p>{FIRST}</p><p>{SECOND}</p>"}}}}</script>',
        f'<script>window.__NUXT__=(function(a){{return {{data:[{{body:"<p>{FIRST}</p><p>{SECOND}</p>"}}]}}}}(1));</script>',
    ],
)
def test_texts_that_a_script_holds(holder):
    assert read(f"<div id=app></div>{holder}", f"<title>{TITLE}</title>").paragraphs == [FIRST, SECOND]


def test_a_shell_that_a_script_fills_is_read_from_the_script():
    article = read(
        "<div id=app>加载中...</div><p>主办单位：临澜市融媒体中心　技术支持：澜声科技</p>"
        f'<script>window.__INITIAL_STATE__={{"hot": [{{"title": "别的标题在这里", "content": "{SECOND * 3}"}}],'
        f'"news": {{"title": "{TITLE}", "content": "<p>{FIRST}</p>", "source": "江湾日报"}}}};</script>'
    )
    assert article.paragraphs == [FIRST]
    assert (article.kind, article.source) == ("article", "江湾日报")
