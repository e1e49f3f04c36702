"""江湾新闻网: nested tables, <font>, line breaks for paragraphs, gb18030 bytes that claim gb2312."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.demo.address import list_path
from crawler.demo.layout import Around, Entry, ListPage, caption, escape, fill, keywords, links, table_groups
from crawler.demo.publisher import publishers, stable_number
from crawler.demo.story import Block, Posting

CONTENT_TYPE = "text/html; charset=gb2312"
CHARSET = "gb18030"  # what the bytes really are
INDENT = "　　"
AD_AFTER = 2  # blocks before the advertisement in the middle of a text


def article(posting: Posting, beside: Around) -> str:
    """Returns the article's page as text; the caller encodes it."""
    site = publishers()["jiangwan"]
    return fill(
        "jiangwan_article.html",
        title=escape(posting.title),
        keywords=escape(keywords(posting, site)),
        number=str(stable_number(posting.slug, 1_000_000, 10_000_000)),
        navigation=_navigation(),
        column=posting.column,
        column_path=list_path(site, site.columns[posting.column]),
        time_line=escape(time_line(posting)),
        body=_body(posting),
        editors=f"责任编辑：{escape(' '.join(posting.editors))}" if posting.editors else "&nbsp;",
        newer=_neighbour("上一篇", beside.newer),
        older=_neighbour("下一篇", beside.older),
        related=links(
            beside.related,
            lambda e, _: (
                f'·<a href="{e.url}" target="_blank">{escape(e.title)}</a> ({e.published:%m-%d})<br>'
            ),
        ),
        ranking=_ranking(beside.ranking),
        teasers=_teasers(beside.teasers),
    )


def time_line(posting: Posting) -> str:
    """Returns the line below the title: time, source and authors in one."""
    line = f"{posting.published:%Y年%m月%d日%H:%M} 来源：{posting.source}"
    if posting.byline:
        return f"{line} {posting.byline}"
    return f"{line} 作者：{' '.join(posting.authors)}" if posting.authors else line


def _body(posting: Posting) -> str:
    pieces: list[str] = []
    if words := caption(posting):
        pieces.append(
            f'<center><img src="/img/{posting.published:%Y%m%d}/{stable_number(posting.slug, 1, 10**7)}.jpg" '
            f'width="500" border="1"><br><font size="2" color="#336699">{escape(words)}</font></center><br>'
        )
    for count, group in enumerate(table_groups(posting.blocks)):
        if count == AD_AFTER and len(posting.blocks) > AD_AFTER + 1:
            pieces.append(
                '<table align="left" border="0" cellpadding="0" cellspacing="6"><tr><td>'
                '<a href="http://ad.lianmeng.example/t?b=300" target="_blank">'
                '<img src="/img/300x250.gif" width="300" height="250" border="0"></a></td></tr>'
                '<tr><td align="center"><font size="1">江湾楼市秋季看房团火热报名中</font></td></tr></table>'
            )
        pieces.append(_group(group))
    return "\n".join(pieces)


def _group(group: Sequence[Block]) -> str:
    first = group[0]
    if first.kind == "row":
        rows = ("".join(f'<td align="center">{escape(c)}</td>' for c in b.cells) for b in group)
        return (
            '<table width="90%" border="1" align="center">'
            + "".join(f"<tr>{row}</tr>" for row in rows)
            + "</table><br>"
        )
    if first.kind == "subhead":
        return f"{INDENT}<strong>{escape(first.text)}</strong><br><br>"
    return "\n".join(f"{INDENT}{escape(block.text)}<br><br>" for block in group)


def _navigation() -> str:
    site = publishers()["jiangwan"]
    return "\n".join(
        f'| <a href="{list_path(site, part)}"><font color="#FFFFFF">{name}</font></a>'
        for name, part in site.columns.items()
    )


def _neighbour(label: str, item: Entry | None) -> str:
    return f'{label}：<a href="{item.url}">{escape(item.title)}</a>' if item else f"{label}：没有了"


def _ranking(entries: Sequence[Entry]) -> str:
    return links(
        entries,
        lambda e, n: f'<TR><TD>{n}. <a href="{e.url}" target="_blank">{escape(e.title)}</a></TD></TR>',
    )


def _teasers(entries: Sequence[Entry]) -> str:
    return links(
        entries,
        lambda e, _: (
            f'<TR><TD><b><a href="{e.url}" target="_blank">{escape(e.title)}</a></b><br>'
            f'{INDENT}{escape(e.text)}[<a href="{e.url}" target="_blank">详细</a>]</TD></TR>'
        ),
    )


def list_page(page: ListPage) -> str:
    """Returns one page of a column as text; the caller encodes it."""
    rows = links(
        page.entries,
        lambda e, _: (
            f'<TR><TD>·<a href="{e.url}" target="_blank">{escape(e.title)}</a></TD>'
            f'<TD width="90" align="right">'
            f'<font color="#999999">({e.published:%m-%d %H:%M})</font></TD></TR>'
        ),
    )
    return fill(
        "jiangwan_list.html",
        column=page.column,
        navigation=_navigation(),
        entries=rows,
        pager=_pager(page),
        ranking=_ranking(page.ranking),
        teasers=_teasers(page.teasers),
    )


def _pager(page: ListPage) -> str:
    names = [
        path.rsplit("/", 1)[-1] or "/" for path in page.paths
    ]  # relative links, as this site writes them
    pieces = [f"共{len(names)}页", f'<a href="{names[0]}">首页</a>']
    if page.number > 1:
        pieces.append(f'<a href="{names[page.number - 2]}">上一页</a>')
    for number, name in enumerate(names, 1):
        pieces.append(
            f'<font color="red">[{number}]</font>'
            if number == page.number
            else f'<a href="{name}">[{number}]</a>'
        )
    if page.number < len(names):
        pieces.append(f'<a href="{names[page.number]}">下一页</a>')
    pieces.append(f'<a href="{names[-1]}">末页</a>')
    return "\n".join(pieces)
