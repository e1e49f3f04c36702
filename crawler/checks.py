"""What may be wrong with a crawl, judged by the site's own earlier crawls: evidence in, findings out.

While an alarm is open, what came before it is the measure, so that a lasting
fault does not become the new normal.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from crawler.coverage import Reading
from crawler.shares import MIN_BEFORE, Counts, fell, is_no_chance, samples
from storage.alarms import Finding
from storage.coverage import OpenGap
from storage.history import PastRun
from storage.templates import SeenTemplate

MIN_NEVER = 5
"""Articles after which a selector that never matched is a finding, without any earlier crawl."""

MIN_UNKNOWN = 0.3
"""Which share of articles must come in unknown templates: one of three columns with a new design."""

TEMPLATE_DAYS = 7
"""Days after which a template is taken for the site's own, and the alarm about it heals."""

EXPECTED_DAYS = 7

FIELDS = ("title", "published", "source", "body")
TEMPLATE = "template/"
"""How the counts of articles by template begin; its key follows."""

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
    "soft_404": ("selectors", "coverage", "template", "expected"),
    "selectors": ("template",),
    "coverage": ("template",),
}
"""Which findings a deeper one explains, so that one fault raises one alarm."""


@dataclass(slots=True)
class Evidence:
    """What a crawl is judged by.

    `counts` are its statistics as the store names them, `history` those of
    earlier finished crawls, oldest first. `raised` maps the open alarms to the
    run that raised them. `published` are articles by the day that they give,
    `templates` those that earlier crawls and this one met; `run` is this one.
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
    templates: Mapping[str, SeenTemplate] = field(default_factory=dict)
    run: float = math.inf


Verdict = list[Finding] | None
"""What a check found; None when there was nothing to judge, so that an open alarm stays."""


def _raised(evidence: Evidence, kind: str, subject: str) -> float:
    """The run that raised an alarm which is open; later than all when none is."""
    return evidence.raised.get((kind, subject), math.inf)


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
        if change := fell(
            evidence.counts, evidence.history, part, whole, _raised(evidence, "coverage", name)
        ):
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
        change = fell(evidence.counts, evidence.history, matched, tried, _raised(evidence, "selectors", name))
        pooled = [*(past.counts for past in evidence.history), evidence.counts]
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


def template(evidence: Evidence) -> Verdict:
    """Many articles in templates that the site never had.

    How often a new one turns up anyway is what earlier crawls say: so many
    templates among so many articles (Good and Turing's estimate).
    """
    whole = _sum(TEMPLATE)
    if not whole(evidence.counts):
        return None
    raised = _raised(evidence, "template", "")
    for sample in samples(evidence.counts, evidence.history, whole, raised):
        old, number = sum(map(whole, sample.before)), sum(map(whole, sample.now))
        if old < MIN_BEFORE:
            continue
        seen = sum((Counter(_templates(counts)) for counts in sample.now), Counter[str]())
        since = min(sample.first, evidence.run)
        unknown = {key: n for key, n in seen.items() if not _is_known(evidence, key, since)}
        new, kinds = sum(unknown.values()), len(set().union(*map(_templates, sample.before)))
        certain = sample.alarmed or is_no_chance(number - new, number, old - kinds, old)
        if new >= MIN_UNKNOWN * number and certain:
            return [Finding("template", "", _new_templates(evidence, unknown, new / number, number))]
    return []


def _templates(counts: Counts) -> Counts:
    return {key.removeprefix(TEMPLATE): n for key, n in counts.items() if key.startswith(TEMPLATE)}


def _is_known(evidence: Evidence, key: str, since: float) -> bool:
    found = evidence.templates.get(key)
    if found is None:
        return False
    return found.first_run_id < since or (evidence.today - found.first_seen_at.date()).days >= TEMPLATE_DAYS


def _new_templates(evidence: Evidence, unknown: Counts, share: float, number: int) -> str:
    most = evidence.templates.get(max(unknown, key=lambda key: (unknown[key], key)))
    such = f", such as {most.url} ({most.way})" if most else ""
    return f"{share:.0%} of {number} articles come in a template that the site never had before{such}"


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
    change = fell(evidence.counts, evidence.history, good, whole, _raised(evidence, kind, ""))
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
    "template": template,
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
