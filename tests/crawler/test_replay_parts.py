"""The plain pieces of a replay: joining parts, choosing sites, telling languages, counting changes."""

import asyncio
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from crawler.replay import parts as parts_module
from crawler.replay.changes import Change, Report, differences, print_report
from crawler.replay.parts import Parts
from crawler.replay.plan import Plan, PlanError, Sites, day, read_sites
from crawler.site import read_site
from pipelines.extract.language import language_of
from pipelines.models import Page

AT = datetime(2026, 11, 1, tzinfo=UTC)
NEXT = "下一页".encode()


def page(name: str, body: bytes = NEXT) -> Page:
    url = f"http://news.qinghe.example/{name}.html"
    return Page(url, url, 200, {}, body + name.encode(), AT)


def joined(names: str, follows: dict[str, str], most: int = 20) -> list[list[str]]:
    """The pages that come out, each as its name and those of its parts; "." ends the file."""

    async def next_part(page: Page) -> str:
        name = page.body[len(NEXT) :].decode()
        return f"http://news.qinghe.example/{follows[name]}.html" if name in follows else ""

    async def run() -> list[Page]:
        parts = Parts(next_part, most)
        out: list[Page | None] = []
        for name in names.split():
            out.append(await parts.take(page(name)))  # noqa: PERF401 - one after the other
        return [whole for whole in out if whole] + parts.rest()

    found = asyncio.run(run())
    return [
        [part[len(NEXT) :].decode() for part in (p.body, *p.parts)] + ["..."] * p.truncated for p in found
    ]


def test_following_pages_are_joined_in_order_whatever_comes_between():
    assert joined("a b a_2 c a_3", {"a": "a_2", "a_2": "a_3"}) == [["b"], ["c"], ["a", "a_2", "a_3"]]


def test_an_article_whose_following_page_is_not_there_is_truncated():
    assert joined("a b", {"a": "a_2"}) == [["b"], ["a", "..."]]


def test_pages_that_lead_to_each_other_end():
    assert joined("a b", {"a": "b", "b": "a"}) == [["a", "b"]]


def test_no_more_pages_are_joined_than_a_crawl_fetches():
    assert joined("a b c d", {"a": "b", "b": "c", "c": "d"}, most=2) == [["a", "b", "c", "..."], ["d"]]


def test_no_more_articles_wait_than_the_limit(monkeypatch):
    monkeypatch.setattr(parts_module, "MAX_WAITING", 2)
    follows = {name: f"{name}_2" for name in "abc"}
    assert joined("a b c b_2", follows) == [["a", "..."], ["b", "b_2"], ["c", "..."]]


def site(name: str, *hosts: str, article: str = "") -> str:
    patterns = f"[links]\nallowed_hosts = {list(hosts)}\n" + (f"article = '{article}'\n" if article else "")
    return f'name = "{name}"\n{patterns}[[start]]\nkind = "list"\nurl = "http://{hosts[0]}/list/"\n'


def sites(only: tuple[str, ...] = ()) -> Sites:
    texts = {
        "daily": site("daily", "daily.example", article="/gongyi/"),
        "daily_sport": site("daily_sport", "daily.example", article="/sport/"),
        "council": site("council", "www.council.example"),
    }
    return Sites({name: read_site(text, name, name) for name, text in texts.items()}, only)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://www.daily.example/gongyi/1.html", "daily"),
        ("http://daily.example/sport/1.html", "daily_sport"),
        ("http://daily.example/other/1.html", "daily"),
        ("https://council.example/1.html", "council"),
        ("https://news.council.example/1.html", "news.council.example"),
        ("https://elsewhere.example/1.html", "elsewhere.example"),
    ],
)
def test_a_page_is_of_the_site_of_its_host_and_patterns(url, name):
    hints = sites().hints(url, AT)
    assert hints is not None
    assert hints.name == name


def test_only_the_pages_of_chosen_hosts_and_days():
    plan = Plan((), sites(only=("daily.example",)), since=date(2026, 11, 2))
    late = datetime(2026, 11, 2, tzinfo=UTC)
    assert plan.wants("http://www.daily.example/1.html", late) is not None
    assert plan.wants("http://www.daily.example/1.html", AT) is None
    assert plan.wants("http://council.example/1.html", late) is None


def test_a_broken_site_file_is_told_and_no_hindrance_unless_it_is_named(tmp_path):
    (tmp_path / "bad.toml").write_text("name = 1")
    files = {"bad": tmp_path / "bad.toml"}
    assert "bad.toml:1: name" in read_sites(files, []).problems[0]
    with pytest.raises(PlanError, match=r"bad\.toml:1: name"):
        read_sites(files, ["bad"])


def test_a_day():
    assert day("2026-11-01") == date(2026, 11, 1)
    assert day(None) is None
    with pytest.raises(PlanError, match="is no day"):
        day("1.11.2026")


@pytest.mark.parametrize(
    ("language", "text", "charset"),
    [
        ("zh", "社工走进湖熟街道，为独居老人安装防滑垫，也教他们怎样在浴室里站稳。", "gb18030"),
        ("zh", "社區組織協會的義工上門探訪獨居長者，送上口罩和飯盒。", "utf-8"),
        ("ja", "ボランティアの皆さんが川の掃除をしました。子どもたちも参加しました。", "utf-8"),
        ("en", "Volunteers met on Saturday to clean the banks of the river.", "utf-8"),
        ("de", "Freiwillige haben am Samstag das Ufer des Flusses gereinigt.", "utf-8"),
        ("", "2026 …", "utf-8"),
    ],
)
def test_the_language_of_a_page(language, text, charset):
    script = "<script>var menu = 'This text of a script is not what readers see';</script>" * 20
    html = f'<html><meta charset="{charset}">{script}<p>{text}</p></html>'
    assert language_of(html.encode(charset), "text/html") == language


def test_changes_are_counted_by_field_and_the_first_ones_shown():
    written: list[dict[str, Any]] = []
    report = Report(shown=1, write=written.append)
    before = {"title": "首页", "body": "甲\n乙", "source": "江湾日报"}
    fields = differences(before, {"title": "图书室", "body": "乙\n丙", "source": "江湾日报", "people": "周"})
    for number in (1, 2):
        report.add(Change(f"http://a.example/{number}.html", AT, "changed", fields))
    report.add(Change("http://a.example/3.html", AT, "unchanged", {}))
    out = StringIO()
    print_report(Console(file=out, width=100), report)
    text = out.getvalue()
    assert "  title         -首页 +图书室 \n  body          -甲 +丙 \n" in text
    assert "... and 1 more changed pages" in text
    assert "2.html" not in text
    assert dict(report.fields) == {"title": 2, "body": 2}
    assert [record["url"] for record in written] == ["http://a.example/1.html", "http://a.example/2.html"]
    assert written[0]["fields"]["body"] == {"before": "甲\n乙", "after": "乙\n丙"}


def test_a_page_is_read_with_the_selectors_of_its_time():
    old = "[[former]]\nuntil = {}\nselectors.body = '.{}'\n"
    text = site("council", "council.example") + "[selectors]\nbody = '.now'\n"
    text += old.format("2026-10-31", "autumn") + old.format("2026-06-30", "spring")
    known = Sites({"council": read_site(text, "council", "council")})

    def body(*day: int) -> tuple[str, ...]:
        hints = known.hints("http://council.example/1.html", datetime(2026, *day, tzinfo=UTC))  # type: ignore[misc,arg-type]
        assert hints is not None
        return hints.selectors["body"]

    assert body(6, 30, 12) == (".spring",)
    # by the day in China, where it is tomorrow already
    assert body(6, 30, 20) == (".autumn",)
    assert body(10, 31) == (".autumn",)
    assert body(11, 1) == (".now",)
