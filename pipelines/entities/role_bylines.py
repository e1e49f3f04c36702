"""Roles in bylines: 本报记者, and the medium that stands before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from pipelines.entities.lexicon import alternatives, words
from pipelines.entities.role_text import NamedText, make_role
from pipelines.models import Mention, Role

_WORDS: Final = "person_words.toml"


def roles_in_byline(given: NamedText, person: Mention) -> Iterator[Role]:
    """The role of a person in a byline: the last one before the name, else one right behind it."""
    text = given.text
    line = text.rfind("\n", 0, person.start) + 1
    found = _last(_byline_role().finditer(text, max(line, person.start - 60), person.start))
    if found is None:
        after = re.compile(r"[ \u3000]?(摄影报道|摄影|摄|文/图|供图)").match(text, person.end)
        if after and (role := make_role(given, person, None, after.span(1), "role.byline")):
            yield role
        return
    medium = given.organisation_before(found.start())
    own = text[max(line, found.start() - 3) : found.start()]
    ours = re.search("本[报网台刊社]|[Oo]wn", own) is not None
    if medium is not None and (medium.start < line or medium.type != "媒体" or ours):
        medium = None
    if role := make_role(given, person, medium, found.span(), "role.byline"):
        yield role


def _last(found: Iterator[re.Match[str]]) -> re.Match[str] | None:
    last = None
    for match in found:
        last = match
    return last


@cache
def _byline_role() -> re.Pattern[str]:
    return re.compile(alternatives(words(_WORDS, "byline_roles")))
