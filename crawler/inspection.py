"""Everything the system sees in one page, as data and as a view for a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from itertools import accumulate
from typing import Any
from urllib.parse import urlsplit

from rich.cells import chop_cells
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from pipelines.models import Moment, Page

_CHINESE = re.compile("[\u4e00-\u9fff]")
MENTION_STYLES = {"person": "green", "organisation": "cyan", "place": "magenta"}


def inspect_page(page: Page, *, explained: bool = False) -> dict[str, Any]:
    """Runs every stage but the store on one page and returns what each one saw.

    The object of `scrapy extract` with more: `status`, `fetched_at`, evidence
    for the times, `mentions`, `roles`, `aliases`, `places`, `figures`, `times`,
    `topics`, `digest` and, for a list page, `links`; with `explained` also
    `evidence`, which names the candidates for each field.
    Raises ExtractError when the page can't be read.
    """
    from crawler.discovery.link import LinkRules  # late: every scrapy command imports this module
    from crawler.discovery.links import find_links
    from pipelines.clean import clean
    from pipelines.dedup import fingerprint
    from pipelines.entities import find_entities
    from pipelines.extract import explain, extract
    from pipelines.extract.charset import decode

    content_type = page.headers.get("content-type", "")
    decoded = decode(page.body, content_type)
    host = urlsplit(page.final_url).hostname
    links = find_links(page.body, content_type, page.final_url, LinkRules((host,))).articles if host else ()
    size = len(page.body)
    extracted, evidence = explain(page) if explained else (extract(page), [])
    article = clean(extracted)
    found = find_entities(
        article.body,
        article.credits,
        title=article.title,
        published=article.published,
        region=page.site.region,
    )
    record = article.as_record(page.url)
    record |= {
        "status": page.status,
        "fetched_at": page.fetched_at.isoformat(timespec="seconds"),
        "bytes": size,
        "charset_declared": decoded.declared,
        "published": _evidence(article.published),
        "modified": _evidence(article.modified),
        "roles": [asdict(role) for role in found.roles],
        "aliases": {alias.short: alias.full for alias in found.aliases},
        **found.as_record(),
        "digest": fingerprint(article.body, article.title).digest if article.body else None,
        "links": [{"url": link.url, "text": link.text} for link in links],
    }
    if explained:
        record["evidence"] = [asdict(e) for e in evidence]
    return record


def _evidence(moment: Moment | None) -> dict[str, Any] | None:
    if moment is None:
        return None
    return {
        "value": moment.isoformat(),
        "precision": moment.precision,
        "raw": moment.raw,
        "rule": moment.rule,
        "inferred": moment.inferred,
    }


def show(out: Console, record: dict[str, Any], paragraphs: int = 0) -> None:
    """Prints what `inspect_page` returned; `paragraphs` bounds how many of the body, 0 for all."""
    out.rule(f"[bold]{escape(record['title'] or '(no title)')}", align="left")
    for name, value in _facts(record):
        if value:
            out.print(Text.assemble((f"{name:>13}  ", "bold blue"), str(value)))
    body = record["body"].split("\n") if record["body"] else []
    shown = body[:paragraphs] if paragraphs else body
    _heading(out, f"body: {len(body)} paragraphs, {len(record['body'])} characters")
    start = 0
    for paragraph in shown:
        for line in _lines(_marked(paragraph, start, record["mentions"]), out.width - 2):
            out.print(Padding(line, (0, 0, 0, 2)))
        start += len(paragraph) + 1
    if len(shown) < len(body):
        out.print(f"  ... {len(body) - len(shown)} more paragraphs", style="dim")
    _show_evidence(out, record.get("evidence", ()))
    _list(out, "captions", record["captions"])
    _list(out, "set aside", [f"{b['kind']}: {b['text']}" for b in record["boilerplate"]])
    _list(out, "teasers", [f"{t['title'] or t['text']}  {t['url']}" for t in record["teasers"]])
    if record["kind"] != "article":
        _list(out, "article links", [f"{link['text']}  {link['url']}" for link in record["links"]])


def _show_evidence(out: Console, evidence: Sequence[dict[str, Any]]) -> None:
    """Prints each field's value with the rule that found it, and below it the values that lost."""
    if not evidence:
        return
    _heading(out, "why")
    for found in evidence:
        score = f", score {found['score']:g}" if found["score"] else ""
        exact = f", to the {found['precision']}" if found["precision"] else ""
        out.print(Text.assemble((f"{found['field']:>13}  ", "bold blue"), found["value"] or "(nothing)"))
        if found["rule"]:
            out.print(Text(f"{'':15}by {found['rule']}{score}{exact}", style="dim"))
        if found["raw"] and found["raw"] != found["value"]:
            out.print(Text(f"{'':15}from “{found['raw'][:120]}”", style="dim"))
        if found["doubt"]:
            out.print(Text(f"{'':15}not plausible: {found['doubt']}", style="yellow"))
        for rival in found["rivals"]:
            score = f", score {rival['score']:g}" if rival["score"] else ""
            out.print(Text(f"{'':15}not  {rival['value'][:100]}  ({rival['rule']}{score})", style="dim"))


def _facts(record: dict[str, Any]) -> list[tuple[str, str]]:
    credits_ = [f"{c['name']} ({c['role']})" if c["role"] else c["name"] for c in record["credits"]]
    charset = record["charset"]
    if record["charset_declared"] and record["charset_declared"].lower() != charset.lower():
        charset += f", the page claims {record['charset_declared']}"
    people = _names(record["mentions"], "person")
    return [
        ("url", record["url"]),
        ("kind", record["kind"]),
        ("published", _moment(record["published"])),
        ("modified", _moment(record["modified"])),
        ("source", record["source"] or ""),
        ("credits", ", ".join(credits_)),
        ("people", people),
        ("organisations", _names(record["mentions"], "organisation")),
        ("short names", ", ".join(f"{short}: {full}" for short, full in record["aliases"].items())),
        (
            "roles",
            "; ".join(
                " ".join(filter(None, (r["person"], r["organisation"], r["role"]))) for r in record["roles"]
            ),
        ),
        ("places", _names(record["mentions"], "place")),
        ("charset", charset),
        ("page", f"status {record['status']}, {record['bytes']:,} bytes, fetched {record['fetched_at']}"),
    ]


def _names(mentions: Sequence[dict[str, Any]], kind: str) -> str:
    return ", ".join(dict.fromkeys(m["name"] for m in mentions if m["kind"] == kind))


def _moment(evidence: dict[str, Any] | None) -> str:
    if not evidence:
        return ""
    exact = f"to the {evidence['precision']}" + (", inferred" if evidence["inferred"] else "")
    return f"{evidence['value']}  ({exact}; {evidence['rule']}: {evidence['raw']})"


def _marked(paragraph: str, start: int, mentions: Sequence[dict[str, Any]]) -> Text:
    text = Text(paragraph)
    for mention in mentions:
        if start <= mention["start"] < start + len(paragraph):
            text.stylize(MENTION_STYLES[mention["kind"]], mention["start"] - start, mention["end"] - start)
    return text


def _lines(text: Text, width: int) -> list[Text]:
    """Breaks a paragraph at any Chinese character; rich would move a whole sentence to the next line."""
    if not _CHINESE.search(text.plain):
        return [text]
    cuts = accumulate(len(line) for line in chop_cells(text.plain, width))
    return [line for line in text.divide(list(cuts)[:-1]) if line.plain]


def _heading(out: Console, title: str) -> None:
    out.print(f"\n[bold]{escape(title)}")


def _list(out: Console, title: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    _heading(out, f"{title}: {len(lines)}")
    for line in lines:
        out.print(Text("  " + line, overflow="ellipsis", no_wrap=True))
