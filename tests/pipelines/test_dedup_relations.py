import itertools
import random

import pytest

from pipelines.dedup import fingerprint, resemblance
from pipelines.dedup.relations import Kind
from tests.pipelines import dedup_changes as changes

STORY = """晨光公益网讯(记者 何青)11月25日,青禾基金会在云溪县第三小学启动“萤火”助学计划。
该计划由青禾基金会与云溪县教育局共同发起,首批资助120名学生,每人每学期获得800元生活补助。
“孩子们最需要的是有人陪着读书。”项目负责人白露说,志愿者每周三下午到校开设阅读课,为期两年。
据介绍,云溪县共有乡村小学17所,其中11所没有图书室。计划明年春季学期再建6间图书室,并培训40名教师。
第三小学校长安平告诉记者,学校去年收到的旧书大多不适合低年级学生,这一次的书目由老师们自己选定。"""
OTHER = """江湾市民政局近日公布全市养老服务机构检查结果,共检查机构86家,整改隐患142处。
检查组由民政、消防和市场监管人员组成,重点查看食堂、用电和夜间值班。
"""


def kind(a: str, b: str) -> Kind | None:
    found = resemblance(fingerprint(a), fingerprint(b))
    return found.kind if found else None


def test_copies_are_identical_after_normalising():
    copy = "本报讯 " + STORY.split("11月25日,", 1)[1].replace(",", "，").replace("\n", "\n　　")
    found = resemblance(fingerprint(STORY), fingerprint(copy + "\n责任编辑：林岚"))
    assert found is not None
    assert (found.kind, found.held, found.other_held) == ("copy", 1.0, 1.0)


def test_script_makes_no_difference():
    assert kind(STORY, changes.traditional(random.Random(1), STORY, ())) == "copy"


@pytest.mark.parametrize(
    "changed",
    [
        "\n".join(STORY.split("\n")[:3]),
        "\n".join(STORY.split("\n")[2:]),
        "\n".join(STORY.split("\n")[2:] + STORY.split("\n")[:2]),
        STORY + "\n" + OTHER,
        OTHER + STORY,
        STORY.replace("近日", "日前").replace("共同发起", "联合发起").replace("告诉记者", "说"),
        changes.words(random.Random(1), STORY, ()),
    ],
    ids=["cut", "another part", "moved", "added", "added before", "words replaced", "many words replaced"],
)
def test_changed_texts_are_reprints(changed):
    assert kind(STORY, changed) == "reprint"


@pytest.mark.parametrize(
    "part",
    [STORY[:70] + "...", STORY[:80], STORY[90:130] + "…", "某某台记者王某从云溪获悉," + STORY[30:90] + "..."],
    ids=["cut", "lead", "middle", "under another dateline"],
)
def test_what_stands_in_a_longer_text_is_a_part_of_it(part):
    assert kind(STORY, part) == "part"


def test_different_texts_have_no_relation():
    assert kind(STORY, OTHER) is None


def notice(day: int, cases: int, places: str) -> str:
    return (
        f"江湾市卫生健康委通报,11月{day}日0时至24时,全市新增{cases}例病例,分布在{places}。"
        f"所有病例已转运至定点医院。目前尚有{cases * 7}人在观察点接受观察,当日解除{day * 3}人。"
        "请广大市民做好个人防护,不信谣、不传谣。"
    )


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (notice(3, 12, "云溪县"), notice(18, 45, "云溪县")),
        (notice(3, 12, "云溪县"), notice(3, 12, "云溪县").replace("12例", "15例").replace("84人", "105人")),
        (
            "11月3日,江湾市卫生健康委通报,全市没有新增病例,请广大市民做好个人防护。",
            "11月4日,江湾市卫生健康委通报,全市没有新增病例,请广大市民做好个人防护。",
        ),
        (
            "江湾市志愿者协会第三次会员代表大会在云溪宾馆开幕。会长白露出席会议并讲话,秘书长何青主持。",
            "江湾市志愿者协会第三次会员代表大会在云溪宾馆闭幕。会长白露出席会议并讲话,秘书长何青主持。",
        ),
        (
            "江湾市民政局任命王立夏为社会福利院院长,免去其原任职务,特此通知。",
            "江湾市民政局任命李知远为社会福利院院长,免去其原任职务,特此通知。",
        ),
        (
            "今天夜间到明天白天多云,东北风三到四级,请市民添衣保暖,出行注意交通安全。",
            "今天夜间到明天白天小雨,东北风三到四级,请市民添衣保暖,出行注意交通安全。",
        ),
    ],
    ids=["figures and dates", "figures", "the date alone", "meetings", "names", "weather"],
)
def test_notices_of_one_form_are_different_texts(a, b):
    assert kind(a, b) is None


def test_a_lead_with_another_figure_is_no_part():
    assert kind(notice(3, 12, "云溪县"), notice(3, 15, "云溪县")[:34] + "...") is None


def test_one_corrected_figure_in_a_long_text_leaves_it_a_reprint():
    assert kind(STORY, STORY.replace("40名教师", "45名教师")) == "reprint"


def test_long_texts_whose_figures_are_all_others_are_different():
    # what agrees is so much that one other figure weighs nothing
    report = "\n".join(f"{STORY}{OTHER}".translate(str.maketrans("", "", "0123456789")).split("\n") * 3)
    first = report.replace("近日公布", "5月公布").replace("所乡村", "17所乡村")
    assert kind(first, first.replace("5月公布", "9月公布", 1)) == "reprint"
    form = f"{{}}日,各站接待市民{{}}人次。{report}\n其中老人{{}}人次,儿童{{}}人次,回访满意度{{}}分。"
    assert kind(form.format(3, 812, 77, 19, 95), form.format(4, 655, 61, 23, 97)) is None


def test_figures_in_chinese_numerals_are_the_same_figures():
    changed = STORY.replace("120名", "一百二十名").replace("800元", "八百元").replace("17所", "十七所")
    assert kind(STORY, changed.replace("11所", "十一所").replace("40名", "四十名")) == "reprint"
    notice = "江湾市红十字会昨日为云溪县{}个村送去棉被{}床,分发到每一户困难家庭,帮助乡亲们温暖过冬。"
    assert kind(notice.format("12", "300"), notice.format("十二", "三百")) == "reprint"
    assert kind(notice.format("12", "300"), notice.format("十三", "四百")) is None


def test_words_replaced_from_the_first_sentence_on_leave_a_reprint():
    changed = "近来,云溪县第三小学里启用了" + STORY.split("启动", 1)[1].replace("培训40名", "再培训40名")
    assert kind(STORY, changed) == "reprint"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("南塘镇居民罗立荣获本季度好人称号,", "青石区居民刘国梅荣获本季度好人称号,"),
        ("荣获本季度好人称号的是李群,", "荣获本季度好人称号的是李文志,"),
    ],
    ids=["place and person", "given name"],
)
def test_names_in_the_same_place_tell_notices_apart(a, b):
    rest = "多年来热心公益,乐于助人,受到邻里的一致好评,市文明办号召大家学习。"
    assert kind(a + rest, b + rest) is None


def test_a_date_behind_the_dateline_may_be_left_out():
    text = STORY.replace("11月25日,", "")
    assert kind(STORY, text) == "copy"
    assert kind(STORY, "晨光公益网讯(记者 何青)2026年11月25日," + text.split(")", 1)[1]) == "copy"


def test_a_common_notice_is_not_a_common_text():
    news = "青石乡中心小学的图书室上周启用,首批3500册图书已经上架,校长说孩子们很喜欢。"
    for foot in changes.UNKNOWN_NOTICES:
        other = "云岭县冬衣募集昨日结束,市民捐来的棉服装满两辆货车,今早发往山里。" + foot
        assert kind(news + foot, other) in (None, "overlap")


def test_very_short_texts_are_not_related():
    assert kind("图片新闻", "图片新闻") is None
    assert kind("", "") is None


def test_resemblance_is_symmetric():
    texts = (STORY, OTHER, STORY + OTHER, STORY[:60] + "...", notice(3, 12, "云溪县"), "", "云溪")
    for a, b in itertools.product([fingerprint(t) for t in texts], repeat=2):
        found, back = resemblance(a, b), resemblance(b, a)
        assert (found.turned() if found else None) == back
        assert found is None or (0.0 <= found.held <= 1.0 and 0.0 <= found.other_held <= 1.0)


def test_the_title_is_no_part_of_the_fingerprint():
    assert fingerprint(STORY, "云溪启动助学计划") == fingerprint(STORY, "另一个标题")


def test_lone_surrogates_are_texts_too():
    assert fingerprint("坏字符\ud800在中间").text == "坏字符在中间"
