import pytest

from pipelines.entities import find_entities
from pipelines.entities.lexicon import alternatives, suffixes
from pipelines.entities.organisations import MAX_NAME


def organisations(text: str) -> list[str]:
    return [m.surface for m in find_entities(text).mentions if m.kind == "organisation"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("活动由江湾区萤窗助学协会主办。", ["江湾区萤窗助学协会"]),
        ("驻点在云溪社区的南京青禾社会工作服务社社工介绍了情况", ["南京青禾社会工作服务社"]),
        ("近日，市民政局联合青禾基金会举办培训", ["市民政局", "青禾基金会"]),
        (
            "星渡社会工作服务中心、萤窗助学协会和碧湾环保协会参加",
            ["星渡社会工作服务中心", "萤窗助学协会", "碧湾环保协会"],
        ),
        ("来自临澜市晨曦未成年人保护与服务中心的消息", ["临澜市晨曦未成年人保护与服务中心"]),
        ("中国乡村教育与发展研究会发布报告", ["中国乡村教育与发展研究会"]),
        ("由泰和基金会资助", ["泰和基金会"]),
        ("临澜大学附属医院成立志愿服务队", ["临澜大学附属医院"]),
        ("临澜市“红豆”社会工作服务中心揭牌", ["临澜市“红豆”社会工作服务中心"]),
        ("他说“人人都来”青禾基金会就来了", ["青禾基金会"]),
        ("青禾（江湾）公益基金会成立", ["青禾（江湾）公益基金会"]),
        ("2026年3月2日青禾基金会成立", ["青禾基金会"]),
        ("积极推动南京星渡社工事务所落户", ["南京星渡社工事务所"]),
        ("江湾区渡口街道办事处办理", ["江湾区渡口街道办事处"]),
        ("SEE基金会在云溪启动项目", ["SEE基金会"]),
        ("江湾新闻网讯(记者 何青)近日，活动举行", ["江湾新闻网"]),
        ("国务院印发通知", ["国务院"]),
    ],
)
def test_names_have_their_borders(text, names):
    assert organisations(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "该基金会表示",
        "一些基金会参与其中",
        "全区3家养老服务中心开放",
        "社会工作服务中心是什么",
        "社会团体和基金会都要年检",
        "大学生志愿者来到现场",
        "志愿服务队伍不断壮大",
        "街道办事大厅人不多",
        "孩子们学会了做饭",
        "本报讯 近日，活动举行",
        "民办学校和公立医院",
        "、。“”（）",
    ],
)
def test_words_that_name_no_organisation(text):
    assert organisations(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("武汉市江汉区里份邻里互助中心成立。", ["武汉市江汉区里份邻里互助中心"]),
        ("去年，她入职南京清禾社会工作服务中心。", ["南京清禾社会工作服务中心"]),
        ("请将初审意见和汇总表报市民政局。", ["市民政局"]),
        ("大庆市让胡路区民政局举办活动。", ["大庆市让胡路区民政局"]),
        ("服务由和田地区民政局购买。", ["和田地区民政局"]),
        ("他们为12支优秀志愿服务队授旗。", []),
        ("福建省担当者行动教育基金会捐赠图书。", ["福建省担当者行动教育基金会"]),
        ("泰安市泰山书画院未报送年报。", ["泰安市泰山书画院"]),
        ("线索上报后，生态环境部门查处了企业。", []),
        ("他们运营4个街镇社工站。", []),
        ("他被资管公司起诉。", []),
    ],
)
def test_borders_at_places_and_verbs(text, names):
    assert organisations(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("青禾慈善基金会会长林晓岚到场。", ["青禾慈善基金会"]),
        ("青禾教育基金会项目主管林晓岚到场。", ["青禾教育基金会"]),
        ("珠海京华社会工作中心承办。", ["珠海京华社会工作中心"]),
        ("青海省社会工作协会成立。", ["青海省社会工作协会"]),
        ("临澜侨界名媛会执行会长林晓岚到场。", ["临澜侨界名媛会"]),
        ("大家在大会会长致辞后离开。", []),
        ("云溪社区成立“五线谱志愿者服务队”。", ["五线谱志愿者服务队"]),
        ("清华大学当代中国研究中心发布报告。", ["清华大学当代中国研究中心"]),
        ("德国莱文基金会北京代表处派人参加。", ["德国莱文基金会北京代表处"]),
        ("武警凉山支队投入救援。", ["武警凉山支队"]),
        ("中国石油四川凉山销售分公司捐款。", ["中国石油四川凉山销售分公司"]),
        ("江湾区老龄工作委员会办公室主办。", ["江湾区老龄工作委员会办公室"]),
        ("中共南京市江宁区委社会工作部指导。", ["中共南京市江宁区委社会工作部"]),
        ("活动在江湾区书院路街道举行。", []),
        ("她从西北民族大学毕业。", ["西北民族大学"]),
        ("青禾基金会与恒森（中国）有限公司签约。", ["青禾基金会", "恒森（中国）有限公司"]),
        ("临澜和谐家园公益服务中心开放。", ["临澜和谐家园公益服务中心"]),
        ("安徽日报报业集团参加。", ["安徽日报报业集团"]),
        ("云溪社区党委和青禾社工站主办。", ["云溪社区党委", "青禾社工站"]),
        ("孙硕华派青岛红十字救援队前往。", ["青岛红十字救援队"]),
        ("队伍连线红十字蓝天救援队。", ["红十字蓝天救援队"]),
    ],
)
def test_forms_and_branches(text, names):
    assert organisations(text) == names


def test_what_a_school_does_tells_its_class():
    classes = {
        m.surface: m.type
        for m in find_entities("晨光公益研究院、江湾大学公益研究院、江湾学校到场。").mentions
    }
    assert classes == {"晨光公益研究院": "社会服务机构", "江湾大学公益研究院": "学校", "江湾学校": "学校"}


def test_a_run_without_punctuation_gives_no_endless_name():
    assert all(len(name) <= MAX_NAME for name in organisations("甲" * 200 + "基金会"))


def test_every_suffix_is_known_with_its_kind():
    assert suffixes()["基金会"].kind == "基金会"
    assert suffixes()["民政局"].bare
    assert all(len(word) >= 2 for word in suffixes())


def test_alternatives_match_the_longest_word():
    import re

    pattern = re.compile(alternatives(["服务", "服务中心", "中心", "服务社"]))
    assert pattern.findall("社工服务中心与服务社和服务、中心") == ["服务中心", "服务社", "服务", "中心"]
    assert alternatives(["a.b"]) == r"a\.b"
