"""Keeps the record of a crawl by several processes, and judges it once: when the last of them ends.

Each process counts for itself, and its run is on record. What lists came to,
and which templates were met, each notes in Redis before it gives the requests
behind them up as done, so that a process that is killed takes nothing with it.
The one that ends last puts the notes together, and judges the whole.
"""

from __future__ import annotations

import logging
import os
import pickle
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from scrapy.crawler import Crawler
from spidermon.contrib.scrapy.extensions import Spidermon

from crawler.coverage import ASKED, KNOWN, OTHER_LIST, STORED, Reading
from crawler.ledger import Ledger, Whole
from crawler.record import RunRecorder, load
from crawler.shared_notes import Ending, SharedNotes
from crawler.shared_queue import Lost, connect
from crawler.templates import TemplateBook
from storage.leases import here
from storage.pages import save_aliases
from storage.runs import crawl_counts, crawl_start, end_died, join_crawl
from storage.templates import SeenTemplate

logger = logging.getLogger(__name__)

_WEAKEST = (ASKED, OTHER_LIST)
_STRONGEST = (KNOWN, STORED)


# --- notes ---


@dataclass(slots=True)
class Notes:
    """What a process with the run `run` came to since its last notes, but `pages` since its start."""

    run: int
    readings: list[Reading] = field(default_factory=list)
    templates: list[SeenTemplate] = field(default_factory=list)


class NoteTaker:
    """Finds what is new in a ledger since it last looked."""

    def __init__(self, run: int) -> None:
        self._run = run
        self._changes: dict[str, int] = {}
        self._entries: dict[str, dict[int, str]] = {}
        self._templates: set[str] = set()

    def take(self, book: Ledger) -> bytes | None:
        """Returns the new notes, None when there are none."""
        notes = Notes(self._run)
        for url, reading in book.readings.items():
            mark = reading.changes + reading.pages
            if self._changes.get(url) == mark:
                continue
            self._changes[url] = mark
            told = self._entries.setdefault(url, {})
            entries = {id_: became for id_, became in reading.entries.items() if told.get(id_) != became}
            told.update(entries)
            notes.readings.append(
                Reading(
                    url,
                    None,
                    reading.pages,
                    entries,
                    dict(reading.links),
                    reading.etag,
                    reading.last_modified,
                    reading.ending,
                    reading.detail,
                )
            )
        met = book.templates.met if book.templates else {}
        notes.templates = [one for key, one in met.items() if key not in self._templates]
        self._templates.update(one.key for one in notes.templates)
        return pickle.dumps(notes, pickle.HIGHEST_PROTOCOL) if notes.readings or notes.templates else None


def put_together(notes: Iterable[Notes]) -> tuple[dict[str, Reading], dict[str, SeenTemplate]]:
    """Returns the lists by URL, and the templates by key, from the notes of all processes in their order."""
    latest: dict[tuple[str, int], Reading] = {}
    entries: dict[str, dict[int, str]] = {}
    templates: dict[str, SeenTemplate] = {}
    for one in notes:
        for template in one.templates:
            templates.setdefault(template.key, template)
        for reading in one.readings:
            latest[reading.url, one.run] = reading
            known = entries.setdefault(reading.url, {})
            for id_, became in reading.entries.items():
                if id_ not in known or _weight(became) > _weight(known[id_]):
                    known[id_] = became
    made: dict[str, Reading] = {}
    for (url, _), part in latest.items():
        whole = made.setdefault(url, Reading(url, entries=entries[url]))
        whole.pages += part.pages
        whole.links.update(part.links)
        whole.etag, whole.last_modified = part.etag or whole.etag, part.last_modified or whole.last_modified
        # who read a page, but not to the end, left the rest to another process
        if part.ending != "interrupted":
            whole.end(part.ending, part.detail)
    return made, templates


def _weight(became: str) -> int:
    """Whose word counts when processes say different things of an article: who stored it first."""
    if became in _WEAKEST:
        return _WEAKEST.index(became)
    return len(_WEAKEST) + (1 + _STRONGEST.index(became) if became in _STRONGEST else 0)


# --- in the crawl ---


class SharedMonitors(Spidermon):  # type: ignore[misc]  # Spidermon has no types
    """Spidermon, whose monitors of a spider's end run when the whole crawl is done."""

    spider_closed_suites: list[Any]
    closing_suites: Sequence[Any] = ()

    def spider_closed(self, spider: Any) -> None:
        """Ends what runs at intervals in this process."""
        self.closing_suites, self.spider_closed_suites = self.spider_closed_suites, []
        super().spider_closed(spider)

    def judge(self, spider: Any) -> None:
        """Runs the monitors of the crawl's end."""
        self._run_suites(spider, self.closing_suites)


class SharedRecorder(RunRecorder):
    """Keeps the record of this process; as the last one it judges the crawl, and writes what it came to."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self.notes = SharedNotes(
            connect(settings["REDIS_URL"]),
            settings["REDIS_PREFIX"],
            crawler.spidercls.name,
            settings.getfloat("SHARED_LEASE_SECONDS"),
        )
        self.taker: NoteTaker | None = None
        self.ledger.shared = True

    async def _begin(self, run: int) -> int:
        try:
            crawl = self.notes.join(run)
        except Lost as error:  # the scheduler ends the crawl for it
            logger.warning("the crawl is not judged by this process: %s", str(error).split("\n")[0])
            return run
        self.taker = NoteTaker(run)
        await self._store(join_crawl, run, crawl, here(), os.getpid())
        return crawl

    def note(self) -> None:
        """Notes what is new, before the requests that brought it are done. Raises `Lost`."""
        if self.taker is not None and (notes := self.taker.take(self.ledger)):
            self.notes.add(notes)

    def renew(self) -> None:
        """Tells the others that this process lives. Raises `Lost`."""
        if self.taker is not None and self.run_id is not None:
            self.notes.renew(self.run_id)

    async def _write(self, reason: str) -> None:  # noqa: ARG002 - its crawl ends with the last process
        assert self.run_id is not None
        await self._store(save_aliases, self.ledger.aliases)
        await self._count_run()
        if self.taker is None:
            return
        try:
            self.note()
            ending = self.notes.leave(self.run_id)
        except Lost as error:
            logger.warning("the crawl is not judged by this process: %s", str(error).split("\n")[0])
            return
        if ending is not None:
            await self._end(ending)
            await self._count_run()

    async def _end(self, ending: Ending) -> None:
        """Judges the whole crawl in the light of what was known before it."""
        book, self.crawl_id = self.ledger, ending.crawl
        logger.info("the last of %d processes judges the crawl", len(ending.runs))
        notes = [pickle.loads(note) for note in ending.notes]  # noqa: S301 - from our own processes
        book.readings, templates = put_together(notes)
        if book.templates is not None:
            book.templates = TemplateBook()
        await self._store(load, book, self._name(), ending.crawl)
        if book.templates is not None:
            book.templates.met = templates
        await self._store(end_died, [run for run in ending.runs if run != self.run_id])
        book.whole = Whole(
            run=ending.crawl,
            started_at=await self._store(crawl_start, ending.runs),
            finished=True,
            counts=await self._store(crawl_counts, ending.runs),
        )
        monitors = self.crawler.get_extension(SharedMonitors)
        if monitors is not None:
            monitors.judge(self.crawler.spider)
        await self._write_whole()
