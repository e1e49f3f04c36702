"""Whether what was found is a name: more than kinds of work, everyday words or an office."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import Final

from pipelines.entities.divisions import short_codes
from pipelines.entities.lexicon import known_organisations, places, suffixes, words
from pipelines.entities.organisation_places import begins_with_town, is_town
from pipelines.entities.organisation_runs import (
    MAX_NAME,
    OWN_LEVEL,
    Candidate,
    Run,
    character_before,
    patterns,
    proper_part,
    suffix_of,
    without_kinds,
)
from pipelines.entities.segmentation import Words, is_known

# classes of words that are no part of a name unless they are kinds of work
SOFT_CLASSES: Final = frozenset(
    ("v", "vd", "d", "ad", "p", "r", "t", "c", "f", "i", "z", "y", "u", "uj", "ul", "uz", "m")
)
_WORDS: Final = "organisation_words.toml"
_MARKS = re.compile("[“”（）()‘’「」]")
# classes of words that are no everyday ones: names, abbreviations, foreign words
_DISTINCT: Final = frozenset(("ns", "nz", "nr", "nrt", "nt", "eng", "j"))
_NATIONAL: Final = frozenset(("全国", "国家", "我国", "国内", "国外"))
_PLAIN: Final = frozenset(
    ("a", "b", "m", "d", "f", "t", "r", "q", "s", "v", "vn", "ad", "an", "l", "i", "p", "c", "u")
)
# short for a school or a hospital before its party and unions: 校|团委
_SCHOOLS: Final = frozenset("校院")
_OF_SCHOOLS: Final = frozenset(("团委", "党委", "工会"))
_EACH: Final = frozenset("各")
_NO_SCHOOL: Final = frozenset("该本此各全高学贵两")
# days that schools and hospitals are called after
_DAYS: Final = frozenset(("八一", "五四", "五一", "三八", "七一", "十一"))
# of which every community has one: 社区|卫生服务站
_LOCAL: Final = frozenset(("医疗", "社会服务机构", "学校"))
_SEVERAL_LEVELS = re.compile("[省市区县州][（(][省市区县州]+[）)]")  # 市（州）|文明办
_STATIONS: Final = ("服务点", "服务站", "工作站", "服务部")  # 四川|服务点 of whoever
# what follows is counted or pointed at, and seldom called by its name
_UNNAMED = re.compile("首家|一家|首个|一个|[这那此该]次|多家|这家|那家|第[一二三]家|唯一")
# what parties and unions are in, when it has no name of its own
_HOLDERS: Final = frozenset(("村", "市", "县", "区", "镇", "乡", "校", "院", "局", "该", ""))
_OFFICE_OF_PARTY = re.compile("书记|副书记|成员|委员|主席|副主席|支部书记|班子")


def is_name(run: Run, start: int, hit: Candidate) -> bool:
    """Whether a candidate that begins at `start`, an offset into the run, is an organisation's name."""
    name, lead = run.text[start : hit.end], run.text[start : hit.form]
    if not lead:
        return OWN_LEVEL.fullmatch(name) is not None
    if len(name) > MAX_NAME or not _is_balanced(name) or lead.startswith(("驻", "(", "（")):
        return False
    if _SEVERAL_LEVELS.search(lead) or (name.endswith(_STATIONS) and lead in places()):
        return False
    known = suffix_of(run, hit)
    if len(lead) == 1 and character_before(run, start) in (_NO_SCHOOL if lead in _SCHOOLS else _EACH):
        return False  # 各|区教育局, 该|校团委
    if len(lead) < known.min_lead and lead not in patterns().levels:
        return False
    if known.kind in _LOCAL and lead in ("社区", "街道", "村"):
        return False
    if lead in (patterns().levels if known.bare else ()) or (known.kind == "党群" and lead in _SCHOOLS):
        return True
    if known.kind == "媒体" and len(lead) >= 2:
        return True
    if known.placed and not _is_placed(run, start, hit):
        return False
    if known.weak and not _is_distinct(run, start, hit):
        return False
    if lead.startswith("国际") and not proper_part(lead[2:]):
        return len(lead) >= 4
    # a connective may be half of a short proper name (敦和)
    return _names_something(run, start, hit)


def _names_something(run: Run, start: int, hit: Candidate) -> bool:
    """Whether more than kinds of work stands before a form."""
    known = suffix_of(run, hit)
    lead = run.text[start : hit.form]
    proper = without_kinds(lead)
    general = known.kind == "党群" and lead in _general()
    general = general or (run.text[hit.form : hit.end] == "基金会" and lead in places())  # 中国|基金会
    if general or _is_form(proper_part(lead)) or _is_form(lead.rstrip("和与及")):
        return False  # 学校|团委, 行业协会|商会, 业委会和物业|公司
    if start and _UNNAMED.search(run.text, max(0, start - 3), start) and _is_everyday(run, start, hit):
        return False
    if len(proper) >= 2:
        if proper in _DAYS and known.kind in ("学校", "医疗"):
            return True  # 八一儿童医院
        return proper not in lead or not _is_description(run, start + lead.index(proper), proper)
    if lead[:1] == proper and begins_with_town(lead):
        return True  # 三乡镇|人大: a kind of work in the name of a place
    return (
        len(lead) >= 3
        and proper in patterns().levels
        and character_before(run, start) not in ("我", "本", "全")
    )


def _is_balanced(name: str) -> bool:
    if not _MARKS.search(name):
        return True
    pairs = (("“", "”"), ("（", "）"), ("(", ")"), ("‘", "’"), ("「", "」"))
    return all(name.count(opening) == name.count(closing) for opening, closing in pairs)


def _is_placed(run: Run, start: int, hit: Candidate) -> bool:
    """Whether a place, a level or another organisation is in what stands before the suffix."""
    lead = run.text[start : hit.form]
    if lead.startswith(tuple(patterns().levels)) or patterns().place.search(lead):
        return True
    if lead[:2] in short_codes() or lead[:3] in short_codes():
        return True
    if any(ending.end() > 1 for ending in re.finditer("省|市|区|县|镇|乡|街道?|村", lead)):
        return True
    return patterns().suffix.search(lead) is not None or patterns().listed.search(lead) is not None


def _is_distinct(run: Run, start: int, hit: Candidate) -> bool:
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
        single = single + 1 if len(word) == 1 and tag not in SOFT_CLASSES else 0
        if word in _NATIONAL:
            continue
        if tag in _DISTINCT or single > 1 or not is_known(word) or word in places():
            return True
    return patterns().suffix.search(lead) is not None


def _is_form(part: str) -> bool:
    """Whether a part of a name is a form alone, which is no name: not 县委, 国务院."""
    return part in suffixes() and part not in known_organisations() and not OWN_LEVEL.fullmatch(part)


@cache
def _general() -> frozenset[str]:
    """Institutions in general, whose parts have no name."""
    return frozenset(words(_WORDS, "common_members")) - patterns().levels


def _is_cut_well(cut: Words, place: int) -> bool:
    """Whether a word begins here, or one of the dictionary goes over it: not 从广汽|集团."""
    return place in cut.index or is_known(cut.words[cut.holding(place)])


def _is_everyday(run: Run, start: int, hit: Candidate) -> bool:
    """Whether nothing but everyday words stands before a form (首家|民营企业慈善|基金会)."""
    cut = run.cut
    first, last = cut.index.get(run.offset + start), cut.index.get(run.offset + hit.form)
    if first is None or last is None:
        return False
    return all(
        is_known(word) and (tag not in _DISTINCT or word in patterns().kinds)
        for word, tag in zip(cut.words[first:last], cut.tags[first:last], strict=True)
    )


def _is_description(run: Run, start: int, proper: str) -> bool:
    """Whether one everyday word that is no noun is all that names (一线, 优秀)."""
    cut = run.cut
    number = cut.index.get(run.offset + start)
    return (
        number is not None
        and cut.words[number] == proper
        and cut.tags[number] in _PLAIN
        and proper not in patterns().levels
        and proper not in patterns().regions
        and start == 0
        and cut.tags[number] not in ("v", "vn")
    )


def is_department(run: Run, hit: Candidate, before: Candidate | None) -> bool:
    """市住建局|物业管理处 is a department, which no text speaks of as an organisation."""
    if before is None or before.kind != "政府部门" or run.text[hit.end - 1] != "处":
        return False
    return not proper_part(run.text[before.end : hit.form])


def is_office(run: Run, hit: Candidate, before: Candidate | None) -> bool:
    """民政局|党组|成员 is an office in the organisation, not an organisation of its own."""
    follows = (run.text + run.after)[hit.end : hit.end + 4]
    adjoins = before is not None and before.end == hit.form
    adjoins = adjoins or patterns().suffix.ends_at(run.text, hit.form) >= 0  # 原|政协|党组
    holder = run.text[max(0, hit.form - 1) : hit.form]
    bare = holder in _HOLDERS and not _is_named_division(run, hit.form)
    if holder in _SCHOOLS and holder and run.text[hit.form : hit.end] in _OF_SCHOOLS:
        bare = character_before(run, hit.form - 1) in _NO_SCHOOL
    return (adjoins or bare) and _OFFICE_OF_PARTY.match(follows) is not None


def _is_named_division(run: Run, end: int) -> bool:
    """Whether a town or district with its name ends here (南区|党工委), not a level (村|党支部)."""
    number = bisect_left(run.cut.starts, run.offset + end) - 1
    if any(is_town(run.text[max(0, end - length) : end]) for length in (3, 4, 5)):
        return True
    if run.offset + end not in run.cut.index:
        return False
    return len(run.cut.words[number]) > 1 and run.cut.tags[number] == "ns"
