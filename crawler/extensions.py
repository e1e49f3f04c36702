"""What watches over a crawl from its start to its end."""

from __future__ import annotations

import gc

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured


class CollectGarbageLessOften:
    """Lets Python look for reference cycles less often than its default, which costs a tenth of a crawl.

    Setting: GC_THRESHOLD, the objects made between two looks; 0 leaves Python's own. What was there
    before the crawl (modules, classes) is not looked through again.
    """

    def __init__(self, threshold: int) -> None:
        self.threshold = threshold

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CollectGarbageLessOften:
        """Makes the extension of one crawl."""
        threshold = crawler.settings.getint("GC_THRESHOLD")
        if threshold <= 0:
            raise NotConfigured
        extension = cls(threshold)
        crawler.signals.connect(extension.engine_started, signals.engine_started)
        return extension

    def engine_started(self) -> None:
        """Sets the threshold of the whole process."""
        gc.freeze()
        gc.set_threshold(self.threshold, *gc.get_threshold()[1:])
