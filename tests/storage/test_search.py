"""What the search finds, on both databases; what it should find is a plain scan over the texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.models import Alias, Entities, Failure, Mention, Place, Role, Topic
from pipelines.urls import url_id
from storage import Store, open_store, search_index
from storage.database import writing
from storage.maintenance import check
from storage.search import COUNTED, RANKED, Hit, QueryError, Sort, search
from storage.search_text import SEARCHED_CHARACTERS
from tests.conftest import new_schema
from tests.storage.pages import CLINIC, HOST, LIBRARY, china, organisation, page

FLOOD = ("台风过后，30名志願者在河口镇清理淤泥，南京紅葉社會工作服務社送去 A4 纸和药品。",)


def found(store: Store, query: str, sort: Sort = "date", limit: int = 50, offset: int = 0) -> list[Hit]:
    with store.engine.connect() as connection:
        return list(search(connection, query, sort, limit, offset).hits)


def paths(store: Store, query: str, sort: Sort = "date") -> str:
    """The file names of what is found, without their ending."""
    return " ".join(hit.url.rpartition("/")[2].removesuffix(".html") for hit in found(store, query, sort))


@pytest.fixture
def filled(store: Store, run_id: int) -> Store:
    body = "\n".join(CLINIC)
    mentions = [
        organisation(body, "江湾区红叶社会工作服务中心"),
        organisation(body, "江湾区红叶社会工作服务中心", "中心"),
    ]
    store.save(
        [
            page("/clinic.html", entities=Entities(mentions=tuple(mentions))),
            page("/library.html", LIBRARY, title="图书室启用", published=china(20), source="临澜晚报"),
            page("/flood.html", FLOOD, title="灾后義診", published=china(22, 9), site="linlan"),
            page("/undated.html", ("红叶飘零，志愿之家。",), title="随笔", published=None, source=""),
        ],
        run_id,
    )
    return store


@pytest.mark.parametrize(
    ("query", "articles"),
    [
        # one, two and more characters, in either script and width
        ("叶", "flood clinic undated"),
        ("红叶", "flood clinic undated"),
        ("紅葉", "flood clinic undated"),
        ("红叶社会工作", "flood clinic"),
        ("志愿者在", "flood"),
        ("３０名", "flood clinic"),
        ("0名", ""),
        ("30名志愿者", "flood clinic"),
        ("a4", "flood"),
        ("A4纸", "flood"),
        ("河口镇", "flood"),
        ("红叶志愿", ""),
        # signs between the words
        ("红叶 志愿", "flood clinic undated"),
        ('"飘零，志愿"', "undated"),
        ('"飘零 志愿"', "undated"),
        ("红叶 AND 图书", ""),
        ("图书 OR 台风", "flood library"),
        ("红叶 -台风", "clinic undated"),
        ("红叶 NOT (台风 OR 随笔)", "clinic"),
        ("-红叶", "library"),
        ("（图书 OR 台风） -志愿者", "library"),
        ('-"红叶社会工作"', "library undated"),
        # fields
        ("title:义诊", "flood clinic"),
        ("title:诊", "flood clinic"),
        ("title:义诊进社区", "clinic"),
        ("title:义诊社区", ""),
        ("义诊 -title:义诊", ""),
        ("source:江湾", "flood clinic"),
        ("source:晚报", "library"),
        ("江湾日报", ""),
        ("site:linlan", "flood"),
        ("site:江湾新闻网 启用", "library"),
        ("org:江湾区红叶社会工作服务中心", "clinic"),
        ("org:中心", "clinic"),
        ("org:*红叶*", "clinic"),
        ("org:红叶*", ""),
        ("org:紅葉", ""),
        ("person:中心", ""),
        ("place:3201", ""),
        ("topic:养老", ""),
        # days
        ("from:2026-11-21", "flood clinic"),
        ("to:2026-11-21", "clinic library"),
        ("from:2026-11-20 to:2026-11-20 图书", "library"),
        ("红叶 from:2027", ""),
        ("from:1900 to:9999", "flood clinic library"),
    ],
)
def test_what_is_found(filled, query, articles):
    assert paths(filled, query) == articles


def test_hits_in_the_title_come_first_then_those_that_have_it_more_often(store, run_id):
    store.save(
        [
            page("/often.html", ("义诊又义诊，义诊不断。",), title="随笔", published=china(1)),
            page("/once.html", ("今天有义诊。",), title="随记", published=china(3)),
            page("/title.html", ("在社区。",), title="义诊", published=china(2)),
        ],
        run_id,
    )
    assert paths(store, "义诊", "relevance") == "title often once"
    assert paths(store, "义诊", "date") == "once title often"


def test_hits_are_marked(filled):
    (hit,) = found(filled, "red OR 志愿者 紅葉 title:灾后", "relevance")
    assert [hit.title[a:b] for a, b in hit.title_spans] == ["灾后"]
    assert [hit.snippet[a:b] for a, b in hit.snippet_spans] == ["志願者", "紅葉"]
    assert (hit.id, hit.site, hit.source) == (url_id(f"{HOST}/flood.html"), "linlan", "江湾日报")
    assert hit.published_day == date(2026, 11, 22)


def test_a_snippet_shows_the_place_of_a_hit_in_a_long_text(store, run_id):
    body = "。".join(["天气晴朗"] * 60 + ["义诊开始"] + ["大家散去"] * 60)
    store.save([page("/a.html", (body,), title="随笔")], run_id)
    (hit,) = found(store, "义诊")
    assert hit.snippet[0] == hit.snippet[-1] == "…"
    assert len(hit.snippet) == 82
    assert [hit.snippet[a:b] for a, b in hit.snippet_spans] == ["义诊"]


def test_a_new_version_takes_the_place_of_the_old_one(store, run_id):
    store.save([page("/a.html")], run_id)
    store.save([page("/a.html", LIBRARY, title="图书室", published=china(2), later=5)], run_id)
    assert paths(store, "义诊") == ""
    assert paths(store, "图书") == "a"
    assert paths(store, "from:2026-11-21") == ""
    with store.engine.connect() as connection:
        assert search(connection, "图书").total == 1


def test_mentions_that_are_read_later_are_found_in_all_articles_with_the_text(store, run_id):
    body = "\n".join(CLINIC)
    unread = Failure("entities", "timeout", "took too long")
    store.save([page("/a.html", failure=unread), page("/b.html", failure=unread)], run_id)
    assert paths(store, "org:江湾区红叶社会工作服务中心") == ""
    mentions = [organisation(body, "江湾区红叶社会工作服务中心")]
    store.save([page("/c.html", published=china(22), entities=Entities(mentions=tuple(mentions)))], run_id)
    assert set(paths(store, "org:江湾区红叶社会工作服务中心").split()) == {"a", "b", "c"}


def test_a_batch_that_fails_leaves_no_trace_in_the_index(store, run_id):
    broken = page("/b.html", title=None)
    assert store.save([page("/a.html"), broken], run_id).new_articles == 1
    assert paths(store, "义诊") == "a"
    assert paths(store, "from:1900") == "a"


def test_an_article_is_taken_out(filled):
    with writing(filled.engine) as connection:
        search_index.remove(connection, [url_id(f"{HOST}/clinic.html")])
    assert paths(filled, "红叶") == "flood undated"
    with writing(filled.engine) as connection:
        assert search_index.rebuild(connection) == 4
    assert paths(filled, "红叶") == "flood clinic undated"


def test_pages_of_hits_hold_each_once_however_many_are_ranked(store, run_id, monkeypatch):
    monkeypatch.setattr("storage.search.RANKED", 7)
    monkeypatch.setattr("storage.search.COUNTED", 30)
    store.save(
        [
            page(f"/{n}.html", (f"义诊{'，义诊' * (n % 3)}。",), title="义诊" if n % 5 == 0 else "随笔")
            for n in range(40)
        ],
        run_id,
    )
    with store.engine.connect() as connection:
        results = [search(connection, "义诊", "relevance", 6, offset) for offset in range(0, 48, 6)]
        ids = [hit.id for result in results for hit in result.hits]
        assert len(ids) == len(set(ids)) == 40
        assert {(result.total, result.more) for result in results} == {(30, True)}
        assert search(connection, "义诊", "relevance", 40).hits == tuple(
            hit for result in results for hit in result.hits
        )
        assert all(hit.title == "义诊" for hit in results[0].hits)


def test_limits():
    assert RANKED == 100
    assert COUNTED == 1000


def test_of_a_very_long_text_the_beginning_is_searched(store, run_id):
    # every bigram is another one, which is the most that a row of PostgreSQL has to hold
    characters = [chr(0x20000 + n) for n in range(400)]
    body = "".join(a + b for a in characters for b in characters)
    assert len(body) > SEARCHED_CHARACTERS
    store.save([page("/a.html", (body,), title="长文")], run_id)
    assert paths(store, body[SEARCHED_CHARACTERS - 9 : SEARCHED_CHARACTERS]) == "a"
    assert paths(store, body[SEARCHED_CHARACTERS : SEARCHED_CHARACTERS + 9]) == ""


def test_words_that_stand_often_and_late_in_a_text(store, run_id):
    # beyond what positions of a tsvector can tell: 256 of one word, and 16,383
    store.save([page("/a.html", ("红叶，" * 9_000 + "社工红叶社",), title="长文")], run_id)
    assert paths(store, "社工红叶社") == "a"
    assert paths(store, "红叶社工") == ""


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("site:nowhere 义诊", "the store has no site 'nowhere'"),
        ("place:320", "place:320 is no division code: they have 2, 4, 6, 9 or 12 digits"),
        ("org:？", "org:？ has no letter, digit or character to look for"),
    ],
)
def test_wrong_names(filled, query, line):
    with pytest.raises(QueryError) as caught:
        found(filled, query)
    assert str(caught.value) == line


# --- who and where ---

OFFICE = "临澜市民政局和江宁区的红叶助老社合办义诊，红叶助老社的陈可到科苑社区值守。"


def place(body: str, surface: str, code: str, level: str, *path: str) -> Place:
    start = body.index(surface)
    return Place(start, start + len(surface), surface, path[-1], level, code, "", path, 1.0)  # type: ignore[arg-type]


def person(body: str, name: str) -> Mention:
    return Mention("person", body.index(name), body.index(name) + len(name), name, name, "role")


NANJING = ("江苏省", "南京市", "江宁区")
AT_OFFICE = Entities(
    mentions=(organisation(OFFICE, "市民政局"), organisation(OFFICE, "红叶助老社"), person(OFFICE, "陈可")),
    places=(
        place(OFFICE, "江宁区", "320115", "county", *NANJING),
        place(OFFICE, "科苑社区", "320115004010", "village", *NANJING, "秣陵街道", "科苑社区"),
    ),
    topics=(Topic("助老", 0.8, ("助老",)), Topic("社区治理", 0.4, ("社区",))),
)


@pytest.mark.parametrize(
    ("query", "articles"),
    [
        ("place:32", "office"),
        ("place:江苏", "office"),
        ("place:江蘇省", "office"),
        ("place:南京", "office"),
        ("place:江苏/南京/江宁", "office"),
        ("place:科苑社区", "office"),
        ("place:江苏／南京／江宁／科苑社区", "office"),
        ("place:浙江/江宁", ""),
        ("place:杭州", ""),
        ("place:3201", "office"),
        ("place:3202", ""),
        ("topic:助老", "office"),
        ("topic:社區治理", "office"),
        ("topic:助", ""),
        ("-topic:助老", "clinic"),
        ("org:市民政局", "office clinic"),
        ("person:陈可", "office"),
        ("person:陈*", "office"),
        ("org:市民政局 place:南京 -person:林一帆", "office"),
    ],
)
def test_who_and_where(store, run_id, query, articles):
    body = "市民政局来了。"
    store.save(
        [
            page("/clinic.html", (body,), entities=Entities((organisation(body, "市民政局"),))),
            page("/office.html", (OFFICE,), published=china(22), entities=AT_OFFICE),
        ],
        run_id,
    )
    assert paths(store, query) == articles


def test_entities_that_are_one_are_found_by_each_name(store, run_id):
    full, short = "江湾区红叶助老社今日成立，简称红叶社。", "红叶社办义诊。"
    store.save([page("/short.html", (short,), entities=Entities((organisation(short, "红叶社"),)))], run_id)
    assert paths(store, "org:江湾区红叶助老社") == ""
    mentions = (organisation(full, "江湾区红叶助老社"), organisation(full, "江湾区红叶助老社", "红叶社"))
    found_ = Entities(mentions, aliases=(Alias("红叶社", "江湾区红叶助老社", "简称"),))
    store.save([page("/full.html", (full,), published=china(22), entities=found_)], run_id)
    assert paths(store, "org:江湾区红叶助老社") == "full short"
    assert paths(store, "org:红叶社") == "full short"
    store.split_entity("红叶社")
    assert paths(store, "org:江湾区红叶助老社") == "full"


def test_an_entity_split_by_articles_is_found_in_none_of_them(store, run_id):
    body = "陈可说好。"
    role = Role("陈可", "", "说", 2, 3, 0, "rule")
    entities = Entities((person(body, "陈可"), organisation(body, "好")), roles=(role,))
    store.save([page("/a.html", (body,), entities=entities)], run_id)
    store.split_entity("好", [f"{HOST}/a.html"], "另一个")
    with store.engine.connect() as connection:
        assert list(check(connection)) == ["1 written forms that no text has"]
    assert paths(store, "org:好") == "a"


def test_a_name_of_thousands_is_no_burden(store, run_id, monkeypatch):
    monkeypatch.setattr("storage.search_marks.NAMED", 3)
    pages = []
    for n in range(6):
        body = f"第{n}个市民政局，第{n}个{'甲乙丙丁戊己'[n]}会。"
        name = f"{'甲乙丙丁戊己'[n]}会"
        found_ = Entities((organisation(body, "市民政局"), organisation(body, name)))
        pages.append(page(f"/{n}.html", (body,), entities=found_))
    store.save(pages, run_id)
    assert len(paths(store, "org:市民政局").split()) == 6
    with pytest.raises(QueryError, match=r"^more than 3 go by org:\*会; write more of the name$"):
        found(store, "org:*会")


# --- against a plain scan ---

ALPHABET = "红叶社工紅葉Ａa1２ ，。\n"
_IDEOGRAPH = "[\u4e00-\u9fff]"


def scan(words: str, text_: str) -> bool:
    """Whether a text has a phrase, by a regular expression made of the phrase and nothing of the index."""

    def plain(value: str) -> str:
        value = unicodedata.normalize("NFKC", value).lower()
        return value.translate(str.maketrans("紅葉", "红叶"))

    parts = re.findall(f"{_IDEOGRAPH}+|[a-z0-9]+", plain(words))
    made = ""
    for before, part in zip([None, *parts], parts, strict=False):
        ideographs = bool(re.match(_IDEOGRAPH, part))
        if before is not None:
            mixed = bool(re.match(_IDEOGRAPH, before)) != ideographs
            made += r"[^\w]" + ("*" if mixed else "+")
        made += part if ideographs else f"(?<![a-z0-9]){part}(?![a-z0-9])"
    return re.search(made, plain(text_)) is not None


texts = st.text(ALPHABET, max_size=30)
words = st.text("红叶社工葉a1，", min_size=1, max_size=5).filter(lambda w: w.strip("，"))
leaves = st.tuples(st.sampled_from(["", "title:", "source:"]), words)
Tree = tuple[str, ...] | tuple[object, ...]
trees: st.SearchStrategy[Tree] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.just("AND"), inner, inner),
        st.tuples(st.just("OR"), inner, inner),
        st.tuples(st.just("NOT"), inner),
    ),
    max_leaves=5,
)


def written(tree: object) -> str:
    assert isinstance(tree, tuple)
    if tree[0] == "NOT":
        return f"-({written(tree[1])})"
    if tree[0] in ("AND", "OR"):
        return f"({written(tree[1])} {tree[0]} {written(tree[2])})"
    return f'{tree[0]}"{tree[1]}"'


def holds(tree: object, article: tuple[str, str, str]) -> bool:
    assert isinstance(tree, tuple)
    title, body, source = article
    if tree[0] == "NOT":
        return not holds(tree[1], article)
    if tree[0] == "AND":
        return holds(tree[1], article) and holds(tree[2], article)
    if tree[0] == "OR":
        return holds(tree[1], article) or holds(tree[2], article)
    where = {"": (title, body), "title:": (title,), "source:": (source,)}[tree[0]]
    return any(scan(tree[1], part) for part in where)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def scanned(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[list[tuple[str, str, str]], list[object]], None]:
    """Stores articles as further versions of those of the call before, and compares searches with scans."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('search')}/news.db"
    else:
        schema = new_schema(request.getfixturevalue("postgres_server"))
        url = schema.__enter__()
        request.addfinalizer(lambda: schema.__exit__(None, None, None))
    store = open_store(url)
    request.addfinalizer(store.close)  # noqa: PT021 - before the schema goes
    run_id, calls = store.start_run("jiangwan"), [0]
    present: dict[str, tuple[str, str, str]] = {}

    def compare(articles: list[tuple[str, str, str]], queries: list[object]) -> None:
        calls[0] += 1
        saved = [
            page(f"/{n}.html", (body,), title=title, source=source, later=calls[0], fingerprint=None)
            for n, (title, body, source) in enumerate(articles)
        ]
        store.save(saved, run_id)
        present.update({one.url: article for one, article in zip(saved, articles, strict=True)})
        for query in queries:
            expected = {url for url, article in present.items() if holds(query, article)}
            with store.engine.connect() as connection:
                for sort in ("date", "relevance"):
                    results = search(connection, written(query), sort, limit=1000)
                    assert {hit.url for hit in results.hits} == expected, written(query)
                    assert (len(results.hits), results.total) == (len(expected), len(expected))

    return compare


def test_a_phrase_that_repeats_itself_is_not_found_where_it_stands_once(scanned):
    articles = [("哈哈", "1", "一一"), ("哈哈哈", "1，1", "一一一")]
    scanned(articles, [("", "哈哈哈"), ("", "1，1"), ("title:", "哈哈哈"), ("source:", "一一一")])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    articles=st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=6),
    queries=st.lists(trees, min_size=1, max_size=6),
)
def test_a_search_finds_what_a_scan_finds(scanned, articles, queries):
    scanned(articles, queries)
