"""One function a kind of publishing system: a draft in, a page out."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from benchmarks.made_pages import furniture, habits
from benchmarks.made_pages.layout import (
    Draft,
    around,
    as_script,
    closing,
    draft,
    html_page,
    page_title,
    text_html,
    without_info,
)
from benchmarks.made_pages.page import MadePage
from benchmarks.made_pages.story import ENGLISH, PAPERS, as_traditional, make_title, sentence


def make_page(template: str, seed: int) -> MadePage:
    """Returns the page number `seed` of a template."""
    draw = random.Random(f"{template} {seed}")
    made = draft(draw, people=template not in ("app_json", "wordpress", "english"))
    html = TEMPLATES[template](made)
    day = made.story.published
    url = draw.choice(
        (
            f"https://www.example.org.cn/n{draw.randint(1, 3)}/c{draw.randint(10000, 99999)}.html",
            f"https://news.example.cn/{day:%Y%m}/t{day:%Y%m%d}_{draw.randint(1000, 9999)}.html",
            f"http://example.com/show/{draw.randint(100, 9999)}",
        )
    )
    if template == "recent":
        url = "https://www.example.org.cn/show/77"
    return MadePage(
        f"{template}-{seed}", template, url, html, made.truth, draw.choice(("utf-8", "utf-8", "gb18030"))
    )


def make_pages(count: int, seed: int = 0) -> Iterator[MadePage]:
    """Yields `count` pages of every template."""
    for template in TEMPLATES:
        for number in range(count):
            yield make_page(template, seed * 100_000 + number)


def _info(made: Draft, parts: list[str]) -> str:
    """Puts the fields of the line under the title together."""
    draw = made.draw
    form = draw.choice(("spans", "text", "bars", "rows"))
    extras = draw.sample(
        (
            "字体：[大 中 小]",
            f"浏览次数：{draw.randint(3, 9000)}",
            f"点击：{draw.randint(3, 999)}次",
            "我要评论",
            "0人参与",
            "分享到：",
            "【打印】",
        ),
        draw.randint(0, 2),
    )
    if made.people.info:
        parts = [*parts, made.people.info]
    fields = [*parts, *extras]
    if form == "spans":
        return "".join(f"<span>{f}</span>" for f in fields)
    if form == "bars":
        return " | ".join(fields)
    if form == "rows":
        return "".join(f"<p>{f}</p>" for f in fields)
    return draw.choice(("　", "&nbsp;&nbsp;&nbsp;", "  ")).join(fields)


def _time_and_source(made: Draft, *, minute: bool | None = None) -> list[str]:
    draw, story = made.draw, made.story
    printed = habits.stamp(draw, story.published, minute=minute)
    made.truth.published = printed.says
    label = habits.time_label(draw)
    time = label + printed.text + {"[": "]"}.get(label[:1], "")
    if draw.random() < 0.85:
        made.truth.source = story.source
        style = draw.random()
        source = story.source if style < 0.7 else f'<a href="http://a.example.cn">{story.source}</a>'
        field = habits.source_label(draw) + source
    else:
        field = ""
    fields = [time, field] if draw.random() < 0.7 else [field, time]
    return [f for f in fields if f]


def portal(made: Draft) -> str:
    """A news portal: heading, info line, text in paragraphs."""
    draw, story = made.draw, made.story
    info = f'<div class="{draw.choice(("info", "post_info", "date-source", "pageinfo", "msg", "artInfo"))}">{_info(made, _time_and_source(made))}</div>'
    content = f'<div class="{draw.choice(("article", "content", "text_con", "post_text", "main-content", "a b"))}" id="{draw.choice(("artibody", "content", "p-detail", "x1"))}">{text_html(made)}{closing(made)}</div>'
    return html_page(made, "", around(made, f"<h1>{story.title}</h1>{info}{content}"))


def paper_titles(made: Draft) -> str:
    """A digital newspaper: shoulder title, title, subtitle, a day without a time, columns in tables."""
    draw, story = made.draw, made.story
    made.truth.published = story.published.date().isoformat()
    made.truth.shoulder, made.truth.subtitle = story.shoulder, story.subtitle
    made.truth.optional += [story.shoulder, story.subtitle]
    day = f"{story.published.year}年{story.published.month:02}月{story.published.day:02}日"
    week = "一二三四五六日"[story.published.weekday()]
    form = draw.choice(("classes", "founder", "headings"))
    if form == "classes":
        titles = f'<p class="yinti">{story.shoulder}</p><h1>{story.title}</h1><h3 class="subtitle">{story.subtitle}</h3>'
    elif form == "founder":
        titles = f'<table><tr><td class="font02">{story.shoulder}</td></tr><tr><td class="font01">{story.title}</td></tr><tr><td class="font02">{story.subtitle}</td></tr></table>'
    else:
        titles = f"<h3>{story.shoulder}</h3><h1>{story.title}</h1><h2>{story.subtitle}</h2>"
    masthead = f'<div class="paper_top"><span>{story.source}</span> <b>{day} 星期{week}</b> <span>第A0{draw.randint(1, 9)}版：社会</span></div>'
    pages = (
        '<div class="bc">'
        + "".join(
            f'<a href="node_{n}.htm">第A0{n}版：{c}</a>'
            for n, c in enumerate(("头版", "要闻", "社会", "公益"), 1)
        )
        + "</div>"
    )
    content = f'<div id="ozoom">{text_html(made, draw.choice(("p", "indent", "br")))}</div>'
    main = f'{titles}<div class="lai">{made.people.info}</div>{content}<p><a href="#">上一篇</a> <a href="#">下一篇</a> <a href="#">放大</a> <a href="#">缩小</a> <a href="#">默认</a></p>'
    return html_page(
        made,
        "",
        masthead + f"<table><tr><td>{pages}</td><td>{main}</td></tr></table>{furniture.footer(draw)}",
        title=draw.choice((story.title, f"{story.source}-{story.title}", story.source)),
    )


def government(made: Draft) -> str:
    """A government site: metas of the national standard, an info line, an editor's soup of spans, attachments."""
    draw, story = made.draw, made.story
    parts = _time_and_source(made)
    precise = story.published.strftime("%Y-%m-%d %H:%M")
    if draw.random() < 0.5:
        made.truth.published = story.published.isoformat(timespec="minutes")
        parts = [p for p in parts if story.source in p] or []
        parts.insert(0, f"发布日期：{precise}")
        head = f'<meta name="SiteName" content="临澜市民政局"><meta name="ArticleTitle" content="{story.title}"><meta name="PubDate" content="{precise}"><meta name="ContentSource" content="{story.source}"><meta name="ColumnName" content="工作动态">'
        made.truth.source = story.source
    else:
        head = (
            '<meta name="description" content="临澜市民政局"><meta name="keywords" content="民政,社会组织">'
        )
    content = f'<div class="{draw.choice(("TRS_Editor", "view TRS_UEDITOR trs_paper_default", "Custom_UnionStyle", "wzcon j-fontContent", "zoom"))}" id="zoom">{text_html(made, draw.choice(("span", "word", "p", "indent")), furnished=False)}</div>'
    tools = '<div class="tools"><span>扫一扫在手机打开当前页</span><a href="#">【打印本页】</a><a href="#">【关闭窗口】</a></div>'
    main = f'<div class="title">{story.title}</div><div class="xx_info">{_info(made, parts)}</div>{content}<div class="fj">附件：<a href="1.doc">登记表.doc</a></div>{tools}'
    if draw.random() < 0.5:
        main = main.replace('<div class="title">', "<h1>").replace(
            f"{story.title}</div>", f"{story.title}</h1>", 1
        )
    return html_page(made, head, around(made, main))


def public_account(made: Draft) -> str:
    """A public account's page: hidden until a script runs, nested sections, the time in a script."""
    draw, story = made.draw, made.story
    made.truth.published = story.published.isoformat(timespec="minutes")
    made.truth.source = story.source
    unix = int(story.published.timestamp())
    variable = draw.choice(
        (
            f'var ct = "{unix}";',
            f'var oriCreateTime = "{unix}";',
            f'var publish_time="{story.published:%Y-%m-%d %H:%M}";',
            f'window.ct = "{unix}";',
        )
    )
    author = (
        f'<span class="rich_media_meta rich_media_meta_text">{made.people.info.split("：")[-1]}</span>'
        if made.people.info and made.people.authors and draw.random() < 0.5 and "：" in made.people.info
        else ""
    )
    if not author:
        without_info(made)
    text = text_html(made, draw.choice(("section", "p", "span")), furnished=draw.random() < 0.5)
    end = draw.choice(
        (
            "<p>END</p>",
            "<p>- END -</p>",
            "<section><p>往期推荐</p><p><a href='/s/1'>社工日记：第一次入户</a></p></section>",
            "",
        )
    ) + closing(made)
    content = f'<div class="rich_media_content" id="js_content" style="visibility: hidden; opacity: 0;">{text}{end}</div>'
    metas = f'<meta property="og:title" content="{story.title}"><meta property="og:article:author" content=""><meta property="og:description" content="{made.first_line[:30]}">'
    main = f'<div id="page-content"><h1 class="rich_media_title" id="activity-name">\n{story.title}\n</h1><div id="meta_content" class="rich_media_meta_list">{author}<span class="rich_media_meta rich_media_meta_nickname" id="profileBt"><a href="javascript:void(0);" id="js_name">{story.source}</a><div id="js_profile_qrcode" style="display:none;"><strong class="profile_nickname">{story.source}</strong><p class="profile_meta"><label>微信号</label><span>linlan2020</span></p><p><label>功能介绍</label><span>{story.source}官方账号，传递公益声音。</span></p></div></span><em id="publish_time" class="rich_media_meta rich_media_meta_text"></em></div>{content}<div class="tool_area"><p>预览时标签不可点</p><p>微信扫一扫<br>关注该公众号</p></div></div><script>{variable}var msg_title="";</script>'
    return html_page(made, metas, main, title=draw.choice(("", story.title)))


def forum(made: Draft) -> str:
    """A bulletin board: the first post is the article, answers follow with times of their own."""
    draw, story = made.draw, made.story
    printed = habits.stamp(draw, story.published, minute=True)
    made.truth.published = printed.says
    without_info(made)
    poster = draw.choice(("清风徐来", "爱吃鱼的猫", "江湾小蜜蜂", "公益行者2020"))
    made.truth.source = None
    jam = '<span style="display:none">0 q3 V6 k8</span>'
    text = text_html(made, "br", furnished=False).replace("<br><br>", jam + "<br><br>", 2)
    posts = [
        f'<div class="authi"><em id="authorposton1">发表于 {printed.text}</em> | <a href="#">只看该作者</a> | <a href="#">倒序浏览</a> | <a href="#">阅读模式</a></div><div class="t_fsz"><table><tr><td class="t_f" id="postmessage_1">{text}</td></tr></table></div>'
    ]
    posts += [
        f'<div class="authi"><em>发表于 2026-3-1{number} 1{number}:20</em> | <a href="#">只看该作者</a></div><div class="t_fsz"><table><tr><td class="t_f" id="postmessage_{number}">{draw.choice(("支持，向志愿者致敬！", "顶一个", sentence(draw)))}</td></tr></table></div>'
        for number in range(2, draw.randint(2, 6))
    ]
    rows = "".join(
        f'<div id="post_{i}"><table class="plhin"><tr><td class="pls"><div class="authi"><a href="#">{poster if i == 0 else habits.somebody(draw)}</a></div><p>主题 12 | 帖子 300 | 积分 998</p></td><td class="plc">{p}</td></tr></table></div>'
        for i, p in enumerate(posts)
    )
    main = f'<div id="postlist"><table><tr><td class="pls"><span>查看: </span>{draw.randint(100, 9999)}<span>|</span>回复: {len(posts) - 1}</td><td class="plc"><h1 class="ts"><a href="#">[公益资讯]</a> <span id="thread_subject">{story.title}</span></h1></td></tr></table>{rows}</div>'
    return html_page(
        made,
        "",
        furniture.nav(draw) + main + furniture.footer(draw),
        title=f"{story.title} - 公益资讯 - 临澜社区 - Powered by Discuz!",
    )


def small_cms(made: Draft) -> str:
    """The systems of small sites: the info line in small elements or inside the heading, an introduction in a box."""
    draw, story = made.draw, made.story
    fields = _time_and_source(made)
    people = made.people.info
    summary = made.first_line[:60] + "..."
    form = draw.choice(("small", "heading", "list"))
    if form == "small":
        info = "".join(
            f"<small>{f.partition('：')[0]}：</small>{f.partition('：')[2]} " if "：" in f else f"{f} "
            for f in [*fields, *([people] if people else [])]
        )
        main = f'<div class="viewbox"><div class="title"><h2>{story.title}</h2></div><div class="info">{info}<small>点击:</small>{draw.randint(1, 900)}次</div><div class="intro">{summary}</div><div class="content"><table><tr><td>{text_html(made)}{closing(made)}</td></tr></table></div>{furniture.share(draw)}</div>'
        made.truth.optional.append(summary)
    elif form == "heading":
        main = f'<div id="Article"><h1>{story.title}<br /><span>{"　".join(fields)}　{people}　评论：<a href="#">0</a> 点击：<span id="hits">{draw.randint(1, 900)}</span></span></h1><div class="summary">核心提示：{summary}</div><div class="content">{text_html(made)}{closing(made)}</div></div>'
        made.truth.optional.append("核心提示：" + summary)
    else:
        main = f'<h1>{story.title}</h1><ul class="meta">{"".join(f"<li>{f}</li>" for f in [*fields, people] if f)}<li>阅读 {draw.randint(1, 900)}</li></ul><div class="show-text">{text_html(made)}{closing(made)}</div>'
    return html_page(made, f'<meta name="description" content="{summary}">', around(made, main))


def wordpress(made: Draft) -> str:
    """A blog: classes of a common theme, time elements, an author's link, comments."""
    draw, story = made.draw, made.story
    name = story.people[0]
    made.truth.authors = [name]
    made.truth.published = story.published.isoformat(timespec="minutes")
    shown = draw.choice(
        (
            f"{story.published:%Y-%m-%d}",
            f"{story.published.year}年{story.published.month}月{story.published.day}日",
        )
    )
    info = f'<div class="entry-meta"><span class="posted-on"><time class="entry-date published" datetime="{story.published.isoformat()}">{shown}</time></span> <span class="byline">{draw.choice(("作者：", "", "by "))}<span class="author vcard"><a class="url fn n" href="/author/a">{name}</a></span></span> <span class="cat-links">分类：<a href="#">公益</a></span></div>'
    content = f'<div class="entry-content">{text_html(made, "p")}{closing(made)}</div>'
    main = f'<article class="post type-post hentry"><header class="entry-header"><h1 class="entry-title">{story.title}</h1>{info}</header>{content}<footer class="entry-footer">{furniture.tags(draw)}</footer></article><nav class="post-navigation">{furniture.neighbours(draw)}</nav>{furniture.comments(draw)}'
    return html_page(
        made,
        "",
        f'<header>{furniture.nav(draw)}</header><div id="primary"><main>{main}</main></div><aside id="secondary">{furniture.ranking(draw)}</aside>{furniture.footer(draw)}',
        title=page_title(draw, story),
    )


def old_table(made: Draft) -> str:
    """An old site: everything in nested tables and font elements, broken by <br>."""
    draw, story = made.draw, made.story
    fields = "　".join([*_time_and_source(made), made.people.info])
    text = text_html(made, draw.choice(("br", "table", "indent")), furnished=False)
    if "<tr>" in text:
        text = f"<table>{text}</table>"
    side = "".join(f'<tr><td>·<a href="/a{i}.htm">{make_title(draw)}</a></td></tr>' for i in range(8))
    body = f'<table width="760"><tr><td>{furniture.nav(draw)}</td></tr></table><table width="760"><tr><td width="180" valign="top"><table><tr><td>热点新闻</td></tr>{side}</table></td><td valign="top"><table><tr><td align="center"><font size="5"><b>{story.title}</b></font></td></tr><tr><td align="center"><font color="#999999">{fields}</font></td></tr><tr><td class="{draw.choice(("", "p14", "content"))}">{text}</td></tr><tr><td align="right">【<a href="#">打印本稿</a>】【<a href="#">关闭</a>】</td></tr></table></td></tr></table>{furniture.footer(draw)}'
    return html_page(made, "", body)


def app_json(made: Draft) -> str:
    """A page of a script framework: the article stands in JSON, the HTML shows a shell."""
    draw, story = made.draw, made.story
    text = "".join(f"<p>{line.text}</p>" for line in story.lines if line.kind != "caption")
    made.truth.published = story.published.isoformat(timespec="minutes")
    made.truth.source = story.source
    made.truth.captions = []
    shown = f"{story.published:%Y-%m-%d %H:%M:%S}"
    others = [
        {
            "id": i,
            "title": make_title(draw),
            "summary": sentence(draw),
            "publishTime": "2026-03-19 08:00:00",
        }
        for i in range(5)
    ]
    article = {
        "id": 9,
        "title": story.title,
        "content": text,
        "publishTime": shown,
        "source": story.source,
        "author": "",
    }
    form = draw.choice(("next", "initial", "nuxt", "unix"))
    if form == "next":
        script = f'<script id="__NEXT_DATA__" type="application/json">{as_script({"props": {"pageProps": {"detail": article, "recommend": others}}})}</script>'
    elif form == "initial":
        script = f"<script>window.__INITIAL_STATE__={as_script({'news': {'article': article}, 'hot': others})};(function(){{var s;}}())</script>"
    elif form == "nuxt":
        script = f"<script>window.__NUXT__={as_script({'data': [{'article': article}], 'state': {'hot': others}})};</script>"
    else:
        article["publishTime"] = int(story.published.timestamp() * 1000)
        script = f"<script>var articleData = {as_script(article)};</script>"
    return html_page(
        made,
        "",
        f'<div id="app"><div class="loading">加载中...</div></div>{script}{furniture.footer(draw)}',
        title=draw.choice((story.title, f"{story.title} - 澜声客户端")),
    )


def mobile(made: Draft) -> str:
    """A mobile page: little around, the text folded behind a button, an invitation to an app."""
    draw, story = made.draw, made.story
    fields = _time_and_source(made)
    if draw.random() < 0.5:
        without_info(made)
    info = f'<p class="art_msg">{_info(made, fields)}</p>'
    fold = '<div class="unfold"><a href="javascript:;">展开全文</a></div><div class="open-app">打开APP阅读更多精彩内容</div>'
    content = f'<section class="art_content" style="max-height:900px;overflow:hidden">{text_html(made, "p")}{closing(made)}</section>'
    cards = "".join(
        f'<a class="card" href="/m/{i}"><div class="t">{make_title(draw)}</div><div class="b"><span>{draw.choice(PAPERS)}</span><span>{i + 1}小时前</span><span>{draw.randint(1, 99)}评论</span></div></a>'
        for i in range(5)
    )
    return html_page(
        made,
        '<meta name="viewport" content="width=device-width">',
        f'<div class="top">打开APP，看更多热点</div><article><h1 class="art_tit">{story.title}</h1>{info}{content}</article>{fold}<div class="hot"><h2>热门推荐</h2>{cards}</div>',
    )


def recent(made: Draft) -> str:
    """A page of the last days: its time has no year, or counts back from now."""
    draw = made.draw
    at, printed = habits.recent_stamp(draw)
    made.story.published = at
    made.truth.published, made.truth.source = printed.says, made.story.source
    label = draw.choice(("", "发布时间：", "发布于", "时间："))
    parts = [label + printed.text, habits.source_label(draw) + made.story.source]
    content = f'<div class="detail">{text_html(made)}{closing(made)}</div>'
    return html_page(
        made,
        "",
        around(made, f'<h1>{made.story.title}</h1><div class="sub">{_info(made, parts)}</div>{content}'),
    )


def split_date(made: Draft) -> str:
    """The date in pieces: year, day and time in elements of their own beside the title."""
    draw, story = made.draw, made.story
    at = story.published
    made.truth.published = at.isoformat(timespec="minutes")
    made.truth.source = story.source
    date = draw.choice(
        (
            f'<div class="header-time"><span class="year"><em>{at.year}</em></span><span class="day"><em>{at.month:02}</em>/<em>{at.day:02}</em></span><span class="time">{at:%H:%M:%S}</span></div>',
            f'<div class="date"><b>{at.year}-{at.month:02}-{at.day:02}</b><i>{at:%H:%M}</i></div>',
            f'<ul class="time"><li>{at.year}年{at.month}月{at.day}日</li><li>{at:%H:%M}</li></ul>',
            f'<div class="tm"><p>{at:%Y}</p><p>{at:%m-%d}</p><p>{at:%H:%M}</p></div>',
        )
    )
    content = f'<div id="detail">{text_html(made, "p")}{closing(made)}</div>'
    people = f"<span>{made.people.info}</span>" if made.people.info else ""
    return html_page(
        made,
        "",
        around(
            made,
            f'{date}<h1><span class="title">{story.title}</span></h1><div class="source">{habits.source_label(draw)}<span>{story.source}</span>{people}</div>{content}',
        ),
    )


def bare_fields(made: Draft) -> str:
    """Source and time stand under the title without any label, in elements with or without telling names."""
    draw, story = made.draw, made.story
    printed = habits.stamp(draw, story.published)
    made.truth.published, made.truth.source = printed.says, story.source
    fields = draw.choice(([story.source, printed.text], [printed.text, story.source]))
    form = draw.choice(("spans", "list", "rows"))
    if form == "spans":
        info = f'<div class="article-meta"><span class="source">{fields[0]}</span><span class="t">{fields[1]}</span></div>'
    elif form == "list":
        info = f'<ul class="info"><li>{fields[0]}</li><li>{fields[1]}</li></ul>'
    else:
        info = f'<div class="news_about"><p>{fields[0]}</p><p>{fields[1]}<span>字号</span></p></div>'
    people = f"<p>{made.people.info}</p>" if made.people.info else ""
    content = f'<div class="news_txt">{text_html(made)}{closing(made)}</div>'
    return html_page(
        made, "", around(made, f'<h1 class="news_title">{story.title}</h1>{info}{people}{content}')
    )


def traditional(made: Draft) -> str:
    """A page of a site that writes traditional Chinese: another system's page, character by character."""
    page = made.draw.choice((portal, small_cms, bare_fields))(made)
    truth = made.truth
    truth.title, truth.source = as_traditional(truth.title), as_traditional(truth.source or "") or None
    truth.authors, truth.editors = (
        [*map(as_traditional, truth.authors)],
        [*map(as_traditional, truth.editors)],
    )
    truth.body, truth.captions = [*map(as_traditional, truth.body)], [*map(as_traditional, truth.captions)]
    truth.optional = [*map(as_traditional, truth.optional)]
    return as_traditional(page)


def english(made: Draft) -> str:
    """An English news site: JSON-LD, a byline that begins with By, cards of other stories among the text."""
    draw, story = made.draw, made.story
    name = draw.choice(("Mary Whitfield", "Tom Okafor", "Lena Brandt and Paul Reyes"))
    title = draw.choice(
        (
            "Volunteers mend a hundred winter coats",
            "Why a village library stays open all night",
            "City adds 40 beds for the homeless",
        )
    )
    lines = [draw.choice(ENGLISH) for _ in range(draw.randint(4, 14))]
    lines = list(dict.fromkeys(lines))
    made.truth.title, made.truth.source, made.truth.body = title, None, lines
    made.truth.authors, made.truth.editors, made.truth.captions, made.truth.optional = (
        name.split(" and "),
        [],
        [],
        [],
    )
    made.truth.published = story.published.isoformat(timespec="minutes")
    data = as_script(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": title,
            "datePublished": story.published.isoformat(),
        }
    )
    card = '<aside class="related"><h3>Read more</h3><a href="/a">Another story about the river and its banks</a></aside>'
    text = "".join(f"<p>{line}</p>" + (card if i == 1 else "") for i, line in enumerate(lines))
    foot = "<footer><p>© 2026 The Harbour Post. All rights reserved.</p></footer>"
    signup = '<div class="newsletter"><h4>Sign up for our newsletter</h4><p>Get the best stories every morning, for free.</p></div>'
    html = f'<header><nav><a href="/">News</a> <a href="/s">Sport</a></nav></header><main><article><h1>{title}</h1><div class="byline">By {name}</div><time datetime="{story.published.isoformat()}">{story.published:%d %B %Y}</time>{text}</article>{signup}</main>{foot}'
    return html_page(
        made, f'<script type="application/ld+json">{data}</script>', html, title=f"{title} | The Harbour Post"
    )


TEMPLATES: dict[str, Callable[[Draft], str]] = {
    f.__name__: f
    for f in (
        portal, paper_titles, government, public_account, forum, small_cms, wordpress, old_table, app_json, mobile,
        recent, split_date, bare_fields, traditional, english,
    )
}  # fmt: skip
"""The templates by name."""
