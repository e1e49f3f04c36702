"""The stage as one function: each field's module in turn, on one tree and one layout."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.extract.blocks import Layout, lay_out
from pipelines.extract.body import Body, find_body
from pipelines.extract.charset import Decoded, decode
from pipelines.extract.credits import find_credits
from pipelines.extract.date_text import read_stamp, to_moment
from pipelines.extract.dates import find_dates, time_zone
from pipelines.extract.document import Document, parse
from pipelines.extract.errors import ExtractError
from pipelines.extract.headlines import Headlines, find_headlines
from pipelines.extract.kind import find_kind
from pipelines.extract.names import parse_names
from pipelines.extract.parts import add_parts
from pipelines.extract.selectors import select_texts
from pipelines.extract.source import find_source
from pipelines.extract.surroundings import Surroundings, look_around
from pipelines.extract.teasers import find_teasers
from pipelines.extract.template import template_of
from pipelines.extract.title import find_title
from pipelines.garbage import collecting_later
from pipelines.models import Article, Credit, Moment, Page

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


@dataclass(slots=True)
class Reading:
    """One page as the field modules need it: read once, asked by each of them.

    `picked` holds what the site's selectors gave, by field; `unmatched` the
    fields for which they gave nothing.
    """

    page: Page
    decoded: Decoded
    doc: Document
    layout: Layout
    title: str
    beside: Headlines
    body: Body
    around: Surroundings
    picked: dict[str, list[str]]
    unmatched: tuple[str, ...]


def extract(page: Page) -> Article:
    """Returns what `page` says.

    Damaged HTML is read as far as it goes. The cyclic collector waits meanwhile:
    reading makes thousands of objects and no cycles. Raises ExtractError, with one clear
    line, when there is nothing that could be read as HTML: no bytes, or those
    of an image, a PDF or an archive; SelectorError when a site's selector is
    no CSS, XPath or JMESPath.
    """
    with collecting_later():
        return _extract(page)


def _extract(page: Page) -> Article:
    reading = read(page)
    doc, body, around, title = reading.doc, reading.body, reading.around, reading.title
    published, modified = find_dates(
        doc, body, page.fetched_at, page.site.timezone, around, page.site.founded
    )
    kind = find_kind(doc, body, title, around)
    teasers = find_teasers(doc, body, title)
    source = reading.picked.get("source") or [find_source(doc, body, around, title)]
    add_parts(body, page.parts, doc.url, title, page.site.selectors.get("body", ()))
    return Article(
        url=page.url,
        kind=kind,
        title=title,
        shoulder=reading.beside.shoulder,
        subtitle=reading.beside.subtitle,
        published=_picked_moment(reading, "published_at") or published,
        modified=_picked_moment(reading, "modified_at") or modified,
        source=source[0],
        credits=_credits(reading),
        paragraphs=body.paragraphs,
        captions=body.captions,
        teasers=teasers,
        boilerplate=body.dropped,
        charset=reading.decoded.charset,
        unmatched=reading.unmatched,
        template=template_of(doc.root, body.element) if kind == "article" else None,
    )


def read(page: Page) -> Reading:
    """Reads a page as far as all fields need it: its tree, title and body. Raises what `extract` raises."""
    _refuse_others(page.body)
    decoded = decode(page.body, page.headers.get("content-type", ""))
    selectors = page.site.selectors
    doc = parse(decoded.text, page.final_url or page.url)
    layout = lay_out(doc.root)
    picked = {name: select_texts(doc, given) for name, given in selectors.items() if name != "body"}
    title = next(iter(picked.get("title", ())), "") or find_title(doc, layout, page.site.publisher)
    beside = find_headlines(layout, title)
    body = find_body(doc, layout, (title, *beside.shown), selectors.get("body", ()))
    unmatched = [name for name, texts in picked.items() if not texts]
    unmatched += ["body"] if "body" in selectors and not body.selected else []
    return Reading(
        page,
        decoded,
        doc,
        layout,
        title,
        beside,
        body,
        look_around(doc, body, title),
        {name: texts for name, texts in picked.items() if texts},
        tuple(unmatched),
    )


def _picked_moment(reading: Reading, name: str) -> Moment | None:
    """The time in what a site's selector gave, None when there is none."""
    site = reading.page.site
    for text in reading.picked.get(name, ()):
        if stamp := read_stamp(text):
            return to_moment(
                stamp, reading.page.fetched_at, time_zone(site.timezone), text, "selector", convert=True
            )
    return None


def _credits(reading: Reading) -> list[Credit]:
    """The credits of a page; what a site's selectors gave stands for all authors, or all editors."""
    found = find_credits(reading.doc, reading.body, reading.around, reading.title)
    for name, part in (("authors", "author"), ("editors", "editor")):
        names = [
            n for text in reading.picked.get(name, ()) for n in (parse_names(text, lenient=True) or [text])
        ]
        if names:
            found = [c for c in found if c.part != part]
            found += [Credit(n, "", part, n) for n in dict.fromkeys(names)]  # type: ignore[arg-type]
    return found


def _refuse_others(body: bytes) -> None:
    """Raises ExtractError for what is no text at all."""
    if not body.strip(b"\x00 \t\r\n\f"):
        raise ExtractError("the page is empty")
    for start, name in _SIGNATURES.items():
        if body.startswith(start):
            raise ExtractError(f"the page is {name}, not HTML")
