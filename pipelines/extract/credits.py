"""Who is credited: authors, editors, photographers, with the role and the line that names them.

They are looked for where pages print them: between title and text, in the first and
last lines of the text, just below it, and in the markup. How a line is read is in
`credit_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from pipelines.extract.bylines import AUTHOR_CLASS, markup_authors, printed_authors
from pipelines.extract.credit_lines import bare_credits, line_credits, loose_credits, names_and_outlet
from pipelines.extract.date_text import find_stamps
from pipelines.extract.document import Document, attribute_words, visible_text
from pipelines.extract.embedded import AUTHOR_KEYS, find_record
from pipelines.extract.json_data import text_of
from pipelines.extract.names import is_person, parse_names
from pipelines.extract.surroundings import BodyLike, Surroundings, look_around
from pipelines.models import Credit

MAX_CREDIT_LINE = 160
"""A longer line is running text."""
OPENING_LINES = 8
"""So many first lines of the text may hold a byline."""
MAX_INNER = 16
"""So many elements of a line are looked at for names such as author."""
CLOSING_LINES = 8
"""So many last lines of the text may hold one."""

_BRACKETS = re.compile(r"[（(【\[]([^（）()【】\[\]]{2,80})[）)】\]]")
_NAME_AND_OUTLET = re.compile(r"([\u4e00-\u9fff]{2,4})\s?[/／|｜]\s?([\u4e00-\u9fff]{2,14})")
_BY = re.compile(r"\bby\s+([\u4e00-\u9fff]{2,4})(?=\s|$)", re.IGNORECASE)
_AFTER_TEXT = re.compile(r"[。！？”…）)]\s*([^。！？”…]{4,40})$")
_END_BRACKET = re.compile(r"[（(]([\u4e00-\u9fff、\s]{2,14})[）)]\s*[。.]?$")
_DATELINE = re.compile(r"^.{0,24}(?:电|讯|消息)\s*[（(]([^（）()]{2,40})[）)]")


def find_credits(
    doc: Document, body: BodyLike, around: Surroundings | None = None, title: str = ""
) -> list[Credit]:
    """Returns the credits of an article in the page's order, each name once per part.

    Printed bylines are read first; JSON-LD and meta authors fill in when the
    page prints no author, and lead on pages that are not Chinese.
    """
    around = around or look_around(doc, body)
    if not around.chinese:
        return _once([*(markup_authors(doc, foreign=True) or printed_authors(doc, around))])
    found = list(_printed(around))
    if not any(credit.part == "author" for credit in found):
        found += list(_plain(around)) or markup_authors(doc, foreign=False) or list(_from_record(doc, title))
    return _once(found)


def _from_record(doc: Document, title: str) -> Iterator[Credit]:
    """Authors in the object with the article's title in a script."""
    record = find_record(doc, title)
    for key in AUTHOR_KEYS:
        value = record.get(key)
        for item in value if isinstance(value, list) else [value]:
            name = text_of(item)
            yield from (Credit(one, key, "author", name) for one in parse_names(name) if is_person(one))


def _once(found: list[Credit]) -> list[Credit]:
    seen: dict[tuple[str, str], Credit] = {}
    for credit in found:
        seen.setdefault((credit.name, credit.part), credit)
    authors = {name for name, part in seen if part == "author"}
    return [c for c in seen.values() if c.part != "other" or c.name not in authors]


def _printed(around: Surroundings) -> Iterator[Credit]:
    lines, start, end = around.lines, around.start, around.end
    for index in around.head:
        text = around.spaced(index)
        if len(text) <= MAX_CREDIT_LINE and not around.out_of_place(index, above=True):
            yield from line_credits(text, inside=False)
            yield from loose_credits(text)
            yield from _beside_date(text)
            for named in _BY.finditer(text):
                if is_person(named[1]):
                    yield Credit(named[1], "by", "author", text)
            yield from names_and_outlet(text)
            match = _NAME_AND_OUTLET.fullmatch(text)
            if match and is_person(match[1]) and not is_person(match[2]):
                yield Credit(match[1], "", "author", text)
    inside = {*range(start, min(end, start + OPENING_LINES)), *range(max(start, end - CLOSING_LINES), end)}
    for index in sorted(inside):
        text = lines[index].text
        if len(text) <= MAX_CREDIT_LINE:
            yield from line_credits(text, inside=True)
        yield from _bracketed(text, first=index < start + OPENING_LINES, last=end - index)
    for index in around.tail:
        text = lines[index].text
        if len(text) <= MAX_CREDIT_LINE and not around.out_of_place(index):
            yield from line_credits(text, inside=False)


def _beside_date(text: str) -> Iterator[Credit]:
    """A bare byline in the line of the date ("2021-03-05 09:30 某报记者 A")."""
    if not any(c.isdigit() for c in text):
        return
    for stamp in find_stamps(text):
        for part in (text[: stamp.start], text[stamp.end :]):
            yield from bare_credits(part.strip(" |｜·"), text)
        return


def _plain(around: Surroundings) -> Iterator[Credit]:
    """Names alone in a line above the text: marked as author's by a class, or each of three characters."""
    for index in around.head:
        line = around.lines[index]
        if index == around.title or not 2 <= len(line.text) <= MAX_CREDIT_LINE:
            continue
        for inner in islice(line.element.iter(), MAX_INNER):
            if AUTHOR_CLASS.search(attribute_words(inner)):
                names = parse_names(visible_text(inner, " "))
                yield from (Credit(name, "", "author", line.text) for name in names)
        names = parse_names(line.text) if len(line.text) <= 24 else []
        if all(len(name) >= 3 for name in names) and not around.out_of_place(index, above=True):
            yield from (Credit(name, "", "author", line.text) for name in names)


def _bracketed(text: str, *, first: bool, last: int) -> Iterator[Credit]:
    """Bylines in brackets: in the dateline, and at the end of the text, of which this is the `last` line."""
    window = text[:90] if first else ""
    for match in _BRACKETS.finditer(window):
        yield from bare_credits(match[1], text[: match.end()][-80:])
    if first and (dateline := _DATELINE.match(text)):
        for name in parse_names(dateline[1]):
            yield Credit(name, "", "author", dateline[0])
    if last <= CLOSING_LINES:
        for match in _BRACKETS.finditer(text[-90:]):
            yield from bare_credits(match[1], match[0])
    if last <= 2:
        if glued := _AFTER_TEXT.search(text[-90:]):
            yield from bare_credits(glued[1].strip(), glued[1])
        if end := _END_BRACKET.search(text):
            names = parse_names(end[1])
            if text[end.start() - 1 : end.start()] in ("", "。", "！", "”", "？", "…", " "):
                yield from (Credit(name, "", "author", end[0]) for name in names)
