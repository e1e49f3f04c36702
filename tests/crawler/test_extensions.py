"""The extensions of a crawl."""

import gc

import pytest
from scrapy import Spider
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from crawler.extensions import CollectGarbageLessOften


@pytest.fixture
def python_settings():
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


def test_garbage_is_looked_for_as_often_as_set(python_settings):
    extension = CollectGarbageLessOften.from_crawler(get_crawler(Spider, {"GC_THRESHOLD": 9000}))
    extension.engine_started()
    assert gc.get_threshold()[0] == 9000


def test_zero_leaves_it_to_python():
    with pytest.raises(NotConfigured):
        CollectGarbageLessOften.from_crawler(get_crawler(Spider, {"GC_THRESHOLD": 0}))
