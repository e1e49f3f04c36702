"""How likely stretches are names: what the model says, and what the words around them add and take."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from typing import Final

from pipelines.entities import divisions
from pipelines.entities.lexicon import HAN, places, words
from pipelines.entities.person_names import scored
from pipelines.entities.person_signs import (
    NAME_TAGS,
    Span,
    address,
    closed,
    common_words,
    everyday_words,
    is_called,
    speaks,
    title_words,
    titled,
    verbs_after,
)
from pipelines.entities.segmentation import Words, is_known

_WORDS: Final = "person_words.toml"
CERTAIN: Final = -0.4  # log-odds from which a stretch is a name
LISTED: Final = -2.0  # from which it is one in a list with another
POSSIBLE: Final = -2.5  # from which it is one if the text has it for certain elsewhere
ENDED: Final = 0.4  # of what is taken off for a word, when a title stands before it and a mark behind
EVERYDAY: Final = 2.5  # what is taken off when the whole is one (明白)
WORD: Final = 2.5  # what is taken off when the given name is an everyday word (周|活动)
TITLED: Final = 1.5  # what a title right before it adds
FRAMED: Final = 4.0  # what a title before it and a verb of speech behind it add together
CLOSED: Final = 1.0  # what a mark or a verb of speech behind it adds to that
AGAIN: Final = 1.0  # what each further place adds where the text has a full name that no dictionary holds
MOST_AGAIN: Final = 2.0  # and all of them together
PRESENTED: Final = 3.0  # what an age, a sex or a form of address behind it adds
SEVERED: Final = (
    3.0  # what a title right before it adds that the dictionary's words run across (主|任何|青青)
)
ADDRESSED: Final = 3.5  # what a title and the end of the phrase behind it add (谢琼华|科长、)
_GIVEN_TAGS: Final = frozenset(("nr", "nrt", "nrfg", "nz"))
_SAYS: Final = frozenset("说称道等")
_CUT_TAGS: Final = frozenset(("v", "p", "d", "c", "ad"))
_WORD_TAGS: Final = frozenset(("v", "vn", "vd", "d", "r", "p", "c", "ad", "t", "f", "m", "l", "i"))
# 吴绣|算过: a verb, not the last character of a name, when 过, 了 or 着 follows
_ACTS: Final = frozenset("算看做说问听写读走跑想见拿带给教学修捐帮守陪送买吃住等找")
_ASPECTS: Final = frozenset("过了着")
# 江湾|区: the end of a place, of which the stretch is the name
_PLACE_ENDS: Final = re.compile("[区县镇乡]|古镇|古村|社区|街道|水库|村(?![民支委医主])")
_DWELLING: Final = re.compile("社区(?!工作|服务|矫正|医)|街道|小区|水库")
_TOWN: Final = frozenset("镇乡村县区")
_SIDES: Final = frozenset("东南西北")
_PRONOUNS: Final = frozenset("您你我他她它们")
_NUMERAL = re.compile("[0-9０-９一二三两四五六七八九十百千万几数每这那]")
_PRESENTED = re.compile(
    "[，,（(]?(?:今年|现年)?(?:[1-9][0-9]|[二三四五六七八九]?十[一二三四五六七八九]?)岁|[，,（(](?:男|女)[，,）)]|先生|女士|同志"
)
_ACTING: Final = frozenset(("v", "vd", "d", "ad", "p", "t", "uz", "zg"))
_NAME_MARKS: Final = frozenset("，。、；：（,;(")
_CLAUSE_MARKS: Final = frozenset(("", "，", "。", "\n", ",", "“", "”", "；", "：", "、"))


def name_scores(text: str, cut: Words) -> dict[Span, float]:
    """How likely each stretch is a name; what begins with a family name and an address is none."""
    found: dict[Span, float] = {}
    for score, start, end in scored(text, cut):
        if start not in cut.index and _ends_title(text, start):
            score += SEVERED
        if score < POSSIBLE - TITLED and not _is_short_and_addressed(text, start, end):
            continue
        if address().match(text, start + 1) or text[end - 1] == "某" or _is_a_thing(text, start, end):
            continue
        score = _raised(text, cut, start, end, score)
        found[start, end] = _lowered(text, cut, start, end, score)
        # 、张茹先、: what stands whole between marks of a list is no shorter name
        if end - start == 3 and (start, end - 1) in found and _is_listed(text, start, end):
            found[start, end] = max(found[start, end], found[start, end - 1] + CLOSED)
        # 饶子和|说: what else could 和 join
        if text[end - 1] == "和" and end - start == 3 and (start, end - 1) in found and speaks(text, end):
            found[start, end] = max(found[start, end], found[start, end - 1] + CLOSED)
    return _with_repetition(text, cut, found)


def _is_listed(text: str, start: int, end: int) -> bool:
    """Whether nothing but a name of this length stands between two marks of a list."""
    return text[start - 1 : start] == "、" and text[end : end + 1] in ("、", "，", ",", "。")


def _raised(text: str, cut: Words, start: int, end: int, score: float) -> float:
    """The score with what titles, verbs of speech, ages and addresses around the stretch add."""
    long = end - start == 3
    if long and text[end - 1] in _ACTS and text[end : end + 1] in _ASPECTS:
        score -= WORD
    framed = titled(text, start) and (
        speaks(text, end)
        or (long and (text[end : end + 2] in _adverbs() or text[end : end + 2] in verbs_after()))
    )
    if text[start - 1 : start] == "叫" and closed().match(text, end):
        score += TITLED + CLOSED  # 这名社工叫某某，
    if long and (_is_word(cut, start + 1, end) or _is_object(cut, start, end)):
        alone = text[end : end + 1] in _NAME_MARKS and titled(text, start)
        score -= 0 if framed else WORD * ENDED if alone else WORD
        if score > CERTAIN - TITLED and titled(text, start):
            ended = closed().match(text, end) or text[end : end + 1] in _after()
            score += TITLED if ended else 0
    elif score < CERTAIN + 1 and titled(text, start):
        score += TITLED + (CLOSED if closed().match(text, end) else 0)
    if score < CERTAIN and long:
        if score > CERTAIN - PRESENTED and (
            _PRESENTED.match(text, end) or _AGED.search(text, max(0, start - 3), start)
        ):
            score += PRESENTED
        if CERTAIN - ADDRESSED < score < CERTAIN and _is_addressed(text, cut, start, end):
            score += ADDRESSED
    if CERTAIN - 2 * TITLED - ADDRESSED < score < CERTAIN and _is_short_and_addressed(text, start, end):
        score += 2 * TITLED + ADDRESSED
    if framed and CERTAIN - FRAMED < score < CERTAIN:
        score += FRAMED
    if CERTAIN - 1 < score < CERTAIN + 1 and title_words().match(text, end) > end + 1:
        score += TITLED
    return score


def _lowered(text: str, cut: Words, start: int, end: int, score: float) -> float:
    """The score without what speaks against a name: its end is of another word, or all of it is one."""
    runs_on = _runs_on(text, end) or text[end : end + 1] == "“"  # 王梦是“90后”
    if end - start == 3 and text[end - 1] in _after() and runs_on and text[end] != "等":
        score -= WORD
    if text[end - 1 : end + 1] in verbs_after() or (end not in cut.index and _cuts_word(text, cut, end)):
        score -= WORD
    # 钟馗|之眼: somebody's
    if end - start == 3 and text[end - 1] == "之" and end - 1 in cut.index and end not in cut.index:
        score -= 2 * WORD
    return score - EVERYDAY if _is_everyday(cut, start, end) else score


_AGED = re.compile("[0-9十]岁的$")


def _ends_title(text: str, end: int) -> bool:
    """Whether a title ends here and goes on no further (秘书, but not in 秘书长)."""
    start = title_words().ends_at(text, end)
    return start >= 0 and title_words().match(text, start) == end


def _is_addressed(text: str, cut: Words, start: int, end: int) -> bool:
    """Whether a title stands behind a name and ends the phrase, or a verb follows it (古润金董事长颁发)."""
    given = cut.index.get(start + 1)
    if is_known(text[start + 1 : end]) and (given is None or cut.tags[given] not in _GIVEN_TAGS):
        return False
    title = title_words().match(text, end)
    return title > end + 1 and closed().match(text, title) is not None


def _is_short_and_addressed(text: str, start: int, end: int) -> bool:
    """Whether a title follows two characters that begin a clause and are no word (王名|教授)."""
    if end - start != 2 or text[max(0, start - 1) : start] not in _CLAUSE_MARKS or is_known(text[start:end]):
        return False
    return is_called(text, end)


def _with_repetition(text: str, cut: Words, found: dict[Span, float]) -> dict[Span, float]:
    """Adds to what may be a full name that no dictionary holds where a text has it several times."""
    places: defaultdict[str, list[Span]] = defaultdict(list)
    for span, score in found.items():
        if span[1] - span[0] == 3 and score > POSSIBLE - AGAIN:
            places[text[slice(*span)]].append(span)
    for name, spans in places.items():
        if (
            len(spans) > 1
            and not is_known(name)
            and _PRONOUNS.isdisjoint(name)
            and _is_spoken_of(text, cut, spans)
        ):
            more = min(MOST_AGAIN, AGAIN * (len(spans) - 1))
            for span in spans:
                found[span] += more
    return found


def _is_spoken_of(text: str, cut: Words, spans: list[Span]) -> bool:
    """Whether a stretch is whole words everywhere, and begins a clause somewhere."""
    if any(s not in cut.index or e not in cut.index or _is_word(cut, s + 1, e) for s, e in spans):
        return False
    return any(
        text[max(0, s - 1) : s] in _CLAUSE_MARKS and cut.tags[cut.index[e]] in _ACTING
        for s, e in spans
        if e < len(text)
    )


def _is_a_thing(text: str, start: int, end: int) -> bool:
    """Whether a stretch is an everyday word, counted (142|张桌子) or the name of a place (江湾|区)."""
    if text[start:end] in everyday_words() or (end - start == 2 and _PLACE_ENDS.match(text, end)):
        return True
    # 潘|老: how the old are addressed
    if end - start == 2 and text[start + 1] == "老":
        return True
    if end - start == 3 and not titled(text, start):
        # 江阴|北: a side of a place; 项目|方: what no name begins with
        if text[end - 1] in _SIDES and text[start : end - 1] in divisions.short_codes():
            return True
        if common_words().match(text, start, end) and not speaks(text, end):
            return True
    # 洪茂沟|社区: of three characters only where nothing says that it is somebody
    if end - start == 3 and _DWELLING.match(text, end) and not titled(text, start):
        return True
    # 永康|籍郑女士: where somebody is from, not a family name
    if text[start] == "籍" and _runs_on(text, start - 1) and not titled(text, start):
        return True
    if end - start == 2 and text[start:end] in _cities() and not titled(text, start):
        return True
    # 甘棠镇, where nothing says that it is somebody
    if end - start == 3 and text[end - 1] in _TOWN and not titled(text, start) and not speaks(text, end):
        return True
    # 莫子|叫村, which the text has again
    village = end - start == 2 and text[end + 1 : end + 2] in _TOWN and text.count(text[start : end + 2]) > 1
    if village and not titled(text, start):
        return True
    return start > 0 and text[start] in _measures() and _NUMERAL.match(text, start - 1) is not None


@cache
def _cities() -> frozenset[str]:
    return frozenset(places())


@cache
def _measures() -> frozenset[str]:
    return frozenset(words(_WORDS, "measures"))


@cache
def _adverbs() -> frozenset[str]:
    return frozenset(words(_WORDS, "adverbs_after"))


def _cuts_word(text: str, cut: Words, end: int) -> bool:
    """Whether the end goes through a word of the dictionary that is more than a verb of speech (佟明|说)."""
    if text[end] in _SAYS:
        return False
    number = cut.holding(end)
    return cut.tags[number] in _CUT_TAGS and is_known(cut.words[number])


def _runs_on(text: str, end: int) -> bool:
    return re.match(rf"[{HAN}]", text[end : end + 1]) is not None


@cache
def _after() -> frozenset[str]:
    return frozenset(words(_WORDS, "after")[0])


def _is_everyday(cut: Words, start: int, end: int) -> bool:
    """Whether one word of the dictionary, which has it as no name, fills the stretch."""
    number = cut.index.get(start)
    if number is None or cut.starts[number + 1] != end or not is_known(cut.words[number]):
        return False
    return cut.tags[number] not in NAME_TAGS


def _is_object(cut: Words, start: int, end: int) -> bool:
    """Whether the stretch is a verb with a noun or a place (包|饺子, 占|东山)."""
    number = cut.index.get(start)
    if number is None or cut.starts[number + 1] != start + 1 or cut.index.get(end) != number + 2:
        return False
    if cut.tags[number] not in _CUT_TAGS or cut.tags[number + 1] not in ("n", "ns"):
        return False
    return is_known(cut.words[number + 1])


def _is_word(cut: Words, start: int, end: int) -> bool:
    """Whether one word that is no name fills the stretch."""
    number = cut.index.get(start)
    return (
        number is not None
        and cut.starts[number + 1] == end
        and cut.tags[number] in _WORD_TAGS
        and is_known(cut.words[number])
    )
