"""What is found in texts of our own writing, against what a reader finds in them.

`entity_texts.jsonl` holds invented news of the kinds that the field writes,
each with its people, organisations, places, roles, short names and figures.
A name in "optional" is neither asked for nor wrong.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pipelines.entities import find_entities
from pipelines.models import Entities

RECORDS = [
    json.loads(line)
    for line in Path(__file__).with_name("entity_texts.jsonl").read_text("utf-8").splitlines()
]
FOUND = {record["id"]: find_entities(record["text"]) for record in RECORDS}


def plain(names: Iterable[str]) -> set[str]:
    return {re.sub(r"\s", "", name) for name in names}


def f1(right: int, wrong: int, missed: int) -> float:
    return 2 * right / (2 * right + wrong + missed)


def names_of(found: Entities, kind: str) -> set[str]:
    return plain(m.surface for m in found.mentions if m.kind == kind)


@pytest.mark.parametrize(("kind", "field", "least"), [("person", "PER", 0.97), ("organisation", "ORG", 0.97)])
def test_names_of_people_and_organisations(kind, field, least):
    right = wrong = missed = 0
    for record in RECORDS:
        wanted, found = plain(record[field]), names_of(FOUND[record["id"]], kind)
        right += len(wanted & found)
        wrong += len(found - wanted - plain(record["optional"]))
        missed += len(wanted - found)
    assert f1(right, wrong, missed) >= least


def test_roles_with_their_organisations():
    right, missed = 0, list[tuple[str, Any]]()
    for record in RECORDS:
        full = {alias.short: alias.full for alias in FOUND[record["id"]].aliases}
        roles = {(r.person, r.organisation, r.role) for r in FOUND[record["id"]].roles}
        for person, organisation, role in record["roles"]:
            name, owner = re.sub(r"\s", "", person), full.get(organisation, organisation)
            if any(p == name and role in r and (not owner or owner in o) for p, o, r in roles):
                right += 1
            else:
                missed.append((record["id"], (person, organisation, role)))
    assert right / (right + len(missed)) >= 0.95, missed


def test_short_names():
    right = wrong = missed = 0
    for record in RECORDS:
        found = {alias.short: alias.full for alias in FOUND[record["id"]].aliases}
        wanted = record["aliases"]
        right += len(wanted.items() & found.items())
        wrong += sum(1 for short in found if short not in wanted and short not in record["optional"])
        missed += len(wanted.items() - found.items())
    assert f1(right, wrong, missed) >= 0.95
