"""Roles of somebody whom a sentence refers to (他是某协会会长), or is about (作为某协会的会长，他)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from pipelines.entities.role_text import NamedText, make_role
from pipelines.entities.role_words import counted_role
from pipelines.models import Role

# each way begins with a character of its own: that is what is looked for first
_PRONOUN = re.compile(
    r"这位[^，,。；;\n]{0,14}[，,]?(?:就)?是|又担任|也担任|还担任|他(?:们)?[^，,。；;\n]{0,6}(?:是|任|担任|兼任)"
    r"|她(?:们)?[^，,。；;\n]{0,6}(?:是|任|担任|兼任)|也是|还是|又是"
)
_CAPACITY = re.compile("作为")


def roles_of_pronouns(given: NamedText) -> Iterator[Role]:
    """他是某协会会长: he is the last person named before."""
    text = given.text
    for pronoun in _PRONOUN.finditer(text):
        organisation = given.organisation_at(pronoun.end())
        if organisation is None:
            organisation = given.organisation_after(pronoun.end())
            if organisation is None or organisation.start - pronoun.end() > 2:
                continue
        person = None
        for candidate in given.people:
            if candidate.end > pronoun.start():
                break
            person = candidate
        if person is None or pronoun.start() - person.end > 80:
            continue
        office = counted_role().match(text, organisation.end)
        if office and (role := make_role(given, person, organisation, office.span(1), "role.pronoun")):
            yield role


def roles_in_capacity(given: NamedText) -> Iterator[Role]:
    """作为某协会的会长，他: the office of whom the sentence is about."""
    text = given.text
    for found in _CAPACITY.finditer(text):
        organisation = given.organisation_at(found.end())
        office = counted_role().match(text, organisation.end) if organisation else None
        if office is None or text[office.end() : office.end() + 1] not in ("，", ","):
            continue
        number = bisect_left(given.people_starts, office.end() + 1)
        person = given.people[number] if number < len(given.people) else None
        if person is None or person.start != office.end() + 1:
            follows = text[office.end() + 1 : office.end() + 2]
            person = given.people[number - 1] if number and follows in ("他", "她") else None
        if person and (role := make_role(given, person, organisation, office.span(1), "role.copula")):
            yield role
