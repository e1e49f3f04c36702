"""Makes the numbers of `pipelines/extract/scoring.toml` again from pages with truth, and says if that helps.

    python -m benchmarks.fit_weights [--made N] [--passes N] [--folds N] [--write]

Pages are the corpus beside the project, when it is there, and N made-up pages
of each template, which count as one site a template. The fit is a search along
one weight after the other, each a step down and up, for the best mean F1 of
4-grams of the body. It is cross-validated by site: the weights for a site's
pages are fitted without them (without those of the sites in its fold, when
--folds asks for fewer folds than sites). Prints, for each site, F1 with the
present weights and with the fitted ones; then the weights fitted on all pages.
`--write` puts them into the file when they did better on the sites left out.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from statistics import mean

from benchmarks.corpus import CORPUS
from benchmarks.extract_fields import body_f1
from benchmarks.made_pages import make_pages
from pipelines.extract.blocks import Layout, lay_out
from pipelines.extract.body import find_body
from pipelines.extract.charset import decode
from pipelines.extract.document import Document, parse
from pipelines.extract.scoring import weights
from pipelines.extract.title import find_title

FILE = Path(str(files("pipelines.extract"))) / "scoring.toml"
STEP = 1.6
"""A weight is tried this many times smaller and larger."""
LEAST_GAIN = 0.0002
"""A step that gains less F1 than this is not taken."""


@dataclass(slots=True)
class Sample:
    """A page, parsed and laid out once, with the text that it should give."""

    site: str
    doc: Document
    layout: Layout
    title: str
    body: str
    optional: str

    def f1(self) -> float:
        """F1 of the body with the present weights."""
        for node in self.layout.nodes:
            node.pardoned = 0.0
        for block in self.layout.blocks:
            block.summary = False
        found = find_body(self.doc, self.layout, self.title)
        return body_f1("\n".join(found.paragraphs), self.body, self.optional)


def sample(site: str, content: bytes, body: str, optional: str) -> Sample:
    """Reads a page for the fit."""
    doc = parse(decode(content).text)
    layout = lay_out(doc.root)
    return Sample(site, doc, layout, find_title(doc, layout), body, optional)


def corpus_samples() -> Iterator[Sample]:
    """Yields the pages of the corpus that have truth; none when it is not there."""
    for folder in (CORPUS, CORPUS / "world"):
        gold = folder / "gold.jsonl"
        for line in gold.read_text("utf-8").splitlines() if gold.exists() else ():
            truth = json.loads(line)
            file = folder / "pages" / f"{truth['id']}.html"
            site = truth["id"] if folder.name == "world" else truth["id"].partition("-")[0]
            yield sample(site, file.read_bytes(), truth["body"], truth.get("optional") or "")


def made_samples(count: int) -> Iterator[Sample]:
    """Yields made-up pages, each template a site of its own."""
    for made in make_pages(count, seed=9):
        truth = made.truth
        yield sample(f"made {made.template}", made.body, "\n".join(truth.body), "\n".join(truth.optional))


def score(samples: Sequence[Sample]) -> float:
    """Mean over sites of the mean F1 of their pages, so that no site counts for more than another."""
    by_site: dict[str, list[float]] = defaultdict(list)
    for one in samples:
        by_site[one.site].append(one.f1())
    return mean(mean(found) for found in by_site.values())


def fit(samples: Sequence[Sample], start: dict[str, float], passes: int) -> dict[str, float]:
    """Returns the weights that a search from `start` finds; `weights()` is left as they are."""
    current = weights()
    current.update(start)
    best = score(samples)
    for _ in range(passes):
        before = best
        for name in start:
            kept = current[name]
            for tried in (kept / STEP, kept * STEP):
                current[name] = tried
                if (found := score(samples)) > best + LEAST_GAIN:
                    best, kept = found, tried
            current[name] = kept
        if best - before < LEAST_GAIN:
            break
    return dict(current)


def write(fitted: dict[str, float]) -> None:
    """Puts the numbers into the file; comments stay."""
    text = FILE.read_text("utf-8")
    for name, value in fitted.items():
        text = re.sub(rf"(?m)^({name}\s*=\s*)[\d.]+", rf"\g<1>{value:.4g}", text)
    FILE.write_text(text, "utf-8")


def main() -> None:
    """Cross-validates, fits and prints."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--made", type=int, default=3)
    parser.add_argument("--passes", type=int, default=1)
    parser.add_argument("--folds", type=int, default=0, help="folds of sites (default: each site alone)")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    present = dict(weights())
    samples = [*corpus_samples(), *made_samples(options.made)]
    sites = list(dict.fromkeys(one.site for one in samples))
    print(
        f"{len(samples)} pages of {len(sites)} sites, {len(present)} weights\n"
        f"{'':24}{'present':>9}{'fitted':>9}"
    )
    rows: list[tuple[float, float]] = []
    folds = min(options.folds or len(sites), len(sites))
    for fold in range(folds):
        left = sites[fold::folds]
        own = {site: [one for one in samples if one.site == site] for site in left}
        weights().update(present)
        before = {site: score(own[site]) for site in left}
        fit([one for one in samples if one.site not in own], present, options.passes)
        for site in left:
            rows.append((before[site], score(own[site])))
            print(f"{site:24}{before[site]:9.4f}{rows[-1][1]:9.4f}", flush=True)
    hand, left_out = mean(r[0] for r in rows), mean(r[1] for r in rows)
    print(f"{'mean of sites left out':24}{hand:9.4f}{left_out:9.4f}")
    fitted = fit(samples, present, options.passes)
    print(f"{'all pages, seen':24}{'':9}{score(samples):9.4f}\n")
    for name, value in fitted.items():
        print(f"{name} = {value:.4g}" + ("" if value == present[name] else f"  # was {present[name]:g}"))
    if options.write and left_out > hand:
        write(fitted)


if __name__ == "__main__":
    main()
