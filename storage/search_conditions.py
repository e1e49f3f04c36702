"""A query as the two databases understand it: the same articles, told in two ways.

SQLite: one MATCH expression of FTS5. PostgreSQL: a tsquery that every hit
fulfils and the index answers alone, and where tokens cannot tell (three
characters and more) a condition on the folded text, read hit by hit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from storage.search_query import And, Named, Node, Not, Or, Word
from storage.search_text import EVERY, FIELD_MARKS, NOTHING, Phrase

Marks = Callable[[Named], list[str]]
"""Gives the marks of which an article has to have one."""


# --- SQLite ---


def match_expression(node: Node, marks: Marks) -> str:
    """The condition in FTS5's own query language."""
    if isinstance(node, Word):
        return _fts_phrase(node)
    if isinstance(node, Named):
        return f"({' OR '.join(map(_fts_quoted, marks(node) or [NOTHING]))})"
    if isinstance(node, Not):
        return f"({_fts_quoted(EVERY)} NOT {match_expression(node.part, marks)})"
    if isinstance(node, Or):
        return f"({' OR '.join(match_expression(part, marks) for part in node.parts)})"
    wanted = [match_expression(part, marks) for part in node.parts if not isinstance(part, Not)]
    unwanted = [match_expression(part.part, marks) for part in node.parts if isinstance(part, Not)]
    expression = f"({' AND '.join(wanted or [_fts_quoted(EVERY)])})"
    return f"({expression} NOT ({' OR '.join(unwanted)}))" if unwanted else expression


def _fts_phrase(word: Word) -> str:
    anywhere = word.phrase.anywhere()
    if word.field == "any" and len(anywhere) == 1:
        return _fts_quoted(anywhere[0])
    mark = FIELD_MARKS.get(word.field, "")
    quoted = _fts_quoted(" ".join(mark + token for token in word.phrase.in_order()))
    return f"{quoted} *" if word.phrase.open_end else quoted


def _fts_quoted(tokens: str) -> str:
    return f'"{tokens}"'  # folded text has no quotation mark


# --- PostgreSQL ---


@dataclass(slots=True)
class VectorCondition:
    """`tsquery` holds for every hit; so does `where`, which is "" when the tsquery says it all."""

    tsquery: str
    where: str = ""
    values: dict[str, str] = field(default_factory=dict)


def vector_condition(node: Node, marks: Marks) -> VectorCondition:
    """The condition on the columns of `search_index`."""
    made = VectorCondition("")
    part = _part(node, marks)
    made.tsquery = part.tsquery
    made.where = _verified(part, made.values, implied=True)
    return made


@dataclass(slots=True)
class _Part:
    """A node with the tsquery that it implies; `exact` when that implies the node as well."""

    node: Node
    tsquery: str
    exact: bool
    parts: list[_Part] = field(default_factory=list)


def _part(node: Node, marks: Marks) -> _Part:
    if isinstance(node, Word):
        found = _pg_tokens(node.phrase, node.field)
        # counted with what is repeated: a text with 哈哈 need not have 哈哈哈
        asked = node.phrase.anywhere() if node.field == "any" else node.phrase.in_order()
        return _Part(node, _pg_all(found), len(asked) == 1)
    if isinstance(node, Named):
        return _Part(node, _pg_any(map(_pg_quoted, marks(node) or [NOTHING])), exact=True)
    if isinstance(node, Not):
        part = _part(node.part, marks)
        return _Part(node, f"!({part.tsquery})" if part.exact else _pg_quoted(EVERY), part.exact, [part])
    parts = [_part(each, marks) for each in node.parts]
    joined = _pg_all if isinstance(node, And) else _pg_any
    return _Part(node, joined(part.tsquery for part in parts), all(part.exact for part in parts), parts)


def _verified(part: _Part, values: dict[str, str], implied: bool) -> str:
    """SQL for what the tsquery leaves open; `implied` says that it holds, so exact parts need nothing."""
    if part.exact:
        return "" if implied else f"vector @@ CAST({_bind(part.tsquery, values)} AS tsquery)"
    node = part.node
    if isinstance(node, Word):
        columns = ("title", "body") if node.field == "any" else (node.field,)
        name = _bind(node.phrase.pattern, values)
        return f"({' OR '.join(f'strpos({column}, {name}) > 0' for column in columns)})"
    if isinstance(node, Not):
        return f"NOT {_verified(part.parts[0], values, implied=False)}"
    both = isinstance(node, And)
    conditions = [_verified(each, values, implied=implied and both) for each in part.parts]
    return f"({(' AND ' if both else ' OR ').join(condition for condition in conditions if condition)})"


def _bind(value: str, values: dict[str, str]) -> str:
    name = f"value_{len(values)}"
    values[name] = value
    return f":{name}"


def _pg_tokens(phrase: Phrase, field_: str) -> list[str]:
    if field_ == "any":
        return [_pg_quoted(token) for token in dict.fromkeys(phrase.anywhere())]
    mark, found = FIELD_MARKS[field_], phrase.in_order()
    last = [f"{_pg_quoted(mark + found.pop())}:*"] if phrase.open_end else []
    return [_pg_quoted(mark + token) for token in dict.fromkeys(found)] + last


def _pg_quoted(token: str) -> str:
    return f"'{token}'"  # folded text has neither apostrophe nor backslash


def _pg_all(parts: Iterable[str]) -> str:
    return f"({' & '.join(parts)})"


def _pg_any(parts: Iterable[str]) -> str:
    return f"({' | '.join(parts)})"


def parameters(condition: VectorCondition) -> dict[str, Any]:
    """The values that `where` and the tsquery take."""
    return {"tsquery": condition.tsquery, **condition.values}
