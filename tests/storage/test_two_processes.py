"""Programs that start and write at the same time."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pytest
from sqlalchemy import text

from storage import SaveReport, open_store
from tests.storage.pages import china, page

PAGES = 60


def crawl(url: str, site: str, day: int) -> SaveReport:
    """Opens the store and saves reprints of the same stories under the name of one site, in small batches."""
    store = open_store(url)
    run = store.start_run(site)
    report = SaveReport()
    pages = [
        page(
            f"/{number}.html",
            (
                f"第{number}号通告：" + chr(0x4E00 + 40 * number) * 40,
                "各社区志愿服务站照常开放。" * (number % 4),
            ),
            host=f"http://{site}.example",
            site=site,
            published=china(day),
            source=site,
        )
        for number in range(PAGES)
    ]
    for start in range(0, PAGES, 4):
        report.add(store.save(pages[start : start + 4], run))
    store.end_run(run, "finished", "finished", {"pages": PAGES})
    store.close()
    return report


@pytest.mark.parametrize("sites", [("chenguang", "jiangwan")])
def test_two_crawls_of_the_same_texts_end_with_one_original_each(store_url, sites):
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as pool:
        # the database is empty: both want to make the tables
        jobs = [pool.submit(crawl, store_url, site, day) for site, day in zip(sites, (22, 21), strict=True)]
        reports = [job.result() for job in jobs]

    assert [report.new_articles for report in reports] == [PAGES, PAGES]
    assert [sum(report.failures.values()) for report in reports] == [0, 0]
    assert sum(report.copies for report in reports) == PAGES
    store = open_store(store_url)
    with store.engine.connect() as connection:
        found = connection.execute(
            text("SELECT kind, original_site, site, count(*) FROM reprints GROUP BY 1, 2, 3")
        ).all()
        texts = connection.execute(text("SELECT count(*) FROM text")).scalar()
    store.close()
    assert [tuple(row) for row in found] == [("copy", "jiangwan", "chenguang", PAGES)]
    assert texts == PAGES
