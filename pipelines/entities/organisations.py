"""Organisations, found by the last word of their names and a search for where they begin.

The grammar of a full name is: places, a proper name, kinds of work, a form
(南京 + 红叶 + 社会工作 + 服务社). The form ends it and is a list; what begins it
is what can't be part of it: punctuation, function words, verbs, counts, another
organisation, a connective with a second name behind it. Names without such a
form (外交部, 壹基金) are a list of their own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from pipelines.entities.divisions import full_codes, lower_codes, short_codes
from pipelines.entities.lexicon import (
    HAN,
    Suffix,
    WordSet,
    association,
    forms,
    known_organisations,
    places,
    social,
    suffixes,
    words,
)
from pipelines.entities.organisation_places import begins_with_town, is_town
from pipelines.entities.segmentation import Words, is_known
from pipelines.models import Mention

MAX_NAME: Final = 30  # characters
MAX_BRANCH: Final = 8  # characters between a university and its hospital or school
SHORT_KNOWN: Final = 4  # a listed name up to this length must be whole words of the text
_WORDS: Final = "organisation_words.toml"

# what a name may be written with: a quoted proper name and a place in brackets are parts of it
_RUN = re.compile(
    rf"(?:[{HAN}A-Za-z0-9·]+|[“\"‘「][{HAN}A-Za-z0-9·]{{1,10}}[”\"’」]|（[{HAN}]{{1,4}}）|\([{HAN}]{{1,4}}\))+"
)
_DIVISION_END = re.compile("(?:省|市|区|县|州|镇|乡|街道|村|社区|旗|盟)$")
_CLOSING = re.compile("[”’」]")
_MARKS = re.compile("[“”（）()‘’「」]")
_NOT_PROPER = re.compile(rf"[^{HAN}A-Za-z0-9]")
# "11 个街道社工站": the number may stand before the run
_CLASSIFIER = re.compile("[家个名位所支批份]")
_COUNTED = re.compile(
    r"(?:[0-9]+(?:[.,][0-9]+)?[百千万亿]{0,2}|[一二两三四五六七八九十百千万亿几数多上近超第]+)[余多]?"
    r"(?:家|个|名|位|所|支|场|次|批|届|期|座|处|条|项|起|天|户|人|份|对|种|类|辆|台|套)"
    r"|[0-9]+(?:年|月|日|时|分|岁|[万亿]?元|万|亿)[初底末]?"
)
# classes of words that are no part of a name unless they are kinds of work
_DISTINCT: Final = frozenset(("ns", "nz", "nr", "nrt", "nt", "eng", "j"))
_WHOLE: Final = frozenset(("ns", "nz", "nt", "n", "a", "an", "b", "vn"))
_NATIONAL: Final = frozenset(("全国", "国家", "我国", "国内", "国外"))
_SOFT: Final = frozenset(
    ("v", "vd", "d", "ad", "p", "r", "t", "c", "f", "i", "z", "y", "u", "uj", "ul", "uz", "m")
)
_PLAIN: Final = frozenset(
    ("a", "b", "m", "d", "f", "t", "r", "q", "s", "v", "vn", "ad", "an", "l", "i", "p", "c", "u")
)
# short for the organisation that is spoken of: 该院儿童福利研究中心
_REFERRED = re.compile(r"村|社区|[院会校局厅所站社司厂](?!会)|中心|机构|公司|基金会|协会")
_PARTY_LEAD: Final = (
    "共青团",
    "中共",
    "民革",
    "民盟",
    "民建",
    "民进",
    "农工党",
    "致公党",
    "九三学社",
    "台盟",
    "武警",
)
# forms of branches, which stand behind the name of the whole and a place
_BRANCH = re.compile(
    "公司|有限公司|有限责任公司|股份公司|集团公司|分公司|分行|支行|分会|分院|学院|医院|研究院|支队|大队|总队|分局|校区|供电公司|红十字会|委员会|志愿服务队"
)
_HAVE_BRANCHES: Final = ("社会团体", "基金会")
_FORCES: Final = ("总队", "支队", "大队")
# 德国伯尔基金会北京代表处
_OFFICES: Final = ("代表处", "联络处", "办事处")
_ANYWHERE: Final = ("基金会", "社会团体", "其他", "企业")
# 清华大学当代中国研究中心
_BROKEN = re.compile("[和与及的在由向为“”]|联合|共同|主办|承办")
_RESEARCH: Final = ("研究中心", "研究院", "研究所", "学院", "实验室")
# 沃尔玛中国, 麦当劳（中国）
_COUNTRY_BRANCH = re.compile("中国(?=[^人有境国内市消]|$)|[（(]中国[）)]|大中华区|亚太(?![、地区])")
# 书院|路街道: a street that is called after an institution
_STREET = re.compile(
    "路(?:街道|[0-9一二三四五六七八九十]|[，。、；社口上])|大?街(?:社区|[0-9一二三四五六七八九十]|[口上])|巷(?:社区|[，。、0-9])"
)
# 生态环境|部门, 民政|部长
_NO_OFFICE = re.compile("门(?!户)|长(?!期|者)")
# 意见报|市民政局: verbs of sending that end what stands before a level and a department
_SENT_TO = re.compile("[报送呈交](?=[省市区县](?![省市区县]))")
# name their level themselves: 市委, 县政府
_OWN_LEVEL = re.compile("[省市区县州镇乡旗](?:委|政府|政协)")
# what parties and unions are in, when it has no name of its own
# short for a school or a hospital before its party and unions: 校|团委
_SCHOOLS: Final = frozenset("校院")
_OF_SCHOOLS: Final = frozenset(("团委", "党委", "工会"))
_EACH: Final = frozenset("各")
_NO_SCHOOL: Final = frozenset("该本此各全高学贵两")
_PLACED_BRAND = re.compile(rf"[{HAN}A-Za-z]{{2,5}}[（(][{HAN}]{{2,4}}[）)]")
# verbs that companies are called after: 康德运营管理有限公司
_BUSINESS: Final = frozenset(
    ("运营", "服务", "设计", "制作", "推广", "保障", "安排", "提供", "整合", "开发", "指导")
)
# days that schools and hospitals are called after
_DAYS: Final = frozenset(("八一", "五四", "五一", "三八", "七一", "十一"))
# of which every community has one: 社区|卫生服务站
_LOCAL: Final = frozenset(("医疗", "社会服务机构", "学校"))
_STATIONED = re.compile(f"(?<![{HAN}])[{HAN}]{{2,5}}[省市县区]驻$")  # 潢川县驻|郑州商会
_SEPARATE: Final = ("向", "与", "和", "及", "为", "在", "联合", "走进", "捐", "把", "给", "到")
_BRAND_VERBS: Final = frozenset(
    (
        "聚力",
        "聚焦",
        "汇聚",
        "携手",
        "联动",
        "拓展",
        "延伸",
        "坚守",
        "立足",
        "分享",
        "共建",
        "彰显",
        "深化",
        "关心",
    )
)
_REGISTERED: Final = ("股份", "集团", "控股", "集团股份", "投资", "实业")
_SEVERAL_LEVELS = re.compile("[省市区县州][（(][省市区县州]+[）)]")  # 市（州）|文明办
_STATIONS: Final = ("服务点", "服务站", "工作站", "服务部")  # 四川|服务点 of whoever
_BRACKET = re.compile("[）)]")
_VILLAGE_END = re.compile("[村镇乡]|街道|社区")
# groups that universities have: 某某大学|研究生|支教团
_OF_STUDENTS: Final = ("支教团", "支教队", "研支团", "实践团", "实践队", "志愿服务队", "志愿者协会", "学生会")
# say that what follows is a part of no name before it: 市工商联|直属商会
_UNDER: Final = ("直属", "下属", "所属", "各")
# what follows is counted or pointed at, and seldom called by its name
_UNNAMED = re.compile("首家|一家|首个|一个|[这那此该]次|多家|这家|那家|第[一二三]家|唯一")
# 上报|社区, 服务|社会
_OF_SHE: Final = frozenset("区会团交")
_HALVES: Final = frozenset("由从向对于为以因自在同如正经当并能可将到")
_NO_HALF: Final = frozenset("省市区县州镇乡村校院大小新老总分全各多个家名位所支")
_HALVED: Final = frozenset(("基金会", "社会团体", "社会服务机构"))
_HOLDERS: Final = frozenset(("村", "市", "县", "区", "镇", "乡", "校", "院", "局", "该", ""))
_OFFICE_OF_PARTY = re.compile("书记|副书记|成员|委员|主席|副主席|支部书记|班子")


@dataclass(slots=True, frozen=True)
class _Patterns:
    suffix: WordSet
    breaker: WordSet
    held: frozenset[str]
    kinds: WordSet
    place: WordSet
    listed: WordSet
    connective: re.Pattern[str]
    levels: frozenset[str]
    regions: frozenset[str]


@cache
def _patterns() -> _Patterns:
    held = {*words(_WORDS, "protected"), *places(), *suffixes(), *known_organisations()}
    held.update(full_codes())  # 让胡路区
    return _Patterns(
        suffix=forms(),
        breaker=WordSet({*held, *words(_WORDS, "breakers")}),
        held=frozenset(held),
        kinds=WordSet(words(_WORDS, "kind_words")),
        place=WordSet(places()),
        listed=WordSet(known_organisations()),
        connective=re.compile("[" + "".join(words(_WORDS, "connectives")) + "]"),
        levels=frozenset(words(_WORDS, "levels")),
        regions=frozenset(words(_WORDS, "regions")),
    )


_Span = tuple[int, int]


@dataclass(slots=True)
class _Name:
    """A name in a run: where it begins, where its form begins (its end when it has none), where it ends."""

    start: int
    form: int
    end: int
    kind: str
    rule: str = "organisation.suffix"


@dataclass(slots=True, frozen=True)
class _Run:
    """A stretch that names can be written with, where it stands in the text, and the text in words.

    `forms` and `listed` are where suffixes and listed names stand in it, `broken` where breakers and
    what holds them; offsets into the stretch.
    """

    text: str
    offset: int
    before: str
    after: str
    cut: Words
    forms: list[_Span]
    listed: list[_Span]
    broken: list[_Span]


def find_organisations(text: str, cut: Words) -> list[Mention]:
    """Organisations named in full in `text`, in order, none inside another; offsets in characters.

    `cut` is the text in words.
    """
    found: list[Mention] = []
    end_mark = (len(text), len(text))
    suffixed = [*_patterns().suffix.spans(text), end_mark]
    listed = [*_patterns().listed.spans(text), end_mark]
    associations = [m.start() for m in association()[0].finditer(text)] if "会" in text else []
    at = by = 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        empty = suffixed[at][0] >= end and listed[by][0] >= end
        if empty and not _any_within(associations, start, end):
            continue
        forms_, at = _within(suffixed, at, start, end)
        names, by = _within(listed, by, start, end)
        written = run.group()
        before, after = text[max(0, start - 2) : start], text[end : end + 3]
        broken = _patterns().breaker.spans(written)
        for name in _names(_Run(written, start, before, after, cut, forms_, names, broken)):
            surface = written[name.start : name.end]
            kind = _kind(surface, name.kind)
            first, last = start + name.start, start + name.end
            found.append(Mention("organisation", first, last, surface, surface, name.rule, kind))
    return found


def _within(spans: list[_Span], at: int, start: int, end: int) -> tuple[list[_Span], int]:
    """The spans from number `at` on inside a run, as offsets into it, and where to go on."""
    inside = []
    while spans[at][0] < end:
        first, last = spans[at]
        if first >= start and last <= end:
            inside.append((first - start, last - start))
        at += 1
    return inside, at


def _any_within(places_: list[int], start: int, end: int) -> bool:
    number = bisect_left(places_, start)
    return number < len(places_) and places_[number] < end


def _kind(name: str, kind: str) -> str:
    named, unless = social()
    return "社会服务机构" if kind == "学校" and named.search(name) and not unless.search(name) else kind


def _names(run: _Run) -> list[_Name]:
    hits = sorted([*_hits(run), *_listed(run)], key=lambda hit: (hit.form, -hit.end, hit.start))
    if not hits:
        return []
    lead = _CLASSIFIER.match(run.text) if run.before.rstrip()[-1:].isdigit() else None
    breaks = [0, lead.end()] if lead else [0]
    breaks += _breaks(run)
    names: list[_Name] = []
    for hit in hits:
        before = names[-1] if names else None
        if before is not None and hit.end <= before.end:
            continue
        if hit.start < 0 and not _is_begun(run, hit, breaks, before):
            continue
        if before is not None and hit.start < before.end:
            if hit.start > before.start:
                continue
            names.pop()
        names.append(hit)
    return names


def _breaks(run: _Run) -> list[int]:
    """Where words and counts end that no name goes on over, in order."""
    held: list[_Span] = []
    breaks: set[int] = set()
    for start, end in run.broken:
        if run.text[start:end] in _patterns().held:
            held.append((start, end))
        elif _is_break(run, start, end):
            breaks.add(end)
    for count in _COUNTED.finditer(run.text):
        if not any(start < count.end() and count.start() < end for start, end in held):
            breaks.add(count.end())
    return sorted(breaks)


def _is_break(run: _Run, start: int, end: int) -> bool:
    """Whether a breaker is one here: not a character of a name that the dictionary has (让胡路区)."""
    cut = run.cut
    number = bisect_right(cut.starts, run.offset + start) - 1
    word = cut.words[number]
    if end - start > 1:
        # 江汉区|里份: the breaker's first character ends a place
        return not (cut.tags[number] == "ns" and cut.starts[number] < run.offset + start)
    if cut.tags[number] in _WHOLE and len(word) > 1 and is_known(word):
        return False
    return not _is_in_village(run.text, start, end)


def _is_in_village(text: str, start: int, end: int) -> bool:
    """Whether a character is of a village's or town's name that the official division has (西留各庄村)."""
    rank = _VILLAGE_END.search(text, end, end + 4)
    return rank is not None and any(
        lower_codes(text[first : rank.start()])
        for first in range(max(0, start - 3), start + 1)
        if rank.start() - first > 1
    )


def _is_begun(run: _Run, hit: _Name, breaks: list[int], before: _Name | None) -> bool:
    """Finds where the name before a suffix begins, and sets it; False when there is no name."""
    suffix = _suffix(run, hit)
    if suffix.within and (_is_office(run, hit, before) or _is_department(run, hit, before)):
        return False
    if (
        run.before[-1:] in ("“", "「")
        and (run.text + run.after)[hit.end : hit.end + 1] in ("”", "」")
        and hit.end > 6
    ):
        hit.start = 0
        return _is_name(run, 0, hit)
    if hit.kind == "企业" and len(breaks) == 1 and _is_member(run, hit):
        hit.start = 0
        return True
    if (opening := _opening_of(run.text, hit)) >= 0:
        hit.start = opening
        return _is_name(run, opening, hit)
    start = _left_border(run, hit, breaks, before)
    if not _is_name(run, start, hit):
        start = _wider_border(run, hit, breaks, start)
    hit.start = start
    return start >= 0


def _is_member(run: _Run, hit: _Name) -> bool:
    """Whether a company of a list is named from its head to a place in brackets (、和优良品（苏州）公司)."""
    return run.before[-1:] == "、" and _PLACED_BRAND.match(run.text, 0, hit.form) is not None


def _opening_of(text: str, hit: _Name) -> int:
    """Where a name begins that a quotation inside the run holds whole (某社区“五线谱服务队”); else -1."""
    if text[hit.end : hit.end + 1] not in ("”", "」"):
        return -1
    opening = max(text.rfind("“", 0, hit.form), text.rfind("「", 0, hit.form))
    return (
        opening + 1 if opening >= 0 and not any(mark in text[opening + 1 : hit.end] for mark in "”」") else -1
    )


def _wider_border(run: _Run, hit: _Name, breaks: list[int], start: int) -> int:
    """A proper name may hold a character that else ends one (成都市爱有戏社区发展中心): -1 if it does not."""
    position = bisect_left(breaks, start)
    if not 0 < position < len(breaks) or breaks[position] != start:
        return -1
    wider = breaks[position - 1]
    if start - wider > MAX_NAME:
        return -1
    if hit.kind == "企业" and _is_of_business(run, start, hit):
        return wider if _is_name(run, wider, hit) else -1
    if (held := _held_brand(run, start, hit)) >= 0:
        return held
    if not _ends_in_one(run.text, start):
        return -1
    if _is_half(run, start, hit):
        return start - 1
    found = _patterns().place.spans(run.text, wider, start)
    if not found:
        return -1
    begin, end = found[-1]
    kinds = _patterns().kinds.search(run.text, start, hit.form)
    rest = run.text[end : kinds[0] if kinds else hit.form].lstrip("省市区县")
    if not 2 <= len(rest) <= 4 or rest[0] == "的" or is_known(rest):  # 四川的|蓝光集团
        return -1
    return begin if _is_name(run, begin, hit) else -1


def _is_of_business(run: _Run, start: int, hit: _Name) -> bool:
    """Whether the verb that ends here is a kind of work, and nothing but kinds of work follows it."""
    begin = _patterns().breaker.ends_at(run.text, start)
    word = run.text[begin:start] if begin >= 0 else ""
    return word in _BUSINESS and not _proper(run.text[start : hit.form])


def _held_brand(run: _Run, start: int, hit: _Name) -> int:
    """Where a place begins that a verb follows by which services are called (成都|聚力社工中心); else -1."""
    begin = _patterns().breaker.ends_at(run.text, start)
    if begin <= 0 or run.text[begin:start] not in _BRAND_VERBS or _proper(run.text[start : hit.form]):
        return -1
    place = _patterns().place.spans(run.text, max(0, begin - 6), begin)
    near = place and not run.text[place[-1][1] : begin].strip("省市区县")
    return place[-1][0] if near and hit.kind in _HALVED and _is_name(run, place[-1][0], hit) else -1


def _is_half(run: _Run, start: int, hit: _Name) -> bool:
    """Whether a breaker is half of a proper name, and the other half follows it (向|荣公益基金会)."""
    lead = run.text[start : hit.form]
    if _patterns().breaker.ends_at(run.text, start) != start - 1 or run.text[start - 1] not in _HALVES:
        return False
    if lead[:1] in _NO_HALF:
        return False
    if len(_without_kinds(lead)) != 1 or _without_kinds(lead) != lead[:1]:
        return False
    worked = len(lead) > 1 or hit.end - hit.form > 3  # 向荣公益|基金会, 从善|社工服务社
    return worked and _suffix(run, hit).kind in _HALVED and _is_name(run, start - 1, hit)


def _ends_in_one(text: str, end: int) -> bool:
    """Whether what ends before `end` and breaks names is one character, not a word or a count."""
    found = _patterns().breaker.spans(text, max(0, end - 6), end)
    return bool(found) and found[-1][1] - found[-1][0] == 1


def _is_department(run: _Run, hit: _Name, before: _Name | None) -> bool:
    """市住建局|物业管理处 is a department, which no text speaks of as an organisation."""
    if before is None or before.kind != "政府部门" or run.text[hit.end - 1] != "处":
        return False
    return not _proper(run.text[before.end : hit.form])


def _is_office(run: _Run, hit: _Name, before: _Name | None) -> bool:
    """民政局|党组|成员 is an office in the organisation, not an organisation of its own."""
    follows = (run.text + run.after)[hit.end : hit.end + 4]
    adjoins = before is not None and before.end == hit.form
    adjoins = adjoins or _patterns().suffix.ends_at(run.text, hit.form) >= 0  # 原|政协|党组
    holder = run.text[max(0, hit.form - 1) : hit.form]
    bare = holder in _HOLDERS and not _is_named_division(run, hit.form)
    if holder in _SCHOOLS and holder and run.text[hit.form : hit.end] in _OF_SCHOOLS:
        bare = _before(run, hit.form - 1) in _NO_SCHOOL
    return (adjoins or bare) and _OFFICE_OF_PARTY.match(follows) is not None


def _is_named_division(run: _Run, end: int) -> bool:
    """Whether a town or district with its name ends here (南区|党工委), not a level (村|党支部)."""
    number = bisect_left(run.cut.starts, run.offset + end) - 1
    if any(is_town(run.text[max(0, end - length) : end]) for length in (3, 4, 5)):
        return True
    if run.offset + end not in run.cut.index:
        return False
    return len(run.cut.words[number]) > 1 and run.cut.tags[number] == "ns"


def _suffix(run: _Run, hit: _Name) -> Suffix:
    return suffixes().get(run.text[hit.form : hit.end]) or association()[1]


def _hits(run: _Run) -> Iterator[_Name]:
    """Where a suffix stands that is not the beginning of a longer word."""
    known = suffixes()
    spans = list(run.forms)
    while spans:
        start, end = spans.pop(0)
        suffix: Suffix = known[run.text[start:end]]
        follows = (run.text + run.after)[end : end + 4]
        severed = run.text[end - 1] == "社" and follows[:1] in _OF_SHE
        severed = severed or (
            follows[:1] in suffix.verb and bool(follows) and not _is_located(run.text, start)
        )
        if severed or (suffix.not_before and suffix.not_before.match(follows)) or _STREET.match(follows):
            spans = _patterns().suffix.spans(run.text, start + 1)
        elif suffix.not_after is None or not suffix.not_after.search(run.text[max(0, start - 3) : start]):
            yield _Name(-1, start, end, suffix.kind)
        elif (inner := _patterns().suffix.spans(run.text, start + 1, end)) and inner[-1][1] == end:
            spans.insert(0, inner[-1])  # 社|区党委 is 社区|党委
    if "会" not in run.text:
        return
    pattern, suffix = association()
    for found in pattern.finditer(run.text):
        if not any(start < found.end() <= end for start, end in run.forms):
            yield _Name(-1, found.start(), found.end(), suffix.kind)


def _is_located(text: str, end: int) -> bool:
    """Whether a place stands in the few characters before a form that is a verb too (中国心理|学会|在京)."""
    return _patterns().place.search(text, max(0, end - MAX_BRANCH), end) is not None


def _listed(run: _Run) -> Iterator[_Name]:
    """Names of the list; short ones only where they are whole words."""
    for start, end in run.listed:
        if end - start <= SHORT_KNOWN and not _are_words(run, start, end):
            continue
        if run.text[end - 1] in "部局" and _NO_OFFICE.match((run.text + run.after)[end : end + 2]):
            continue
        kind = known_organisations()[run.text[start:end]]
        if kind in ("社会服务机构", "基金会", "社会团体"):
            # 武汉恩派
            lengths = (n for n in (4, 3, 2) if n <= start)
            start -= next((n for n in lengths if run.text[start - n : start].rstrip("省市") in places()), 0)
        branch = _COUNTRY_BRANCH.match(run.text, end) if kind == "企业" else None
        if branch:
            end = branch.end()
        yield _Name(start, start, end, kind, "organisation.listed")


def _are_words(run: _Run, start: int, end: int) -> bool:
    index = run.cut.index
    return run.offset + start in index and run.offset + end in index


def _left_border(run: _Run, hit: _Name, breaks: list[int], before: _Name | None) -> int:
    text, suffix = run.text, hit.form
    position = bisect_right(breaks, suffix)
    start = max(breaks[position - 1] if position else 0, suffix - MAX_NAME)
    if before is not None and start < before.end:
        if _one_name(run, before, hit):
            return _before_listed(run, start, before)
        start = before.end
        if _patterns().connective.match(text, start):
            start += 1
    for found in _patterns().connective.finditer(text, start, suffix):
        # a form may begin with a kind of work itself: 保护与服务中心
        joined = found.end() == suffix and _patterns().kinds.match(text, suffix)
        if (
            not joined
            and not _in_word(run, found.start())
            and not _begins_member(run, found.start(), hit.kind)
            and _parts_two_names(text[start : found.start()], text[found.end() : suffix])
        ):
            start = found.end()
    for sent in _SENT_TO.finditer(text, start, suffix):
        if sent.end() + 1 == suffix:
            start = sent.end()
    if text[start : start + 1] in ("（", "(") and (closing := _BRACKET.search(text, start, suffix)):
        start = closing.end()
    start = _behind_quotation(text, start, suffix)
    start = _behind_reference(run, start, suffix)
    start = _behind_words(run, start, hit)
    start = _at_town(run, _at_place(run, start, suffix))
    stationed = _STATIONED.search(text, 0, start) if text[start - 1 : start] == "驻" else None
    return stationed.start() if stationed else start


def _before_listed(run: _Run, start: int, before: _Name) -> int:
    """Where a name begins that begins with another: at the place before a listed one (成都|益众社区)."""
    if before.rule != "organisation.listed" or before.kind != "社会服务机构":
        return before.start
    place = _patterns().place.search(run.text, start, before.start)
    return place[0] if place and before.start - place[0] <= MAX_BRANCH else before.start


def _one_name(  # noqa: C901 - one rule a branch, in the order in which they win
    run: _Run, before: _Name, hit: _Name
) -> bool:
    """Whether the organisation before this suffix is a part of the same name (某某大学附属医院)."""
    if hit.form < before.end:
        return True
    between = run.text[before.end : hit.form]
    if not between and _OWN_LEVEL.fullmatch(run.text, hit.form, hit.end):
        return False
    if between.startswith(_UNDER):
        return False
    if between.startswith("驻") and run.text[hit.form : hit.end] in _OFFICES:
        return len(between) <= MAX_BRANCH  # 联合国儿童基金会|驻华|办事处
    if before.kind == hit.kind == "企业" and between in _REGISTERED:
        return True  # 光明乳业|股份|有限公司
    if before.kind == "学校" and (between == "校" or run.text[hit.form : hit.end] in _OF_STUDENTS):
        return len(between) <= MAX_BRANCH and not _BROKEN.search(between)
    if before.kind == hit.kind == "媒体" and not between and run.text[hit.form : hit.end].endswith("集团"):
        return True
    if before.kind == hit.kind == "媒体" or between.startswith(("驻", *words(_WORDS, "connectives"))):
        return False
    if not _proper(between):
        return True
    form = run.text[hit.form : hit.end]
    if (
        form == "委员会"
        and _OWN_LEVEL.search(run.text, before.start, before.end)
        and len(between) <= MAX_BRANCH
    ):
        return not _BROKEN.search(between)  # 临澜市委|城乡社区发展治理委员会
    # 某商会青年工作委员会, 国务院妇女儿童工作委员会
    if form == "委员会" and not _proper(between.removesuffix("工作")):
        return True
    if before.kind in _HAVE_BRANCHES and len(between) <= MAX_BRANCH and form in ("分会", "专委会"):
        return True
    holds = before.kind == "学校" and hit.kind == "学校"
    holds = holds or (before.kind in ("学校", "社会团体", "基金会") and hit.kind == "医疗")
    if holds and len(between) <= MAX_BRANCH and not between.startswith(_SEPARATE):
        return True
    if (
        before.kind == "学校"
        and form in _RESEARCH
        and len(between) <= MAX_BRANCH
        and not _BROKEN.search(between)
    ):
        return True
    bare = not _proper(_patterns().place.without(between).strip("省市区县州")) or between in short_codes()
    if bare or between in _patterns().levels:
        whole = run.text[before.start : before.end]
        return whole.startswith(_PARTY_LEAD) or (
            (before.kind in ("企业", "学校", "医疗", "社会团体") and _BRANCH.fullmatch(form) is not None)
            or (form in _FORCES and before.kind == "政府部门")
            or (form in _OFFICES and before.kind in _ANYWHERE and bool(between))
        )
    return False


def _parts_two_names(left: str, right: str) -> bool:
    """Whether a connective parts two names, rather than two kinds of work or two characters of one name."""
    if not left or forms().ends_at(left, len(left)) >= 0 or left in known_organisations():
        return True
    if not right:
        return len(left) > 1  # 敦和基金会, but 社会团体和基金会
    if not _proper(left):
        return bool(_proper(right))
    return len(_proper(right)) > 1


def _behind_quotation(text: str, start: int, suffix: int) -> int:
    """A quotation before the suffix is the proper name only when nothing but kinds of work stands between."""
    if not _CLOSING.search(text, start, suffix):
        return start
    quotation = max(text.rfind(mark, start, suffix) for mark in "”’」")
    opening = max(text.rfind(mark, start, quotation) for mark in "“‘「") if quotation >= 0 else -1
    if quotation >= 0 and _proper(text[quotation + 1 : suffix]):
        # 内江市“阳光驿站”|心理疏导志愿服务队
        placed = opening > start and _DIVISION_END.search(text[start:opening])
        return start if placed and suffix - quotation <= MAX_BRANCH + 1 else quotation + 1
    if opening > start and not _DIVISION_END.search(text[start:opening]) and not _proper(text[start:opening]):
        return opening
    return start


def _behind_reference(run: _Run, start: int, suffix: int) -> int:
    if run.text[start - 1 : start] in ("该", "本", "我") and start:
        referred = _REFERRED.match(run.text, start, suffix)
        if referred:
            return referred.end()
    return start


def _behind_words(run: _Run, start: int, hit: _Name) -> int:
    """Moves the border behind the last word that is no part of a name, if a name is left.

    爱心|传递|社会工作|服务中心 keeps its verb: behind it stand only kinds of work.
    """
    cut, offset = run.cut, run.offset
    number = bisect_right(cut.starts, offset + hit.form) - 1
    while number >= 0 and cut.starts[number] >= offset + start:
        word, tag = cut.words[number], cut.tags[number]
        end = cut.starts[number + 1] - offset
        if (
            end <= hit.form
            and len(word) > 1
            and tag in _SOFT
            and word not in _patterns().kinds
            and is_known(word)
            and not _is_place(cut, number)
            and not _follows_place(run, number, start)
            and run.text[end] not in "（(村镇乡"
            and _is_name(run, end, hit)
        ):
            return end
        number -= 1
    return start


def _follows_place(run: _Run, number: int, start: int) -> bool:
    """Whether a place stands right before a word, inside the run: 中国|出生|缺陷|干预."""
    cut = run.cut
    return number > 0 and cut.starts[number - 1] >= run.offset + start and _is_place(cut, number - 1)


def _begins_member(run: _Run, at: int, kind: str) -> bool:
    """Whether 和 at a run's head is of the name: behind 、 and before no word (、和盛餐饮管理有限公司)."""
    if at or run.before[-1:] != "、":
        return False
    follows = run.text[1:3]
    if follows[:1] in _patterns().levels or _patterns().place.match(run.text, 1):
        return False
    return kind == "企业" or not is_known(follows)


def _in_word(run: _Run, at: int) -> bool:
    """Whether a character of a run is the first of a longer word, or one of a place name (和谐, 和田)."""
    cut = run.cut
    number = bisect_right(cut.starts, run.offset + at) - 1
    if len(cut.words[number]) < 2:
        return False
    begins = cut.starts[number] == run.offset + at and is_known(cut.words[number])
    return begins or cut.tags[number] in ("ns", "nt")


def _is_place(cut: Words, number: int) -> bool:
    word = cut.words[number]
    if cut.tags[number] == "ns" or word in _patterns().place:
        return True
    return len(word) > 1 and _DIVISION_END.search(word) is not None


def _at_town(run: _Run, start: int) -> int:
    """Behind a verb that a town follows (宣传|凤凰山街道社工站), else `start` as it is."""
    number = run.cut.index.get(run.offset + start)
    if number is None or run.cut.tags[number] not in ("v", "vn") or not is_known(run.cut.words[number]):
        return start
    end = run.cut.starts[number + 1] - run.offset
    return end if begins_with_town(run.text[end : end + MAX_BRANCH]) else start


def _at_place(run: _Run, start: int, suffix: int) -> int:
    """Moves the border to the first place when what stands before is no part of a name."""
    text = run.text
    if _patterns().place.match(text, start, suffix):
        return start
    found = _patterns().place.search(text, start + 1, suffix)
    if found is not None and not _patterns().suffix.search(text, start, found[0]):
        lead = text[start : found[0]]
        open_ = _DIVISION_END.search(lead) or _patterns().place.match(lead)
        if lead.endswith(_PARTY_LEAD):
            return start + max(lead.rfind(one) for one in _PARTY_LEAD)
        if not open_ and not lead.endswith(tuple('“"‘「（(')) and _is_plain(run, start, found[0]):
            return found[0]
    return start


def _is_plain(run: _Run, start: int, end: int) -> bool:
    """Whether a stretch is everyday words, not a name that a place may stand behind (国网沈阳供电公司)."""
    cut = run.cut
    first, last = run.offset + start, run.offset + end
    if last not in cut.index:
        return end - start == 1
    number = bisect_left(cut.starts, first)
    if cut.starts[number] != first:
        return end - start == 1
    return all(is_known(word) for word in cut.words[number : cut.index[last]] if word.strip())


@lru_cache(maxsize=20_000)
def _proper(part: str) -> str:
    """What is left of a part of a name without kinds of work, connectives and marks."""
    return _NOT_PROPER.sub("", _patterns().connective.sub("", _patterns().kinds.without(part)))


@lru_cache(maxsize=20_000)
def _without_kinds(lead: str) -> str:
    """A lead without kinds of work and marks."""
    return _NOT_PROPER.sub("", _patterns().kinds.without(lead))


def _is_balanced(name: str) -> bool:
    if not _MARKS.search(name):
        return True
    pairs = (("“", "”"), ("（", "）"), ("(", ")"), ("‘", "’"), ("「", "」"))
    return all(name.count(opening) == name.count(closing) for opening, closing in pairs)


def _is_name(run: _Run, start: int, hit: _Name) -> bool:
    name, lead = run.text[start : hit.end], run.text[start : hit.form]
    if not lead:
        return _OWN_LEVEL.fullmatch(name) is not None
    if len(name) > MAX_NAME or not _is_balanced(name) or lead.startswith(("驻", "(", "（")):
        return False
    if _SEVERAL_LEVELS.search(lead) or (name.endswith(_STATIONS) and lead in places()):
        return False
    known = _suffix(run, hit)
    if len(lead) == 1 and _before(run, start) in (_NO_SCHOOL if lead in _SCHOOLS else _EACH):
        return False  # 各|区教育局, 该|校团委
    if len(lead) < known.min_lead and lead not in _patterns().levels:
        return False
    if known.kind in _LOCAL and lead in ("社区", "街道", "村"):
        return False
    if lead in (_patterns().levels if known.bare else ()) or (known.kind == "党群" and lead in _SCHOOLS):
        return True
    if known.kind == "媒体" and len(lead) >= 2:
        return True
    if known.placed and not _is_placed(run, start, hit):
        return False
    if known.weak and not _is_distinct(run, start, hit):
        return False
    if lead.startswith("国际") and not _proper(lead[2:]):
        return len(lead) >= 4
    # a connective may be half of a short proper name (敦和)
    return _names_something(run, start, hit)


def _names_something(run: _Run, start: int, hit: _Name) -> bool:
    """Whether more than kinds of work stands before a form."""
    known = _suffix(run, hit)
    lead = run.text[start : hit.form]
    proper = _without_kinds(lead)
    general = known.kind == "党群" and lead in _general()
    general = general or (run.text[hit.form : hit.end] == "基金会" and lead in places())  # 中国|基金会
    if general or _is_form(_proper(lead)) or _is_form(lead.rstrip("和与及")):
        return False  # 学校|团委, 行业协会|商会, 业委会和物业|公司
    if start and _UNNAMED.search(run.text, max(0, start - 3), start) and _is_everyday(run, start, hit):
        return False
    if len(proper) >= 2:
        if proper in _DAYS and known.kind in ("学校", "医疗"):
            return True  # 八一儿童医院
        return proper not in lead or not _is_description(run, start + lead.index(proper), proper)
    if lead[:1] == proper and begins_with_town(lead):
        return True  # 三乡镇|人大: a kind of work in the name of a place
    return len(lead) >= 3 and proper in _patterns().levels and _before(run, start) not in ("我", "本", "全")


def _before(run: _Run, start: int) -> str:
    """The character before a name."""
    return run.text[start - 1] if start else run.before[-1:]


def _is_placed(run: _Run, start: int, hit: _Name) -> bool:
    """Whether a place, a level or another organisation is in what stands before the suffix."""
    lead = run.text[start : hit.form]
    if lead.startswith(tuple(_patterns().levels)) or _patterns().place.search(lead):
        return True
    if lead[:2] in short_codes() or lead[:3] in short_codes():
        return True
    if any(ending.end() > 1 for ending in re.finditer("省|市|区|县|镇|乡|街道?|村", lead)):
        return True
    return _patterns().suffix.search(lead) is not None or _patterns().listed.search(lead) is not None


def _is_distinct(run: _Run, start: int, hit: _Name) -> bool:
    """Whether more than everyday words stand before a weak suffix: a place, a quotation, a new word."""
    lead = run.text[start : hit.form]
    if lead.endswith(("”", "’", "」", "）", ")")):
        return True
    first, last = run.offset + start, run.offset + hit.form
    cut = run.cut
    if last not in cut.index or not _is_cut_well(cut, first):
        return True
    if run.text[hit.form : hit.end] == "集团" and cut.index.get(first) == cut.index[last] - 1:
        return cut.tags[cut.index[first]][:1] == "n"  # 蓝光|集团
    single = 0
    for number in range(bisect_left(cut.starts, first), cut.index[last]):
        word, tag = cut.words[number], cut.tags[number]
        single = single + 1 if len(word) == 1 and tag not in _SOFT else 0
        if word in _NATIONAL:
            continue
        if tag in _DISTINCT or single > 1 or not is_known(word) or word in places():
            return True
    return _patterns().suffix.search(lead) is not None


def _is_form(part: str) -> bool:
    """Whether a part of a name is a form alone, which is no name: not 县委, 国务院."""
    return part in suffixes() and part not in known_organisations() and not _OWN_LEVEL.fullmatch(part)


@cache
def _general() -> frozenset[str]:
    """Institutions in general, whose parts have no name."""
    return frozenset(words(_WORDS, "common_members")) - _patterns().levels


def _is_cut_well(cut: Words, place: int) -> bool:
    """Whether a word begins here, or one of the dictionary goes over it: not 从广汽|集团."""
    return place in cut.index or is_known(cut.words[bisect_right(cut.starts, place) - 1])


def _is_everyday(run: _Run, start: int, hit: _Name) -> bool:
    """Whether nothing but everyday words stands before a form (首家|民营企业慈善|基金会)."""
    cut = run.cut
    first, last = cut.index.get(run.offset + start), cut.index.get(run.offset + hit.form)
    if first is None or last is None:
        return False
    return all(
        is_known(word) and (tag not in _DISTINCT or word in _patterns().kinds)
        for word, tag in zip(cut.words[first:last], cut.tags[first:last], strict=True)
    )


def _is_description(run: _Run, start: int, proper: str) -> bool:
    """Whether one everyday word that is no noun is all that names (一线, 优秀)."""
    cut = run.cut
    number = cut.index.get(run.offset + start)
    return (
        number is not None
        and cut.words[number] == proper
        and cut.tags[number] in _PLAIN
        and proper not in _patterns().levels
        and proper not in _patterns().regions
        and start == 0
        and cut.tags[number] not in ("v", "vn")
    )
