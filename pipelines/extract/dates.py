"""When an article was published and last changed.

Candidates come from what the page prints around the title, from its markup and
from its URL. On Chinese pages what a reader sees wins, as metas and JSON-LD
often hold the time of an import, or local time labelled as UTC; elsewhere the
markup wins. The day decides first, then the minute is taken from the most
trusted candidate of that day that has one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipelines.extract.date_claims import Claim, markup_claims, script_claims, url_day, url_year
from pipelines.extract.date_text import Stamp, find_stamps, may_hold_date, to_moment
from pipelines.extract.document import Document, attribute_words
from pipelines.extract.folding import fold
from pipelines.extract.surroundings import BodyLike, Surroundings, TextLine, look_around
from pipelines.extract.tables import load_table
from pipelines.models import Moment

MAX_FUTURE = timedelta(days=2)
"""A time this far after the fetch is wrong (sites' clocks and zones differ by less)."""
TODAY_PENALTY = 40
"""A printed day that is that of the fetch loses so much trust, as it may be the site's calendar."""
MAX_HEADER_LINE = 160
"""A longer line is running text, not a line with a date."""
MAX_JOINED = 16
"""Neighbouring lines up to this length may hold parts of one date."""
TRUSTED_MARKUP = 70
"""Scripts are not searched when markup of this trust gives a time."""

_LABEL_BEFORE = re.compile(r"([A-Za-z ]{3,14}|[\u4e00-\u9fff©]{1,8})\s*[:：|｜]?\s*[\[(（]?\s*$")
_DATE_CLASS = re.compile(r"time|date|pub|info|meta|source|byline|riqi|shijian")
_BEFORE_LABEL = {"本文", "文章", "新闻", "信息", "最后", "首次", "稿件", "原文", "内容", "最近"}
_OTHER_FIELDS = re.compile(r"^[^。！？]*(?:来源|來源|作者)\s*[:：|｜][^。！？]*$")
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)[一二三四五六日天]")


@dataclass(slots=True, frozen=True)
class Candidate:
    """A moment with its score; the highest wins, ties go to the first found."""

    moment: Moment
    score: float
    modified: bool = False
    printed: bool = False


def find_dates(
    doc: Document,
    body: BodyLike,
    fetched_at: datetime,
    timezone: str = "Asia/Shanghai",
    around: Surroundings | None = None,
    founded: date | None = None,
) -> tuple[Moment | None, Moment | None]:
    """Returns when the page says that it was published, and when last changed; None where it does not say.

    `fetched_at` (aware) resolves dates without a year and relative ones, and
    refuses later ones; `timezone` is the IANA name for times that give no zone;
    what lies before the day `founded` is refused.
    """
    published, modified = candidates(doc, body, fetched_at, timezone, around, founded)
    return decide(published), decide(modified)


def candidates(
    doc: Document,
    body: BodyLike,
    fetched_at: datetime,
    timezone: str = "Asia/Shanghai",
    around: Surroundings | None = None,
    founded: date | None = None,
) -> tuple[list[Candidate], list[Candidate]]:
    """Returns every candidate for published and for modified, the best first."""
    around = around or look_around(doc, body)
    zone = time_zone(timezone)
    base = fetched_at if fetched_at.tzinfo else fetched_at.replace(tzinfo=UTC)
    claims = list(markup_claims(doc))
    printed = list(_printed(around))
    told = (*printed, *(c for c in claims if c.trust >= TRUSTED_MARKUP and not c.modified))
    if not any(c.stamp.has_time and c.stamp.year for c in told):
        claims += script_claims(doc)
    if day := url_day(doc.url):
        claims.append(Claim(day, "url", doc.url, 32))
    found: list[Candidate] = []
    for claim in (*printed, *claims):
        is_print = claim.rule.startswith("printed")
        stamp = _with_year(claim.stamp, claims, url_year(doc.url)) if is_print else claim.stamp
        convert = around.chinese and not is_print and not _local_in_disguise(stamp, printed, claims)
        if around.chinese and not is_print and not convert:
            stamp = replace(stamp, offset=None)
        moment = to_moment(stamp, base, zone, claim.raw, claim.rule, convert=convert)
        if moment is None or moment.at > base + MAX_FUTURE or (founded and moment.at.date() < founded):
            continue
        if claim.stamp.year == 0 and not moment.inferred:
            moment = replace(moment, inferred=True)
        score = claim.trust + (0 if around.chinese or is_print else 30)
        if is_print and moment.precision == "day" and moment.at.date() == base.astimezone(zone).date():
            score -= TODAY_PENALTY  # sites print the day of the visit
        found.append(Candidate(moment, score, claim.modified, is_print))
    if not found and not around.chinese:
        found = list(_last_resort(around, base, zone, (doc.root.get("lang") or "")[:2].lower()))
    found.sort(key=lambda c: -c.score)
    modified = [c for c in found if c.modified]
    published = [c for c in found if not c.modified]
    if all(c.moment.rule == "url" for c in published):  # 更新时间 is all that many sites print
        days = {c.moment.at.date() for c in published}
        published = [
            c for c in modified if c.printed and (not days or c.moment.at.date() in days)
        ] + published
    return published, modified


def decide(found: list[Candidate]) -> Moment | None:
    """Returns the best candidate's day, with the time of the most trusted one of that day that has it."""
    if not found:
        return None
    best = found[0].moment
    day = best.at.date()
    for wanted in ("minute", "second"):
        if best.precision != ("day" if wanted == "minute" else "minute"):
            continue
        for other in found[1:]:
            moment = other.moment
            same = moment.at.date() == day and moment.precision != "day" and other.score >= 45
            if same and (
                wanted == "minute" or (moment.precision == "second" and _minute(moment) == _minute(best))
            ):
                best = replace(
                    best, at=moment.at, precision=moment.precision, rule=f"{best.rule}, {moment.rule}"
                )
                break
    return best


def _minute(moment: Moment) -> tuple[int, int]:
    return moment.at.hour, moment.at.minute


def time_zone(name: str) -> tzinfo:
    """Returns the zone of an IANA name; raises ValueError for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"unknown time zone: {name!r}") from error


def _local_in_disguise(stamp: Stamp, printed: Iterable[Claim], claims: Iterable[Claim]) -> bool:
    """Tells whether a stamp that says UTC is really local time: another claim prints the same wall time."""
    if stamp.offset != 0:
        return False
    wall = (stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute)
    return any(
        (s.year, s.month, s.day, s.hour, s.minute) == wall
        for claim in (*printed, *claims)
        if (s := claim.stamp).offset is None and s.has_time
    )


def _with_year(stamp: Stamp, claims: Iterable[Claim], year: int) -> Stamp:
    """Fills a missing year from a claim of the same day, or from the URL."""
    if stamp.year or stamp.days_ago is not None or stamp.seconds_ago is not None:
        return stamp
    for claim in claims:
        if (claim.stamp.month, claim.stamp.day) == (stamp.month, stamp.day) and claim.stamp.year:
            return replace(stamp, year=claim.stamp.year)
    return replace(stamp, year=year) if year else stamp


def _printed(around: Surroundings) -> Iterator[Claim]:
    """Yields the dates that are printed near the article, with how far each is trusted."""
    first = around.head.start
    opening = [
        i for i in range(around.start, min(around.start + 4, around.end)) if len(around.lines[i].text) < 60
    ]
    used: set[int] = set()
    for index in (*range(max(0, first - 12), around.start), *opening):
        if index in used:  # part of a date that began in a line before
            continue
        above = first - index if index < first and around.title >= 0 else 0
        distance = max(0, around.start - index) if around.title < 0 else max(0, index - first)
        trust = 92 - min(distance, 30) * 0.5 - (12 + above if above else 0)
        yield from _line_claims(around, index, trust, used)
    last = around.lines[around.end - 1 : around.end] if around.end else []
    for line in last:
        if len(line.text) <= 20:
            yield from _closing_date(line)
    for index in around.tail:
        yield from _line_claims(around, index, 62, used, labelled_only=True)


def _closing_date(line: TextLine) -> Iterator[Claim]:
    for stamp in find_stamps(line.text):
        if stamp.year and stamp.end - stamp.start >= len(line.text) - 2:
            yield Claim(stamp, "printed under the text", line.text, 35)


def _line_claims(
    around: Surroundings, index: int, trust: float, used: set[int], *, labelled_only: bool = False
) -> Iterator[Claim]:
    line = around.lines[index]
    text = around.spaced(index)
    if len(text) > MAX_HEADER_LINE or not may_hold_date(text):
        return
    if len(text) <= MAX_JOINED:
        text = _joined(around, index)
    for stamp in find_stamps(text):
        kind = _label_kind(text[: stamp.start], text[stamp.end :])
        if kind == "other" or (labelled_only and not kind):
            continue
        raw = text[max(0, stamp.start - 8) : stamp.end]
        score = _print_trust(stamp, kind, text, line, trust)
        if score <= 0 or (
            index != around.head.start and around.out_of_place(index, above=index < around.start)
        ):
            continue
        if stamp.year:
            reach, following = len(around.spaced(index)), index
            while reach < stamp.end and following + 1 < len(around.lines):
                following += 1
                used.add(following)
                reach += 1 + len(around.spaced(following))
        yield Claim(stamp, "printed", raw, round(score), kind == "modified")


def _print_trust(stamp: Stamp, kind: str, text: str, line: TextLine, trust: float) -> float:
    relative = stamp.days_ago is not None or stamp.seconds_ago is not None
    rest = len(text) - (stamp.end - stamp.start)
    if relative and rest > 30 and not kind and not (stamp.start == 0 and _OTHER_FIELDS.search(text)):
        return 0
    if kind:
        return trust + (8 if stamp.has_time else -4)
    hinted = _DATE_CLASS.search(attribute_words(line.element)) is not None
    if stamp.has_time:
        return trust if stamp.year or relative or hinted or rest < 20 or stamp.start < 3 else 0
    if relative:
        return trust - 22 if rest < 15 else 0
    if not stamp.year:
        return 40 if rest < 3 and hinted else 0
    if _WEEKDAY.search(text) and not hinted:
        return 31
    return trust - 22 if rest < 60 and (hinted or rest < 25) else 28


def _joined(around: Surroundings, index: int) -> str:
    """The line with the short lines after it, as a date may be split over elements."""
    parts = [around.spaced(index)]
    for following in range(index + 1, min(index + 4, len(around.lines))):
        if len(around.lines[following].text) > MAX_JOINED:
            break
        parts.append(around.spaced(following))
    return " ".join(parts)


def _label_kind(before: str, after: str) -> str:
    """Returns "published", "modified", "other", or "" for a date without a label."""
    words = _labels()
    if after[:2] in ("至今", "以来", "之前", "前后") or after[:1] in ("至", "-", "~", "—"):
        return "other"
    match = _LABEL_BEFORE.search(before[-16:])
    if match is None:
        return ""
    label = fold(match[1].strip().lower())
    for kind in ("other", "modified", "published"):
        if kind == "other" and any(word in label for word in words[kind]):
            return kind
        if kind != "other" and _ends_with_label(label, words[kind]):
            return kind
    return ""


def _ends_with_label(label: str, words: tuple[str, ...]) -> bool:
    """A word of two characters (发布) is a label alone; longer ones may have words before (本文发布时间)."""
    if not label.endswith(words):
        return False
    before = {label.removesuffix(word) for word in words if label.endswith(word)}
    return (
        "" in before or any(label.endswith(w) and len(w) > 2 for w in words) or bool(before & _BEFORE_LABEL)
    )


@cache
def _labels() -> dict[str, tuple[str, ...]]:
    return {kind: tuple(found) for kind, found in load_table("date_words.toml")["labels"].items()}


def _last_resort(around: Surroundings, base: datetime, zone: tzinfo, lang: str) -> Iterator[Candidate]:
    """Asks dateparser about lines near the title that are marked as dates; imported here, as it is slow.

    `lang` is the language that the page declares, "" for none.
    """
    for index in range(max(0, around.head.start - 5), min(around.start + 2, len(around.lines))):
        line = around.lines[index]
        hinted = re.search(r"time|date|publi", attribute_words(line.element))
        if not hinted or not 6 <= len(line.text) <= 60 or not any(c.isdigit() for c in line.text):
            continue
        import dateparser
        from dateparser.data.languages_info import language_order

        # to ask all of its 200 languages takes 20 ms, and 2 s the first time
        language = [lang] if lang in language_order else load_table("date_words.toml")["languages"]["common"]

        at = dateparser.parse(
            line.text,
            languages=language,
            settings={"RELATIVE_BASE": base.replace(tzinfo=None), "PREFER_DATES_FROM": "past"},
        )
        if at is not None:
            at = at.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=at.tzinfo or zone)
            yield Candidate(Moment(at, "day", line.text, "dateparser"), 20)
            return
