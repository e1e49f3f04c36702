"""Short names: which of a text's names mean the same organisation, and where the short ones stand.

Three ways to know: the text says it (以下简称), a short name is the proper part
of a full one (红叶 of 南京红叶社会工作服务社), or a name is a full one with parts
left out (青海省残联). When two organisations could be meant, none is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipelines.entities.segmentation import Words
from pipelines.entities.short_name_definitions import add_defined
from pipelines.entities.short_name_omissions import add_abbreviated, add_without_levels
from pipelines.entities.short_name_parts import add_parts
from pipelines.entities.short_name_reading import Reading, final_name
from pipelines.entities.short_name_tails import add_bare_forms, add_tails
from pipelines.models import Alias, Mention


def resolve_short_names(
    text: str, cut: Words, mentions: Sequence[Mention], people: Iterable[Mention]
) -> tuple[list[Mention], list[Alias]]:
    """Finds short names of the organisations in `mentions` and says what each means.

    Returns all mentions of organisations, each with its full form as `name`,
    and the aliases: what this text calls an organisation besides its full name.
    """
    reading = Reading(text, cut, [], bytearray(len(text)))
    for mention in mentions:
        reading.add(mention.start, mention.end, mention.name, mention.type, mention.rule)
    blocked = bytearray(reading.taken)
    for person in people:
        blocked[person.start : person.end] = b"\x01" * (person.end - person.start)
    add_defined(reading)
    add_abbreviated(reading)
    add_without_levels(reading)
    add_tails(reading, blocked)
    add_bare_forms(reading, blocked)
    add_parts(reading, blocked)
    full = {short: next(iter(names)) for short, names in reading.meant.items() if len(names) == 1}
    kinds = {m.name: m.type for m in reading.mentions}
    resolved = []
    for mention in reading.mentions:
        name = final_name(full, mention.surface)
        known = mention.surface in full
        resolved.append(
            replace(mention, name=name, type=kinds.get(name) or mention.type) if known else mention
        )
    aliases = [
        Alias(short, final_name(full, short), reading.rules[short])
        for short in full
        if final_name(full, short) != short
    ]
    return sorted(resolved, key=lambda m: m.start), aliases
