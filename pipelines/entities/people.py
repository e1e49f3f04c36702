"""People: bylines by their form, names in running text by the model, then the whole text together.

A name that is certain in one place is then found wherever the text has it.
Who wrote (rule person.byline) and who is quoted (person.quoted) are told
apart; surnames with an address (陈女士, 李老师) are nobody's full name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from pipelines.entities.lexicon import HAN, WordSet, alternatives, foreign_characters, surnames, words
from pipelines.entities.person_names import scored
from pipelines.entities.segmentation import Words, is_known, segment
from pipelines.models import Credit, Mention

CERTAIN: Final = -0.4  # log-odds from which a stretch is a name
LISTED: Final = -2.0  # from which it is one in a list with another
POSSIBLE: Final = -2.5  # from which it is one if the text has it for certain elsewhere
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
MIN_PART: Final = 3  # characters of a part of a dotted name that may stand alone
MAX_BYLINE_NAME: Final = 12
_WORDS: Final = "person_words.toml"
_SPACE: Final = re.compile(r"[ \u3000\u00a0]+")
_NAME_TAGS: Final = frozenset(("nr", "nrt", "nrfg", "x", "nz", "ns"))
_GIVEN_TAGS: Final = frozenset(("nr", "nrt", "nrfg", "nz"))
_SAYS: Final = frozenset("说称道等")
_CUT_TAGS: Final = frozenset(("v", "p", "d", "c", "ad"))
_WORD_TAGS: Final = frozenset(("v", "vn", "vd", "d", "r", "p", "c", "ad", "t", "f", "m", "l", "i"))
# 刀志芳, closed by a mark or a verb of speech
_ASIDE = re.compile("[（(][^（）()]*[）)]")
_FUNCTION: Final = frozenset("的了在是和与说称对将被向从也都等为让把而又于、就之及等人名位")
# 吴绣|算过: a verb, not the last character of a name, when 过, 了 or 着 follows
_ACTS: Final = frozenset("算看做说问听写读走跑想见拿带给教学修捐帮守陪送买吃住等找")
_ASPECTS: Final = frozenset("过了着")
# 江湾|区: the end of a place, of which the stretch is the name
_PLACE_ENDS: Final = re.compile("[区县镇乡]|古镇|古村|社区|街道|水库|村(?![民支委医主])")
_TOWN: Final = frozenset("镇乡村县区")
_PRONOUNS: Final = frozenset("您你我他她它们")
_NUMERAL = re.compile("[0-9０-９一二三两四五六七八九十百千万几数每这那]")
_Span = tuple[int, int]


@cache
def _name_pattern() -> str:
    single, compound = surnames()
    one = "".join(sorted(single))
    return (
        rf"(?:[{HAN}]{{1,6}}(?:[·•・][{HAN}]{{1,8}}){{1,3}}"
        rf"|(?:{alternatives(compound)})[{HAN}]{{1,2}}|[{one}][{HAN}]{{1,2}})"
    )


@cache
def _name() -> re.Pattern[str]:
    return re.compile(_name_pattern())


@cache
def _byline_roles() -> re.Pattern[str]:
    return re.compile(alternatives(words(_WORDS, "byline_roles")))


@cache
def _byline() -> re.Pattern[str]:
    """A role and names in brackets, closed or cut off, or at the head of a line: (记者 张三 通讯员 李四)."""
    role = alternatives(words(_WORDS, "byline_roles"))
    names = rf"[{HAN}·•\s、,，/:：\u200b]"
    return re.compile(
        rf"[(（][{HAN}·\s]{{0,12}}?(?:{role}){names}{{2,60}}(?:[)）]|\.{{3}}|…)"
        rf"|^[{HAN}· \u3000]{{0,16}}?(?:讯|电|消息)?[ \u3000]*(?:{role})[ \u3000/:：]*"
        rf"(?:{names}{{0,40}}?(?=报道|摄|[ \u3000]*$|文/|[ \u3000]+\d)|[{HAN}]{{2,3}}(?=[ \u3000]))",
        re.MULTILINE,
    )


# 某某网讯(张三): names alone, behind a dateline
_DATELINE_NAMES = re.compile(
    rf"(?:讯|电|消息|报道)[ \u3000]?[(（]([{HAN}]{{2,4}}(?:[\s、][{HAN}]{{2,4}}){{0,3}})[)）]"
)
# (张三 摄), (李四 文/图)
_PHOTO = re.compile(rf"[(（ \u3000]([{HAN}]{{2,4}})[ \u3000]?(?:摄|/?摄影|文/图|供图)(?![{HAN}])")
_HAN_RUN = re.compile(rf"[{HAN}·•]+")


@cache
def _common_words() -> re.Pattern[str]:
    return re.compile(alternatives(words(_WORDS, "common_words")))


@cache
def _address() -> re.Pattern[str]:
    return re.compile(alternatives(words(_WORDS, "not_names")))


@cache
def _titles() -> WordSet:
    return WordSet((*words(_WORDS, "roles"), *words(_WORDS, "byline_roles")))


@cache
def _quoted() -> re.Pattern[str]:
    says = alternatives(words(_WORDS, "says"))
    return re.compile(rf"[{HAN}（）()、\d]{{0,8}}?(?:{says})|[:：][“\"]")


def find_people(text: str, cut: Words, credits_: Sequence[Credit] = ()) -> list[Mention]:
    """People named in `text`, in order, with offsets in characters; organisations may overlap them.

    `cut` is the text in words. `credits_` are names known from the page, which are looked for too.
    """
    found: dict[_Span, str] = {}
    for span in _bylines(text):
        found[span] = "person.byline"
    for span in _dotted(text, cut):
        found.setdefault(span, "person.foreign")
    for span in (*_behind_titles(text), *_composed(text)):
        found.setdefault(span, "person.foreign")
    for span in _spaced(text):
        found.setdefault(span, "person.spaced")
    for span in _elected(text):
        found.setdefault(span, "person.appointed")
    for span in _rare(text, cut):
        found.setdefault(span, "person.model")
    possible = _scores(text, cut)
    for span in _certain(text, possible, found):
        found.setdefault(span, "person.model")
    names = {_SPACE.sub("", text[slice(*span)]) for span in found}
    parts = _parts(names)
    names |= parts.keys()
    names |= {credit.name for credit in credits_ if credit.name.strip()}
    for span in _repeated(text, cut, names, possible):
        found.setdefault(span, "person.repeated")
    return [_mention(text, span, rule, parts) for span, rule in sorted(_apart(found).items())]


def _parts(names: set[str]) -> dict[str, str]:
    """The first and last parts of dotted names, where each is of one person (阿依夏木 of 阿依夏木·吐尔逊)."""
    whole: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        pieces = _DOT.split(name)
        for piece in (pieces[0], pieces[-1]) if len(pieces) > 1 else ():
            if len(piece) >= MIN_PART:
                whole[piece].add(name)
    return {piece: next(iter(full)) for piece, full in whole.items() if len(full) == 1}


def _mention(text: str, span: _Span, rule: str, parts: dict[str, str]) -> Mention:
    start, end = span
    said = _quoted().match(text, end)
    if rule != "person.byline" and said and not _titles().search(said.group()):
        rule = "person.quoted"
    name = re.sub(r"\s", "", text[start:end])
    return Mention("person", start, end, text[start:end], parts.get(name, name), rule)


def _apart(found: dict[_Span, str]) -> dict[_Span, str]:
    """The spans without those that overlap a longer one."""
    kept: dict[_Span, str] = {}
    end = -1
    for span in sorted(found, key=lambda s: (s[0], -s[1])):
        if span[0] >= end:
            kept[span] = found[span]
            end = span[1]
    return kept


def _bylines(text: str) -> Iterator[_Span]:
    for byline in _byline().finditer(text):
        roles = list(_byline_roles().finditer(text, byline.start(), byline.end()))
        for role, following in zip(roles, [*roles[1:], None], strict=True):
            yield from _byline_names(text, role.end(), following.start() if following else byline.end())
    for found in (*_DATELINE_NAMES.finditer(text), *_PHOTO.finditer(text)):
        for run in _HAN_RUN.finditer(text, *found.span(1)):
            yield from _names_of_run(text, *run.span())


def _byline_names(text: str, start: int, end: int) -> Iterator[_Span]:
    runs = [run.span() for run in _HAN_RUN.finditer(text, start, end)]
    place = 0
    while place < len(runs):
        first, last = runs[place]
        # 王 芳: the characters of one name apart
        while last - first < 3 and place + 1 < len(runs) and runs[place + 1][1] - runs[place + 1][0] == 1:
            place += 1
            last = runs[place][1]
        written = text[first:last]
        if " " in written or "\u3000" in written:
            if _name().fullmatch(_SPACE.sub("", written)):
                yield first, last
        else:
            names = _names_of_run(text, first, last)
            # 字强, 王安浩维: rare family names, double ones
            whole = 2 <= last - first <= 4 and not is_known(written) and _is_a_name(written)
            yield from names or ([(first, last)] if whole else [])
        place += 1


def _names_of_run(text: str, start: int, end: int) -> list[_Span]:
    """The names in a run without anything between them (王蓓武玟斌); [] when it can't be parted."""
    if start == end:
        return []
    for last in sorted(range(start + 2, min(end, start + MAX_BYLINE_NAME) + 1), key=lambda e: (e != end, -e)):
        if _name().fullmatch(text, start, last) and _is_a_name(text[start:last]):
            rest = _names_of_run(text, last, end)
            if last == end or rest:
                return [(start, last), *rest]
    return []


def _is_a_name(name: str) -> bool:
    return not _common_words().match(name) and not _address().search(name, 1)


_DOT = re.compile("[·•・]")
_DOTTED = re.compile(rf"[{HAN}]{{1,12}}(?:[·•・][{HAN}]{{1,12}}){{1,3}}")


def _dotted(text: str, cut: Words) -> Iterator[_Span]:
    """Names of several parts with dots between (阿依古丽·买买提), by their characters."""
    foreign = foreign_characters()
    end = 0
    for dot in _DOT.finditer(text):
        found = (
            _DOTTED.search(text, max(end, dot.start() - 12), dot.start() + 40) if dot.start() >= end else None
        )
        if found is None:
            continue
        dots = [n for n in range(found.start(), found.end()) if text[n] in "·•・"]
        start, end = dots[0], dots[-1] + 1
        while start > found.start() and dots[0] - start < 7 and _is_of_dotted(text, cut, start - 1):
            start -= 1
        while end < found.end() and end - dots[-1] <= 8 and _is_of_dotted(text, cut, end):
            end += 1
        if end == dots[-1] + 1 and text[end : end + 1] in surnames()[0]:
            end += 1  # 艾米丽·张
        middle = all(text[n] in foreign for n in range(dots[0], dots[-1]) if n not in dots)
        known = sum(character in foreign for character in text[start:end])
        if start < dots[0] and end > dots[-1] + 1 and middle and 5 * known >= 3 * (end - start - len(dots)):
            yield start, end


def _is_of_dotted(text: str, cut: Words, place: int) -> bool:
    """Whether a character may be of a dotted name: one that such names have, in no everyday word."""
    number = bisect_right(cut.starts, place) - 1
    word = cut.words[number]
    common = (
        len(word) > 1 and cut.tags[number] not in ("nr", "nrt", "nrfg", "x", "ns", "nz") and is_known(word)
    )
    if text[place] in foreign_characters():
        return not common or all(character in foreign_characters() for character in word)
    return not common and text[place] not in _FUNCTION


@cache
def _foreign_run() -> re.Pattern[str]:
    characters = "".join(sorted(foreign_characters()))
    says = alternatives(words(_WORDS, "says"))
    return re.compile(
        rf"[{characters}]{{3,7}}(?=[、，,。：:（(\s”]|{says}|等|和|与|在|从)|[{characters}]{{4}}(?![{characters}])"
    )


def _behind_titles(text: str) -> Iterator[_Span]:
    """Names in the characters of foreign ones between a title and a mark or a verb (项目官员马依努尔、)."""
    for _, end in _titles().spans(text):
        found = _foreign_run().match(text, end)
        if found is None:
            continue
        name = found.group()
        if is_known(text[found.end() - 1 : found.end() + 1]):
            continue  # the last character begins a word
        foreign = len(name) > 3 or name[0] not in surnames()[0]
        if foreign and not name.startswith(("和", "与", "及")) and not is_known(name):
            yield found.span()


def _rare(text: str, cut: Words) -> Iterator[_Span]:
    """Names with a family name that no list has, by the title before them and what closes them behind."""
    rare = _rare_surnames()
    for _, title in _titles().spans(text):
        title += text[title : title + 1] in ("：", ":", " ")
        found = _closed_name().match(text, title)
        if found is None or text[title] not in rare:
            continue
        start, end = found.span()
        # 教授和少英: but 教授和刘英
        joined = end - start < 3 or text[start + 1] in surnames()[0] or is_known(text[start + 1 : end])
        if text[title] == "和" and joined:
            continue
        number = cut.index.get(start)
        if number is not None and _is_new(cut, number, end) and not _common_words().match(found.group()):
            yield start, end


@cache
def _closed_name() -> re.Pattern[str]:
    return re.compile(rf"[{HAN}]{{2,3}}?(?={_closed().pattern})")


@cache
def _rare_surnames() -> frozenset[str]:
    return frozenset(words(_WORDS, "rare_surnames")[0])


def _is_new(cut: Words, number: int, end: int) -> bool:
    """Whether the words from one to `end` are those of a name: single characters, or in no dictionary."""
    stop = cut.index.get(end)
    if stop is None:
        return False
    words_ = cut.words[number:stop]
    common = (
        len(w) > 1 and is_known(w) and t not in _NAME_TAGS and t != "j"
        for w, t in zip(words_, cut.tags[number:stop], strict=True)
    )
    return len(words_) < 3 and not any(common)


@cache
def _components() -> str:
    return alternatives(words(_WORDS, "name_parts"))


@cache
def _composed_pattern() -> re.Pattern[str]:
    return re.compile(f"(?:{_components()}){{2,3}}")


def _composed(text: str) -> Iterator[_Span]:
    """Names put together of parts that Tibetan, Yi and Mongolian names have (白玛|央宗)."""
    for found in _composed_pattern().finditer(text):
        if found.group() not in _everyday_words():
            yield found.span()


@cache
def _elections() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Names between a verb of election and 为, and before 当选."""
    name = rf"[{HAN}][{HAN}·]{{1,8}}(?:[（(][{HAN}，,、]{{1,10}}[）)])?"
    names = rf"({name}(?:(?:、|和){name}){{0,20}})"
    heads = alternatives(words(_WORDS, "roles"))
    office = rf"(?:[{HAN}]{{0,8}}?(?:{heads}))"
    verbs = alternatives(words(_WORDS, "elects"))
    return (
        re.compile(rf"(?:{verbs}){names}(?:等[0-9一二三四五六七八九十]{{0,3}}[人名位]?)?(?:分别)?为{office}"),
        re.compile(
            rf"(?:^|(?<=[，,。；;：:\s]))(?:由)?{names}(?:同志)?(?:全票|分别|正式)?当选为?{office}",
            re.MULTILINE,
        ),
    )


def _may_be_elected(name: str) -> bool:
    if "·" in name:
        return True
    if (
        not 2 <= len(name) <= 4
        or (is_known(name) and len(name) != 3)
        or not _is_a_name(name)
        or not _FUNCTION.isdisjoint(name[1:])
    ):
        return False
    foreign = foreign_characters()
    return (
        (len(name) < 4 and (name[0] in surnames()[0] or name[0] in _rare_surnames()))
        or name[:2] in surnames()[1]
        or all(character in foreign for character in name)
    )


def _elected(text: str) -> Iterator[_Span]:
    """Names of those that are elected or appointed (聘任汪慧为秘书长, 星占雄当选会长)."""
    if "为" not in text and "当选" not in text:
        return
    for pattern in _elections():
        for found in pattern.finditer(text):
            bare = _ASIDE.sub(lambda aside: "、" * len(aside.group()), found[1])
            for name in re.finditer(rf"[^、和]+|(?<=、)和[^、和]+", bare):
                whole = name.group()
                if _may_be_elected(whole):
                    yield found.start(1) + name.start(), found.start(1) + name.end()


@cache
def _says() -> WordSet:
    return WordSet(words(_WORDS, "says"))


def _speaks(text: str, end: int) -> bool:
    """Whether a verb of speech follows at once (班主任|向国庆|告诉)."""
    return _says().match(text, end) > end + 1 or text[end : end + 1] == "说"


@cache
def _closed() -> re.Pattern[str]:
    return re.compile(
        rf"[、，,。：:；;（(\s”]|$|{alternatives([*words(_WORDS, 'says'), *words(_WORDS, 'verbs_after')])}|等"
    )


@cache
def _spaced_pattern() -> re.Pattern[str]:
    one = "".join(sorted(surnames()[0]))
    return re.compile(rf"[{one}][ \u3000\u00a0]{{1,2}}[{HAN}](?:[ \u3000\u00a0]{{1,2}}[{HAN}])?")


def _spaced(text: str) -> Iterator[_Span]:
    """Names written with a space inside (王 芳), read without it amid what stands around them."""
    for found in _spaced_pattern().finditer(text):
        start, end = found.span()
        name = _SPACE.sub("", found.group())
        before, after = text[max(0, start - 8) : start], text[end : end + 6]
        if re.search(rf"[{HAN}]$", before) and not _titled(text, start):
            continue
        if before.endswith((" ", "\u3000")):
            continue
        window = before + name + after
        at = len(before)
        scores = {(s, e): score for score, s, e in scored(window, segment(window))}
        if scores.get((at, at + len(name)), -9.0) + TITLED > CERTAIN and _is_a_name(name):
            yield start, end


def _titled(text: str, start: int) -> bool:
    end = start - 1 if text[start - 1 : start] in (" ", "\u3000", ":", "：", "“") else start
    return _titles().ends_at(text, end) >= 0


def _scores(text: str, cut: Words) -> dict[_Span, float]:
    """How likely each stretch is a name; what begins with a family name and an address is none."""
    found: dict[_Span, float] = {}
    for score, start, end in scored(text, cut):
        if start not in cut.index and _ends_title(text, start):
            score += SEVERED
        if (
            (score < POSSIBLE - TITLED and not _is_short_and_addressed(text, start, end))
            or _address().match(text, start + 1)
            or text[end - 1] == "某"
        ):
            continue
        if _is_a_thing(text, start, end):
            continue
        if end - start == 3 and text[end - 1] in _ACTS and text[end : end + 1] in _ASPECTS:
            score -= WORD
        goes_on = _speaks(text, end) or (end - start == 3 and text[end : end + 2] in _adverbs())
        acts = end - start == 3 and text[end : end + 2] in _verbs()
        framed = (goes_on or acts) and _titled(text, start)
        if end - start == 3 and (_is_word(cut, start + 1, end) or _is_object(cut, start, end)):
            score -= 0 if framed else WORD
            ended = _closed().match(text, end) or text[end : end + 1] in _after()
            score += TITLED if ended and score > CERTAIN - TITLED and _titled(text, start) else 0
        elif score < CERTAIN + 1 and _titled(text, start):
            score += TITLED + (CLOSED if _closed().match(text, end) else 0)
        if end - start == 3 and CERTAIN - PRESENTED < score < CERTAIN and _PRESENTED.match(text, end):
            score += PRESENTED
        if (
            end - start == 3
            and CERTAIN - ADDRESSED < score < CERTAIN
            and _is_addressed(text, cut, start, end)
        ):
            score += ADDRESSED
        if CERTAIN - 2 * TITLED - ADDRESSED < score < CERTAIN and _is_short_and_addressed(text, start, end):
            score += 2 * TITLED + ADDRESSED
        if CERTAIN - FRAMED < score < CERTAIN and framed:
            score += FRAMED
        if CERTAIN - 1 < score < CERTAIN + 1 and _titles().match(text, end) > end + 1:
            score += TITLED
        if end - start == 3 and text[end - 1] in _after() and _runs_on(text, end) and text[end] != "等":
            score -= WORD
        if text[end - 1 : end + 1] in _verbs() or (end not in cut.index and _cuts_word(text, cut, end)):
            score -= WORD
        if _is_everyday(cut, start, end):
            score -= EVERYDAY
        found[start, end] = score
        # 饶子和|说: what else could 和 join
        if text[end - 1] == "和" and end - start == 3 and _speaks(text, end) and (start, end - 1) in found:
            found[start, end] = max(score, found[start, end - 1] + CLOSED)
    return _with_repetition(text, cut, found)


def _ends_title(text: str, end: int) -> bool:
    """Whether a title ends here and goes on no further (秘书, but not in 秘书长)."""
    start = _titles().ends_at(text, end)
    return start >= 0 and _titles().match(text, start) == end


_PRESENTED = re.compile(
    "[，,（(]?(?:今年|现年)?(?:[1-9][0-9]|[二三四五六七八九]?十[一二三四五六七八九]?)岁|[，,（(](?:男|女)[，,）)]|先生|女士|同志"
)


def _is_addressed(text: str, cut: Words, start: int, end: int) -> bool:
    """Whether a title stands behind a name and ends the phrase, or a verb follows it (古润金董事长颁发)."""
    given = cut.index.get(start + 1)
    if is_known(text[start + 1 : end]) and (given is None or cut.tags[given] not in _GIVEN_TAGS):
        return False
    title = _titles().match(text, end)
    return title > end + 1 and _closed().match(text, title) is not None


def _is_short_and_addressed(text: str, start: int, end: int) -> bool:
    """Whether a title follows two characters that begin a clause and are no word (王名|教授)."""
    if end - start != 2 or text[max(0, start - 1) : start] not in _CLAUSE_MARKS or is_known(text[start:end]):
        return False
    title = _titles().match(text, end)
    return title > end + 1 and text[end:title] in words(_WORDS, "addresses")


def _with_repetition(text: str, cut: Words, found: dict[_Span, float]) -> dict[_Span, float]:
    """Adds to what may be a full name that no dictionary holds where a text has it several times."""
    places: defaultdict[str, list[_Span]] = defaultdict(list)
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


def _is_spoken_of(text: str, cut: Words, spans: list[_Span]) -> bool:
    """Whether a stretch is whole words everywhere, and begins a clause somewhere."""
    if any(s not in cut.index or e not in cut.index or _is_word(cut, s + 1, e) for s, e in spans):
        return False
    return any(
        text[max(0, s - 1) : s] in _CLAUSE_MARKS and cut.tags[cut.index[e]] in _ACTING
        for s, e in spans
        if e < len(text)
    )


_ACTING: Final = frozenset(("v", "vd", "d", "ad", "p", "t", "uz", "zg"))
_CLAUSE_MARKS: Final = frozenset(("", "，", "。", "\n", ",", "“", "”", "；", "：", "、"))


def _is_a_thing(text: str, start: int, end: int) -> bool:
    """Whether a stretch is an everyday word, counted (142|张桌子) or the name of a place (江湾|区)."""
    if text[start:end] in _everyday_words() or (end - start == 2 and _PLACE_ENDS.match(text, end)):
        return True
    # 甘棠镇, where nothing says that it is somebody
    if end - start == 3 and text[end - 1] in _TOWN and not _titled(text, start) and not _speaks(text, end):
        return True
    return start > 0 and text[start] in _measures() and _NUMERAL.match(text, start - 1) is not None


@cache
def _everyday_words() -> frozenset[str]:
    return frozenset(words(_WORDS, "everyday"))


@cache
def _measures() -> frozenset[str]:
    return frozenset(words(_WORDS, "measures"))


@cache
def _adverbs() -> frozenset[str]:
    return frozenset(words(_WORDS, "adverbs_after"))


@cache
def _verbs() -> frozenset[str]:
    """Verbs that follow names, which a name must not take the first character of (孙月|来自)."""
    return frozenset(words(_WORDS, "verbs_after"))


def _cuts_word(text: str, cut: Words, end: int) -> bool:
    """Whether the end goes through a word of the dictionary that is more than a verb of speech (佟明|说)."""
    if text[end] in _SAYS:
        return False
    number = bisect_right(cut.starts, end) - 1
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
    return cut.tags[number] not in _NAME_TAGS


def _is_object(cut: Words, start: int, end: int) -> bool:
    """Whether the stretch is a verb with a noun (包|饺子)."""
    number = cut.index.get(start)
    if number is None or cut.starts[number + 1] != start + 1 or cut.index.get(end) != number + 2:
        return False
    return cut.tags[number] in _CUT_TAGS and cut.tags[number + 1] == "n" and is_known(cut.words[number + 1])


def _is_word(cut: Words, start: int, end: int) -> bool:
    """Whether one word that is no name fills the stretch."""
    number = cut.index.get(start)
    return (
        number is not None
        and cut.starts[number + 1] == end
        and cut.tags[number] in _WORD_TAGS
        and is_known(cut.words[number])
    )


def _certain(text: str, possible: dict[_Span, float], taken: dict[_Span, str]) -> Iterator[_Span]:
    used = {place for span in taken for place in range(*span)}
    names = list(taken)
    for (start, end), score in sorted(possible.items(), key=lambda item: (-item[1], item[0])):
        if score < CERTAIN:
            break
        if used.isdisjoint(range(start, end)):
            used.update(range(start, end))
            names.append((start, end))
            yield start, end
    yield from _in_lists(text, possible, names, used)


def _in_lists(text: str, possible: dict[_Span, float], names: list[_Span], used: set[int]) -> Iterator[_Span]:
    """What may be a name and stands in a list with one that is certain (何青青、白小露)."""
    ends = {span[1]: span for span in sorted(possible, key=possible.__getitem__)}
    best: dict[int, _Span] = {}
    for span, score in possible.items():
        if score > LISTED and score > possible.get(best.get(span[0], (-1, -1)), -9.0):
            best[span[0]] = span
    while names:
        start, end = names.pop()
        near = []
        if text[end : end + 1] == "、" and end + 1 in best:
            near.append(best[end + 1])
        if text[start - 1 : start] == "、" and start - 1 in ends and possible[ends[start - 1]] > LISTED:
            near.append(ends[start - 1])
        for span in near:
            if used.isdisjoint(range(*span)):
                used.update(range(*span))
                names.append(span)
                yield span


def _repeated(text: str, cut: Words, names: set[str], possible: dict[_Span, float]) -> Iterator[_Span]:
    """Where else the names stand: long ones everywhere, short ones where they are no part of a word."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for name in names:
        place = text.find(name)
        while place >= 0:
            found[name].append(place)
            place = text.find(name, place + len(name))
    for name, places in found.items():
        for start in places:
            end = start + len(name)
            alone = start in cut.index and end in cut.index
            if len(name) > 2 or possible.get((start, end), -9.0) > POSSIBLE or (alone and not is_known(name)):
                yield start, end
