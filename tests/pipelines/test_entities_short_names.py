import pytest

from pipelines.entities import find_entities
from pipelines.entities.organisation_names import NameParts, parse_name


def aliases(text: str) -> dict[str, str]:
    return {alias.short: alias.full for alias in find_entities(text).aliases}


def organisations(text: str) -> list[tuple[str, str]]:
    return [(m.surface, m.name) for m in find_entities(text).mentions if m.kind == "organisation"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("南京青禾社会工作服务社", ("南京", "青禾", "社会工作", "服务社")),
        ("南京市鼓楼区青禾社会工作服务社", ("南京市鼓楼区", "青禾", "社会工作", "服务社")),
        ("江苏省青禾公益基金会", ("江苏省", "青禾", "公益", "基金会")),
        ("南京“红豆”儿童关爱中心", ("南京", "红豆", "儿童", "关爱中心")),
        ("和悦基金会", ("", "和悦", "", "基金会")),
        ("晋江市致和社工事务所", ("晋江市", "致和", "社工", "事务所")),
        ("中国志愿服务联合会", ("中国", "", "志愿服务", "联合会")),
        ("市民政局", ("市", "", "", "民政局")),
        ("萤火", ("", "萤火", "", "")),
    ],
)
def test_a_name_taken_apart(name, parts):
    assert parse_name(name) == NameParts(*parts)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (
            "浙江省微澜公益基金会（以下简称“微澜基金会”）成立。微澜基金会致力于助学。",
            {"微澜基金会": "浙江省微澜公益基金会"},
        ),
        ("江湾区拾光社区营造中心(下称拾光)成立。", {"拾光": "江湾区拾光社区营造中心"}),
        ("临澜市企业家环保基金会（LCF）发起项目。", {"LCF": "临澜市企业家环保基金会"}),
        (
            "来自南京青禾社会工作服务社的消息。青禾理事长林晓岚说，会做下去。",
            {"青禾": "南京青禾社会工作服务社"},
        ),
        ("青禾理事长林晓岚到场。活动由南京青禾社会工作服务社主办。", {"青禾": "南京青禾社会工作服务社"}),
        ("江湾省残疾人联合会发布消息。江湾省残联副理事长何青到场。", {"江湾省残联": "江湾省残疾人联合会"}),
        (
            "我市青禾、益澜、星渡等上千家社会组织响应。南京青禾社会工作服务社、益澜助学基金会走在前面。",
            {"青禾": "南京青禾社会工作服务社", "益澜": "益澜助学基金会"},
        ),
        ("临澜市红十字会启动救助。据悉，红十字会还设立热线。", {"红十字会": "临澜市红十字会"}),
        (
            "恒星纺织（福建）有限公司捐款。恒星纺织董事长林晓岚到场。",
            {"恒星纺织": "恒星纺织（福建）有限公司"},
        ),
        ("青海省社会工作协会成立。省社工协会要发挥作用。", {"省社工协会": "青海省社会工作协会"}),
        (
            "乌鲁木齐市红十字会授旗。乌市红十字会依托志愿者组队。",
            {"乌市红十字会": "乌鲁木齐市红十字会"},
        ),
        ("临澜市红十字会授旗。临澜市红十字志愿服务协会成立。", {}),
        ("渡口街社工站开放日。渡口街社工们很忙。", {}),
        ("鸿雁花园业委会开会。鸿雁花园的居民来了。", {}),
        ("新围社康、深圳市南山社工服务社来到新围社区。", {}),
        ("黄岩区橘乡公益发展中心协办。今年，橘乡招募了志愿者。", {"橘乡": "黄岩区橘乡公益发展中心"}),
        ("恒森（中国）有限公司捐款。恒森中国总监武洁到场。", {"恒森中国": "恒森（中国）有限公司"}),
        ("临澜市红十字会和江湾区红十字会到场。红十字会带来物资。", {}),
        (
            "苏州市关心下一代工作委员会主办。市关工委主任林晓岚到场。",
            {"市关工委": "苏州市关心下一代工作委员会"},
        ),
        ("莆田第六中学设奖。莆田六中学生领奖。", {"莆田六中": "莆田第六中学"}),
        ("安徽省慈善总会捐款。安徽慈善总会还送来图书。", {"安徽慈善总会": "安徽省慈善总会"}),
        (
            "湖南湘西土家族苗族自治州关工委到场。湘西州关工委致辞。",
            {"湘西州关工委": "湖南湘西土家族苗族自治州关工委"},
        ),
        ("临澜市教育和体育局主办。市教体局局长何青到场。", {"市教体局": "临澜市教育和体育局"}),
        ("南京市慈善会捐款。南京市鼓楼区慈善会也捐款。南京慈善会授牌。", {"南京慈善会": "南京市慈善会"}),
        ("江苏省妇女联合会发文。苏州妇联跟进。", {}),
        (
            "注册为“临澜市星渡救援志愿者联合会”（又称“星渡救援队”）。",
            {"星渡救援队": "临澜市星渡救援志愿者联合会"},
        ),
        ("临澜县上河镇斗云小学揭牌。斗云小学的孩子来了。", {"斗云小学": "临澜县上河镇斗云小学"}),
        ("南京市第一中学揭牌。第一中学的孩子来了。", {}),
        ("天心区城管执法大队到场。天心城管执法大队带来口罩。", {"天心城管执法大队": "天心区城管执法大队"}),
        ("江湾县义工联合会成立。作为义工联合会的负责人，他很忙。", {"义工联合会": "江湾县义工联合会"}),
        ("省福彩中心捐款。活动由江苏省福利彩票管理中心主办。", {"省福彩中心": "江苏省福利彩票管理中心"}),
        ("光明乳业股份有限公司捐款。光明乳业还送来牛奶。", {"光明乳业": "光明乳业股份有限公司"}),
        ("湖北省恩施市板桥镇木云小学揭牌。木云小学开学。", {"木云小学": "湖北省恩施市板桥镇木云小学"}),
        (
            "湖北省恩施市板桥镇木云村小学揭牌。木云村小学开学。",
            {"木云村小学": "湖北省恩施市板桥镇木云村小学"},
        ),
        ("江湾市致和社工事务所成立。社工林晓岚很忙。", {}),
        (
            "池州市卓成社会工作服务中心承办。池州卓成社工在接到任务后出发。",
            {"池州卓成社工": "池州市卓成社会工作服务中心"},
        ),
        ("WWF（世界自然基金会）发起。WWF到场。", {"WWF": "世界自然基金会"}),
        ("江湾区新生代企业家联谊会开会。她作为新生代企业家发言。", {}),
        ("江湾县工商联开会，苏铜两市工商联签约。", {}),
        ("临澜星渡社区发展中心成立。四年来星渡在云溪做项目。", {"星渡": "临澜星渡社区发展中心"}),
        ("爱德基金会发起项目。爱德已经有三十年的经验。", {"爱德": "爱德基金会"}),
    ],
)
def test_short_names_and_what_they_stand_for(text, known):
    assert aliases(text) == known


def test_no_guess_between_two_organisations_of_one_short_name():
    text = "南京青禾社会工作服务社和临澜市青禾助学基金会都在现场。青禾理事长林晓岚说，会做下去。"
    assert "青禾" not in aliases(text)
    assert ("青禾", "青禾") in organisations(text)
    (role,) = find_entities(text).roles
    assert (role.person, role.organisation) == ("林晓岚", "青禾")


def test_a_level_is_an_alias_of_its_text_alone():
    text = "江湾县民政局印发通知。县民政局副局长何青说，年底完成。"
    assert ("县民政局", "江湾县民政局") in organisations(text)
    (alias,) = find_entities(text).aliases
    assert (alias.short, alias.full, alias.in_this_text_only) == ("县民政局", "江湾县民政局", True)


@pytest.mark.parametrize(
    "text",
    [
        "何红爱心慈善基金会发起“何红爱心百人援滇”行动。",
        "红叶满山。南京红叶社会工作服务社成立。秋天的红叶很美。",
        "阳光社工服务社成立，孩子们沐浴在阳光下。",
        "清华大学高等研究院在清华大学揭牌。",
    ],
)
def test_everyday_words_and_wholes_are_no_short_names(text):
    assert aliases(text) == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("空间入驻机构青禾、星渡、益澜等机构发挥优势。", ["青禾", "星渡", "益澜"]),
        (
            "活动由云朵公益、江湾区科技扶贫基金会、百帆公益共同主办。",
            ["云朵公益", "江湾区科技扶贫基金会", "百帆公益"],
        ),
        (
            "江湾市汇友义工协会、大学生村官联创联盟等5家公益性社会组织入驻。",
            ["江湾市汇友义工协会", "大学生村官联创联盟"],
        ),
        (
            "青石汽车集团有限公司、和优良品（苏州）科技有限公司、香港周氏基金各捐30万元。",
            ["青石汽车集团有限公司", "和优良品（苏州）科技有限公司", "香港周氏基金"],
        ),
        (
            "河南新金油业、福玉、友合、金利合等爱心企业捐赠的大米、面粉、食用油很多。",
            ["河南新金油业", "福玉", "友合", "金利合"],
        ),
        ("社工机构—武汉飞逸社工、服务机构—武汉创渡无限，都在一线。", ["武汉飞逸社工", "武汉创渡无限"]),
    ],
)
def test_names_that_a_list_shows(text, names):
    assert [surface for surface, _ in organisations(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "学校、医院等单位停课停诊。",
        "社会组织“孵化”项目启动。",
        "助老、助残、助学等社会组织增多。",
        "党员、志愿者、网格员等队伍下沉。",
        "民政、教育、公安等部门联动。",
    ],
)
def test_lists_that_name_nobody(text):
    assert organisations(text) == []


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("江湾陶瓷博物馆开馆。陶瓷展示了匠人的手艺。", "陶瓷"),
        ("临澜市汽车行业协会发布报告。汽车走进了千家万户。", "汽车"),
        ("江湾投资集团来信。集团捐赠了十台电脑。", "集团"),
    ],
)
def test_what_an_association_is_about_is_no_short_name(text, short):
    entities = find_entities(text)
    assert short not in {alias.short for alias in entities.aliases}
    assert short not in {m.surface for m in entities.mentions}


def test_who_helps_is_called_by_a_word_of_the_dictionary():
    entities = find_entities(
        "江湾区萤窗助学协会、临澜市纸船公益发展中心参与。\n萤窗的志愿者陆欣然负责这一件。"
    )
    assert {alias.short: alias.full for alias in entities.aliases} == {"萤窗": "江湾区萤窗助学协会"}


def test_an_everyday_word_that_is_a_proper_name_stays_one():
    entities = find_entities("江湾区星火社会工作服务中心成立。星火走进了社区，星火负责人林晓岚说。")
    assert {alias.short: alias.full for alias in entities.aliases} == {"星火": "江湾区星火社会工作服务中心"}
