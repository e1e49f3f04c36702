"""Towns of the official division in the names of organisations, whose characters may be words too."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from pipelines.entities.divisions import lower_codes, short_form

_TOWN_CODE: Final = 9  # digits
_ENDS: Final = ("镇", "乡", "街道")
MAX_TOWN: Final = 6  # characters of a town's name


@lru_cache(maxsize=20_000)
def is_town(name: str) -> bool:
    """Whether this is the whole name of a town or street (三乡镇), as the official division has it."""
    if len(name) < 3 or not name.endswith(_ENDS):
        return False
    return any(len(code) == _TOWN_CODE for code in lower_codes(short_form(name, "town")))


def begins_with_town(name: str) -> bool:
    """Whether a name begins with that of a town (三乡镇青年企业家)."""
    return any(is_town(name[:length]) for length in range(3, min(MAX_TOWN, len(name)) + 1))
