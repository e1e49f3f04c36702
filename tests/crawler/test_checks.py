"""Each check: what it takes for sound, and that it fails when it should."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.checks import CHECKS, Evidence, without_symptoms
from crawler.coverage import Reading
from crawler.monitors import SiteSuite
from crawler.shares import fell, tail
from pipelines.urls import url_id
from storage.alarms import Finding
from storage.coverage import OpenGap
from storage.history import PastRun
from storage.lists import ListState

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = NOON.date()
LIST = "http://www.qinghe.example/news/"
SOUND = {
    "fetch/lists": 3,
    "fetch/articles": 30,
    "fields/articles": 30,
    "fields/title": 30,
    "fields/published": 30,
    "fields/source": 27,
    "fields/body": 30,
    "fields/no_article": 1,
    "selectors/source/tried": 20,
    "selectors/source/matched": 20,
    "page_failed/http_500": 1,
    "page_failed/http_404": 9,
}


def past(*counts) -> list[PastRun]:
    return [PastRun(n, NOON, one) for n, one in enumerate(counts, 1)]


def reading(*now: str, before: int = 10, ending: str = "last_page") -> Reading:
    state = ListState(LIST, NOON, entries=frozenset(range(before))) if before else None
    return Reading(LIST, state, pages=1, entries=dict.fromkeys(map(url_id, now), "stored"), ending=ending)


def evidence(counts=SOUND, **fields) -> Evidence:
    fields.setdefault("history", past(SOUND, SOUND))
    fields.setdefault("readings", [reading(f"{LIST}1.html")])
    return Evidence(counts, selectors=["source"], today=TODAY, **fields)


def subjects(kind: str, of: Evidence) -> list[str] | None:
    verdict = CHECKS[kind](of)
    return None if verdict is None else [finding.subject for finding in verdict]


def test_every_check_has_a_monitor_and_every_monitor_a_check():
    assert [monitor.kind for monitor in SiteSuite.monitors] == list(CHECKS)


def test_a_sound_crawl_has_no_findings():
    verdicts = {kind: check(evidence()) for kind, check in CHECKS.items()}
    assert {kind: verdict for kind, verdict in verdicts.items() if verdict} == {}
    assert verdicts["expected"] is None  # the site file says nothing


@pytest.mark.parametrize(
    ("kind", "changed", "subject"),
    [
        ("coverage", {"fields/title": 3}, "title"),
        ("coverage", {"fields/published": 0}, "published"),
        ("coverage", {"fields/source": 9}, "source"),
        ("coverage", {"fields/body": 15}, "body"),
        ("selectors", {"selectors/source/matched": 0}, "source"),
        ("errors", {"page_failed/http_500": 30}, ""),
        ("errors", {"page_failed/timeout": 20}, ""),
        ("soft_404", {"fields/no_article": 25}, ""),
        ("soft_404", {"page_failed/soft_404": 25}, ""),
        ("robots", {"fetch/robots_forbidden": 30}, ""),
        ("robots", {"fetch/lists": 0, "fetch/lists_failed/robots_forbidden": 1}, ""),
        ("unreachable", {"fetch/lists_failed/dns": 1}, "dns"),
        ("unreachable", {"fetch/lists_failed/tls": 2}, "tls"),
        ("unreachable", {"fetch/lists": 0, "fetch/lists_failed/timeout": 3}, ""),
    ],
)
def test_each_check_finds_its_fault(kind, changed, subject):
    assert subjects(kind, evidence({**SOUND, **changed})) == [subject]


@pytest.mark.parametrize(
    ("kind", "changed"),
    [
        ("coverage", {"fields/source": 22}),
        ("errors", {"page_failed/http_500": 3}),
        ("errors", {"page_failed/http_404": 300}),
        ("unreachable", {"fetch/lists_failed/timeout": 1}),
        ("selectors", {"selectors/source/matched": 17}),
    ],
)
def test_small_changes_are_no_fault(kind, changed):
    assert subjects(kind, evidence({**SOUND, **changed})) == []


@pytest.mark.parametrize("kind", ["coverage", "selectors", "errors", "soft_404", "robots", "no_articles"])
def test_what_can_not_be_judged_is_not_called_sound(kind):
    assert subjects(kind, evidence({}, readings=[])) is None


def test_lists_that_name_nothing_any_more():
    assert subjects("no_articles", evidence(readings=[reading()])) == [""]
    assert subjects("no_articles", evidence(readings=[reading(), reading("http://a.example/1")])) == [LIST]
    # it was empty before; it could not be read; it has not changed
    assert subjects("no_articles", evidence(readings=[reading(before=0)])) is None
    assert subjects("no_articles", evidence(readings=[reading(ending="error")])) is None
    assert subjects("no_articles", evidence(readings=[reading(ending="not_modified")])) == []


def test_selectors_that_never_matched():
    never = {"selectors/source/tried": 6, "selectors/source/matched": 0}
    assert subjects("selectors", evidence(never, history=[])) == ["source"]
    assert subjects("selectors", evidence({**never, "selectors/source/tried": 3}, history=[])) == []


def test_a_site_of_few_articles_is_judged_over_several_crawls():
    good = {
        "fields/articles": 2,
        "fields/source": 2,
        "fields/title": 2,
        "fields/published": 2,
        "fields/body": 2,
    }
    bad = {**good, "fields/source": 0}
    assert subjects("coverage", evidence(bad, history=past(*[good] * 20))) == []
    assert subjects("coverage", evidence(bad, history=past(*[good] * 20, bad, bad))) == ["source"]


def test_while_an_alarm_is_open_the_crawls_before_it_are_the_measure():
    bad = {**SOUND, "fields/source": 0}
    lasting = past(SOUND, SOUND, *[bad] * 30)
    assert subjects("coverage", evidence(bad, history=lasting)) == []
    raised = {("coverage", "source"): 3}
    assert subjects("coverage", evidence(bad, history=lasting, raised=raised)) == ["source"]
    assert subjects("coverage", evidence(SOUND, history=lasting, raised=raised)) == []


def test_an_alarm_of_a_site_of_few_articles_stays_until_as_many_are_sound_as_make_a_sample():
    fields = ("fields/articles", "fields/title", "fields/published", "fields/body")
    good = {**dict.fromkeys(fields, 2), "fields/source": 2}
    bad = {**good, "fields/source": 0}
    raised = {("coverage", "source"): 18}
    history = [*[good] * 15, *[bad] * 3]
    assert subjects("coverage", evidence(bad, history=past(*history), raised=raised)) == ["source"]
    assert subjects("coverage", evidence(good, history=past(*history), raised=raised)) == ["source"]
    healing = past(*history, *[good] * 4)
    assert subjects("coverage", evidence(good, history=healing, raised=raised)) == []


def test_articles_a_day():
    days = {TODAY - timedelta(days=n): 3 for n in range(8)}

    def said(least=None, most=None, published=days):
        return subjects("expected", evidence(published=published, least_a_day=least, most_a_day=most))

    assert said(least=2, most=5) == []
    assert said(least=4) == ["least"]
    assert said(most=2) == ["most"]
    assert said(least=1, published={}) == ["least"]
    assert said(most=2, published={date(2026, 11, 1): 90}) == []


def test_open_gaps():
    gap = OpenGap(LIST, "no_overlap", "15 URLs", datetime(2026, 11, 20, tzinfo=UTC))
    (finding,) = CHECKS["gap"](evidence(gaps=[gap])) or []
    assert finding.subject == LIST
    assert "-a since=2026-11-20" in finding.message


def test_one_fault_is_told_once():
    def kinds(*found: tuple[str, str]) -> list[str]:
        return [f"{f.kind} {f.subject}" for f in without_symptoms([Finding(k, s, "") for k, s in found])]

    assert kinds(("selectors", "source"), ("coverage", "source"), ("coverage", "title")) == [
        "selectors source",
        "coverage title",
    ]
    assert kinds(("soft_404", ""), ("selectors", "body"), ("coverage", "title")) == ["soft_404 "]
    assert kinds(("coverage", "source"), ("template", ""), ("errors", "")) == ["coverage source", "errors "]
    assert kinds(("selectors", "source"), ("template", "")) == ["selectors source"]
    assert kinds(("unreachable", "dns"), ("errors", ""), ("gap", LIST)) == ["unreachable dns"]
    assert kinds(("no_articles", ""), ("expected", "least"), ("errors", "")) == ["no_articles ", "errors "]


@pytest.mark.parametrize(
    ("successes", "number", "chance", "likely"),
    [(0, 1, 0.5, 0.5), (1, 2, 0.5, 0.75), (2, 2, 0.3, 1.0), (0, 10, 0.9, 1e-10), (4999, 10_000, 0.5, 0.496)],
)
def test_the_binomial_tail(successes, number, chance, likely):
    assert tail(successes, number, chance) == pytest.approx(likely, rel=1e-2)


def test_a_share_needs_something_to_compare_with():
    def part(counts):
        return counts["part"]

    def whole(counts):
        return counts["whole"]

    assert fell({"part": 0, "whole": 50}, past({"part": 19, "whole": 19}), part, whole) is None
    assert fell({"part": 0, "whole": 50}, past({"part": 20, "whole": 20}), part, whole) is not None
