"""Plain text in one form: Unicode and white space.

What is read as the same is written the same: NFC (Unicode Standard Annex 15);
letters, digits and ASCII signs of full width (the block "Halfwidth and
Fullwidth Forms") become half-width, while Chinese punctuation stays as it is;
characters that can't be seen go. Nothing else of a text changes.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# of the full-width block these are Chinese punctuation, or belong with it
_KEPT_FULL_WIDTH: Final = "！（），：；？～"
_HALF_WIDTH_CJK: Final = {"｡": "。", "｢": "「", "｣": "」", "､": "、", "･": "·"}

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# tab, and the space separators (Zs) with the Mongolian vowel separator that once was one
_SPACES = re.compile("[\t\u00a0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]")
# controls, soft hyphen, zero-width and direction marks, BOM, interlinear marks, noncharacters, surrogates
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200c\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
# a joiner holds emoji together; anywhere else in Chinese text it is litter
_LITTER_JOINER = re.compile("(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d")
_SPACE_RUN = re.compile(" {2,}")
_LINE_EDGES = re.compile(" *\n[ \n]*")


def _full_width_table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _KEPT_FULL_WIDTH}
    table |= {ord(half): full for half, full in _HALF_WIDTH_CJK.items()}
    table |= {0xFFE0: "¢", 0xFFE1: "£", 0xFFE5: "¥"}
    return table


_FULL_WIDTH = re.compile("[\uff00-\uffef]")
_TABLE: Final = _full_width_table()


def normalise_text(text: str) -> str:
    """Returns `text` normalised: lines stripped and separated by one newline, no empty lines.

    Runs of spaces become one space. Idempotent; the result can always be
    encoded as UTF-8 and holds no NUL, which PostgreSQL refuses.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _SPACES.sub(" ", text)
    text = _LITTER_JOINER.sub("", _UNSEEN.sub("", text))
    if _FULL_WIDTH.search(text):
        text = text.translate(_TABLE)
    text = unicodedata.normalize("NFC", text)
    return _LINE_EDGES.sub("\n", _SPACE_RUN.sub(" ", text)).strip(" \n")


def normalise_line(text: str) -> str:
    """The same for text that is one line, such as a title or a name: newlines become spaces."""
    return _SPACE_RUN.sub(" ", normalise_text(text).replace("\n", " "))
