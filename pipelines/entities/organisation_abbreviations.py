"""Whether two names of an organisation differ only by what names leave out: 市关工委, 莆田六中, 安徽慈善总会.

Both are brought to one form: each part that has a short form is written by it, and the place at the
head without the words for its rank. The rest must then be the same, and the place of the
shorter name a part of the other's.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipelines.entities.divisions import short_codes
from pipelines.entities.lexicon import alternatives, toml_file, words
from pipelines.entities.organisation_names import parse_name

_RANK = re.compile("特别行政区|自治[区州县旗]|[省市区县州镇乡旗盟]|街道|社区")
_LEVELS = frozenset("省市区县州镇乡旗")


@cache
def _short_forms() -> tuple[re.Pattern[str], dict[str, str]]:
    short: dict[str, str] = {}
    for row in toml_file("organisation_abbreviations.toml")["forms"]:
        *longer, shortest = row.split()
        short.update(dict.fromkeys(longer, shortest))
    return re.compile(alternatives(short)), short


@cache
def _peoples() -> re.Pattern[str]:
    return re.compile(alternatives(words("organisation_abbreviations.toml", "peoples")))


def _county(name: str) -> str:
    """The short form of a county that a name begins with (天心城管执法大队), "" without one."""
    return next((name[:n] for n in (3, 2) if len(name) > n + 2 and name[:n] in short_codes()), "")


@lru_cache(maxsize=20_000)
def _plain(name: str) -> tuple[str, str]:
    """The place at the head of a name, and the rest with short forms."""
    place = parse_name(name).place or _county(name)
    pattern, short = _short_forms()
    return place, pattern.sub(lambda found: short[found.group()], name[len(place) :])


def abbreviated(short: str, full: str) -> str | None:
    """The rule by which `short` is the organisation `full`, as far as places and short forms tell; or None.

    A name with a level alone is "alias.level" (市关工委 of 苏州市关心下一代工作委员会): it means
    another organisation elsewhere.
    """
    (place, rest), (whole, many) = _plain(short), _plain(full)
    if rest != many or len(rest) < 2:
        return None
    if place in _LEVELS:
        return "alias.level" if whole.endswith(place) and len(whole) > 1 else None
    bare, held = _bare(place), _bare(whole)
    ranked = place[-1:] in _LEVELS and place[-1:] != whole[-1:]
    # 临澜慈善会 is not 临澜市东湖区慈善会
    return "alias.shortened" if bare and held.endswith(bare) and not ranked else None


def _bare(place: str) -> str:
    """A place without ranks and peoples: 湖南湘西土家族苗族自治州 gives 湖南湘西."""
    return _RANK.sub("", _peoples().sub("", place))
