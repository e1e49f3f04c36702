"""One parse for every page, however damaged."""

from __future__ import annotations

import time

import pytest

from pipelines.extract.document import (
    MAX_ATTRIBUTES,
    MAX_CHARACTERS,
    attribute_words,
    is_hidden,
    one_line,
    parse,
    visible_text,
)
from pipelines.extract.json_data import MAX_JSON_CHARACTERS, MAX_RECORDS, loads, text_of


def test_head_of_a_page() -> None:
    doc = parse(
        """<html><head><title> 社工站 开放日
        _江湾新闻网</title><meta name="PubDate" content=" 2021-03-05 ">
        <meta property="og:title" content="社工站开放日"><meta name="author" content="">
        <meta itemprop="image" content="1.jpg">
        <meta name="pubdate" content="b">
        </head><body><p>正文</p></body></html>""",
        "http://news.jiangwan.example/1.html",
    )
    assert doc.title == "社工站 开放日 _江湾新闻网"
    assert doc.meta == {"pubdate": ["2021-03-05", "b"], "og:title": ["社工站开放日"], "image": ["1.jpg"]}
    assert doc.first_meta("author", "pubdate") == "2021-03-05"
    assert doc.first_meta("author") == ""
    assert doc.url == "http://news.jiangwan.example/1.html"


def test_the_title_of_a_drawing_is_not_the_pages() -> None:
    assert parse("<body><svg><title>搜索</title></svg><p>正文</p></body>").title == ""


def test_json_ld_is_unrolled() -> None:
    doc = parse(
        '<script type="application/ld+json">'
        '{"@context": "x", "@graph": [{"@type": "WebPage"}, {"@type": "Article"}]}</script>'
        '<script type="application/ld+json">[{"@type": "Person", "name": "方若水"}]</script>'
        '<script type="application/ld+json">not json at all</script>'
    )
    assert [record["@type"] for record in doc.json_ld] == ["WebPage", "Article", "Person"]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, 2]}',
        '{"a": [1, 2,],}',
        '/* made by hand */ {"a": [1, 2]}',
        '{"a": [1, /* two */ 2]}',
        '// <![CDATA[\n{"a": [1, 2]}\n// ]]>',
        '<!-- {"a": [1, 2]} -->',
        '{"a": [1, 2]};',
        "{&quot;a&quot;: [1, 2]}",
    ],
)
def test_json_as_pages_write_it(text: str) -> None:
    assert loads(text) == {"a": [1, 2]}


def test_json_keeps_what_looks_like_a_comment_in_a_string() -> None:
    assert loads('{"a": "line\nbreak", "u": "http://a.example/*b*/,}", }') == {
        "a": "line\nbreak",
        "u": "http://a.example/*b*/,}",
    }
    assert loads(r'{"a": "C:\dir"}') == {"a": r"C:\dir"}


def test_json_limits() -> None:
    assert loads('"' + "x" * MAX_JSON_CHARACTERS + '"') is None
    assert loads("[" * 100_000) is None
    many = ",".join(['{"@type":"Person"}'] * (MAX_RECORDS + 5))
    assert len(parse(f'<script type="application/ld+json">[{many}]</script>').json_ld) == MAX_RECORDS


def test_text_of_a_json_ld_value() -> None:
    assert text_of("方若水") == "方若水"
    assert text_of([{"name": "方若水"}]) == "方若水"
    assert text_of({"@value": "2021"}) == "2021"
    assert text_of(None) == ""


def test_lines_are_what_stands_in_one_line_on_the_screen() -> None:
    doc = parse(
        "<body><div>来源：<a href='/'>江湾晚报</a>　<b>2021</b><br>第二行"
        "<p>第三行<script>x()</script></p>尾</div></body>"
    )
    assert [line.text for line in doc.lines] == ["来源：江湾晚报 2021", "第二行", "第三行", "尾"]
    assert [line.element.tag for line in doc.lines] == ["div", "div", "p", "div"]
    assert [line.linked for line in doc.lines] == [4, 0, 0, 0]
    assert [line.index for line in doc.lines] == [0, 1, 2, 3]


def test_visible_text_leaves_out_scripts_and_what_follows() -> None:
    doc = parse("<div><p id='a'>一<style>p{}</style><span>二</span></p>三</div>")
    paragraph = next(doc.root.iter("p"))
    assert visible_text(paragraph) == "一二"
    assert visible_text(doc.root, " / ") == "一二 / 三"


def test_helpers() -> None:
    doc = parse(
        '<p class="Info" id="top" itemprop="Author" style="DISPLAY : none">x</p><p hidden>y</p><p>z</p>'
    )
    first, second, third = doc.root.iter("p")
    assert attribute_words(first) == "info top author"
    assert [is_hidden(e) for e in (first, second, third)] == [True, True, False]
    assert one_line(" 一 \u200b\n\u3000二 ") == "一 二"


def test_the_declared_charset_does_not_matter_any_more() -> None:
    doc = parse('<?xml version="1.0" encoding="gb2312"?><html><meta charset="gb2312"><p>社工站</p></html>')
    assert [line.text for line in doc.lines] == ["社工站"]


@pytest.mark.parametrize("text", ["", "   ", "<!-- only a comment -->", "<", "\x00\x00", "社工站"])
def test_a_page_of_almost_nothing_has_a_root(text: str) -> None:
    assert parse(text).root.tag == "html"


def test_characters_that_lxml_refuses_are_dropped() -> None:
    doc = parse("<p>社\x00工\x0b站\ud800开\ufffe放</p>")
    assert [line.text for line in doc.lines] == ["社工站开放"]


NESTED = "<div>" * 50_000 + "<p>深处的一段</p>" + "</div>" * 50_000 + "<p>后面</p>"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (NESTED, "深处的一段"),
        (NESTED.replace("<div>", '<div class="a">'), "深处的一段"),
        ("<b><i><font>" * 17_000 + "<p>深处的一段</p>", "深处的一段"),
        ("<p " + " ".join(f"a{i}=1" for i in range(300_000)) + ">很多属性</p>", "很多属性"),
        ("<ul>" + "<li>一</li>" * 100_000 + "</ul>", "一"),
        ("<p>" + "字" * 3_000_000 + "</p>", "字" * 50),
        ("<p>前</p>" + "<" * 200_000, "前"),
        ("<p>前</p>" + '<a href="' * 50_000, "前"),
        ('<p>前</p><script type="application/ld+json">{"a":' + '"\\' * 50_000 + "</script>", "前"),
        ("<p>前</p>" + "&amp" * 100_000, "前"),
    ],
    ids=[
        "deep",
        "deep with classes",
        "deep inline",
        "attributes",
        "siblings",
        "long text",
        "angles",
        "quotes",
        "json",
        "entities",
    ],
)
def test_damaged_pages_end_in_bounded_time(text: str, kept: str) -> None:
    begin = time.perf_counter()
    doc = parse(text)
    assert kept in visible_text(doc.root)
    assert time.perf_counter() - begin < 2


def test_limits_are_kept() -> None:
    few = " ".join(f"data-attribute-{i}=1" for i in range(MAX_ATTRIBUTES - 10))
    assert len(next(parse(f"<p {few}>x</p>").root.iter("p")).attrib) == MAX_ATTRIBUTES - 10
    many = " ".join(f"data-attribute-{i}=1" for i in range(MAX_ATTRIBUTES + 10))
    assert len(next(parse(f"<p {many}>x</p>").root.iter("p")).attrib) == 0
    assert len(parse("x" * (MAX_CHARACTERS + 10)).source) == MAX_CHARACTERS
