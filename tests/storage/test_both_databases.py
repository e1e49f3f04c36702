"""SQLite and PostgreSQL give the same rows in every view and the same hits in fifty searches.

The suite compares as many articles as its time allows; COMPARED_ARTICLES=20000
compares more, in some three minutes of two cores.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from benchmarks.generated import pages, vocabulary
from pipelines.models import Page
from storage import Store, open_store
from storage.columns import plain
from storage.search import Sort, search
from storage.views import VIEWS
from tests.conftest import new_schema

ARTICLES = int(os.environ.get("COMPARED_ARTICLES", "5000"))
BATCH = 500
CHANGED = 40

# numbers that a database gives in the order in which rows came to it, and the time of the test
_OF_ITS_OWN = {"entity_id", "organisation_id", "person_id", "started_at", "ended_at"}
_OF_ITS_OWN |= {"last_started_at", "last_finished_at", "entities.id", "entities.same_as_id"}

# what crawls note, and no article brings; tests/storage/test_operations.py fills them on both
_OF_CRAWLS = {"coverage_by_list", "coverage_gaps", "alarms", "gone"}

_ORGANISATIONS = vocabulary().organisations
_PEOPLE = vocabulary().people
SEARCHES = (
    *(
        "社",
        "会",
        "叶",
        "志愿",
        "社区",
        "公益",
        "志願者",
        "志愿服务",
        "社会组织",
        "基金会负责人",
        "白血病",
        "自闭症",
    ),
    *("湿地", "图书室", "没有这个词的", "30名", "2026", "介绍，", '"志愿者 介绍"', "会长介绍"),
    *("社区 白血病", "志愿者 海洋", "社区 OR 湿地", "海洋 -湿地", "-社区", "(湿地 OR 海洋) -鸟类 -河流"),
    *(
        "title:志愿者",
        "title:社",
        "title:湿地 OR title:海洋",
        "source:日报",
        "source:晚报 社区",
        "site:site7 活动",
    ),
    *(f"org:{_ORGANISATIONS[0][0]}", f"org:{_ORGANISATIONS[1][1]}", "org:*慈善总会", "org:*红十字会 志愿者"),
    *(
        f"person:{_PEOPLE[0]}",
        f"person:{_PEOPLE[7]} OR person:{_PEOPLE[9]}",
        f"-org:{_ORGANISATIONS[0][0]} 社区",
    ),
    *(
        "place:江苏",
        "place:32",
        "place:广东 志愿者",
        "place:四川 OR place:湖南",
        "topic:助老",
        "topic:救灾 -topic:公益",
    ),
    *(
        "from:2024",
        "to:2023-06 社区",
        "from:2023-02 to:2023-02-14",
        "湿地 from:2025 to:2025-06",
        "活动 topic:环保",
    ),
)


@pytest.fixture(scope="module")
def stores(postgres_server: URL, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Store]]:
    """Two stores with the same articles."""
    with new_schema(postgres_server) as postgres_url:
        opened = [
            open_store(f"sqlite:///{tmp_path_factory.mktemp('compared')}/news.db"),
            open_store(postgres_url),
        ]
        runs = [store.start_run("generated") for store in opened]
        made = pages(ARTICLES)
        while some := list(islice(made, BATCH)):
            reports = [store.save(some, run) for store, run in zip(opened, runs, strict=True)]
            assert reports[0] == reports[1]
            assert reports[0].new_articles == len(some)
        changed = [later_version(page) for page in pages(CHANGED)]
        for store, run in zip(opened, runs, strict=True):
            assert store.save(changed, run).new_versions == CHANGED
            store.end_run(run, "finished", "finished", {})
        yield opened
        for store in opened:
            store.close()


def later_version(page: Page) -> Page:
    assert page.article
    article = replace(page.article, title=f"（更新）{page.article.title}")
    return replace(page, article=article, fetched_at=page.fetched_at + timedelta(days=1))


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_has_the_same_rows(stores, view):
    one, other = (rows(store, view) for store in stores)
    assert sum(one.values()) == sum(other.values())
    assert one or view in _OF_CRAWLS
    assert not one - other
    assert not other - one


def rows(store: Store, view: str) -> Counter[tuple[Any, ...]]:
    with store.engine.connect() as connection:
        result = connection.execute(text(f"SELECT * FROM {view}").execution_options(yield_per=1000))
        names = list(result.keys())
        kept = [n for n, name in enumerate(names) if not {name, f"{view}.{name}"} & _OF_ITS_OWN]
        # the text itself would be held several times over
        return Counter(tuple(map(shown, (row[n] for n in kept))) for row in result)


def shown(value: Any) -> Any:
    value = plain(value)
    return hash(value) if isinstance(value, str) and len(value) > 100 else value


@pytest.mark.parametrize("query", SEARCHES)
def test_a_search_has_the_same_hits(stores, query):
    for sort in ("relevance", "date"):
        one, other = (hits(store, query, sort) for store in stores)
        assert one == other


def hits(store: Store, query: str, sort: Sort) -> tuple[int, bool, Sequence[Any]]:
    with store.engine.connect() as connection:
        found = search(connection, query, sort, limit=60)
        return found.total, found.more, [astuple(hit) for hit in found.hits]


def test_there_are_fifty_searches_and_nearly_all_find_something(stores):
    assert len(set(SEARCHES)) == len(SEARCHES) >= 50
    with stores[0].engine.connect() as connection:
        empty = [query for query in SEARCHES if not search(connection, query).total]
    assert len(empty) <= 3, empty
