"""Who is what where: a person, an organisation, and the words of the role with their offsets.

A role stands before the name (中心负责人马连平), behind it (叶皆成科长), in
brackets behind it, or after a verb (是某协会会长, 当选为会长). Its organisation
is the one that the role follows, one that is referred to (该中心), or, for
offices that only organisations have, the last one spoken of that can have it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from pipelines.entities.lexicon import HAN, WordSet, alternatives, suffixes, words
from pipelines.models import Mention, Role

MAX_ROLE: Final = 24  # characters between an organisation and the name
MAX_CHAINED: Final = 4  # offices of one person before the one that stands right before the name
REACH: Final = 600  # characters back to an organisation that an office belongs to
_WORDS: Final = "person_words.toml"
_SOCIAL: Final = frozenset(("基金会", "社会团体", "社会服务机构"))

_STOP = re.compile(r"[。；;！!？?\n]")
_BREAK = re.compile(r"[，,。；;！!？?\n：:“”（）()]")
_BETWEEN_NAMES = re.compile(r"\s*(?:、|和|与|及|以及|,|，| |\u3000)\s*")
_LEADING = re.compile(rf"^.*(?:的|之)(?=[{HAN}])|^(?:一名|一位|这名|那位|原|时任|现任|前|新任|年轻|老)+|^\s+")
_COPULA = re.compile(
    r"(?:同志)?(?:[（(][^（）()]{1,16}[）)])?[，,]?(?:(?:男|女|汉族|今年|现年)?[^，,。；;\n]{0,10}[，,])?"
    r"(?:(?:曾|原|也|还|又|同时|既|现|正|都|就|均|本来|原来|不仅)*)"
    r"(?:是|系|为|任|担任|出任|当选为?|现任|曾任|时任|兼任|来自|作为|就职于|供职于|任职于|受聘为|入职)?"
    r"(?:来自|隶属|驻点在[^，。]{1,12}的)?(?:了|过)?(?:新一届|第[一二三四五六七八九十]{1,3}届)?"
)
_COUNT = r"(?:的|之)?(?:一名|一位|名|位|首任|新任|[^，,。；;、\n]{0,8}的)?"
# each way begins with a character of its own: that is what is looked for first
_PRONOUN = re.compile(
    r"这位[^，,。；;\n]{0,14}[，,]?(?:就)?是|又担任|也担任|还担任|他(?:们)?[^，,。；;\n]{0,6}(?:是|任|担任|兼任)"
    r"|她(?:们)?[^，,。；;\n]{0,6}(?:是|任|担任|兼任)|也是|还是|又是"
)
_APPOINTED = re.compile(
    r"(?:[（(][^（）()]{1,12}[）)])?(?:同志)?(?:全票|正式|再次|高票|连任)?(?:分别|当选|被选)?(?:为|任|担任|出任|当选为?)"
)
# titles that are verbs as well: 某某代表中心致辞
_VERB_TOO = re.compile(rf"(?:代表|编辑|导演|领队|主持)(?=[{HAN}])|[{HAN}]{{1,6}}们")
# any other word for what somebody does (理发师, 电焊工)
_OCCUPATION = re.compile(
    rf"(?:^|(?<=[，,。；;！!？?\n：:“”（(、的名位岁]))[{HAN}]{{1,4}}(?:师|员|工|手|家|匠|民|妇|主|户|官)$"
    r"|(?:大学生|研究生|留学生|毕业生|高中生|初中生|单亲妈妈|队友|战友|邻居|村官)$"
)


@cache
def _reference() -> re.Pattern[str]:
    """An organisation that is referred to by its form, right before an office (该中心|主任)."""
    words_ = alternatives([*words(_WORDS, "referred_forms"), *words(_WORDS, "referred_forms_before_offices")])
    short = "".join(words(_WORDS, "referred_characters"))
    return re.compile(rf"(?:该|本|我|这家|这个)?({words_}|(?<=[该我本])[{short}])$")


@cache
def _referred() -> re.Pattern[str]:
    """One that a part of it stands behind (该院|儿童福利研究中心主任)."""
    forms, short = (
        alternatives(words(_WORDS, "referred_forms")),
        "".join(words(_WORDS, "referred_characters")),
    )
    return re.compile(rf"[该本我]({forms}|[{short}])(?=[{HAN}]{{2,}})(?!.*[，,。；;！!？?\n：:（(])")


@cache
def _heads() -> str:
    return alternatives(words(_WORDS, "roles"))


@cache
def _head_words() -> WordSet:
    return WordSet(words(_WORDS, "roles"))


@cache
def _modifiers() -> str:
    return alternatives(words(_WORDS, "role_modifiers"))


@cache
def _role_end() -> re.Pattern[str]:
    """A chain of offices that ends where the name begins: 党组成员、副局长, 理事长兼秘书长."""
    unit = rf"(?:{_modifiers()})*(?:{_heads()})"
    return re.compile(rf"(?:{unit}(?:[、兼和/ ]|暨)+){{0,4}}{unit}[ \u3000：:“]{{0,2}}$")


@cache
def _ends_in_head() -> re.Pattern[str]:
    return re.compile(rf"(?:{_heads()}|[{HAN}]{{1,3}}[长员师官])[ \u3000：:“]{{0,2}}$")


@cache
def _role_start() -> re.Pattern[str]:
    unit = rf"(?:{_modifiers()})*(?:{_heads()})"
    return re.compile(rf"{unit}(?:兼{unit}){{0,3}}")


@cache
def _counted_role() -> re.Pattern[str]:
    return re.compile(
        rf"{_COUNT}([^，,。；;、：:（）()\n]{{0,12}}?(?:{_heads()})(?!会(?![议场]))"
        rf"(?:[、兼](?:{_modifiers()})*(?:{_heads()}))*)"
    )


@cache
def _byline_role() -> re.Pattern[str]:
    return re.compile(alternatives(words(_WORDS, "byline_roles")))


@cache
def _loose() -> frozenset[str]:
    """Roles that need no organisation (村民, 志愿者): none is guessed for them."""
    return frozenset(words(_WORDS, "roles_of_anybody"))


@dataclass(slots=True)
class _Text:
    text: str
    people: list[Mention]
    organisations: list[Mention]
    ends: list[int]
    starts: list[int]
    people_starts: list[int]
    named: Counter[str]

    def organisation_before(self, place: int) -> Mention | None:
        """The last organisation that ends at or before `place`."""
        number = bisect_left(self.ends, place + 1) - 1
        return self.organisations[number] if number >= 0 else None

    def organisation_at(self, place: int) -> Mention | None:
        """The organisation that begins at `place`."""
        number = bisect_left(self.starts, place)
        if number < len(self.starts) and self.starts[number] == place:
            return self.organisations[number]
        return None

    def organisation_after(self, place: int) -> Mention | None:
        """The first organisation that begins at or behind `place`."""
        number = bisect_left(self.starts, place)
        return self.organisations[number] if number < len(self.starts) else None


_APPOSED = re.compile(f"[，,](?:[男女][，,])?(?:[{HAN}]{{2,5}}[人族][，,])?")
_CAPACITY = re.compile("作为")
_CLOSING: Final = ("", "。", "\n", "；", "，", ",", "、")
_CHAINING: Final = frozenset("、，兼暨,")
# 心脏外科主任, 护士长
_CLINICAL = re.compile("[内外儿骨眼产妇]科|护士长|医师|护理部")
_JOINED = re.compile("、|以及|和|与|及|，|,")
_SECTION = re.compile("[^、]{1,6}[部处科室]")  # 项目部|专员


def find_roles(text: str, people: Sequence[Mention], organisations: Sequence[Mention]) -> list[Role]:
    """The roles of the people in `people`; both lists are in order and do not overlap."""
    given = _Text(
        text,
        list(people),
        list(organisations),
        [m.end for m in organisations],
        [m.start for m in organisations],
        [m.start for m in people],
        Counter(m.name for m in organisations),
    )
    roles: list[Role] = []
    shared: list[Role] = []
    addressed: Role | None = None  # that of the person before, when it stands behind the name
    for number, person in enumerate(given.people):
        previous = given.people[number - 1] if number else None
        if person.rule == "person.byline":
            shared = list(_in_byline(given, person))
        else:
            joined = previous is not None and _BETWEEN_NAMES.fullmatch(text, previous.end, person.start)
            before = list(_before(given, person, previous))
            before = [_joined(given, role, previous, shared) for role in before]
            shared = before if before or not joined else [_for_other(role, person) for role in shared]
            behind = list(_behind(given, person, number))
            if _is_listed(given, addressed, person):
                behind = [_of_same(role, addressed) for role in behind]
            addressed = next((role for role in behind if role.rule == "role.behind"), None)
            roles += behind
        roles += shared
    roles += _of_pronouns(given)
    roles += _in_capacity(given)
    unique = {(r.person, r.organisation, r.start, r.person_start): r for r in roles}
    return sorted(unique.values(), key=lambda r: (r.person_start, r.start))


def _is_listed(given: _Text, addressed: Role | None, person: Mention) -> bool:
    """Whether nothing but a 、 stands between the office of the person before and this one's name."""
    return addressed is not None and given.text[addressed.end : person.start] == "、"


def _of_same(role: Role, addressed: Role | None) -> Role:
    """The role with the organisation of the one before (市民政局何青局长、林晓岚|副局长)."""
    if role.rule != "role.behind" or role.organisation or addressed is None or role.role in _loose():
        return role
    return replace(role, organisation=addressed.organisation)


def _for_other(role: Role, person: Mention) -> Role:
    return Role(person.name, role.organisation, role.role, role.start, role.end, person.start, "role.shared")


def _joined(given: _Text, role: Role, previous: Mention | None, others: Sequence[Role]) -> Role:
    """The role with the organisation of the person it is joined to (某某医院主任邢某和护士长|鲍某)."""
    if previous is None or not others or role.role in _loose():
        return role
    joined = _JOINED.match(given.text, previous.end)
    if joined is None or joined.end() != role.start:
        return role
    # 局长何青，副局长|林晓岚: nothing but an office stands between, and another one may be spoken of more
    if role.organisation and role.rule != "role.context":
        return role
    if (role.organisation or joined.group() in "，,") and not _is_below(role.role, others[-1].role):
        return role
    return replace(role, organisation=others[-1].organisation)


def _is_below(role: str, other: str) -> bool:
    """Whether an office is one of those under another in one organisation (局长, 副局长; 主任, 助理)."""
    return role.startswith(("副", "助理", "秘书")) or _SECTION.match(role) is not None or role == other


def _role(
    given: _Text, person: Mention, organisation: Mention | None, span: tuple[int, int], rule: str
) -> Role | None:
    start, end = span
    while end > start and given.text[end - 1] in " \u3000：:“、，":
        end -= 1
    while start < end and given.text[start] in " \u3000：:“、，”":
        start += 1
    if start == end:
        return None
    name = organisation.name if organisation else ""
    return Role(person.name, name, given.text[start:end], start, end, person.start, rule)


def _last(found: Iterator[re.Match[str]]) -> re.Match[str] | None:
    last = None
    for match in found:
        last = match
    return last


# --- bylines ---


def _in_byline(given: _Text, person: Mention) -> Iterator[Role]:
    text = given.text
    line = text.rfind("\n", 0, person.start) + 1
    found = _last(_byline_role().finditer(text, max(line, person.start - 60), person.start))
    if found is None:
        after = re.compile(r"[ \u3000]?(摄影报道|摄影|摄|文/图|供图)").match(text, person.end)
        if after and (role := _role(given, person, None, after.span(1), "role.byline")):
            yield role
        return
    medium = given.organisation_before(found.start())
    own = text[max(line, found.start() - 3) : found.start()]
    ours = re.search("本[报网台刊社]|[Oo]wn", own) is not None
    if medium is not None and (medium.start < line or medium.type != "媒体" or ours):
        medium = None
    if role := _role(given, person, medium, found.span(), "role.byline"):
        yield role


# --- before the name ---


def _before(given: _Text, person: Mention, previous: Mention | None) -> Iterator[Role]:
    text = given.text
    stop = _stop(text, person.start)
    floor = previous.end if previous else 0
    title = _role_start().match(text, floor, stop) if previous else None
    floor = title.end() if title and title.end() < stop else floor
    floor = max(floor, stop - 60)
    organisation = given.organisation_before(stop)
    adjacent = (
        organisation is not None
        and organisation.end >= floor
        and stop - organisation.end <= MAX_ROLE
        and not re.search(r"[，,。；;！!？?\n）)]", text[organisation.end : stop].lstrip("）)”"))
    )
    if adjacent and organisation is not None:
        between = text[organisation.end : stop]
        if _ends_in_head().search(between):
            lead = _LEADING.match(between)
            start = organisation.end + (lead.end() if lead and lead.end() < len(between) - 1 else 0)
            start += len(text[start:stop]) - len(text[start:stop].lstrip("）)”"))
            if role := _role(given, person, organisation, (start, stop), "role.before"):
                yield role
            yield from _chained(given, person, organisation)
            return
    chain = _role_end().search(text, max(floor, stop - 40), stop) if _has_head(text, stop) else None
    if chain is None:
        noun = _OCCUPATION.search(text, max(floor, stop - 5), stop)
        if noun is None:
            return
        start = noun.start()
        if text[start - 1 : start] == "、" and _has_head(text, start - 1):
            start = _head_words().ends_at(text, start - 1)  # 志愿者、个体运输户
        if role := _role(given, person, None, (start, noun.end()), "role.before"):
            yield role
        return
    referred = _referred().search(text, max(floor, stop - MAX_ROLE), chain.end())
    if referred and (owner := _last_named(given, referred.start(), referred[1])):
        if role := _role(given, person, owner, (referred.end(), stop), "role.reference"):
            yield role
        return
    yield from _linked(given, person, chain.start())
    owner, start = _owner(given, chain.start(), text[chain.start() : stop].strip(" \u3000：:“"))
    if role := _role(given, person, owner, (start, stop), "role.before" if owner is None else "role.context"):
        yield role


def _linked(given: _Text, person: Mention, start: int) -> Iterator[Role]:
    """发起人是|企业家某某: the office that is linked to what stands before the name."""
    stop = _stop(given.text, start)
    linked = stop < start and _has_head(given.text, stop)
    office = _role_end().search(given.text, max(0, stop - MAX_ROLE), stop) if linked else None
    if office is not None:
        owner, begin = _owner(given, office.start(), office.group())
        if role := _role(given, person, owner, (begin, stop), "role.copula"):
            yield role


def _has_head(text: str, stop: int) -> bool:
    """Whether a role ends here or two marks before, which is looked up before its chain is read."""
    for _ in range(2):
        if text[stop - 1 : stop] in _ROLE_MARKS:
            stop -= 1
    return _head_words().ends_at(text, stop) >= 0


_ROLE_MARKS: Final = frozenset(" \u3000：:“")
_LINK = re.compile("(?:为|是|系|由|叫)$")


def _stop(text: str, start: int) -> int:
    """Where the words before a name end, without what links an office to it (理事长|为某某)."""
    link = _LINK.search(text, max(0, start - 1), start)
    return start - 1 if link and _ends_in_head().search(text, max(0, start - 20), start - 1) else start


def _chained(given: _Text, person: Mention, organisation: Mention) -> Iterator[Role]:
    """县政协副主席、县教育基金会理事长某某: the offices before the 、 are the same person's."""
    text = given.text
    for _ in range(MAX_CHAINED):
        if text[max(0, organisation.start - 1) : organisation.start] not in _CHAINING:
            return
        end = organisation.start - 1
        other = given.organisation_before(end)
        if not _may_chain(given, other, end):
            yield from _referred_office(given, person, end)
            return
        assert other is not None
        if role := _role(given, person, other, (other.end, end), "role.chained"):
            yield role
        organisation = other


def _referred_office(given: _Text, person: Mention, end: int) -> Iterator[Role]:
    """总会副会长、某某医院总经理: the first office is in an organisation that is referred to."""
    chain = _role_end().search(given.text, max(0, end - 20), end) if _has_head(given.text, end) else None
    reference = _reference().search(given.text, max(0, chain.start() - 8), chain.start()) if chain else None
    if chain is None or reference is None:
        return
    owner = _last_named(given, chain.start(), reference[1])
    if owner and (role := _role(given, person, owner, chain.span(), "role.reference")):
        yield role


def _may_chain(given: _Text, other: Mention | None, end: int) -> bool:
    """Whether nothing but an office stands between an organisation and `end`."""
    text = given.text
    return not (
        other is None
        or not 0 < end - other.end <= MAX_ROLE
        or not _ends_in_head().search(text, other.end, end)
        or _BREAK.search(text, other.end, end)
        or any(other.end <= one.start < end for one in given.people)
    )


def _owner(given: _Text, start: int, role: str) -> tuple[Mention | None, int]:
    """The organisation of an office that follows none, and where the words of the office begin."""
    text = given.text
    reference = _reference().search(text, max(0, start - 8), start)
    word = reference[1] if reference else _form_before(text, start)
    if word:
        found = _last_named(given, start, word) or _only_named(given, word)
        if found is not None or word in _departments():
            return found, start
    begin = _head_words().ends_at(role, len(role))
    head = role[begin:] if begin >= 0 else role
    part = next((role[:n] for n in (2, 3) if role[:n] in _departments() and len(role) > n), "")
    if part and (owner := _last_named(given, start, part)):
        return owner, start  # 团委副书记, behind 校团委
    if head in _loose():
        return None, start
    if _CLINICAL.search(role):
        return _last_named(given, start, "医院"), start
    return _last_able(given, start, head), start


@cache
def _departments() -> frozenset[str]:
    """Forms of departments: an office in one that the text does not name is in no other organisation."""
    return frozenset(word for word, suffix in suffixes().items() if suffix.kind in ("政府部门", "党群"))


def _form_before(text: str, end: int) -> str:
    """The form of a name that ends here and stands alone (救助管理站|站长)."""
    return next(
        (text[end - n : end] for n in range(8, 1, -1) if end >= n and text[end - n : end] in suffixes()), ""
    )


def _only_named(given: _Text, word: str) -> Mention | None:
    """The one organisation of the text whose name ends so, when there is just one."""
    names = {m.name: m for m in given.organisations if m.name.endswith(word)}
    return next(iter(names.values())) if len(names) == 1 else None


def _last_named(given: _Text, place: int, word: str) -> Mention | None:
    """The last organisation before `place` whose full name ends as the reference does."""
    any_of = {
        "机构": _SOCIAL,
        "公司": frozenset(("企业",)),
        "学校": frozenset(("学校",)),
        "医院": frozenset(("医疗",)),
    }
    number = bisect_left(given.ends, place + 1) - 1
    while number >= 0:
        mention = given.organisations[number]
        if mention.name.endswith(word) or mention.type in any_of.get(word, frozenset()):
            return mention
        number -= 1
    return None


def _last_able(given: _Text, place: int, head: str) -> Mention | None:
    """The organisation that has such an office and is the one spoken of: most often named, then last."""
    number = bisect_left(given.ends, place + 1) - 1
    best, most = None, 0
    while number >= 0 and place - given.ends[number] <= REACH:
        mention = given.organisations[number]
        if _has_office(mention, head) and given.named[mention.name] > most:
            best, most = mention, given.named[mention.name]
        number -= 1
    return best


def _only_able(given: _Text, place: int, office: str) -> Mention | None:
    """The one organisation of the text before `place` that has such an office, if no other has it."""
    begin = _head_words().ends_at(office, len(office))
    head = office[begin:] if begin >= 0 else office
    if head in _loose() or not head.endswith(("长", "总干事", "理事", "监事", "总裁", "总经理")):
        return None
    able = {m.name: m for m in given.organisations if m.end <= place and _has_office(m, head)}
    return next(iter(able.values())) if len(able) == 1 else None


def _has_office(mention: Mention, head: str) -> bool:
    name = mention.name
    if head.endswith(("校长", "班主任", "教师", "老师", "辅导员")):
        return mention.type == "学校"
    if head.endswith(
        (
            "理事长",
            "秘书长",
            "监事长",
            "总干事",
            "创始人",
            "发起人",
            "负责人",
            "社工",
            "督导",
            "理事",
            "监事",
            "干事",
            "项目专员",
            "法定代表人",
            "项目主管",
            "项目官员",
            "项目经理",
        )
    ):
        return mention.type in _SOCIAL or mention.type == "其他"
    if head.endswith(("董事长", "总经理", "总裁", "经理")):
        return mention.type == "企业"
    if head.endswith(("审判长", "法官")):
        return name.endswith("法院")
    if head.endswith("检察官"):
        return name.endswith("检察院")
    if head.endswith("长") and len(head) >= 2:
        return name.endswith(head[-2]) or (head[-2] == "会" and mention.type == "社会团体")
    return head.endswith(("主任", "总监", "主管")) and mention.type in _SOCIAL


# --- behind the name ---


def _behind(given: _Text, person: Mention, number: int) -> Iterator[Role]:
    text = given.text
    following = given.people[number + 1].start if number + 1 < len(given.people) else len(text)
    title = _role_start().match(text, person.end)
    if title and title.end() <= following and not _VERB_TOO.match(text, title.start()):
        yield from _title_behind(given, person, title.span())
        return
    bracket = re.compile(r"[（(]").match(text, person.end)
    if bracket:
        yield from _in_brackets(given, person, bracket.end())
    appointed = _APPOINTED.match(text, person.end)
    if appointed:
        office = _role_start().match(text, appointed.end())
        if office:
            owner = _appointer(given, person, office.span())
            yield from _appointed(given, number, owner, office.span())
            return
    yield from _after_copula(given, person, min(following, person.end + 80))


def _appointer(given: _Text, person: Mention, span: tuple[int, int]) -> Mention | None:
    """担任院长的某某研究院, or else the organisation spoken of that has the office."""
    start, end = span
    if given.text[end : end + 1] == "的" and (owner := given.organisation_at(end + 1)):
        return owner
    able = _last_able(given, person.start, given.text[start:end])
    before = given.organisation_before(person.start)
    near = before is not None and not _STOP.search(given.text, before.end, person.start)
    return able or (before if near else None)


def _title_behind(given: _Text, person: Mention, span: tuple[int, int]) -> Iterator[Role]:
    """叶皆成科长; the organisation may stand right before the name."""
    text = given.text
    organisation = given.organisation_before(person.start)
    if organisation is not None:
        between = text[organisation.end : person.start]
        if len(between) > 6 or _BREAK.search(between) or "、" in between:
            organisation = None
    if organisation is None:
        organisation = _only_able(given, person.start, text[slice(*span)])
    if role := _role(given, person, organisation, span, "role.behind"):
        yield role
    yield from _in_brackets(given, person, span[1] + 1 if text[span[1] : span[1] + 1] in ("（", "(") else -1)


def _in_brackets(given: _Text, person: Mention, start: int) -> Iterator[Role]:
    organisation = given.organisation_at(start) if start > 0 else None
    if organisation is None:
        return
    office = _counted_role().match(given.text, organisation.end)
    if office and (role := _role(given, person, organisation, office.span(1), "role.brackets")):
        yield role


def _appointed(given: _Text, number: int, owner: Mention | None, span: tuple[int, int]) -> Iterator[Role]:
    """选举甲、乙为副会长: the office is that of every name before the verb."""
    first = number
    while first and _BETWEEN_NAMES.fullmatch(
        given.text, given.people[first - 1].end, given.people[first].start
    ):
        if "，" in given.text[given.people[first - 1].end : given.people[first].start]:
            break
        first -= 1
    for person in given.people[first : number + 1]:
        if role := _role(given, person, owner, span, "role.appointed"):
            yield role


def _after_copula(given: _Text, person: Mention, limit: int) -> Iterator[Role]:
    """某某，是某中心的一名社工."""
    text = given.text
    stop = _STOP.search(text, person.end, limit)
    limit = stop.start() if stop else limit
    organisation = given.organisation_after(person.end)
    if organisation is None or organisation.start >= limit:
        return
    between = text[person.end : organisation.start]
    if _APPOSED.fullmatch(between) and _begins(text, person.start):
        yield from _in_apposition(given, person, organisation)
        return
    if not between or len(between) > 26 or not _COPULA.fullmatch(between) or between in ("、", "，", ","):
        return
    if not re.search("是|系|为|任|当选|来自|作为|职于|入职|原|[，,]$", between):
        return
    verb = re.search("是|系|为|任|当选|来自|作为|职于|入职|原", between)
    # without a verb: 某某，某协会会长
    office = (_counted_role() if verb else _role_start()).match(text, organisation.end)
    if office is None or ((verb is None or "原" in between) and _is_anothers(given, office.end())):
        return
    span = office.span(1 if verb else 0)
    if role := _role(given, person, organisation, span, "role.copula"):
        yield role


def _begins(text: str, start: int) -> bool:
    """Whether a sentence or a line begins here, or somebody is introduced (他叫某某)."""
    return start == 0 or text[start - 1] in "。\n！？“叫"


def _in_apposition(given: _Text, person: Mention, organisation: Mention) -> Iterator[Role]:
    """某某，某基金会副秘书长。 when it begins a sentence and nothing but offices fills it."""
    counted = given.text[organisation.end : organisation.end + 1] in ("的", "一")
    office = (_counted_role() if counted else _role_start()).match(given.text, organisation.end)
    if office is None or given.text[office.end() : office.end() + 1] not in _CLOSING:
        return
    if role := _role(given, person, organisation, office.span(1 if counted else 0), "role.copula"):
        yield role


def _in_capacity(given: _Text) -> Iterator[Role]:
    """作为某协会的会长，他: the office of whom the sentence is about."""
    text = given.text
    for found in _CAPACITY.finditer(text):
        organisation = given.organisation_at(found.end())
        office = _counted_role().match(text, organisation.end) if organisation else None
        if office is None or text[office.end() : office.end() + 1] not in ("，", ","):
            continue
        number = bisect_left(given.people_starts, office.end() + 1)
        person = given.people[number] if number < len(given.people) else None
        if person is None or person.start != office.end() + 1:
            follows = text[office.end() + 1 : office.end() + 2]
            person = given.people[number - 1] if number and follows in ("他", "她") else None
        if person and (role := _role(given, person, organisation, office.span(1), "role.copula")):
            yield role


def _is_anothers(given: _Text, end: int) -> bool:
    """Whether an office is that of somebody named behind it (甲，某协会副会长、某商会会长|乙)."""
    while True:
        if any(person.start == end for person in given.people):
            return True
        other = given.organisation_at(end + 1) if given.text[end : end + 1] in ("、", "兼") else None
        office = _role_start().match(given.text, other.end if other else end + 1)
        if office is None or given.text[end : end + 1] not in ("、", "兼"):
            return False
        end = office.end()


def _of_pronouns(given: _Text) -> Iterator[Role]:
    """他是某协会会长: he is the last person named before."""
    text = given.text
    for pronoun in _PRONOUN.finditer(text):
        organisation = given.organisation_at(pronoun.end())
        if organisation is None:
            organisation = given.organisation_after(pronoun.end())
            if organisation is None or organisation.start - pronoun.end() > 2:
                continue
        person = None
        for candidate in given.people:
            if candidate.end > pronoun.start():
                break
            person = candidate
        if person is None or pronoun.start() - person.end > 80:
            continue
        office = _counted_role().match(text, organisation.end)
        if office and (role := _role(given, person, organisation, office.span(1), "role.pronoun")):
            yield role
