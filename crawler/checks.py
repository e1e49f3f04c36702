"""What may be wrong with a crawl, judged by the site's own earlier crawls: evidence in, findings out.

A share is judged by the exact binomial test: how likely is it to see so few
(or so many) if nothing had changed? Small crawls are judged together with
those just before them. While an alarm is open, what came before it is the
measure, so that a lasting fault does not become the new normal.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from crawler.coverage import Reading
from storage.alarms import Finding
from storage.coverage import OpenGap
from storage.history import PastRun

MAX_CHANCE = 1e-4
"""How unlikely a share must be, by chance alone, to be a finding."""

MIN_CHANGE = 0.2
"""How much a share must have changed, however unlikely: small changes are no breakage."""

MIN_BEFORE = 20
"""Articles of earlier crawls without which there is nothing to compare with."""

POOLED = 10
"""Articles that make a sample; a crawl with fewer is judged together with those before it."""

MIN_NEVER = 5
"""Articles after which a selector that never matched is a finding, without any earlier crawl."""

EXPECTED_DAYS = 7

FIELDS = ("title", "published", "source", "body")
GONE = ("http_404", "http_410", "moved", "soft_404", "redirected_to_list")
"""Failures that tell of an article, not of the crawl."""

UNREACHABLE = {
    "dns": "its host name can't be resolved",
    "tls": "the TLS handshake fails",
}
"""Failures of a start page that no server mends by itself."""

ALL = "*"
SYMPTOMS: Mapping[str, tuple[str, ...]] = {
    "robots": (ALL,),
    "unreachable": (ALL,),
    "no_articles": ("expected", "gap"),
    "soft_404": ("selectors", "coverage", "expected"),
}
"""Which findings a deeper one explains, so that one fault raises one alarm."""


@dataclass(slots=True)
class Evidence:
    """What a crawl is judged by.

    `counts` are its statistics as the store names them, `history` those of
    earlier finished crawls, oldest first. `raised` maps the open alarms to the
    run that raised them. `published` are articles by the day that they give.
    """

    counts: Mapping[str, int]
    history: Sequence[PastRun] = ()
    readings: Sequence[Reading] = ()
    gaps: Sequence[OpenGap] = ()
    raised: Mapping[tuple[str, str], int] = field(default_factory=dict)
    published: Mapping[date, int] = field(default_factory=dict)
    today: date = date.min
    least_a_day: float | None = None
    most_a_day: float | None = None
    selectors: Sequence[str] = ()


Verdict = list[Finding] | None
"""What a check found; None when there was nothing to judge, so that an open alarm stays."""

Counts = Mapping[str, int]


# --- comparing shares ---


@dataclass(slots=True, frozen=True)
class Change:
    """A share before, and in a sample of `number` now."""

    before: float
    now: float
    number: int


def tail(successes: int, number: int, chance: float) -> float:
    """Returns how likely `successes` or fewer of `number` are, each with `chance`; 0 < chance < 1."""
    log_hit, log_miss = math.log(chance), math.log1p(-chance)
    total = math.lgamma(number + 1)
    return math.fsum(
        math.exp(
            total - math.lgamma(k + 1) - math.lgamma(number - k + 1) + k * log_hit + (number - k) * log_miss
        )
        for k in range(successes + 1)
    )


def fell(
    counts: Counts,
    history: Sequence[Counts],
    part: Callable[[Counts], int],
    whole: Callable[[Counts], int],
) -> Change | None:
    """Returns how the share of `part` in `whole` fell in this crawl, None when it did not."""
    for sample, before in _samples(counts, history, whole):
        number, old = sum(map(whole, sample)), sum(map(whole, before))
        if not number or old < MIN_BEFORE:
            continue
        had, has = sum(map(part, before)), sum(map(part, sample))
        change = Change(had / old, has / number, number)
        # with one more hit and miss, as a share of 0 or 1 would leave no room for chance
        if change.before - change.now >= MIN_CHANGE and tail(has, number, (had + 1) / (old + 2)) < MAX_CHANCE:
            return change
    return None


def _samples(
    counts: Counts, history: Sequence[Counts], whole: Callable[[Counts], int]
) -> Iterable[tuple[Sequence[Counts], Sequence[Counts]]]:
    yield [counts], history
    number, first = whole(counts), len(history)
    while number < POOLED and first > 0:
        first -= 1
        number += whole(history[first])
    if first < len(history):
        yield [*history[first:], counts], history[:first]


def _measure(evidence: Evidence, kind: str, subject: str) -> list[Counts]:
    """The earlier crawls to compare with: while an alarm is open, those before it."""
    run = evidence.raised.get((kind, subject), math.inf)
    return [past.counts for past in evidence.history if past.id < run]


def _sum(prefix: str, but: Sequence[str] = ()) -> Callable[[Counts], int]:
    left_out = {prefix + name for name in but}

    def total(counts: Counts) -> int:
        return sum(v for k, v in counts.items() if k.startswith(prefix) and k not in left_out)

    return total


def _of(*names: str) -> Callable[[Counts], int]:
    return lambda counts: sum(counts.get(name, 0) for name in names)


# --- the checks ---


def no_articles(evidence: Evidence) -> Verdict:
    """Lists that name no article where they used to name some."""
    read = [r for r in evidence.readings if r.before and r.before.entries and r.ending != "error"]
    empty = [r for r in read if not r.entries and r.ending != "not_modified"]
    if not read:
        return None
    if len(empty) == len(read):
        number = sum(len(r.before.entries) for r in empty if r.before)
        return [Finding("no_articles", "", f"no list names an article any more; {number} were named before")]
    return [
        Finding("no_articles", r.url, f"{r.url} names no article any more; it named {len(r.before.entries)}")
        for r in empty
        if r.before
    ]


def coverage(evidence: Evidence) -> Verdict:
    """Fields that fewer articles have than before."""
    whole = _of("fields/articles")
    if not whole(evidence.counts):
        return None
    found = []
    for name in FIELDS:
        part = _of(f"fields/{name}")
        if change := fell(evidence.counts, _measure(evidence, "coverage", name), part, whole):
            found.append(
                Finding(
                    "coverage",
                    name,
                    f"field {name}: {change.now:.0%} of {change.number} articles have it;"
                    f" {change.before:.0%} had it before",
                )
            )
    return found


def selectors(evidence: Evidence) -> Verdict:
    """Selectors of the site file that match on fewer articles than before, or never matched."""
    found, judged = [], False
    for name in evidence.selectors:
        tried, matched = _of(f"selectors/{name}/tried"), _of(f"selectors/{name}/matched")
        if not tried(evidence.counts):
            continue
        judged = True
        before = _measure(evidence, "selectors", name)
        change = fell(evidence.counts, before, matched, tried)
        pooled = [*before, evidence.counts]
        if change:
            found.append(
                Finding(
                    "selectors",
                    name,
                    f"field {name}: its selectors match on {change.now:.0%} of {change.number} articles;"
                    f" they matched on {change.before:.0%}",
                )
            )
        elif sum(map(tried, pooled)) >= MIN_NEVER and not sum(map(matched, pooled)):
            number = sum(map(tried, pooled))
            found.append(
                Finding("selectors", name, f"field {name}: its selectors match on none of {number} articles")
            )
    return found if judged else None


def errors(evidence: Evidence) -> Verdict:
    """A larger share of pages that can't be fetched or read than before."""
    failed = _sum("page_failed/", but=GONE)
    read = _of("fields/articles", "fields/no_article")

    def whole(counts: Counts) -> int:
        return failed(counts) + read(counts)

    return _share(evidence, "errors", read, whole, "of {} pages fail; {} did before")


def soft_404(evidence: Evidence) -> Verdict:
    """A larger share of pages that answer well and are no article: apologies, or a template unknown to us."""
    articles = _of("fields/articles")
    whole = _of("fields/articles", "fields/no_article", "page_failed/soft_404")
    return _share(
        evidence,
        "soft_404",
        articles,
        whole,
        "of {} pages that a list calls articles are none; {} were before",
    )


def _share(
    evidence: Evidence,
    kind: str,
    good: Callable[[Counts], int],
    whole: Callable[[Counts], int],
    message: str,
) -> Verdict:
    if not whole(evidence.counts):
        return None
    change = fell(evidence.counts, _measure(evidence, kind, ""), good, whole)
    if change is None:
        return []
    said = message.format(change.number, f"{1 - change.before:.0%}")
    return [Finding(kind, "", f"{1 - change.now:.0%} {said}")]


def robots(evidence: Evidence) -> Verdict:
    """A start page, or a larger share of articles than before, that robots.txt forbids."""
    if number := evidence.counts.get("fetch/lists_failed/robots_forbidden", 0):
        return [Finding("robots", "", f"robots.txt now forbids {number} of the site's lists")]
    forbidden, fetched = _of("fetch/robots_forbidden"), _of("fetch/articles")

    def whole(counts: Counts) -> int:
        return forbidden(counts) + fetched(counts)

    if not evidence.counts.get("fetch/lists"):
        return None
    message = "of {} articles are forbidden by robots.txt; {} were before"
    return _share(evidence, "robots", fetched, whole, message) or []


def unreachable(evidence: Evidence) -> Verdict:
    """Start pages that TLS or DNS keeps away, or none of which answers."""
    failed = {
        name.removeprefix("fetch/lists_failed/"): number
        for name, number in evidence.counts.items()
        if name.startswith("fetch/lists_failed/") and number
    }
    failed.pop("robots_forbidden", None)
    found = [
        Finding("unreachable", reason, f"{failed[reason]} lists can't be read: {said}")
        for reason, said in UNREACHABLE.items()
        if reason in failed
    ]
    if found or not failed or evidence.counts.get("fetch/lists"):
        return found
    reason = max(failed, key=lambda name: (failed[name], name))
    return [Finding("unreachable", "", f"none of its lists can be read: {reason}")]


def expected(evidence: Evidence) -> Verdict:
    """Fewer articles a day than the site file says, as a mean of seven days, or more on one day."""
    least, most = evidence.least_a_day, evidence.most_a_day
    if least is None and most is None:
        return None
    found = []
    days = [evidence.today - timedelta(days=n) for n in range(1, EXPECTED_DAYS + 1)]
    mean = sum(evidence.published.get(day, 0) for day in days) / EXPECTED_DAYS
    if least is not None and mean < least:
        found.append(
            Finding(
                "expected", "least", f"{mean:.1f} articles a day in seven days; at least {least:g} expected"
            )
        )
    day, number = max(
        ((day, evidence.published.get(day, 0)) for day in [evidence.today, *days[:1]]),
        key=lambda pair: pair[1],
    )
    if most is not None and number > most:
        found.append(
            Finding("expected", "most", f"{number} articles on {day}; at most {most:g} a day expected")
        )
    return found


def gap(evidence: Evidence) -> Verdict:
    """Lists of which a stretch may have been missed."""
    return [
        Finding(
            "gap",
            g.list_url,
            f"{g.list_url}: a stretch may have been missed ({g.cause}: {g.detail}); close it with -a since="
            f"{g.since:%Y-%m-%d}"
            if g.since
            else f"{g.list_url}: was not read to its end ({g.cause}: {g.detail})",
        )
        for g in evidence.gaps
    ]


CHECKS: Mapping[str, Callable[[Evidence], Verdict]] = {
    "robots": robots,
    "unreachable": unreachable,
    "no_articles": no_articles,
    "soft_404": soft_404,
    "selectors": selectors,
    "coverage": coverage,
    "errors": errors,
    "expected": expected,
    "gap": gap,
}
"""By kind of alarm, deeper causes first."""


def without_symptoms(findings: Sequence[Finding]) -> list[Finding]:
    """Leaves out what a deeper finding explains, and of selectors and coverage of one field the second."""
    kinds = {f.kind for f in findings}
    kept = []
    for one in findings:
        explained = any(
            one.kind in SYMPTOMS[kind] or (SYMPTOMS[kind] == (ALL,) and one.kind != kind)
            for kind in kinds & set(SYMPTOMS)
        )
        twin = one.kind == "coverage" and any(
            f.kind == "selectors" and f.subject == one.subject for f in findings
        )
        if not explained and not twin:
            kept.append(one)
    return kept
