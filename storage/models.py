"""The tables of the store, in third normal form but for `storage.summaries` and `figure.surface`.

Keys are natural where one exists: a page is its canonical URL, a fetch is a
page at a time, a version is a number within its article. That makes storing
repeatable, and no row waits for an id made by the database. Times are UTC;
the offset in minutes of the zone in which a page gave one stands beside it.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Computed,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    SmallInteger,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from storage.columns import Id, PackedWords, UtcTime, Words


class Base(DeclarativeBase):
    """Names constraints alike on both databases, so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Words, datetime: UtcTime}  # noqa: RUF012 - read by SQLAlchemy


# the clustered, narrow tables of which there are many rows an article
_CLUSTERED = {"sqlite_with_rowid": False}


class Setting(Base):
    """What the store notes about itself, for example which views it holds."""

    __tablename__ = "setting"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class Code(Base):
    """A version of this program that made derived rows."""

    __tablename__ = "code"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    version: Mapped[str] = mapped_column(unique=True)


# --- what was crawled ---


class Site(Base):
    """One publisher's web site."""

    __tablename__ = "site"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    publisher: Mapped[str]
    home_page: Mapped[str]


class Run(Base):
    """One crawl of one site."""

    __tablename__ = "run"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'finished', 'stopped', 'failed')", "state"),
        CheckConstraint("(state = 'running') = (ended_at IS NULL)", "ended"),
        Index(None, "site_id", "started_at"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    state: Mapped[str]
    reason: Mapped[str]


class RunCount(Base):
    """A statistic of a run that has ended."""

    __tablename__ = "run_count"
    run_id: Mapped[int] = mapped_column(Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(Id)


class Page(Base):
    """One URL; the id is `pipelines.urls.url_id` of it."""

    __tablename__ = "page"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    url: Mapped[str] = mapped_column(unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    first_seen_at: Mapped[datetime]
    last_fetched_at: Mapped[datetime]


class Fetch(Base):
    """One fetch of a page, where its bytes lie, and the failure if it came to nothing."""

    __tablename__ = "page_fetch"
    __table_args__ = (
        CheckConstraint("(warc_file IS NULL) = (warc_offset IS NULL)", "warc"),
        CheckConstraint(
            "(failure_stage IS NULL) = (failure_reason IS NULL)"
            " AND (failure_stage IS NULL) = (failure_message IS NULL)",
            "failure",
        ),
        Index(
            "ix_page_fetch_failed",
            "page_id",
            "fetched_at",
            sqlite_where=text("failure_stage IS NOT NULL"),
            postgresql_where=text("failure_stage IS NOT NULL"),
        ),
    )
    page_id: Mapped[int] = mapped_column(Id, ForeignKey("page.id", ondelete="CASCADE"), primary_key=True)
    fetched_at: Mapped[datetime] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"), index=True)
    final_url: Mapped[str]
    status: Mapped[int] = mapped_column(SmallInteger)
    warc_file: Mapped[str | None]
    warc_offset: Mapped[int | None] = mapped_column(Id)
    truncated: Mapped[bool]
    failure_stage: Mapped[str | None]
    failure_reason: Mapped[str | None]
    failure_message: Mapped[str | None]


class DroppedArchive(Base):
    """An archive file that was deleted for its age; fetches still name it, with the offset in it."""

    __tablename__ = "dropped_archive"
    file: Mapped[str] = mapped_column(primary_key=True)
    dropped_at: Mapped[datetime]


# --- what pages say ---


class Text(Base):
    """A stored text; articles with the identical text share it, and what was read in it.

    `digest` is the SHA-256 of its UTF-8. `entities_code_id` is the code that
    read it for entities, null while none has.
    """

    __tablename__ = "text"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    body: Mapped[str]
    entities_code_id: Mapped[int | None] = mapped_column(ForeignKey("code.id"))


class Article(Base):
    """A page that is an article, and which of its versions is the present one."""

    __tablename__ = "article"
    __table_args__ = (
        # deferred, as each row of the pair needs the other
        ForeignKeyConstraint(
            ["id", "version"],
            ["article_version.article_id", "article_version.version"],
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
    )
    id: Mapped[int] = mapped_column(
        Id, ForeignKey("page.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    version: Mapped[int] = mapped_column(SmallInteger)


def _moment_checks(name: str) -> tuple[CheckConstraint, CheckConstraint, CheckConstraint]:
    day, at, offset, precision = (f"{name}_{part}" for part in ("day", "at", "offset", "precision"))
    return (
        CheckConstraint(
            f"CASE coalesce({precision}, '') WHEN '' THEN {day} IS NULL AND {at} IS NULL AND {offset} IS NULL"
            f" WHEN 'day' THEN {day} IS NOT NULL AND {at} IS NULL AND {offset} IS NOT NULL"
            f" ELSE {precision} IN ('minute', 'second')"
            f" AND {day} IS NOT NULL AND {at} IS NOT NULL AND {offset} IS NOT NULL END",
            name,
        ),
        CheckConstraint(f"{at} IS NULL OR {day} = date({at}, {offset} || ' minutes')", f"{name}_day").ddl_if(
            dialect="sqlite"
        ),
        CheckConstraint(
            f"{at} IS NULL OR {day} = CAST({at} + {offset} * interval '1 minute' AS date)", f"{name}_day"
        ).ddl_if(dialect="postgresql"),
    )


class ArticleVersion(Base):
    """What an article said from one fetch on.

    A time has the day in the publisher's own zone, for every question by day;
    the moment in UTC, null when the page gives no time; and the zone's offset.
    `dateline` has the letters of what stands before the text (新华社北京25日电);
    `shoulder` and `subtitle` are the lines over and under the title.
    """

    __tablename__ = "article_version"
    __table_args__ = (
        ForeignKeyConstraint(["article_id", "fetched_at"], ["page_fetch.page_id", "page_fetch.fetched_at"]),
        CheckConstraint("version >= 1", "version"),
        *_moment_checks("published"),
        *_moment_checks("modified"),
        Index(None, "article_id", "fetched_at"),
        # as a hash, which takes a title of any length
        Index(None, "title", postgresql_using="hash"),
    )
    article_id: Mapped[int] = mapped_column(
        Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    fetched_at: Mapped[datetime]
    title: Mapped[str]
    text_id: Mapped[int] = mapped_column(ForeignKey("text.id"), index=True)
    fingerprint_id: Mapped[int | None] = mapped_column(ForeignKey("fingerprint.id"), index=True)
    published_day: Mapped[date | None] = mapped_column(index=True)
    published_at: Mapped[datetime | None]
    published_offset: Mapped[int | None] = mapped_column(SmallInteger)
    published_precision: Mapped[str | None]
    published_inferred: Mapped[bool]
    published_raw: Mapped[str]
    published_rule: Mapped[str]
    modified_day: Mapped[date | None]
    modified_at: Mapped[datetime | None]
    modified_offset: Mapped[int | None] = mapped_column(SmallInteger)
    modified_precision: Mapped[str | None]
    modified_inferred: Mapped[bool]
    modified_raw: Mapped[str]
    modified_rule: Mapped[str]
    source: Mapped[str]
    dateline: Mapped[str] = mapped_column(server_default="")
    shoulder: Mapped[str] = mapped_column(server_default="")
    subtitle: Mapped[str] = mapped_column(server_default="")
    charset: Mapped[str]
    code_id: Mapped[int] = mapped_column(ForeignKey("code.id"))
    made_at: Mapped[datetime]


IS_PRESENT: ColumnElement[bool] = (ArticleVersion.article_id == Article.id) & (
    ArticleVersion.version == Article.version
)
"""The condition that joins an article and what it says at present."""


class _OfVersion:
    """Rows that hang on an article version, in the page's order."""

    article_id: Mapped[int] = mapped_column(Id, primary_key=True, sort_order=-3)
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True, sort_order=-2)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True, sort_order=-1)


def _to_version() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["article_id", "version"],
        ["article_version.article_id", "article_version.version"],
        ondelete="CASCADE",
    )


class Credit(_OfVersion, Base):
    """A name that a page credits."""

    __tablename__ = "credit"
    __table_args__ = (
        _to_version(),
        CheckConstraint("part IN ('author', 'editor', 'other')", "part"),
        _CLUSTERED,
    )
    name: Mapped[str]
    role: Mapped[str]
    part: Mapped[str]
    raw: Mapped[str]


class Teaser(_OfVersion, Base):
    """A summary of another article that a page shows; `url` is empty when it gives no link."""

    __tablename__ = "teaser"
    __table_args__ = (_to_version(), Index(None, "url"), Index(None, "title"))
    title: Mapped[str]
    text: Mapped[str]
    url: Mapped[str]
    cut: Mapped[bool]


class Boilerplate(_OfVersion, Base):
    """Text on the page that is not the article's own."""

    __tablename__ = "boilerplate"
    __table_args__ = (_to_version(),)
    kind: Mapped[str]
    text: Mapped[str]


# --- which texts are one story ---


class Fingerprint(Base):
    """What a text is compared by; texts that are identical after normalising share it.

    `packed` is the normalised text, and `day`, `cut` and `sentences` what
    `pipelines.models.Fingerprint` says of them.
    """

    __tablename__ = "fingerprint"
    __table_args__ = (CheckConstraint("length >= 0", "length"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    length: Mapped[int]
    packed: Mapped[str] = mapped_column(PackedWords, server_default="")
    day: Mapped[str] = mapped_column(server_default="")
    cut: Mapped[bool] = mapped_column(server_default=false())
    sentences: Mapped[int] = mapped_column(server_default="1")


class Anchor(Base):
    """One anchor of a text that came lately, by which texts that have something in common are found.

    `holder` is the text; see `storage.anchors`. Without a foreign key or an index
    on it, which would double the cost; the anchors of a text follow from the text.
    """

    __tablename__ = "anchor"
    __table_args__ = (_CLUSTERED,)
    hash: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    holder: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)


class AnchorBlock(Base):
    """The anchors of earlier texts whose hashes begin with the same bits; see `storage.anchors`."""

    __tablename__ = "anchor_block"
    bucket: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    entries: Mapped[bytes]


class Resemblance(Base):
    """What two texts have in common; each pair stands twice, seen from either.

    `held` is the share of the first one's characters that the other has.
    """

    __tablename__ = "resemblance"
    __table_args__ = (
        CheckConstraint("kind IN ('copy', 'reprint', 'part', 'overlap')", "kind"),
        _CLUSTERED,
    )
    fingerprint_id: Mapped[int] = mapped_column(
        Id, ForeignKey("fingerprint.id", ondelete="CASCADE"), primary_key=True
    )
    other_id: Mapped[int] = mapped_column(
        Id, ForeignKey("fingerprint.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kind: Mapped[str]
    held: Mapped[float] = mapped_column(Float(53))
    other_held: Mapped[float] = mapped_column(Float(53))
    lead: Mapped[bool]


class FirstHolder(Base):
    """The article that was first among those whose present version has a text."""

    __tablename__ = "first_holder"
    fingerprint_id: Mapped[int] = mapped_column(
        Id, ForeignKey("fingerprint.id", ondelete="CASCADE"), primary_key=True
    )
    article_id: Mapped[int] = mapped_column(Id, ForeignKey("article.id", ondelete="CASCADE"), unique=True)


class Relation(Base):
    """That an article's text comes from another article's.

    `rank` 0 says which story it belongs to; higher ranks name further originals
    of a text that was joined from several. `parent_id` is the article that it
    is nearest to, `original_id` the first one of that article's story.
    `similarity` is the share of the shorter text that both have, `share` how
    much of the article comes from its parent.
    """

    __tablename__ = "relation"
    __table_args__ = (
        CheckConstraint("article_id <> original_id", "other"),
        CheckConstraint("article_id <> parent_id", "parent"),
        CheckConstraint("rank >= 0", "rank"),
        CheckConstraint("kind IN ('copy', 'reprint', 'excerpt')", "kind"),
        CheckConstraint("similarity BETWEEN 0 AND 1", "similarity"),
        CheckConstraint("share BETWEEN 0 AND 1", "share"),
    )
    article_id: Mapped[int] = mapped_column(
        Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    rank: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    original_id: Mapped[int] = mapped_column(Id, ForeignKey("article.id", ondelete="CASCADE"), index=True)
    parent_id: Mapped[int] = mapped_column(Id, ForeignKey("article.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    similarity: Mapped[float] = mapped_column(Float(53))
    share: Mapped[float] = mapped_column(Float(53))
    code_id: Mapped[int] = mapped_column(ForeignKey("code.id"))


class LineageChange(Base):
    """That an article's place in its story changed after it was first stored; null means an original.

    `reason` is "arrival" (another article came or changed), "version" (this one
    changed) or "rebuild" (the rules did).
    """

    __tablename__ = "lineage_change"
    __table_args__ = (
        CheckConstraint("reason IN ('arrival', 'version', 'rebuild')", "reason"),
        CheckConstraint("(kind_before IS NULL) = (original_before IS NULL)", "before"),
        CheckConstraint("(kind_after IS NULL) = (original_after IS NULL)", "after"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    article_id: Mapped[int] = mapped_column(Id, ForeignKey("article.id", ondelete="CASCADE"), index=True)
    changed_at: Mapped[datetime]
    reason: Mapped[str]
    kind_before: Mapped[str | None]
    original_before: Mapped[int | None] = mapped_column(Id)
    kind_after: Mapped[str | None]
    original_after: Mapped[int | None] = mapped_column(Id)
    code_id: Mapped[int] = mapped_column(ForeignKey("code.id"))


class TeaserLink(Base):
    """The article that a teaser was cut from, and how it is known: by URL, by text or by title and site."""

    __tablename__ = "teaser_link"
    __table_args__ = (
        ForeignKeyConstraint(
            ["article_id", "version", "position"],
            ["teaser.article_id", "teaser.version", "teaser.position"],
            ondelete="CASCADE",
        ),
        CheckConstraint("rule IN ('url', 'text', 'title')", "rule"),
        Index("ix_teaser_link_target_id", "target_id", "article_id", "version"),
    )
    article_id: Mapped[int] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    target_id: Mapped[int] = mapped_column(Id, ForeignKey("article.id", ondelete="CASCADE"))
    rule: Mapped[str]


class TeaserText(Base):
    """What a teaser's text is compared by, of a teaser without a URL."""

    __tablename__ = "teaser_text"
    __table_args__ = (
        ForeignKeyConstraint(
            ["article_id", "version", "position"],
            ["teaser.article_id", "teaser.version", "teaser.position"],
            ondelete="CASCADE",
        ),
    )
    article_id: Mapped[int] = mapped_column(Id, primary_key=True)
    version: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    fingerprint_id: Mapped[int] = mapped_column(
        Id, ForeignKey("fingerprint.id", ondelete="CASCADE"), index=True
    )


# --- who is named, where, how many, when, about what ---


class Entity(Base):
    """A person, organisation or place, one row however it is written.

    `scope` tells it from others of the same name: for a person the organisation
    of the role, for a place its division code; "text:" and a text's digest for
    what only one text knows (a person without an organisation, 市民政局); what a
    user chose who split it; "" otherwise. `canonical_id` is the entity that it
    is the same as, null when it stands for itself; it is derived, from
    corrections first (see `storage.identity`). `type` is the class of an
    organisation.
    """

    __tablename__ = "entity"
    __table_args__ = (
        UniqueConstraint("name", "kind", "scope"),
        CheckConstraint("kind IN ('person', 'organisation', 'place')", "kind"),
        CheckConstraint("canonical_id <> id", "canonical"),
    )
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    scope: Mapped[str]
    type: Mapped[str]
    canonical_id: Mapped[int | None] = mapped_column(Id, ForeignKey("entity.id"), index=True)
    # the entity that this one counts as, by which views join
    root_id: Mapped[int] = mapped_column(
        Id, Computed("coalesce(canonical_id, id)", persisted=True), index=True, nullable=True
    )


class Alias(Base):
    """A form in which texts write an entity, its full name among them.

    `defined` says that a text gives it as a short name, not only as a reference (该中心).
    """

    __tablename__ = "alias"
    __table_args__ = (UniqueConstraint("entity_id", "name"), Index(None, "name"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id", ondelete="CASCADE"))
    name: Mapped[str]
    defined: Mapped[bool]


class Correction(Base):
    """What a user knows better of an entity, by names, so that it outlasts the reading of texts.

    The entity (kind, name, scope) is (into_name, into_scope): in the text with
    `digest`, or in all with digest "". One into itself says that it stands for
    itself, whatever else would be derived.
    """

    __tablename__ = "correction"
    __table_args__ = (CheckConstraint("kind IN ('person', 'organisation', 'place')", "kind"),)
    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    into_name: Mapped[str]
    into_scope: Mapped[str]
    made_at: Mapped[datetime]


class _OfText:
    """Rows about characters start_offset to end_offset of a text; its `entities_code_id` made them."""

    text_id: Mapped[int] = mapped_column(
        Id, ForeignKey("text.id", ondelete="CASCADE"), primary_key=True, sort_order=-3
    )
    start_offset: Mapped[int] = mapped_column(primary_key=True, sort_order=-2)
    end_offset: Mapped[int] = mapped_column(primary_key=True, sort_order=-1)


def _offsets() -> CheckConstraint:
    return CheckConstraint("start_offset >= 0 AND start_offset < end_offset", "offsets")


class Mention(_OfText, Base):
    """Where a text names an entity: the characters are the alias's name."""

    __tablename__ = "mention"
    __table_args__ = (_offsets(), _CLUSTERED)
    alias_id: Mapped[int] = mapped_column(Id, ForeignKey("alias.id"), primary_key=True, index=True)
    rule: Mapped[str]


class Role(_OfText, Base):
    """A person's role, at an organisation where the text names one; the characters are the role."""

    __tablename__ = "role"
    __table_args__ = (_offsets(), Index("ix_role_person_id", "person_id", "organisation_id"), _CLUSTERED)
    person_id: Mapped[int] = mapped_column(Id, ForeignKey("entity.id"), primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(Id, ForeignKey("entity.id"), index=True)
    person_offset: Mapped[int]
    rule: Mapped[str]


class Division(Base):
    """A division of China by its official statistical code; below counties those that some text names."""

    __tablename__ = "division"
    __table_args__ = (CheckConstraint("length(code) IN (2, 4, 6, 9, 12)", "code"), _CLUSTERED)
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class Place(_OfText, Base):
    """Where a text names a place, and which one it is.

    `division_code` is the place itself, or with `exact` false the division that
    holds it; null when it is abroad or open. `candidates` are the codes that it
    was chosen from, separated by spaces, to be read and not to be joined.
    """

    __tablename__ = "place"
    __table_args__ = (
        _offsets(),
        CheckConstraint(
            "level IN ('country', 'province', 'city', 'county', 'town', 'village', 'spot')", "level"
        ),
        CheckConstraint("confidence BETWEEN 0 AND 1", "confidence"),
        CheckConstraint("division_code IS NOT NULL OR NOT exact", "exact"),
        _CLUSTERED,
    )
    name: Mapped[str]
    level: Mapped[str]
    division_code: Mapped[str | None] = mapped_column(ForeignKey("division.code"), index=True)
    exact: Mapped[bool]
    confidence: Mapped[float] = mapped_column(Float(53))
    candidates: Mapped[str]
    of_organisation: Mapped[bool]


class Figure(_OfText, Base):
    """A quantity; bounds are inclusive and exact to 15 digits, null where the text gives none.

    `surface` is what stands at the offsets, since reading a whole text for it is what would cost most.
    """

    __tablename__ = "figure"
    __table_args__ = (
        _offsets(),
        CheckConstraint("lower IS NOT NULL OR upper IS NOT NULL", "bounds"),
        _CLUSTERED,
    )
    lower: Mapped[float | None] = mapped_column(Float(53))
    upper: Mapped[float | None] = mapped_column(Float(53))
    unit: Mapped[str]
    approximate: Mapped[bool]
    counted: Mapped[str]
    surface: Mapped[str] = mapped_column(server_default="")


class TimeSpan(_OfText, Base):
    """A time as an interval of days, null where it is open or unknown.

    What is `relative` was resolved by the first stored article with the text.
    """

    __tablename__ = "time_span"
    __table_args__ = (
        _offsets(),
        CheckConstraint("begins <= ends", "days"),
        CheckConstraint("precision IN ('year', 'month', 'day', 'time', 'vague')", "precision"),
        _CLUSTERED,
    )
    begins: Mapped[date | None]
    ends: Mapped[date | None]
    precision: Mapped[str]
    relative: Mapped[bool]


class Topic(Base):
    """What a text is about; `terms` are those that decided, separated by 、, to be read, not joined."""

    __tablename__ = "topic"
    __table_args__ = (CheckConstraint("weight BETWEEN 0 AND 1", "weight"), Index(None, "name"), _CLUSTERED)
    text_id: Mapped[int] = mapped_column(Id, ForeignKey("text.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    weight: Mapped[float] = mapped_column(Float(53))
    terms: Mapped[str]


# --- what is searched ---


class SearchDocument(Base):
    """An article as the search index holds it; the index itself is `storage.search_index`.

    Ids ascend with the day and minute of publication, so that the newest hits
    are read first. `version` is the version that is indexed, `marks` the tokens
    that were added to it. Not deleted with the article, since the index would
    keep it: `storage.search_index.remove` comes first.
    """

    __tablename__ = "search_document"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), unique=True)
    version: Mapped[int] = mapped_column(SmallInteger)
    marks: Mapped[str]


class SearchAlias(Base):
    """A written form of an entity as it is searched: folded, without punctuation.

    Of the entities that only single texts know (`of_text`) one stands for all
    that are written alike, since there may be thousands.
    """

    __tablename__ = "search_alias"
    __table_args__ = (Index(None, "kind", "name"),)
    alias_id: Mapped[int] = mapped_column(
        Id, ForeignKey("alias.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str]
    name: Mapped[str]
    of_text: Mapped[bool]
