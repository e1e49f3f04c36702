"""晨光公益网: a modern template with semantic tags, JSON-LD, og: metas and class names of a build tool."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from crawler.demo.address import article_path, article_url, list_path
from crawler.demo.layout import (
    Around,
    Entry,
    ListPage,
    caption,
    escape,
    fill,
    keywords,
    links,
    table_groups,
    teaser_text,
)
from crawler.demo.publisher import publishers, stable_number
from crawler.demo.story import Block, Posting

CONTENT_TYPE = "text/html; charset=utf-8"
AD_AFTER = 3  # blocks before the advertisement in the middle of a text
PARTS = 3  # pages of the paginated article
_COMMENTS = (
    ("江边的老槐树", "为他们点赞，这样的事多一些就好了。"),
    ("momo_2019", "我们小区也想请他们来，怎么联系？"),
    ("一杯清茶", "坚持做公益不容易，支持！"),
    ("网友00731", "希望把账目也公开一下。"),
    ("早起的麻雀", "上个月我也去当志愿者了，收获很多。"),
)


def article(posting: Posting, beside: Around, parts: int = 1) -> list[bytes]:
    """Returns the article's pages, in UTF-8; with `parts` above 1 its blocks are cut into that many."""
    size = -(-len(posting.blocks) // parts)
    cuts = [posting.blocks[start : start + size] for start in range(0, len(posting.blocks), size)]
    return [
        _part(posting, beside, blocks, number, len(cuts)).encode("utf-8")
        for number, blocks in enumerate(cuts, 1)
    ]


def _part(posting: Posting, beside: Around, blocks: Sequence[Block], number: int, total: int) -> str:
    site = publishers()["chenguang"]
    url = article_url(posting)
    authors = posting.byline or (f"作者：{' '.join(posting.authors)}" if posting.authors else "")
    comments = stable_number(f"comments:{posting.slug}", 2, len(_COMMENTS) + 1)
    return fill(
        "chenguang_article.html",
        title=escape(posting.title),
        keywords=escape(keywords(posting, site)),
        summary=escape(teaser_text(posting)),
        url=url,
        iso=posting.published.isoformat(),
        json_ld=_json_ld(posting, url),
        navigation=_navigation(),
        column=posting.column,
        column_path=list_path(site, site.columns[posting.column]),
        shown_time=f"{posting.published:%Y-%m-%d %H:%M}",
        source=escape(posting.source),
        authors=f'<span class="ArticleHead_author__n4Kx6">{escape(authors)}</span>' if authors else "",
        print_path=article_path(posting).replace("/", "/print/", 1),
        comment_count=str(comments),
        lead=_lead(posting) if number == 1 else "",
        number=str(stable_number(posting.slug, 100_000, 1_000_000)),
        body=_body(posting, blocks, beside, first=number == 1, last=number == total),
        pager=_parts_pager(posting, number, total) if total > 1 else "",
        editors=f"（责任编辑：{escape(' '.join(posting.editors))}）" if posting.editors else "",
        newer=_neighbour("上一篇", beside.newer),
        older=_neighbour("下一篇", beside.older),
        related=links(
            beside.related,
            lambda e, _: f'    <li><a href="{_marked(e, "related")}">{escape(e.title)}</a></li>',
        ),
        comments=_comments(posting, comments),
        ranking=_ranking(beside.ranking),
        teasers=_teasers(beside.teasers),
    )


def _json_ld(posting: Posting, url: str) -> str:
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "headline": posting.title,
        "datePublished": posting.published.isoformat(),
        "dateModified": (posting.published + timedelta(minutes=17)).isoformat(),
        "author": [{"@type": "Person", "name": name} for name in posting.authors],
        "publisher": {"@type": "Organization", "name": "晨光公益网"},
        "description": teaser_text(posting),
    }
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")


def _lead(posting: Posting) -> str:
    if not posting.summary:
        return ""
    return f'    <p class="ArticleHead_lead__Ee3d1"><strong>摘要：</strong>{escape(posting.summary)}</p>'


def _body(posting: Posting, blocks: Sequence[Block], beside: Around, *, first: bool, last: bool) -> str:
    lines: list[str] = []
    for count, group in enumerate(table_groups(blocks)):
        if count == 1 and first and (words := caption(posting)):
            lines.append(
                '<figure class="Figure_wrap__u7Jk1"><img src="/static/img/placeholder.svg" '
                f'alt="" data-src="/upload/{stable_number(posting.slug, 1, 10**9)}.jpg">'
                f"<figcaption>{escape(words)}</figcaption></figure>"
            )
        if count == AD_AFTER and len(blocks) > AD_AFTER + 1:
            lines.append(
                '<div class="AdSlot_inline__9fGh1"><span>广告</span><a rel="nofollow" target="_blank" '
                'href="http://ad.lianmeng.example/c?id=66120&amp;pos=mid">秋季净水机团购，社区价直降'
                "三成，点击查看</a></div>"
            )
        lines.append(_group(group))
    if last and beside.teasers:
        more = beside.teasers[0]
        lines.append(
            f'<p class="ReadMore_line__0Zxc3"><strong>延伸阅读：</strong>'
            f'<a href="{_marked(more, "inline")}">{escape(more.title)}</a></p>'
        )
    return "\n".join(lines)


def _group(group: Sequence[Block]) -> str:
    first = group[0]
    if first.kind == "subhead":
        return f"<h2>{escape(first.text)}</h2>"
    if first.kind == "item":
        return "<ul>" + "".join(f"<li>{escape(b.text)}</li>" for b in group) + "</ul>"
    if first.kind == "row":
        rows = ("".join(f"<td>{escape(cell)}</td>" for cell in b.cells) for b in group)
        return "<table><tbody>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</tbody></table>"
    return f"<p>{escape(first.text)}</p>"


def _parts_pager(posting: Posting, number: int, total: int) -> str:
    pieces = [
        f'<span class="Parts_on__3Qw8e">{n}</span>'
        if n == number
        else f'<a href="{article_path(posting, n)}">{n}</a>'
        for n in range(1, total + 1)
    ]
    if number < total:
        pieces.append(f'<a class="Parts_next__8Uy2h" href="{article_path(posting, number + 1)}">下一页</a>')
    return f'<div class="Parts_pager__N7m4k">本文共{total}页 {" ".join(pieces)}</div>'


def _navigation() -> str:
    site = publishers()["chenguang"]
    return "\n".join(
        f'    <li><a href="{list_path(site, part)}">{name}</a></li>' for name, part in site.columns.items()
    )


def _marked(item: Entry, place: str) -> str:
    """Returns a link with the tracking parameters this site hangs on the links of its boxes."""
    return f"{item.url}?utm_source=chenguang&amp;utm_medium={place}"


def _neighbour(label: str, item: Entry | None) -> str:
    return (
        f'<p>{label}：<a href="{item.url}">{escape(item.title)}</a></p>'
        if item
        else f"<p>{label}：没有了</p>"
    )


def _ranking(entries: Sequence[Entry]) -> str:
    return links(
        entries, lambda e, n: f'    <li><em>{n}</em><a href="{_marked(e, "rank")}">{escape(e.title)}</a></li>'
    )


def _teasers(entries: Sequence[Entry]) -> str:
    return links(
        entries,
        lambda e, _: (
            f'  <div class="Teaser_item__7Gh3j"><h3><a href="{e.url}#top">{escape(e.title)}</a></h3>'
            f"<p>{escape(e.text)}</p></div>"
        ),
    )


def _comments(posting: Posting, count: int) -> str:
    start = stable_number(f"first:{posting.slug}", 0, len(_COMMENTS))
    chosen = [_COMMENTS[(start + n) % len(_COMMENTS)] for n in range(count)]
    return "\n".join(
        f"    <li><b>{name}</b> <time>{posting.published + timedelta(hours=3 * n):%m-%d %H:%M}</time>"
        f"<p>{text}</p>"
        f'<a href="javascript:;">回复</a> <a href="javascript:;">赞({n})</a></li>'
        for n, (name, text) in enumerate(chosen, 1)
    )


def list_page(page: ListPage) -> bytes:
    """Returns one page of a column, in UTF-8."""
    cards = links(
        page.entries,
        lambda e, _: (
            f'<article class="Card_item__l0Oz4"><a class="Card_thumb__2aWe1" href="{e.url}">'
            '<img alt="" src="/static/img/placeholder.svg"></a>'
            f'<h3 class="Card_title__9oPq7"><a href="{e.url}">{escape(e.title)}</a></h3>'
            f'<p class="Card_text__c4Vx0">{escape(e.text)}</p>'
            f'<footer><time datetime="{e.published.isoformat()}">{e.published:%Y-%m-%d %H:%M}</time>'
            f' <a href="{e.url}#comments">评论</a>'
            f' <a href="{_marked(e, "card")}">阅读全文</a></footer></article>'
        ),
    )
    return fill(
        "chenguang_list.html",
        column=page.column,
        number_label="" if page.number == 1 else f"_第{page.number}页",
        navigation=_navigation(),
        entries=cards,
        pager=_pager(page),
        ranking=_ranking(page.ranking),
        teasers=_teasers(page.teasers),
    ).encode("utf-8")


def _pager(page: ListPage) -> str:
    pieces = []
    if page.number > 1:
        pieces.append(f'<a href="{page.paths[page.number - 2]}" rel="prev">上一页</a>')
    for number, path in enumerate(page.paths, 1):
        pieces.append(
            f"<strong>{number}</strong>" if number == page.number else f'<a href="{path}">{number}</a>'
        )
    if page.number < len(page.paths):
        pieces.append(f'<a href="{page.paths[page.number]}" rel="next">下一页</a>')
    return "\n".join(pieces)
