"""The text that roles are read in, with the people and organisations that it names."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from pipelines.models import Mention, Role


@dataclass(slots=True)
class NamedText:
    """A text with what it names, in order, where each begins and ends, and how often each is named."""

    text: str
    people: list[Mention]
    organisations: list[Mention]
    ends: list[int]
    starts: list[int]
    people_starts: list[int]
    named: Counter[str]

    def organisation_before(self, place: int) -> Mention | None:
        """The last organisation that ends at or before `place`."""
        number = bisect_left(self.ends, place + 1) - 1
        return self.organisations[number] if number >= 0 else None

    def organisation_at(self, place: int) -> Mention | None:
        """The organisation that begins at `place`."""
        number = bisect_left(self.starts, place)
        if number < len(self.starts) and self.starts[number] == place:
            return self.organisations[number]
        return None

    def organisation_after(self, place: int) -> Mention | None:
        """The first organisation that begins at or behind `place`."""
        number = bisect_left(self.starts, place)
        return self.organisations[number] if number < len(self.starts) else None


def make_role(
    given: NamedText, person: Mention, organisation: Mention | None, span: tuple[int, int], rule: str
) -> Role | None:
    """The role whose words stand at `span`, without marks around them; None when nothing else is there."""
    start, end = span
    while end > start and given.text[end - 1] in " \u3000：:“、，":
        end -= 1
    while start < end and given.text[start] in " \u3000：:“、，”":
        start += 1
    if start == end:
        return None
    name = organisation.name if organisation else ""
    return Role(person.name, name, given.text[start:end], start, end, person.start, rule)
