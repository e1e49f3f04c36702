"""Organisations, found by the last word of their names and a search for where they begin.

The grammar of a full name is: places, a proper name, kinds of work, a form
(南京 + 红叶 + 社会工作 + 服务社). The form ends it and is a list; what begins it
is what can't be part of it: punctuation, function words, verbs, counts, another
organisation, a connective with a second name behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipelines.entities.lexicon import HAN, Suffix, alternatives, places, suffixes, words
from pipelines.models import Mention

MAX_NAME: Final = 30  # characters
_SUFFIXES: Final = "organisation_suffixes.toml"
_WORDS: Final = "organisation_words.toml"

# what a name may be written with: a quoted proper name and a place in brackets are parts of it
_RUN = re.compile(
    rf"(?:[{HAN}A-Za-z0-9·]|“[{HAN}A-Za-z0-9·]{{1,10}}”|（[{HAN}]{{1,4}}）|\([{HAN}]{{1,4}}\))+"
)
_DIVISION_END = re.compile("(?:省|市|区|县|州|镇|乡|街道|村|社区|旗|盟)$")
_NOT_PROPER = re.compile(rf"[^{HAN}A-Za-z0-9]")
# "11 个街道社工站": the number may stand before the run
_CLASSIFIER = re.compile("[家个名位所支批份]")
_COUNTED = (
    r"(?:[0-9]+(?:[.,][0-9]+)?|[一二两三四五六七八九十百千万亿几数多上近超第]+)[余多]?"
    r"(?:家|个|名|位|所|支|场|次|批|届|期|座|处|条|项|起|天|户|人|份)|[0-9]+(?:年|月|日|时|分|岁|元|万|亿)[初底末]?"
)


@dataclass(slots=True, frozen=True)
class _Patterns:
    suffix: re.Pattern[str]
    breaker: re.Pattern[str]
    kind_words: re.Pattern[str]
    connective: re.Pattern[str]
    place: re.Pattern[str]
    levels: frozenset[str]
    standalone: frozenset[str]
    standing_alone: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    held = alternatives([*words(_WORDS, "protected"), *places(), *suffixes()])
    standalone = words(_SUFFIXES, "standalone")
    return _Patterns(
        suffix=re.compile(alternatives([*suffixes(), *standalone])),
        breaker=re.compile(f"{held}|(?P<breaks>{_COUNTED}|{alternatives(words(_WORDS, 'breakers'))})"),
        kind_words=re.compile(alternatives(words(_WORDS, "kind_words"))),
        connective=re.compile("[" + "".join(words(_WORDS, "connectives")) + "]"),
        place=re.compile(alternatives(places())),
        levels=frozenset(words(_WORDS, "levels")),
        standalone=frozenset(standalone),
        standing_alone=re.compile(alternatives(standalone)),
    )


@dataclass(slots=True)
class _Name:
    start: int
    suffix: int
    end: int


def find_organisations(text: str) -> list[Mention]:
    """Organisations named in full in `text`, in order, none inside another; offsets in characters."""
    found: list[Mention] = []
    for run in _RUN.finditer(text):
        if len(run.group()) < 3:
            continue
        for name in _names(run.group(), text[run.end() : run.end() + 2], _is_counted(text, run.start())):
            start, end = run.start() + name.start, run.start() + name.end
            surface = text[start:end]
            found.append(Mention("organisation", start, end, surface, surface, "organisation.suffix"))
    return found


def _is_counted(text: str, start: int) -> bool:
    return text[max(0, start - 2) : start].rstrip()[-1:].isdigit()


def _names(run: str, after: str, counted: bool) -> list[_Name]:
    hits = list(_hits(run, after))
    if not hits:
        return []
    lead = _CLASSIFIER.match(run) if counted else None
    breaks = [lead.end()] if lead else []
    breaks += [m.end() for m in _patterns().breaker.finditer(run) if m.lastgroup == "breaks"]
    names: list[_Name] = []
    for suffix, end in hits:
        before = names[-1] if names else None
        start = _left_border(run, suffix, breaks, before)
        if not _is_name(run, start, suffix, end):
            continue
        if before is not None and start < before.end:
            if start > before.start:
                continue
            names.pop()
        names.append(_Name(start, suffix, end))
    return names


def _hits(run: str, after: str) -> Iterator[tuple[int, int]]:
    """Where a suffix stands that is not the beginning of a longer word: its start and end."""
    place = 0
    known = suffixes()
    while hit := _patterns().suffix.search(run, place):
        suffix: Suffix | None = known.get(hit.group())
        follows = (run + after)[hit.end() : hit.end() + 4]
        if suffix is not None and suffix.not_before is not None and suffix.not_before.match(follows):
            place = hit.start() + 1
            continue
        yield hit.span()
        place = hit.end()


def _left_border(run: str, suffix: int, breaks: list[int], before: _Name | None) -> int:
    start = max((b for b in breaks if b <= suffix), default=0)
    start = max(start, suffix - MAX_NAME)
    if before is not None and start < before.end and not _one_name(run, before, suffix):
        start = before.end
        if _patterns().connective.match(run, start):
            start += 1
    for found in _patterns().connective.finditer(run, start, suffix):
        # a form may begin with a kind of work itself: 保护与服务中心
        joined = found.end() == suffix and _patterns().kind_words.match(run, suffix)
        if not joined and _parts_two_names(run[start : found.start()], run[found.end() : suffix]):
            start = found.end()
    start = _behind_quotation(run, start, suffix)
    standing_alone = _patterns().standing_alone.match(run, suffix)
    if standing_alone and not _patterns().place.match(run, start):
        return suffix
    return _at_place(run, start, suffix)


def _one_name(run: str, before: _Name, suffix: int) -> bool:
    """Whether the organisation before this suffix is a part of the same name (某某大学附属医院)."""
    return not _proper(run[before.end : suffix])


def _parts_two_names(left: str, right: str) -> bool:
    """Whether a connective parts two names, rather than two kinds of work or two characters of one name."""
    if not left or left.endswith(tuple(suffixes())):
        return True
    if not right:
        return len(left) > 1  # 敦和基金会, but 社会团体和基金会
    if not _proper(left):
        return bool(_proper(right))
    return len(_proper(right)) > 1


def _behind_quotation(run: str, start: int, suffix: int) -> int:
    """A quotation before the suffix is the proper name only when nothing but kinds of work stands between."""
    quotation = run.rfind("”", start, suffix)
    if quotation >= 0 and _proper(run[quotation + 1 : suffix]):
        return quotation + 1
    return start


def _at_place(run: str, start: int, suffix: int) -> int:
    """Moves the border to the first province or city when what stands before is no part of a name."""
    found = _patterns().place.search(run, start + 2, suffix)
    if found is None or _patterns().suffix.search(run, start, found.start()):
        return start
    lead = run[start : found.start()]
    if _DIVISION_END.search(lead) or _patterns().place.match(lead) or lead.endswith(("“", "（", "(")):
        return start
    return found.start()


def _proper(part: str) -> str:
    """What is left of a part of a name without kinds of work, connectives and marks."""
    return _NOT_PROPER.sub("", _patterns().connective.sub("", _patterns().kind_words.sub("", part)))


def _is_balanced(name: str) -> bool:
    return all(name.count(opening) == name.count(closing) for opening, closing in ("“”", "（）", "()"))


def _is_name(run: str, start: int, suffix: int, end: int) -> bool:
    name, lead = run[start:end], run[start:suffix]
    if name in _patterns().standalone:
        return True
    if len(name) > MAX_NAME or not lead or not _is_balanced(name):
        return False
    known = suffixes().get(run[suffix:end])
    if known is not None and len(lead) < known.min_lead:
        return False
    if known is not None and known.bare and lead in _patterns().levels:
        return True
    # a connective may be half of a short proper name (敦和)
    proper = _NOT_PROPER.sub("", _patterns().kind_words.sub("", lead))
    return len(proper) >= 2 or (len(lead) >= 3 and proper in _patterns().levels)
