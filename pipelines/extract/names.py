"""Chinese personal names in bylines: what is one, and where one ends when they run together."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from itertools import accumulate

from pipelines.extract.folding import fold
from pipelines.extract.tables import load_table

MAX_RUN = 32
"""A longer string without separators is no list of names."""

_SEPARATORS = re.compile(
    r"[\s、，,；;/／&＆|｜丨·\u3000]+|(?<=[\u4e00-\u9fff])(?:和|及|与)(?=[\u4e00-\u9fff])"
)
# editors sign with a number: 某某_NF1234
_CODE = re.compile(r"(?<=[\u4e00-\u9fff])_?[A-Z]{0,4}\d{2,}")
_CJK = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]+")
_MIXED_SCRIPT_NAME = re.compile(r"[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff·]{1,10}")
_LATIN_NAME = re.compile(r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,3}")


@cache
def surnames() -> tuple[dict[str, int], frozenset[str]]:
    """Returns single surnames with their rank by frequency (0 is the most frequent), and double surnames."""
    text = files("pipelines.extract").joinpath("surnames.txt").read_text("utf-8")
    rows = [word for line in text.split("\n") if not line.startswith("#") for word in line.split()]
    single: dict[str, int] = {}
    for row in rows:
        if len(row) != 2:
            for character in row:
                single.setdefault(character, len(single))
    return single, frozenset(row for row in rows if len(row) == 2)


def is_person(text: str) -> bool:
    """Tells whether `text` is shaped like one Chinese name: a known surname and one or two characters."""
    text = fold(text)
    if is_no_person(text):
        return False
    if _MIXED_SCRIPT_NAME.fullmatch(text):
        return True
    if not _CJK.fullmatch(text):
        return False
    single, double = surnames()
    if text[:2] in double and 3 <= len(text) <= 4:
        return True
    return text[0] in single and 2 <= len(text) <= 3


def is_no_person(text: str) -> bool:
    """Tells whether `text` is a word that stands where a name should (佚名, admin) or an organisation."""
    words = load_table("credit_words.toml")["people"]
    bare = fold(text.strip().lower())
    if not bare or bare in words["none"]:
        return True
    return bare.endswith(tuple(words["organisation_endings"])) and (
        len(bare) > 3 or bare[-1] in "报網网社刊局部委办处厅署" or len(bare) == 2
    )


def split_run(text: str) -> list[str]:
    """Splits names written without separators (王蓓武玟斌) by their surnames; [] when that can't be done.

    Of all ways to read the whole string as names, the one with the most names
    of three characters and the most frequent surnames wins.
    """
    if not 2 <= len(text) <= MAX_RUN or not _CJK.fullmatch(text):
        return []
    single, double = surnames()
    written, text = text, fold(text)
    best: list[tuple[float, list[str]] | None] = [(0.0, [])] + [None] * len(text)
    for start in range(len(text)):
        here = best[start]
        if here is None:
            continue
        for size in (2, 3, 4):
            piece = text[start : start + size]
            if len(piece) < size:
                break
            if piece[:2] in double and size > 2:
                cost = 0.2 * (4 - size)
            elif size < 4 and piece[0] in single:
                cost = (1.2 if size == 2 else 0.0) + 0.3 + min(single[piece[0]] / 150, 2.0)
            else:
                continue
            known = best[start + size]
            if known is None or here[0] + cost < known[0]:
                best[start + size] = (here[0] + cost, [*here[1], piece])
    found = best[len(text)]
    sizes = [len(name) for name in found[1]] if found else []
    return [written[end - size : end] for size, end in zip(sizes, accumulate(sizes), strict=True)]


def parse_names(text: str, *, lenient: bool = False) -> list[str]:
    """Reads `text` as a list of names and nothing else; [] when something in it is no name.

    With `lenient` the reading stops at the first thing that is no name and
    keeps what came before; short pen names without a known surname are taken too.
    """
    text = _CODE.sub(" ", text).strip(" 　:：|｜丨,，、;；/／.。()（）[]【】")
    if lenient and _LATIN_NAME.fullmatch(text) and not is_no_person(text):
        return [text]
    found: list[str] = []
    tokens = _join_spaced(_tokens(text))
    while lenient and len(tokens) > 1 and _is_affiliation(tokens[0]):
        tokens = tokens[1:] if is_person(tokens[1]) or _is_affiliation(tokens[1]) else []
    for token in tokens:
        names = _names_of(token, lenient and not found)
        if not names:
            if is_no_person(token) and token and not lenient:
                return []
            return found if lenient else []
        found += names
    return found


def _is_affiliation(token: str) -> bool:
    """Tells whether a word before people is their organisation or position (某某协会社工助理 张三)."""
    return is_no_person(token) or (len(token) > 4 and not split_run(token))


def _tokens(text: str) -> list[str]:
    if _MIXED_SCRIPT_NAME.fullmatch(text):
        return [text]
    return [token for token in _SEPARATORS.split(text) if token]


def _join_spaced(tokens: list[str]) -> list[str]:
    """张 三 is one name: two-character names are spaced out to the width of three."""
    joined: list[str] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        following = tokens[index + 1] if index + 1 < len(tokens) else ""
        if len(token) == 1 and len(following) == 1 and token in surnames()[0]:
            joined.append(token + following)
            index += 2
        else:
            joined.append(token)
            index += 1
    return joined


def _names_of(token: str, lenient: bool) -> list[str]:
    if is_person(token):
        return [token]
    if is_no_person(token):
        return []
    if len(token) >= 4 and (run := split_run(token)):
        return run if all(is_person(name) for name in run) else []
    if lenient and 2 <= len(token) <= 4 and _CJK.fullmatch(token):
        return [token]
    return []
