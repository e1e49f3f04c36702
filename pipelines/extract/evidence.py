"""Why each field has its value: the candidates, their scores, and what speaks against them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta

from pipelines.extract.article import Reading, extract, read
from pipelines.extract.blocks import Node
from pipelines.extract.bylines import markup_authors
from pipelines.extract.dates import Candidate, candidates, time_zone
from pipelines.extract.source import source_candidates
from pipelines.extract.title import title_candidates
from pipelines.models import Article, Evidence, Moment, Page, Rival

MAX_RIVALS = 6
"""More rivals than this of one field are not told."""


def explain(page: Page) -> tuple[Article, list[Evidence]]:
    """Returns what `extract` returns, and the evidence for each field that has a value or a rival.

    Takes about twice the time of `extract`; raises what it raises.
    """
    article = extract(page)
    reading = read(page)
    dates = candidates(
        reading.doc,
        reading.body,
        page.fetched_at,
        page.site.timezone,
        reading.around,
        page.site.founded,
    )
    found = [
        _title(article, reading),
        *(
            _moment(name, moment, rivals, page)
            for name, moment, rivals in (
                ("published", article.published, dates[0]),
                ("modified", article.modified, dates[1]),
            )
        ),
        _source(article, reading),
        *_authors(article, reading),
        _body(article, reading),
    ]
    return article, [e for e in found if e.value or e.rivals]


def _title(article: Article, reading: Reading) -> Evidence:
    ranked = title_candidates(reading.doc, reading.layout, reading.page.site.publisher)
    rivals = [Rival(c.text, ", ".join(c.places), round(c.votes, 2)) for c in ranked]
    if "title" in reading.picked:
        return Evidence("title", article.title, "selector", rivals=tuple(rivals[:MAX_RIVALS]))
    if not ranked:
        return Evidence("title", "", "")
    best = ranked[0]
    return Evidence(
        "title",
        article.title,
        ", ".join(best.places),
        best.text,
        round(best.votes, 2),
        rivals=tuple(rivals[1 : 1 + MAX_RIVALS]),
    )


def _moment(name: str, moment: Moment | None, ranked: Sequence[Candidate], page: Page) -> Evidence:
    rivals = [Rival(c.moment.isoformat(), c.moment.rule, c.score) for c in ranked]
    if moment is None:
        return Evidence(name, "", "", rivals=tuple(rivals[:MAX_RIVALS]))
    at = next((i for i, c in enumerate(ranked) if c.moment.raw == moment.raw), -1)
    return Evidence(
        name,
        moment.isoformat(),
        moment.rule + (", inferred" if moment.inferred else ""),
        moment.raw,
        ranked[at].score if at >= 0 else 0.0,
        moment.precision,
        doubt(moment, page),
        tuple(r for i, r in enumerate(rivals) if i != at)[:MAX_RIVALS],
    )


def doubt(moment: Moment, page: Page) -> str:
    """Returns why a time is not plausible, "" when it is.

    It should not lie after the fetch, nor before the site's first day, nor be
    the mere day of the fetch, which a site's calendar prints.
    """
    fetched = page.fetched_at if page.fetched_at.tzinfo else page.fetched_at.replace(tzinfo=UTC)
    here = fetched.astimezone(time_zone(page.site.timezone))
    if moment.at > here + timedelta(minutes=5):
        return "after the fetch"
    if page.site.founded and moment.at.date() < page.site.founded:
        return "before the site's first day"
    if moment.precision == "day" and moment.at.date() == here.date():
        return "the day of the fetch"
    return ""


def _source(article: Article, reading: Reading) -> Evidence:
    ranked = list(source_candidates(reading.doc, reading.body, reading.around, reading.title))
    others = {name: Rival(name, rule, 0.0) for name, rule in reversed(ranked) if name != article.source}
    rivals = tuple(reversed(others.values()))[:MAX_RIVALS]
    if "source" in reading.picked:
        return Evidence("source", article.source, "selector", rivals=rivals)
    return Evidence("source", article.source, ranked[0][1] if ranked else "", rivals=rivals)


def _authors(article: Article, reading: Reading) -> list[Evidence]:
    """One a credit; what the markup claims besides stands as the rivals of the first author."""
    names = {c.name for c in article.credits}
    claimed = markup_authors(reading.doc, foreign=not reading.around.chinese)
    rivals = tuple(Rival(c.name, c.role, 0.0) for c in claimed if c.name not in names)[:MAX_RIVALS]
    found = [Evidence(c.part, c.name, c.role or "name alone", c.raw) for c in article.credits]
    if rivals:
        found.append(Evidence("author", "", "", rivals=rivals))
    return found


def _body(article: Article, reading: Reading) -> Evidence:
    chosen = reading.body.node
    value = f"{len(article.paragraphs)} paragraphs, {len(article.body)} characters"
    if reading.body.selected:
        return Evidence("body", value, "selector")
    if chosen is None:
        return Evidence("body", value if article.paragraphs else "", "script" if article.paragraphs else "")
    others = sorted(
        (n for n in reading.layout.nodes if n.score > 0 and not _related(n, chosen)), key=lambda n: -n.score
    )
    rivals = tuple(Rival(_path(n), "container", round(n.score, 1)) for n in others[:MAX_RIVALS])
    return Evidence("body", value, "container", _path(chosen), round(chosen.score, 1), rivals=rivals)


def _related(node: Node, chosen: Node) -> bool:
    """Whether one of the two holds the other."""
    return (node.first <= chosen.first and chosen.last <= node.last) or (
        chosen.first <= node.first and node.last <= chosen.last
    )


def _path(node: Node) -> str:
    """The element as a CSS selector would name it."""
    classes = "".join(f".{name}" for name in node.classes.split()[:3])
    return f"{node.tag}{'#' + node.id if node.id else ''}{classes}"
