"""The query language of the search, read into a tree.

    查询 := 红叶 社区          both
            "南京 红叶"         side by side
            红叶 OR 青禾        either
            红叶 -招聘          without
            (红叶 OR 青禾) 义诊
            title:义诊 site:people_gongyi source:江湾日报 org:红叶 person:周明远 place:3201 topic:养老
            from:2026-09 to:2026-09-15

AND may be written, and binds closer than OR. Full-width brackets, colons and
Chinese quotation marks do as well.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from storage.errors import StoreError
from storage.search_text import Phrase, phrase

QUERY_CHARACTERS = 1_000
"""The longest query."""

QUERY_DEPTH = 40
"""How deep brackets and minus signs may be nested."""

FIELDS = ("title", "site", "source", "org", "person", "place", "topic", "from", "to")

TextField = Literal["any", "title", "source"]
NameField = Literal["site", "org", "person", "place", "topic"]


class QueryError(StoreError):
    """A query that can't be understood, in one line that says where."""


@dataclass(slots=True, frozen=True)
class Word:
    """A word or phrase in the text or title, or in one field."""

    phrase: Phrase
    field: TextField


@dataclass(slots=True, frozen=True)
class Named:
    """A site, organisation, person, place or topic, as the query writes it."""

    field: NameField
    name: str


@dataclass(slots=True, frozen=True)
class Not:
    """What must not hold."""

    part: Node


@dataclass(slots=True, frozen=True)
class And:
    """What must hold together."""

    parts: tuple[Node, ...]


@dataclass(slots=True, frozen=True)
class Or:
    """Of which one must hold."""

    parts: tuple[Node, ...]


Node: TypeAlias = Word | Named | Not | And | Or


@dataclass(slots=True, frozen=True)
class Query:
    """A query: the condition, None for any article, and the first and last day of publication."""

    condition: Node | None
    since: date | None
    until: date | None

    def phrases(self) -> list[tuple[Phrase, TextField]]:
        """The words that are looked for, without those that must not occur, each once."""
        found = _wanted(self.condition) if self.condition else ()
        return list(dict.fromkeys((word.phrase, word.field) for word in found))


def _wanted(node: Node) -> Iterator[Word]:
    if isinstance(node, Word):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _wanted(part)


def parse(text: str) -> Query:
    """Reads a query. Raises `QueryError` in one line when it can't be understood."""
    if len(text) > QUERY_CHARACTERS:
        raise QueryError(f"the query has {len(text)} characters; at most {QUERY_CHARACTERS} are read")
    return _Parser(text).query()


# --- reading ---

_QUOTES = {'"': '"', "“": "”", "”": "”", "「": "」", "『": "』", "＂": "＂"}
_OPEN, _CLOSE, _COLON = "(（", ")）", ":："
_FIELD = re.compile(f"({'|'.join(FIELDS)})[{_COLON}]", re.IGNORECASE)
_BARE = re.compile(r"[^\s()（）\"“”「」『』＂]+")
_MINUS = re.compile(r"[-－](?=\S)")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(slots=True, frozen=True)
class _Token:
    kind: Literal["open", "close", "minus", "and", "or", "word"]
    at: int
    text: str = ""
    field: str = ""


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        character = text[at]
        if character.isspace():
            at += 1
        elif character in _OPEN:
            yield _Token("open", at)
            at += 1
        elif character in _CLOSE:
            yield _Token("close", at)
            at += 1
        elif _MINUS.match(text, at):
            yield _Token("minus", at)
            at += 1
        else:
            token, at = _word(text, at)
            yield token


def _word(text: str, at: int) -> tuple[_Token, int]:
    """A word, a phrase in quotation marks, or either of a field, and where it ends."""
    found = _FIELD.match(text, at)
    field, start = (found[1].lower(), found.end()) if found else ("", at)
    if start < len(text) and text[start] in _QUOTES:
        end = text.find(_QUOTES[text[start]], start + 1)
        if end < 0:
            raise QueryError(f"the quotation mark at character {start + 1} is not closed")
        return _Token("word", at, text[start + 1 : end], field), end + 1
    bare = _BARE.match(text, start)
    if bare is None:
        if field:
            raise QueryError(f"nothing stands behind {field}: at character {at + 1}")
        raise QueryError(f"unexpected {text[at]!r} at character {at + 1}")
    if not field and bare[0] in ("AND", "OR", "NOT"):
        kind: dict[str, Literal["and", "or", "minus"]] = {"AND": "and", "OR": "or", "NOT": "minus"}
        return _Token(kind[bare[0]], at, bare[0]), bare.end()
    return _Token("word", at, bare[0], field), bare.end()


class _Parser:
    """Recursive descent over the tokens; from: and to: are set aside on the way."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0
        self._since: date | None = None
        self._until: date | None = None

    def query(self) -> Query:
        if not self._tokens:
            raise QueryError("the query is empty")
        condition = self._either(top=True)
        token = self._peek()
        if token is not None:
            raise QueryError(f"a bracket is closed at character {token.at + 1} that was not opened")
        if self._since and self._until and self._since > self._until:
            raise QueryError(f"from:{self._since} is later than to:{self._until}")
        return Query(condition, self._since, self._until)

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _either(self, top: bool = False) -> Node | None:
        start = self._next
        parts = [self._both(top)]
        while (token := self._peek()) and token.kind == "or":
            self._next += 1
            parts.append(self._both(top))
        if len(parts) == 1:
            return parts[0]
        days = [t for t in self._tokens[start : self._next] if t.field in ("from", "to")]
        if days and top:
            raise _misplaced(days[0])
        return Or(tuple(part for part in parts if part is not None))

    def _both(self, top: bool) -> Node | None:
        parts: list[Node] = []
        start, expected = self._next, True
        while (token := self._peek()) and token.kind not in ("or", "close"):
            if token.kind == "and":
                if expected:
                    raise QueryError(f"nothing stands before AND at character {token.at + 1}")
                self._next += 1
                expected = True
                continue
            part = self._one(top)
            expected = False
            if part is not None:
                parts.append(part)
        if expected:
            where = self._tokens[self._next - 1] if self._next else self._peek()
            assert where is not None
            name = where.text if where.kind in ("and", "or") else "bracket"
            if self._next == start and (token := self._peek()) and token.kind == "or":
                raise QueryError(f"nothing stands before OR at character {token.at + 1}")
            raise QueryError(f"nothing stands behind the {name} at character {where.at + 1}")
        return parts[0] if len(parts) == 1 else And(tuple(parts)) if parts else None

    def _one(self, top: bool) -> Node | None:
        token = self._peek()
        assert token is not None
        self._next += 1
        if token.kind == "word":
            return self._leaf(token, top)
        self._depth += 1
        if self._depth > QUERY_DEPTH:
            raise QueryError(f"brackets and minus signs are nested deeper than {QUERY_DEPTH}")
        try:
            return self._minus(token) if token.kind == "minus" else self._bracket(token)
        finally:
            self._depth -= 1

    def _minus(self, token: _Token) -> Node:
        following = self._peek()
        if following is None or following.kind not in ("word", "open", "minus"):
            raise QueryError(f"nothing stands behind the minus at character {token.at + 1}")
        part = self._one(top=False)
        assert part is not None  # days are refused within
        return Not(part)

    def _bracket(self, token: _Token) -> Node | None:
        if token.kind != "open":
            raise QueryError(f"a bracket is closed at character {token.at + 1} that was not opened")
        part = self._either()
        closing = self._peek()
        if closing is None:
            raise QueryError(f"the bracket at character {token.at + 1} is not closed")
        self._next += 1
        return part

    def _leaf(self, token: _Token, top: bool) -> Node | None:
        if token.field in ("from", "to"):
            if not top:
                raise _misplaced(token)
            self._day(token)
            return None
        if token.field == "site" or token.field in ("org", "person", "place", "topic"):
            if not token.text.strip():
                raise QueryError(f"nothing stands behind {token.field}: at character {token.at + 1}")
            return Named(token.field, token.text.strip())  # type: ignore[arg-type]
        found = phrase(token.text)
        if found is None:
            raise QueryError(
                f"no letter, digit or character to look for in {token.text!r} at character {token.at + 1}"
            )
        return Word(found, token.field or "any")  # type: ignore[arg-type]

    def _day(self, token: _Token) -> None:
        days = _days(token.text.strip())
        if days is None:
            raise QueryError(f"{token.field}:{token.text} is no day: write 2026-09-15, 2026-09 or 2026")
        first, last = days
        if token.field == "from":
            self._since = max(first, self._since or first)
        else:
            self._until = min(last, self._until or last)


def _days(text: str) -> tuple[date, date] | None:
    """The first and last day of a day, month or year; None when it is neither."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        first = date(year, month or 1, day or 1)
        return first, date(year, month or 12, day or calendar.monthrange(year, month or 12)[1])
    except ValueError:
        return None


def _misplaced(token: _Token) -> QueryError:
    return QueryError(
        f"{token.field}: holds for the whole query: it can't stand in brackets, behind a minus or beside OR"
    )
