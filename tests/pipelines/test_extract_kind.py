"""The kind of a page: article, list, other."""

import pytest

from pipelines.extract.blocks import lay_out
from pipelines.extract.body import find_body
from pipelines.extract.document import parse
from pipelines.extract.kind import find_kind
from pipelines.extract.title import find_title


def kind_of(html: str) -> str:
    doc = parse(html, "http://news.example.com/1.html")
    layout = lay_out(doc.root)
    title = find_title(doc, layout)
    return find_kind(doc, find_body(doc, layout, title), title)


LINKS = "".join(
    f'<li><a href="/n/{i}.html">江湾区第{i}届社区公益创投项目开始征集</a> 2026-03-0{i % 9 + 1}</li>'
    for i in range(30)
)
ARTICLE = "<p>江湾区社区公益创投项目昨天启动，今年共设十个方向，单个项目最高资助八万元，即日起接受申报。</p>"


def test_an_article():
    assert (
        kind_of(
            f"<title>社区公益创投昨天启动</title><ul>{LINKS}</ul>"
            f"<h1>社区公益创投昨天启动</h1><div>{ARTICLE * 3}</div>"
        )
        == "article"
    )


def test_one_short_paragraph_among_many_links():
    assert (
        kind_of(
            f"<h1>社区公益创投昨天启动</h1><div class='con'>{ARTICLE}</div><div class='related'>{LINKS}</div>"
        )
        == "article"
    )


def test_a_list():
    assert kind_of(f"<title>公益新闻</title><h2>公益新闻</h2><ul class='list'>{LINKS}</ul>") == "list"


def test_a_list_with_summaries():
    items = "".join(
        f"<li><h3><a href='/n/{i}.html'>江湾区第{i}届社区公益创投项目开始征集</a></h3>"
        f"<p>江湾区社区公益创投项目昨天启动，今年共设{i}个方向，单个项目最高资助八万元，即日起接受...</p></li>"
        for i in range(15)
    )
    assert kind_of(f"<title>公益新闻</title><ul class='list'>{items}</ul>") == "list"


@pytest.mark.parametrize(
    "html",
    [
        "<title>404</title><h1>您访问的页面不存在</h1><p>请检查地址，或者返回首页。</p>",
        "<title>江湾新闻网</title><div>抱歉，您要查看的文章已被删除。</div>",
        "<title>提示信息</title><p>该页面不存在，3秒后自动跳转到首页。</p>",
        "<title>登录</title><form><p>请先登录后查看全文</p><p>没有账号？立即注册。</p></form>",
        "<title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>",
        "<title>安全验证</title><p>请完成下方验证后继续访问，拖动滑块完成拼图。</p>",
        "<noscript>请开启浏览器的JavaScript</noscript><script>challenge()</script>",
        "",
    ],
)
def test_pages_without_an_article_are_other(html):
    assert kind_of(f"<html><body>{html}</body></html>") == "other"


def test_an_article_about_missing_pages_stays_an_article():
    text = "<p>不少网民反映，点开链接后显示“您访问的页面不存在”。区网信办说，旧网站迁移时漏了部分文章。</p>"
    more = "".join(f"<p>第{i}条：{ARTICLE[3:]}" for i in range(5))
    assert kind_of(f"<h1>旧文章为何打不开</h1><div>{text}{more}</div>") == "article"
