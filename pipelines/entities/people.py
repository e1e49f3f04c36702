"""People: bylines by their form, names in running text by the model, then the whole text together.

A name that is certain in one place is then found wherever the text has it.
Who wrote (rule person.byline) and who is quoted (person.quoted) are told
apart; surnames with an address (陈女士, 李老师) are nobody's full name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from pipelines.entities.lexicon import HAN, alternatives, words
from pipelines.entities.person_bylines import bylines
from pipelines.entities.person_forms import DOT, behind_titles, composed, dotted, elected, rare, spaced
from pipelines.entities.person_scores import CERTAIN, LISTED, POSSIBLE, name_scores
from pipelines.entities.person_signs import SPACE, Span, title_words
from pipelines.entities.segmentation import Words, is_known
from pipelines.models import Credit, Mention

_WORDS: Final = "person_words.toml"
MIN_PART: Final = 3  # characters of a part of a dotted name that may stand alone


@cache
def _quoted() -> re.Pattern[str]:
    says = alternatives(words(_WORDS, "says"))
    return re.compile(rf"[{HAN}（）()、\d]{{0,8}}?(?:{says})|[:：][“\"]")


def find_people(text: str, cut: Words, credits_: Sequence[Credit] = ()) -> list[Mention]:
    """People named in `text`, in order, with offsets in characters; organisations may overlap them.

    `cut` is the text in words. `credits_` are names known from the page, which are looked for too.
    """
    found: dict[Span, str] = {}
    for span in bylines(text):
        found[span] = "person.byline"
    for span in dotted(text, cut):
        found.setdefault(span, "person.foreign")
    for span in (*behind_titles(text), *composed(text)):
        found.setdefault(span, "person.foreign")
    for span in spaced(text):
        found.setdefault(span, "person.spaced")
    for span in elected(text):
        found.setdefault(span, "person.appointed")
    for span in rare(text, cut):
        found.setdefault(span, "person.model")
    possible = name_scores(text, cut)
    for span in _certain(text, possible, found):
        found.setdefault(span, "person.model")
    found = _shortened(text, found)
    names = {SPACE.sub("", text[slice(*span)]) for span in found}
    parts = _parts(names)
    names |= parts.keys()
    names |= {credit.name for credit in credits_ if credit.name.strip()}
    for span in _repeated(text, cut, names, possible):
        found.setdefault(span, "person.repeated")
    return [_mention(text, span, rule, parts) for span, rule in sorted(_apart(found).items())]


# may stand behind a name and before a verb: 黄弘|正|驾驶
_ADVERBS: Final = frozenset("正也还都就又已曾却便才常先再")


def _shortened(text: str, found: dict[Span, str]) -> dict[Span, str]:
    """The spans, those with an adverb behind a name that stands without it elsewhere ending before it."""
    short = {text[s:e] for s, e in found if e - s == 2}
    return {
        (s, e - 1)
        if e - s == 3 and rule == "person.model" and text[e - 1] in _ADVERBS and text[s : e - 1] in short
        else (s, e): rule
        for (s, e), rule in found.items()
    }


def _parts(names: set[str]) -> dict[str, str]:
    """The first and last parts of dotted names, where each is of one person (阿依夏木 of 阿依夏木·吐尔逊)."""
    whole: defaultdict[str, set[str]] = defaultdict(set)
    for name in names:
        pieces = DOT.split(name)
        for piece in (pieces[0], pieces[-1]) if len(pieces) > 1 else ():
            if len(piece) >= MIN_PART:
                whole[piece].add(name)
    return {piece: next(iter(full)) for piece, full in whole.items() if len(full) == 1}


def _mention(text: str, span: Span, rule: str, parts: dict[str, str]) -> Mention:
    start, end = span
    said = _quoted().match(text, end)
    if rule != "person.byline" and said and not title_words().search(said.group()):
        rule = "person.quoted"
    name = re.sub(r"\s", "", text[start:end])
    return Mention("person", start, end, text[start:end], parts.get(name, name), rule)


def _apart(found: dict[Span, str]) -> dict[Span, str]:
    """The spans without those that overlap a longer one."""
    kept: dict[Span, str] = {}
    end = -1
    for span in sorted(found, key=lambda s: (s[0], -s[1])):
        if span[0] >= end:
            kept[span] = found[span]
            end = span[1]
    return kept


def _certain(text: str, possible: dict[Span, float], taken: dict[Span, str]) -> Iterator[Span]:
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


def _in_lists(text: str, possible: dict[Span, float], names: list[Span], used: set[int]) -> Iterator[Span]:
    """What may be a name and stands in a list with one that is certain (何青青、白小露)."""
    ends = {span[1]: span for span in sorted(possible, key=possible.__getitem__)}
    best: dict[int, Span] = {}
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


def _repeated(text: str, cut: Words, names: set[str], possible: dict[Span, float]) -> Iterator[Span]:
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
