"""Joins articles on several pages again, as the spider did when it fetched them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.discovery.link import on_hosts
from crawler.discovery.paging import may_have_next_part
from pipelines.models import Page

MAX_WAITING = 500
"""Articles that wait for a following page at a time; a further one lets the oldest go on without."""


@dataclass(slots=True)
class _Waiting:
    page: Page
    seen: set[str]


@dataclass(slots=True)
class Parts:
    """Holds an article back until its following pages have come, each of which is then no page of its own.

    `next_part` finds the URL of the page that follows one; `most` is how many
    following pages are joined.
    """

    next_part: Callable[[Page], Awaitable[str]]
    most: int
    waiting: dict[str, _Waiting] = field(default_factory=dict)

    async def take(self, page: Page) -> Page | None:
        """Takes the next page of a file; returns one that is complete, None while it waits for more."""
        waiting = self.waiting.pop(page.url, None) or _Waiting(page, {page.url})
        if waiting.page is not page:
            waiting.page.parts.append(page.body)
            waiting.page.truncated = waiting.page.truncated or page.truncated
        url = await self.next_part(page) if may_have_next_part(page.body) else ""
        if not url or url in waiting.seen or not on_hosts(url, (urlsplit(page.url).hostname or "",)):
            return waiting.page
        if len(waiting.page.parts) >= self.most:
            waiting.page.truncated = True
            return waiting.page
        waiting.seen.add(url)
        displaced = self.waiting.pop(url, None)
        if displaced is None and len(self.waiting) >= MAX_WAITING:
            displaced = self.waiting.pop(next(iter(self.waiting)))
        self.waiting[url] = waiting
        return _without_the_rest(displaced.page) if displaced else None

    def rest(self) -> list[Page]:
        """The articles whose following pages never came, marked as truncated as the spider would."""
        left, self.waiting = self.waiting, {}
        return [_without_the_rest(waiting.page) for waiting in left.values()]


def _without_the_rest(page: Page) -> Page:
    page.truncated = True
    return page
