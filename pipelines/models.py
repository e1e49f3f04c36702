"""The data that flows through the stages, and what each field of it means.

A spider yields a `Page`; the stages hang an `Article` on it, and on that what
cleaning, comparing and reading found. Plain data: no Scrapy, no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import starmap
from operator import attrgetter
from typing import Any, Final, Literal

Kind = Literal["article", "list", "other"]
Precision = Literal["second", "minute", "day"]
EntityKind = Literal["person", "organisation", "place"]
PlaceLevel = Literal["country", "province", "city", "county", "town", "village", "spot"]


@dataclass(slots=True, frozen=True)
class ArchiveRef:
    """Where the bytes of a fetch lie: WARC file name and offset of the record in bytes."""

    file: str
    offset: int


@dataclass(slots=True, frozen=True)
class SiteHints:
    """What the extractor may know of a site; every field has a sensible default.

    `selectors` maps a field name (title, published_at, modified_at, source,
    authors, editors, body) to expressions, tried in order: CSS; XPath, which
    starts with "/", "./" or "("; JMESPath after "json:", in the JSON of scripts.
    Nothing on the site is older than `founded`. `region` is the name or code of
    the division that the publisher writes about, "" for the whole country.
    """

    name: str = ""
    publisher: str = ""
    region: str = ""
    timezone: str = "Asia/Shanghai"
    selectors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    founded: date | None = None


@dataclass(slots=True, frozen=True)
class Failure:
    """Why a page gave no article: the stage, a short reason to count by, and one clear line."""

    stage: str
    reason: str
    message: str


@dataclass(slots=True)
class Page:
    """One fetch of one URL.

    `url` is canonical (see `pipelines.urls`), `final_url` is where redirects
    ended, `asked_url` what was asked for first, canonical, when that was another;
    `revisit` says that the store holds an article of it already.
    `body` holds the bytes after Content-Encoding, before any charset;
    `parts` the bodies of the following pages of a paginated article, in order.
    """

    url: str
    final_url: str
    status: int
    headers: dict[str, str]
    body: bytes
    fetched_at: datetime
    site: SiteHints = field(default_factory=SiteHints)
    parts: list[bytes] = field(default_factory=list)
    archive: ArchiveRef | None = None
    truncated: bool = False
    asked_url: str = ""
    revisit: bool = False
    article: Article | None = None
    failure: Failure | None = None


@dataclass(slots=True, frozen=True)
class Moment:
    """A point in time as a page gives it: with its zone, and how exact it is.

    With precision "day" the time of `at` is midnight and means nothing.
    `inferred` marks a year or day that the page does not say itself. `raw` is
    the text that was read, `rule` the rule that read it.
    """

    at: datetime
    precision: Precision
    raw: str = ""
    rule: str = ""
    inferred: bool = False

    def isoformat(self) -> str:
        """ISO 8601 with offset; the date alone when only the day is known."""
        if self.precision == "day":
            return self.at.date().isoformat()
        return self.at.isoformat(timespec="seconds")


@dataclass(slots=True, frozen=True)
class Credit:
    """One credited name: `role` as the page says it (记者, 通讯员, 责任编辑 ...), `raw` its line.

    `part` tells authors from those who only edited, or only gave pictures.
    """

    name: str
    role: str
    part: Literal["author", "editor", "other"]
    raw: str = ""


@dataclass(slots=True, frozen=True)
class Rival:
    """A value that a field did not take: the rule that found it, and its score against the others."""

    value: str
    rule: str
    score: float


@dataclass(slots=True, frozen=True)
class Evidence:
    """Why a field has its value: the rule that found it, its score, the text that was read, and the rivals.

    `precision` is that of a time, else "". `doubt` says in a few words why the
    value is not plausible, "" when it is.
    """

    field: str
    value: str
    rule: str
    raw: str = ""
    score: float = 0.0
    precision: str = ""
    doubt: str = ""
    rivals: tuple[Rival, ...] = ()


@dataclass(slots=True, frozen=True)
class Template:
    """What a page is built of around its text: a sketch for comparing (see `extract.template`).

    `way` names the innermost elements that hold the text, for people.
    """

    sketch: tuple[int, ...]
    way: str = ""


@dataclass(slots=True, frozen=True)
class Teaser:
    """A cut summary of another article; `url` is canonical, or empty when the page gives no link."""

    title: str
    text: str
    url: str
    cut: bool


@dataclass(slots=True, frozen=True)
class Boilerplate:
    """Text that is not the article's own, with its kind (disclaimer, copyright, editor, ...)."""

    kind: str
    text: str


@dataclass(slots=True, frozen=True)
class Fingerprint:
    """What texts are compared by; `pipelines.dedup.fingerprint` makes it.

    `text` is what is compared: letters, digits and ideographs, folded. `head`
    has the letters of the datelines that stood before it, `day` the date behind
    them, "" without one; `cut` marks a text that breaks off ("..."),
    `sentences` is how many it has. `digest` is equal when all of these but the
    head are. `anchors` are hashes by which candidates are looked up, as
    positive 63-bit integers.
    """

    digest: str
    text: str
    anchors: tuple[int, ...] = ()
    head: str = ""
    day: str = ""
    cut: bool = False
    sentences: int = 1


@dataclass(slots=True, frozen=True)
class Mention:
    """Where a text names an entity: text[start:end] is `surface`, always.

    Offsets are in characters (code points) into the stored text. `name` is the
    entity's full form, `rule` what found it. For organisations `type` is the
    class (基金会, 社会团体, 社会服务机构, 政府部门, ...), for people and places "".
    """

    kind: EntityKind
    start: int
    end: int
    surface: str
    name: str
    rule: str
    type: str = ""


@dataclass(slots=True, frozen=True)
class Alias:
    """That this text writes the organisation `full` also as `short`; `rule` says how it is known."""

    short: str
    full: str
    rule: str

    @property
    def in_this_text_only(self) -> bool:
        """Whether other texts mean somebody else by `short` (县民政局): no name to know it by elsewhere."""
        return self.rule == "alias.level"


@dataclass(slots=True, frozen=True)
class Role:
    """A person's role: text[start:end] is `role`; `organisation` is "" when the text names none.

    `person` and `organisation` are names of mentions in full form;
    `person_start` is where the mention of the person begins that the role stands with.
    """

    person: str
    organisation: str
    role: str
    start: int
    end: int
    person_start: int
    rule: str


@dataclass(slots=True, frozen=True)
class Place:
    """Where a text names a place, and which one it is.

    `code` is the official statistical division code (2, 4, 6, 9 or 12 digits),
    "" for a place without one (a housing estate, a square) or when the choice
    stays open; `within` is the code of the division that holds a place without
    code. `name` is the official name, `path` the names from the province down
    to the place itself. `confidence`, 0 to 1, says how clear the choice was
    among `candidates` (codes, the best first; empty when there was one).
    `of_organisation` marks a place that is part of an organisation's name.
    """

    start: int
    end: int
    surface: str
    name: str
    level: PlaceLevel
    code: str
    within: str
    path: tuple[str, ...]
    confidence: float
    candidates: tuple[str, ...] = ()
    of_organisation: bool = False


@dataclass(slots=True, frozen=True)
class Figure:
    """A quantity: `lower` and `upper` are inclusive bounds, None where the text gives none.

    An exact number has both. 近4000 and 不足4000 have only the upper bound 4000,
    超600, 10余 and 上千 only a lower one, 约300 has 300 as both; all of these are
    `approximate`, while 80岁以上 and 不超过3次 are exact limits. Money is in units of
    its currency (元, 美元, 港元, ...), shares (八成, 60%, 三分之一) are fractions with
    the unit "ratio". `unit` is "" where the text writes none (3000余志愿者), `counted`
    is what is counted (电话, 志愿者), "" when the text does not say.
    """

    start: int
    end: int
    surface: str
    lower: Decimal | None
    upper: Decimal | None
    unit: str
    approximate: bool
    counted: str


@dataclass(slots=True, frozen=True)
class TimeSpan:
    """A time in a text as the interval of days `begins` to `ends`, both inclusive, None where open.

    `precision` is the unit that the text names; "vague" (近日) has no days.
    `relative` marks what was resolved against the time of publication.
    """

    start: int
    end: int
    surface: str
    begins: date | None
    ends: date | None
    precision: Literal["year", "month", "day", "time", "vague"]
    relative: bool


@dataclass(slots=True, frozen=True)
class Topic:
    """A field of public interest that a text is about, its weight 0 to 1, and the terms that decided."""

    name: str
    weight: float
    terms: tuple[str, ...]


@dataclass(slots=True, frozen=True)
class Entities:
    """Everything that was found in one text; each list is in order of the offsets."""

    mentions: tuple[Mention, ...] = ()
    aliases: tuple[Alias, ...] = ()
    roles: tuple[Role, ...] = ()
    places: tuple[Place, ...] = ()
    figures: tuple[Figure, ...] = ()
    times: tuple[TimeSpan, ...] = ()
    topics: tuple[Topic, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Goes from process to process as plain tuples: one by one, its dataclasses cost twice as much."""
        return _entities, tuple(list(map(_values(kind), getattr(self, name))) for name, kind in FOUND.items())

    def as_record(self) -> dict[str, Any]:
        """All lists but the aliases and roles as JSON writes them: numbers, days as ISO 8601."""
        lists = ("mentions", "places", "figures", "times", "topics")
        return {name: [_as_json(asdict(item)) for item in getattr(self, name)] for name in lists}


FOUND: Final[Mapping[str, type]] = {
    "mentions": Mention,
    "aliases": Alias,
    "roles": Role,
    "places": Place,
    "figures": Figure,
    "times": TimeSpan,
    "topics": Topic,
}
"""The lists of `Entities`, in its order, with what is in them."""


@cache
def _values(kind: type) -> attrgetter[tuple[Any, ...]]:
    return attrgetter(*(one.name for one in fields(kind)))


def _entities(*lists: list[tuple[Any, ...]]) -> Entities:
    return Entities(*(tuple(starmap(kind, rows)) for kind, rows in zip(FOUND.values(), lists, strict=True)))


def _as_json(record: dict[str, Any]) -> dict[str, Any]:
    """A record with its numbers and days as JSON has them."""
    plain: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Decimal):
            plain[key] = int(value) if value == value.to_integral_value() else float(value)
        elif isinstance(value, date):
            plain[key] = value.isoformat()
        else:
            plain[key] = value
    return plain


@dataclass(slots=True)
class Article:
    """What a page says. Extract fills the first part, later stages what follows.

    `shoulder` and `subtitle` are the lines that papers set over and under a
    title (引题, 副题), "" without one.
    `published` is when this page says that its text was first put out,
    `modified` its last change; `source` the publisher that it credits (来源).
    `entities` is None while nobody has read the text.
    `paragraphs` is the body, subheads, list items and table rows among them,
    without captions; `body` the same as one text, which is what is stored.
    `unmatched` names the fields for which the site's selectors found nothing,
    `template` is what the page of an article is built of.
    """

    url: str
    kind: Kind = "other"
    title: str = ""
    shoulder: str = ""
    subtitle: str = ""
    published: Moment | None = None
    modified: Moment | None = None
    source: str = ""
    credits: list[Credit] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    teasers: list[Teaser] = field(default_factory=list)
    boilerplate: list[Boilerplate] = field(default_factory=list)
    charset: str = ""
    unmatched: tuple[str, ...] = ()
    template: Template | None = None
    # what later stages add
    fingerprint: Fingerprint | None = None
    entities: Entities | None = None

    @property
    def body(self) -> str:
        """The paragraphs, separated by one newline."""
        return "\n".join(self.paragraphs)

    @property
    def authors(self) -> list[str]:
        """Names credited as authors, each once, in the page's order."""
        return list(dict.fromkeys(c.name for c in self.credits if c.part == "author"))

    @property
    def editors(self) -> list[str]:
        """Names credited as editors, each once, in the page's order."""
        return list(dict.fromkeys(c.name for c in self.credits if c.part == "editor"))

    def as_record(self, id_: str, error: str = "") -> dict[str, Any]:
        """The object that `scrapy extract` writes for one page."""
        record: dict[str, Any] = {
            "id": id_,
            "url": self.url,
            "kind": self.kind,
            "title": self.title,
            "shoulder": self.shoulder,
            "subtitle": self.subtitle,
            "published_at": self.published.isoformat() if self.published else None,
            "modified_at": self.modified.isoformat() if self.modified else None,
            "source": self.source or None,
            "authors": self.authors,
            "editors": self.editors,
            "credits": [{"name": c.name, "role": c.role, "part": c.part} for c in self.credits],
            "body": self.body,
            "captions": self.captions,
            "teasers": [{"title": t.title, "text": t.text, "url": t.url, "cut": t.cut} for t in self.teasers],
            "boilerplate": [{"kind": b.kind, "text": b.text} for b in self.boilerplate],
            "charset": self.charset,
        }
        if error:
            record["error"] = error
        return record
