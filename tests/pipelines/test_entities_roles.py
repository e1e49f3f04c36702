import pytest

from pipelines.entities import find_entities

FULL = "南京青禾社会工作服务社"


def roles(text: str) -> list[tuple[str, str, str]]:
    return [(r.person, r.organisation, r.role) for r in find_entities(text).roles]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{FULL}社工林晓岚、何青走进社区。", [("林晓岚", FULL, "社工"), ("何青", FULL, "社工")]),
        (f"驻点在云溪社区的{FULL}社工林晓岚说。", [("林晓岚", FULL, "社工")]),
        (f"{FULL}在行动。中心负责人马成告诉记者。", [("马成", FULL, "负责人")]),
        (f"林晓岚，是{FULL}的一名新入职的社工。", [("林晓岚", FULL, "社工")]),
        (f"林晓岚（{FULL}理事长）作报告。", [("林晓岚", FULL, "理事长")]),
        (f"{FULL}理事长兼总干事林晓岚到会。", [("林晓岚", FULL, "理事长兼总干事")]),
        (f"{FULL}林晓岚总干事到会。", [("林晓岚", FULL, "总干事")]),
        (f"由{FULL}发起的项目启动。理事长林晓岚说，会做下去。", [("林晓岚", FULL, "理事长")]),
        ("江湾区民政局党组书记、局长何青青表示。", [("何青青", "江湾区民政局", "党组书记、局长")]),
        (
            "县政协副主席、江湾县教育基金会理事长林晓岚送上鲜花。",
            [("林晓岚", "县政协", "副主席"), ("林晓岚", "江湾县教育基金会", "理事长")],
        ),
        (
            "为全国政协委员、临澜市政协委员、青石控股董事长何青松颁发证书。",
            [
                ("何青松", "全国政协", "委员"),
                ("何青松", "临澜市政协", "委员"),
                ("何青松", "青石控股", "董事长"),
            ],
        ),
        (
            "市民政局何小青局长、林晓岚副局长、白露副调研员到场。",
            [
                ("何小青", "市民政局", "局长"),
                ("林晓岚", "市民政局", "副局长"),
                ("白露", "市民政局", "副调研员"),
            ],
        ),
        ("编辑 何青 校对 林晓岚", [("何青", "", "编辑"), ("林晓岚", "", "校对")]),
        (
            "江湾区茶业协会召开大会，选举林晓岚为会长，何青青、白小露为副会长。",
            [("林晓岚", "江湾区茶业协会", "会长")]
            + [(name, "江湾区茶业协会", "副会长") for name in ("何青青", "白小露")],
        ),
        (
            "小伙子林晓岚是江湾人。他是江湾环保志愿者协会会长。",
            [("林晓岚", "", "小伙子"), ("林晓岚", "江湾环保志愿者协会", "会长")],
        ),
        (
            "江湾新闻网讯(记者 何青 通讯员 林晓岚)近日，活动举行。",
            [("何青", "江湾新闻网", "记者"), ("林晓岚", "江湾新闻网", "通讯员")],
        ),
        ("本报讯（记者 何青）近日，活动举行。", [("何青", "", "记者")]),
        ("理发师林晓岚来得最早。", [("林晓岚", "", "理发师")]),
        (
            f"{FULL}理事长为林晓岚，副理事长为李青、白小露。",
            [("林晓岚", FULL, "理事长"), ("白小露", FULL, "副理事长")],
        ),
        (f"在江湾，没有人不认识林晓岚。这位35岁的姑娘，是{FULL}的理事长。", [("林晓岚", FULL, "理事长")]),
        (f"{FULL}成立。发起人是企业家林晓岚。", [("林晓岚", FULL, "发起人"), ("林晓岚", "", "企业家")]),
        (
            "江湾区茶业协会开会。何青、林晓岚（女，回族）当选副会长。",
            [("何青", "江湾区茶业协会", "副会长"), ("林晓岚", "江湾区茶业协会", "副会长")],
        ),
        (
            "江湾区红十字会和江湾大学附属医院启动项目。心脏外科主任林晓岚提醒大家。",
            [("林晓岚", "江湾大学附属医院", "外科主任")],
        ),
    ],
)
def test_who_is_what_where(text, expected):
    found = roles(text)
    for person, organisation, role in expected:
        assert any(p == person and o == organisation and role in r for p, o, r in found), found


def test_offsets_of_a_role_are_those_of_its_words():
    text = f"{FULL}社工林晓岚说。"
    (role,) = find_entities(text).roles
    assert (text[role.start : role.end], text[role.person_start :][:3]) == ("社工", "林晓岚")


def test_who_wrote_and_who_is_quoted_are_told_apart():
    text = "江湾新闻网讯(记者 何青)近日，社工林晓岚走进社区。“会做下去。”志愿者白小露说。"
    rules = {m.name: m.rule for m in find_entities(text).mentions if m.kind == "person"}
    assert (rules["何青"], rules["白小露"]) == ("person.byline", "person.quoted")
    assert rules["林晓岚"] == "person.model"


@pytest.mark.parametrize("text", ["林晓岚代表中心致辞。", "村民林晓岚家里通了水。江湾区民政局关注此事。"])
def test_no_role_is_made_up(text):
    assert all(organisation == "" for _, organisation, _ in roles(text))
    assert all("代表" not in role for _, _, role in roles(text))


def test_an_office_joined_to_another_is_in_the_same_organisation():
    text = "昨日，武汉儿童医院血液科主任邢继红和护士长鲍晓燕收到一面锦旗。"
    found = {(r.person, r.organisation) for r in find_entities(text).roles}
    assert found == {("邢继红", "武汉儿童医院"), ("鲍晓燕", "武汉儿童医院")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "江湾区民政局局长何青青同志，江湾区慈善总会会长林晓岚同志到场。",
            [("何青青", "江湾区民政局", "局长"), ("林晓岚", "江湾区慈善总会", "会长")],
        ),
        (
            "江湾区茶业协会理事长何青青，江湾市政协副主席、江湾区商会会长林晓岚到场。",
            [
                ("何青青", "江湾区茶业协会", "理事长"),
                ("林晓岚", "江湾市政协", "副主席"),
                ("林晓岚", "江湾区商会", "会长"),
            ],
        ),
        (
            "青禾基金会来了，青禾基金会主任来了。市关工委常务副主任何青青，副主任白小露，助理林晓岚到场。",
            [
                ("何青青", "市关工委", "常务副主任"),
                ("白小露", "市关工委", "副主任"),
                ("林晓岚", "市关工委", "助理"),
            ],
        ),
        ("临澜市青禾慈善基金会成立。何青青会长亲自带队。", [("何青青", "临澜市青禾慈善基金会", "会长")]),
        ("青禾基金会、星渡基金会成立。何青青会长亲自带队。", [("何青青", "", "会长")]),
        ("校团委组织培训。团委副书记林晓岚致辞。", [("林晓岚", "校团委", "团委副书记")]),
        ("林晓岚，江湾区青禾公益基金会副秘书长。", [("林晓岚", "江湾区青禾公益基金会", "副秘书长")]),
        ("市领导林晓岚到场。", [("林晓岚", "", "市领导")]),
        ("他叫林晓岚，江湾县青禾协会的一名普通干部。", [("林晓岚", "江湾县青禾协会", "普通干部")]),
        ("作为江湾县青禾协会的负责人，林晓岚很忙。", [("林晓岚", "江湾县青禾协会", "负责人")]),
        ("江湾区社会志愿者、个体运输户林晓岚到场。", [("林晓岚", "", "志愿者、个体运输户")]),
        (
            "江湾省慈善总会捐款。总会副会长、临澜心脏病医院总经理林晓岚到场。",
            [("林晓岚", "江湾省慈善总会", "副会长"), ("林晓岚", "临澜心脏病医院", "总经理")],
        ),
        ("他们的书记叫林晓岚。", [("林晓岚", "", "书记")]),
    ],
)
def test_an_office_is_that_of_the_name_behind_it(text, expected):
    assert roles(text) == expected


def test_an_office_in_a_department_that_is_not_named_is_in_no_other_organisation():
    assert ("何青青", "", "副主任") in roles("青禾社工服务站揭牌。办事处副主任何青青到场。")
