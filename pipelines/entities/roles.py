"""Who is what where: a person, an organisation, and the words of the role with their offsets.

A role stands before the name (中心负责人马连平), behind it (叶皆成科长), in
brackets behind it, or after a verb (是某协会会长, 当选为会长). Its organisation
is the one that the role follows, one that is referred to (该中心), or, for
offices that only organisations have, the last one spoken of that can have it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipelines.entities.role_bylines import roles_in_byline
from pipelines.entities.role_text import NamedText
from pipelines.entities.role_words import BETWEEN_NAMES, roles_of_anybody
from pipelines.entities.roles_before import roles_before
from pipelines.entities.roles_behind import roles_behind
from pipelines.entities.roles_referred import roles_in_capacity, roles_of_pronouns
from pipelines.models import Mention, Role

_JOINED = re.compile("、|以及|和|与|及|，|,")
_SECTION = re.compile("[^、]{1,6}[部处科室]")  # 项目部|专员


def find_roles(text: str, people: Sequence[Mention], organisations: Sequence[Mention]) -> list[Role]:
    """The roles of the people in `people`; both lists are in order and do not overlap."""
    given = NamedText(
        text,
        list(people),
        list(organisations),
        [m.end for m in organisations],
        [m.start for m in organisations],
        [m.start for m in people],
        Counter(m.name for m in organisations),
    )
    roles: list[Role] = []
    shared: list[Role] = []
    addressed: Role | None = None  # that of the person before, when it stands behind the name
    for number, person in enumerate(given.people):
        previous = given.people[number - 1] if number else None
        if person.rule == "person.byline":
            shared = list(roles_in_byline(given, person))
        else:
            joined = previous is not None and BETWEEN_NAMES.fullmatch(text, previous.end, person.start)
            before = list(roles_before(given, person, previous))
            before = [_joined(given, role, previous, shared) for role in before]
            shared = before if before or not joined else [_for_other(role, person) for role in shared]
            behind = list(roles_behind(given, person, number))
            if _is_listed(given, addressed, person):
                behind = [_of_same(role, addressed) for role in behind]
            addressed = next((role for role in behind if role.rule == "role.behind"), None)
            roles += behind
        roles += shared
    roles += roles_of_pronouns(given)
    roles += roles_in_capacity(given)
    unique = {(r.person, r.organisation, r.start, r.person_start): r for r in roles}
    return sorted(unique.values(), key=lambda r: (r.person_start, r.start))


def _is_listed(given: NamedText, addressed: Role | None, person: Mention) -> bool:
    """Whether nothing but a 、 stands between the office of the person before and this one's name."""
    return addressed is not None and given.text[addressed.end : person.start] == "、"


def _of_same(role: Role, addressed: Role | None) -> Role:
    """The role with the organisation of the one before (市民政局何青局长、林晓岚|副局长)."""
    if (
        role.rule != "role.behind"
        or role.organisation
        or addressed is None
        or role.role in roles_of_anybody()
    ):
        return role
    return replace(role, organisation=addressed.organisation)


def _for_other(role: Role, person: Mention) -> Role:
    return Role(person.name, role.organisation, role.role, role.start, role.end, person.start, "role.shared")


def _joined(given: NamedText, role: Role, previous: Mention | None, others: Sequence[Role]) -> Role:
    """The role with the organisation of the person it is joined to (某某医院主任邢某和护士长|鲍某)."""
    if previous is None or not others or role.role in roles_of_anybody():
        return role
    joined = _JOINED.match(given.text, previous.end)
    if joined is None or joined.end() != role.start:
        return role
    # 局长何青，副局长|林晓岚: nothing but an office stands between, and another one may be spoken of more
    if role.organisation and role.rule != "role.context":
        return role
    if (role.organisation or joined.group() in "，,") and not _is_below(role.role, others[-1].role):
        return role
    return replace(role, organisation=others[-1].organisation)


def _is_below(role: str, other: str) -> bool:
    """Whether an office is one of those under another in one organisation (局长, 副局长; 主任, 助理)."""
    return role.startswith(("副", "助理", "秘书")) or _SECTION.match(role) is not None or role == other
