"""Where a name begins: behind what can't be a part of it.

That is another organisation, a connective with a second name behind it, a
quotation, a reference, words that are no part of a name; or at its place.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from pipelines.entities.lexicon import HAN, forms, known_organisations
from pipelines.entities.organisation_judging import SOFT_CLASSES, is_name
from pipelines.entities.organisation_places import begins_with_town
from pipelines.entities.organisation_runs import MAX_BRANCH, MAX_NAME, Candidate, Run, patterns, proper_part
from pipelines.entities.organisation_wholes import PARTY_LEADS, are_one_name
from pipelines.entities.segmentation import Words, is_known

_DIVISION_END = re.compile("(?:省|市|区|县|州|镇|乡|街道|村|社区|旗|盟)$")
_CLOSING = re.compile("[”’」]")
# short for the organisation that is spoken of: 该院儿童福利研究中心
_REFERRED = re.compile(r"村|社区|[院会校局厅所站社司厂](?!会)|中心|机构|公司|基金会|协会")
# 意见报|市民政局: verbs of sending that end what stands before a level and a department
_SENT_TO = re.compile("[报送呈交](?=[省市区县](?![省市区县]))")
_STATIONED = re.compile(f"(?<![{HAN}])[{HAN}]{{2,5}}[省市县区]驻$")  # 潢川县驻|郑州商会
_BRACKET = re.compile("[）)]")


def left_border(run: Run, hit: Candidate, breaks: list[int], before: Candidate | None) -> int:
    """Where the name of a candidate begins, as an offset into the run.

    `breaks` are where words end that no name goes on over, `before` is the name found before it.
    """
    text, suffix = run.text, hit.form
    position = bisect_right(breaks, suffix)
    start = max(breaks[position - 1] if position else 0, suffix - MAX_NAME)
    if before is not None and start < before.end:
        if are_one_name(run, before, hit):
            return _before_listed(run, start, before)
        start = before.end
        if patterns().connective.match(text, start):
            start += 1
    for found in patterns().connective.finditer(text, start, suffix):
        # a form may begin with a kind of work itself: 保护与服务中心
        joined = found.end() == suffix and patterns().kinds.match(text, suffix)
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


def _before_listed(run: Run, start: int, before: Candidate) -> int:
    """Where a name begins that begins with another: at the place before a listed one (成都|益众社区)."""
    if before.rule != "organisation.listed" or before.kind != "社会服务机构":
        return before.start
    place = patterns().place.search(run.text, start, before.start)
    return place[0] if place and before.start - place[0] <= MAX_BRANCH else before.start


def _parts_two_names(left: str, right: str) -> bool:
    """Whether a connective parts two names, rather than two kinds of work or two characters of one name."""
    if not left or forms().ends_at(left, len(left)) >= 0 or left in known_organisations():
        return True
    if not right:
        return len(left) > 1  # 敦和基金会, but 社会团体和基金会
    if not proper_part(left):
        return bool(proper_part(right))
    return len(proper_part(right)) > 1


def _behind_quotation(text: str, start: int, suffix: int) -> int:
    """A quotation before the suffix is the proper name only when nothing but kinds of work stands between."""
    if not _CLOSING.search(text, start, suffix):
        return start
    quotation = max(text.rfind(mark, start, suffix) for mark in "”’」")
    opening = max(text.rfind(mark, start, quotation) for mark in "“‘「") if quotation >= 0 else -1
    if quotation >= 0 and proper_part(text[quotation + 1 : suffix]):
        # 内江市“阳光驿站”|心理疏导志愿服务队
        placed = opening > start and _DIVISION_END.search(text[start:opening])
        return start if placed and suffix - quotation <= MAX_BRANCH + 1 else quotation + 1
    if (
        opening > start
        and not _DIVISION_END.search(text[start:opening])
        and not proper_part(text[start:opening])
    ):
        return opening
    return start


def _behind_reference(run: Run, start: int, suffix: int) -> int:
    if run.text[start - 1 : start] in ("该", "本", "我") and start:
        referred = _REFERRED.match(run.text, start, suffix)
        if referred:
            return referred.end()
    return start


def _behind_words(run: Run, start: int, hit: Candidate) -> int:
    """Moves the border behind the last word that is no part of a name, if a name is left.

    爱心|传递|社会工作|服务中心 keeps its verb: behind it stand only kinds of work.
    """
    cut, offset = run.cut, run.offset
    number = cut.holding(offset + hit.form)
    while number >= 0 and cut.starts[number] >= offset + start:
        word, tag = cut.words[number], cut.tags[number]
        end = cut.starts[number + 1] - offset
        if (
            end <= hit.form
            and len(word) > 1
            and tag in SOFT_CLASSES
            and word not in patterns().kinds
            and is_known(word)
            and not _is_place(cut, number)
            and not _follows_place(run, number, start)
            and run.text[end] not in "（(村镇乡"
            and is_name(run, end, hit)
        ):
            return end
        number -= 1
    return start


def _follows_place(run: Run, number: int, start: int) -> bool:
    """Whether a place stands right before a word, inside the run: 中国|出生|缺陷|干预."""
    cut = run.cut
    return number > 0 and cut.starts[number - 1] >= run.offset + start and _is_place(cut, number - 1)


def _begins_member(run: Run, at: int, kind: str) -> bool:
    """Whether 和 at a run's head is of the name: behind 、 and before no word (、和盛餐饮管理有限公司)."""
    if at or run.before[-1:] != "、":
        return False
    follows = run.text[1:3]
    if follows[:1] in patterns().levels or patterns().place.match(run.text, 1):
        return False
    return kind == "企业" or not is_known(follows)


def _in_word(run: Run, at: int) -> bool:
    """Whether a character of a run is the first of a longer word, or one of a place name (和谐, 和田)."""
    cut = run.cut
    number = cut.holding(run.offset + at)
    if len(cut.words[number]) < 2:
        return False
    begins = cut.starts[number] == run.offset + at and is_known(cut.words[number])
    return begins or cut.tags[number] in ("ns", "nt")


def _is_place(cut: Words, number: int) -> bool:
    word = cut.words[number]
    if cut.tags[number] == "ns" or word in patterns().place:
        return True
    return len(word) > 1 and _DIVISION_END.search(word) is not None


def _at_town(run: Run, start: int) -> int:
    """Behind a verb that a town follows (宣传|凤凰山街道社工站), else `start` as it is."""
    number = run.cut.index.get(run.offset + start)
    if number is None or run.cut.tags[number] not in ("v", "vn") or not is_known(run.cut.words[number]):
        return start
    end = run.cut.starts[number + 1] - run.offset
    return end if begins_with_town(run.text[end : end + MAX_BRANCH]) else start


def _at_place(run: Run, start: int, suffix: int) -> int:
    """Moves the border to the first place when what stands before is no part of a name."""
    text = run.text
    if patterns().place.match(text, start, suffix):
        return start
    found = patterns().place.search(text, start + 1, suffix)
    if found is not None and not patterns().suffix.search(text, start, found[0]):
        lead = text[start : found[0]]
        open_ = _DIVISION_END.search(lead) or patterns().place.match(lead)
        if lead.endswith(PARTY_LEADS):
            return start + max(lead.rfind(one) for one in PARTY_LEADS)
        if not open_ and not lead.endswith(tuple('“"‘「（(')) and _is_plain(run, start, found[0]):
            return found[0]
    return start


def _is_plain(run: Run, start: int, end: int) -> bool:
    """Whether a stretch is everyday words, not a name that a place may stand behind (国网沈阳供电公司)."""
    cut = run.cut
    first, last = run.offset + start, run.offset + end
    if last not in cut.index:
        return end - start == 1
    number = bisect_left(cut.starts, first)
    if cut.starts[number] != first:
        return end - start == 1
    return all(is_known(word) for word in cut.words[number : cut.index[last]] if word.strip())
