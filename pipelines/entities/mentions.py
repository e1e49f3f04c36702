"""All entities of one text, as mentions that do not overlap."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.entities.figures import find_figures
from pipelines.entities.media import find_media
from pipelines.entities.organisations import find_organisations
from pipelines.entities.people import find_people
from pipelines.entities.times import find_times
from pipelines.entities.topics import find_topics
from pipelines.models import Credit, Entities, Mention, Moment


def find_entities(
    body: str,
    credits: Sequence[Credit] = (),  # noqa: A002 - the field's name
    *,
    title: str = "",
    published: Moment | None = None,
) -> Entities:
    """Returns what `body` names, each list in order of the offsets.

    Offsets are in characters, and body[m.start:m.end] == m.surface for every
    mention. Where two overlap the longer one stays, then the one that begins
    first. `credits` are names known from the page; they are looked for too.
    """
    found = [*find_organisations(body), *find_media(body), *find_people(body, credits)]
    found.sort(key=lambda m: (m.start - m.end, m.start, m.kind))
    taken = bytearray(len(body))
    kept: list[Mention] = []
    for mention in found:
        if not any(taken[mention.start : mention.end]):
            taken[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
            kept.append(mention)
    return Entities(
        mentions=tuple(sorted(kept, key=lambda m: m.start)),
        figures=tuple(find_figures(body)),
        times=tuple(find_times(body, published)),
        topics=tuple(find_topics(title, body)),
    )
