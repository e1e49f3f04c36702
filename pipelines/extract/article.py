"""The stage as one function: each field's module in turn, on one tree and one layout."""

from __future__ import annotations

from pipelines.extract.blocks import lay_out
from pipelines.extract.body import find_body
from pipelines.extract.charset import decode
from pipelines.extract.document import parse
from pipelines.extract.errors import ExtractError
from pipelines.extract.kind import find_kind
from pipelines.extract.teasers import find_teasers
from pipelines.extract.title import find_title
from pipelines.models import Article, Page

__all__ = ["extract"]


def extract(page: Page) -> Article:
    """Returns what `page` says.

    Damaged HTML is read as far as it goes. Raises ExtractError, with one clear
    line, when there is nothing that could be read as HTML: no bytes, or bytes
    of another kind (an image, an archive).
    """
    if not page.body.strip(b"\x00 \t\r\n"):
        raise ExtractError("the page is empty")
    decoded = decode(page.body, page.headers.get("content-type", ""))
    doc = parse(decoded.text, page.final_url or page.url)
    layout = lay_out(doc.root)
    title = find_title(doc, layout, page.site.publisher)
    body = find_body(doc, layout, title)
    return Article(
        url=page.url,
        kind=find_kind(doc, body, title),
        title=title,
        paragraphs=body.paragraphs,
        captions=body.captions,
        teasers=find_teasers(doc, body),
        boilerplate=body.dropped,
        charset=decoded.charset,
    )
