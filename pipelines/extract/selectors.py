"""Site selectors: CSS or XPath expressions per field, run on the tree that is already parsed.

They come from a site's file and win over the generic extractor field by field.
An expression that matches nothing leaves the field to the generic extractor.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import cssselect
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.etree import _Element as HtmlElement

from pipelines.extract.blocks import lay_out, squeeze
from pipelines.extract.errors import SelectorError

_XPATH_STARTS = ("/", "./", "(")


@lru_cache(maxsize=1024)
def compile_selector(expression: str) -> etree.XPath:
    """Compiles CSS, or XPath when it starts with "/", "./" or "("; raises SelectorError for neither."""
    try:
        if expression.startswith(_XPATH_STARTS):
            return etree.XPath(expression)
        return CSSSelector(expression, translator="html")
    except (etree.XPathError, cssselect.SelectorError) as error:
        raise SelectorError(f"not a CSS selector or XPath: {expression!r} ({error})") from error


def select(root: HtmlElement, expressions: Sequence[str]) -> list[HtmlElement | str]:
    """Returns what the first expression that matches anything matches: elements, or texts of an XPath."""
    for expression in expressions:
        try:
            found: Any = compile_selector(expression)(root)
        except etree.XPathEvalError as error:
            raise SelectorError(f"not a CSS selector or XPath: {expression!r} ({error})") from error
        matches = found if isinstance(found, list) else [str(found)]
        if matches := [m for m in matches if not isinstance(m, str) or squeeze(m)]:
            return [m if isinstance(m, HtmlElement) else str(m) for m in matches]
    return []


def select_text(root: HtmlElement, expressions: Sequence[str]) -> str:
    """Returns the text of the first match, its lines joined with a space; "" when nothing matches."""
    for match in select(root, expressions):
        if isinstance(match, str):
            return squeeze(match)
        if text := " ".join(block.text for block in lay_out(match).blocks):
            return text
        if text := squeeze(match.get("content") or match.get("datetime") or match.get("value") or ""):
            return text
    return ""


def select_elements(root: HtmlElement, expressions: Sequence[str]) -> list[HtmlElement]:
    """Returns the elements that the first matching expression gives, without those inside another of them."""
    found = [m for m in select(root, expressions) if isinstance(m, HtmlElement)]
    inside = {id(e) for e in found}
    return [e for e in found if not any(id(a) in inside for a in e.iterancestors())]
