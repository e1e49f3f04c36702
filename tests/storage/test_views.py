from pipelines.models import Credit
from pipelines.urls import url_id
from storage import Store
from tests.storage.pages import CLINIC, HOST, china, failed, page

CHENGUANG = "http://www.chenguang-gongyi.example"
CREDITS = [
    Credit("林一帆", "记者", "author"),
    Credit("陈可", "通讯员", "author"),
    Credit("林一帆", "摄影", "author"),
    Credit("孙倩", "责任编辑", "editor"),
]


def fill(store: Store, run_id: int) -> int:
    chenguang = store.start_run("chenguang", "晨光公益网", CHENGUANG + "/")
    store.save(
        [page("/a.html", credits=CREDITS), page("/a.html", later=5, title="新题目", credits=CREDITS)], run_id
    )
    store.save([failed("/gone.html")], run_id)
    store.end_run(run_id, "finished", "finished", {"new_articles": 1})
    original = page("/b.html", host=CHENGUANG, site="chenguang", published=china(20), source="")
    store.save([original], chenguang)
    store.end_run(chenguang, "stopped", "shutdown", {"new_articles": 1})
    return chenguang


def test_articles(store, run_id, rows):
    fill(store, run_id)
    assert rows(
        "SELECT id, url, site, publisher, title, body, published_day, published_at, published_offset,"
        " published_precision, source, authors, editors, characters, relation, version, first_seen_at,"
        " last_fetched_at FROM articles ORDER BY published_day"
    ) == [
        (
            *(url_id(f"{CHENGUANG}/b.html"), f"{CHENGUANG}/b.html", "chenguang", "晨光公益网", "义诊进社区"),
            *("\n".join(CLINIC), "2026-11-20", None, 480, "day", "", None, None),
            *(len("\n".join(CLINIC)), "original", 1, "2026-11-23 01:30:00", "2026-11-23 01:30:00"),
        ),
        (
            *(url_id(f"{HOST}/a.html"), f"{HOST}/a.html", "jiangwan", "江湾新闻网", "新题目"),
            *("\n".join(CLINIC), "2026-11-21", "2026-11-21 00:05:00", 480, "minute", "江湾日报"),
            *("林一帆、陈可", "孙倩", len("\n".join(CLINIC)), "copy", 2),
            *("2026-11-23 01:30:00", "2026-11-23 01:35:00"),
        ),
    ]


def test_reprints(store, run_id, rows):
    fill(store, run_id)
    assert rows("SELECT * FROM reprints") == [
        (
            *(
                "copy",
                0,
                1.0,
                1.0,
                url_id(f"{HOST}/a.html"),
                f"{HOST}/a.html",
                "新题目",
                "jiangwan",
                "江湾新闻网",
            ),
            *("江湾日报", "2026-11-21", "2026-11-21 00:05:00"),
            url_id(f"{CHENGUANG}/b.html"),
            *(url_id(f"{CHENGUANG}/b.html"), f"{CHENGUANG}/b.html", "义诊进社区", "chenguang", "晨光公益网"),
            *("2026-11-20", None),
        )
    ]


def test_runs(store, run_id, rows):
    chenguang = fill(store, run_id)
    running = store.start_run("jiangwan")
    assert rows(
        "SELECT id, site, publisher, state, reason, pages, new_articles, new_versions, failures,"
        " ended_at IS NULL, started_at <= ended_at FROM runs ORDER BY id"
    ) == [
        (run_id, "jiangwan", "江湾新闻网", "finished", "finished", 3, 1, 1, 1, False, True),
        (chenguang, "chenguang", "晨光公益网", "stopped", "shutdown", 1, 1, 0, 0, False, True),
        (running, "jiangwan", "江湾新闻网", "running", "", 0, 0, 0, 0, True, None),
    ]
    assert rows("SELECT run_id, name, value FROM run_count ORDER BY run_id") == [
        (run_id, "new_articles", 1),
        (chenguang, "new_articles", 1),
    ]
    assert rows("SELECT name, publisher, home_page FROM site ORDER BY name") == [
        ("chenguang", "晨光公益网", CHENGUANG + "/"),
        ("jiangwan", "江湾新闻网", "http://news.jiangwan.example/"),
    ]
