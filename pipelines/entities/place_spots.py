"""Places without a code: housing estates, squares, parks, stations, airports, by how their names end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipelines.entities.place_text import Found, PlaceText, Preceding

# squares and parks are called after cities, without being in them always
_CALLED_AFTER: Final = frozenset(("广场", "公园"))


def find_spots(text: PlaceText, found: Sequence[Found]) -> list[Found]:
    """The names in order; one that stands right behind a place of `found` has it as `parent`."""
    spots: list[Found] = []
    preceding = Preceding(found)
    for ending in text.words.spot.finditer(text.body):
        before = preceding.nearest(ending.start())
        start = _start(text, ending.start(), ending.group(), before)
        if start is None or text.is_person(start, ending.end()):
            continue
        # 爱民佳苑|社区 is a community, and no estate
        end = ending.end() + 2 * text.body.startswith("社区", ending.end())
        one = Found(start, end, text.body[start:end], "spot", "spot", ())
        if before is not None and before.end == start:
            one.parent = before
        if spots and spots[-1].end > start:
            spots.pop()
        spots.append(one)
    return spots


def _start(text: PlaceText, stop: int, ending: str, before: Found | None) -> int | None:
    """Where the name begins: behind the place that holds it, or at the nearest border."""
    first, held = text.run_start(stop), -1
    # 夷陵广场
    if before is not None and before.form == "short" and before.end == stop and ending in _CALLED_AFTER:
        return before.start if text.is_border(before.start) else None
    if before is not None and before.end <= stop:
        first = max(first, before.end)
        held = before.end if before.form != "country" else -1
    for start in range(stop - 2, first - 1, -1):
        if start == held:
            return start if _is_named(text, text.body[start:stop], new=False) else None
        # 天和苑: a character that parts words may be one of a name that stands behind a place
        if text.is_border(start) and not (start > held >= first and text.body[start - 1] == "和"):
            # before 小区 a verb begins a sentence more often than a name does
            weak = ending in text.words.spot_held or (ending == "小区" and text.is_punctuated(start))
            return None if weak or not _is_named(text, text.body[start:stop], new=True) else start
    return None


def _is_named(text: PlaceText, stem: str, new: bool) -> bool:
    words = text.words
    if stem in words.spot_stems or stem[-2:] in words.spot_stems:
        return False
    forbidden = words.not_in_new_names if new else words.not_in_names
    return not forbidden.search(stem) and text.names_something(stem)
