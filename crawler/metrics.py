"""Figures of the crawls of this process for Prometheus: a text file, and a port of this machine alone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, start_http_server, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.outcome import STORED_FAILURES, queued, statistics

logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
PREFIX = "gongyi_news_"

COUNTERS = {
    "pages": ("response_received_count", "Responses received"),
    "requests": ("downloader/request_count", "Requests sent"),
    "bytes": ("downloader/response_bytes", "Bytes received"),
    "new_articles": ("store/new_articles", "Articles stored for the first time"),
    "new_versions": ("store/new_versions", "New versions of stored articles"),
    "unchanged": ("store/unchanged", "Articles fetched again that had not changed"),
    "copies": ("store/copies", "Copies found"),
    "reprints": ("store/reprints", "Reprints found"),
    "alarms_raised": ("alarms/raised", "Alarms raised"),
    "log_errors": ("log_count/ERROR", "Errors in the log"),
}
"""By name: the statistic that it is, and what it means."""


class CrawlCollector(Collector):
    """Reads the statistics of crawls whenever it is asked; a crawl that has ended keeps its figures."""

    def __init__(self) -> None:
        self.crawlers: dict[str, Crawler] = {}

    def collect(self) -> Iterable[Metric]:
        """Gives all figures, each with the site as its label."""
        values = {site: statistics(crawler) for site, crawler in list(self.crawlers.items())}
        for name, (key, meaning) in COUNTERS.items():
            yield _family(CounterMetricFamily, name, meaning, {s: v.get(key, 0) for s, v in values.items()})
        failed = CounterMetricFamily(f"{PREFIX}failed_pages", "Pages that failed", labels=["site", "reason"])
        for site, reason, number in _failures(values):
            failed.add_metric([site, reason], number)
        yield failed
        under_way = {s: float("finish_reason" not in v) for s, v in values.items()}
        yield _family(GaugeMetricFamily, "crawling", "1 while the site is being crawled", under_way)
        queues = {site: queued(crawler) for site, crawler in list(self.crawlers.items())}
        yield _family(GaugeMetricFamily, "queued_requests", "Requests that wait or are under way", queues)
        ends = {s: v["finish_time"].timestamp() for s, v in values.items() if "finish_time" in v}
        yield _family(GaugeMetricFamily, "ended_timestamp_seconds", "When the crawl ended", ends)
        shares = {s: v for s, v in values.items() if v.get("fields/articles")}
        covered = GaugeMetricFamily(
            f"{PREFIX}field_coverage", "Share of articles that have a field", labels=["site", "field"]
        )
        for site, of_site in shares.items():
            for field in ("title", "published", "source", "body"):
                share = of_site.get(f"fields/{field}", 0) / of_site["fields/articles"]
                covered.add_metric([site, field], share)
        yield covered


def _family(kind: Any, name: str, meaning: str, values: Mapping[str, float]) -> Metric:
    family: Any = kind(PREFIX + name, meaning, labels=["site"])
    for site, value in values.items():
        family.add_metric([site], value)
    made: Metric = family
    return made


def _failures(values: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str, int]]:
    for site, of_site in values.items():
        for key, number in of_site.items():
            if key.startswith(STORED_FAILURES):
                yield site, key.removeprefix(STORED_FAILURES), number


COLLECTOR = CrawlCollector()
REGISTRY = CollectorRegistry()
REGISTRY.register(COLLECTOR)


class Metrics:
    """Tells Prometheus of a crawl.

    Settings: METRICS_FILE, a file for node_exporter's textfile collector that is
    written anew every METRICS_SECONDS and at the end; METRICS_PORT, a port on
    the loopback address. All crawls of a process share both.
    """

    serving: tuple[Any, Any] | None = None
    users = 0

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.file = crawler.settings.get("METRICS_FILE")
        self.port = crawler.settings.getint("METRICS_PORT")
        self.seconds = crawler.settings.getfloat("METRICS_SECONDS")
        self.writing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Metrics:
        """Makes the extension of one crawl, if one of the settings is given."""
        metrics = cls(crawler)
        if not metrics.file and not metrics.port:
            raise NotConfigured
        crawler.signals.connect(metrics.spider_opened, signals.spider_opened)
        crawler.signals.connect(metrics.engine_stopped, signals.engine_stopped)
        return metrics

    def spider_opened(self) -> None:
        """Begins to tell."""
        COLLECTOR.crawlers[self.crawler.spidercls.name] = self.crawler
        Metrics.users += 1
        if self.port and Metrics.serving is None:
            try:
                Metrics.serving = start_http_server(self.port, LOOPBACK, REGISTRY)
            except OSError as error:
                logger.error("no metrics on port %d: %s", self.port, error.strerror)
        if self.file:
            self.writing = asyncio.ensure_future(self._write_at_times())

    async def _write_at_times(self) -> None:
        while True:
            self._write()
            await asyncio.sleep(self.seconds)

    def _write(self) -> None:
        try:
            Path(self.file).parent.mkdir(parents=True, exist_ok=True)
            write_to_textfile(self.file, REGISTRY)  # by a file beside it, so that none reads a half
        except OSError as error:
            logger.error("can't write the metrics file %s: %s", self.file, error.strerror)

    def engine_stopped(self) -> None:
        """Tells how the crawl ended; the last crawl of a process closes the port."""
        if self.writing is not None:
            self.writing.cancel()
            self._write()
        Metrics.users -= 1
        if not Metrics.users and Metrics.serving is not None:
            server, thread = Metrics.serving
            Metrics.serving = None
            server.shutdown()
            server.server_close()
            thread.join()
