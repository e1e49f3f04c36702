"""Why a field has its value, and what a site's own selectors do to it."""

from datetime import UTC, date, datetime

import pytest

from pipelines.extract import explain, extract
from pipelines.extract.errors import SelectorError
from pipelines.extract.evidence import doubt
from pipelines.models import Moment, Page, SiteHints

HTML = """<html><head><title>寒冬里的一床棉被_江湾日报</title><meta name="pubdate" content="2026-01-04 22:10">
<meta name="author" content="林知行"></head><body><div class=nav>今天是2026年02月01日</div><div class=c>
<h1>寒冬里的一床棉被</h1><div class=info>2026-01-05 09:30 来源：江湾日报 记者：周亦菲</div><div id=txt>
<p>近日，晨光社会工作服务中心的社工走进云溪街道，为二十位独居老人送去了棉被和米面。</p>
<p>“有人惦记着，心里就暖和。”八十一岁的老人说，她已经连续三年参加这项活动了。</p></div></div>
<script>
var page = {"data": {"headline": "一床棉被的冬天", "editor": "苏念", "when": "2026-01-05 10:00"}};
</script>
</body></html>"""
FETCHED = datetime(2026, 2, 1, 4, 0, tzinfo=UTC)


def page(**selectors: tuple[str, ...]) -> Page:
    site = SiteHints(selectors=dict(selectors))
    return Page("http://news.example.cn/1.html", "", 200, {}, HTML.encode(), FETCHED, site)


def iso(moment: Moment | None) -> str:
    return moment.isoformat() if moment else ""


def test_each_field_has_its_value_its_rule_and_its_rivals():
    article, evidence = explain(page())
    by_field = {e.field: e for e in evidence}
    assert by_field["title"].value == article.title == "寒冬里的一床棉被"
    assert "h1" in by_field["title"].rule
    assert "寒冬里的一床棉被_江湾日报" in [r.value for r in by_field["title"].rivals]
    published = by_field["published"]
    assert (published.value, published.precision) == ("2026-01-05T09:30:00+08:00", "minute")
    assert (published.rule, published.doubt) == ("printed", "")
    assert "2026-01-05 09:30" in published.raw
    assert ("2026-01-04T22:10:00+08:00", "meta pubdate") in [(r.value, r.rule) for r in published.rivals]
    assert by_field["source"].rule == "label above the text"
    authors = [e for e in evidence if e.field == "author"]
    assert [(e.value, e.rule) for e in authors] == [("周亦菲", "记者"), ("", "")]
    assert [r.value for r in authors[1].rivals] == [
        "林知行"
    ]  # what the markup claims and the page does not print
    assert by_field["body"].raw == "div#txt"


def test_explaining_changes_nothing():
    assert explain(page())[0] == extract(page())


@pytest.mark.parametrize(
    ("at", "precision", "said"),
    [
        (datetime(2026, 1, 5, 9, 30, tzinfo=UTC), "minute", ""),
        (datetime(2026, 2, 1, 9, 0, tzinfo=UTC), "minute", "after the fetch"),
        (datetime(2026, 2, 1, tzinfo=UTC), "day", "the day of the fetch"),
        (datetime(2009, 5, 1, tzinfo=UTC), "day", "before the site's first day"),
    ],
)
def test_a_time_that_can_hardly_be_is_doubted(at, precision, said):
    seen = page()
    seen.site = SiteHints(timezone="UTC", founded=date(2010, 1, 1))
    assert doubt(Moment(at, precision), seen) == said


def test_nothing_is_older_than_the_site():
    html = HTML.replace("2026-01-05 09:30", "1999-01-05 09:30").encode()
    seen = Page("http://news.example.cn/1.html", "", 200, {}, html, FETCHED)
    assert iso(extract(seen).published) == "1999-01-05T09:30:00+08:00"
    seen.site = SiteHints(founded=date(2010, 1, 1))
    assert iso(extract(seen).published) == "2026-01-04T22:10:00+08:00"


def test_the_day_that_a_site_prints_for_its_visitors_is_no_time_of_an_article():
    html = HTML.replace("2026-01-05 09:30", "").replace("今天是", "").encode()
    seen = Page("http://news.example.cn/1.html", "", 200, {}, html, FETCHED)
    assert iso(extract(seen).published) == "2026-01-04T22:10:00+08:00"


@pytest.mark.parametrize(
    "expression",
    ["json: data.headline", "json:data.*|[0]", "//script/@none | //h1/text()", "h1", "h1::text", "(//h1)[1]"],
)
def test_css_xpath_and_jmespath_select_a_field(expression):
    article = extract(page(title=(expression,)))
    assert article.title == ("一床棉被的冬天" if expression.startswith("json") else "寒冬里的一床棉被")
    assert article.unmatched == ()


def test_every_field_can_be_selected():
    article = extract(
        page(
            title=("json: data.headline",),
            published_at=("json: data.when",),
            modified_at=("meta[name=pubdate]",),
            source=("//title",),
            authors=("meta[name=author]",),
            editors=("json: data.editor",),
            body=("#txt p:first-child",),
        )
    )
    assert article.title == "一床棉被的冬天"
    assert iso(article.published) == "2026-01-05T10:00:00+08:00"
    assert iso(article.modified) == "2026-01-04T22:10:00+08:00"
    assert article.source == "寒冬里的一床棉被_江湾日报"
    assert (article.authors, article.editors) == (["林知行"], ["苏念"])
    assert len(article.paragraphs) == 1


def test_a_selector_that_matches_no_more_leaves_the_field_and_is_named():
    article = extract(page(title=(".gone",), body=("#gone",), authors=("json: gone.author",)))
    assert article.title == "寒冬里的一床棉被"
    assert article.authors == ["周亦菲"]
    assert sorted(article.unmatched) == ["authors", "body", "title"]


def test_a_wrong_jmespath_is_named():
    with pytest.raises(SelectorError, match="JMESPath: 'json: data\\[\\['"):
        extract(page(title=("json: data[[",)))
