"""Which of the divisions with a name a text means: one decision over all its places together.

Every place name votes for the divisions that hold its candidates, by how
probable each candidate is, how near the two names stand and at which level they
meet. A candidate's score is what it is by itself (a province before a county of
the same name) and the share of the votes, level by level, that go to the
divisions above it. The votes are counted again with the new probabilities, a
few times. "None of them" is a choice too: a village that the statistics know
only elsewhere is more likely a new one here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Final

from pipelines.entities import divisions
from pipelines.entities.place_text import Found

ROUNDS: Final = 3
VOTERS: Final = 20  # names on either side, in order of first mention, that vote for one
FREQUENT_VOTERS: Final = 10  # names, those that the text repeats most, that vote for all
OPEN_BELOW: Final = 0.5  # a choice less clear than this stays open
MAX_CANDIDATES: Final = 400  # of one name; the most common village name has 824
KEPT: Final = 12  # candidates that an open choice tells
_HALF_DISTANCE: Final = 150  # characters at which a vote counts half
_FLOOR: Final = 0.15  # of a vote from the other end of a long text
_LEVELS: Final = (2, 4, 6, 9)
# what the share of the votes at each level is worth, in the exponent
_WORTH: Final = {2: 4.0, 4: 4.0, 6: 3.5, 9: 2.0}
_LEAST_SHARE: Final = 0.05  # of the probability: a candidate with less does not vote
_SAME_NAME: Final = 4.0  # the same name resolved elsewhere in the text
_REGION_WEIGHT: Final = 0.8
_ORGANISATION_WEIGHT: Final = 0.7
_NONE: Final = 4.2  # the score of "none of them" where the text names its cities
_NONE_ALONE: Final = 0.5  # and where it doesn't
# how much less likely that is for a name which the whole country has once
_RARE_TOWN: Final = 2.5
_RARE_VILLAGE: Final = 1.0
_LEVEL_PRIOR: Final = {2: 5.0, 4: 2.0, 6: 0.0, 9: 0.0, 12: 0.0}
_KIND_PRIOR: Final = 1.0
_HOLDS_SAME: Final = 8.0


@dataclass(slots=True)
class Choice:
    """Which place a name means: codes with their probabilities, the best first; `moved` as in `_narrow`."""

    codes: tuple[tuple[str, float], ...] = ()
    moved: bool = False


@dataclass(slots=True, eq=False)
class _Group:
    """All places of a text with the same name and the same candidates."""

    surface: str
    candidates: tuple[str, ...]
    members: list[Found]
    prior: list[float]
    shares: list[float]
    moved: bool
    weight: float = 1.0
    ballot: tuple[tuple[str, float], ...] = ()

    def settle(self) -> None:
        """Makes the ballot: candidates that are not out of the question, with their shares."""
        least = max(_LEAST_SHARE, max(self.shares) / 4)
        pairs = zip(self.candidates, self.shares, strict=True)
        self.ballot = tuple((code, share) for code, share in pairs if share >= least)


def choose(found: Sequence[Found], region: Sequence[str] = ()) -> list[Choice]:
    """The choice for each of `found`. `region` holds codes that the text is known to be about."""
    narrowed = [_narrow(one) for one in found]
    _widen_up(found, narrowed)
    groups: dict[tuple[str, tuple[str, ...]], _Group] = {}
    place_of: dict[int, _Group] = {}
    for index, one in enumerate(found):
        codes, moved = narrowed[index]
        if not codes:
            continue
        key = (one.surface, codes)
        group = groups.get(key)
        if group is None:
            group = groups[key] = _group(one, codes, moved)
        group.members.append(one)
        place_of[index] = group
    listed = list(groups.values())
    for group in listed:
        group.weight = 1.0 if any(not one.inside for one in group.members) else _ORGANISATION_WEIGHT
        group.settle()
    frequent = sorted(listed, key=lambda group: -len(group.members))[:FREQUENT_VOTERS]
    unclear = [
        (group, _voters(listed, at, frequent))
        for at, group in enumerate(listed)
        if len(group.candidates) > 1 or len(group.candidates[0]) > 6
    ]
    for _ in range(ROUNDS):
        for group, voters in unclear:
            _score(group, voters, region)
    choices: list[Choice] = []
    for index in range(len(found)):
        group_ = place_of.get(index)
        if group_ is None:
            choices.append(Choice())
            continue
        ranked = sorted(
            zip(group_.candidates, group_.shares, strict=True), key=lambda pair: (-pair[1], pair[0])
        )
        choices.append(Choice(tuple(ranked[:KEPT]), group_.moved))
    return choices


def _voters(groups: list[_Group], at: int, frequent: list[_Group]) -> list[_Group]:
    """The names that vote for one, itself left out; a bound on what grows with the square of their number."""
    around = groups[max(0, at - VOTERS) : at + VOTERS + 1]
    near = {id(group) for group in around}
    around += [group for group in frequent if id(group) not in near]
    return [group for group in around if group is not groups[at]]


def _narrow(one: Found) -> tuple[tuple[str, ...], bool]:
    """The candidates inside the place named right before; else, as borders move, those one level wider."""
    codes = one.candidates
    holder = one.parent
    if holder is None or not holder.candidates:
        return codes[:MAX_CANDIDATES], False
    held = tuple(
        code for code in codes if code.startswith(holder.candidates) and code not in holder.candidates
    )
    if held:
        return held[:MAX_CANDIDATES], False
    wider = tuple({code[: max(2, len(code) - (3 if len(code) > 6 else 2))] for code in holder.candidates})
    if all(len(code) > 4 for code in holder.candidates):
        return tuple(code for code in codes if code.startswith(wider))[:MAX_CANDIDATES], True
    return (), False


def _widen_up(found: Sequence[Found], narrowed: list[tuple[tuple[str, ...], bool]]) -> None:
    """What follows a name tells which it is: 鼓楼区 before 湖南路街道 is the one that holds it."""
    index = {id(one): at for at, one in enumerate(found)}
    for at in range(len(found) - 1, -1, -1):
        holder = found[at].parent
        codes, moved = narrowed[at]
        if holder is None or moved or not codes or id(holder) not in index:
            continue
        above = index[id(holder)]
        kept = tuple(code for code in narrowed[above][0] if any(below.startswith(code) for below in codes))
        if kept:
            narrowed[above] = (kept, narrowed[above][1])
    for at, one in enumerate(found):
        if one.parent is not None and id(one.parent) in index and not narrowed[at][1]:
            holders = narrowed[index[id(one.parent)]][0]
            kept = tuple(code for code in narrowed[at][0] if code.startswith(holders)) if holders else ()
            if kept:
                narrowed[at] = (kept, False)


def _group(one: Found, codes: tuple[str, ...], moved: bool) -> _Group:
    prior = [_prior(one, code) for code in codes]
    if one.form == "short":
        # 淮安 is the city before the district of the same name that lies in it
        for at, code in enumerate(codes):
            prior[at] += _HOLDS_SAME * any(other != code and other.startswith(code) for other in codes)
    return _Group(
        one.surface, codes, [], prior, _softmax(prior, 0.0 if len(codes[0]) > 6 else None), moved, 1.0
    )


def _prior(one: Found, code: str) -> float:
    """What speaks for a candidate by itself: its level, and whether it is what the ending says."""
    prior = _LEVEL_PRIOR[len(code)] if one.form == "short" else 0.0
    if len(code) == 9 and code[6].isdigit():
        kinds = {"街道": "0", "镇": "1", "乡": "23", "苏木": "23"}
        prior += _KIND_PRIOR * any(
            one.surface.endswith(end) and code[6] in marks for end, marks in kinds.items()
        )
    elif len(code) == 12:
        prior += _KIND_PRIOR * (code[9] in ("23" if one.surface.endswith("村") else "01"))
    return prior


def _softmax(scores: Sequence[float], none: float | None) -> list[float]:
    top = max(scores) if none is None else max(none, *scores)
    weights = [exp(score - top) for score in scores]
    total = sum(weights) + (0.0 if none is None else exp(none - top))
    return [weight / total for weight in weights]


def _score(group: _Group, groups: Sequence[_Group], region: Sequence[str]) -> None:
    votes, totals = _votes(group, groups, region)
    scores = list(group.prior)
    for at, code in enumerate(group.candidates):
        for level in _LEVELS:
            if len(code) < level:
                break
            scores[at] += _WORTH[level] * votes.get(code[:level], 0.0) / (totals[level] + 0.3)
    for other in groups:
        if other.surface == group.surface:
            same = dict(other.ballot)
            for at, code in enumerate(group.candidates):
                scores[at] += _SAME_NAME * same.get(code, 0.0)
    none: float | None = None
    if len(group.candidates[0]) > 6:
        settled = any(one.parent is not None for one in group.members) and not group.moved
        none = _NONE_ALONE if settled or totals[4] < 0.3 else _NONE
        if len(group.candidates) == 1:
            none -= _RARE_TOWN if len(group.candidates[0]) == 9 else _RARE_VILLAGE
    group.shares = _softmax(scores, none)
    group.settle()


def _votes(
    group: _Group, groups: Sequence[_Group], region: Sequence[str]
) -> tuple[dict[str, float], dict[int, float]]:
    votes: dict[str, float] = {}
    totals = dict.fromkeys(_LEVELS, 0.0)

    def vote(code: str, weight: float) -> None:
        for level in _LEVELS:
            if len(code) < level:
                break
            votes[code[:level]] = votes.get(code[:level], 0.0) + weight
            totals[level] += weight

    for other in groups:
        if other.surface == group.surface:
            continue
        near = other.weight * _nearness(group.members, other.members)
        for code, share in other.ballot:
            vote(code, near * share)
    for code in region:
        vote(code, _REGION_WEIGHT)
    return votes, totals


def _nearness(some: Sequence[Found], others: Sequence[Found]) -> float:
    distance = min(abs(one.start - other.start) for one in some[:4] for other in others[:4])
    return max(_FLOOR, _HALF_DISTANCE / (_HALF_DISTANCE + distance))


def common(codes: Sequence[tuple[str, float]], clear: float = 0.75) -> str:
    """The lowest division that holds candidates with most of the probability, "" when there is none."""
    total = sum(share for _, share in codes)
    if not codes or total <= 0:
        return ""
    held = ""
    for above in divisions.ancestors(codes[0][0])[:-1]:
        if sum(share for code, share in codes if code.startswith(above)) >= clear * total:
            held = above
    return held
