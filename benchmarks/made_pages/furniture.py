"""What pages put around and into an article: navigation, rankings, cards, comments, invitations, small print."""

from __future__ import annotations

import random
from datetime import timedelta

from benchmarks.made_pages.habits import somebody
from benchmarks.made_pages.page import FETCHED_AT, ZONE
from benchmarks.made_pages.story import GROUPS, PROJECTS, WHO, caption, make_title, paragraph, sentence

COLUMNS = [
    "首页",
    "新闻",
    "公益",
    "社区",
    "民政",
    "志愿服务",
    "社会组织",
    "专题",
    "图片",
    "视频",
    "评论",
    "理论",
    "教育",
    "健康",
    "文化",
    "体育",
]


def nav(draw: random.Random, tag: str = "div") -> str:
    """A bar of columns."""
    items = "".join(f'<li><a href="/{i}/">{name}</a></li>' for i, name in enumerate(draw.sample(COLUMNS, 10)))
    today = draw.choice(("", f"<span>今天是{FETCHED_AT:%Y年%m月%d日} 星期五 多云 9~16℃</span>"))
    return f'<{tag} class="{draw.choice(("nav", "menu", "head_nav", "topbar", "w1000"))}">{today}<ul>{items}</ul></{tag}>'


def trail(draw: random.Random) -> str:
    """Where the reader is."""
    first, second = draw.sample(COLUMNS[1:], 2)
    mark = draw.choice((" > ", " &gt;&gt; ", " » ", "&nbsp;&gt;&nbsp;"))
    lead = draw.choice(("当前位置：", "您当前的位置：", "您所在的位置：", "", "位置:"))
    return f'<div class="{draw.choice(("crumbs", "position", "path", "dqwz", "lm"))}">{lead}<a href="/">首页</a>{mark}<a href="/a/">{first}</a>{mark}<a href="/a/b/">{second}</a>{draw.choice(("", mark + "正文"))}</div>'


def _href(draw: random.Random) -> str:
    return f"/{draw.randint(2019, 2026)}/{draw.randint(1, 12):02}{draw.randint(1, 28):02}/{draw.randint(10000, 999999)}.html"


def ranking(draw: random.Random) -> str:
    """A list of linked titles beside the text."""
    head = draw.choice(
        ("热点排行", "点击排行榜", "24小时热文", "一周排行", "最新发布", "图片新闻", "推荐阅读", "热门资讯")
    )
    items = "".join(
        f'<li><em>{n}</em><a href="{_href(draw)}">{make_title(draw)}</a>{draw.choice(("", f"<span>{draw.randint(1, 12):02}-{draw.randint(1, 28):02}</span>"))}</li>'
        for n in range(1, draw.randint(6, 12))
    )
    return f'<div class="{draw.choice(("right", "side", "fr w300", "rank", "box", "sidebar"))}"><h3>{head}</h3><ul>{items}</ul></div>'


def related(draw: random.Random, *, inside: bool = False) -> str:
    """Links to other articles under a heading; `inside`, without an element of their own."""
    head = draw.choice(
        (
            "相关阅读",
            "相关新闻",
            "延伸阅读：",
            "相关链接",
            "推荐阅读",
            "【相关报道】",
            "更多阅读",
            "往期回顾",
            "延伸推荐",
            "你可能还喜欢",
            "猜你喜欢",
        )
    )
    count = draw.randint(3, 6)
    if inside:
        return f"<p><strong>{head}</strong></p>" + "".join(
            f'<p><a href="{_href(draw)}">{make_title(draw)}</a></p>' for _ in range(count)
        )
    if draw.random() < 0.4:
        cards = "".join(
            f'<div class="item"><a href="{_href(draw)}"><img src="/x.jpg"></a><div class="con"><h4><a href="{_href(draw)}">{make_title(draw)}</a></h4><p>{sentence(draw)[:46]}...</p><span class="time">{draw.randint(2024, 2026)}-0{draw.randint(1, 9)}-1{draw.randint(0, 9)} 09:1{draw.randint(0, 9)}</span></div></div>'
            for _ in range(count)
        )
        return f'<div class="{draw.choice(("related", "tj", "xg", "more-list", "bottom_list"))}"><h3>{head}</h3>{cards}</div>'
    items = "".join(f'<li><a href="{_href(draw)}">{make_title(draw)}</a></li>' for _ in range(count))
    return f'<div class="{draw.choice(("related", "xgxw", "xg_list", "box2", "list"))}"><div class="tit">{head}</div><ul>{items}</ul></div>'


def comments(draw: random.Random) -> str:
    """What readers said, each with a time."""
    rows = []
    for _ in range(draw.randint(2, 7)):
        at = FETCHED_AT.astimezone(ZONE) - timedelta(hours=draw.randint(1, 300))
        rows.append(
            f'<li><span class="user">{somebody(draw)}</span><span class="time">{at:%Y-%m-%d %H:%M}</span><p>{draw.choice(("为他们点赞！", "这样的好人好事应该多宣传。", sentence(draw), "支持公益，人人有责。", "正能量满满，希望坚持下去，我也想报名参加。"))}</p><a href="#">回复</a> <a href="#">顶({draw.randint(0, 50)})</a></li>'
        )
    return f'<div class="{draw.choice(("comment", "pinglun", "cmt-list", "mod-talk", "reply-box"))}"><h3>{draw.choice(("网友评论", "最新评论", "评论列表", "全部评论"))}</h3><ul>{"".join(rows)}</ul></div>'


def share(draw: random.Random) -> str:
    """A bar of buttons."""
    return draw.choice(
        (
            '<div class="bdsharebuttonbox"><span>分享到：</span><a href="#">新浪微博</a><a href="#">微信</a><a href="#">QQ空间</a></div>',
            '<div class="tools"><a href="#">打印</a> <a href="#">关闭</a> <a href="#">收藏</a></div>',
            '<div class="share">分享到 <a href="#">微博</a> <a href="#">微信</a><div class="qr"><img src="/q.png"><p>扫一扫分享到朋友圈</p></div></div>',
            '<div class="font">字号：<a href="#">大</a> <a href="#">中</a> <a href="#">小</a></div>',
        )
    )


def invitation(draw: random.Random) -> str:
    """A request to follow an account, in a paragraph like those of the text."""
    return draw.choice(
        (
            "<p>扫描下方二维码，关注我们</p>",
            "<p>长按识别二维码关注公众号</p>",
            "<p>更多精彩内容，请关注“临澜发布”微信公众号</p>",
            "<p>欢迎关注公众号：晨光社工</p>",
            '<p style="text-align:center">点亮“在看”，为志愿者点赞！</p>',
            "<p>点击下方“阅读原文”查看更多</p>",
        )
    )


def disclaimer(draw: random.Random) -> str:
    """A notice about rights and opinions, in a paragraph like those of the text."""
    return draw.choice(
        (
            "<p>免责声明：本文仅代表作者个人观点，与本网无关。其原创性以及文中陈述文字和内容未经本站证实，对本文的真实性本站不作任何保证或承诺。</p>",
            "<p>声明：本网转载此文目的在于传递更多信息，并不代表本网赞同其观点和对其真实性负责。如涉及版权问题，请与我们联系删除。</p>",
            "<p>版权声明：凡本网注明来源的作品，版权均属本网，未经授权不得转载。</p>",
            "<p>特别声明：以上内容（如有图片或视频亦包括在内）为自媒体平台用户上传并发布，本平台仅提供信息存储服务。</p>",
            "<p>（本文来源于网络，如有侵权请联系删除）</p>",
            "<p>以上文章仅代表作者个人观点，本网只是转载，如涉及作品内容、版权、稿酬问题，请及时联系我们。</p>",
        )
    )


def advert(draw: random.Random) -> str:
    """An advertisement in the middle of a text."""
    return draw.choice(
        (
            '<div class="ad"><a href="https://ads.example.com/1">春季好物特惠，满减进行中</a></div>',
            '<div class="gg"><ins class="adsbygoogle"></ins><span>广告</span></div>',
            '<div id="ad_in_text"><script>show();</script><p>打开客户端，查看更多精彩图片</p></div>',
            f'<div class="recommend-in"><a href="{_href(draw)}">{make_title(draw)}</a></div>',
        )
    )


def author_card(draw: random.Random) -> str:
    """Who runs the account."""
    group = draw.choice(GROUPS)
    return f'<div class="{draw.choice(("author-card", "about-author", "user-info-box", "media_info"))}"><img src="/a.png"><div class="name">{group}</div><p>{group}官方账号，分享公益资讯，传递温暖力量，欢迎大家关注和投稿。</p><a href="#">+关注</a></div>'


def neighbours(draw: random.Random) -> str:
    """The articles before and after."""
    return f'<div class="{draw.choice(("prenext", "page_n", "sxp", "post-nav"))}"><p>上一篇：<a href="{_href(draw)}">{make_title(draw)}</a></p><p>下一篇：<a href="{_href(draw)}">{make_title(draw)}</a></p></div>'


def picture(draw: random.Random, text: str = "") -> str:
    """A picture with `text` under it, in one of the habits."""
    image = f'<img src="/p/{draw.randint(1, 999)}.jpg" alt="">'
    if not text:
        return f"<p>{image}</p>"
    return draw.choice(
        (
            f"<figure>{image}<figcaption>{text}</figcaption></figure>",
            f'<p style="text-align:center">{image}</p><p style="text-align:center">{text}</p>',
            f'<div class="pic">{image}<p class="pic-txt">{text}</p></div>',
            f'<p align="center">{image}<br>{text}</p>',
        )
    )


def footer(draw: random.Random) -> str:
    """The small print of a site."""
    return f'<div class="{draw.choice(("footer", "foot", "copyright", "bottom", "f_box"))}"><p><a href="#">关于我们</a> | <a href="#">联系我们</a> | <a href="#">网站地图</a> | <a href="#">法律声明</a></p><p>主办单位：临澜市融媒体中心　技术支持：澜声科技</p><p>Copyright © 2010-2026 版权所有 未经授权禁止转载 澜ICP备1{draw.randint(1000000, 9999999)}号-1　违法和不良信息举报电话：0571-0000{draw.randint(1000, 9999)}</p></div>'


def standfirst(draw: random.Random) -> str:
    """A summary between title and text."""
    return sentence(draw)


def gallery_strip(draw: random.Random) -> str:
    """Small pictures with linked words."""
    items = "".join(
        f'<li><a href="{_href(draw)}"><img src="/t.jpg"><span>{caption(draw)[2:-1]}</span></a></li>'
        for _ in range(4)
    )
    return f'<div class="pics"><h3>精彩图集</h3><ul>{items}</ul></div>'


def hidden_copy(draw: random.Random, text: str) -> str:
    """What is hidden for search engines and readers of screens."""
    return f'<div style="display:none">{text[:120]}{paragraph(draw, 1)}</div>'


def tags(draw: random.Random) -> str:
    """Words that the article is filed under."""
    words = " ".join(
        f'<a href="/tag/{i}">{w}</a>' for i, w in enumerate((draw.choice(PROJECTS), draw.choice(WHO)))
    )
    return f'<div class="{draw.choice(("tags", "keyword", "bq"))}">{draw.choice(("标签：", "关键词：", "TAG:"))}{words}</div>'
