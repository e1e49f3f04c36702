"""A text as it is searched: folded, cut into runs, the runs into tokens.

Width, case, script (traditional or simplified) and punctuation do not keep a
word from being found. What is left of a text are runs: of ideographs, kana and
the like, or of other letters and digits. A run of ideographs is indexed as its
bigrams and its last character, any other run as one word:

    南京红叶, 30名社工  ->  南京 京红 红叶 叶 30 名社 社工 工

So a phrase of two or more characters is a phrase of tokens, without a list of
words. Marked tokens behind them hold what needs no place in the text: each
character, for words of one; a word with the character behind it (30名); the
title, the source and the site once more, so that they can be searched alone.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import add

from pipelines.script import simplified

SEARCHED_CHARACTERS = 100_000
"""Characters of a text that are indexed; PostgreSQL holds no more bigrams in a row than these may give."""

SEARCHED_TITLE = 1_000
"""The same of a title or source."""

WORD_CHARACTERS = 64
"""A longer run of letters or digits is indexed in pieces of this length."""

MARK = "§"
"""Begins every marked token; folded text has no such character."""

EVERY = f"{MARK}a"
"""A token of every document."""

NOTHING = f"{MARK}0"
"""A token of none."""

_CHARACTER = f"{MARK}1"
_AFTER_WORD = f"{MARK}n"
FIELD_MARKS = {"title": f"{MARK}t", "source": f"{MARK}s"}

# ideographs, kana, bopomofo, hangul: scripts without spaces, or of which a part is looked for
_UNSPACED = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u3400-\u4dbf"
    "\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_UNSPACED}]+|[^\\W_{_UNSPACED}]+")
_BETWEEN = f"(?:[^\\w{_UNSPACED}]|_)"
_WORD_START = f"(?<![^\\W_{_UNSPACED}])"
_WORD_END = f"(?![^\\W_{_UNSPACED}])"


class _Folding(dict[int, str]):
    """What `str.translate` puts in a character's place, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code)).lower().translate(simplified())
        self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text in half width, lower case and simplified characters, each character by itself."""
    return text.translate(_FOLDING)


def runs(text: str) -> list[str]:
    """The runs of a text, folded, in order."""
    found = _RUN.findall(fold(text))
    long = [run for run in found if len(run) > WORD_CHARACTERS]
    if not all(map(_unspaced, long)):
        found = [piece for run in found for piece in _pieces(run)]
    return found


def _pieces(run: str) -> Iterator[str]:
    if _unspaced(run):
        yield run
    else:
        yield from (run[at : at + WORD_CHARACTERS] for at in range(0, len(run), WORD_CHARACTERS))


class _Scripts(dict[str, bool]):
    """Whether a character is of a script without spaces, found out when it is first met."""

    def __missing__(self, character: str) -> bool:
        unspaced = self[character] = re.match(f"[{_UNSPACED}]", character) is not None
        return unspaced


_IS_UNSPACED = _Scripts()


def _unspaced(run: str) -> bool:
    return _IS_UNSPACED[run[0]]


def canonical(text: str) -> str:
    """The runs with a space around each: what a phrase is found in by plain comparison of characters."""
    return f" {' '.join(runs(text))} "


def tokens(found: Iterable[str]) -> list[str]:
    """The tokens of runs, in order."""
    made: list[str] = []
    for run in found:
        if _IS_UNSPACED[run[0]]:
            made.extend(map(add, run, run[1:]))
            made.append(run[-1])
        else:
            made.append(run)
    return made


@dataclass(slots=True, frozen=True)
class Document:
    """What of an article is indexed, in runs; `marks` are tokens of the site and of what the text names."""

    title: list[str]
    body: list[str]
    source: list[str]
    marks: tuple[str, ...]


def document(title: str, body: str, source: str, marks: Sequence[str]) -> Document:
    """An article as it is indexed."""
    return Document(
        runs(title[:SEARCHED_TITLE]),
        runs(body[:SEARCHED_CHARACTERS]),
        runs(source[:SEARCHED_TITLE]),
        tuple(marks),
    )


def document_tokens(of: Document) -> list[str]:
    """All tokens, those of title and body in order, with a mark where a phrase has to end."""
    title, body = tokens(of.title), tokens(of.body)
    marked = [
        _AFTER_WORD + word + run[0] for part in (of.title, of.body) for word, run in _words_before(part)
    ]
    characters = [c for c in set().union(*of.title, *of.body) if _IS_UNSPACED[c]]
    return [
        *title,
        MARK,
        *body,
        MARK,
        *(FIELD_MARKS["title"] + token for token in title),
        MARK,
        *(FIELD_MARKS["source"] + token for token in tokens(of.source)),
        MARK,
        EVERY,
        *of.marks,
        *sorted({*[_CHARACTER + c for c in characters], *marked}),
    ]


def _words_before(found: Sequence[str]) -> Iterator[tuple[str, str]]:
    unspaced = [_IS_UNSPACED[run[0]] for run in found]
    for at, (before, after) in enumerate(itertools.pairwise(unspaced)):
        if after and not before:
            yield found[at], found[at + 1]


@dataclass(slots=True, frozen=True)
class Phrase:
    """A word or phrase that is looked for, as runs; it may begin and end within runs of ideographs."""

    runs: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """What `canonical` of a text contains exactly when the text contains the phrase."""
        before = "" if _unspaced(self.runs[0]) else " "
        after = "" if _unspaced(self.runs[-1]) else " "
        return f"{before}{' '.join(self.runs)}{after}"

    @property
    def within_run(self) -> bool:
        """Tells whether it is one run of ideographs, which folded text has as it is."""
        return len(self.runs) == 1 and _unspaced(self.runs[0])

    @property
    def open_end(self) -> bool:
        """Tells whether the last token is one character, of which a text may have a bigram."""
        return len(self.runs[-1]) == 1 and _unspaced(self.runs[-1])

    def in_order(self) -> list[str]:
        """The tokens that stand side by side where the phrase does; the last is a prefix if `open_end`."""
        found = tokens(self.runs)
        if len(self.runs[-1]) > 1 and _unspaced(self.runs[-1]):
            found.pop()  # nothing says that the run ends here
        return found

    def anywhere(self) -> list[str]:
        """Tokens that every text with the phrase has; of a phrase with one, only those texts have it."""
        found = self.in_order()
        if not self.open_end:
            return found
        last = found.pop()
        if not found:
            return [_CHARACTER + last]
        before = self.runs[-2]
        if _unspaced(before):
            return [*found, _CHARACTER + last]
        if len(found) == 1:
            return [_AFTER_WORD + before + last]
        return [*found, _AFTER_WORD + before + last]


def phrase(text: str) -> Phrase | None:
    """The phrase that `text` looks for, None when nothing in it can be looked for."""
    found = runs(text)
    return Phrase(tuple(found)) if found else None


# --- where the hits are ---


def hits(text: str, phrases: Iterable[Phrase]) -> list[tuple[int, int]]:
    """Where phrases stand in a text: start and end in characters, in order, joined where they overlap."""
    patterns = [_expression(one) for one in phrases]
    if not patterns:
        return []
    folded, offsets = _fold_with_offsets(text)
    spans = sorted(found.span() for pattern in patterns for found in pattern.finditer(folded))
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        start, end = (offsets[start], offsets[end - 1] + 1) if offsets else (start, end)
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each character the one that it came from; none when all keep theirs."""
    folded = fold(text)
    pieces = [_FOLDING[ord(c)] for c in text] if len(folded) != len(text) else []
    if not pieces and all(len(piece) == 1 for piece in map(_FOLDING.__getitem__, map(ord, set(text)))):
        return folded, []
    pieces = pieces or [_FOLDING[ord(c)] for c in text]
    return folded, [at for at, piece in enumerate(pieces) for _ in piece]


@cache
def _expression(of: Phrase) -> re.Pattern[str]:
    parts = []
    for before, run in zip(("", *of.runs), of.runs, strict=False):
        spaced = not _unspaced(run)
        if before:
            # 30名 are two runs with nothing between them
            parts.append(_BETWEEN + ("*" if _unspaced(before) == spaced else "+"))
        parts.append((_WORD_START if spaced else "") + re.escape(run) + (_WORD_END if spaced else ""))
    return re.compile("".join(parts))
