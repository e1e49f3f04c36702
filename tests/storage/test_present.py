"""What the store says of pages that are read once more, on both databases."""

from datetime import timedelta

from pipelines.models import ArchiveRef, Credit, Entities, Failure
from storage.present import facts_of
from tests.storage.pages import FETCHED, HOST, LIBRARY, failed, organisation, page

CREDITS = [Credit("周亦菲", "记者", "author"), Credit("秦朗", "", "author")]


def test_pages_are_known_with_their_fetches_and_failures(store, run_id):
    again = page("/1.html", later=60, failure=Failure("clean", "timeout", "took more than 30 s"))
    store.save([page("/1.html"), failed("/2.html"), again], run_id)
    held = store.held_pages([f"{HOST}/1.html", f"{HOST}/2.html", f"{HOST}/3.html"])
    assert set(held) == {f"{HOST}/1.html", f"{HOST}/2.html"}
    assert held[f"{HOST}/1.html"].site == "jiangwan"
    assert held[f"{HOST}/1.html"].fetches == {
        FETCHED: None,
        FETCHED + timedelta(minutes=60): ("clean", "timeout"),
    }
    assert set(held[f"{HOST}/2.html"].fetches.values()) == {("fetch", "http_404")}


def test_what_is_stored_and_what_an_article_says_are_the_same_facts(store, run_id):
    body = "\n".join(LIBRARY)
    found = Entities(mentions=(organisation(body, "临澜市慈善总会"),))
    saved = page("/1.html", LIBRARY, credits=CREDITS, entities=found)
    assert saved.article is not None
    store.save([saved], run_id)
    held = store.held_article(saved.url, True)
    assert held is not None
    assert held.fetched_at == FETCHED
    assert held.facts == facts_of(saved.article)
    assert held.facts == {
        "title": "义诊进社区",
        "published": "2026-11-21 08:05:00+08:00",
        "source": "江湾日报",
        "credits": "周亦菲 (记者)、秦朗",
        "body": body,
        "people": "",
        "organisations": "临澜市慈善总会",
        "places": "",
    }
    short = store.held_article(saved.url, False)
    assert short is not None
    assert "organisations" not in short.facts
    assert store.held_article(f"{HOST}/2.html", True) is None


def test_a_day_and_no_time_at_all_are_the_same_facts(store, run_id):
    pages = [page("/1.html", published=None)]
    store.save(pages, run_id)
    held = store.held_article(pages[0].url, False)
    assert held is not None
    assert held.facts["published"] == ""


def test_the_files_of_its_own_crawls_are_known(store, run_id):
    saved = page("/1.html")
    saved.archive = ArchiveRef("jiangwan-20261123T013000Z-aaaa.warc.gz", 300)
    store.save([saved], run_id)
    own = "jiangwan-20261123T013000Z-aaaa.warc.gz"
    assert store.wrote_archive(own, "replay")
    assert not store.wrote_archive(own, "jiangwan")
    assert not store.wrote_archive("CC-NEWS-20261123.warc.gz", "replay")


def test_a_fetch_that_is_read_again_is_no_update_of_its_page(store, run_id, rows):
    store.save([page("/1.html")], run_id)
    store.save([page("/1.html", title="义诊进了社区")], run_id)
    store.save([page("/1.html", title="义诊进了社区", source="江湾新闻网", later=60)], run_id)
    assert rows("SELECT version, title FROM article_version ORDER BY version") == [
        (1, "义诊进社区"),
        (2, "义诊进了社区"),
        (3, "义诊进了社区"),
    ]
    assert rows("SELECT version, source_before, source FROM updates") == [(3, "江湾日报", "江湾新闻网")]
