import random
from collections.abc import Callable
from typing import Any

import pytest

from pipelines.dedup import Document, group
from pipelines.models import Page
from storage import SaveReport, Store
from tests.pipelines.dedup_changes import demo_texts, make
from tests.storage.conftest import Rows
from tests.storage.pages import CLINIC, HOST, china, page

pytestmark = pytest.mark.usefixtures("right_summaries")

FLOOD = (
    "汛期里，青禾社会工作服务中心的社工每天清晨出门，挨家敲开独居老人的房门，查看电路和药箱。",
    "中心负责人顾念慈介绍，队伍已上门近4000人次，帮助转移安置老人37名，协调维修漏雨房屋21处。",
    "家住周岗社区的吴有福今年83岁，上个月因低血糖晕倒，正好赶上队员上门，及时送医。",
    "从九月起，这支队伍将逐步交给各社区的邻里志愿者，社工转为培训和督导，已有86名居民报名。",
)
LIBRARY = (
    "青石乡中心小学的图书室上周启用，首批3500册图书由临澜市慈善总会捐建，已经全部上架。",
    "校长何秀英说，孩子们下课后终于有了一个安静读书的地方，最受欢迎的是讲星空和海洋的书。",
    "慈善总会秘书长陶立夏表示，明年还将在云岭县的6所学校建图书室，每间配一名阅读老师。",
)
EDITED = (*FLOOD[:3], "本网将继续关注这支队伍的后续情况。")


@pytest.fixture
def relations(rows: Callable[..., Rows]) -> Callable[[], dict[str, tuple[str, str]]]:
    """Gives kind and original by article, articles by the last part of their URL."""

    def read() -> dict[str, tuple[str, str]]:
        found = rows(
            "SELECT a.url, kind, o.url FROM relation JOIN page a ON a.id = article_id"
            " JOIN page o ON o.id = original_id WHERE rank = 0 ORDER BY a.url"
        )
        return {a.rpartition("/")[2]: (kind, o.rpartition("/")[2]) for a, kind, o in found}

    return read


@pytest.fixture
def history(rows: Callable[..., Rows]) -> Callable[[], Rows]:
    def read() -> Rows:
        found = rows(
            "SELECT a.url, reason, kind_before, b.url, kind_after, o.url FROM lineage_change"
            " JOIN page a ON a.id = article_id LEFT JOIN page b ON b.id = original_before"
            " LEFT JOIN page o ON o.id = original_after ORDER BY lineage_change.id, a.url"
        )
        return [tuple(str(v).rpartition("/")[2] if v else None for v in row) for row in found]

    return read


def text(
    name: str, content: tuple[str, ...], day: int = 21, hour: int | None = 8, later: int = 0, **fields: Any
) -> Page:
    return page(f"/{name}", content, published=china(day, hour), later=later, **fields)


def test_copy_reprint_and_excerpt_point_to_the_earliest(store, run_id, relations):
    batch = [
        text("copy", tuple(p.replace("，", ",") for p in FLOOD), day=22),
        text("first", FLOOD, day=20),
        text("edited", EDITED, 23),
        text("lead", (FLOOD[0][:30] + "...",), 24),
        text("other", LIBRARY, day=19),
    ]
    assert store.save(batch, run_id) == SaveReport(new_articles=5, copies=1, reprints=1, excerpts=1)
    assert relations() == {
        "copy": ("copy", "first"),
        "edited": ("reprint", "first"),
        "lead": ("excerpt", "first"),
    }


def test_an_original_that_arrives_last_turns_the_group_round(store, run_id, relations, history):
    store.save([text("copy", FLOOD, day=22)], run_id)
    store.save([text("edited", EDITED, day=23)], run_id)
    assert relations() == {"edited": ("reprint", "copy")}
    assert history() == []

    report = store.save([text("first", EDITED, day=20)], run_id)

    assert relations() == {"copy": ("reprint", "first"), "edited": ("copy", "first")}
    # of one reprint it makes a copy and a reprint
    assert report == SaveReport(new_articles=1, copies=1)
    assert sorted(history()) == [
        ("copy", "arrival", None, None, "reprint", "first"),
        ("edited", "arrival", "reprint", "copy", "copy", "first"),
    ]


def test_of_the_same_day_the_earlier_time_is_first_then_the_first_url(store, run_id, relations):
    store.save(
        [text("b", FLOOD), text("a", FLOOD), text("c", FLOOD, hour=None), text("d", FLOOD, hour=7)], run_id
    )
    assert relations() == {"a": ("copy", "d"), "b": ("copy", "d"), "c": ("copy", "d")}


def test_who_credits_another_publisher_on_the_same_day_was_not_first(store, rows):
    run = store.start_run("jiangwan", "江湾新闻网")
    store.save(
        [text("a", FLOOD, hour=7, source="临澜日报"), text("b", FLOOD, hour=9, source="江湾新闻网")], run
    )
    assert rows("SELECT url, original_url FROM reprints") == [(f"{HOST}/a", f"{HOST}/b")]


def test_a_dateline_credits_too(store, rows):
    run = store.start_run("jiangwan", "江湾新闻网")
    framed = ("新华社临澜11月21日电（记者 何青）" + FLOOD[0], *FLOOD[1:])
    own = ("本网讯（记者 何青）" + FLOOD[0], *FLOOD[1:])
    store.save([text("a", framed, hour=7, source=""), text("b", own, hour=9, source="")], run)
    assert rows("SELECT kind, url, original_url FROM reprints") == [("copy", f"{HOST}/a", f"{HOST}/b")]


def test_a_joined_text_names_both_originals_and_keeps_their_stories_apart(store, run_id, rows):
    store.save([text("left", FLOOD, day=20), text("left2", EDITED, day=22)], run_id)
    store.save([text("both", LIBRARY + FLOOD, day=23)], run_id)
    store.save([text("right", LIBRARY, day=19), text("right2", LIBRARY, day=22)], run_id)
    found = rows("SELECT url, rank, kind, original_url, share FROM reprints ORDER BY url, rank")
    assert [(u.rpartition("/")[2], r, k, o.rpartition("/")[2]) for u, r, k, o, _ in found] == [
        ("both", 0, "reprint", "left"),
        ("both", 1, "reprint", "right"),
        ("left2", 0, "reprint", "left"),
        ("right2", 0, "copy", "right"),
    ]
    assert found[0][4] > found[1][4] > 0.3


def test_an_excerpt_that_comes_before_its_article(store, run_id, relations, history):
    store.save([text("lead", (FLOOD[0][:30] + "...",), day=20)], run_id)
    assert relations() == {}
    store.save([text("whole", FLOOD, day=21)], run_id)
    assert relations() == {"lead": ("excerpt", "whole")}
    assert history() == [("lead", "arrival", None, None, "excerpt", "whole")]


def test_a_changed_article_leaves_its_story(store, run_id, relations, history):
    store.save([text("first", FLOOD, day=20), text("copy", FLOOD), text("third", FLOOD, day=22)], run_id)

    report = store.save([text("first", LIBRARY, day=20, later=60)], run_id)

    assert relations() == {"third": ("copy", "copy")}
    assert report == SaveReport(new_versions=1, copies=-1)
    assert sorted(history(), key=str) == [
        ("copy", "arrival", "copy", "first", None, None),
        ("third", "arrival", "copy", "first", "copy", "copy"),
    ]


def test_a_changed_date_turns_the_story_round(store, run_id, relations, history):
    store.save([text("a", FLOOD, day=20), text("b", FLOOD, day=21)], run_id)
    store.save([text("a", FLOOD, day=22, later=60)], run_id)
    assert relations() == {"a": ("copy", "b")}
    assert ("a", "version", None, None, "copy", "b") in history()


def test_an_article_without_a_fingerprint_has_no_relation(store, run_id, relations, rows):
    store.save([page("/a", CLINIC, fingerprint=None), page("/b", CLINIC, fingerprint=None)], run_id)
    assert relations() == {}
    assert rows("SELECT * FROM fingerprint") == []


def test_stories_count_what_was_taken_over(store, rows):
    run = store.start_run("jiangwan", "江湾新闻网")
    store.save(
        [
            text("first", FLOOD, day=20),
            text("copy", FLOOD, day=21),
            text("edited", EDITED, day=22),
            text("lead", (FLOOD[0][:30] + "...",), day=22),
            text("alone", LIBRARY, day=19),
        ],
        run,
    )
    assert rows(
        "SELECT url, first_publisher, first_day, copies, reprints, excerpts, articles, last_day"
        " FROM stories ORDER BY first_day"
    ) == [
        (f"{HOST}/alone", "江湾新闻网", "2026-11-19", 0, 0, 0, 1, "2026-11-19"),
        (f"{HOST}/first", "江湾新闻网", "2026-11-20", 1, 1, 1, 4, "2026-11-22"),
    ]


def test_updates_say_what_a_page_said_before(store, run_id, rows):
    store.save([text("a", FLOOD, title="敲门队"), text("b", LIBRARY)], run_id)
    store.save([text("a", EDITED, title="敲门队交棒", later=60)], run_id)
    assert rows("SELECT url, version, title_before, title, text_changed, body_before, body FROM updates") == [
        (f"{HOST}/a", 2, "敲门队", "敲门队交棒", 1, "\n".join(FLOOD), "\n".join(EDITED))
    ]


# --- whatever the order ---


@pytest.fixture
def nobody(store: Store) -> int:
    """A run of a site without a publisher, as files have none."""
    return store.start_run("jiangwan")


def _documents() -> list[Document]:
    texts = [text for text in demo_texts() if 200 < len(text.body) < 900][:14]
    return make(texts, 3, notices_each=2).documents


def _page(document: Document, later: int = 0) -> Page:
    return page(
        f"/{document.id}",
        tuple(document.body.split("\n")),
        title=document.title,
        published=document.published,
        source="",
        later=later,
    )


def _expected(pages: list[Page]) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """What `group` says of the same texts: kind, parent and the original of each story, by URL."""
    documents = [
        Document(p.url, p.article.title, p.article.body, p.article.published, p.url)
        for p in pages
        if p.article
    ]
    return {
        one.id: (one.relation, one.parent, (one.canonical, *(other.canonical for other in one.further)))
        for one in group(documents)
        if one.relation != "original"
    }


def _stored(rows: Callable[..., Rows]) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    found: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    for url, kind, parent, original in rows(
        "SELECT a.url, kind, p.url, o.url FROM relation JOIN page a ON a.id = article_id"
        " JOIN page p ON p.id = parent_id JOIN page o ON o.id = original_id ORDER BY article_id, rank"
    ):
        known = found.get(url, (kind, parent, ()))
        found[url] = (known[0], known[1], (*known[2], original))
    return found


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_arrival_does_not_matter(store, nobody, rows, seed):
    pages = [_page(document) for document in _documents()]
    expected = _expected(pages)
    assert {kind for kind, _, _ in expected.values()} == {"copy", "reprint", "excerpt"}
    order = random.Random(seed)
    order.shuffle(pages)
    assert _expected(pages) == expected
    while pages:
        size = order.choice([1, 2, 7, 30])
        store.save(pages[:size], nobody)
        pages = pages[size:]
    assert _stored(rows) == expected


@pytest.mark.parametrize("seed", range(3))
def test_after_any_changes_the_stories_are_those_of_the_present_texts(store, nobody, rows, seed):
    chance = random.Random(seed)
    documents = _documents()
    present: dict[int, Page] = {}
    for minute in range(150):
        name = chance.randrange(60)
        document = chance.choice(documents)
        moved = Document(f"{name:02}", document.title, document.body, document.published)
        present[name] = _page(moved, later=minute)
        store.save([present[name]], nobody)
    assert _stored(rows) == _expected(list(present.values()))


def test_saving_again_changes_nothing(store: Store, run_id, everything):
    pages = [_page(document) for document in _documents()]
    store.save(pages, run_id)
    before = everything()
    store.save(pages, run_id)
    assert everything() == before
