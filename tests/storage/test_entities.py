"""What is stored of who, where, how many and when, with exact rows on both databases."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import inspect

from pipelines.models import (
    Alias,
    Entities,
    EntityKind,
    Figure,
    Mention,
    Place,
    Role,
    TimeSpan,
    Topic,
)
from pipelines.urls import url_id
from storage import Store, StoreError, text_digest
from storage.identity import is_relative
from storage.views import VIEWS
from tests.storage.pages import CLINIC, HOST, page

pytestmark = pytest.mark.usefixtures("right_summaries")

NAME = "南京红叶社会工作服务社"
BODY = (
    "8月9日，南京红叶社会工作服务社（以下简称红叶）社工李伶俐、卞荣荣走进江宁区科苑社区的恒安嘉园，"
    "向近4000名居民发放口罩，善款2.35亿元。红叶负责人李伶俐说，该社还会再来。"
)


def at(text: str, surface: str, nth: int = 0) -> tuple[int, int]:
    """Where `text` writes `surface` for the nth time."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(surface, start + 1)
    return start, start + len(surface)


def mention(
    text: str, kind: EntityKind, name: str, surface: str = "", nth: int = 0, type_: str = ""
) -> Mention:
    surface = surface or name
    return Mention(kind, *at(text, surface, nth), surface, name, "rule", type_)


def role(text: str, person: str, organisation: str, words: str) -> Role:
    return Role(person, organisation, words, *at(text, words), at(text, person)[0], "rule")


def staffed(body: str, person: str, organisation: str = "", words: str = "社工") -> Entities:
    """A text in which a person has a role at an organisation."""
    mentions = [mention(body, "person", person)]
    if organisation:
        mentions.append(mention(body, "organisation", organisation))
    return Entities(
        mentions=tuple(mentions), roles=(role(body, person, organisation, words),) if words in body else ()
    )


FULL = Entities(
    mentions=(
        mention(BODY, "organisation", NAME, type_="社会服务机构"),
        mention(BODY, "organisation", NAME, "红叶", 1),
        mention(BODY, "person", "李伶俐"),
        mention(BODY, "person", "卞荣荣"),
        mention(BODY, "place", "科苑社区"),
        mention(BODY, "organisation", NAME, "红叶", 2),
        mention(BODY, "person", "李伶俐", nth=1),
        mention(BODY, "organisation", NAME, "该社"),
    ),
    aliases=(Alias("红叶", NAME, "以下简称"),),
    roles=(
        role(BODY, "李伶俐", NAME, "社工李"[:2]),
        role(BODY, "卞荣荣", NAME, "社工李"[:2]),
        Role("李伶俐", NAME, "负责人", *at(BODY, "负责人"), at(BODY, "李伶俐", 1)[0], "rule"),
    ),
    places=(
        Place(*at(BODY, "南京"), "南京", "南京市", "city", "3201", "32", ("江苏省", "南京市"), 1.0, (), True),
        Place(
            *at(BODY, "江宁区"),
            "江宁区",
            "江宁区",
            "county",
            "320115",
            "3201",
            ("江苏省", "南京市", "江宁区"),
            1.0,
        ),
        Place(
            *at(BODY, "科苑社区"),
            "科苑社区",
            "科苑社区",
            "village",
            "320115004010",
            "320115004",
            ("江苏省", "南京市", "江宁区", "秣陵街道", "科苑社区"),
            0.9,
            ("320115004010", "340111003004"),
        ),
        Place(
            *at(BODY, "恒安嘉园"),
            "恒安嘉园",
            "恒安嘉园",
            "spot",
            "",
            "320115004010",
            ("江苏省", "南京市", "江宁区", "秣陵街道", "科苑社区", "恒安嘉园"),
            0.8,
        ),
    ),
    figures=(
        Figure(*at(BODY, "近4000名"), "近4000名", None, Decimal(4000), "名", True, "居民"),
        Figure(
            *at(BODY, "2.35亿元"), "2.35亿元", Decimal(235000000), Decimal(235000000), "元", False, "善款"
        ),
    ),
    times=(TimeSpan(*at(BODY, "8月9日"), "8月9日", date(2021, 8, 9), date(2021, 8, 9), "day", True),),
    topics=(Topic("公益", 0.7, ("社工", "善款")), Topic("社区治理", 0.6, ("社区",))),
)


def save(store: Store, run_id: int, path: str, body: str, found: Entities) -> str:
    report = store.save([page(path, (body,), entities=found)], run_id)
    assert report.failures == {}
    return HOST + path


def test_every_row_of_one_text(store, run_id, rows):
    save(store, run_id, "/a.html", BODY, FULL)
    digest = text_digest(BODY)

    assert rows("SELECT kind, name, scope, type, canonical_id FROM entity ORDER BY kind, name") == [
        ("organisation", NAME, "", "社会服务机构", None),
        ("person", "卞荣荣", NAME, "", None),
        ("person", "李伶俐", NAME, "", None),
        ("place", "科苑社区", "320115004010", "", None),
    ]
    assert sorted(rows("SELECT name, defined FROM alias")) == sorted(
        [
            *((name, False) for name in (NAME, "该社", "李伶俐", "卞荣荣", "科苑社区")),
            ("红叶", True),
        ]
    )
    assert rows(
        "SELECT person.name, organisation.name, start_offset, end_offset, person_offset FROM role"
        " JOIN entity AS person ON person.id = person_id"
        " JOIN entity AS organisation ON organisation.id = organisation_id"
        " ORDER BY start_offset, person.name"
    ) == [
        ("卞荣荣", NAME, *at(BODY, "社工", 0), at(BODY, "卞荣荣")[0]),
        ("李伶俐", NAME, *at(BODY, "社工", 0), at(BODY, "李伶俐")[0]),
        ("李伶俐", NAME, *at(BODY, "负责人"), at(BODY, "李伶俐", 1)[0]),
    ]
    holders = (
        "SELECT code, name FROM division WHERE substr('320115004010', 1, length(code)) = code ORDER BY code"
    )
    assert rows(holders) == [
        ("32", "江苏省"),
        ("3201", "南京市"),
        ("320115", "江宁区"),
        ("320115004", "秣陵街道"),
        ("320115004010", "科苑社区"),
    ]
    assert rows(
        "SELECT name, level, division_code, exact, confidence, candidates, of_organisation FROM place"
        " ORDER BY start_offset"
    ) == [
        ("南京市", "city", "3201", True, 1.0, "", True),
        ("江宁区", "county", "320115", True, 1.0, "", False),
        ("科苑社区", "village", "320115004010", True, 0.9, "320115004010 340111003004", False),
        ("恒安嘉园", "spot", "320115004010", False, 0.8, "", False),
    ]
    assert rows("SELECT lower, upper, unit, approximate, counted FROM figure ORDER BY start_offset") == [
        (None, 4000.0, "名", True, "居民"),
        (235000000.0, 235000000.0, "元", False, "善款"),
    ]
    assert rows("SELECT start_offset, begins, ends, precision, relative FROM time_span") == [
        (0, "2021-08-09", "2021-08-09", "day", True)
    ]
    assert rows("SELECT name, weight, terms FROM topic ORDER BY weight") == [
        ("社区治理", 0.6, "社区"),
        ("公益", 0.7, "社工、善款"),
    ]
    # every row is about a text, and the text names the code that read it
    assert rows("SELECT digest, version FROM text JOIN code ON code.id = entities_code_id") == [
        (digest, "0.1.0")
    ]


def test_saving_again_changes_nothing(store, run_id, everything):
    save(store, run_id, "/a.html", BODY, FULL)
    stored = everything()
    save(store, run_id, "/a.html", BODY, FULL)
    assert everything() == stored


def test_another_version_of_the_program_reads_a_text_anew(store, run_id, rows, monkeypatch):
    save(store, run_id, "/a.html", BODY, FULL)
    assert store.has_text([text_digest(BODY)])
    monkeypatch.setattr("storage.store.code_version", lambda: "0.2.0")
    assert store.has_text([text_digest(BODY)]) == set()

    better = Entities(mentions=FULL.mentions[:1], figures=FULL.figures[:1])
    save(store, run_id, "/a.html", BODY, better)

    assert rows(
        "SELECT (SELECT count(*) FROM mention), (SELECT count(*) FROM role), (SELECT count(*) FROM place),"
        " (SELECT count(*) FROM figure), (SELECT count(*) FROM time_span), (SELECT count(*) FROM topic)"
    ) == [(1, 0, 0, 1, 0, 0)]
    assert rows("SELECT version FROM text JOIN code ON code.id = entities_code_id") == [("0.2.0",)]


def test_a_text_that_nobody_has_read_is_not_marked_as_read(store, run_id):
    store.save([page("/a.html")], run_id)
    assert store.has_text([text_digest("\n".join(CLINIC))]) == set()


@pytest.mark.parametrize(
    "wrong",
    [
        Entities(figures=(Figure(0, 3, "30名", Decimal(30), Decimal(30), "名", False, ""),)),
        Entities(times=(TimeSpan(1, 3, "今年", None, None, "year", True),)),
        Entities(roles=(Role("李伶俐", "", "会长", 0, 2, 5, "rule"),)),
        Entities(places=(Place(0, 2, "江苏", "江苏省", "province", "32", "", ("江苏省",), 1.0),)),
    ],
)
def test_what_does_not_stand_at_its_offsets_is_refused(store, run_id, rows, wrong):
    report = store.save([page("/a.html", (BODY,), entities=wrong)], run_id)
    assert report.failures == {"ValueError": 1}
    assert rows("SELECT count(*) FROM text") == [(0,)]


# --- which entities are one ---


def test_an_organisation_written_three_ways_is_one_row(store, run_id, rows):
    save(store, run_id, "/a.html", BODY, FULL)
    assert rows("SELECT name, written_as, mentions FROM entities WHERE kind = 'organisation'") == [
        (NAME, f"{NAME}、红叶、该社", 4)
    ]


def test_people_of_one_name_in_two_organisations_are_two(store, run_id, rows):
    for number, employer in enumerate(["青禾社会工作服务中心", "远籽基金会", "青禾社会工作服务中心"]):
        body = f"{employer}社工王秀英在第{number}个社区服务。"
        save(store, run_id, f"/{number}.html", body, staffed(body, "王秀英", employer))
    assert rows(
        "SELECT person, organisation, count(*) FROM people_roles GROUP BY 1, 2, person_id ORDER BY 3"
    ) == [("王秀英", "远籽基金会", 1), ("王秀英", "青禾社会工作服务中心", 2)]
    assert rows("SELECT scope FROM entity WHERE kind = 'person' ORDER BY scope") == [
        ("远籽基金会",),
        ("青禾社会工作服务中心",),
    ]


def test_a_person_without_an_organisation_is_known_to_one_text_only(store, run_id, rows):
    bodies = ["居民王秀英说，楼道亮了。", "市民王秀英来到现场。"]
    for number, body in enumerate(bodies):
        save(store, run_id, f"/{number}.html", body, staffed(body, "王秀英", words="居民"))
    # the same text elsewhere tells of the same person
    save(store, run_id, "/copy.html", bodies[0], staffed(bodies[0], "王秀英", words="居民"))
    assert sorted(rows("SELECT scope FROM entity")) == sorted(
        (f"text:{text_digest(body)}",) for body in bodies
    )


def test_the_civil_affairs_bureau_of_another_city_is_another(store, run_id, rows):
    for number, body in enumerate(["市民政局今天公布名单。", "市民政局昨天召开会议。"]):
        found = Entities(mentions=(mention(body, "organisation", "市民政局"),))
        save(store, run_id, f"/{number}.html", body, found)
    assert rows("SELECT count(*) FROM entity") == [(2,)]


@pytest.mark.parametrize("name", ["市民政局", "区残联", "县委", "该中心", "本会", "街道办事处"])
def test_names_that_mean_another_organisation_elsewhere(name):
    assert is_relative(name)


@pytest.mark.parametrize(
    "name",
    [
        "镇江市慈善总会",
        "市场监管总局",
        "乡村发展基金会",
        "国家乡村振兴局",
        "全国妇联",
        "社区发展基金会",
        "本溪市民政局",
    ],
)
def test_names_that_only_begin_like_those(name):
    assert not is_relative(name)


def short(store: Store, run_id: int, path: str = "/short.html") -> str:
    """An article that writes the short name alone."""
    body = "红叶的社工昨天走访了独居老人。"
    return save(store, run_id, path, body, Entities(mentions=(mention(body, "organisation", "红叶"),)))


def other_red_leaf(store: Store, run_id: int) -> None:
    """Another organisation with the same short name."""
    body = "无锡红叶助老服务中心（简称红叶）成立。"
    full = "无锡红叶助老服务中心"
    found = Entities(mentions=(mention(body, "organisation", full),), aliases=(Alias("红叶", full, "简称"),))
    save(store, run_id, "/wuxi.html", body, found)


SAME_AS = "SELECT name, same_as FROM entities WHERE kind = 'organisation' ORDER BY name"


@pytest.mark.parametrize("first", ["the short name", "the full name"])
def test_a_short_name_is_resolved_across_articles(store, run_id, rows, first):
    if first == "the short name":
        short(store, run_id)
    save(store, run_id, "/a.html", BODY, FULL)
    if first == "the full name":
        short(store, run_id)
    assert rows(SAME_AS) == [(NAME, NAME), ("红叶", NAME)]


def test_a_level_names_nobody_in_other_articles(store, run_id, rows):
    body, full = "江湾县民政局印发通知，县民政局将督查。", "江湾县民政局"
    found = Entities(
        mentions=(mention(body, "organisation", full), mention(body, "organisation", full, "县民政局", 1)),
        aliases=(Alias("县民政局", full, "alias.level"),),
    )
    save(store, run_id, "/level.html", body, found)
    assert rows("SELECT name FROM alias WHERE defined") == []


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)])
def test_a_short_name_of_two_organisations_is_neither(store, run_id, rows, order):
    steps = (
        lambda: short(store, run_id),
        lambda: save(store, run_id, "/a.html", BODY, FULL),
        lambda: other_red_leaf(store, run_id),
    )
    for step in order:
        steps[step]()
    assert rows(SAME_AS) == [
        (NAME, NAME),
        ("无锡红叶助老服务中心", "无锡红叶助老服务中心"),
        ("红叶", "红叶"),
    ]


DISTRICT = "江宁区星渡社会工作服务中心"


def named(store: Store, run_id: int, name: str, person: str = "") -> None:
    """An article that names an organisation, and somebody who works there."""
    body = f"{name}社工{person}走访了居民。" if person else f"{name}走访了居民。"
    found = staffed(body, person, name) if person else Entities((mention(body, "organisation", name),))
    save(store, run_id, f"/{len(name)}.html", body, found)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (1, 0, 2)])
def test_a_name_with_the_divisions_above_its_place_is_the_same(store, run_id, rows, order):
    forms = (DISTRICT, f"南京市{DISTRICT}", f"江苏省南京市{DISTRICT}")
    for number in order:
        named(store, run_id, forms[number], "林晓岚")
    assert set(rows(SAME_AS)) == {(form, forms[2]) for form in forms}
    people = rows("SELECT DISTINCT coalesce(canonical_id, id) FROM entity WHERE kind = 'person'")
    assert len(people) == 1


@pytest.mark.parametrize(
    ("short_form", "long_form"),
    [
        ("鼓楼区星渡社会工作服务中心", "南京市鼓楼区星渡社会工作服务中心"),  # other cities have one too
        ("江宁区星渡社会工作服务中心", "苏州市江宁区星渡社会工作服务中心"),
        ("星渡社会工作服务中心", "南京市星渡社会工作服务中心"),
        ("江宁区星渡服务中心", "南京市江宁区星渡社会工作服务中心"),
    ],
)
def test_names_of_places_that_may_be_others_stay_apart(store, run_id, rows, short_form, long_form):
    named(store, run_id, short_form)
    named(store, run_id, long_form)
    assert set(rows(SAME_AS)) == {(short_form, short_form), (long_form, long_form)}


# --- corrections ---


def two_names(store: Store, run_id: int) -> None:
    """An organisation before and after it changed its name, each with the same social worker."""
    for number, employer in enumerate(["青禾社会工作服务中心", "青禾公益发展中心"]):
        body = f"{employer}社工王秀英在第{number}个社区服务。"
        save(store, run_id, f"/{number}.html", body, staffed(body, "王秀英", employer))


def test_merging_organisations_merges_their_people(store, run_id, rows):
    two_names(store, run_id)
    assert rows("SELECT count(DISTINCT person_id) FROM people_roles") == [(2,)]

    store.merge_entities("青禾公益发展中心", "青禾社会工作服务中心")

    assert rows("SELECT DISTINCT person, organisation FROM people_roles") == [
        ("王秀英", "青禾社会工作服务中心")
    ]
    assert rows("SELECT count(DISTINCT person_id) FROM people_roles") == [(1,)]
    assert rows(
        "SELECT organisation, count(*), count(DISTINCT article_id) FROM organisation_activity GROUP BY 1"
    ) == [("青禾社会工作服务中心", 2, 2)]


def test_a_merge_outlasts_reading_the_texts_again(store, run_id, rows, monkeypatch):
    two_names(store, run_id)
    store.merge_entities("青禾公益发展中心", "青禾社会工作服务中心")
    monkeypatch.setattr("storage.store.code_version", lambda: "0.2.0")
    two_names(store, run_id)
    body = "青禾公益发展中心社工赵一平报名。"
    save(store, run_id, "/new.html", body, staffed(body, "赵一平", "青禾公益发展中心"))
    assert rows("SELECT DISTINCT organisation FROM people_roles") == [("青禾社会工作服务中心",)]
    assert rows("SELECT count(DISTINCT person_id) FROM people_roles") == [(2,)]


def test_a_merge_is_taken_back_by_a_split(store, run_id, everything):
    two_names(store, run_id)
    before = everything()["entity"]
    store.merge_entities("青禾公益发展中心", "青禾社会工作服务中心")
    assert everything()["entity"] != before
    assert store.split_entity("青禾公益发展中心").name == "青禾公益发展中心"
    assert everything()["entity"] == before


def test_a_short_name_that_was_resolved_wrongly_is_split_off(store, run_id, rows):
    save(store, run_id, "/a.html", BODY, FULL)
    short(store, run_id)
    store.split_entity("红叶")
    assert rows(SAME_AS) == [(NAME, NAME), ("红叶", "红叶")]
    # and stays so when the short name comes by again
    body = "红叶说，周末还有活动。"
    save(store, run_id, "/b.html", body, Entities(mentions=(mention(body, "organisation", "红叶"),)))
    assert rows(SAME_AS) == [(NAME, NAME), ("红叶", "红叶")]


def test_what_is_one_with_a_merged_organisation_follows_it_and_comes_back(store, run_id, rows):
    save(store, run_id, "/a.html", BODY, FULL)
    short(store, run_id)
    body = "南京红叶公益发展中心今年更名。"
    new = "南京红叶公益发展中心"
    save(store, run_id, "/b.html", body, Entities(mentions=(mention(body, "organisation", new),)))
    store.merge_entities(NAME, new)
    assert rows(SAME_AS) == [(new, new), (NAME, new), ("红叶", new)]
    store.split_entity(NAME)
    assert rows(SAME_AS) == [(new, new), (NAME, NAME), ("红叶", NAME)]


def test_one_name_is_split_by_articles(store, run_id, rows, monkeypatch):
    urls = []
    for number in range(3):
        body = f"阳光志愿者协会社工周敏在第{number}个城市服务。"
        urls.append(save(store, run_id, f"/{number}.html", body, staffed(body, "周敏", "阳光志愿者协会")))

    other = store.split_entity("阳光志愿者协会", urls[1:2], "临澜")

    assert (other.name, other.scope) == ("阳光志愿者协会", "临澜")
    split = "SELECT organisation_id, count(*) FROM organisation_activity GROUP BY 1 ORDER BY 2"
    assert [count for _, count in rows(split)] == [1, 2]
    monkeypatch.setattr("storage.store.code_version", lambda: "0.2.0")
    for number in range(3):
        body = f"阳光志愿者协会社工周敏在第{number}个城市服务。"
        save(store, run_id, f"/{number}.html", body, staffed(body, "周敏", "阳光志愿者协会"))
    assert [count for _, count in rows(split)] == [1, 2]
    assert rows(
        "SELECT scope, url FROM organisation_activity JOIN entity ON entity.id = organisation_id"
        " WHERE scope <> ''"
    ) == [("临澜", urls[1])]


def test_what_only_one_text_knows_is_merged_by_its_id(store, run_id, rows):
    bodies = ["居民王秀英说，楼道亮了。", "市民王秀英来到现场。"]
    for number, body in enumerate(bodies):
        save(store, run_id, f"/{number}.html", body, staffed(body, "王秀英", words="居民"))
    (one,), (other,) = rows("SELECT id FROM entities ORDER BY id")
    store.merge_entities(f"#{one}", f"#{other}")
    assert rows("SELECT id, same_as_id FROM entities ORDER BY id") == [(one, other), (other, other)]
    # another article about a namesake changes nothing
    body = "村民王秀英种了三亩茶。"
    save(store, run_id, "/2.html", body, staffed(body, "王秀英", words="村民"))
    assert [same for _, same in rows("SELECT id, same_as_id FROM entities ORDER BY id")][:2] == [other, other]
    store.split_entity(f"#{one}")
    assert rows("SELECT count(*) FROM entities WHERE id <> same_as_id") == [(0,)]
    with pytest.raises(StoreError, match="no entity has the id 999"):
        store.split_entity("#999")
    with pytest.raises(StoreError, match="#x is no entity"):
        store.split_entity("#x")


def test_what_can_not_be_merged_or_split_is_said_in_one_line(store, run_id):
    two_names(store, run_id)
    first, second = "青禾公益发展中心", "青禾社会工作服务中心"
    with pytest.raises(StoreError, match=r"no entity is named 青禾$"):
        store.merge_entities("青禾", second)
    with pytest.raises(StoreError, match=r"2 entities are named 王秀英: give one of #\d+ \(person, 青禾"):
        store.merge_entities("王秀英", second)
    with pytest.raises(StoreError, match="is merged into nothing"):
        store.split_entity(first)
    with pytest.raises(StoreError, match=r"no article is stored from http://x\.example/1"):
        store.split_entity(first, ["http://x.example/1"], "2")
    with pytest.raises(StoreError, match="does not name 青禾公益发展中心"):
        store.split_entity(first, [HOST + "/0.html"], "2")
    store.merge_entities(first, second)
    with pytest.raises(StoreError, match="are one entity already"):
        store.merge_entities(second, first)


# --- views ---

GUIDE = Path(__file__).parents[2] / "docs" / "entities.md"
OF_ARTICLE = {
    "article_id",
    "url",
    "site",
    "publisher",
    "title",
    "published_day",
    "published_month",
    "relation",
}


ENTITY_VIEWS = {
    "entities",
    "organisation_activity",
    "people_roles",
    "places_mentioned",
    "figures",
    "topics",
    "affiliations",
}


def test_the_guide_names_every_column_of_every_view(store):
    described = {}
    for line in GUIDE.read_text("utf-8").splitlines():
        if found := re.match(r"\| `(\w+)` \| [^|]+ \| (.*) \|$", line):
            described[found[1]] = set(re.findall(r"`(\w+)`", found[2]))
    with store.engine.connect() as connection:
        columns = {
            view: {str(column["name"]) for column in inspect(connection).get_columns(view)}
            for view in described
        }
    own = {view: names - OF_ARTICLE if view != "entities" else names for view, names in columns.items()}
    assert own == described
    assert {view for view, names in columns.items() if not names >= OF_ARTICLE} == {
        "entities",
        "affiliations",
    }
    assert set(described) == ENTITY_VIEWS <= set(VIEWS)


def test_the_queries_of_the_guide_run(store, rows):
    queries = re.findall(r"```sql\n(.*?);\n```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert len(queries) == 2
    for query in queries:
        assert rows(query) == []


def test_views_of_one_article(store, run_id, rows):
    save(store, run_id, "/a.html", BODY, FULL)
    id_, url = url_id(f"{HOST}/a.html"), f"{HOST}/a.html"
    article = (id_, url, "jiangwan", "江湾新闻网", "义诊进社区", "2026-11-21", "original")
    assert rows(
        "SELECT organisation, type, article_id, url, site, publisher, title, published_day, relation,"
        " mentions, places, figures FROM organisation_activity"
    ) == [(NAME, "社会服务机构", *article, 4, "江宁区、科苑社区、恒安嘉园", "近4000名、2.35亿元")]
    assert rows(
        "SELECT person, role, organisation, organisation_type, article_id, url, site, publisher, title,"
        " published_day, relation, start_offset, end_offset, person_offset FROM people_roles"
        " ORDER BY person_offset"
    ) == [
        ("李伶俐", "社工", NAME, "社会服务机构", *article, *at(BODY, "社工"), at(BODY, "李伶俐")[0]),
        ("卞荣荣", "社工", NAME, "社会服务机构", *article, *at(BODY, "社工"), at(BODY, "卞荣荣")[0]),
        ("李伶俐", "负责人", NAME, "社会服务机构", *article, *at(BODY, "负责人"), at(BODY, "李伶俐", 1)[0]),
    ]
    assert rows(
        "SELECT surface, lower, upper, unit, approximate, counted, start_offset FROM figures"
        " ORDER BY start_offset"
    ) == [
        ("近4000名", None, 4000.0, "名", True, "居民", at(BODY, "近4000名")[0]),
        ("2.35亿元", 235000000.0, 235000000.0, "元", False, "善款", at(BODY, "2.35亿元")[0]),
    ]
    assert rows("SELECT url, topic, weight, terms FROM topics ORDER BY weight DESC") == [
        (url, "公益", 0.7, "社工、善款"),
        (url, "社区治理", 0.6, "社区"),
    ]


def test_places_roll_up_to_district_city_and_province(store, run_id, rows):
    save(store, run_id, "/a.html", BODY, FULL)
    assert rows(
        "SELECT surface, level, division_code, exact, province, city, district, town, village, province_code,"
        " city_code, district_code FROM places_mentioned WHERE NOT of_organisation ORDER BY start_offset"
    ) == [
        (
            *("江宁区", "county", "320115", True, "江苏省", "南京市", "江宁区", None, None),
            *("32", "3201", "320115"),
        ),
        (
            *("科苑社区", "village", "320115004010", True),
            *("江苏省", "南京市", "江宁区", "秣陵街道", "科苑社区", "32", "3201", "320115"),
        ),
        (
            *("恒安嘉园", "spot", "320115004010", False),
            *("江苏省", "南京市", "江宁区", "秣陵街道", "科苑社区", "32", "3201", "320115"),
        ),
    ]


@pytest.mark.parametrize(
    ("place", "rolled"),
    [
        # a municipality is its own city
        (
            Place(0, 3, "朝阳区", "朝阳区", "county", "110105", "1101", ("北京市", "朝阳区"), 1.0),
            ("北京市", "北京市", "朝阳区"),
        ),
        # a city without districts right under its province
        (
            Place(0, 3, "仙桃市", "仙桃市", "county", "429004", "4290", ("湖北省", "仙桃市"), 1.0),
            ("湖北省", "仙桃市", "仙桃市"),
        ),
        (
            Place(0, 3, "湖北省", "湖北省", "province", "42", "", ("湖北省",), 1.0),
            ("湖北省", None, None),
        ),
        (
            Place(0, 3, "光明村", "光明村", "village", "", "", ("光明村",), 0.2, ("320115004010",)),
            (None, None, None),
        ),
        (
            Place(0, 3, "老挝国", "老挝", "country", "", "", ("老挝",), 1.0),
            (None, None, None),
        ),
    ],
)
def test_places_that_lack_a_level(store, run_id, rows, place, rolled):
    save(store, run_id, "/a.html", place.surface + "举行活动", Entities(places=(place,)))
    assert rows("SELECT province, city, district FROM places_mentioned") == [rolled]
