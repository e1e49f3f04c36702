"""The Clean stage: an article's texts in one form, and what is not its own set aside."""

from __future__ import annotations

from dataclasses import replace

from pipelines.clean.boilerplate import set_aside
from pipelines.clean.text import normalise_line, normalise_text
from pipelines.models import Article, Credit, Teaser


def clean(article: Article) -> Article:
    """Returns a copy of `article` with normalised texts; boilerplate paragraphs move to `boilerplate`.

    Credits are never read here: an editor line is set aside with its text, and
    its names are the extraction's to find. Idempotent.
    """
    paragraphs = [line for text in article.paragraphs for line in normalise_text(text).split("\n") if line]
    own, found = set_aside(paragraphs)
    before = [replace(b, text=normalise_text(b.text)) for b in article.boilerplate]
    return replace(
        article,
        title=normalise_line(article.title),
        source=normalise_line(article.source),
        credits=[_credit(credit) for credit in article.credits],
        paragraphs=own,
        captions=[line for text in article.captions if (line := normalise_line(text))],
        teasers=[_teaser(teaser) for teaser in article.teasers],
        boilerplate=before + found,
    )


def _credit(credit: Credit) -> Credit:
    name, role, raw = (normalise_line(text) for text in (credit.name, credit.role, credit.raw))
    return replace(credit, name=name, role=role, raw=raw)


def _teaser(teaser: Teaser) -> Teaser:
    return replace(teaser, title=normalise_line(teaser.title), text=normalise_text(teaser.text))
