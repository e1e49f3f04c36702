"""Ways to die: put among the item pipelines of a crawl, these end its process with SIGKILL at one place."""

from __future__ import annotations

import os
import signal
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from sqlalchemy import Engine, event


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Die:
    """Dies at the page number DIE_AFTER, where it stands among the stages, or at the event DIE_AT."""

    def __init__(self, crawler: Crawler) -> None:
        self.left = crawler.settings.getint("DIE_AFTER")
        self.at = crawler.settings.get("DIE_AT", "item")
        if self.at == "fetch":
            crawler.signals.connect(self.count, signals.response_downloaded)
        elif self.at == "request":
            crawler.signals.connect(self.count, signals.request_reached_downloader)
        elif self.at == "transaction":
            event.listen(Engine, "before_cursor_execute", self.writes)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Die:
        return cls(crawler)

    def count(self) -> None:
        self.left -= 1
        if self.left <= 0:
            die()

    def writes(self, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        # in the middle of a batch: its pages are written, its articles are not
        if statement.startswith("INSERT INTO article_version"):
            self.count()

    async def process_item(self, page: Any) -> Any:
        if self.at == "item":
            self.count()
        return page
