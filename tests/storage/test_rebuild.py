import pytest
from sqlalchemy import text

from storage import Store
from storage.database import writing
from tests.storage.pages import china, failed, page
from tests.storage.test_lineage import EDITED, FLOOD, LIBRARY

pytestmark = pytest.mark.usefixtures("right_summaries")

STORY = "SELECT article_id, rank, original_id, parent_id, kind, similarity, share FROM relation ORDER BY 1, 2"


def fill(store: Store, run_id: int) -> None:
    store.save(
        [
            page("/first", FLOOD, published=china(20)),
            page("/copy", FLOOD, published=china(21)),
            page("/edited", LIBRARY, published=china(22)),
            page("/lead", (FLOOD[0][:30] + "...",), published=china(23)),
            page("/both", LIBRARY + FLOOD, published=china(24)),
            failed("/gone"),
        ],
        run_id,
    )
    store.save([page("/edited", EDITED, published=china(22), later=60)], run_id)


def test_a_rebuild_of_what_is_right_changes_nothing(store, run_id, rows):
    fill(store, run_id)
    before, history = rows(STORY), rows("SELECT * FROM lineage_change ORDER BY id")
    prints = rows("SELECT digest, length, cut, sentences FROM fingerprint ORDER BY digest")
    steps: list[tuple[int, int]] = []
    report = store.rebuild_lineage(lambda done, total: steps.append((done, total)))
    assert rows(STORY) == before
    assert rows("SELECT * FROM lineage_change ORDER BY id") == history
    assert rows("SELECT digest, length, cut, sentences FROM fingerprint ORDER BY digest") == prints
    assert (report.articles, report.before, report.after, report.changes) == (
        5,
        report.after,
        {"copy": 1, "reprint": 2, "excerpt": 1},
        {},
    )
    assert steps == [(6, 6)]


def test_a_rebuild_says_what_it_mended(store, run_id, rows):
    fill(store, run_id)
    before = rows(STORY)
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE relation SET kind = 'reprint' WHERE kind = 'copy'"))
        connection.execute(text("DELETE FROM relation WHERE kind = 'excerpt'"))
    report = store.rebuild_lineage(lambda done, total: None)
    assert rows(STORY) == before
    assert report.changes == {("reprint", "copy"): 1, ("original", "excerpt"): 1}
    assert rows(
        "SELECT kind_before, kind_after FROM lineage_change WHERE reason = 'rebuild' ORDER BY kind_after"
    ) == [("reprint", "copy"), (None, "excerpt")]


def test_an_old_store_gets_its_relations_by_a_rebuild(store, run_id, rows):
    fill(store, run_id)
    before = rows(STORY)
    with writing(store.engine) as connection:
        # as the migration from the first tables leaves it
        for table in ("relation", "resemblance", "first_holder", "anchor"):
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("UPDATE article_version SET fingerprint_id = NULL"))
        connection.execute(text("DELETE FROM fingerprint"))
    store.rebuild_lineage(lambda done, total: None)
    assert rows(STORY) == before
