"""Short names that the text itself gives: 以下简称, or another name in brackets."""

from __future__ import annotations

import re
from typing import Final

from pipelines.entities.lexicon import HAN, alternatives, words
from pipelines.entities.organisation_names import parse_name
from pipelines.entities.short_name_reading import MIN_SHORT, Reading, places_of
from pipelines.models import Mention

_WORDS: Final = "organisation_words.toml"
_ALIAS = rf"[“\"‘「']?([{HAN}A-Za-z0-9·&\- ]{{2,20}}?)[”\"’」']?"
_DEFINED = re.compile(
    rf"[”\"’」]?[（(,，][ ]?(?:[^（()）。；\n]{{0,30}}?[,，;；]\s?)?"
    rf"(?:{alternatives(words(_WORDS, 'called'))})"
    rf"[:：为是作]?\s?{_ALIAS}(?:\s?[或、/]\s?{_ALIAS})?\s?(?=[)）,，。；;])"
)
_BRACKETED = re.compile(rf"[（(]([{HAN}A-Za-z]{{3,14}})[)）]")
_LATIN = re.compile(r"\s?[（(](?:英文名?[:：])?([A-Z][A-Za-z&\-]{1,14})[)）]")
# WWF（世界自然基金会）
_LATIN_BEFORE = re.compile(r"(?<![A-Za-z])([A-Z][A-Za-z&\-]{1,14})$")


def add_defined(reading: Reading) -> None:
    """Adds the names that the text gives right behind or before an organisation, and where they stand."""
    text = reading.text
    for mention in list(reading.mentions):
        found = _DEFINED.match(text, mention.end) or _LATIN.match(text, mention.end)
        if found is None and text[mention.start - 1 : mention.start] in ("（", "("):
            found = _LATIN_BEFORE.search(text, max(0, mention.start - 16), mention.start - 1)
        found = found or _with_same_form(text, mention)
        if found is None:
            continue
        for group in range(1, (found.lastindex or 0) + 1):
            short = (found[group] or "").strip()
            if len(short) < MIN_SHORT or short == mention.surface:
                continue
            reading.meant[short] = {mention.surface}
            reading.rules[short] = "alias.defined"
            if short not in words(_WORDS, "generic"):
                for start in places_of(text, short):
                    reading.add(
                        start, start + len(short), mention.surface, mention.type, "organisation.defined"
                    )


def _with_same_form(text: str, mention: Mention) -> re.Match[str] | None:
    """北京市企业家环保基金会（SEE基金会）: a name of the same form in brackets is another name."""
    found = _BRACKETED.match(text, mention.end)
    form = parse_name(mention.surface).form
    return found if found and form and found[1].endswith(form[-2:]) and found[1] != form else None
