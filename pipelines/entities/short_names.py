"""Short names: which of a text's names mean the same organisation, and where the short ones stand.

Three ways to know: the text says it (以下简称), a short name is the proper part
of a full one (红叶 of 南京红叶社会工作服务社), or a name is a full one with parts
left out (青海省残联). When two organisations could be meant, none is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from pipelines.entities.lexicon import HAN, alternatives, forms, known_organisations, places, suffixes, words
from pipelines.entities.organisation_abbreviations import abbreviated
from pipelines.entities.organisation_names import parse_name
from pipelines.entities.person_names import titles
from pipelines.entities.segmentation import Words, is_known
from pipelines.models import Alias, Mention

_WORDS: Final = "organisation_words.toml"
MIN_SHORT: Final = 2  # characters
MIN_CUT: Final = 4  # characters of a listed name, from which it may stand for a longer one
MAX_SHORT: Final = 12

_ALIAS = rf"[“\"‘「']?([{HAN}A-Za-z0-9·&\- ]{{2,20}}?)[”\"’」']?"
_DEFINED = re.compile(
    rf"[”\"’」]?[（(,，][ ]?(?:[^（()）。；\n]{{0,30}}?[,，;；]\s?)?"
    rf"(?:{alternatives(words(_WORDS, 'called'))})"
    rf"[:：为是作]?\s?{_ALIAS}(?:\s?[或、/]\s?{_ALIAS})?\s?(?=[)）,，。；;])"
)
_COMPANY = re.compile("(?:股份|集团|控股|有限|责任|总|公司)+")
_BRACKETED = re.compile(rf"[（(]([{HAN}A-Za-z]{{3,14}})[)）]")
_ASIDE = re.compile("[（(][^（）()]*[）)]")
_BRACKETS = re.compile("[（）()]")
_LATIN = re.compile(r"\s?[（(](?:英文名?[:：])?([A-Z][A-Za-z&\-]{1,14})[)）]")
# 各红十字会, 两市工商联
_SEVERAL = re.compile("(?:[各级该本我]|[两三各多][省市县区地])$")
_RANK = re.compile("[省市区县]")
_DIVISIONS = re.compile(f"[{HAN}]+?(?:[省市县区镇乡村]|街道|社区|$)")
# WWF（世界自然基金会）
_LATIN_BEFORE = re.compile(r"(?<![A-Za-z])([A-Z][A-Za-z&\-]{1,14})$")
# what may stand behind a short name that is an everyday word as well
_SHORTENED: Final = frozenset(("基金会", "社会团体", "社会服务机构", "企业", "其他"))
_DIVISION_END: Final = ("省", "市", "区", "县", "镇", "乡", "村", "社区", "街道", "街", "州", "旗")
# what makes a place of the short name before it: 新围|社区
_PLACE_ENDS: Final = ("社区", "街道", "小区", "村", "镇", "乡", "县", "区")
# classes of words before a name that is not a part of it: verbs, prepositions, marks, particles
_BEFORE_NAMES: Final = frozenset(("v", "vn", "vd", "d", "p", "c", "x", "r", "uj", "ul", "f", "t", "u"))
_VERBAL: Final = frozenset(("v", "vd", "d", "ad", "p", "c"))
_NOT_SHORT = re.compile(
    "^(?:邮政|航空|铁路|电力|石油|石化|移动|电信|银行|集团|中国|中华|全国|国际|世界|第[一二三四五六七八九十]|[省市区县镇])"
)


@cache
def _role_after() -> re.Pattern[str]:
    roles = [word for word in titles() if len(word) > 1]
    return re.compile(rf"的?(?:[{HAN}]{{0,4}}?)(?:{alternatives(roles)}|工作人员|团队|员工|热线|志愿者们)")


@cache
def _anybody() -> frozenset[str]:
    """What anybody may be (新生代|企业家): it makes no organisation of an everyday word before it."""
    return frozenset(words("person_words.toml", "roles_of_anybody"))


@cache
def _place() -> re.Pattern[str]:
    return re.compile(alternatives(places()))


@dataclass(slots=True)
class _Reading:
    """What is known so far: full names, what each short name means, and the mentions."""

    text: str
    cut: Words
    mentions: list[Mention]
    taken: bytearray
    meant: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    rules: dict[str, str] = field(default_factory=dict)

    def add(self, start: int, end: int, name: str, kind: str, rule: str) -> None:
        """Notes a mention, unless something stands there already."""
        if not any(self.taken[start:end]):
            self.taken[start:end] = b"\x01" * (end - start)
            self.mentions.append(Mention("organisation", start, end, self.text[start:end], name, rule, kind))


def resolve_short_names(
    text: str, cut: Words, mentions: Sequence[Mention], people: Iterable[Mention]
) -> tuple[list[Mention], list[Alias]]:
    """Finds short names of the organisations in `mentions` and says what each means.

    Returns all mentions of organisations, each with its full form as `name`,
    and the aliases: what this text calls an organisation besides its full name.
    """
    reading = _Reading(text, cut, [], bytearray(len(text)))
    for mention in mentions:
        reading.add(mention.start, mention.end, mention.name, mention.type, mention.rule)
    blocked = bytearray(reading.taken)
    for person in people:
        blocked[person.start : person.end] = b"\x01" * (person.end - person.start)
    _define(reading)
    _abbreviate(reading)
    _shorten_levels(reading)
    _find_tails(reading, blocked)
    _find_bare(reading, blocked)
    _find_parts(reading, blocked)
    full = {short: next(iter(names)) for short, names in reading.meant.items() if len(names) == 1}
    kinds = {m.name: m.type for m in reading.mentions}
    resolved = []
    for mention in reading.mentions:
        name = _final(full, mention.surface)
        known = mention.surface in full
        resolved.append(
            replace(mention, name=name, type=kinds.get(name) or mention.type) if known else mention
        )
    aliases = [
        Alias(short, _final(full, short), reading.rules[short])
        for short in full
        if _final(full, short) != short
    ]
    return sorted(resolved, key=lambda m: m.start), aliases


def _final(full: dict[str, str], name: str) -> str:
    """The full form behind a short name whose meaning may itself be a short name."""
    seen = set[str]()
    while name in full and name not in seen:
        seen.add(name)
        name = full[name]
    return name


# --- what the text says itself ---


def _define(reading: _Reading) -> None:
    text = reading.text
    for mention in list(reading.mentions):
        found = _DEFINED.match(text, mention.end) or _LATIN.match(text, mention.end)
        if found is None and text[mention.start - 1 : mention.start] in ("（", "("):
            found = _LATIN_BEFORE.search(text, max(0, mention.start - 16), mention.start - 1)
        found = found or _with_same_form(text, mention)
        if found is None:
            continue
        for group in range(1, (found.lastindex or 0) + 1):
            short = (found[group] or "").strip()
            if len(short) < MIN_SHORT or short == mention.surface:
                continue
            reading.meant[short] = {mention.surface}
            reading.rules[short] = "alias.defined"
            if short not in words(_WORDS, "generic"):
                for start in _places_of(text, short):
                    reading.add(
                        start, start + len(short), mention.surface, mention.type, "organisation.defined"
                    )


def _with_same_form(text: str, mention: Mention) -> re.Match[str] | None:
    """北京市企业家环保基金会（SEE基金会）: a name of the same form in brackets is another name."""
    found = _BRACKETED.match(text, mention.end)
    form = parse_name(mention.surface).form
    return found if found and form and found[1].endswith(form[-2:]) and found[1] != form else None


def _shorten_levels(reading: _Reading) -> None:
    """省光促会 is 光促会 too, where that is no word that any text may have."""
    for short in [s for s in reading.meant if s[0] in "省市区县" and len(s) > MIN_SHORT + 1]:
        bare = short[1:]
        if (
            bare in reading.meant
            or is_known(bare)
            or (parse_name(bare).form == "" and bare in suffixes() and len(bare) < 3)
        ):
            continue
        if reading.rules[short] == "alias.level":
            continue
        kind = next((m.type for m in reading.mentions if m.surface == short), "")
        for start in _places_of(reading.text, bare):
            if not any(reading.taken[start : start + len(bare)]):
                reading.add(start, start + len(bare), bare, kind, "organisation.short")
                reading.meant[bare] = set(reading.meant[short])
                reading.rules[bare] = "alias.shortened"


def _places_of(text: str, wanted: str) -> Iterator[int]:
    latin = wanted.isascii()
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        inside = latin and (
            (text[start - 1 : start].isascii() and text[start - 1 : start].isalnum())
            or (text[end : end + 1].isascii() and text[end : end + 1].isalnum())
        )
        if not inside:
            yield start
        start = text.find(wanted, end)


# --- names with parts left out ---


def _abbreviate(reading: _Reading) -> None:
    names = list(dict.fromkeys(m.surface for m in reading.mentions))
    kinds = {m.surface: m.type for m in reading.mentions}
    for short in names:
        if short in reading.meant:
            continue
        fuller = names
        if short in known_organisations() and not _is_cut_short(short):
            fuller = [full for full in names if _is_registered_as(short, full)]
        longer = [(full, rule) for full in fuller if (rule := _abbreviates(short, full, kinds)) is not None]
        whole = [full for full, _ in longer if not any(_is_part(full, other) for other, _ in longer)]
        if len(whole) == 1:
            reading.meant[short] = {whole[0]}
            reading.rules[short] = next(rule for full, rule in longer if full == whole[0])


def _is_registered_as(short: str, full: str) -> bool:
    """Whether a listed company's name goes on as companies register (光明乳业|股份有限公司)."""
    return full.startswith(short) and _COMPANY.fullmatch(full, len(short)) is not None


def _is_cut_short(name: str) -> bool:
    """Whether a listed name is itself made of the first characters of words (中国计生协, 团市委)."""
    return name[0] == "团" or (len(name) > MIN_CUT and name.endswith(("协", "联", "委")))


def _is_part(short: str, full: str) -> bool:
    return short != full and _is_subsequence(short, full)


def _abbreviates(  # noqa: C901 - one rule a branch, in the order in which they win
    short: str, full: str, kinds: dict[str, str]
) -> str | None:
    """The rule by which `short` is `full` with parts left out, or None."""
    if len(short) >= len(full) or short[0] not in full or not _is_subsequence(short, full):
        return None
    if _is_of_city(short, full):
        return "alias.shortened"
    if rule := abbreviated(short, full):
        return rule
    # 清华大学 is no short name of 清华大学高等研究院
    if full.startswith(short) and forms().ends_at(short, len(short)) >= 0:
        rest = full[len(short) :]
        return "alias.shortened" if kinds[full] == "企业" and _COMPANY.fullmatch(rest) else None
    if kinds[full] in ("学校", "医疗") and not full.endswith(short):
        return None
    if kinds[short] != kinds[full] and not full.endswith(short):
        return None
    few, many = parse_name(short), parse_name(full)
    if few.form in words(_WORDS, "whole_forms") and not full.endswith(few.form):
        return None  # 某市红十字会 is not 某市红十字志愿服务协会
    if full.endswith(short):
        # 县民政局 means 庐江县民政局 in this text alone; 中国公益研究院 is what others call it too
        return "alias.level" if not few.proper and len(few.place) <= 1 else "alias.shortened"
    if few.proper and many.proper:
        own = few.proper in _BRACKETS.sub("", many.proper) or many.proper in few.proper
        return "alias.shortened" if own else None
    # 省社工协会 of 青海省社会工作协会
    if (
        few.work
        and not few.proper
        and not many.proper
        and len(few.place) == 1
        and many.place.endswith(few.place)
    ):
        return "alias.shortened"
    if few.form == many.form:
        return None
    if not few.proper and not many.proper and few.place and few.place[0] == many.place[:1]:
        return (
            "alias.shortened"
            if few.place == many.place or few.place == many.place.rstrip("省市区县")
            else None
        )
    # 共青团沈阳市委, 团市委
    if (
        few.form
        and many.form
        and few.form[-1] == many.form[-1]
        and short[0] in ("团", "省", "市", "区", "县")
    ):
        return "alias.shortened"
    return None


def _is_of_city(short: str, full: str) -> bool:
    """Whether the city alone is shortened to its first character (乌市红十字会, 乌鲁木齐市红十字会)."""
    end = full.find("市")
    return end > 1 and short[:2] == full[0] + "市" and len(short) > MIN_CUT and full[end + 1 :] == short[2:]


def _is_subsequence(short: str, full: str) -> bool:
    rest = iter(full)
    return all(character in rest for character in short)


# --- names without their places ---


def _find_tails(reading: _Reading, blocked: bytearray) -> None:
    """斗水小学 of 中关镇斗水小学: what stands behind the place, where it is a name by itself."""
    tails: defaultdict[str, set[str]] = defaultdict(set)
    for mention in {m.surface: m for m in reading.mentions}.values():
        parts = parse_name(mention.surface)
        if not parts.place:
            continue
        tail = mention.surface[len(parts.place) :]
        if parts.place and len(parts.proper) >= MIN_SHORT and parts.form and len(tail) >= MIN_CUT:
            tails[tail].add(mention.name)
        elif parts.place and not parts.proper and mention.type in ("学校", "医疗"):
            # 恩施市板桥镇|大木村小学: called after the last of the places
            *_, last = _DIVISIONS.finditer(parts.place)
            tails[mention.surface[last.start() :]].add(mention.name)
    kinds = {m.surface: m.type for m in reading.mentions}
    for tail, names in tails.items():
        if len(names) > 1 or tail in names or tail in reading.meant or is_known(tail):
            continue
        if not _is_proper(tail) and not parse_name(tail).place:
            continue
        (name,) = names
        for start in _places_of(reading.text, tail):
            end = start + len(tail)
            if not _begins(reading, start) or any(blocked[start:end]) or any(reading.taken[start:end]):
                continue
            reading.add(start, end, name, kinds.get(name, ""), "organisation.short")
            blocked[start:end] = b"\x01" * (end - start)
            reading.meant[tail] = {name}
            reading.rules.setdefault(tail, "alias.shortened")


def _begins(reading: _Reading, start: int) -> bool:
    """Whether a name may begin here: a word does, and what stands before it is no part of a name."""
    number = reading.cut.index.get(start)
    if number is None:
        return _breaks_word(reading.cut, start)
    return number == 0 or reading.cut.tags[number - 1] in _BEFORE_NAMES


def _is_proper(tail: str) -> bool:
    """Whether a name without its place has a proper name of its own, not an everyday word (中心小学)."""
    proper = parse_name(tail).proper
    return len(proper) >= MIN_SHORT and not _NOT_SHORT.match(proper)


# --- forms that stand alone ---


def _find_bare(reading: _Reading, blocked: bytearray) -> None:
    """红十字会 alone, where the text names one organisation that ends so."""
    for bare in words(_WORDS, "bare_forms"):
        if bare not in reading.text:
            continue
        full = {m.name for m in reading.mentions if m.surface.endswith(bare) and len(m.surface) > len(bare)}
        full = {
            _final({s: next(iter(n)) for s, n in reading.meant.items() if len(n) == 1}, name) for name in full
        }
        if len(full) != 1:
            continue
        name = next(iter(full))
        kind = next((m.type for m in reading.mentions if m.surface == name), "")
        for start in _places_of(reading.text, bare):
            end = start + len(bare)
            if (
                any(blocked[start:end])
                or any(reading.taken[start:end])
                or reading.text[end : end + 1] in ("员", "法")
            ):
                continue
            if _SEVERAL.search(reading.text, max(0, start - 2), start):
                continue
            reading.add(start, end, name, kind, "organisation.short")
            reading.meant[bare].add(name)
            reading.rules.setdefault(bare, "alias.shortened")


# --- proper parts that stand alone ---


def _find_parts(reading: _Reading, blocked: bytearray) -> None:
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
        whole = {name for name in names if not any(reading.meant.get(name, set()) & names for _ in (0,))}
        if short in reading.meant and reading.rules.get(short) == "alias.defined":
            continue
        if short in listed and len(whole) == 1:
            reading.meant[short] |= whole
            reading.rules.setdefault(short, "alias.part")
        certain = short in listed
        for start in _places_of(reading.text, short):
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
    # 汽车 of 中国汽车工业协会: what it is about
    about = parts.form.endswith(words(_WORDS, "subject_forms")) and f"“{proper}”" not in name
    if about and is_known(proper):
        return
    if "（中国）" in name or "(中国)" in name:
        yield f"{proper}中国"  # 强生中国
    if len(proper) >= MIN_SHORT and (bare := _RANK.sub("", parts.place)) and len(bare) <= 3:
        yield f"{bare}{proper}"  # 池州卓尔|社工
    made = len(proper) == MIN_SHORT and not is_known(proper)  # 橘乡
    division = proper.endswith(_DIVISION_END) and not made
    if MIN_SHORT <= len(proper) <= 6 and not _NOT_SHORT.match(proper) and not division:
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


def _stands_alone(reading: _Reading, start: int, end: int, certain: bool) -> bool:
    """Whether a stretch is a name here, not a part of a word or a word in its everyday sense."""
    text, cut = reading.text, reading.cut
    short = text[start:end]
    if _is_a_place(cut, start, end) or text.startswith(_PLACE_ENDS, end):
        return False
    inside = start not in cut.index and not _breaks_word(cut, start)
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


def _breaks_word(cut: Words, start: int) -> bool:
    """Whether the word that holds `start` is none of the dictionary: the cut is a guess there."""
    number = start
    while number not in cut.index:
        number -= 1
    return not is_known(cut.words[cut.index[number]])


def _with_kind(reading: _Reading, start: int, end: int, names: set[str], blocked: bytearray) -> int:
    """Takes in a kind of work behind a short name (兴邦|社工) when it is short for the name's own."""
    text = reading.text
    for kind in words(_WORDS, "short_kinds"):
        last = end + len(kind)
        if text.startswith(kind, end) and all(
            _is_subsequence(kind, name[max(name.find(text[start:end]), 0) :]) for name in names
        ):
            person = last < len(blocked) and blocked[last]
            if not person and not text.startswith(("站", "们", "师"), last):
                return last
    return end
