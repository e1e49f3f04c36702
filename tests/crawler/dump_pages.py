"""An item pipeline that writes what a spider yields as JSON lines, and the statistics at the end."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler

from pipelines.models import Page


class DumpPages:
    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.folder = Path(os.environ["DUMP_DIR"])

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DumpPages:
        return cls(crawler)

    def process_item(self, item: Page) -> Page:
        record: dict[str, Any] = {
            "url": item.url,
            "final_url": item.final_url,
            "status": item.status,
            "body": item.body.decode("utf-8", "replace"),
            "headers": item.headers,
            "truncated": item.truncated,
            "reason": item.failure.reason if item.failure else "",
            "archive": [item.archive.file, item.archive.offset] if item.archive else None,
        }
        with (self.folder / "pages.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
        return item

    def close_spider(self) -> None:
        assert self.crawler.stats is not None
        stats = json.dumps(self.crawler.stats.get_stats(), default=str)
        (self.folder / "stats.json").write_text(stats, "utf-8")
