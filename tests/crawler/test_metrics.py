"""What machines read of a crawl: figures for Prometheus, and the log as JSON."""

from __future__ import annotations

import json
import logging
import re
import socket
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from crawler.json_logs import JsonFormatter
from crawler.metrics import REGISTRY, CrawlCollector
from tests.crawler.operations import operator
from tests.crawler.test_outcome import FINISHED, crawl_with


def samples(text: str) -> dict[tuple[str, ...], float]:
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_figures_have_the_site_as_label():
    collector = CrawlCollector()
    collector.crawlers["qinghe"] = crawl_with({**FINISHED, "fields/articles": 20, "fields/source": 5})
    found = {
        (sample.name.removeprefix("gongyi_news_"), *sample.labels.values()): sample.value
        for family in collector.collect()
        for sample in family.samples
    }
    assert found["pages_total", "qinghe"] == 30
    assert found["failed_pages_total", "qinghe", "http_404"] == 2
    assert found["crawling", "qinghe"] == 0
    assert found["field_coverage", "qinghe", "source"] == 0.25


def test_nothing_is_told_before_a_crawl():
    assert b"qinghe" not in generate_latest(REGISTRY)


def test_a_record_becomes_one_line():
    try:
        int("差错")
    except ValueError:
        record = logging.LogRecord("store", logging.ERROR, "", 1, "%s\nof %d", ("两行", 2), sys.exc_info())
    record.spider = type("Spider", (), {"name": "qinghe"})()
    text = JsonFormatter().format(record)
    assert "\n" not in text
    line = json.loads(text)
    assert (line["level"], line["logger"], line["message"], line["site"]) == (
        "ERROR",
        "store",
        "两行\nof 2",
        "qinghe",
    )
    assert "ValueError: invalid literal" in line["traceback"]
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+\+00:00", line["time"])


def test_a_crawl_tells_prometheus_and_logs_json(tmp_path: Path) -> None:
    file = tmp_path / "metrics" / "news.prom"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    asking: dict[str, Any] = {"METRICS_FILE": file, "METRICS_PORT": port, "LOG_JSON": 1, "LOG_LEVEL": "INFO"}
    with operator(tmp_path, count=20) as at:
        crawl = at.start("crawl", "qinghe", **asking, DOWNLOAD_DELAY=0.1)
        address = f"http://127.0.0.1:{port}/metrics"
        seen: dict[tuple[str, ...], float] = {}
        deadline = time.monotonic() + 60
        while not seen.get(("gongyi_news_pages_total", "qinghe")) and time.monotonic() < deadline:
            time.sleep(0.05)
            try:
                seen = samples(plain().open(address, timeout=5).read().decode())
            except OSError:
                continue
        _, log = crawl.communicate(timeout=60)
    assert crawl.returncode == 0, log
    assert seen["gongyi_news_crawling", "qinghe"] == 1
    last = samples(file.read_text("utf-8"))
    assert (last["gongyi_news_new_articles_total", "qinghe"], last["gongyi_news_crawling", "qinghe"]) == (
        20,
        0,
    )
    assert last["gongyi_news_field_coverage", "body", "qinghe"] == 1
    lines = [json.loads(line) for line in log.splitlines()]
    assert {"time", "level", "logger", "message"} <= set(lines[0])
    assert any(line["message"].startswith("Spider closed") and line["site"] == "qinghe" for line in lines)


def plain() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def test_a_port_in_use_is_told_and_the_crawl_goes_on(tmp_path: Path) -> None:
    with operator(tmp_path, count=1) as at, socket.create_server(("127.0.0.1", 0)) as taken:
        done = at.scrapy("crawlall", METRICS_PORT=taken.getsockname()[1])
    assert done.returncode == 0
    assert "no metrics on port" in done.stderr
