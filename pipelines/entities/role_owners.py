"""Whose office it is: which organisation an office belongs to that follows none.

One that is referred to by its form, or, for offices that only organisations
have, the one spoken of that can have it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import Final

from pipelines.entities.lexicon import suffixes, words
from pipelines.entities.role_text import NamedText
from pipelines.entities.role_words import head_words, reference_before_office, roles_of_anybody
from pipelines.models import Mention

REACH: Final = 600  # characters back to an organisation that an office belongs to
_WORDS: Final = "person_words.toml"
_SOCIAL: Final = frozenset(("基金会", "社会团体", "社会服务机构"))
# 心脏外科主任, 护士长
_CLINICAL = re.compile("[内外儿骨眼产妇]科|护士长|医师|护理部")


def find_owner(given: NamedText, start: int, role: str) -> tuple[Mention | None, int]:
    """The organisation of an office that follows none, and where the words of the office begin."""
    text = given.text
    reference = reference_before_office().search(text, max(0, start - 8), start)
    word = reference[1] if reference else _form_before(text, start)
    if word:
        found = last_named(given, start, word) or _only_named(given, word)
        if found is not None or word in _departments():
            return found, start
    begin = head_words().ends_at(role, len(role))
    head = role[begin:] if begin >= 0 else role
    part = next((role[:n] for n in (2, 3) if role[:n] in _departments() and len(role) > n), "")
    if part and (owner := last_named(given, start, part)):
        return owner, start  # 团委副书记, behind 校团委
    if head in roles_of_anybody():
        return None, start
    if _CLINICAL.search(role):
        return last_named(given, start, "医院"), start
    return last_able(given, start, head), start


@cache
def _departments() -> frozenset[str]:
    """Forms of departments: an office in one that the text does not name is in no other organisation."""
    return frozenset(word for word, suffix in suffixes().items() if suffix.kind in ("政府部门", "党群"))


def _form_before(text: str, end: int) -> str:
    """The form of a name that ends here and stands alone (救助管理站|站长)."""
    return next(
        (text[end - n : end] for n in range(8, 1, -1) if end >= n and text[end - n : end] in suffixes()), ""
    )


def _only_named(given: NamedText, word: str) -> Mention | None:
    """The one organisation of the text whose name ends so, when there is just one."""
    names = {m.name: m for m in given.organisations if m.name.endswith(word)}
    return next(iter(names.values())) if len(names) == 1 else None


def last_named(given: NamedText, place: int, word: str) -> Mention | None:
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


def last_able(given: NamedText, place: int, head: str) -> Mention | None:
    """The organisation that has such an office and is the one spoken of: most often named, then last."""
    number = bisect_left(given.ends, place + 1) - 1
    best, most = None, 0
    while number >= 0 and place - given.ends[number] <= REACH:
        mention = given.organisations[number]
        if _has_office(mention, head) and given.named[mention.name] > most:
            best, most = mention, given.named[mention.name]
        number -= 1
    return best


def only_able(given: NamedText, place: int, office: str) -> Mention | None:
    """The one organisation of the text before `place` that has such an office, if no other has it."""
    begin = head_words().ends_at(office, len(office))
    head = office[begin:] if begin >= 0 else office
    if head in roles_of_anybody() or not head.endswith(("长", "总干事", "理事", "监事", "总裁", "总经理")):
        return None
    able = {m.name: m for m in given.organisations if m.end <= place and _has_office(m, head)}
    return next(iter(able.values())) if len(able) == 1 else None


def _has_office(mention: Mention, head: str) -> bool:
    name = mention.name
    if head.endswith(("校长", "班主任", "教师", "老师", "辅导员")):
        return mention.type == "学校"
    if head.endswith(words(_WORDS, "social_offices")):
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
