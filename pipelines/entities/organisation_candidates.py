"""Where names may stand in a run: the forms that end them, and the listed names that have none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipelines.entities.lexicon import Suffix, association, known_organisations, places, suffixes
from pipelines.entities.organisation_runs import MAX_BRANCH, Candidate, Run, patterns

SHORT_KNOWN: Final = 4  # a listed name up to this length must be whole words of the text
# 沃尔玛中国, 麦当劳（中国）
_COUNTRY_BRANCH = re.compile("中国(?=[^人有境国内市消]|$)|[（(]中国[）)]|大中华区|亚太(?![、地区])")
# 书院|路街道: a street that is called after an institution
_STREET = re.compile(
    "路(?:街道|[0-9一二三四五六七八九十]|[，。、；社口上])|大?街(?:社区|[0-9一二三四五六七八九十]|[口上])|巷(?:社区|[，。、0-9])"
)
# 生态环境|部门, 民政|部长
_NO_OFFICE = re.compile("门(?!户)|长(?!期|者)")
# 上报|社区, 服务|社会
_OF_SHE: Final = frozenset("区会团交")


def candidates_by_form(run: Run) -> Iterator[Candidate]:
    """Where a suffix stands that is not the beginning of a longer word."""
    known = suffixes()
    spans = list(run.forms)
    while spans:
        start, end = spans.pop(0)
        suffix: Suffix = known[run.text[start:end]]
        follows = (run.text + run.after)[end : end + 4]
        severed = run.text[end - 1] == "社" and follows[:1] in _OF_SHE
        severed = severed or (
            follows[:1] in suffix.verb and bool(follows) and not _is_located(run.text, start)
        )
        if severed or (suffix.not_before and suffix.not_before.match(follows)) or _STREET.match(follows):
            spans = patterns().suffix.spans(run.text, start + 1)
        elif suffix.not_after is None or not suffix.not_after.search(run.text[max(0, start - 3) : start]):
            yield Candidate(-1, start, end, suffix.kind)
        elif (inner := patterns().suffix.spans(run.text, start + 1, end)) and inner[-1][1] == end:
            spans.insert(0, inner[-1])  # 社|区党委 is 社区|党委
    if "会" not in run.text:
        return
    pattern, suffix = association()
    for found in pattern.finditer(run.text):
        if not any(start < found.end() <= end for start, end in run.forms):
            yield Candidate(-1, found.start(), found.end(), suffix.kind)


def _is_located(text: str, end: int) -> bool:
    """Whether a place stands in the few characters before a form that is a verb too (中国心理|学会|在京)."""
    return patterns().place.search(text, max(0, end - MAX_BRANCH), end) is not None


def candidates_by_list(run: Run) -> Iterator[Candidate]:
    """Names of the list; short ones only where they are whole words."""
    for start, end in run.listed:
        if end - start <= SHORT_KNOWN and not _are_words(run, start, end):
            continue
        if run.text[end - 1] in "部局" and _NO_OFFICE.match((run.text + run.after)[end : end + 2]):
            continue
        kind = known_organisations()[run.text[start:end]]
        if kind in ("社会服务机构", "基金会", "社会团体"):
            # 武汉恩派
            lengths = (n for n in (4, 3, 2) if n <= start)
            start -= next((n for n in lengths if run.text[start - n : start].rstrip("省市") in places()), 0)
        branch = _COUNTRY_BRANCH.match(run.text, end) if kind == "企业" else None
        if branch:
            end = branch.end()
        yield Candidate(start, start, end, kind, "organisation.listed")


def _are_words(run: Run, start: int, end: int) -> bool:
    index = run.cut.index
    return run.offset + start in index and run.offset + end in index
