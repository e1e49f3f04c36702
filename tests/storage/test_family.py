import pytest

from pipelines.urls import url_id
from storage import StoreError
from storage.family import family, what_changed
from storage.query import read_only
from tests.storage.pages import HOST, china, page
from tests.storage.test_lineage import EDITED, FLOOD, LIBRARY


def test_the_tree_of_a_story(store, store_url):
    run = store.start_run("jiangwan", "江湾新闻网")
    store.save([page("/edited", EDITED, published=china(22))], run)
    store.save(
        [
            page("/first", FLOOD, published=china(20), source=""),
            page("/lead", (FLOOD[0][:30] + "...",), published=china(23)),
            page("/both", FLOOD + LIBRARY, published=china(24)),
            page("/library", LIBRARY, published=china(19)),
        ],
        run,
    )
    store.save([page("/edited", EDITED[:3], published=china(22), title="敲门队交棒", later=60)], run)
    with read_only(store_url) as connection:
        found = family(connection, f"{HOST}/lead")
        assert family(connection, str(url_id(f"{HOST}/edited"))).original.url == f"{HOST}/first"
    first = found.original
    assert (first.url, first.publisher, first.relation, str(first.day)) == (
        f"{HOST}/first",
        "江湾新闻网",
        "original",
        "2026-11-20",
    )
    assert [(m.url, m.relation) for m in first.children] == [
        (f"{HOST}/edited", "reprint"),
        (f"{HOST}/lead", "excerpt"),
        (f"{HOST}/both", "reprint"),
    ]
    edited, _, both = first.children
    assert [f.url for f in both.further] == [f"{HOST}/library"]
    (update,) = edited.updates
    assert (update.version, update.title_before, update.added) == (2, "义诊进社区", [])
    assert update.removed == ["本网将继续关注这支队伍的后续情况。"]
    assert [(c.url, c.reason, c.before, c.after) for c in found.history] == [
        (f"{HOST}/edited", "arrival", "original", f"reprint of {HOST}/first")
    ]
    record = found.as_record()
    assert record["original"]["children"][1]["day"] == "2026-11-23"


def test_an_article_that_the_store_lacks(store, store_url):
    with read_only(store_url) as connection, pytest.raises(StoreError, match="no article 12 in the store"):
        family(connection, "12")


def test_what_changed_names_whole_sentences():
    before = "首批图书3500册。已经上架。校长很高兴。"
    after = "首批图书3600册。已经上架。\n校长很高兴。明年再来。"
    assert what_changed(before, after) == (["首批图书3500册。"], ["首批图书3600册。", "明年再来。"])
