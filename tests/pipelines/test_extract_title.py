"""The title: agreement between heading, title element, Open Graph and JSON-LD."""

import pytest

from pipelines.extract.blocks import lay_out
from pipelines.extract.document import parse
from pipelines.extract.title import find_title

TITLE = "临澜市首家社区公益便利店开门迎客"


def title_of(head: str, body: str = "", publisher: str = "") -> str:
    doc = parse(f"<html><head>{head}</head><body>{body}</body></html>", "http://news.example.com/1.html")
    return find_title(doc, lay_out(doc.root), publisher)


@pytest.mark.parametrize(
    "suffix",
    [
        "_临澜新闻网",
        "-临澜新闻网",
        " - 临澜新闻网",
        "_社会频道_临澜新闻网",
        "|临澜新闻网",
        "--公益--临澜新闻网",
        " | 临澜日报",
    ],
)
def test_site_and_column_are_cut_off_without_a_heading(suffix):
    assert title_of(f"<title>{TITLE}{suffix}</title>") == TITLE


def test_a_heading_that_the_title_element_begins_with_wins():
    assert (
        title_of(f"<title>{TITLE} 东区办事处_临澜网</title>", f"<h2>公益新闻</h2><h1>{TITLE}</h1>") == TITLE
    )


def test_a_line_of_any_tag_that_the_title_element_begins_with_wins():
    assert title_of(f"<title>{TITLE} 东区办事处_临澜网</title>", f"<td>{TITLE}</td>") == TITLE


def test_the_site_name_in_the_first_heading_is_no_title():
    head = f"<title>{TITLE}_临澜新闻网</title><meta property='og:site_name' content='临澜新闻网'>"
    assert title_of(head, f"<h1>临澜新闻网</h1><div class='t'>{TITLE}</div>") == TITLE


def test_the_publisher_of_the_site_file_is_no_title():
    assert title_of("<title>临澜公益</title>", f"<h1>临澜公益</h1><h1>{TITLE}</h1>", "临澜公益") == TITLE


def test_open_graph_and_json_ld_stand_in_for_a_heading():
    head = (
        f"<title>临澜公益</title><meta property='og:title' content='{TITLE}'>"
        f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{TITLE}"}}</script>'
    )
    assert title_of(head) == TITLE


def test_government_meta_name():
    assert title_of(f"<title>临澜市民政局</title><meta name='ArticleTitle' content='{TITLE}'>") == TITLE


def test_a_bar_inside_the_title_stays():
    assert (
        title_of("<title>观察|便利店里的公益账本_临澜网</title>", "<h1>观察|便利店里的公益账本</h1>")
        == "观察|便利店里的公益账本"
    )


def test_what_is_prepended_for_search_engines_goes():
    assert (
        title_of(f"<title>[便利店加盟电话]{TITLE}-临澜传媒</title>", f"<h2><a href='/1'>{TITLE}</a></h2>")
        == TITLE
    )


def test_a_cut_title_is_completed_from_the_original():
    cut = TITLE[:10] + "..."
    assert title_of(f"<title>{cut}_政务_临澜网</title>", f"<h1>{cut}</h1><p>原标题：《{TITLE}》</p>") == TITLE


def test_a_cut_title_stays_when_the_page_has_no_more():
    assert (
        title_of("<title>等了三年，终于……_临澜网</title>", "<h1>等了三年，终于……</h1>") == "等了三年，终于……"
    )


def test_a_title_over_two_lines_is_one():
    assert (
        title_of("", "<h1>临澜市首家<br>社区公益便利店开门迎客</h1>") == "临澜市首家 社区公益便利店开门迎客"
    )


def test_a_title_element_that_is_never_closed_is_no_title():
    assert title_of("<title>" + f"{TITLE} | " * 20_000, f"<h1>{TITLE}</h1>") == ""


def test_no_title():
    assert title_of("", "<p>只有一句话。</p>") == ""
