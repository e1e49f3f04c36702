"""Roles that stand before a name: 中心负责人马连平."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipelines.entities.lexicon import HAN
from pipelines.entities.role_owners import find_owner, last_named
from pipelines.entities.role_text import NamedText, make_role
from pipelines.entities.role_words import (
    BREAK,
    ends_in_head,
    has_head,
    head_words,
    reference_before_office,
    reference_before_part,
    role_end,
    role_start,
)
from pipelines.models import Mention, Role

MAX_ROLE: Final = 24  # characters between an organisation and the name
MAX_CHAINED: Final = 4  # offices of one person before the one that stands right before the name
_LEADING = re.compile(rf"^.*(?:的|之)(?=[{HAN}])|^(?:一名|一位|这名|那位|原|时任|现任|前|新任|年轻|老)+|^\s+")
# any other word for what somebody does (理发师, 电焊工)
_OCCUPATION = re.compile(
    rf"(?:^|(?<=[，,。；;！!？?\n：:“”（(、的名位岁]))[{HAN}]{{1,4}}(?:师|员|工|手|家|匠|民|妇|主|户|官)$"
    r"|(?:大学生|研究生|留学生|毕业生|高中生|初中生|单亲妈妈|队友|战友|邻居|村官)$"
)
_CHAINING: Final = frozenset("、，兼暨,")
_LINK = re.compile("(?:为|是|系|由|叫)$")


def roles_before(given: NamedText, person: Mention, previous: Mention | None) -> Iterator[Role]:
    """The roles that end where a person's name begins; `previous` is the person before in the text."""
    text = given.text
    stop = _stop(text, person.start)
    floor = previous.end if previous else 0
    title = role_start().match(text, floor, stop) if previous else None
    floor = title.end() if title and title.end() < stop else floor
    floor = max(floor, stop - 60)
    organisation = given.organisation_before(stop)
    adjacent = (
        organisation is not None
        and organisation.end >= floor
        and stop - organisation.end <= MAX_ROLE
        and not re.search(r"[，,。；;！!？?\n）)]", text[organisation.end : stop].lstrip("）)”"))
    )
    if adjacent and organisation is not None:
        between = text[organisation.end : stop]
        if ends_in_head().search(between):
            lead = _LEADING.match(between)
            start = organisation.end + (lead.end() if lead and lead.end() < len(between) - 1 else 0)
            start += len(text[start:stop]) - len(text[start:stop].lstrip("）)”"))
            if role := make_role(given, person, organisation, (start, stop), "role.before"):
                yield role
            yield from _chained(given, person, organisation)
            return
    chain = role_end().search(text, max(floor, stop - 40), stop) if has_head(text, stop) else None
    if chain is None:
        noun = _OCCUPATION.search(text, max(floor, stop - 5), stop)
        if noun is None:
            return
        start = noun.start()
        if text[start - 1 : start] == "、" and has_head(text, start - 1):
            start = head_words().ends_at(text, start - 1)  # 志愿者、个体运输户
        if role := make_role(given, person, None, (start, noun.end()), "role.before"):
            yield role
        return
    referred = reference_before_part().search(text, max(floor, stop - MAX_ROLE), chain.end())
    if referred and (owner := last_named(given, referred.start(), referred[1])):
        if role := make_role(given, person, owner, (referred.end(), stop), "role.reference"):
            yield role
        return
    yield from _linked(given, person, chain.start())
    owner, start = find_owner(given, chain.start(), text[chain.start() : stop].strip(" \u3000：:“"))
    if role := make_role(
        given, person, owner, (start, stop), "role.before" if owner is None else "role.context"
    ):
        yield role


def _linked(given: NamedText, person: Mention, start: int) -> Iterator[Role]:
    """发起人是|企业家某某: the office that is linked to what stands before the name."""
    stop = _stop(given.text, start)
    linked = stop < start and has_head(given.text, stop)
    office = role_end().search(given.text, max(0, stop - MAX_ROLE), stop) if linked else None
    if office is not None:
        owner, begin = find_owner(given, office.start(), office.group())
        if role := make_role(given, person, owner, (begin, stop), "role.copula"):
            yield role


def _stop(text: str, start: int) -> int:
    """Where the words before a name end, without what links an office to it (理事长|为某某)."""
    link = _LINK.search(text, max(0, start - 1), start)
    return start - 1 if link and ends_in_head().search(text, max(0, start - 20), start - 1) else start


def _chained(given: NamedText, person: Mention, organisation: Mention) -> Iterator[Role]:
    """县政协副主席、县教育基金会理事长某某: the offices before the 、 are the same person's."""
    text = given.text
    for _ in range(MAX_CHAINED):
        if text[max(0, organisation.start - 1) : organisation.start] not in _CHAINING:
            return
        end = organisation.start - 1
        other = given.organisation_before(end)
        if not _may_chain(given, other, end):
            yield from _referred_office(given, person, end)
            return
        assert other is not None
        if role := make_role(given, person, other, (other.end, end), "role.chained"):
            yield role
        organisation = other


def _referred_office(given: NamedText, person: Mention, end: int) -> Iterator[Role]:
    """总会副会长、某某医院总经理: the first office is in an organisation that is referred to."""
    chain = role_end().search(given.text, max(0, end - 20), end) if has_head(given.text, end) else None
    reference = (
        reference_before_office().search(given.text, max(0, chain.start() - 8), chain.start())
        if chain
        else None
    )
    if chain is None or reference is None:
        return
    owner = last_named(given, chain.start(), reference[1])
    if owner and (role := make_role(given, person, owner, chain.span(), "role.reference")):
        yield role


def _may_chain(given: NamedText, other: Mention | None, end: int) -> bool:
    """Whether nothing but an office stands between an organisation and `end`."""
    text = given.text
    return not (
        other is None
        or not 0 < end - other.end <= MAX_ROLE
        or not ends_in_head().search(text, other.end, end)
        or BREAK.search(text, other.end, end)
        or any(other.end <= one.start < end for one in given.people)
    )
