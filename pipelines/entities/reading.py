"""Everything that a text names, read together: one decision a place, one name an organisation."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from pipelines.entities.figures import find_figures
from pipelines.entities.lexicon import HAN, places
from pipelines.entities.media import find_media
from pipelines.entities.organisation_lists import find_in_lists
from pipelines.entities.organisation_names import parse_name
from pipelines.entities.organisations import find_organisations
from pipelines.entities.people import find_people
from pipelines.entities.person_signs import is_called, titled
from pipelines.entities.places import find_places
from pipelines.entities.roles import find_roles
from pipelines.entities.segmentation import Words, is_known, readable, segment
from pipelines.entities.short_names import resolve_short_names
from pipelines.entities.times import find_times
from pipelines.entities.topics import find_topics
from pipelines.models import Credit, Entities, Mention, Moment, Place

_DIVISION = re.compile(f"[{HAN}]{{2,4}}[市区县州]")
_LEADING: Final = frozenset(("v", "vn", "n", "d", "ad", "a", "t", "r"))
_RANKED = re.compile("(?<![辖社城市地小园校])[省市区县州镇乡村]$")  # 中关镇|斗水小学, but 辖区|斗水小学
_LEADING_ONE: Final = frozenset(("v", "p", "d", "c", "f"))  # classes of single characters: 继|青禾协会


def find_entities(
    body: str,
    credits: Sequence[Credit] = (),  # noqa: A002 - the field's name
    *,
    title: str = "",
    published: Moment | None = None,
    region: str = "",
) -> Entities:
    """Returns everything that `body` names, each list in order of the offsets.

    Offsets are in characters, and body[m.start:m.end] == m.surface for every
    mention; mentions do not overlap. `credits` are names known from the page,
    which are looked for too; `published` is what relative times refer to,
    `region` the code of the division that the publisher writes about.
    """
    text = readable(body)
    cut = segment(text)
    organisations = _longest([*find_media(text), *find_organisations(text, cut)])
    organisations = _trimmed(text, cut, organisations)
    named = find_people(text, cut, credits)
    organisations = _behind_people(text, organisations, named)
    organisations += find_in_lists(text, cut, organisations)
    people = _outside(named, organisations)
    people = _not_proper_parts(text, people, organisations)
    organisations, aliases = resolve_short_names(text, cut, organisations, people)
    people = _outside(people, organisations)
    roles = [
        replace(role, role=body[role.start : role.end]) for role in find_roles(text, people, organisations)
    ]
    located = find_places(body, [*organisations, *people], region)
    mentions = sorted([*people, *organisations, *_of_places(located, organisations)], key=lambda m: m.start)
    return Entities(
        tuple(mentions),
        tuple(aliases),
        tuple(roles),
        tuple(located),
        tuple(find_figures(body)),
        tuple(find_times(body, published)),
        tuple(find_topics(title, body)),
    )


def _longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Mentions without those that overlap a longer one, or one as long that begins before."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start - m.end, m.start)):
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda m: m.start)


def _trimmed(text: str, cut: Words, mentions: Sequence[Mention]) -> list[Mention]:
    """Mentions without everyday words at their heads, where the text has the rest as a name elsewhere."""
    names = {mention.surface for mention in mentions}
    trimmed = []
    for mention in mentions:
        start = mention.start
        number = cut.index.get(start)
        while number is not None and (
            cut.tags[number] in (_LEADING if len(cut.words[number]) > 1 else _LEADING_ONE)
        ):
            number += 1
            if text[cut.starts[number] : mention.end] in names:
                if not _RANKED.search(text, mention.start, cut.starts[number]):
                    start = cut.starts[number]
                break
            if cut.starts[number] >= mention.end:
                break
        surface = text[start : mention.end]
        trimmed.append(
            replace(mention, start=start, surface=surface, name=surface)
            if start != mention.start
            else mention
        )
    return trimmed


_GOES: Final = frozenset("来赴到去携")
_DONE = re.compile(f"派|率|带领|代表|联系|与|和|[{''.join(sorted(_GOES))}]")


def _behind_people(text: str, mentions: Sequence[Mention], people: Sequence[Mention]) -> list[Mention]:
    """Organisations without the person who does something before their place (孙硕鹏派|青岛红十字救援队)."""
    ends = {p.start: p.end for p in people if not is_known(p.name) or titled(text, p.start)}
    behind = {p.end for p in people}
    parted = []
    for mention in mentions:
        if mention.start in behind and text[mention.start] in _GOES:
            # 何青|来江湾县社会组织孵化基地
            surface = text[mention.start + 1 : mention.end]
            if (name := parse_name(surface)).place and name.form:
                mention = replace(mention, start=mention.start + 1, surface=surface, name=surface)
        start = ends.get(mention.start, mention.start)
        if mention.start < start < mention.end:
            verb = _DONE.match(text, start)
            start = verb.end() if verb else start
            joined = verb is not None and verb.group() in ("和", "与") and titled(text, mention.start)
            if joined and mention.rule == "organisation.suffix" and start < mention.end:
                # 副书记何青和|服务中心主任: what is left is no name
                rest = parse_name(text[start : mention.end])
                if not rest.proper and not rest.place:
                    continue
            place = any(text.startswith(name, start) for name in places()) or _DIVISION.match(
                text, start, mention.end
            )
            if place and parse_name(text[start : mention.end]).form:
                surface = text[start : mention.end]
                mention = replace(mention, start=start, surface=surface, name=surface)
        parted.append(mention)
    return parted


def _outside(mentions: Iterable[Mention], others: Sequence[Mention]) -> list[Mention]:
    """Mentions that overlap none of the others: a person's name in an organisation's is no person."""
    spans = sorted((other.start, other.end) for other in others)  # none overlaps another
    ends = [end for _, end in spans]
    outside = []
    for mention in mentions:
        following = bisect_right(ends, mention.start)
        if following == len(spans) or spans[following][0] >= mention.end:
            outside.append(mention)
    return outside


def _not_proper_parts(
    text: str, people: Sequence[Mention], organisations: Sequence[Mention]
) -> list[Mention]:
    """People without those that are called as an organisation of the text is (阳光里), unless they speak.

    A title right before or behind the name says as much (董事长何青松 of 何青松慈善基金会).
    """
    proper = {parse_name(mention.surface).proper for mention in organisations}
    certain = {
        m.name
        for m in people
        if m.rule not in ("person.model", "person.repeated")
        or (m.name in proper and (titled(text, m.start) or is_called(text, m.end)))
    }
    certain = {name for name in certain if not is_known(name)}
    return [m for m in people if m.name not in proper or m.name in certain]


def _of_places(places: Iterable[Place], organisations: Sequence[Mention]) -> list[Mention]:
    """The places of the story as mentions: not those in organisations' names."""
    own = [place for place in places if not place.of_organisation]
    found = [Mention("place", p.start, p.end, p.surface, p.name, "place") for p in own]
    return _outside(found, organisations)
