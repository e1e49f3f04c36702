"""New templates of a site: which are told apart, what is kept, and when there is an alarm."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from crawler.checks import CHECKS, Evidence
from crawler.templates import TemplateBook
from pipelines.models import Template
from storage import open_store
from storage.history import PastRun
from storage.templates import KEPT, SeenTemplate, save_templates, templates_of
from tests.crawler.operations import operator

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
URL = "http://www.qinghe.example/art/%d.html"
OLD = tuple(range(20))
NEW = tuple(range(100, 120))


def seen(key: str, run: int, at: datetime = NOW) -> SeenTemplate:
    return SeenTemplate(key, OLD, "div.text", URL % run, run, at)


def found(now: dict[str, int], *past: dict[str, int], **fields: Any) -> bool | None:
    """Whether the crawl after `past`, numbered from 1, raises an alarm; None when it can't be judged."""
    runs = [PastRun(n, NOW, _counts(one)) for n, one in enumerate(past, 1)]
    first: dict[str, int] = {}
    for number, one in enumerate([*past, now], 1):
        for key in one:
            first.setdefault(key, number)
    fields.setdefault("templates", {key: seen(key, run) for key, run in first.items()})
    verdict = CHECKS["template"](
        Evidence(_counts(now), history=runs, today=NOW.date(), run=len(past) + 1, **fields)
    )
    return None if verdict is None else bool(verdict)


def _counts(of: dict[str, int]) -> dict[str, int]:
    return {f"template/{key}": number for key, number in of.items()}


def test_a_new_template_on_a_fair_share_of_a_site_that_has_a_history():
    assert found({"b": 12}, {"a": 25}) is True
    assert found({"a": 20, "b": 10}, {"a": 60}) is True


def test_ordinary_variation():
    assert found({"a": 12}, {"a": 25}) is False
    assert found({"a": 10, "b": 2}, {"a": 25}) is False
    # a special of its own design
    assert found({"a": 30, "b": 10}, {"a": 25}) is False
    # known, though from long ago
    assert found({"b": 12}, {"a": 40, "b": 1}, {"a": 40}) is False
    # a site of which many pages have a design of their own
    odd = [{"a": 5, **{f"odd{n}{i}": 1 for i in range(5)}} for n in range(5)]
    assert found({"a": 5, **{f"new{n}": 1 for n in range(6)}}, *odd) is False


def test_what_can_not_be_judged_raises_nothing():
    assert found({"a": 12}) is False
    assert found({"b": 12}, {"a": 12}) is False
    assert found({}, {"a": 60}) is None


def test_a_site_of_few_articles_is_judged_over_several_crawls():
    past = [{"a": 2}] * 15
    assert found({"b": 2}, *past) is False
    assert found({"b": 2}, *past, {"b": 2}, {"b": 2}, {"b": 2}) is True


def test_the_alarm_stays_while_the_template_does_until_it_is_the_sites_own():
    raised = {("template", ""): 2}
    assert found({"b": 12}, {"a": 25}, {"b": 12}, raised=raised) is True
    assert found({"b": 1}, {"a": 25}, {"b": 12}, {"b": 1}, raised=raised) is True
    assert found({"a": 12}, {"a": 25}, {"b": 12}, raised=raised) is False
    own = {"a": seen("a", 1), "b": seen("b", 2, NOW - timedelta(days=7))}
    assert found({"b": 12}, {"a": 25}, {"b": 12}, raised=raised, templates=own) is False
    # without an alarm it is one of those that the site had
    assert found({"b": 12}, {"a": 25}, {"b": 5}) is False


def test_templates_are_told_apart_by_what_they_share():
    book = TemplateBook()
    book.load([replace(seen("a", 1), sketch=OLD)])
    assert book.meet(Template((*OLD[:15], 90, 91)), URL % 2, 2) == "a"
    new = book.meet(Template(NEW, "main > article"), URL % 3, 2)
    assert new not in (None, "a")
    assert book.meet(Template(NEW[1:]), URL % 4, 2) == new
    assert {key: (one.first_run_id, one.url) for key, one in book.met.items()} == {
        "a": (1, URL % 1),
        new: (2, URL % 3),
    }


def test_a_site_of_which_each_page_is_built_anew_fills_no_store():
    book = TemplateBook()
    keys = [book.meet(Template((1000 * n, 1000 * n + 1)), URL % n, 1) for n in range(KEPT + 50)]
    assert keys[KEPT:] == [None] * 50
    assert len(book.met) == KEPT


def test_templates_are_kept_since_when_they_were_first_seen(store_url: str) -> None:
    store = open_store(store_url)
    first, second = store.start_run("qinghe"), store.start_run("qinghe")
    one = replace(seen("a", first), sketch=(1, 2**32 - 1))
    store.write(save_templates, first, [one])
    other = replace(seen("b", second), way="div.正文")
    store.write(save_templates, second, [replace(one, first_run_id=second, url="", first_seen_at=NOW), other])
    assert sorted(store.read(templates_of, "qinghe"), key=lambda t: t.key) == [one, other]
    assert store.read(templates_of, "linlan") == []
    many = [seen(f"{n:04}", second) for n in range(KEPT)]
    store.write(save_templates, second, many)
    assert {t.key for t in store.read(templates_of, "qinghe")} == {t.key for t in many}
    store.close()


def test_a_new_design_raises_one_alarm_that_names_the_site_until_it_heals(tmp_path: Path) -> None:
    told = tmp_path / "told.jsonl"
    command: dict[str, Any] = {"ALARM_COMMAND": f"sh -c 'cat >> {told}; echo >> {told}'"}
    with operator(tmp_path, count=25) as at:
        at.crawl(**command)
        # what varies from page to page is no template
        at.server.rebuild(count=37, template=5)
        at.crawl(**command)
        assert at.rows("SELECT count(*) FROM page_template") == [(1,)]
        assert not told.exists()

        at.server.rebuild(count=49, template=4)
        assert at.crawl(code=3, **command)["alarms"] == 1
        (news,) = map(json.loads, told.read_text("utf-8").splitlines())
        assert news["site"] == "qinghe"
        (alarm,) = news["raised"]
        assert (alarm["kind"], alarm["subject"]) == ("template", "")
        assert "100% of 12 articles" in alarm["message"]
        assert "section.story.wrap > article.story.text" in alarm["message"]

        at.server.rebuild(count=61, template=4)
        at.crawl(**command)
        assert len(told.read_text("utf-8").splitlines()) == 1

        at.server.rebuild(count=73, template=1)
        at.crawl(**command)
        news = json.loads(told.read_text("utf-8").splitlines()[-1])
        assert (news["raised"], [one["kind"] for one in news["healed"]]) == ([], ["template"])
        assert at.rows("SELECT site, kind, raised_run_id, healed_run_id FROM alarms") == [
            ("qinghe", "template", 3, 5)
        ]


def test_a_crawl_with_arguments_makes_no_template_known(tmp_path: Path) -> None:
    with operator(tmp_path, count=25) as at:
        at.crawl()
        at.server.rebuild(count=37, template=4)
        assert at.scrapy("crawl", "qinghe", "-a", "max_pages=3").returncode == 0
        assert at.crawl(code=3)["alarms"] == 1
