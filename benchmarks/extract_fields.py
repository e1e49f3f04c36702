"""How right extraction is, field by field, on made-up pages of many publishing systems.

    python -m benchmarks.extract_fields [--count N] [--seed N] [--misses FIELD]

Prints a row a template: the share of pages whose title, day, minute and source
are right, F1 over names for authors and editors, and for the body the mean F1
of character 4-grams (text that may stand in either place is not counted).
"""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.made_pages import MadePage, make_pages
from pipelines.clean import clean
from pipelines.extract import extract
from pipelines.models import Article

FIELDS = (
    "title",
    "shoulder",
    "subtitle",
    "day",
    "minute",
    "source",
    "authors",
    "editors",
    "body",
    "captions",
    "kind",
)


def norm(text: str | None) -> str:
    """`text` in NFKC without white space and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text or ""))


def grams(text: str) -> Counter[str]:
    """The 4-grams of normalised `text` with their counts."""
    text = norm(text)
    return Counter(text[i : i + 4] for i in range(max(1, len(text) - 3))) if text else Counter()


def body_f1(got: str, wanted: str, optional: str) -> float:
    """F1 of 4-grams; those of `optional` are neither asked nor punished."""
    have, want = grams(got), grams(wanted)
    hit = sum((have & want).values())
    if not hit:
        return 0.0
    extra = sum((have - want - grams(optional)).values())
    precision, recall = hit / (hit + extra), hit / sum(want.values())
    return 2 * precision * recall / (precision + recall)


@dataclass(slots=True)
class Marks:
    """Sums over pages: points and possible points by field, names right, wrong and missed."""

    points: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    names: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, name: str, points: float) -> None:
        """Counts one page's points for a field."""
        self.points[name] += points  # type: ignore[assignment]
        self.asked[name] += 1

    def add_names(self, name: str, got: Iterable[str], want: Iterable[str]) -> bool:
        """Counts names; returns whether they are right."""
        have, need = set(map(norm, got)), set(map(norm, want))
        self.names[name] += Counter(hit=len(have & need), wrong=len(have - need), missed=len(need - have))
        return have == need

    def share(self, name: str) -> float | None:
        """Points of the possible ones, or F1 over names; None when no page asked for the field."""
        if name in self.names:
            found = self.names[name]
            total = 2 * found["hit"] + found["wrong"] + found["missed"]
            return 2 * found["hit"] / total if total else None
        return self.points[name] / self.asked[name] if self.asked[name] else None


def mark(made: MadePage, article: Article, marks: Marks) -> dict[str, str]:
    """Adds one page's result to `marks`; returns what is wrong, by field."""
    truth, wrong = made.truth, {}

    def tell(name: str, got: object, want: object, right: bool) -> None:
        if not right:
            wrong[name] = f"{got!r} != {want!r}"

    def same(name: str, got: str | None, want: str) -> None:
        marks.add(name, got == want)
        tell(name, got, want, got == want)

    same("title", norm(article.title), norm(truth.title))
    if truth.shoulder is not None and truth.subtitle is not None:
        same("shoulder", norm(article.shoulder), norm(truth.shoulder))
        same("subtitle", norm(article.subtitle), norm(truth.subtitle))
    same("kind", article.kind, truth.kind)
    if truth.published:
        got = article.published.isoformat() if article.published else ""
        same("day", got[:10], truth.published[:10])
        if "T" in truth.published:
            same("minute", got[:16], truth.published[:16])
    if truth.source:
        same("source", norm(article.source), norm(truth.source))
    for name, have, need in (
        ("authors", article.authors, truth.authors),
        ("editors", article.editors, truth.editors),
    ):
        tell(name, have, need, marks.add_names(name, have, need))
    f1 = body_f1(article.body, "\n".join(truth.body), "\n".join(truth.optional))
    marks.add("body", f1)
    tell("body", f"{f1:.3f}", "1", f1 > 0.985)
    if truth.captions:
        kept = sum(norm(c) in norm("".join(article.captions)) for c in truth.captions) / len(truth.captions)
        marks.add("captions", kept)
        tell("captions", article.captions, truth.captions, kept == 1)
    return wrong


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=40, help="pages a template")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--misses", metavar="FIELD", help="also print the pages whose FIELD is wrong")
    options = parser.parse_args()
    by_template: dict[str, Marks] = defaultdict(Marks)
    for made in make_pages(options.count, options.seed):
        article = clean(extract(made.page()))
        wrong: dict[str, str] = {}
        for key in (made.template, "all"):
            wrong = mark(made, article, by_template[key])
        if options.misses in wrong:
            print(made.name, options.misses, wrong[options.misses])
    print(f"{'':16}" + "".join(f"{name:>10}" for name in FIELDS))
    for template, marks in by_template.items():
        shares = (marks.share(name) for name in FIELDS)
        print(f"{template:16}" + "".join(f"{'-' if s is None else f'{s:.3f}':>10}" for s in shares))


if __name__ == "__main__":
    main()
