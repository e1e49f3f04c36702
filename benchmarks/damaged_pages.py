"""Pages damaged in the ways of networks, servers and editors; whether extraction stands it.

    python -m benchmarks.damaged_pages [--count N] [--seed N] [FOLDER OF HTML FILES]...

Good pages are the made-up ones and, when it is there, the corpus beside the
project. Prints, by kind of damage, the pages read, those refused with a clear
error, the longest time and the peak of memory; exits with 1 when a page raised
anything but ExtractError, took more than 2 seconds or the process more than
500 MB above its size at the start (Linux only).
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dateparser

from benchmarks.corpus import CORPUS
from benchmarks.made_pages import make_pages
from pipelines.extract import ExtractError, extract
from pipelines.models import Page

FETCHED_AT = datetime(2026, 3, 20, tzinfo=UTC)
MAX_SECONDS = 2.0
MAX_MEGABYTES = 500.0
DEPTH = 50_000
TEXT_NODE = 20 * 1024 * 1024
ATTRIBUTES = 1_000_000
SIBLINGS = 100_000
HUGE_SHARE = 0.01
"""Damage that makes pages of many megabytes is drawn this seldom."""

Damage = Callable[[random.Random, bytes], bytes]


def cut(draw: random.Random, page: bytes) -> bytes:
    """Ends anywhere, in a tag, a character or a script too."""
    return page[: draw.randrange(len(page) + 1)]


def cut_start(draw: random.Random, page: bytes) -> bytes:
    """Begins anywhere."""
    return page[draw.randrange(len(page)) :]


def flip(draw: random.Random, page: bytes) -> bytes:
    """Some bytes are others."""
    damaged = bytearray(page)
    for _ in range(draw.choice((1, 10, 200, 5000))):
        damaged[draw.randrange(len(damaged))] = draw.randrange(256)
    return bytes(damaged)


def drop(draw: random.Random, page: bytes) -> bytes:
    """Stretches are missing."""
    for _ in range(draw.randint(1, 20)):
        start = draw.randrange(len(page))
        page = page[:start] + page[start + draw.randint(1, 300) :] or b"<"
    return page


def repeat(draw: random.Random, page: bytes) -> bytes:
    """Stretches come again, as when a cache joins two answers."""
    start = draw.randrange(len(page))
    return page[:start] + page[start : start + draw.randint(1, 20_000)] * draw.randint(2, 6) + page[start:]


def shuffle_tags(draw: random.Random, page: bytes) -> bytes:
    """Tags stand where others should."""
    pieces = page.split(b"<")
    for _ in range(len(pieces) // 10):
        a, b = draw.randrange(len(pieces)), draw.randrange(len(pieces))
        pieces[a], pieces[b] = pieces[b], pieces[a]
    return b"<".join(pieces)


def nul(draw: random.Random, page: bytes) -> bytes:
    """NULs and other control characters stand in it."""
    junk = bytes(draw.choice((0, 0, 0, 1, 8, 11, 27, 127)) for _ in range(draw.choice((1, 50, 2000))))
    at = draw.randrange(len(page))
    return page[:at] + junk + page[at:]


def surrogates(draw: random.Random, page: bytes) -> bytes:
    """Broken surrogates, as bytes and as entities."""
    for _ in range(draw.randint(1, 50)):
        at = draw.randrange(len(page))
        page = (
            page[:at]
            + draw.choice((b"\xed\xa0\x80", b"&#xD800;", b"&#55357;", b"\xed\xbf\xbf", b"\xff\xfe"))
            + page[at:]
        )
    return page


def wrong_label(draw: random.Random, page: bytes) -> bytes:
    """Says another charset than it has."""
    label = draw.choice(
        (
            b"utf-16",
            b"big5",
            b"shift_jis",
            b"gb2312",
            b"hz-gb-2312",
            b"utf-7",
            b"utf-32",
            b"x-none",
            b"iso-2022-jp",
            b"rot13",
            b"zip",
        )
    )
    return (
        page.replace(b'charset="utf-8"', b'charset="' + label + b'"', 1)
        if b'charset="utf-8"' in page
        else b'<meta charset="' + label + b'">' + page
    )


def nest(draw: random.Random, page: bytes) -> bytes:
    """Tags are nested tens of thousands deep."""
    tag = draw.choice(
        (b"div", b"span", b"b", b"table><tr><td", b"ul><li", b"blockquote", b'div class="a"', b"font")
    )
    at = draw.randrange(len(page))
    return page[:at] + (b"<" + tag + b">") * DEPTH + page[at:]


def long_text(draw: random.Random, page: bytes) -> bytes:
    """One text of 20 MB."""
    piece = draw.choice(
        (
            "社工走进社区，为老人服务。".encode(),
            b"a",
            b" ",
            b"1 ",
            b"(",
            "（记者".encode(),
            b"2021-03-05 ",
            b".",
            "…".encode(),
        )
    )
    at = draw.randrange(len(page))
    return page[:at] + b"<p>" + piece * (TEXT_NODE // len(piece)) + b"</p>" + page[at:]


def attributes(draw: random.Random, page: bytes) -> bytes:
    """A tag with a million attributes."""
    same = draw.random() < 0.5
    many = b" ".join(b'x="1"' if same else b'a%d="1"' % n for n in range(ATTRIBUTES))
    at = draw.randrange(len(page))
    return page[:at] + b"<div " + many + b">" + page[at:]


def siblings(draw: random.Random, page: bytes) -> bytes:
    """A hundred thousand siblings."""
    one = draw.choice(
        (
            b"<p>a</p>",
            b"<br>",
            b"<li><a href='/1.html'>" + "又一条新闻的标题".encode() + b"</a></li>",
            "<p>志愿者来了。</p>".encode(),
            b"<td>",
            b"<script>var a=1</script>",
            b"<time datetime='2021-01-01'>",
            b"<h1>a</h1>",
            b"<meta name='a' content='b'>",
        )
    )
    at = draw.randrange(len(page))
    return page[:at] + one * SIBLINGS + page[at:]


def unclosed(draw: random.Random, page: bytes) -> bytes:
    """An element or a comment whose end never comes."""
    at = draw.randrange(len(page))
    return (
        page[:at]
        + draw.choice(
            (
                b"<title>",
                b"<script>",
                b"<!--",
                b"<style>",
                b"<textarea>",
                b"<a href='",
                b"<![CDATA[",
                b"<select><option>",
                b"<svg><title>",
            )
        )
        + page[at:]
    )


SMALL: tuple[Damage, ...] = (
    cut, cut, cut_start, flip, flip, drop, repeat, shuffle_tags, nul, surrogates, wrong_label, unclosed,
)  # fmt: skip
HUGE: tuple[Damage, ...] = (nest, long_text, attributes, siblings)


@dataclass(slots=True)
class Damaged:
    """A damaged page and the names of what was done to it."""

    name: str
    body: bytes


def damaged_pages(
    good: Sequence[bytes], count: int, seed: int, huge_share: float = HUGE_SHARE
) -> Iterator[Damaged]:
    """Yields `count` pages, each a good one damaged once or twice; the huge kinds come first, each once."""
    draw = random.Random(seed)
    for number in range(count):
        body = draw.choice(good)
        if number < len(HUGE):
            damages: tuple[Damage, ...] = (HUGE[number],)
        elif draw.random() < huge_share:
            damages = (draw.choice(HUGE),)
        else:
            damages = tuple(draw.choice(SMALL) for _ in range(draw.choice((1, 1, 2))))
        for damage in damages:
            body = damage(draw, body or b"<")
        yield Damaged(damages[-1].__name__, body)


def good_pages(folders: Sequence[Path]) -> list[bytes]:
    """Returns the pages that are damaged: made-up ones, and those of the folders or the corpus."""
    folders = folders or [CORPUS / "pages", CORPUS / "unlabelled"]
    found = [made.body for made in make_pages(3)]
    return found + [file.read_bytes() for folder in folders for file in sorted(folder.glob("*.html"))]


@dataclass(slots=True, frozen=True)
class Outcome:
    """What extraction did with a page: seconds of processor time, the error, "" when it was read."""

    seconds: float
    error: str
    crashed: bool


def try_page(body: bytes) -> Outcome:
    """Extracts a page; only ExtractError is an answer, any other exception a crash."""
    begun = time.process_time()
    error, crashed = "", False
    try:
        extract(Page("http://www.example.org/a/1.html", "", 200, {}, body, FETCHED_AT)).as_record("1")
    except ExtractError as refused:
        error = str(refused)
    except Exception as failure:  # noqa: BLE001 - that is what is looked for
        error, crashed = f"{type(failure).__name__}: {failure}", True
    return Outcome(time.process_time() - begun, error, crashed)


def main() -> int:
    """Damages, extracts and prints; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    good = good_pages(options.folders)
    dateparser.parse("5 mars 2021")  # its first use in a process takes most of a second
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    slowest: dict[str, float] = defaultdict(float)
    bad = 0
    for page in damaged_pages(good, options.count, options.seed):
        outcome = try_page(page.body)
        counts[page.name]["crashed" if outcome.crashed else "refused" if outcome.error else "read"] += 1
        slowest[page.name] = max(slowest[page.name], outcome.seconds)
        if outcome.crashed or outcome.seconds > MAX_SECONDS:
            bad += 1
            print(f"{page.name}: {outcome.seconds:.2f} s {outcome.error}", file=sys.stderr)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    print(f"{'':14}{'read':>7}{'refused':>9}{'crashed':>9}{'longest s':>11}")
    for name, found in sorted(counts.items()):
        print(f"{name:14}{found['read']:7}{found['refused']:9}{found['crashed']:9}{slowest[name]:11.2f}")
    print(f"peak memory {memory:.0f} MB above the start, damaged pages included; {bad} pages failed")
    return 1 if bad or memory > MAX_MEGABYTES else 0


if __name__ == "__main__":
    sys.exit(main())
