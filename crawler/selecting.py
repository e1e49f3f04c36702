"""Whether the selectors of a site file still match: for alarms, not for reading articles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipelines.extract.charset import decode
from pipelines.extract.document import parse
from pipelines.extract.selectors import select_text


def find_matching(
    body: bytes, content_type: str, url: str, selectors: Mapping[str, Sequence[str]]
) -> list[str]:
    """Returns the fields whose selectors give a text on a page.

    `body` is the page after Content-Encoding, `url` where it was fetched.
    Raises SelectorError for what is neither CSS nor XPath.
    """
    root = parse(decode(body, content_type).text, url).root
    return [name for name, expressions in selectors.items() if select_text(root, expressions)]
