"""The stage as one function: each field's module in turn, on one tree and one layout."""

from __future__ import annotations

from pipelines.extract.blocks import lay_out
from pipelines.extract.body import find_body
from pipelines.extract.charset import decode
from pipelines.extract.credits import find_credits
from pipelines.extract.dates import find_dates
from pipelines.extract.document import parse
from pipelines.extract.errors import ExtractError
from pipelines.extract.headlines import find_headlines
from pipelines.extract.kind import find_kind
from pipelines.extract.parts import add_parts
from pipelines.extract.selectors import select_text
from pipelines.extract.source import find_source
from pipelines.extract.surroundings import look_around
from pipelines.extract.teasers import find_teasers
from pipelines.extract.title import find_title
from pipelines.models import Article, Page

#: how other kinds of files begin, and what they are; from the lists of file signatures of their formats
_SIGNATURES = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "a RIFF file",
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a ZIP archive or an Office file",
    b"\x1f\x8b": "gzip data",
    b"\x28\xb5\x2f\xfd": "Zstandard data",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"\x7fELF": "a program",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
}


def extract(page: Page) -> Article:
    """Returns what `page` says.

    Damaged HTML is read as far as it goes. Raises ExtractError, with one clear
    line, when there is nothing that could be read as HTML: no bytes, or those
    of an image, a PDF or an archive; SelectorError when a site's selector is
    neither CSS nor XPath.
    """
    _refuse_others(page.body)
    decoded = decode(page.body, page.headers.get("content-type", ""))
    selectors = page.site.selectors
    doc = parse(decoded.text, page.final_url or page.url)
    layout = lay_out(doc.root)
    title = select_text(doc.root, selectors.get("title", ())) or find_title(doc, layout, page.site.publisher)
    beside = find_headlines(layout, title)
    body = find_body(doc, layout, (title, beside.shoulder, beside.subtitle), selectors.get("body", ()))
    around = look_around(doc, body, title)
    published, modified = find_dates(doc, body, page.fetched_at, page.site.timezone, around)
    kind = find_kind(doc, body, title, around)
    teasers = find_teasers(doc, body, title)
    add_parts(body, page.parts, doc.url, title, selectors.get("body", ()))
    return Article(
        url=page.url,
        kind=kind,
        title=title,
        shoulder=beside.shoulder,
        subtitle=beside.subtitle,
        published=published,
        modified=modified,
        source=select_text(doc.root, selectors.get("source", ())) or find_source(doc, body, around, title),
        credits=find_credits(doc, body, around, title),
        paragraphs=body.paragraphs,
        captions=body.captions,
        teasers=teasers,
        boilerplate=body.dropped,
        charset=decoded.charset,
    )


def _refuse_others(body: bytes) -> None:
    """Raises ExtractError for what is no text at all."""
    if not body.strip(b"\x00 \t\r\n\f"):
        raise ExtractError("the page is empty")
    for start, name in _SIGNATURES.items():
        if body.startswith(start):
            raise ExtractError(f"the page is {name}, not HTML")
