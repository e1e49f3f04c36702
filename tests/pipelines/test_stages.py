import asyncio
import os
import signal
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from scrapy import Spider, signals
from scrapy.exceptions import CloseSpider, DropItem
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler
from sqlalchemy import text

from pipelines import stages
from pipelines.models import Article, Failure, Page, SiteHints
from pipelines.stages import (
    CleanStage,
    DedupStage,
    EntitiesStage,
    ExtractStage,
    StoreStage,
    store_thread,
)

HTML = """<html><head><title>清禾社工走进湖熟街道_晨光公益网</title></head><body>
<h1>清禾社工走进湖熟街道</h1><div class="info">2026-09-14 09:30 来源：晨光公益网</div><div class="content">
<p>晨光公益网南京9月14日电（记者 周亦菲）南京清禾社会工作服务中心的社工走进湖熟街道，为独居老人安装防滑垫。
</p><p>中心负责人介绍，这项服务自今年三月开始，已经走进了十二个社区，惠及三百多位老人，秋天还会继续。</p>
<p>“老人们最怕的就是在浴室里滑倒。”社工说，志愿者每周上门一次，陪老人聊聊天，也看看家里缺什么。</p>
</div></body></html>"""


def page_of(number=1, html=HTML):
    url = f"http://www.chenguang.example/2026/0914/{number}.html"
    headers = {"content-type": "text/html; charset=utf-8"}
    return Page(url, url, 200, headers, html.encode(), datetime(2026, 9, 14, 2, 0, number, tzinfo=UTC))


class Crawl:
    """The stages of one crawl, by hand: what Scrapy does with them."""

    def __init__(self, tmp_path, **settings):
        url = f"sqlite:///{tmp_path}/news.db"
        given = {"DATABASE_URL": url, "WORKERS": 1, "WORKER_TIMEOUT": 20, "STORE_BATCH_SIZE": 50}
        given |= {"STORE_BATCH_SECONDS": 60, "STATS_DUMP": False, **settings}
        self.crawler = get_crawler(Spider, given)
        self.crawler.spider = Spider("qinghe")
        self.crawler.stats = MemoryStatsCollector(self.crawler)
        self.store = StoreStage(self.crawler)
        kinds = (ExtractStage, CleanStage, DedupStage, EntitiesStage)
        self.stages = [*(kind(self.crawler) for kind in kinds), self.store]

    async def __aenter__(self):
        await self.store.open_spider()
        return self

    async def __aexit__(self, *error):
        await self.store.close_spider()
        await self.store.spider_closed("finished")
        await self.crawler.signals.send_catch_log_async(signals.engine_stopped)

    async def send(self, page):
        for stage in self.stages:
            page = await stage.process_item(page)
        return page

    async def rows(self, sql):
        def read(store):
            with store.engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(sql))]

        return await store_thread(self.crawler).call(read)

    def stat(self, key):
        return self.crawler.stats.get_value(key)


def fail(*args, **kwargs):
    raise ValueError("不认识的\n页面")


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def sleep(*args, **kwargs):
    time.sleep(60)


def test_a_page_goes_through_all_five_stages_into_the_store(tmp_path):
    async def work():
        async with Crawl(tmp_path) as crawl:
            page = await crawl.send(page_of())
            await crawl.store.flush()
            return page, await crawl.rows("SELECT title, source, body FROM articles"), crawl

    page, rows, crawl = asyncio.run(work())
    assert page.failure is None
    assert page.body == b""
    assert page.article.fingerprint is not None
    assert [m.surface for m in page.article.entities.mentions if m.kind == "organisation"]
    (row,) = rows
    assert row[:2] == ("清禾社工走进湖熟街道", "晨光公益网")
    assert row[2] == page.article.body
    assert crawl.stat("store/new_articles") == 1


@pytest.mark.parametrize(
    ("stage", "function", "broken", "reason", "message"),
    [
        ("extract", "extract", fail, "ValueError", "不认识的"),
        ("extract", "extract", die, "worker_died", "the worker process died 2 times"),
        ("extract", "extract", sleep, "timeout", "took more than 2 s"),
        ("clean", "clean", fail, "ValueError", "不认识的"),
        ("dedup", "fingerprint", die, "worker_died", "the worker process died 2 times"),
        ("entities", "find_entities", fail, "ValueError", "不认识的"),
    ],
)
def test_a_stage_that_fails_on_a_page_never_loses_it(
    tmp_path, monkeypatch, stage, function, broken, reason, message
):
    monkeypatch.setattr(stages, function, broken)

    async def work():
        async with Crawl(tmp_path, WORKER_TIMEOUT=2 if broken is sleep else 60) as crawl:
            page = await crawl.send(page_of())
            await crawl.store.flush()
            fetches = await crawl.rows(
                "SELECT failure_stage, failure_reason, failure_message FROM page_fetch"
            )
            return page, fetches, await crawl.rows("SELECT count(*) FROM articles"), crawl

    page, fetches, articles, crawl = asyncio.run(work())
    assert page.failure == Failure(stage, reason, message)
    assert fetches == [(stage, reason, message)]
    assert articles == [(0 if stage == "extract" else 1,)]
    assert crawl.stat(f"{stage}/failed/{reason}") == 1


def test_a_page_that_was_not_fetched_passes_the_stages_and_is_stored(tmp_path):
    async def work():
        async with Crawl(tmp_path) as crawl:
            page = page_of()
            page.failure = Failure("fetch", "http_404", "HTTP status 404")
            await crawl.send(page)
            await crawl.store.flush()
            return await crawl.rows("SELECT failure_reason FROM page_fetch"), crawl

    rows, crawl = asyncio.run(work())
    assert rows == [("http_404",)]
    assert crawl.stat("store/page_failed/http_404") == 1


def test_articles_before_since_are_dropped(tmp_path):
    async def work():
        async with Crawl(tmp_path) as crawl:
            crawl.crawler.spider.since = date(2026, 9, 15)
            with pytest.raises(DropItem, match="published before 2026-09-15"):
                await crawl.send(page_of())
            crawl.crawler.spider.since = date(2026, 9, 14)
            await crawl.send(page_of())
            return crawl

    crawl = asyncio.run(work())
    assert crawl.stat("extract/before_since") == 1
    assert crawl.stat("store/new_articles") == 1


@pytest.mark.parametrize(("region", "code"), [("福建省", "350102"), ("南京市", "320106")])
def test_the_region_of_the_publisher_tells_places_of_one_name_apart(tmp_path, region, code):
    async def work():
        async with Crawl(tmp_path) as crawl:
            page = page_of(html=HTML.replace("南京", "").replace("湖熟街道", "鼓楼区"))
            return await crawl.send(replace(page, site=SiteHints(region=region)))

    page = asyncio.run(work())
    assert {p.code for p in page.article.entities.places if p.surface == "鼓楼区"} == {code}


def test_entities_are_not_looked_for_twice_in_the_same_text(tmp_path):
    async def work():
        async with Crawl(tmp_path) as crawl:
            first = await crawl.send(page_of(1))
            await crawl.store.flush()
            second = await crawl.send(page_of(2))
            await crawl.store.flush()
            mentions = await crawl.rows("SELECT count(*) FROM mention")
            return first, second, mentions, crawl

    first, second, mentions, crawl = asyncio.run(work())
    assert first.article.entities.mentions
    assert second.article.entities is None
    assert mentions == [(len(first.article.entities.mentions),)]
    assert crawl.stat("entities/text_known") == 1
    assert crawl.stat("store/copies") == 1


def test_a_batch_is_written_when_it_is_full_or_old_or_at_the_end(tmp_path):
    async def count(crawl):
        return (await crawl.rows("SELECT count(*) FROM page"))[0][0]

    async def work():
        counts = []
        async with Crawl(tmp_path, STORE_BATCH_SIZE=2, STORE_BATCH_SECONDS=0.2) as crawl:
            await crawl.send(page_of(1))
            counts.append(await count(crawl))
            await crawl.send(page_of(2))
            counts.append(await count(crawl))
            await crawl.send(page_of(3))
            await asyncio.sleep(0.5)
            counts.append(await count(crawl))
            await crawl.send(page_of(4))
            await crawl.store.close_spider()
            counts.append(await count(crawl))
        return counts

    assert asyncio.run(work()) == [0, 2, 3, 4]


@pytest.mark.parametrize(
    ("reason", "state"),
    [("finished", "finished"), ("shutdown", "stopped"), ("store_failed", "failed"), ("max_pages", "stopped")],
)
def test_the_run_says_how_it_ended(tmp_path, reason, state):
    async def work():
        async with Crawl(tmp_path) as crawl:
            await crawl.store.spider_closed(reason)
            return await crawl.rows("SELECT site, state, reason FROM runs")

    assert asyncio.run(work()) == [("qinghe", state, reason)]


def test_without_a_store_there_is_no_crawl(tmp_path):
    (tmp_path / "file").write_text("")

    async def work():
        crawl = Crawl(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/file/news.db")
        with pytest.raises(CloseSpider) as closed:
            await crawl.store.open_spider()
        assert closed.value.reason == "store_failed"
        await crawl.crawler.signals.send_catch_log_async(signals.engine_stopped)
        return crawl

    assert str(tmp_path) in asyncio.run(work()).stat("store/error")


def test_crawls_of_one_process_share_the_pool_until_the_last_has_ended(tmp_path):
    async def work():
        one, two = Crawl(tmp_path), Crawl(tmp_path)
        assert stages.worker_pool(one.crawler) is stages.worker_pool(two.crawler)
        pool = stages.worker_pool(one.crawler)
        await pool.run(len, "惠")
        await one.crawler.signals.send_catch_log_async(signals.engine_stopped)
        still = len(pool.pids())
        await two.crawler.signals.send_catch_log_async(signals.engine_stopped)
        return still, len(pool.pids())

    assert asyncio.run(work()) == (1, 0)


def test_what_is_no_article_is_stored_as_a_page_only(tmp_path):
    async def work():
        async with Crawl(tmp_path) as crawl:
            page = await crawl.send(page_of(html="<html><body><p>页面不存在</p></body></html>"))
            await crawl.store.flush()
            return (
                page,
                await crawl.rows("SELECT count(*) FROM articles"),
                await crawl.rows("SELECT url FROM page"),
            )

    page, articles, pages = asyncio.run(work())
    assert isinstance(page.article, Article)
    assert (articles, len(pages)) == ([(0,)], 1)


def test_a_selector_that_finds_nothing_any_more_is_counted(tmp_path):
    async def work():
        async with Crawl(tmp_path) as crawl:
            page = page_of()
            page.site = replace(page.site, selectors={"title": (".gone",), "source": (".info",)})
            return await crawl.send(page), crawl

    page, crawl = asyncio.run(work())
    assert page.article.title == "清禾社工走进湖熟街道"  # the extractor's own
    assert page.article.source.startswith("2026-09-14")  # the selector's
    assert crawl.stat("extract/selector_unmatched/title") == 1
    assert crawl.stat("extract/selector_unmatched/source") is None


def test_the_stores_thread_lets_the_event_loop_go_on_soon(sqlite_url):
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    try:
        stages.StoreThread(sqlite_url).close()
        assert sys.getswitchinterval() == pytest.approx(stages.SWITCH_INTERVAL)
    finally:
        sys.setswitchinterval(before)
