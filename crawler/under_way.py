"""Requests that were taken from a queue, until what came of them is stored."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from scrapy import Request

UNFINISHED_META = "unfinished"
"""Key of request.meta: the request was given up because the crawl ends, and is for the next one."""

K = TypeVar("K")


class UnderWay(Generic[K]):
    """Requests by the key that their queue knows them by.

    A request is done when the engine is through with it and the pages that the
    store had taken until then are written: its own are among them.
    """

    def __init__(self) -> None:
        self._requests: dict[K, Request] = {}
        self._through: deque[tuple[int, K]] = deque()

    def begin(self, key: K, request: Request) -> None:
        """Notes a request that was taken."""
        self._requests[key] = request

    def forget(self, key: K) -> None:
        """Drops a request that another one stands for now."""
        self._requests.pop(key, None)

    def keys(self) -> list[K]:
        """The keys of all requests that are not done."""
        return [*self._requests, *(key for _, key in self._through)]

    def settle(
        self, active: Callable[[Request], bool], pages_taken: int, pages_written: int
    ) -> tuple[list[K], list[K]]:
        """Returns the keys of requests that are done, and of those that were given up; both are dropped."""
        given_up = []
        for key, request in list(self._requests.items()):
            if active(request):
                continue
            del self._requests[key]
            if request.meta.pop(UNFINISHED_META, False):
                given_up.append(key)
            else:
                self._through.append((pages_taken, key))
        done = []
        while self._through and self._through[0][0] <= pages_written:
            done.append(self._through.popleft()[1])
        return done, given_up
