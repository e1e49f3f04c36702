"""Made-up articles in any number: sentences of the demo stories, shuffled, with other figures in them.

All of it depends on the seed alone. No two texts are the same but for the
reprints, which are copies with another date, or with one paragraph left out.
"""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta

from crawler.demo.publisher import publishers
from crawler.demo.story import ZONE, Block, Posting, read_stories

FIRST_DAY = datetime(2026, 1, 5, 8, 0, tzinfo=ZONE)
DAYS = 300
REPRINT_SHARE = 0.08  # of all pages
EDITED_SHARE = 0.6  # of the reprints; the others are copies
LENGTHS = (600, 1200, 2000, 3200, 5000)  # characters of a text, roughly
_SENTENCE = re.compile(r"[^。！？]+[。！？]”?")
_NUMBER = re.compile(r"\d+")
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "一宁子涵思远佳禾雨桐明轩若曦知行书瑶安然嘉言立群念慈"


def postings(count: int, seed: int) -> list[Posting]:
    """Returns `count` articles spread over the three layouts, originals before their reprints."""
    draw = random.Random(seed)
    stories = [p for p in read_stories() if not p.original]
    sentences = [
        s for p in stories for b in p.blocks if b.kind == "paragraph" for s in _SENTENCE.findall(b.text)
    ]
    titles = [p.title for p in stories]
    sites = sorted(publishers())
    originals = count - int(count * REPRINT_SHARE)
    made = [_original(n, sites[n % len(sites)], sentences, titles, draw) for n in range(originals)]
    for number in range(originals, count):
        first = made[draw.randrange(originals)]
        made.append(_reprint(first, number, [s for s in sites if s != first.site], draw))
    return made


def _original(
    number: int, site: str, sentences: list[str], titles: list[str], draw: random.Random
) -> Posting:
    publisher = publishers()[site]
    length, blocks = draw.choice(LENGTHS), list[Block]()
    while sum(len(b.text) for b in blocks) < length:
        text = "".join(draw.choice(sentences) for _ in range(draw.randint(1, 4)))
        blocks.append(Block("paragraph", _other_figures(text, draw)))
        if draw.random() < 0.08:
            blocks.append(Block("subhead", draw.choice(titles)[:14]))
    return Posting(
        slug=f"big-{number}",
        site=site,
        column=draw.choice(list(publisher.columns)),
        title=f"{_other_figures(draw.choice(titles), draw)}（{number}）",
        published=FIRST_DAY + timedelta(days=draw.randrange(DAYS), minutes=draw.randrange(700)),
        source=publisher.name,
        authors=tuple(_person(draw) for _ in range(draw.randint(0, 3))),
        editors=(_person(draw),),
        summary="",
        blocks=tuple(blocks),
    )


def _reprint(first: Posting, number: int, sites: list[str], draw: random.Random) -> Posting:
    publisher = publishers()[draw.choice(sites)]
    blocks = list(first.blocks)
    if draw.random() < EDITED_SHARE and len(blocks) > 4:
        del blocks[draw.randrange(1, len(blocks))]
    return Posting(
        slug=f"big-{number}-of-{first.slug}",
        site=publisher.key,
        column=publisher.reprints,
        title=first.title,
        published=first.published + timedelta(hours=draw.randint(2, 60)),
        source=first.source,
        authors=first.authors,
        editors=(_person(draw),),
        summary="",
        blocks=tuple(blocks),
        original=first.slug,
    )


def _other_figures(text: str, draw: random.Random) -> str:
    return _NUMBER.sub(lambda m: str(draw.randrange(1, 10 ** len(m.group()))), text)


def _person(draw: random.Random) -> str:
    return draw.choice(_SURNAMES) + "".join(draw.sample(_GIVEN, draw.randint(1, 2)))
