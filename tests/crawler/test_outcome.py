from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler

from crawler.outcome import outcome
from crawler.progress import progress_line


class Qinghe(Spider):
    name = "qinghe"


def crawl_with(stats, **settings):
    crawler = get_crawler(settings_dict={"STATS_DUMP": False, **settings})
    crawler.spidercls.name = "qinghe"
    crawler.stats = MemoryStatsCollector(crawler)
    crawler.stats.set_stats(dict(stats))
    return crawler


FINISHED = {
    "finish_reason": "finished",
    "elapsed_time_seconds": 12.5,
    "response_received_count": 30,
    "store/new_articles": 20,
    "store/reprints": 3,
    "store/page_failed/http_404": 2,
    "store/page_failed/redirect_loop": 1,
}


def test_pages_that_fail_are_counted_and_are_no_problem_of_the_crawl():
    ended = outcome(crawl_with(FINISHED))
    assert (ended.fetched, ended.new_articles, ended.reprints, ended.seconds) == (30, 20, 3, 12.5)
    assert ended.failures == {"http_404": 2, "redirect_loop": 1}
    assert ended.problem == ""


def test_ctrl_c_is_told():
    ended = outcome(crawl_with({**FINISHED, "finish_reason": "shutdown"}))
    assert ended.problem == "stopped before the end; what was fetched is stored"


def test_a_store_that_can_not_be_written_is_told_in_its_own_words():
    stats = {**FINISHED, "finish_reason": "store_failed", "store/error": "the disk is full"}
    assert outcome(crawl_with(stats)).problem == "the disk is full"


def test_errors_in_the_spider_are_a_problem_although_scrapy_finished():
    ended = outcome(crawl_with({**FINISHED, "spider_exceptions/count": 2}))
    assert ended.problem == "2 errors in the spider; see the log"


def test_a_crawl_whose_start_pages_all_fail_is_a_problem():
    ended = outcome(crawl_with({**FINISHED, "fetch/lists_failed": 1}))
    assert ended.problem == "none of the start pages could be fetched"
    assert outcome(crawl_with({**FINISHED, "fetch/lists_failed": 1, "fetch/lists": 1})).problem == ""


def test_a_crawl_that_never_began_is_a_problem():
    assert outcome(crawl_with({})).problem == "the crawl did not start"
    assert outcome(Crawler(Qinghe)).problem == "the crawl did not start"


def test_the_live_line_adds_up_all_crawls():
    crawlers = [crawl_with(FINISHED), crawl_with({"response_received_count": 10, "store/copies": 4})]
    for crawler in crawlers:
        crawler.crawling = True
    line = progress_line(crawlers, waiting=2, seconds=8.0)
    assert (
        line == "1 sites (2 waiting)  40 pages  5 pages/s  20 new articles  4 copies  3 failed  0 queued  8 s"
    )


def test_the_live_line_before_anything_was_fetched():
    assert progress_line([Crawler(Qinghe)], 0, 0.0).startswith("0 sites  0 pages")
