"""Proper parts of full names that stand alone: 红叶 of 南京红叶社会工作服务社."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Final

from pipelines.entities.lexicon import HAN, alternatives, places, words
from pipelines.entities.organisation_names import parse_name
from pipelines.entities.person_names import titles
from pipelines.entities.segmentation import Words, is_known
from pipelines.entities.short_name_reading import (
    MIN_SHORT,
    NOT_SHORT,
    Reading,
    breaks_word,
    is_subsequence,
    places_of,
)

_WORDS: Final = "organisation_words.toml"
MAX_SHORT: Final = 12
_ASIDE = re.compile("[（(][^（）()]*[）)]")
_RANK = re.compile("[省市区县]")
# kinds of organisations that are called by their proper parts
_SHORTENED: Final = frozenset(("基金会", "社会团体", "社会服务机构", "企业", "其他"))
_DIVISION_END: Final = ("省", "市", "区", "县", "镇", "乡", "村", "社区", "街道", "街", "州", "旗")
# what makes a place of the short name before it: 新围|社区
_PLACE_ENDS: Final = ("社区", "街道", "小区", "村", "镇", "乡", "县", "区")
_VERBAL: Final = frozenset(("v", "vd", "d", "ad", "p", "c"))


def add_parts(reading: Reading, blocked: bytearray) -> None:
    """Adds the proper parts of the names found, where they stand alone outside what is blocked."""
    shorts: defaultdict[str, set[str]] = defaultdict(set)
    kinds: dict[str, str] = {}
    for mention in reading.mentions:
        if mention.rule == "organisation.list" or mention.surface in reading.meant:
            continue
        if mention.rule == "organisation.listed" and not _is_of_foundation(mention.surface):
            continue
        if mention.type not in _SHORTENED:
            continue
        kinds[mention.surface] = mention.type
        for short in _proper_parts(mention.surface):
            shorts[short].add(mention.surface)
    listed = {m.surface for m in reading.mentions if m.rule == "organisation.list"}
    for short, names in sorted(shorts.items(), key=lambda item: -len(item[0])):
        whole = {name for name in names if reading.meant.get(name, set()).isdisjoint(names)}
        if short in reading.meant and reading.rules.get(short) == "alias.defined":
            continue
        if short in listed and len(whole) == 1:
            reading.meant[short] |= whole
            reading.rules.setdefault(short, "alias.part")
        certain = short in listed
        for start in places_of(reading.text, short):
            end = start + len(short)
            if any(blocked[start:end]) or not (_stands_alone(reading, start, end, certain)):
                continue
            end = _with_kind(reading, start, end, whole, blocked)
            surface = reading.text[start:end]
            name = next(iter(whole)) if len(whole) == 1 else surface
            if surface not in whole:
                reading.meant[surface] |= whole
                reading.rules.setdefault(surface, "alias.part")
            reading.add(start, end, name, kinds[min(whole)] if whole else "", "organisation.short")
            blocked[start:end] = b"\x01" * (end - start)


def _is_of_foundation(name: str) -> bool:
    """Whether a listed name ends in a form, so that what stands before it is its proper part (爱德基金会)."""
    return name.endswith(("基金会", "协会")) and parse_name(name).work == "" and not parse_name(name).place


def _proper_parts(name: str) -> Iterator[str]:
    """The proper part of a name, and its tail behind a place that the lists don't know (雨花|恒宇)."""
    parts = parse_name(name)
    if parts.form == "" or len(parts.proper) > MAX_SHORT:
        return
    proper = _ASIDE.sub("", parts.proper)  # 恒兴纺织（福建）有限公司
    if not _place().sub("", proper):
        return
    if parts.form in words(_WORDS, "estate_forms") and proper.endswith(words(_WORDS, "estates")):
        return
    # 汽车 of 中国汽车工业协会: what it is about; 萤窗 of 萤窗助学协会 is who it is
    subject = parts.work == "" or parts.work in words(_WORDS, "trade_kinds")
    about = subject and parts.form.endswith(words(_WORDS, "subject_forms")) and f"“{proper}”" not in name
    if about and is_known(proper):
        return
    if "（中国）" in name or "(中国)" in name:
        yield f"{proper}中国"  # 强生中国
    if len(proper) >= MIN_SHORT and (bare := _RANK.sub("", parts.place)) and len(bare) <= 3:
        yield f"{bare}{proper}"  # 池州卓尔|社工
    made = len(proper) == MIN_SHORT and not is_known(proper)  # 橘乡
    division = proper.endswith(_DIVISION_END) and not made
    if MIN_SHORT <= len(proper) <= 6 and not NOT_SHORT.match(proper) and not division:
        yield proper
    for cut in range(2, len(proper) - 1):
        tail = proper[cut:]
        if (
            _place().sub("", tail)
            and not (about and is_known(tail))
            and len(tail) <= 4
            and len(proper) <= 6
            and not proper.endswith(_DIVISION_END)
        ):
            yield tail


def _stands_alone(reading: Reading, start: int, end: int, certain: bool) -> bool:
    """Whether a stretch is a name here, not a part of a word or a word in its everyday sense."""
    text, cut = reading.text, reading.cut
    short = text[start:end]
    if _is_a_place(cut, start, end) or text.startswith(_PLACE_ENDS, end):
        return False
    inside = start not in cut.index and not breaks_word(cut, start)
    before, after = text[start - 1 : start], text[end : end + 1]
    quoted = before in ("“", "‘", "「", '"') and after in ("”", "’", "」", '"')
    if certain and not inside:
        return True
    if quoted:
        return True
    if inside or after == "·":
        return False
    opens = before == "" or not re.match(rf"[{HAN}A-Za-z0-9]", before)
    if before in ("“", "‘", "「") and re.match(rf"[{HAN}]", after):
        return False  # “韩红爱心|百人援滇”: a part of what is quoted
    follows = cut.index.get(end)
    tag = cut.tags[follows] if follows is not None and follows < len(cut.tags) else ""
    closes = after == "" or not re.match(rf"[{HAN}]", after) or tag in _VERBAL
    led = _led(cut, start)
    role = _role_after().match(text, end)
    if role and (opens or led) and not (is_known(short) and role.group() in _anybody()):
        return True
    if not is_known(short):
        return opens or led or (closes and (len(short) > MIN_SHORT or tag in _VERBAL))
    return (opens or led) and tag in _VERBAL and after != ""


def _is_a_place(cut: Words, start: int, end: int) -> bool:
    number = cut.index.get(start)
    return (
        number is not None
        and cut.starts[number + 1] == end
        and cut.tags[number] == "ns"
        and is_known(cut.words[number])
    )


def _led(cut: Words, start: int) -> bool:
    number = cut.index.get(start)
    return number is not None and number > 0 and cut.tags[number - 1] in ("p", "v", "c", "r")


def _with_kind(reading: Reading, start: int, end: int, names: set[str], blocked: bytearray) -> int:
    """Takes in a kind of work behind a short name (兴邦|社工) when it is short for the name's own."""
    text = reading.text
    for kind in words(_WORDS, "short_kinds"):
        last = end + len(kind)
        if text.startswith(kind, end) and all(
            is_subsequence(kind, name[max(name.find(text[start:end]), 0) :]) for name in names
        ):
            person = last < len(blocked) and blocked[last]
            if not person and not text.startswith(("站", "们", "师"), last):
                return last
    return end


@cache
def _role_after() -> re.Pattern[str]:
    """What may stand behind a short name that is an everyday word as well."""
    roles = [word for word in titles() if len(word) > 1]
    return re.compile(rf"的?(?:[{HAN}]{{0,4}}?)(?:{alternatives(roles)}|工作人员|团队|员工|热线|志愿者们)")


@cache
def _anybody() -> frozenset[str]:
    """What anybody may be (新生代|企业家): it makes no organisation of an everyday word before it."""
    return frozenset(words("person_words.toml", "roles_of_anybody"))


@cache
def _place() -> re.Pattern[str]:
    return re.compile(alternatives(places()))
