"""Roles that stand behind a name: 叶皆成科长, in brackets, after a verb (当选为会长, 是某协会会长)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from pipelines.entities.lexicon import HAN
from pipelines.entities.role_owners import last_able, only_able
from pipelines.entities.role_text import NamedText, make_role
from pipelines.entities.role_words import BETWEEN_NAMES, BREAK, counted_role, role_start
from pipelines.models import Mention, Role

_STOP = re.compile(r"[。；;！!？?\n]")
_COPULA = re.compile(
    r"(?:同志)?(?:[（(][^（）()]{1,16}[）)])?[，,]?(?:(?:男|女|汉族|今年|现年)?[^，,。；;\n]{0,10}[，,])?"
    r"(?:(?:曾|原|也|还|又|同时|既|现|正|都|就|均|本来|原来|不仅)*)"
    r"(?:是|系|为|任|担任|出任|当选为?|现任|曾任|时任|兼任|来自|作为|就职于|供职于|任职于|受聘为|入职)?"
    r"(?:来自|隶属|驻点在[^，。]{1,12}的)?(?:了|过)?(?:新一届|第[一二三四五六七八九十]{1,3}届)?"
)
_APPOINTED = re.compile(
    r"(?:[（(][^（）()]{1,12}[）)])?(?:同志)?(?:全票|正式|再次|高票|连任)?(?:分别|当选|被选)?(?:为|任|担任|出任|当选为?)"
)
# titles that are verbs as well: 某某代表中心致辞
_VERB_TOO = re.compile(rf"(?:代表|编辑|导演|领队|主持)(?=[{HAN}])|[{HAN}]{{1,6}}们")
_APPOSED = re.compile(f"[，,](?:[男女][，,])?(?:[{HAN}]{{2,5}}[人族][，,])?")
_CLOSING: Final = ("", "。", "\n", "；", "，", ",", "、")


def roles_behind(given: NamedText, person: Mention, number: int) -> Iterator[Role]:
    """The roles behind the name of a person, who is the one with this number in the text."""
    text = given.text
    following = given.people[number + 1].start if number + 1 < len(given.people) else len(text)
    title = role_start().match(text, person.end)
    if title and title.end() <= following and not _VERB_TOO.match(text, title.start()):
        yield from _title_behind(given, person, title.span())
        return
    bracket = re.compile(r"[（(]").match(text, person.end)
    if bracket:
        yield from _in_brackets(given, person, bracket.end())
    appointed = _APPOINTED.match(text, person.end)
    if appointed:
        office = role_start().match(text, appointed.end())
        if office:
            owner = _appointer(given, person, office.span())
            yield from _appointed(given, number, owner, office.span())
            return
    yield from _after_copula(given, person, min(following, person.end + 80))


def _appointer(given: NamedText, person: Mention, span: tuple[int, int]) -> Mention | None:
    """担任院长的某某研究院, or else the organisation spoken of that has the office."""
    start, end = span
    if given.text[end : end + 1] == "的" and (owner := given.organisation_at(end + 1)):
        return owner
    able = last_able(given, person.start, given.text[start:end])
    before = given.organisation_before(person.start)
    near = before is not None and not _STOP.search(given.text, before.end, person.start)
    return able or (before if near else None)


def _title_behind(given: NamedText, person: Mention, span: tuple[int, int]) -> Iterator[Role]:
    """叶皆成科长; the organisation may stand right before the name."""
    text = given.text
    organisation = given.organisation_before(person.start)
    if organisation is not None:
        between = text[organisation.end : person.start]
        if len(between) > 6 or BREAK.search(between) or "、" in between:
            organisation = None
    if organisation is None:
        organisation = only_able(given, person.start, text[slice(*span)])
    if role := make_role(given, person, organisation, span, "role.behind"):
        yield role
    yield from _in_brackets(given, person, span[1] + 1 if text[span[1] : span[1] + 1] in ("（", "(") else -1)


def _in_brackets(given: NamedText, person: Mention, start: int) -> Iterator[Role]:
    organisation = given.organisation_at(start) if start > 0 else None
    if organisation is None:
        return
    office = counted_role().match(given.text, organisation.end)
    if office and (role := make_role(given, person, organisation, office.span(1), "role.brackets")):
        yield role


def _appointed(given: NamedText, number: int, owner: Mention | None, span: tuple[int, int]) -> Iterator[Role]:
    """选举甲、乙为副会长: the office is that of every name before the verb."""
    first = number
    while first and BETWEEN_NAMES.fullmatch(
        given.text, given.people[first - 1].end, given.people[first].start
    ):
        if "，" in given.text[given.people[first - 1].end : given.people[first].start]:
            break
        first -= 1
    for person in given.people[first : number + 1]:
        if role := make_role(given, person, owner, span, "role.appointed"):
            yield role


def _after_copula(given: NamedText, person: Mention, limit: int) -> Iterator[Role]:
    """某某，是某中心的一名社工."""
    text = given.text
    stop = _STOP.search(text, person.end, limit)
    limit = stop.start() if stop else limit
    organisation = given.organisation_after(person.end)
    if organisation is None or organisation.start >= limit:
        return
    between = text[person.end : organisation.start]
    if _APPOSED.fullmatch(between) and _begins(text, person.start):
        yield from _in_apposition(given, person, organisation)
        return
    if not between or len(between) > 26 or not _COPULA.fullmatch(between) or between in ("、", "，", ","):
        return
    if not re.search("是|系|为|任|当选|来自|作为|职于|入职|原|[，,]$", between):
        return
    verb = re.search("是|系|为|任|当选|来自|作为|职于|入职|原", between)
    # without a verb: 某某，某协会会长
    office = (counted_role() if verb else role_start()).match(text, organisation.end)
    if office is None or ((verb is None or "原" in between) and _is_anothers(given, office.end())):
        return
    span = office.span(1 if verb else 0)
    if role := make_role(given, person, organisation, span, "role.copula"):
        yield role


def _begins(text: str, start: int) -> bool:
    """Whether a sentence or a line begins here, or somebody is introduced (他叫某某)."""
    return start == 0 or text[start - 1] in "。\n！？“叫"


def _in_apposition(given: NamedText, person: Mention, organisation: Mention) -> Iterator[Role]:
    """某某，某基金会副秘书长。 when it begins a sentence and nothing but offices fills it."""
    counted = given.text[organisation.end : organisation.end + 1] in ("的", "一")
    office = (counted_role() if counted else role_start()).match(given.text, organisation.end)
    if office is None or given.text[office.end() : office.end() + 1] not in _CLOSING:
        return
    if role := make_role(given, person, organisation, office.span(1 if counted else 0), "role.copula"):
        yield role


def _is_anothers(given: NamedText, end: int) -> bool:
    """Whether an office is that of somebody named behind it (甲，某协会副会长、某商会会长|乙)."""
    while True:
        if any(person.start == end for person in given.people):
            return True
        other = given.organisation_at(end + 1) if given.text[end : end + 1] in ("、", "兼") else None
        office = role_start().match(given.text, other.end if other else end + 1)
        if office is None or given.text[end : end + 1] not in ("、", "兼"):
            return False
        end = office.end()
