import itertools

import pytest

from pipelines.dedup import fingerprint, relation_kind, similarity

STORY = """晨光公益网讯(记者 何青)11月25日,青禾基金会在云溪县第三小学启动“萤火”助学计划。
该计划由青禾基金会与云溪县教育局共同发起,首批资助120名学生,每人每学期获得800元生活补助。
“孩子们最需要的是有人陪着读书。”项目负责人白露说,志愿者每周三下午到校开设阅读课,为期两年。
据介绍,云溪县共有乡村小学17所,其中11所没有图书室。计划明年春季学期再建6间图书室,并培训40名教师。
第三小学校长安平告诉记者,学校去年收到的旧书大多不适合低年级学生,这一次的书目由老师们自己选定。"""
OTHER = """江湾市民政局近日公布全市养老服务机构检查结果,共检查机构86家,整改隐患142处。
检查组由民政、消防和市场监管人员组成,重点查看食堂、用电和夜间值班。
"""


def test_copies_are_identical_after_normalising():
    copy = "本报讯 " + STORY.split("11月25日,", 1)[1].replace(",", "，").replace("\n", "\n　　")
    a, b = fingerprint(STORY), fingerprint(copy + "\n责任编辑：林岚")
    assert relation_kind(a, b) == "copy"
    assert similarity(a, b) == 1.0


@pytest.mark.parametrize(
    "changed",
    [
        "\n".join(STORY.split("\n")[:3]),
        "\n".join(STORY.split("\n")[2:] + STORY.split("\n")[:2]),
        STORY + "\n" + OTHER,
        STORY.replace("近日", "日前").replace("共同发起", "联合发起").replace("告诉记者", "说"),
    ],
    ids=["cut", "paragraphs moved", "sentences added", "words replaced"],
)
def test_changed_texts_are_reprints(changed):
    a, b = fingerprint(STORY), fingerprint(changed)
    assert relation_kind(a, b) == "reprint"
    assert similarity(a, b) > 0.85


def test_different_texts_have_no_relation():
    assert relation_kind(fingerprint(STORY), fingerprint(OTHER)) is None
    assert similarity(fingerprint(STORY), fingerprint(OTHER)) < 0.1


def notice(day: int, cases: int, places: str) -> str:
    return (
        f"江湾市卫生健康委通报,11月{day}日0时至24时,全市新增{cases}例病例,分布在{places}。"
        f"所有病例已转运至定点医院。目前尚有{cases * 7}人在观察点接受观察,当日解除{day * 3}人。"
        "请广大市民做好个人防护,不信谣、不传谣。"
    )


def test_daily_notices_with_other_figures_have_no_relation():
    a = fingerprint(notice(3, 12, "云溪县和南塘区"))
    b = fingerprint(notice(18, 45, "北岭区、桥头镇和白石街道"))
    assert relation_kind(a, b) is None


def test_very_short_texts_are_never_copies():
    assert relation_kind(fingerprint("图片新闻"), fingerprint("图片新闻")) is None
    assert relation_kind(fingerprint(""), fingerprint("")) is None


def test_relations_are_symmetric():
    prints = [fingerprint(t) for t in (STORY, OTHER, STORY + OTHER, notice(3, 12, "云溪县"), "", "云溪")]
    for a, b in itertools.combinations(prints, 2):
        assert relation_kind(a, b) == relation_kind(b, a)
        assert similarity(a, b) == similarity(b, a)
        assert 0.0 <= similarity(a, b) <= 1.0


def test_the_title_is_no_part_of_the_fingerprint():
    assert fingerprint(STORY, "云溪启动助学计划") == fingerprint(STORY, "另一个标题")


def test_length_counts_compared_characters():
    assert fingerprint("本报讯 云溪县，３所小学。").length == len("云溪县3所小学")


def test_lone_surrogates_are_texts_too():
    assert fingerprint("坏字符\ud800在中间").length > 0
