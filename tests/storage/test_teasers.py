import pytest

from pipelines.models import Teaser
from tests.storage.pages import HOST, china, page
from tests.storage.test_lineage import FLOOD, LIBRARY

pytestmark = pytest.mark.usefixtures("right_summaries")

LINKS = (
    "SELECT a.url, position, t.url, rule FROM teaser_link JOIN page a ON a.id = article_id"
    " JOIN page t ON t.id = target_id ORDER BY a.url, position"
)
BY_URL = Teaser("敲门队", FLOOD[0][:30] + "...", f"{HOST}/flood", True)
BY_TEXT = Teaser("", FLOOD[0][:40] + "...", "", True)
BY_TITLE = Teaser("汛期里的敲门队", "", "", False)


def test_a_teaser_is_linked_whichever_comes_first(store, run_id, rows):
    waiting = page("/before", LIBRARY, teasers=[BY_URL, BY_TEXT, BY_TITLE])
    store.save([waiting], run_id)
    assert rows(LINKS) == []
    store.save([page("/flood", FLOOD, title="汛期里的敲门队", published=china(20))], run_id)
    later = page(
        "/later",
        ("另一篇报道，讲的是完全不同的事情，和前面两篇没有关系。",),
        teasers=[BY_URL, BY_TEXT, BY_TITLE],
    )
    store.save([later], run_id)
    assert rows(LINKS) == [
        (f"{HOST}/{name}", position, f"{HOST}/flood", rule)
        for name in ("before", "later")
        for position, rule in enumerate(("url", "text", "title"))
    ]


def test_of_a_story_the_original_is_linked(store, run_id, rows):
    store.save([page("/before", LIBRARY, teasers=[BY_TEXT])], run_id)
    store.save([page("/copy", FLOOD, published=china(22))], run_id)
    assert rows(LINKS) == [(f"{HOST}/before", 0, f"{HOST}/copy", "text")]
    store.save([page("/flood", (*FLOOD, "本报记者摄影报道。"), published=china(20))], run_id)
    assert rows(LINKS) == [(f"{HOST}/before", 0, f"{HOST}/flood", "text")]


def test_a_title_must_agree_with_the_site_and_be_the_only_one(store, run_id, rows):
    host = "http://www.chenguang-gongyi.example"
    store.save([page("/b", FLOOD, host=host, site="chenguang", title=BY_TITLE.title)], run_id)
    store.save([page("/before", LIBRARY, teasers=[BY_TITLE])], run_id)
    assert rows(LINKS) == []
    store.save([page("/one", FLOOD, title=BY_TITLE.title)], run_id)
    assert rows(LINKS) == [(f"{HOST}/before", 0, f"{HOST}/one", "title")]
    store.save([page("/two", LIBRARY[:2], title=BY_TITLE.title)], run_id)
    assert rows(LINKS) == []


def test_a_page_that_shows_its_own_teaser_is_not_linked_to_itself(store, run_id, rows):
    store.save([page("/flood", FLOOD, teasers=[BY_URL, BY_TEXT], title="义诊")], run_id)
    assert rows(LINKS) == []


def test_saving_again_changes_nothing(store, run_id, everything):
    batch = [page("/flood", FLOOD), page("/before", LIBRARY, teasers=[BY_URL, BY_TEXT])]
    store.save(batch, run_id)
    stored = everything()
    store.save(batch, run_id)
    assert everything() == stored


def test_a_title_of_any_length_can_be_looked_for(store, run_id, rows):
    # without repeats, which a database would fold away
    title = "".join(map(chr, range(0x4E00, 0x4E00 + 4000)))
    store.save([page("/flood", FLOOD, title=title)], run_id)
    assert rows("SELECT count(*) FROM article_version WHERE title = :title", title=title) == [(1,)]
