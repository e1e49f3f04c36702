import random
from collections.abc import Callable, Iterator

import pytest

from pipelines.models import Page
from pipelines.urls import url_id
from storage import Comparison, SaveReport, Store, open_store
from tests.storage.conftest import Rows
from tests.storage.pages import CLINIC, HOST, LIBRARY, alike, china, letters, page, shared


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A store that compares texts by their letters, so that a test shows what is near to what."""
    opened = open_store(store_url, Comparison(alike, shared))
    yield opened
    opened.close()


@pytest.fixture
def relations(rows: Callable[..., Rows]) -> Callable[[], dict[str, tuple[str, str, float]]]:
    """Gives kind, original and similarity by article, articles by the last part of their URL."""

    def read() -> dict[str, tuple[str, str, float]]:
        found = rows(
            "SELECT a.url, o.url, kind, similarity FROM relation"
            " JOIN page a ON a.id = article_id JOIN page o ON o.id = original_id ORDER BY a.url"
        )
        return {
            a.rpartition("/")[2]: (kind, o.rpartition("/")[2], round(near, 2)) for a, o, kind, near in found
        }

    return read


def text(name: str, content: str, day: int = 21, hour: int | None = 8, later: int = 0) -> Page:
    return page(f"/{name}", (content,), fingerprint=letters(content), published=china(day, hour), later=later)


def test_copy_and_reprint_point_to_the_earliest(store, run_id, relations):
    batch = [
        text("copy", "abcdef", day=22),
        text("first", "abcdef", day=20),
        text("edited", "abcdeg", 23),
        text("other", "uvwxyz", day=19),
    ]
    assert store.save(batch, run_id) == SaveReport(new_articles=4, copies=1, reprints=1)
    assert relations() == {"copy": ("copy", "first", 1.0), "edited": ("reprint", "first", 0.71)}


def test_an_original_that_arrives_last_turns_the_group_round(store, run_id, relations):
    store.save([text("copy", "abcdef", day=22)], run_id)
    store.save([text("edited", "abcdeg", day=23)], run_id)
    assert relations() == {"edited": ("reprint", "copy", 0.71)}

    report = store.save([text("first", "abcdeg", day=20)], run_id)

    assert relations() == {"copy": ("reprint", "first", 0.71), "edited": ("copy", "first", 1.0)}
    # of one reprint it makes a copy and a reprint
    assert report == SaveReport(new_articles=1, copies=1)


def test_of_the_same_time_the_first_url_is_the_original(store, run_id, relations):
    store.save([text("b", "abcdef"), text("a", "abcdef"), text("c", "abcdef", hour=None)], run_id)
    assert relations() == {"b": ("copy", "a", 1.0), "c": ("copy", "a", 1.0)}


def test_an_article_joins_two_stories(store, run_id, relations):
    store.save([text("left", "abcd", day=20), text("left2", "abcd", day=22)], run_id)
    store.save([text("right", "efgh", day=19), text("right2", "efgh", day=22)], run_id)
    assert relations() == {"left2": ("copy", "left", 1.0), "right2": ("copy", "right", 1.0)}

    store.save([text("both", "abcdefgh", day=23)], run_id)

    assert relations() == {
        "both": ("reprint", "right", 0.5),
        "left": ("reprint", "right", 0.0),
        "left2": ("reprint", "right", 0.0),
        "right2": ("copy", "right", 1.0),
    }


def test_a_changed_article_leaves_its_story(store, run_id, relations):
    store.save([text("first", "abcd", day=20), text("copy", "abcd"), text("third", "abcd", day=22)], run_id)

    report = store.save([text("first", "uvwxyz", day=20, later=60)], run_id)

    assert relations() == {"third": ("copy", "copy", 1.0)}
    assert report == SaveReport(new_versions=1, copies=-1)


def test_a_link_that_changes_takes_a_story_apart(store, run_id, relations):
    store.save(
        [text("left", "abcd", day=20), text("link", "abcdefgh", day=21), text("right", "efgh", day=22)],
        run_id,
    )
    assert set(relations()) == {"link", "right"}
    store.save([text("link", "abcdxy", day=21, later=60)], run_id)
    assert relations() == {"link": ("reprint", "left", 0.67)}


def test_a_changed_date_turns_the_story_round(store, run_id, relations):
    store.save([text("a", "abcd", day=20), text("b", "abcd", day=21)], run_id)
    store.save([text("a", "abcd", day=22, later=60)], run_id)
    assert relations() == {"a": ("copy", "b", 1.0)}


def test_an_article_without_a_fingerprint_has_no_relation(store, run_id, relations, rows):
    store.save([page("/a", CLINIC, fingerprint=None), page("/b", CLINIC, fingerprint=None)], run_id)
    assert relations() == {}
    assert rows("SELECT * FROM fingerprint") == []


@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_arrival_does_not_matter(store, run_id, rows, seed):
    chance = random.Random(7)
    pages = [
        text(f"{number:02}", "".join(chance.sample("abcdefghijkl", 4)), day=chance.randint(1, 28))
        for number in range(40)
    ]
    expected = _star(pages)
    order = random.Random(seed)
    order.shuffle(pages)
    while pages:
        size = order.choice([1, 2, 7])
        store.save(pages[:size], run_id)
        pages = pages[size:]
    assert rows("SELECT article_id, original_id FROM relation ORDER BY 1") == expected


@pytest.mark.parametrize("seed", range(5))
def test_after_any_changes_the_stories_are_those_of_the_present_texts(store, run_id, rows, seed):
    chance = random.Random(seed)
    present: dict[str, Page] = {}
    for minute in range(60):
        name = f"{chance.randint(0, 19):02}"
        # few letters, so that copies and long chains come and go
        content = "".join(sorted(chance.sample("abcdefgh", 4)))
        present[name] = text(name, content, day=chance.randint(1, 28), later=minute)
        store.save([present[name]], run_id)
    assert rows("SELECT article_id, original_id FROM relation ORDER BY 1") == _star([*present.values()])


def _star(pages: list[Page]) -> list[tuple[int, int]]:
    """The relations by the definition: connected components, the earliest in the middle."""
    left, found = list(pages), []
    while left:
        story = [left.pop()]
        for member in story:
            near = [other for other in left if _related(member, other)]
            story += near
            left = [other for other in left if other not in near]
        first = min(story, key=lambda p: (p.article.published.at, p.url))  # type: ignore[union-attr]
        found += [(url_id(p.url), url_id(first.url)) for p in story if p is not first]
    return sorted(found)


def _related(a: Page, b: Page) -> bool:
    assert a.article
    assert b.article
    assert a.article.fingerprint
    assert b.article.fingerprint
    return alike(a.article.fingerprint, b.article.fingerprint) is not None


def test_real_fingerprints(store_url, rows, store):
    store.close()
    real = open_store(store_url)
    run = real.start_run("jiangwan")
    long = CLINIC * 3 + LIBRARY * 3
    edited = (*long[:-1], "本报将继续关注青石乡中心小学图书室的后续情况。")
    report = real.save(
        [
            page("/first.html", long, published=china(20)),
            page("/copy.html", tuple(p.replace("，", ",") for p in long)),
            page("/edited.html", edited),
            page("/other.html", LIBRARY),
        ],
        run,
    )
    real.close()
    assert report.copies == 1
    assert rows("SELECT kind, url, original_url FROM reprints ORDER BY kind") == [
        ("copy", f"{HOST}/copy.html", f"{HOST}/first.html"),
        ("reprint", f"{HOST}/edited.html", f"{HOST}/first.html"),
    ]
