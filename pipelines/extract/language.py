"""In which language a page is written, cheaply: before anything else is read in it.

Model: langid.py (Lui and Baldwin, 2012) as py3langid ships it.
"""

from __future__ import annotations

import re

from pipelines.extract.charset import decode

READ_CHARACTERS = 4000
"""How much of a page's text decides; more changes nothing and costs time."""

# what no reader sees
_UNSEEN = re.compile(
    r"<(script|style|noscript|template)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>|&\w+;", re.DOTALL | re.IGNORECASE
)
_SPACE = re.compile(r"\s+")
# the model's codes for Chinese that is not written in the standard's words
_CHINESE = frozenset(("yue", "wuu", "lzh", "nan", "gan", "hak"))


def language_of(body: bytes, content_type: str) -> str:
    """Returns the ISO 639 code of a page's language ("zh", "en"), "" for a page without text.

    `body` is the page after Content-Encoding. All written Chinese is "zh".
    """
    import py3langid  # its model takes most of a second to load, and few runs ask

    text = _SPACE.sub(" ", _UNSEEN.sub(" ", decode(body, content_type).text)).strip()
    if not any(character.isalpha() for character in text):
        return ""
    # the middle: menus stand at the head, imprints at the foot
    begin = max(0, (len(text) - READ_CHARACTERS) // 2)
    code = str(py3langid.classify(text[begin : begin + READ_CHARACTERS])[0])
    return "zh" if code in _CHINESE else code
