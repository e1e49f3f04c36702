"""A small site that changes: what the demo server builds for the tests of daily operation.

    DemoServer(site="tests.crawler.small_site:build", options={"count": 20})

Articles are numbered from the oldest, 1. Each day has one, the last of them today.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from crawler.demo.response import Pages, Response, page, redirect

SITE = "tests.crawler.small_site:build"
HOST = "www.qinghe.example"
ENTRIES = 5  # of a list page
HTML = "text/html; charset=utf-8"

SITE_FILE = f"""
name = "qinghe"
publisher = "清禾公益网"
home_page = "http://{HOST}/"
interval = "6h"

[[start]]
kind = "list"
url = "http://{HOST}/news/"
depth = 10

[links]
article = ['/art/\\d+\\.html$']

[selectors]
source = "span.from"

[politeness]
delay = 0.0
concurrency = 8
"""

PLACES = ["青石乡", "湖熟街道", "柳溪镇", "东坪村", "白鹭社区", "云台路", "松岭县", "临澜市"]
WORK = [
    "送去冬衣",
    "安装防滑垫",
    "开展义诊",
    "修缮图书室",
    "组织夏令营",
    "清理河道",
    "教用手机",
    "陪伴独居老人",
]


def url(number: int) -> str:
    """The URL of an article."""
    return f"http://{HOST}/art/{number}.html"


def build(
    count: int = 12,
    first: int = 1,
    edited: Sequence[int] = (),
    removed: Sequence[int] = (),
    moved: Sequence[int] = (),
    soft: Sequence[int] = (),
    broken: Sequence[str] = (),
    template: int = 1,
    list_template: int = 1,
    robots: str = "",
    entries: int = ENTRIES,
) -> Pages:
    """The pages: articles `first` to `count`, newest first on lists of `entries`.

    `edited` ones say something else, `removed` ones are 404, `moved` ones
    redirect to another address, `soft` ones answer 200 with an apology. `broken`
    paths answer 500. `template` 2 has the source elsewhere, 3 has no article at
    all, 4 is a new design that says the same, 5 the first one with what varies
    from page to page; `list_template` 2 names no article.
    """
    pages: Pages = {}
    for number in range(first, count + 1):
        path = f"/art/{number}.html"
        if number in removed:
            pages[HOST, path] = Response(404, "<h1>页面不存在</h1>".encode(), HTML)
        elif number in moved:
            pages[HOST, path] = redirect(f"http://{HOST}/art/{number + 100_000}.html")
            pages[HOST, f"/art/{number + 100_000}.html"] = page(_article(number, False, template), HTML)
        elif number in soft:
            pages[HOST, path] = page("<h1>提示信息</h1><p>您访问的页面不存在或已被删除。</p>".encode(), HTML)
        else:
            pages[HOST, path] = page(_article(number, number in edited, template), HTML)
    numbers = list(range(count, first - 1, -1))
    cuts = [numbers[n : n + entries] for n in range(0, len(numbers), entries)] or [[]]
    for index, cut in enumerate(cuts, 1):
        pages[HOST, _list_path(index)] = page(_list(cut, index, len(cuts), list_template), HTML)
    pages[HOST, "/"] = page("<h1>清禾公益网</h1>".encode(), HTML)
    pages[HOST, "/robots.txt"] = Response(200, robots.encode(), "text/plain")
    for path in broken:
        pages[HOST, path] = Response(500, b"broken", HTML)
    return pages


def _list_path(index: int) -> str:
    return "/news/" if index == 1 else f"/news/index_{index}.html"


def _title(number: int) -> str:
    return f"志愿者在{PLACES[number % 8]}第{number}次{WORK[number // 8 % 8]}"


def _list(numbers: Sequence[int], index: int, last: int, template: int) -> bytes:
    shown = "".join(f'<li><a href="/art/{n}.html">{_title(n)}</a></li>' for n in numbers)
    if template == 2:
        shown = "".join(f'<li data-id="{n}">{_title(n)}</li>' for n in numbers)
    more = f'<a href="{_list_path(index + 1)}">下一页</a>' if index < last else ""
    return f"<html><head><title>新闻</title></head><body><ul>{shown}</ul>{more}</body></html>".encode()


def _article(number: int, edited: bool, template: int) -> bytes:
    place, work = PLACES[number % 8], WORK[number // 8 % 8]
    yesterday = datetime.now(UTC).replace(hour=0, minute=0) - timedelta(days=1)
    day = yesterday + timedelta(minutes=number)
    source = "清禾公益网" if template in (1, 5) else ""
    line = f'<div class="info">{day:%Y-%m-%d %H:%M} 来源：<span class="from">{source}</span></div>'
    if template == 2:
        line = f'<div class="meta"><time>{day:%Y-%m-%d %H:%M}</time></div>'
    body = [
        f"{place}社会工作服务站的志愿者昨天第{number}次走进居民家{work}，有{number * 7}户家庭得到帮助。",
        f"服务站负责人说，{work}的事情从今年春天开始，{place}已经有{number + 30}名志愿者报名参加。",
        f"家住{place}的陈阿姨说，这样的服务她盼了{number}年，希望以后每个月都有志愿者上门看一看。",
    ]
    if edited:
        body[1] = f"更正：参加{work}的志愿者应为{number + 50}名，服务站负责人就此前的差错向读者致歉。"
    text = "".join(f"<p>{paragraph}</p>" for paragraph in body)
    if template == 4:
        return _redesigned(_title(number), f"{day:%Y-%m-%d %H:%M}", body)
    if template == 5:
        text = _varied(number, text)
    if template == 3:
        return "<html><head><title>清禾</title></head><body><div id='app'></div></body></html>".encode()
    return (
        f"<html><head><title>{_title(number)}_清禾公益网</title></head><body><h1>{_title(number)}</h1>"
        f'{line}<div class="content">{text}</div></body></html>'
    ).encode()


def _redesigned(title: str, time: str, body: Sequence[str]) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in body)
    return (
        f"<html><head><title>{title}_清禾公益网</title></head><body><header class='top-bar'></header>"
        f"<main id='page'><section class='story-wrap'><h2 class='headline'>{title}</h2><ul class='facts'>"
        f"<li>{time}</li><li>来源：<span class='from'>清禾公益网</span></li></ul><article class='story-text'>"
        f"{text}</article></section><aside class='more-stories'></aside></main></body></html>"
    ).encode()


def _varied(number: int, text: str) -> str:
    """The text with what an editor puts into some pages: a picture, a table, a wrapper of its own, a box."""
    picture = f'<div class="pic"><img src="/img/{number}.jpg"><p>图为活动现场</p></div>'
    table = "<table><tr><td>序号</td><td>姓名</td></tr></table>"
    varied = (text, picture + text, text + table, f'<div class="TRS_Editor">{text}</div>')[number % 4]
    return varied + ('</div><div class="vote"><h3>你怎么看</h3>' if number % 3 == 0 else "")
