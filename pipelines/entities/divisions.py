"""The administrative divisions of China, from provinces to villages, by code and by name.

666,000 divisions lie in `divisions.dat`, made by scripts/make_divisions.py, and
are read where they lie through mmap: only provinces, cities and counties are
held as objects. The codes are those of the National Bureau of Statistics
(统计用区划代码): 2 digits for a province, 4 for a city, 6 for a county, 9 for a
street or town, 12 for a village or community.
"""

from __future__ import annotations

import json
import mmap
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import as_file, files
from itertools import pairwise
from typing import Final, Literal

from pipelines.models import PlaceLevel

FILE: Final = "divisions.dat"
MAGIC: Final = b"DIVISIONS1\n"
# names of one compressed block, which is what reading one name has to unpack
BLOCK: Final = 256

_LEVELS: Final[dict[int, PlaceLevel]] = {2: "province", 4: "city", 6: "county", 9: "town", 12: "village"}
# rows that only hold the counties of a province together, and are named by nobody
UNNAMED: Final = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})

_PEOPLES: Final = (
    "蒙古族|蒙古|回族|藏族|维吾尔族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|"
    "傈僳族|佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|"
    "仡佬族|锡伯族|锡伯|阿昌族|普米族|塔吉克族|塔吉克|怒族|乌孜别克族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|京族|塔塔尔族|独龙族|"
    "鄂伦春族|赫哲族|门巴族|珞巴族|基诺族|各族|民族"
)
_ETHNIC = re.compile(f"(?:{_PEOPLES})+(?:自治区|自治州|自治县|自治旗|乡|镇|苏木)$")
_FORMS: Final[dict[PlaceLevel, re.Pattern[str]]] = {
    "province": re.compile("(?:省|市|自治区|特别行政区)$"),
    "city": re.compile("(?:市|盟|地区|自治州)$"),
    "county": re.compile("(?:新区|林区|特区|自治县|自治旗|县|市|区|旗)$"),
    "town": re.compile("(?:街道办事处|街道|地区|镇|乡|苏木)$"),
    "village": re.compile("(?:社区|村|居委会)$"),
}
# The bureau lists the committee that runs a village; people name the village
_COMMITTEE = re.compile(
    "(?:社区)?(?:居民委员会|居委会|居民委会|村民委员会|村委会|村委员会|牧民委员会|牧委会|民委员会|民委会|委员会|委会)$"
)


@dataclass(slots=True, frozen=True)
class Division:
    """One division: its code, its name as people write it, its level, and its name as the bureau lists it.

    The two names differ for villages: 科苑社区 is listed as 科苑社区居委会.
    """

    code: str
    name: str
    level: PlaceLevel
    listed: str


def level_of(code: str) -> PlaceLevel:
    """The level that the length of a code tells. Raises KeyError for a code of no such length."""
    return _LEVELS[len(code)]


def village_name(listed: str, holders: Iterable[str] = ()) -> str:
    """The village that a committee is named after: 新洲村委会 -> 新洲村, 科苑社区居委会 -> 科苑社区.

    Some counties list the names of `holders`, the county and the town, before it
    (栾川县合峪镇孤山村); they are left out.
    """
    for holder in holders:
        rest = listed.removeprefix(holder) if _HOLDER.search(holder) else listed
        if rest != listed and len(rest) > 2 and not _NAMES_NOTHING.match(rest):
            listed = rest
    found = _COMMITTEE.search(listed)
    if found is None or found.start() < 1:
        return listed
    base, ending = listed[: found.start()], found.group()
    if ending.startswith("社区"):
        return base + "社区"
    if base.endswith(("社区", "嘎查", "队", "场", "连")):
        return base
    if ending.startswith("村") and (not base.endswith("村") or len(base) == 1):
        return base + "村"
    if ending.startswith("居"):
        return base if base.endswith("村") else base + "居委会"
    return base


def short_form(name: str, level: PlaceLevel) -> str:
    """A name without what says its kind, if two characters are left: 江宁区 -> 江宁, 赵县 -> 赵县."""
    ethnic = _ETHNIC.search(name)
    if ethnic and ethnic.start() >= 2:
        return name[: ethnic.start()]
    form = _FORMS[level].search(name)
    if form and form.start() >= 2:
        return name[: form.start()]
    return name


def key(stem: str) -> tuple[int, int, int]:
    """Where a short form stands in the index of the file: bucket (16 bits), and marks of 16 and 12 bits."""
    digest = int.from_bytes(blake2b(stem.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
    return digest >> 48, digest >> 32 & 0xFFFF, digest & 0xFFF


# what is left of 小龙镇居委会 or 下岱吉镇虚拟社区 without the town names nothing
_NAMES_NOTHING = re.compile("[社村居委第]|虚拟")


_HOLDER = re.compile("(?:街道|[镇乡县市区旗])$")


class _Table:
    """The file, open. Rows are towns and villages in the order of their codes, a town before its villages."""

    def __init__(self) -> None:
        with as_file(files("pipelines.entities").joinpath(FILE)) as path, path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        view = memoryview(self._map)
        if self._map[: len(MAGIC)] != MAGIC:
            raise ValueError(f"{FILE} is no file of divisions, or of another version")
        length = int.from_bytes(view[len(MAGIC) : len(MAGIC) + 4], "little")
        start = len(MAGIC) + 4
        self.header = json.loads(bytes(view[start : start + length]))
        parts = {
            name: view[offset : offset + size] for name, (offset, size) in self.header["sections"].items()
        }
        self._town_codes = parts["town_codes"].cast("I")
        self._town_rows = parts["town_rows"].cast("I")
        self._tails = parts["tails"].cast("H")
        self._buckets = parts["buckets"].cast("I")
        self._marks = parts["marks"].cast("H")
        self._entries = parts["entries"].cast("I")
        self._block_ends = parts["block_ends"].cast("I")
        self._blocks = parts["blocks"]
        upper = zlib.decompress(parts["upper"]).decode("utf-8")
        lines = (line.partition("\t") for line in upper.split("\n"))
        self.upper = {code: name for code, _, name in lines}
        self._block = lru_cache(maxsize=256)(self._read_block)

    def __len__(self) -> int:
        return len(self._tails)

    def rows(self, stem: str) -> list[int]:
        """The rows of the towns and villages with this short form, in order; almost surely no others."""
        bucket, mark, more = key(stem)
        first, last = self._buckets[bucket], self._buckets[bucket + 1]
        marks = self._marks[first:last].tolist()
        if mark not in marks:
            return []
        entries = self._entries[first:last].tolist()
        return [
            entry & 0xFFFFF
            for entry, found in zip(entries, marks, strict=True)
            if found == mark and entry >> 20 == more
        ]

    def code(self, row: int) -> str:
        """The code of a row."""
        town = bisect_right(self._town_rows, row) - 1
        tail = self._tails[row]
        return f"{self._town_codes[town]}{tail:03d}" if tail else str(self._town_codes[town])

    def row(self, code: str) -> int | None:
        """The row of a code of 9 or 12 digits, None when there is none."""
        number = int(code[:9])
        town = bisect_right(self._town_codes, number) - 1
        if town < 0 or self._town_codes[town] != number:
            return None
        first = self._town_rows[town]
        if len(code) == 9:
            return first
        last = self._town_rows[town + 1] if town + 1 < len(self._town_rows) else len(self._tails)
        row = bisect_right(self._tails, int(code[9:]), first, last) - 1
        return row if self._tails[row] == int(code[9:]) and row > first else None

    def children(self, code: str) -> list[int]:
        """The rows right below a county or a town."""
        low, high = (int(code[:9].ljust(9, fill)) for fill in "09")
        first = bisect_right(self._town_codes, low - 1)
        last = bisect_right(self._town_codes, high)
        if len(code) == 6:
            return [self._town_rows[town] for town in range(first, last)]
        ends = [*self._town_rows[first : first + 2], len(self._tails)]
        return list(range(ends[0] + 1, ends[1]))

    def listed(self, row: int) -> str:
        """The name of a row as the bureau lists it."""
        return self._block(row // BLOCK)[row % BLOCK]

    def name(self, row: int, code: str) -> str:
        """The name of a row, whose code is given, as people write it."""
        listed = self.listed(row)
        if len(code) == 9:
            return listed
        town = bisect_right(self._town_rows, row) - 1
        return village_name(listed, (self.upper[code[:6]], self.listed(self._town_rows[town])))

    def _read_block(self, number: int) -> list[str]:
        first = self._block_ends[number - 1] if number else 0
        packed = self._blocks[first : self._block_ends[number]]
        return zlib.decompress(packed).decode("utf-8").split("\n")


@cache
def _table() -> _Table:
    return _Table()


@cache
def _upper_names() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Codes of provinces, cities and counties by official name, and by short form."""
    full: dict[str, list[str]] = {}
    short: dict[str, list[str]] = {}
    for code, name in _table().upper.items():
        if name in UNNAMED:
            continue
        full.setdefault(name, []).append(code)
        stem = short_form(name, level_of(code))
        if stem != name:
            short.setdefault(stem, []).append(code)
    for codes in short.values():
        codes.sort(key=len)
    return full, short


def counts() -> dict[str, int]:
    """How many divisions there are of each level."""
    return dict(_table().header["counts"])


@lru_cache(maxsize=8192)
def division(code: str) -> Division | None:
    """The division with a code, None when there is none."""
    level = _LEVELS.get(len(code))
    if level is None or not (code.isascii() and code.isdigit()):
        return None
    if len(code) <= 6:
        name = _table().upper.get(code)
        return Division(code, name, level, name) if name else None
    row = _table().row(code)
    if row is None:
        return None
    return Division(code, _table().name(row, code), level, _table().listed(row))


def ancestors(code: str) -> list[str]:
    """The codes of the divisions that hold this one, the province first, itself last."""
    return [code[:length] for length in _LEVELS if length <= len(code)]


@lru_cache(maxsize=8192)
def path(code: str) -> tuple[str, ...]:
    """The names from the province down to the division, without rows that nobody names (市辖区)."""
    found = [division(above) for above in ancestors(code)]
    names = [one.name for one in found if one is not None and one.name not in UNNAMED]
    return tuple(name for before, name in pairwise(["", *names]) if name != before)


def children(code: str) -> list[Division]:
    """The divisions right below one, in the order of their codes; empty for a village."""
    if len(code) < 6:
        length = len(code) + 2
        below = [other for other in _table().upper if len(other) == length and other.startswith(code)]
    elif len(code) < 12:
        below = [_table().code(row) for row in _table().children(code)]
    else:
        below = []
    return [one for one in map(division, below) if one is not None]


def full_codes() -> dict[str, list[str]]:
    """The codes of provinces, cities and counties by official name."""
    return _upper_names()[0]


def short_codes() -> dict[str, list[str]]:
    """The codes of provinces, cities and counties by short form, the highest first."""
    return _upper_names()[1]


def upper_codes(name: str) -> list[str]:
    """Codes of the provinces, cities and counties whose official name or, if none, short form this is."""
    full, short = _upper_names()
    return full.get(name) or short.get(name) or []


@lru_cache(maxsize=8192)
def lower_codes(stem: str) -> tuple[str, ...]:
    """Codes of the towns and villages whose short form this is (see `short_form`), in order."""
    table = _table()
    rows = table.rows(stem)
    # the index holds hashes: one look at a name tells a chance hit from a real one
    if not rows or _stem_of_row(rows[0]) != stem:
        return ()
    return tuple(table.code(row) for row in rows)


def _stem_of_row(row: int) -> str:
    code = _table().code(row)
    return short_form(_table().name(row, code), level_of(code))


def lookup(name: str) -> list[Division]:
    """The divisions with this name, from provinces to villages, by code within a level.

    Official names first: if any division is called just so, only those; else
    those whose short form it is (江宁 -> 江宁区, 湖熟 -> 湖熟街道 and 湖熟社区).
    """
    full, short = _upper_names()
    stems = {short_form(name, "town"), name}
    stems |= {short_form(village_name(part), "village") for part in _without_holders(name)}
    lower = [one for stem in sorted(stems) for one in map(division, lower_codes(stem)) if one is not None]
    exact = [*_divisions(full.get(name, ())), *(one for one in lower if name in (one.name, one.listed))]
    if not exact:
        exact = [
            *_divisions(short.get(name, ())),
            *(one for one in lower if short_form(one.name, one.level) == name),
        ]
    return sorted({one.code: one for one in exact}.values(), key=lambda one: (len(one.code), one.code))


def _without_holders(name: str) -> list[str]:
    """A name, and what stands in it behind a town or county."""
    return [
        name,
        *(name[end.end() :] for end in re.finditer("街道|[镇乡县市区旗]", name) if end.end() < len(name)),
    ]


def _divisions(codes: Iterable[str]) -> list[Division]:
    return [one for one in map(division, codes) if one is not None]


Level = Literal["province", "city", "county"]


def names(levels: Iterable[Level]) -> tuple[str, ...]:
    """The official names of all divisions of some levels, each once."""
    return _of_levels(full_codes(), levels)


def short_names(levels: Iterable[Level]) -> tuple[str, ...]:
    """The short forms of all divisions of some levels, each once: 江苏, 南京, 江宁."""
    return _of_levels(short_codes(), levels)


def _of_levels(named: Mapping[str, Sequence[str]], levels: Iterable[Level]) -> tuple[str, ...]:
    wanted = set(levels)
    return tuple(name for name, codes in named.items() if any(level_of(code) in wanted for code in codes))
