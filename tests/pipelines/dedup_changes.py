"""Makes reprints, excerpts and look-alikes of texts, of every kind that occurs, with the truth.

Seeded: the same texts and seed give the same documents. `python -m
tests.pipelines.dedup_changes` measures how many of each kind are found.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from importlib.resources import files
from itertools import combinations
from pathlib import Path

from pipelines.dedup import Document, Grouped, group
from pipelines.models import Moment

CHINA = timezone(timedelta(hours=8))
HERE = Path(__file__).parent
_FIGURE = re.compile(r"\d+")
MASTHEADS = ("晨光公益网", "江湾日报", "临澜晚报", "北岭新闻网", "东桥在线", "南塘时报")
NAMES = ("何青", "白露", "沈知远", "陶立夏", "贺兰舟", "钱多宝")
DISCLAIMERS = (
    "免责声明：本文来自网络，不代表本站观点和立场。如有侵权请在30个工作日内联系我们。",
    "本文系转载，版权归原作者所有，转载请注明出处。",
    "凡本网注明“来源：其他媒体”的作品，均转载自其它媒体，转载目的在于传递更多信息，并不代表本网赞同其观点。",
    "声明：转载此文是出于传递更多信息之目的。若有来源标注错误或侵犯了您的合法权益，请与本网联系。",
    "（责任编辑：白露）",
)
# no rule names these, and many texts carry them
UNKNOWN_NOTICES = (
    (
        "江湾公益观察致力于记录本地公益人的故事，每周三、周六更新，欢迎把您身边的线索告诉我们。我们的编辑部在江湾路18号，"
        "办公时间为工作日上午九点到下午五点半。读者来信一经采用，将赠送全年杂志一份，并邀请参加年底的读者见面会，和作者面对面交流。"
    ),
    (
        "临澜慈善热线全天候开通，接听员都经过专业培训，可以为求助者提供政策咨询、物资申请、心理陪伴等帮助。热线不收取任何费用，"
        "也不会索要银行卡号和验证码，请市民提高警惕，谨防冒充慈善机构的诈骗行为，如遇可疑情况请及时拨打报警电话核实。"
    ),
)


@dataclass(slots=True, frozen=True)
class Truth:
    """What a made document is: its original's id, "original", "reprint" or "excerpt", how it was made."""

    cluster: str
    relation: str
    kind: str
    further: str = ""


@dataclass(slots=True, frozen=True)
class Original:
    """A text to make others of."""

    title: str
    body: str
    day: date


@dataclass(slots=True)
class Made:
    """Documents with what is true of them."""

    documents: list[Document]
    truth: dict[str, Truth]


# --- texts ---


def demo_texts() -> list[Original]:
    """The invented stories of the demo site."""
    found = []
    for file in sorted(files("crawler.demo.stories").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            for story in tomllib.loads(file.read_text("utf-8"))["story"]:
                body = story["body"].strip().replace("## ", "")
                found.append(Original(story["title"], body, story["published"].date()))
    return found


def corpus_texts(path: Path) -> list[Original]:
    """The originals of a file of documents with its truth beside it."""
    gold = [json.loads(line) for line in (path / "dedup_gold.jsonl").read_text("utf-8").splitlines()]
    originals = {one["id"] for one in gold if one["relation"] == "original"}
    records = [json.loads(line) for line in (path / "dedup_docs.jsonl").read_text("utf-8").splitlines()]
    return [
        Original(one["title"], one["body"], date.fromisoformat(one["published_at"]))
        for one in records
        if one["id"] in originals
    ]


def sentences(text: str) -> list[str]:
    """The sentences of a text with their ends; a paragraph's end stays with its last one."""
    return re.findall(r"[^。！？\n]+[。！？]*[”）]?\n?|\n", text)


def paragraphs(text: str) -> list[str]:
    return [part for part in text.split("\n") if part.strip()]


# --- reprints ---

Change = Callable[[random.Random, str, Sequence[Original]], str]


def half(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    """The first half of the sentences, or as many that follow one another anywhere."""
    parts = sentences(text)
    size = max(2, round(len(parts) * chance.uniform(0.45, 0.6)))
    start = 0 if chance.random() < 0.7 else chance.randint(0, len(parts) - size) if len(parts) > size else 0
    return "".join(parts[start : start + size])


def every_other(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    """Some sentences left out here and there, up to half of them."""
    parts = sentences(text)
    gone = set(chance.sample(range(1, len(parts)), k=round((len(parts) - 1) * chance.uniform(0.2, 0.5))))
    return "".join(part for number, part in enumerate(parts) if number not in gone)


def moved(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    parts = paragraphs(text)
    if len(parts) < 2:
        parts = [part.strip() for part in sentences(text)]
        chance.shuffle(parts)
        return "".join(parts)
    chance.shuffle(parts)
    return "\n".join(parts)


def added(chance: random.Random, text: str, others: Sequence[Original]) -> str:
    """Sentences of another text put between, of up to half the length."""
    parts = sentences(text)
    foreign = [part for part in sentences(chance.choice(others).body) if len(part) > 8]
    room = len(text) * chance.uniform(0.1, 0.5)
    for part in foreign:
        room -= len(part)
        if room < 0:
            break
        parts.insert(chance.randint(0, len(parts)), part)
    return "".join(parts)


def words(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    pairs = [
        tuple(pair) for pair in tomllib.loads((HERE / "dedup_synonyms.toml").read_text("utf-8"))["pairs"]
    ]
    table = {a: b for pair in pairs for a, b in (pair, pair[::-1]) if len(a) > 1}
    share = chance.choice((0.3, 0.6, 1.0))
    pattern = re.compile("|".join(sorted(table, key=len, reverse=True)))
    return pattern.sub(lambda m: table[m[0]] if chance.random() < share else m[0], text)


def dropped(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    """A character lost in a hundred, as in bad conversions; figures stay."""
    return "".join(c for c in text if c.isdigit() or chance.random() > 0.01)


def traditional(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    """Each character in one of its traditional forms."""
    lines = files("pipelines").joinpath("script.txt").read_text("utf-8").splitlines()
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for pair in " ".join(line for line in lines if not line.startswith("#")).split():
        forms[pair[1]].append(pair[0])
    return "".join(chance.choice(forms[c]) if c in forms else c for c in text)


def disclaimer(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    return text + chance.choice(("", "\n")) + chance.choice(DISCLAIMERS)


def dateline(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    masthead, name, day = chance.choice(MASTHEADS), chance.choice(NAMES), chance.randint(1, 28)
    text = re.sub(r"^.{2,24}?(?:（[^（）\n]{1,20}）|电|讯)[：，:]?\s*", "", text)
    head = chance.choice(
        (
            f"{masthead}讯（记者 {name}）",
            f"本报讯（记者{name} 通讯员{chance.choice(NAMES)}）",
            f"{masthead}{day}日讯 ",
            f"{masthead}江湾{chance.randint(1, 12)}月{day}日电（记者 {name}）",
            f"来源：{masthead}\n",
            f"【{masthead}】",
        )
    )
    return head + text


def width(_: random.Random, text: str, __: Sequence[Original]) -> str:
    table = str.maketrans("，。：；！？（）“”", ',.:;!?()""')
    return "\n　　".join(paragraphs(text.translate(table)))


def clauses(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    """Clauses without figures left out, as an editor shortens sentences."""
    parts = re.findall(r"[^，。！？\n]+[，。！？]?[”）]?\n?|\n", text)
    return "".join(
        part
        for part in parts
        if not (part.endswith("，") and not _FIGURE.search(part) and chance.random() < 0.2)
    )


def scanned(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    """Characters taken for others that look like them."""
    pairs = tomllib.loads((HERE / "dedup_synonyms.toml").read_text("utf-8"))["lookalikes"]
    table = {a: b for pair in pairs for a, b in (pair, pair[::-1])}
    return "".join(table[c] if c in table and chance.random() < 0.3 else c for c in text)


def numerals(_: random.Random, text: str, __: Sequence[Original]) -> str:
    """Whole figures in Chinese numerals: years digit by digit, others with 十, 百 and 千."""
    return re.sub(
        r"(?<![\d.A-Za-z—－~-])\d{1,4}(?![\d.A-Za-z%—－~-])(年?)",
        lambda m: _in_chinese(m[0].rstrip("年"), m[1]) + m[1],
        text,
    )


def _in_chinese(number: str, year: str) -> str:
    digits = "零一二三四五六七八九"
    if number[0] == "0" or (year and len(number) == 4):
        return "".join(digits[int(c)] for c in number).replace("零", "〇")
    found, left = "", int(number)
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        if left >= scale:
            found += digits[left // scale] + name
            left %= scale
        elif left and found and not found.endswith("零"):
            found += "零"
    return found.removeprefix("一") if found.startswith("一十") else found


def corrected(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    """One or two figures put right, of at least eight; dates are not among them."""
    figures = list(_FIGURE.finditer(text))
    plain = [match for match in figures if not text.startswith(tuple("年月日时"), match.end())]
    if len(figures) < 8 or len(plain) < 2:
        return text
    for match in sorted(chance.sample(plain, chance.randint(1, 2)), key=lambda m: -m.start()):
        text = text[: match.start()] + _other_number(chance, match[0]) + text[match.end() :]
    return text


def headed(chance: random.Random, text: str, others: Sequence[Original]) -> str:
    """Another headline on the first line, and headings between paragraphs."""
    parts = paragraphs(text)
    for place in range(len(parts) - 1, 0, -2):
        parts.insert(place, chance.choice(others).title[:12] or "相关进展")
    return "\n".join((chance.choice(others).title or "要闻", *parts))


def mixed(chance: random.Random, text: str, others: Sequence[Original]) -> str:
    for change in chance.sample(
        (every_other, moved, added, words, traditional, disclaimer, dateline, width, clauses, headed), 3
    ):
        text = change(chance, text, others)
    return text


REPRINTS: dict[str, Change] = {
    change.__name__: change
    for change in (
        half,
        every_other,
        moved,
        added,
        words,
        dropped,
        traditional,
        disclaimer,
        dateline,
        width,
        clauses,
        scanned,
        numerals,
        corrected,
        headed,
        mixed,
    )
}


# --- excerpts ---


def first30(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    """About thirty characters, of which some are the article's own."""
    framing = re.match(r".{2,24}?(?:（[^（）\n]{1,20}）|\([^()\n]{1,20}\)|电|讯)[：，:]?\s*", text)
    length = max(chance.randint(28, 40), (framing.end() if framing else 0) + 14)
    return _plain(text)[:length] + chance.choice(("...", "…", "……", ""))


def cut(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    return _plain(text)[: chance.randint(45, 140)] + chance.choice(("...", "…", "……", "...[详细]"))


def lead(_: random.Random, text: str, __: Sequence[Original]) -> str:
    return "".join([part for part in sentences(text) if part.strip()][:2]).strip()


def middle(chance: random.Random, text: str, _: Sequence[Original]) -> str:
    plain = _plain(text)
    start = chance.randint(0, max(0, len(plain) - 60))
    return "..." + plain[start : start + chance.randint(30, 60)] + "..."


def traditional_cut(chance: random.Random, text: str, others: Sequence[Original]) -> str:
    return cut(chance, traditional(chance, text, others), others)


def framed_cut(chance: random.Random, text: str, others: Sequence[Original]) -> str:
    return cut(chance, dateline(chance, text, others), others)


EXCERPTS: dict[str, Change] = {
    change.__name__: change for change in (first30, cut, lead, middle, traditional_cut, framed_cut)
}


def _plain(text: str) -> str:
    return text.replace("\n", "")


# --- texts that look alike and are not ---


def figures_changed(chance: random.Random, text: str) -> str:
    """The same form with other figures."""
    return re.sub(r"\d+", lambda m: _other_number(chance, m[0]), text)


def _other_number(chance: random.Random, number: str) -> str:
    while True:
        low = 10 ** (len(number) - 1) if len(number) > 1 else 1
        other = str(chance.randint(low, 10 ** len(number) - 1))
        if other != number or len(number) > 6:
            return other


def notices(chance: random.Random, times: int) -> Iterator[tuple[str, Original]]:
    """Notices of every form, each `times` times, with other figures, names and dates."""
    for form in tomllib.loads((HERE / "dedup_forms.toml").read_text("utf-8"))["form"]:
        seen: set[str] = set()
        while len(seen) < times:
            body = re.sub(r"\{(\w)\}", lambda m: _filled(chance, m[1]), form["body"])
            if body not in seen:
                seen.add(body)
                day = date(2024, 1, 1) + timedelta(days=chance.randint(0, 700))
                yield form["kind"], Original(form["title"], body, day)


def _filled(chance: random.Random, slot: str) -> str:
    pick: Callable[[Sequence[str]], str] = chance.choice
    surnames, given = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "明秀英建国志远晓梅玉兰立群思源文笛念慈"
    first = "云溪南塘北岭桥头白石青石临澜东河西坝湖滨周岗"
    place = first[(n := chance.randrange(0, len(first), 2)) : n + 2] + pick("县区镇乡")
    slots: dict[str, Callable[[], str]] = {
        "n": lambda: str(chance.randint(1, 59)),
        "N": lambda: str(chance.randint(100, 98_000)),
        "d": lambda: str(chance.randint(1, 28)),
        "m": lambda: str(chance.randint(1, 12)),
        "y": lambda: str(chance.randint(2015, 2026)),
        "t": lambda: str(chance.randint(-9, 38)),
        "p": lambda: place,
        "q": lambda: pick(surnames) + "".join(chance.sample(given, chance.choice((1, 2)))),
        "o": lambda: (
            place + pick(("慈善总会", "志愿者协会", "红叶基金会", "社会工作协会", "残疾人福利基金会"))
        ),
        "w": lambda: pick(("晴", "多云", "阴", "小雨", "中雨", "大雨", "暴雨", "雷阵雨", "小雪", "雾")),
        "v": lambda: pick(("东风", "南风", "西风", "北风", "东北风", "西南风")),
        "k": lambda: pick("一二三四五六七八九") + pick(("", "十")),
        "c": lambda: pick(("泰国", "巴西", "塞尔维亚", "肯尼亚", "爱尔兰", "葡萄牙", "科威特", "越南")),
    }
    return slots[slot]()


def follow_up(chance: random.Random, text: str, others: Sequence[Original]) -> str:
    """New sentences, then a background paragraph of the first report."""
    new = [part.strip() for part in sentences(chance.choice(others).body) if len(part) > 8][:8]
    old = [part.strip() for part in sentences(text) if len(part) > 8]
    background = ""
    for part in old:
        if len(background) + len(part) > min(160, len(text) // 4):
            break
        background += part
    return "".join(new) + "\n此前报道：" + background


# --- all together ---


def make(texts: Sequence[Original], seed: int, notices_each: int = 12) -> Made:
    """Documents of every kind: each text with some changes of it, and look-alikes."""
    maker = _Maker(random.Random(seed), texts)
    chance, texts = maker.chance, maker.texts
    long = [number for number, text in enumerate(texts) if _can_be_cut(text.body)]
    for text in texts:
        maker.original(text, "text")
    for number in long:
        name = f"o{number:05}"
        for kind in chance.sample(sorted(REPRINTS), 4):
            maker.changed(name, texts[number], kind, REPRINTS[kind], "reprint")
        for kind in chance.sample(sorted(EXCERPTS), 2):
            maker.changed(name, texts[number], kind, EXCERPTS[kind], "excerpt")
    for number in chance.sample(long, len(long) // 3):
        other = chance.choice([n for n in long if n != number])
        maker.joined(number, other)
    maker.look_alikes(long, notices_each)
    chance.shuffle(maker.made.documents)
    return maker.made


def _can_be_cut(text: str) -> bool:
    """Whether half of a text is clearly more than its first two sentences."""
    parts = [part for part in sentences(text) if part.strip()]
    return len(text) >= 240 and len(parts) >= 6 and len("".join(parts[:2])) < len(text) * 0.4


class _Maker:
    def __init__(self, chance: random.Random, texts: Sequence[Original]) -> None:
        self.chance = chance
        # what is added to reprints comes from texts that are not among the documents
        self.texts, self.foreign = [*texts[: -len(texts) // 8]], texts[-len(texts) // 8 :]
        self.made = Made([], {})

    def original(self, text: Original, kind: str) -> str:
        name = f"o{len(self.made.documents):05}"
        self._add(name, text.title, text.body, text.day, Truth(name, "original", kind))
        return name

    def changed(self, cluster: str, text: Original, kind: str, change: Change, relation: str) -> None:
        body = change(self.chance, text.body, self.foreign)
        day = text.day + timedelta(days=self.chance.choice((0, 0, 1, 3)))
        title = text.title if self.chance.random() < 0.6 else ""
        self._add(f"c{len(self.made.documents):05}", title, body, day, Truth(cluster, relation, kind))

    def joined(self, number: int, other: int) -> None:
        """Two originals one after the other, whole or the second one cut."""
        first, second = self.texts[number].body, self.texts[other].body
        if self.chance.random() < 0.5:
            parts = sentences(second)
            second = "".join(parts[: round(len(parts) * self.chance.uniform(0.7, 0.9))])
        parts = [first, second]
        self.chance.shuffle(parts)
        names = (f"o{number:05}", f"o{other:05}")
        larger = names if len(first) >= len(second) else names[::-1]
        day = max(self.texts[number].day, self.texts[other].day)
        truth = Truth(larger[0], "reprint", "joined", larger[1])
        self._add(f"c{len(self.made.documents):05}", "公益综述", "\n".join(parts), day, truth)

    def look_alikes(self, long: Sequence[int], notices_each: int) -> None:
        chance = self.chance
        for kind, notice in notices(chance, notices_each):
            self.original(notice, kind)
        for number in chance.sample(long, len(long) // 3):
            text = self.texts[number]
            if len(re.findall(r"\d+", text.body)) >= 5:
                body = figures_changed(chance, text.body)
                self.original(Original(text.title, body, text.day + timedelta(days=365)), "figures_changed")
        for number in chance.sample(long, len(long) // 3):
            text = self.texts[number]
            body = follow_up(chance, text.body, self._unused())
            self.original(Original(text.title, body, text.day + timedelta(days=2)), "follow_up")
        for number, start in enumerate(range(0, len(long) - 5, 10)):
            # the news of a week, each with its first sentences
            week = long[start : start + 5]
            heads = ["".join(sentences(self.texts[one].body)[:2]).strip() for one in week]
            day = max(self.texts[one].day for one in week)
            self.original(Original(f"一周要闻（{number}）", "\n".join(heads), day), "summary")
        for number in range(30):
            # different short news under one long notice, and different ones that quote one paragraph
            foot = UNKNOWN_NOTICES[number % 2]
            for short, kind in ((foot, "notice"), (foot[:90], "quotation")):
                news = self._news(90 if kind == "quotation" else chance.randint(80, 200))
                parts = [news, short] if kind == "notice" else [news[:60], f"“{short}”", news[60:]]
                self.original(Original("公益观察", "\n".join(parts), date(2025, 3, 1 + number % 28)), kind)

    def _unused(self) -> list[Original]:
        return [Original("", self._news(400), date(2025, 1, 1))]

    def _news(self, length: int) -> str:
        """New text of the texts' characters in any order, so that nothing is shared."""
        pool = "".join(sorted(set("".join(text.body for text in self.texts[:40]))))
        pool = "".join(c for c in pool if "一" <= c <= "鿿")
        found = ""
        while len(found) < length:
            found += "".join(self.chance.choices(pool, k=self.chance.randint(12, 30))) + "。"
        return found

    def _add(self, name: str, title: str, body: str, day: date, truth: Truth) -> None:
        moment = Moment(datetime(day.year, day.month, day.day, tzinfo=CHINA), "day")
        self.made.documents.append(Document(name, title, body, moment))
        self.made.truth[name] = truth


# --- how many are found ---


@dataclass(slots=True)
class Scores:
    """F1 of pairs in one group, share of originals under another one, F1 of excerpts; mistakes by kind."""

    reprint_f1: float
    false_merge: float
    excerpt_f1: float
    further: float
    wrong: Counter[str]
    number: Counter[str]


def score(made: Made, found: Sequence[Grouped]) -> Scores:
    said, truth = {one.id: one for one in found}, made.truth
    whole = [name for name, one in truth.items() if one.relation != "excerpt"]
    want = _pairs(whole, lambda name: truth[name].cluster)
    got = _pairs(whole, lambda name: name if said[name].relation == "excerpt" else said[name].canonical)
    originals = [name for name, one in truth.items() if one.relation == "original"]
    merged = [name for name in originals if truth[said[name].canonical].cluster != name]
    wrong = Counter(truth[name].kind for name in merged)
    right = 0
    for name, one in truth.items():
        fits = truth[said[name].canonical].cluster == one.cluster
        if one.relation == "excerpt":
            good = said[name].relation == "excerpt" and fits
            right += good
            wrong[one.kind] += not good
        elif one.relation == "reprint":
            wrong[one.kind] += said[name].relation == "excerpt" or not fits
    excerpts = sum(one.relation == "excerpt" for one in truth.values())
    marked = sum(one.relation == "excerpt" for one in found)
    joined = [name for name, one in truth.items() if one.further]
    named = sum(
        any(truth[other.canonical].cluster == truth[name].further for other in said[name].further)
        for name in joined
    )
    return Scores(
        2 * len(want & got) / max(1, len(want) + len(got)),
        len(merged) / len(originals),
        2 * right / max(1, excerpts + marked),
        named / max(1, len(joined)),
        +wrong,
        Counter(one.kind for one in truth.values()),
    )


def _pairs(names: Sequence[str], key: Callable[[str], str]) -> set[tuple[str, str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        groups[key(name)].append(name)
    return {pair for members in groups.values() for pair in combinations(members, 2)}


def main() -> None:
    """Prints the scores, and how many of each kind were wrong."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "--corpus", type=Path, help="folder with dedup_docs.jsonl; without it the demo stories"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", help="print what was wrong of this kind")
    options = parser.parse_args()
    texts = corpus_texts(options.corpus) if options.corpus else demo_texts()
    made = make(texts, options.seed)
    found = group(made.documents)
    scores = score(made, found)
    print(
        f"{len(made.documents)} documents: reprint_f1 {scores.reprint_f1:.4f},"
        f" false_merge {scores.false_merge:.4f}, excerpt_f1 {scores.excerpt_f1:.4f},"
        f" further {scores.further:.4f}"
    )
    for kind, number in sorted(scores.number.items()):
        print(f"{kind:16} {scores.wrong[kind]:5} wrong of {number}")
    if options.show:
        _show(made, found, options.show)


def _show(made: Made, found: Sequence[Grouped], kind: str) -> None:
    documents = {document.id: document for document in made.documents}
    for one in found:
        truth = made.truth[one.id]
        fits = made.truth[one.canonical].cluster == truth.cluster
        if truth.kind == kind and not (fits and (one.relation == "excerpt") == (truth.relation == "excerpt")):
            print("\n==", one, truth)
            for name in dict.fromkeys((one.id, truth.cluster, one.parent)):
                print("  ", name, documents[name].published, documents[name].body[:600].replace("\n", "\\"))


if __name__ == "__main__":
    main()
