"""Site selectors: CSS, XPath or JMESPath expressions per field, run on the tree that is already parsed.

They come from a site's file and win over the generic extractor field by field.
An expression that matches nothing leaves the field to the generic extractor.
XPath begins with "/", "./" or "("; JMESPath with "json:", and is searched in
the JSON that the page's scripts hold; all else is CSS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import cssselect
import jmespath
from jmespath.exceptions import JMESPathError
from lxml import etree
from lxml.etree import _Element as HtmlElement
from parsel.csstranslator import HTMLTranslator

from pipelines.extract.blocks import lay_out, squeeze
from pipelines.extract.document import Document
from pipelines.extract.embedded import script_values
from pipelines.extract.errors import SelectorError

JSON_PREFIX = "json:"
"""What a JMESPath expression begins with."""

_CSS = HTMLTranslator()  # parsel's, which knows ::text and ::attr(name)
_XPATH_STARTS = ("/", "./", "(")


@lru_cache(maxsize=1024)
def compile_selector(expression: str) -> Callable[[Document], Any]:
    """Compiles an expression to a function from a document to what it matches.

    Raises SelectorError when it is neither CSS nor XPath nor JMESPath.
    """
    try:
        if expression.startswith(JSON_PREFIX):
            path = jmespath.compile(expression.removeprefix(JSON_PREFIX).strip())
            return lambda doc: next(_found_in_json(doc, path.search), [])
        if expression.startswith(_XPATH_STARTS):
            xpath = etree.XPath(expression)
        else:
            xpath = etree.XPath(_CSS.css_to_xpath(expression))
    except (etree.XPathError, cssselect.SelectorError, JMESPathError) as error:
        raise SelectorError(f"not a CSS selector, XPath or JMESPath: {expression!r} ({error})") from error
    return lambda doc: xpath(doc.root)


def _found_in_json(doc: Document, search: Callable[[Any], Any]) -> Iterator[list[str]]:
    """Yields what a JMESPath finds in each JSON value of the page's scripts."""
    for value in script_values(doc):
        try:
            found = search(value)
        except JMESPathError:  # a function that does not take what this script holds
            continue
        texts = [str(v) for v in (found if isinstance(found, list) else [found]) if isinstance(v, (str, int))]
        if any(texts):
            yield texts


def select(doc: Document, expressions: Sequence[str]) -> list[HtmlElement | str]:
    """Returns what the first expression that matches anything matches: elements, or texts of an XPath."""
    for expression in expressions:
        try:
            found = compile_selector(expression)(doc)
        except etree.XPathEvalError as error:
            raise SelectorError(f"not an XPath: {expression!r} ({error})") from error
        matches = found if isinstance(found, list) else [str(found)]
        if matches := [m for m in matches if not isinstance(m, str) or squeeze(m)]:
            return [m if isinstance(m, HtmlElement) else str(m) for m in matches]
    return []


def select_texts(doc: Document, expressions: Sequence[str]) -> list[str]:
    """Returns the texts of all matches of the first expression that matches; none of them is empty."""
    return [text for match in select(doc, expressions) if (text := _text_of(match))]


def _text_of(match: HtmlElement | str) -> str:
    if isinstance(match, str):
        return squeeze(match)
    if text := " ".join(block.text for block in lay_out(match).blocks):
        return text
    return squeeze(match.get("content") or match.get("datetime") or match.get("value") or "")


def select_elements(doc: Document, expressions: Sequence[str]) -> list[HtmlElement]:
    """Returns the elements that the first matching expression gives, without those inside another of them."""
    found = [m for m in select(doc, expressions) if isinstance(m, HtmlElement)]
    inside = {id(e) for e in found}
    return [e for e in found if not any(id(a) in inside for a in e.iterancestors())]
