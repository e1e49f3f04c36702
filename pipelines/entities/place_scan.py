"""Where a text names places: provinces to counties by their names, towns and villages by their endings.

Names of provinces, cities and counties are looked up at every character. A town
or village is found by its last word (街道, 镇, 乡, 社区, 村) and a search backward
for the longest official name that ends there. A short form (江宁, 合作) is often
a word or runs across two; it counts behind a division that holds it, or with a
border before it and its city or province named in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

from pipelines.entities import divisions
from pipelines.entities.lexicon import HAN, alternatives, table, words
from pipelines.models import Mention, PlaceLevel

Form = Literal["full", "short", "lower", "spot", "country", "shadow"]

MAX_STEM: Final = 8  # characters of a town's or village's name before its ending
MAX_NEW_STEM: Final = 5  # the same for one that the statistics don't know
_WORDS: Final = "place_words.toml"
_EXTRA: Final = "place_extra.toml"

_ENDING = re.compile("街道|社区|嘎查|苏木|[镇乡村]")
_TOWN_ENDINGS: Final = frozenset({"街道", "镇", "乡", "苏木"})
_HAN = re.compile(f"[{HAN}]")
# characters that may follow a name as words of their own
_RIGHT: Final = "人的等和与及在地籍某一有是站县市区民以为于由将已共各两三"
_COUNT: Final = "(?:等|这)?(?:[0-9]{1,3}|[一二两三四五六七八九十几多]{1,3})个"
_LIST = re.compile(
    f"(?P<names>(?:[{HAN}]{{2,4}}[、和与及])+[{HAN}]{{2,4}}?){_COUNT}(?P<kind>街道|乡镇|镇街|镇|乡|社区|村)"
)
_LISTED = re.compile("[^、和与及]+")


@dataclass(slots=True, eq=False)
class Found:
    """One place name in a text, before it is known which place it is.

    `candidates` are the codes that it may stand for, empty for a name that the
    statistics don't know. `parent` is the place named right before it that
    holds it, `inside` marks a part of an organisation's name.
    """

    start: int
    end: int
    surface: str
    form: Form
    level: PlaceLevel
    candidates: tuple[str, ...]
    parent: Found | None = None
    inside: bool = False
    left: bool = False
    right: bool = False


@dataclass(slots=True, frozen=True)
class _Name:
    text: str
    form: Form
    level: PlaceLevel
    codes: tuple[str, ...]


@dataclass(slots=True)
class Evidence:
    """The divisions that the text names clearly, and those above them."""

    codes: Counter[str] = field(default_factory=Counter)

    def add(self, codes: Sequence[str]) -> None:
        """Counts what all these candidates have in common."""
        if codes:
            self.codes.update({above for above in divisions.ancestors(codes[0]) if _all_under(codes, above)})

    def near(self, codes: Sequence[str]) -> int:
        """How near the nearest candidate is: 3 in a county of the text, 2 in a city, 1 in a province."""
        if not self.codes:
            return 0
        return max((self._near(code) for code in codes), default=0)

    def _near(self, code: str) -> int:
        for rank, length in ((3, 6), (2, 4), (1, 2)):
            if len(code) > length and code[:length] in self.codes:
                return rank
        return 0


def _all_under(codes: Sequence[str], above: str) -> bool:
    return all(code.startswith(above) for code in codes)


@dataclass(slots=True, frozen=True)
class _Words:
    never: frozenset[str]
    careful: frozenset[str]
    careful_cities: frozenset[str]
    generic: frozenset[str]
    tails: frozenset[str]
    not_tails: frozenset[str]
    lands: frozenset[str]
    not_before: re.Pattern[str]
    before: frozenset[str]
    before_words: frozenset[str]
    not_in_names: re.Pattern[str]
    stems: frozenset[str]
    common: frozenset[str]
    verbs: frozenset[str]
    careful_abroad: frozenset[str]
    spot: re.Pattern[str]
    spot_held: frozenset[str]
    spot_stems: frozenset[str]


@cache
def _words() -> _Words:
    spots = table(_WORDS, "spots")
    ends = [*spots["ends"].split(), *spots["ends_held"].split()]

    return _Words(
        never=frozenset(words(_WORDS, "words")),
        careful=frozenset(words(_WORDS, "careful")),
        careful_cities=frozenset(words(_WORDS, "careful_cities")),
        generic=frozenset(words(_WORDS, "generic")),
        tails=frozenset(words(_WORDS, "tails")),
        not_tails=frozenset(words(_WORDS, "not_tails")),
        lands=frozenset(words(_WORDS, "lands")),
        not_before=re.compile(
            f"(?!{alternatives(words(_WORDS, 'but'))}){alternatives(words(_WORDS, 'not_before'))}"
        ),
        before=frozenset("".join(words(_WORDS, "before"))),
        before_words=frozenset(words(_WORDS, "before_words")),
        not_in_names=re.compile(f"[{''.join(words(_WORDS, 'not_in_names'))}]"),
        stems=frozenset(words(_WORDS, "stems")),
        common=frozenset(words(_WORDS, "common")),
        verbs=frozenset(words(_WORDS, "verbs")),
        careful_abroad=frozenset(words(_WORDS, "careful_abroad")),
        spot=re.compile(f"{alternatives(ends)}(?!{alternatives(spots['not_before'].split())})"),
        spot_held=frozenset(spots["ends_held"].split()),
        spot_stems=frozenset(spots["stems"].split()),
    )


@cache
def _heads() -> dict[str, list[_Name]]:
    """The names from country to county by their first two characters, the longest first."""
    known: dict[str, _Name] = {}
    forms: list[tuple[Form, dict[str, list[str]]]] = [
        ("full", divisions.full_codes()),
        ("short", divisions.short_codes()),
    ]
    for form, names in forms:
        for text, codes in names.items():
            known.setdefault(text, _Name(text, form, divisions.level_of(codes[0]), tuple(codes)))
    for text, code in table(_EXTRA, "colloquial").items():
        others = known[text].codes if text in known else ()
        known[text] = _Name(text, "short", divisions.level_of(code), (code, *others))
    for text, code in table(_EXTRA, "renamed").items():
        known.setdefault(text, _Name(text, "full", divisions.level_of(code), (code,)))
    for text in words(_EXTRA, "countries"):
        known.setdefault(text, _Name(text, "country", "country", ()))
    for text in words(_EXTRA, "cities"):
        known.setdefault(text, _Name(text, "country", "spot", ()))
    for text in words(_WORDS, "shadows"):
        known[text] = _Name(text, "shadow", "spot", ())
    heads: dict[str, list[_Name]] = {}
    for name in known.values():
        heads.setdefault(name.text[:2], []).append(name)
    for names_ in heads.values():
        names_.sort(key=lambda name: -len(name.text))
    return heads


def scan(body: str, mentions: Sequence[Mention] = (), region: Sequence[str] = ()) -> list[Found]:
    """Every place name in `body`, in order, not overlapping; `mentions` are its organisations and people.

    A name inside an organisation's is marked, one that overlaps a person's is
    left out. `region` holds codes of divisions that the text is known to be about.
    """
    scanner = _Scanner(body, mentions)
    evidence = Evidence()
    for code in region:
        evidence.add([code])
    upper = scanner.upper(evidence)
    lower = scanner.lower(upper, evidence)
    found = _without_overlap(upper, lower)
    found = _without_overlap(_without_overlap(scanner.again(lower), scanner.listed(evidence)), found)
    found = _without_overlap(found, scanner.spots(found))
    scanner.mark(found)
    return found


def _without_overlap(some: list[Found], others: list[Found]) -> list[Found]:
    """Both lists in order; where two overlap, the one of `others` stays."""
    ends = [(one.start, one.end) for one in others]
    kept: list[Found] = []
    place = 0
    for one in some:
        while place < len(ends) and ends[place][1] <= one.start:
            place += 1
        if place == len(ends) or ends[place][0] >= one.end:
            kept.append(one)
    return sorted([*kept, *others], key=lambda one: one.start)


class _Scanner:
    """One text with its organisations and people."""

    def __init__(self, body: str, mentions: Sequence[Mention]) -> None:
        self.body = body
        self.words = _words()
        self.people = [(m.start, m.end) for m in mentions if m.kind == "person"]
        self.organisations = [(m.start, m.end) for m in mentions if m.kind == "organisation"]
        self.persons = bytearray(len(body))
        for start, end in self.people:
            self.persons[start:end] = b"\x01" * (min(end, len(body)) - start)
        self.borders = {start for start, _ in self.organisations} | {
            end for one in (self.people, self.organisations) for _, end in one
        }

    # provinces, cities, counties

    def upper(self, evidence: Evidence) -> list[Found]:
        """Names of provinces, cities, counties and countries, in order."""
        body, heads = self.body, _heads()
        found: list[Found] = []
        doubtful: list[Found] = []
        end = 0
        for start in [at for at in range(len(body) - 1) if body[at : at + 2] in heads]:
            if start < end:
                continue
            for name in heads[body[start : start + 2]]:
                if not body.startswith(name.text, start):
                    continue
                if name.form == "shadow":
                    end = start + len(name.text)
                    break
                one = self._upper_found(name, start, found[-1] if found else None)
                if one is None or self._is_proper_name(one, found[-1] if found else None):
                    break
                if self._is_plain(one):
                    evidence.add(one.candidates)
                elif not self._may_be(one):
                    break
                else:
                    doubtful.append(one)
                found.append(one)
                end = one.end
                break
        if not doubtful:
            return found
        dropped = {id(one) for one in doubtful if not self._is_supported(one, evidence)}
        for one in found:
            if one.parent is not None and id(one.parent) in dropped:
                one.parent = None
        return [one for one in found if id(one) not in dropped]

    def _upper_found(self, name: _Name, start: int, before: Found | None) -> Found | None:
        """The name at a place in the text, its border moved where its last character is the next word's."""
        end = start + len(name.text)
        if any(self.persons[start:end]):
            return None
        form = name.form
        surface = name.text
        if form == "full" and self._gives_tail(name, end):
            surface = divisions.short_form(surface, name.level)
            end = start + len(surface)
            form = "short"
            if surface == name.text or surface in self.words.never:
                return None
        if name.form == "short" and name.level == "county" and self._has_other_kind(name, end, before):
            form, end = "full", end + 1
            surface = self.body[start:end]
        one = Found(start, end, surface, form, name.level, name.codes)
        if before is not None and before.end == start and before.candidates:
            held = tuple(code for code in one.candidates if _held_by(code, before.candidates))
            if held:
                one.parent = before
        after = self.body[end : end + 2]
        if (
            form in ("short", "country")
            and self.words.not_before.match(self.body, end)
            and not self._holds_next(one)
        ):
            return None
        one.left = one.parent is not None or self._is_border(start) or self._holds_next(one)
        one.right = not _HAN.match(after) or after[0] in _RIGHT or (after in _heads())
        return one

    def _holds_next(self, one: Found) -> bool:
        """Whether the name of a division inside this one follows: 湖北孝感."""
        for name in _heads().get(self.body[one.end : one.end + 2], ()):
            if name.text not in self.words.never and self.body.startswith(name.text, one.end):
                return any(_held_by(code, one.candidates) for code in name.codes)
        return False

    def _has_other_kind(self, name: _Name, end: int, before: Found | None) -> bool:
        """Whether a county is named by the kind that it had before (江都市, now 江都区)."""
        kind = self.body[end : end + 1]
        if kind not in ("市", "县") or (kind == "市" and name.text.endswith("城")):
            return False
        words = self.words
        start = end - len(name.text)
        left = (before is not None and before.end == start) or self._is_border(start)
        if not left and (name.text in words.never or name.text in words.careful):
            return False
        now = "区" if kind == "市" else "区市县"
        if not any(one.name[-1] in now for one in map(divisions.division, name.codes) if one):
            return False
        return self.body[end : end + 2] not in words.tails or self._town_follows(name, end + 1)

    def _gives_tail(self, name: _Name, end: int) -> bool:
        """Whether the last character of a name belongs to the next word: 锦州市民, but not 彭阳县城阳乡."""
        if (
            self.body[end - 1 : end + 1] not in self.words.tails
            or self.body[end - 1 : end + 2] in self.words.not_tails
        ):
            return False
        return not self._town_follows(name, end)

    def _town_follows(self, name: _Name, end: int) -> bool:
        ending = _ENDING.search(self.body, end, end + MAX_STEM)
        if ending is None:
            return False
        return any(
            _held_by(code, name.codes) for code in divisions.lower_codes(self.body[end : ending.start()])
        )

    def _is_border(self, at: int) -> bool:
        """Whether a name may begin here: behind punctuation, a name, or a word that stands before places."""
        if at == 0 or at in self.borders:
            return True
        body = self.body
        if not _HAN.match(body, at - 1) or body[at - 1] in self.words.before:
            return True
        if body[at - 1] in "年月日时点" and body[max(0, at - 2) : at - 1].isdecimal():
            return True
        return (
            body[max(0, at - 2) : at] in self.words.before_words
            or body[max(0, at - 3) : at] in self.words.before_words
        )

    def _is_plain(self, one: Found) -> bool:
        """Whether a name needs nothing more to be believed."""
        if one.form == "country":
            return one.left or one.surface not in self.words.careful_abroad
        if one.form == "full":
            if one.surface in self.words.generic:
                return False
            # 浙西山区, 红海城市: a name of a kind of land may end a longer word
            return one.left or (len(one.surface) > 2 and one.surface[-2:] not in self.words.lands)
        if one.level == "county" or one.surface in self.words.never:
            return False
        return one.left or one.surface not in self.words.careful_cities

    def _may_be(self, one: Found) -> bool:
        if one.form == "full":
            return one.left
        if one.form == "country":
            return False
        if one.surface in self.words.never:
            chained = one.right and one.parent is not None and len(one.parent.candidates[0]) in (2, 4)
            return chained or (one.level == "city" and one.left)
        if one.level != "county":
            return False
        return one.left

    def _is_supported(self, one: Found, evidence: Evidence) -> bool:
        """Whether the rest of the text bears a doubtful name out."""
        if one.parent is not None:
            return True
        near = evidence.near(one.candidates)
        if one.form == "full":
            return near >= 2 or (
                len(one.surface) == 2 and one.surface not in self.words.generic and near >= 1
            )
        if any(code in evidence.codes for code in one.candidates):
            return True
        if one.surface in self.words.never:
            return False
        if one.surface in self.words.careful:
            return near >= 2 or (one.right and (near == 1 or self.body.count(one.surface) > 1))
        return near >= 1 or one.right

    # towns and villages

    def lower(self, upper: list[Found], evidence: Evidence) -> list[Found]:
        """Names of towns and villages, in order, with the place right before them as `parent`."""
        found: list[Found] = []
        around = _Before(upper)
        endings = list(_ENDING.finditer(self.body))
        for at, ending in enumerate(endings):
            if found and found[-1].end > ending.start():
                continue
            following = endings[at + 1] if at + 1 < len(endings) else None
            before = around.nearest(ending.start(), found[-1] if found else None)
            if around.covers(ending.start()) or (
                before is not None and before.form == "lower" and before.end == ending.start()
            ):
                continue
            one: Found | None = None
            # 苏村镇: the longer name, if it is one
            if following is not None and following.start() == ending.end() and following.group() != "村":
                one = self._lower_found(following, before, evidence)
            if one is None or not one.candidates:
                one = self._lower_found(ending, before, evidence) or one
            if one is not None:
                self._note(one, evidence)
                found.append(one)
        return found

    def _note(self, one: Found, evidence: Evidence) -> None:
        if one.parent is not None:
            evidence.add([code for code in one.candidates if _held_by(code, one.parent.candidates)])
        elif len(one.candidates) == 1:
            evidence.add(one.candidates)

    def listed(self, evidence: Evidence) -> list[Found]:
        """Towns and villages of a list that shares its ending (河埒、荣巷、雪浪三个街道)."""
        found: list[Found] = []
        for one in _LIST.finditer(self.body):
            length = 12 if one.group("kind") in ("社区", "村") else 9
            for name in _LISTED.finditer(self.body, one.start("names"), one.end("names")):
                codes = tuple(code for code in divisions.lower_codes(name.group()) if len(code) == length)
                near = [code for code in codes if evidence.near([code]) >= 2]
                if near:
                    level: PlaceLevel = "town" if length == 9 else "village"
                    found.append(Found(name.start(), name.end(), name.group(), "lower", level, tuple(near)))
        return found

    def again(self, lower: list[Found]) -> list[Found]:
        """Towns named once more by their short form (南屏 after 南屏乡)."""
        found: list[Found] = []
        for surface, one in {
            one.surface: one for one in lower if one.level == "town" and one.candidates
        }.items():
            stem = divisions.short_form(surface, "town")
            words = self.words
            if (
                len(stem) < 2
                or stem == surface
                or stem in words.common
                or stem in words.stems
                or stem in words.verbs
            ):
                continue
            at = self.body.find(stem)
            while at >= 0:
                end = at + len(stem)
                after = self.body[end : end + 2]
                right = not _HAN.match(after) or after[0] in _RIGHT or after in words.verbs
                if right and self._is_border(at):
                    found.append(Found(at, end, stem, "lower", "town", one.candidates))
                at = self.body.find(stem, end)
        return sorted(found, key=lambda one: one.start)

    def _lower_found(self, ending: re.Match[str], before: Found | None, evidence: Evidence) -> Found | None:
        body, stop = self.body, ending.start()
        length = 9 if ending.group() in _TOWN_ENDINGS else 12
        first = self._run_start(stop)
        chain = -1
        if before is not None:
            if before.end < stop:
                first = max(first, before.end)
                chain = before.end
            elif before.form == "full":
                return None
        best: tuple[float, int, tuple[str, ...]] | None = None
        for start in range(first, stop):
            stem = body[start:stop]
            if len(stem) == 1 and start != chain:
                continue
            scored = self._score(start, stem, ending.group(), length, chain, before, evidence)
            if scored is not None and (best is None or scored[0] > best[0]):
                best = (scored[0], start, scored[1])
        if best is None:
            return None
        _, start, codes = best
        if any(self.persons[start : ending.end()]):
            return None
        level: PlaceLevel = "town" if length == 9 else "village"
        one = Found(start, ending.end(), body[start : ending.end()], "lower", level, codes)
        if start == chain:
            one.parent = before
        elif before is not None and before.form == "short" and before.start == start:
            one.parent = before.parent
        elif not codes and before is not None:
            one.parent = before.parent  # one more of a list
        return one

    def _score(
        self,
        start: int,
        stem: str,
        ending: str,
        length: int,
        chain: int,
        before: Found | None,
        evidence: Evidence,
    ) -> tuple[float, tuple[str, ...]] | None:
        """How good a name from here to the ending is, and the codes it may stand for; None for no name."""
        chained = start == chain
        left = chained or self._is_border(start)
        common = stem in self.words.stems or stem in self.words.verbs
        if len(stem) == 1:
            codes = tuple(code for code in divisions.lower_codes(stem + ending) if len(code) == length)
            held = before is not None and any(_held_by(code, before.candidates) for code in codes)
            return (1.0, codes) if held else None
        known = divisions.short_form(stem + ending, "town") if stem[-1] == "族" else stem
        codes = tuple(code for code in divisions.lower_codes(known) if len(code) == length)
        if not codes:
            follows = chained or self._is_sibling(start, ending, before)
            if not follows or common or len(stem) > MAX_NEW_STEM:
                return None
            return (2.5, ()) if self._could_be_name(stem, ending, before) else None
        held = chained and before is not None and any(_held_by(code, before.candidates) for code in codes)
        near = 4 if held else evidence.near(codes)
        if common and near < 2:
            return None
        if common and not held and not (near >= 3 and left):
            return None
        if stem in self.words.common and not held and not (near >= 2 and left):
            return None
        if not left and near < 2:
            return None
        if not chained and near == 0 and len(stem) == 2 and self.words.not_in_names.search(stem):
            return None
        return (3.0 if left else 1.0) * (near >= 2) + 1.5 * left + 0.3 * len(stem) + near * 0.3, codes

    def _is_sibling(self, start: int, ending: str, before: Found | None) -> bool:
        """Whether a name follows another of its kind in a list: 甲镇、乙镇."""
        if before is None or before.form != "lower" or not before.surface.endswith(ending):
            return False
        return before.end == start - 1 and self.body[before.end] in "、和与及"

    def _could_be_name(self, stem: str, ending: str, before: Found | None) -> bool:
        """Whether a name that the statistics don't know may be one: behind a division that can hold it."""
        if before is None or before.form == "country" or self.words.not_in_names.search(stem):
            return False
        if ending in ("镇", "乡", "村") and (before.form == "short" or len(stem) > 3):
            return False
        return stem[-1] not in self.words.before and self._begins_name(stem)

    def _begins_name(self, stem: str) -> bool:
        """Whether a stem holds no verb or the like, and begins and ends with no word that names nothing."""
        if stem[:2] in self.words.stems or stem[-2:] in self.words.stems:
            return False
        others = (self.words.verbs, self.words.before_words)
        return not any(stem[at : at + 2] in some for at in range(len(stem) - 1) for some in others)

    # housing estates, squares, stations

    def spots(self, found: list[Found]) -> list[Found]:
        """Names of estates, squares, parks and stations, in order."""
        seen: list[Found] = []
        around = _Before(found)
        for ending in self.words.spot.finditer(self.body):
            before = around.nearest(ending.start(), None)
            start = self._spot_start(ending, before)
            if start is None or any(self.persons[start : ending.end()]):
                continue
            surface = self.body[start : ending.end()]
            one = Found(start, ending.end(), surface, "spot", "spot", ())
            if before is not None and before.end == start:
                one.parent = before
            if seen and seen[-1].end > start:
                seen.pop()
            seen.append(one)
        return seen

    def _spot_start(self, ending: re.Match[str], before: Found | None) -> int | None:
        stop = ending.start()
        first = self._run_start(stop)
        held = -1
        if before is not None and before.end <= stop:
            first = max(first, before.end)
            held = before.end if before.form != "country" else -1
        for start in range(stop - 2, first - 1, -1):
            if start != held and not self._is_border(start):
                continue
            stem = self.body[start:stop]
            named = (
                stem not in self.words.spot_stems
                and not self.words.not_in_names.search(stem)
                and stem[-1] not in self.words.before
                and stem[-2:] not in self.words.spot_stems
                and self._begins_name(stem)
            )
            # before 小区 a verb begins a sentence more often than a name does
            weak = ending.group() == "小区" and not _HAN.match(self.body[start - 1 : start] or "。")
            if not named or (start != held and (ending.group() in self.words.spot_held or weak)):
                return None
            return start
        return None

    def _run_start(self, stop: int) -> int:
        """Where the Chinese characters before a point begin, `MAX_STEM` of them at most."""
        start = stop
        while start > max(0, stop - MAX_STEM) and _HAN.match(self.body, start - 1):
            start -= 1
        return start

    def mark(self, found: list[Found]) -> None:
        """Marks what lies in the name of an organisation."""
        place = 0
        spans = sorted(self.organisations)
        for one in found:
            while place < len(spans) and spans[place][1] <= one.start:
                place += 1
            one.inside = place < len(spans) and spans[place][0] <= one.start < spans[place][1]

    def _is_proper_name(self, one: Found, before: Found | None) -> bool:
        """Whether a short form is an organisation's proper name (乐山 in 南京江宁乐山社工中心)."""
        if one.form != "short" or one.parent is not None or before is None or before.end != one.start:
            return False
        return any(start <= before.start and one.end <= end for start, end in self.organisations)


class _Before:
    """Gives the last place before a point of the text, asked in order."""

    def __init__(self, places: list[Found]) -> None:
        self._places: Iterator[Found] = iter(places)
        self._next = next(self._places, None)
        self._last: Found | None = None

    def covers(self, at: int) -> bool:
        """Whether the next place runs across a point that was just asked for."""
        return self._next is not None and self._next.start < at < self._next.end

    def nearest(self, at: int, other: Found | None) -> Found | None:
        """The place that ends last at or before `at`, among these and `other`."""
        while self._next is not None and self._next.end <= at:
            self._last = self._next
            self._next = next(self._places, None)
        if other is not None and other.end <= at and (self._last is None or other.end >= self._last.end):
            return other
        return self._last


def _held_by(code: str, holders: Sequence[str]) -> bool:
    return any(len(code) > len(holder) and code.startswith(holder) for holder in holders)
