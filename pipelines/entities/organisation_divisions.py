"""Which names of organisations differ only by the divisions before the place that they begin with.

江宁区青禾服务社 and 江苏省南京市江宁区青禾服务社 are one, as there is one 江宁区. What begins with a
name that several divisions have (鼓楼区) may be of any of them, and is left open.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import Final

from pipelines.entities.divisions import division, full_codes, level_of, lower_codes, path, short_form
from pipelines.entities.organisation_places import MAX_TOWN, is_town
from pipelines.models import PlaceLevel

_LEVELS: Final[tuple[PlaceLevel, ...]] = ("province", "city", "county")
MIN_REST: Final = 3  # characters behind the place
MAX_PLACE: Final = 12  # characters of a county's name (积石山保安族东乡族撒拉族自治县)
MAX_PREFIX: Final = 24  # characters of the divisions before a place


@lru_cache(maxsize=8192)
def longer_names(name: str) -> frozenset[str]:
    """What a name is with the divisions above the place that it begins with; none without such a place."""
    code = _only_code(name)
    above = path(code)[:-1] if code else ()
    forms = [("", whole, short_form(whole, level)) for whole, level in zip(above, _LEVELS, strict=False)]
    return frozenset(prefix + name for parts in product(*forms) if (prefix := "".join(parts)))


@lru_cache(maxsize=8192)
def shorter_names(name: str) -> tuple[str, ...]:
    """The names of which this one is a longer one."""
    if name[:2] not in _beginnings():
        return ()
    rests = (name[cut:] for cut in range(2, min(MAX_PREFIX, len(name) - MIN_REST)))
    return tuple(rest for rest in rests if name in longer_names(rest))


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    """The first two characters of provinces, cities and counties."""
    return frozenset(name[:2] for name in full_codes())


def _only_code(name: str) -> str:
    """The code of the division that a name begins with when no other is called so, else ""."""
    for length in range(min(MAX_PLACE, len(name) - MIN_REST), 1, -1):
        head = name[:length]
        if codes := full_codes().get(head):
            return codes[0] if len(codes) == 1 and len(codes[0]) > 2 else ""
        if length <= MAX_TOWN and is_town(head):
            towns = [code for code in lower_codes(short_form(head, "town")) if level_of(code) == "town"]
            named = [code for code in towns if (one := division(code)) is not None and one.name == head]
            return named[0] if len(named) == 1 else ""
    return ""
