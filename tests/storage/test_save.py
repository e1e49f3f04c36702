import logging
from datetime import datetime, timedelta
from typing import Any

import pytest

from pipelines.models import ArchiveRef, Boilerplate, Credit, Entities, Failure, Mention, Moment, Page, Teaser
from pipelines.urls import url_id
from storage import Known, SaveReport, text_digest
from tests.storage.pages import CLINIC, FETCHED, HOST, LIBRARY, china, failed, organisation, page

pytestmark = pytest.mark.usefixtures("right_summaries")

BODY = "\n".join(CLINIC)
NAME = "江湾区红叶社会工作服务中心"


def full_page() -> Page:
    full = page(
        "/2026/a.html",
        credits=[Credit("林一帆", "记者", "author", "记者 林一帆"), Credit("孙倩", "责任编辑", "editor")],
        teasers=[Teaser("图书室启用", "临澜市慈善总会日前...", f"{HOST}/2026/b.html", cut=True)],
        boilerplate=[Boilerplate("disclaimer", "本网转载仅供参考。")],
        entities=Entities(
            mentions=(
                organisation(BODY, NAME),
                organisation(BODY, NAME, "红叶"),
            )
        ),
        modified=china(22),
    )
    full.archive = ArchiveRef("jiangwan-1.warc.gz", 5120)
    full.final_url = f"{HOST}/2026/a.html?moved"
    return full


def test_every_row_of_one_article(store, run_id, rows):
    report = store.save([full_page()], run_id)

    assert report == SaveReport(new_articles=1)
    id_ = url_id(f"{HOST}/2026/a.html")
    assert rows("SELECT * FROM page") == [
        (id_, f"{HOST}/2026/a.html", 1, "2026-11-23 01:30:00", "2026-11-23 01:30:00")
    ]
    assert rows(
        "SELECT page_id, fetched_at, run_id, final_url, status, warc_file, warc_offset, failure_stage"
        " FROM page_fetch"
    ) == [
        (
            id_,
            "2026-11-23 01:30:00",
            run_id,
            f"{HOST}/2026/a.html?moved",
            200,
            "jiangwan-1.warc.gz",
            5120,
            None,
        )
    ]
    assert rows("SELECT * FROM article") == [(id_, 1)]
    assert rows(
        "SELECT article_id, version, fetched_at, title, source, charset, published_day, published_at,"
        " published_offset, published_precision, published_raw, published_rule FROM article_version"
    ) == [
        (
            *(id_, 1, "2026-11-23 01:30:00", "义诊进社区", "江湾日报", "gb18030"),
            *("2026-11-21", "2026-11-21 00:05:00", 480, "minute", "2026年11月21日", "visible"),
        )
    ]
    # a day without a time stays a day
    assert rows(
        "SELECT modified_day, modified_at, modified_offset, modified_precision FROM article_version"
    ) == [("2026-11-22", None, 480, "day")]
    assert rows("SELECT digest, body FROM text") == [(text_digest(BODY), BODY)]
    assert rows("SELECT * FROM credit ORDER BY position") == [
        (id_, 1, 0, "林一帆", "记者", "author", "记者 林一帆"),
        (id_, 1, 1, "孙倩", "责任编辑", "editor", ""),
    ]
    assert rows("SELECT * FROM teaser") == [
        (id_, 1, 0, "图书室启用", "临澜市慈善总会日前...", f"{HOST}/2026/b.html", True)
    ]
    assert rows("SELECT * FROM boilerplate") == [(id_, 1, 0, "disclaimer", "本网转载仅供参考。")]
    assert rows("SELECT kind, name FROM entity") == [("organisation", NAME)]
    assert rows(
        "SELECT start_offset, end_offset, alias.name, entity.name, rule FROM mention"
        " JOIN alias ON alias.id = alias_id JOIN entity ON entity.id = entity_id"
        " ORDER BY start_offset, end_offset"
    ) == [(0, 13, NAME, NAME, "suffix"), (3, 5, "红叶", NAME, "suffix")]
    assert rows(
        "SELECT DISTINCT version FROM article_version JOIN fingerprint ON id = article_version.fingerprint_id"
        " JOIN anchor ON anchor.holder / 2 = id WHERE length > 50"
    ) == [(1,)]


def test_mentions_are_where_they_say(store, run_id, rows):
    store.save([full_page()], run_id)
    # both databases count from 1, in characters
    assert rows(
        "SELECT count(*) FROM mention JOIN alias ON alias.id = alias_id JOIN text ON text.id = text_id"
        " WHERE substr(body, start_offset + 1, end_offset - start_offset) <> alias.name"
    ) == [(0,)]


def test_saving_again_changes_nothing(store, run_id, everything):
    batch = [full_page(), page("/2026/b.html", published=china(20)), failed("/gone.html")]
    first = store.save(batch, run_id)
    stored = everything()

    again = store.save(batch, run_id)

    assert everything() == stored
    assert (first.new_articles, first.copies) == (2, 1)
    assert again == SaveReport(unchanged=2, failures=first.failures)


def test_a_page_twice_in_a_batch_is_one_page(store, run_id, everything):
    batch = [page("/a.html"), page("/a.html", later=5), page("/a.html")]
    assert store.save(batch, run_id) == SaveReport(new_articles=1, unchanged=2)
    tables = everything()
    assert [len(tables[name]) for name in ("page", "page_fetch", "article_version")] == [1, 2, 1]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "义诊走进湖滨社区"},
        {"paragraphs": list(LIBRARY)},
        {"published": china(21, 8, 6)},
        {"published": china(21)},
        {"published": None},
        {"source": "临澜晚报"},
        {"credits": [Credit("林一帆", "通讯员", "author")]},
    ],
)
def test_what_makes_a_new_version(store, run_id, rows, change):
    store.save([page("/a.html")], run_id)
    report = store.save([page("/a.html", later=60, **change)], run_id)

    assert report == SaveReport(new_versions=1)
    assert rows("SELECT version FROM article") == [(2,)]
    assert rows("SELECT version, fetched_at FROM article_version ORDER BY version") == [
        (1, "2026-11-23 01:30:00"),
        (2, "2026-11-23 02:30:00"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"teasers": [Teaser("图书室启用", "", "", cut=False)]},
        {"boilerplate": [Boilerplate("copyright", "版权所有")]},
        {"modified": china(23, 9)},
        {"charset": "utf-8"},
    ],
)
def test_what_makes_no_new_version(store, run_id, rows, change):
    store.save([page("/a.html")], run_id)
    assert store.save([page("/a.html", later=60, **change)], run_id) == SaveReport(unchanged=1)
    assert rows("SELECT last_fetched_at, first_seen_at FROM page") == [
        ("2026-11-23 02:30:00", "2026-11-23 01:30:00")
    ]


def test_versions_of_one_batch_and_an_older_fetch_that_comes_late(store, run_id, rows, everything):
    batch = [page("/a.html", later=60, title="第二版"), page("/a.html")]
    assert store.save(batch, run_id) == SaveReport(new_articles=1, new_versions=1)
    assert rows("SELECT version, title FROM article_version ORDER BY version") == [
        (1, "义诊进社区"),
        (2, "第二版"),
    ]
    stored = everything()
    assert store.save(batch, run_id) == SaveReport(unchanged=2)
    assert everything() == stored


def test_identical_texts_share_one_row_and_its_mentions(store, run_id, rows):
    first = page("/a.html", entities=Entities(mentions=(organisation(BODY, NAME),)))
    # the stage asked has_text and looked for no mentions
    second = page("/b.html", site="chenguang", host="http://www.chenguang-gongyi.example")
    store.save([first], run_id)
    assert store.has_text([text_digest(BODY), text_digest("别的")]) == {text_digest(BODY)}
    store.save([second], run_id)

    assert rows("SELECT count(*) FROM text") == [(1,)]
    assert rows("SELECT count(*) FROM mention") == [(1,)]
    assert rows("SELECT site.name FROM page JOIN site ON site.id = site_id ORDER BY 1") == [
        ("chenguang",),
        ("jiangwan",),
    ]


def test_a_text_whose_reading_failed_is_read_next_time(store, run_id, rows):
    crashed = page("/a.html", failure=Failure("entities", "worker_died", "the worker died"))
    assert store.save([crashed], run_id).failures == {"worker_died": 1}
    assert store.has_text([text_digest(BODY)]) == set()

    store.save([page("/a.html", later=60, entities=Entities(mentions=(organisation(BODY, NAME),)))], run_id)

    assert store.has_text([text_digest(BODY)]) == {text_digest(BODY)}
    assert rows("SELECT count(*) FROM mention") == [(1,)]
    assert rows("SELECT count(*) FROM article_version") == [(1,)]


def test_a_failed_page_is_stored_with_its_failure(store, run_id, rows):
    assert store.save([failed("/gone.html")], run_id).failures == {"http_404": 1}
    assert rows("SELECT status, failure_stage, failure_reason, failure_message FROM page_fetch") == [
        (404, "fetch", "http_404", "answered 404")
    ]
    assert rows("SELECT * FROM article") == []


def test_a_fetch_that_is_read_again_with_success_has_no_failure_any_more(store, run_id, rows):
    broken = page("/a.html", failure=Failure("extract", "timeout", "too slow"))
    broken.article = None
    store.save([broken], run_id)
    replay = store.start_run("jiangwan")
    assert store.save([page("/a.html")], replay) == SaveReport(new_articles=1)
    assert rows("SELECT run_id, failure_stage FROM page_fetch") == [(run_id, None)]


def test_a_list_page_is_no_article(store, run_id, rows):
    assert store.save([page("/list.html", kind="list")], run_id) == SaveReport()
    assert rows("SELECT (SELECT count(*) FROM page_fetch), (SELECT count(*) FROM article)") == [(1, 0)]


def test_characters_that_a_database_refuses_keep_their_place(store, run_id, rows):
    body = "江湾\x00区\ud83d红叶社会工作服务中心举办活动"
    mention = Mention("organisation", 5, 15, "红叶社会工作服务中心", "红叶社会工作服务中心", "suffix")
    odd = page("/a.html", (body,), title="义诊\x00", entities=Entities(mentions=(mention,)))
    assert store.save([odd], run_id) == SaveReport(new_articles=1)
    assert rows("SELECT body FROM text") == [("江湾\ufffd区\ufffd红叶社会工作服务中心举办活动",)]
    assert rows("SELECT title FROM article_version") == [("义诊\ufffd",)]
    assert store.has_text([text_digest(body)])
    assert store.save([odd], run_id) == SaveReport(unchanged=1)


BAD: dict[str, dict[str, Any]] = {
    "credit": {"credits": [Credit("林一帆", "记者", "writer")]},  # type: ignore[arg-type]
    "mention": {"entities": Entities(mentions=(Mention("person", 0, 3, "林一帆", "林一帆", "byline"),))},
    "time": {"published": Moment(datetime(2026, 11, 21, 8), "minute")},  # noqa: DTZ001
}


@pytest.mark.parametrize("fault", BAD)
def test_one_bad_page_of_a_batch_does_not_keep_the_others_out(store, run_id, rows, caplog, fault):
    batch = [page(f"/{number}.html", later=number) for number in range(9)]
    batch[4] = page("/4.html", LIBRARY, later=4, **BAD[fault])

    with caplog.at_level(logging.ERROR):
        report = store.save(batch, run_id)

    assert report.new_articles == 8
    assert sum(report.failures.values()) == 1
    assert "cannot store the article of http://news.jiangwan.example/4.html" in caplog.text
    assert rows(
        "SELECT url, failure_stage FROM page_fetch JOIN page ON id = page_id WHERE failure_stage <> ''"
    ) == [(f"{HOST}/4.html", "store")]
    ((reason, message),) = rows(
        "SELECT failure_reason, failure_message FROM page_fetch WHERE failure_stage = 'store'"
    )
    assert report.failures == {reason: 1}
    assert message
    assert "\n" not in message
    # replayed by a program that does better
    assert store.save([page("/4.html", later=4)], run_id).new_articles == 1


def test_a_page_that_cannot_even_be_named_is_counted_and_logged(store, run_id, caplog):
    nameless = page("/a.html")
    nameless.fetched_at = nameless.fetched_at.replace(tzinfo=None)
    report = store.save([nameless, page("/b.html")], run_id)
    assert report.new_articles == 1
    assert sum(report.failures.values()) == 1
    assert "cannot store the page" in caplog.text


def test_known_urls_of_more_than_any_database_takes_as_parameters(store, run_id):
    store.save([page("/a.html"), failed("/gone.html"), page("/list.html", kind="list")], run_id)
    store.save([page("/a.html", later=3)], run_id)
    asked = [f"{HOST}/{number}.html" for number in range(70_000)]

    assert store.known([*asked, f"{HOST}/a.html", f"{HOST}/gone.html", f"{HOST}/list.html"]) == {
        f"{HOST}/a.html": Known(FETCHED, True, 200, FETCHED + timedelta(minutes=3), "", china(21, 8, 5).at),
        f"{HOST}/gone.html": Known(FETCHED, False, 404, FETCHED, "http_404", FETCHED),
        f"{HOST}/list.html": Known(FETCHED, False, 200, FETCHED, "", FETCHED),
    }
    assert store.known([]) == {}
    assert store.has_text([text_digest(url) for url in asked]) == set()


def test_nothing_to_save(store, run_id):
    assert store.save([], run_id) == SaveReport()


def test_times_are_utc_whatever_zone_they_come_in(store, run_id, rows):
    early = page("/a.html", published=china(21, 0, 30))
    early.fetched_at = (FETCHED + timedelta(microseconds=120)).astimezone(china(21).at.tzinfo)
    store.save([early], run_id)
    assert rows(
        "SELECT CAST(fetched_at AS text), CAST(published_day AS text), CAST(published_at AS text)"
        " FROM article_version"
    ) == [("2026-11-23 01:30:00.00012", "2026-11-21", "2026-11-20 16:30:00")]


def test_the_lines_around_a_title_are_kept_beside_it(store, run_id, rows):
    given = page("/a.html")
    assert given.article is not None
    given.article.shoulder, given.article.subtitle = "冬日里的长者食堂", "——江湾区三家食堂同日开张"
    store.save([given], run_id)
    assert rows("SELECT title, shoulder, subtitle FROM articles") == [
        (given.article.title, "冬日里的长者食堂", "——江湾区三家食堂同日开张")
    ]
