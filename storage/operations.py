"""The tables of running it every day: leases, schedules, what lists held, gaps and alarms.

Kept apart from `storage.models`, which has what was crawled and what it says.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from storage.columns import Id
from storage.models import Base

ENDINGS = ("not_modified", "known", "last_page", "depth", "since", "full", "error", "interrupted")
"""How the reading of a list ended: its last page, a page of known articles, a limit, or an error."""

GAP_CAUSES = ("no_overlap", "paging_error", "interrupted")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(map(repr, values))})", column)


class RunOrigin(Base):
    """Which program made a run, and where: host and process id."""

    __tablename__ = "run_origin"
    run_id: Mapped[int] = mapped_column(
        Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    code_id: Mapped[int] = mapped_column(ForeignKey("code.id"))
    host: Mapped[str]
    pid: Mapped[int]


class SharedRun(Base):
    """A process's part in a crawl that several made together, which is known by the run `crawl_id`."""

    __tablename__ = "shared_run"
    run_id: Mapped[int] = mapped_column(
        Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    crawl_id: Mapped[int] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"))


class Schedule(Base):
    """When a site is due, and the lease under which it is being crawled, if it is.

    `run_id` holds the site until `held_until`; both are null when nobody does.
    """

    __tablename__ = "schedule"
    __table_args__ = (CheckConstraint("(run_id IS NULL) = (held_until IS NULL)", "held"),)
    site_id: Mapped[int] = mapped_column(Id, ForeignKey("site.id"), primary_key=True, autoincrement=False)
    interval_seconds: Mapped[int]
    due_at: Mapped[datetime]
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    held_until: Mapped[datetime | None]


class PageAlias(Base):
    """A URL that led to a page of another URL; the id is `pipelines.urls.url_id` of it."""

    __tablename__ = "page_alias"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    url: Mapped[str]
    page_id: Mapped[int] = mapped_column(Id, ForeignKey("page.id", ondelete="CASCADE"), index=True)
    seen_at: Mapped[datetime]


class ListPage(Base):
    """A list page, feed or site map as it was when it was last read to its end.

    `entries` are the page ids of the articles that it and its following pages
    named, 8 bytes each, little-endian.
    """

    __tablename__ = "list_page"
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    url: Mapped[str] = mapped_column(unique=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    read_at: Mapped[datetime]
    etag: Mapped[str]
    last_modified: Mapped[str]
    entries: Mapped[bytes] = mapped_column(LargeBinary)


class ListLink(Base):
    """A further list that a list page leads to, for when the page answers "not modified"."""

    __tablename__ = "list_link"
    list_page_id: Mapped[int] = mapped_column(
        Id, ForeignKey("list_page.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]


class Coverage(Base):
    """What one list came to in one run: URLs listed, of which known before, of which stored now."""

    __tablename__ = "coverage"
    __table_args__ = (_one_of("ending", ENDINGS),)
    run_id: Mapped[int] = mapped_column(Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    list_url: Mapped[str] = mapped_column(primary_key=True)
    pages: Mapped[int]
    listed: Mapped[int]
    known: Mapped[int]
    stored: Mapped[int]
    ending: Mapped[str]
    detail: Mapped[str]


class CoverageDrop(Base):
    """URLs of one list in one run that were not stored, by cause."""

    __tablename__ = "coverage_drop"
    __table_args__ = (
        ForeignKeyConstraint(
            ["run_id", "list_url"], ["coverage.run_id", "coverage.list_url"], ondelete="CASCADE"
        ),
    )
    run_id: Mapped[int] = mapped_column(Id, primary_key=True)
    list_url: Mapped[str] = mapped_column(primary_key=True)
    cause: Mapped[str] = mapped_column(primary_key=True)
    urls: Mapped[int]


class Gap(Base):
    """A stretch of a list that may have been missed, after `since`; open until a run has read past it."""

    __tablename__ = "gap"
    __table_args__ = (_one_of("cause", GAP_CAUSES), Index(None, "site_id", "closed_run_id"))
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    list_url: Mapped[str]
    cause: Mapped[str]
    detail: Mapped[str]
    since: Mapped[datetime | None]
    found_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    closed_run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))


class Alarm(Base):
    """Something that broke on a site; it is open until a run finds it healed.

    `kind` names the check and `subject` what it is about (a field, a list, or
    nothing). `told` says whether every outlet has taken it.
    """

    __tablename__ = "alarm"
    __table_args__ = (Index(None, "site_id", "healed_run_id"),)
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str]
    subject: Mapped[str]
    message: Mapped[str]
    raised_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    raised_at: Mapped[datetime]
    healed_run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    told: Mapped[bool]


class PageTemplate(Base):
    """A template in which a site's articles were seen, first on the page `url`.

    `sketch` holds the hashes that `pipelines.extract.template` compares, 4 bytes
    each, little-endian; `way` names the elements around the text.
    """

    __tablename__ = "page_template"
    site_id: Mapped[int] = mapped_column(Id, ForeignKey("site.id"), primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(primary_key=True)
    sketch: Mapped[bytes] = mapped_column(LargeBinary)
    way: Mapped[str]
    url: Mapped[str]
    first_run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
