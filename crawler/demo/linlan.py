"""临澜市民政局: a government CMS with the metas ArticleTitle, PubDate, ContentSource and Author."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from crawler.demo.address import article_url, list_path
from crawler.demo.layout import (
    Around,
    Entry,
    ListPage,
    caption,
    escape,
    fill,
    links,
    table_groups,
    teaser_text,
)
from crawler.demo.publisher import publishers, stable_number
from crawler.demo.story import Block, Posting

CONTENT_TYPE = "text/html"  # no charset in the header
TITLE_LENGTH = 24  # characters of a title on a list page; the whole title is in the title attribute
_SPAN = '<span style="font-size: 16pt; font-family: 仿宋_GB2312;">'


def article(posting: Posting, beside: Around) -> bytes:
    """Returns the article's page, in UTF-8."""
    site = publishers()["linlan"]
    return fill(
        "linlan_article.html",
        column=posting.column,
        column_path=list_path(site, site.columns[posting.column]),
        title=escape(posting.title),
        shown_time=f"{posting.published:%Y-%m-%d %H:%M}",
        source=escape(posting.source),
        authors=escape(" ".join(posting.authors)),
        summary=escape(teaser_text(posting)),
        url=article_url(posting),
        number=str(stable_number(posting.slug, 1_000_000, 10_000_000)),
        navigation=_navigation(),
        body=_body(posting),
        attachments=_attachments(posting),
        editors=f"责任编辑：{escape(' '.join(posting.editors))}" if posting.editors else "",
        newer=_neighbour(beside.newer),
        older=_neighbour(beside.older),
        related=links(beside.related, lambda e, _: f'<li><a href="{e.url}">{escape(e.title)}</a></li>'),
    ).encode("utf-8")


def attachment(posting: Posting) -> str:
    """Returns the name of the article's attachment, or "" when it has none (about one in four of its own)."""
    if posting.original or stable_number(f"attachment:{posting.slug}", 0, 4):
        return ""
    return f"{posting.title[:20]}附表.docx"


def _attachments(posting: Posting) -> str:
    name = attachment(posting)
    if not name:
        return ""
    number = stable_number(f"file:{posting.slug}", 1_000_000, 10_000_000)
    link = f"/module/download/downfile.jsp?classid=0&amp;filename={number}.docx"
    icon = '<img src="/picture/0/doc.gif" alt="" />'
    return f'<tr><td class="fj">附件：<br />{icon}<a href="{link}">{escape(name)}</a></td></tr>'


def _body(posting: Posting) -> str:
    pieces = [_group(group) for group in table_groups(posting.blocks)]
    if words := caption(posting):
        picture = f"/picture/0/{stable_number(posting.slug, 10**9, 10**10)}.jpg"
        pieces.insert(
            min(1, len(pieces)),
            f'<p style="text-align: center;"><img src="{picture}" border="0" /></p>'
            '<p style="text-align: center;"><span style="font-size: 12pt; font-family: 楷体_GB2312;">'
            f"{escape(words)}</span></p>",
        )
    return "\n".join(pieces)


def _group(group: Sequence[Block]) -> str:
    first = group[0]
    if first.kind == "row":
        rows = ("".join(f"<td>{_SPAN}{escape(c)}</span></td>" for c in b.cells) for b in group)
        return '<table border="1" cellspacing="0">' + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
    return "\n".join(_paragraph(block) for block in group)


def _paragraph(block: Block) -> str:
    inner = f"<strong>{escape(block.text)}</strong>" if block.kind == "subhead" else escape(block.text)
    return f'<p style="text-indent: 2em; line-height: 30pt;">{_SPAN}{inner}</span></p>'


def _navigation() -> str:
    site = publishers()["linlan"]
    return "\n".join(
        f'<li><a href="{list_path(site, part)}">{name}</a></li>' for name, part in site.columns.items()
    )


def _neighbour(item: Entry | None) -> str:
    return f'<a href="{item.url}">{escape(item.title)}</a>' if item else "没有了"


def list_page(page: ListPage) -> bytes:
    """Returns one page of a column, in UTF-8; long titles are cut with "..."."""
    items = links(
        page.entries,
        lambda e, _: (
            f'<li><a href="{_path(e.url)}" title="{escape(e.title)}" target="_blank">'
            f"{escape(_short(e.title))}</a>"
            f"<span>{e.published:%Y-%m-%d}</span></li>"
        ),
    )
    return fill(
        "linlan_list.html", column=page.column, navigation=_navigation(), entries=items, pager=_pager(page)
    ).encode("utf-8")


def _path(url: str) -> str:
    """Returns a link as this site writes it on list pages: without the host."""
    return urlsplit(url).path


def _short(title: str) -> str:
    return title if len(title) <= TITLE_LENGTH else title[:TITLE_LENGTH] + "..."


def _pager(page: ListPage) -> str:
    total, here = len(page.paths), page.number
    first, last = escape(page.paths[0]), escape(page.paths[-1])
    before = escape(page.paths[max(here - 2, 0)])
    after = escape(page.paths[min(here, total - 1)])
    return (
        f'<a href="{first}">首页</a> <a href="{before}">上一页</a> <a href="{after}">下一页</a> '
        f'<a href="{last}">尾页</a> 第<b>{here}</b>页/共<b>{total}</b>页 '
        '转到第<input size="2" />页 <a href="javascript:void(0)">GO</a>'
    )
