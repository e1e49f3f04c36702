"""Organisations, found by the last word of their names and a search for where they begin.

The grammar of a full name is: places, a proper name, kinds of work, a form
(南京 + 红叶 + 社会工作 + 服务社). The form ends it and is a list; what begins it
is what can't be part of it: punctuation, function words, verbs, counts, another
organisation, a connective with a second name behind it. Names without such a
form (外交部, 壹基金) are a list of their own.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from pipelines.entities.lexicon import HAN, association, social
from pipelines.entities.organisation_borders import left_border
from pipelines.entities.organisation_brands import wider_border
from pipelines.entities.organisation_breaks import find_breaks
from pipelines.entities.organisation_candidates import candidates_by_form, candidates_by_list
from pipelines.entities.organisation_judging import is_department, is_name, is_office
from pipelines.entities.organisation_runs import Candidate, Run, Span, patterns, suffix_of
from pipelines.entities.segmentation import Words
from pipelines.models import Mention

# what a name may be written with: a quoted proper name and a place in brackets are parts of it
_RUN = re.compile(
    rf"(?:[{HAN}A-Za-z0-9·]+|[“\"‘「][{HAN}A-Za-z0-9·]{{1,10}}[”\"’」]|（[{HAN}]{{1,4}}）|\([{HAN}]{{1,4}}\))+"
)
# "11 个街道社工站": the number may stand before the run
_CLASSIFIER = re.compile("[家个名位所支批份]")
_PLACED_BRAND = re.compile(rf"[{HAN}A-Za-z]{{2,5}}[（(][{HAN}]{{2,4}}[）)]")


def find_organisations(text: str, cut: Words) -> list[Mention]:
    """Organisations named in full in `text`, in order, none inside another; offsets in characters.

    `cut` is the text in words.
    """
    found: list[Mention] = []
    end_mark = (len(text), len(text))
    suffixed = [*patterns().suffix.spans(text), end_mark]
    listed = [*patterns().listed.spans(text), end_mark]
    associations = [m.start() for m in association()[0].finditer(text)] if "会" in text else []
    at = by = 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        empty = suffixed[at][0] >= end and listed[by][0] >= end
        if empty and not _any_within(associations, start, end):
            continue
        forms_, at = _within(suffixed, at, start, end)
        names, by = _within(listed, by, start, end)
        written = run.group()
        before, after = text[max(0, start - 2) : start], text[end : end + 3]
        broken = patterns().breaker.spans(written)
        for name in _names(Run(written, start, before, after, cut, forms_, names, broken)):
            surface = written[name.start : name.end]
            kind = _kind(surface, name.kind)
            first, last = start + name.start, start + name.end
            found.append(Mention("organisation", first, last, surface, surface, name.rule, kind))
    return found


def _within(spans: list[Span], at: int, start: int, end: int) -> tuple[list[Span], int]:
    """The spans from number `at` on inside a run, as offsets into it, and where to go on."""
    inside = []
    while spans[at][0] < end:
        first, last = spans[at]
        if first >= start and last <= end:
            inside.append((first - start, last - start))
        at += 1
    return inside, at


def _any_within(places_: list[int], start: int, end: int) -> bool:
    number = bisect_left(places_, start)
    return number < len(places_) and places_[number] < end


def _kind(name: str, kind: str) -> str:
    named, unless = social()
    return "社会服务机构" if kind == "学校" and named.search(name) and not unless.search(name) else kind


def _names(run: Run) -> list[Candidate]:
    hits = sorted(
        [*candidates_by_form(run), *candidates_by_list(run)], key=lambda hit: (hit.form, -hit.end, hit.start)
    )
    if not hits:
        return []
    lead = _CLASSIFIER.match(run.text) if run.before.rstrip()[-1:].isdigit() else None
    breaks = [0, lead.end()] if lead else [0]
    breaks += find_breaks(run)
    names: list[Candidate] = []
    for hit in hits:
        before = names[-1] if names else None
        if before is not None and hit.end <= before.end:
            continue
        if hit.start < 0 and not _is_begun(run, hit, breaks, before):
            continue
        if before is not None and hit.start < before.end:
            if hit.start > before.start:
                continue
            names.pop()
        names.append(hit)
    return names


def _is_begun(run: Run, hit: Candidate, breaks: list[int], before: Candidate | None) -> bool:
    """Finds where the name before a suffix begins, and sets it; False when there is no name."""
    suffix = suffix_of(run, hit)
    if suffix.within and (is_office(run, hit, before) or is_department(run, hit, before)):
        return False
    if (
        run.before[-1:] in ("“", "「")
        and (run.text + run.after)[hit.end : hit.end + 1] in ("”", "」")
        and hit.end > 6
    ):
        hit.start = 0
        return is_name(run, 0, hit)
    if hit.kind == "企业" and len(breaks) == 1 and _is_member(run, hit):
        hit.start = 0
        return True
    if (opening := _opening_of(run.text, hit)) >= 0:
        hit.start = opening
        return is_name(run, opening, hit)
    start = left_border(run, hit, breaks, before)
    if not is_name(run, start, hit):
        start = wider_border(run, hit, breaks, start)
    hit.start = start
    return start >= 0


def _is_member(run: Run, hit: Candidate) -> bool:
    """Whether a company of a list is named from its head to a place in brackets (、和优良品（苏州）公司)."""
    return run.before[-1:] == "、" and _PLACED_BRAND.match(run.text, 0, hit.form) is not None


def _opening_of(text: str, hit: Candidate) -> int:
    """Where a name begins that a quotation inside the run holds whole (某社区“五线谱服务队”); else -1."""
    if text[hit.end : hit.end + 1] not in ("”", "」"):
        return -1
    opening = max(text.rfind("“", 0, hit.form), text.rfind("「", 0, hit.form))
    return (
        opening + 1 if opening >= 0 and not any(mark in text[opening + 1 : hit.end] for mark in "”」") else -1
    )
