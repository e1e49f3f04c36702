"""Which stretches of a text look like a Chinese personal name: candidates, and a model that scores them.

A candidate begins with a family name and has one or two characters after it.
The model is a logistic regression over what the name is written with, how the
dictionary cuts the stretch, and the words around it; `scripts/train_person_names.py` makes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind

from pipelines.entities.lexicon import HAN, surnames, words
from pipelines.entities.segmentation import Words, is_known, readable

MODEL: Final = "person_names.tsv"
HOPELESS: Final = -7.0  # log-odds of the stretch alone, from which what stands around it can't save it
_WORDS: Final = "person_words.toml"
# classes under which the dictionary has names of people and of things, or knows nothing
_NAME_TAGS: Final = frozenset(("nr", "nrt", "nrfg", "nz", "x", "zg"))
_FUNCTION_TAGS: Final = frozenset(
    ("x", "uj", "ul", "uz", "ug", "u", "p", "c", "d", "f", "m", "q", "v", "r", "y")
)
_BETWEEN: Final = frozenset("、和与及")


@cache
def titles() -> frozenset[str]:
    """Words for what a person is or does that stand beside a name."""
    return frozenset((*words(_WORDS, "roles"), *words(_WORDS, "byline_roles")))


@cache
def title_ends() -> frozenset[str]:
    """The last two characters of titles."""
    return frozenset(title[-2:] for title in titles())


@cache
def _speech() -> frozenset[str]:
    return frozenset(words(_WORDS, "says"))


@cache
def _beginning() -> frozenset[str]:
    """The first characters of family names."""
    single, compound = surnames()
    return single | {name[0] for name in compound}


@cache
def _given() -> re.Pattern[str]:
    return re.compile(rf"[{HAN}]{{1,3}}")


@cache
def weights() -> dict[str, int]:
    """The model: the weight of each feature, in hundredths."""
    model: dict[str, int] = {}
    for line in files("pipelines.entities").joinpath(MODEL).read_text("utf-8").split("\n"):
        if line and not line.startswith("#"):
            feature, weight = line.rsplit("\t", 1)
            model[feature] = int(weight)
    return model


def candidates(text: str, cut: Words) -> list[tuple[int, int, int]]:
    """Stretches that may be names, in order: start, end, and the number of the word that holds the start."""
    starts, found, tags = cut.starts, cut.words, cut.tags
    cues, speech, beginning = title_ends(), _speech(), _beginning()
    last = len(found) - 1
    begun: list[tuple[int, int]] = []
    for number, word in enumerate(found):
        if beginning.isdisjoint(word):
            continue
        start = starts[number]
        if len(word) == 1:
            begun.append((start, number))
        elif tags[number] in _NAME_TAGS or not is_known(word):
            begun += [(at, number) for at, character in enumerate(word, start) if character in beginning]
        elif word[0] in beginning:
            # an everyday word; a name only where something says so
            follows = found[number + 1] if number < last else ""
            cued = follows in speech or text[start - 2 : start] in cues
            # 高志|鹏: half of a name that happens to be a word
            halved = len(word) == 2 and len(follows) == 1 and tags[number + 1] not in _FUNCTION_TAGS
            if cued or halved:
                begun.append((start, number))
    begun += _behind_cut_titles(text, cut)
    return [one for start, number in sorted(begun) for one in _lengths(text, start, number)]


def _behind_cut_titles(text: str, cut: Words) -> Iterator[tuple[int, int]]:
    """Where a title ends inside an everyday word: 副局|长江|敏."""
    beginning = _beginning()
    for _, _, end in _title_ends().find_matches_as_indexes(readable(text), overlapping=True):
        if end in cut.index or text[end] not in beginning:
            continue
        number = cut.holding(end)
        if cut.tags[number] not in _NAME_TAGS and is_known(cut.words[number]):
            yield end, number


@cache
def _title_ends() -> AhoCorasick:
    return AhoCorasick(sorted(title_ends()), matchkind=MatchKind.Standard)


def _lengths(text: str, start: int, number: int) -> list[tuple[int, int, int]]:
    """The candidates that begin at a family name: one or two characters after it."""
    single, compound = surnames()
    rest = _given().match(text, start + 1)
    if rest is None:
        return []
    room = rest.end() - rest.start()
    found = []
    is_compound = room > 1 and text[start : start + 2] in compound
    if text[start] in single:
        found.append((start, start + 2, number))
        if room > 1:
            found.append((start, start + 3, number))
    elif is_compound:
        found.append((start, start + 3, number))
    if is_compound and room > 2:
        found.append((start, start + 4, number))
    return found


def features(text: str, cut: Words, start: int, end: int, number: int) -> list[str]:
    """What the model looks at; `number` is that of the word that holds `start`."""
    return [
        *_inside(text[start:end]),
        *_as_cut(text, cut, start, end, number),
        *_left(text, cut, start, number),
        *_around(text, cut, start, end),
    ]


def _inside(name: str) -> list[str]:
    """The characters of the name: family name, single, first and second given one."""
    length = len(name)
    family = 2 if length > 3 or (length == 3 and name[:2] in surnames()[1]) else 1
    given = name[family:]
    seen = [f"b{length}", "s" + name[:family]]
    return seen + (["g" + given] if len(given) == 1 else ["h" + given[0], "i" + given[1]])


def _as_cut(text: str, cut: Words, start: int, end: int, number: int) -> list[str]:
    """How the dictionary cuts the stretch: one word, several, or through one."""
    starts, found, tags = cut.starts, cut.words, cut.tags
    begins, after, length = starts[number] == start, cut.index.get(end), end - start
    if begins and after == number + 1:
        return [f"t{length}{tags[number]}{'k' if is_known(text[start:end]) else ''}"]
    if begins and after is not None:
        sizes = "/".join([str(len(word)) for word in found[number:after]])
        return ["u" + sizes, "U" + "/".join(tags[number:after])]
    seen = [f"x{length}{begins:d}{after is not None:d}"]
    if after is None:
        over = cut.holding(end)
        seen.append(f"c{length}{tags[over]}{'k' if is_known(found[over]) else ''}")
    if not begins:
        seen.append(f"d{length}{tags[number]}{text[starts[number] : start][-2:]}")
    return seen


def _left(text: str, cut: Words, start: int, number: int) -> list[str]:
    """The words before the stretch; a title above all."""
    found, tags = cut.words, cut.tags
    if cut.starts[number] != start:
        titled = ["TL"] if text[start - 2 : start] in title_ends() else []
        return ["m" + text[start - 1], *titled]
    if not number:
        return _before("^", "^", "")
    return _before(found[number - 1], tags[number - 1], tags[number - 2] if number > 1 else "")


def _before(word: str, tag: str, second: str) -> list[str]:
    """The word before the stretch with its class, and the class of the one before that, "" without one."""
    seen = ["l" + word, "L" + tag]
    if second:
        seen.append("M" + second)
    if word in titles() or word[-2:] in title_ends():
        seen.append("TL")
    elif word in _BETWEEN:
        seen.append("N" + (second or "^"))
    elif tag in ("n", "x", "v"):
        seen.append("z" + word[-1])
    return seen


def _around(text: str, cut: Words, start: int, end: int) -> list[str]:
    """The characters around the stretch, and the words behind it."""
    seen = _beside(end - start, text[start - 1] if start else "^", text[end] if end < len(text) else "$")
    after = cut.index.get(end)
    return seen if after is None or after == len(cut.words) else seen + _behind(*_following(cut, after))


def _beside(length: int, before: str, after: str) -> list[str]:
    """The characters before and behind a stretch."""
    return [f"e{length}{after}", "f" + before]


def _following(cut: Words, after: int) -> tuple[str, str, str]:
    """A word with its class, and the class of the next one, "" without one."""
    return cut.words[after], cut.tags[after], cut.tags[after + 1] if after + 1 < len(cut.words) else ""


def _behind(word: str, tag: str, second: str) -> list[str]:
    """The word behind the stretch with its class, a verb of speech above all; and the class of the next."""
    seen = ["r" + word, "R" + tag]
    if word in titles():
        seen.append("TR")
    elif word in _speech():
        seen.append("SR")
    return [*seen, "S" + second] if second else seen


def scored(text: str, cut: Words) -> list[tuple[float, int, int]]:
    """Candidates with their log-odds of being a name: score, start, end; hopeless ones are left out."""
    words_, tags, starts = cut.words, cut.tags, cut.starts
    found: list[tuple[float, int, int]] = []
    known_start = known = -1
    for start, end, number in candidates(text, cut):
        score = _written(text[start:end]) + _weight(_as_cut(text, cut, start, end, number))
        if score < HOPELESS * 100:
            continue
        if start != known_start:
            known_start = start
            if starts[number] == start and number > 1:
                known = _weight_before(words_[number - 1], tags[number - 1], tags[number - 2])
            else:
                known = _weight(_left(text, cut, start, number))
        score += known
        score += _weight_beside(
            end - start, text[start - 1] if start else "^", text[end] if end < len(text) else "$"
        )
        after = cut.index.get(end)
        if after is not None and after < len(words_):
            score += _weight_behind(*_following(cut, after))
        found.append((score / 100, start, end))
    return found


def _weight(seen: list[str]) -> int:
    weight = weights().get
    return sum([weight(feature, 0) for feature in seen])


@lru_cache(maxsize=50_000)
def _written(name: str) -> int:
    """What the characters of a name add."""
    return _weight(_inside(name))


@lru_cache(maxsize=50_000)
def _weight_before(word: str, tag: str, second: str) -> int:
    return _weight(_before(word, tag, second))


@lru_cache(maxsize=50_000)
def _weight_beside(length: int, before: str, after: str) -> int:
    return _weight(_beside(length, before, after))


@lru_cache(maxsize=50_000)
def _weight_behind(word: str, tag: str, second: str) -> int:
    return _weight(_behind(word, tag, second))
