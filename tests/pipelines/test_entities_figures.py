from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.entities.figures import find_figures
from pipelines.entities.numerals import value
from tests.corpus import needs
from tests.pipelines.entity_corpus import texts

D = Decimal


@pytest.mark.parametrize(
    ("numeral", "low", "high", "approximate"),
    [
        ("3", 3, 3, False),
        ("1,200", 1200, 1200, False),
        ("２．５", D("2.5"), D("2.5"), False),
        ("3.5万", 35000, 35000, False),
        ("2.35亿", 235_000_000, 235_000_000, False),
        ("5百万", 5_000_000, 5_000_000, False),
        ("1亿2000万", 120_000_000, 120_000_000, False),
        ("1万亿", 10**12, 10**12, False),
        ("两", 2, 2, False),
        ("十", 10, 10, False),
        ("百", 100, 100, False),
        ("一百零五", 105, 105, False),
        ("二百五十", 250, 250, False),
        ("一千五", 1500, 1500, False),
        ("三万五", 35000, 35000, False),
        ("一亿三千万", 130_000_000, 130_000_000, False),
        ("三点五", D("3.5"), D("3.5"), False),
        ("六点五万", 65000, 65000, False),
        # several: one digit is open
        ("几", 2, 9, True),
        ("十几", 11, 19, True),
        ("几十", 20, 99, True),
        ("数百", 200, 999, True),
        ("数十万", 200_000, 999_999, True),
        # two digits in a row
        ("两三", 2, 3, True),
        ("三四百", 300, 400, True),
        ("二三十", 20, 30, True),
        ("十五六", 15, 16, True),
        ("二十七八", 27, 28, True),
        # and more
        ("20余万", 200_000, None, True),
        ("十余万", 100_000, None, True),
    ],
)
def test_what_a_numeral_is_worth(numeral, low, high, approximate):
    assert value(numeral) == (low, high, approximate)


@pytest.mark.parametrize("text", ["二〇二一", "二零二一", "一九八六", "五四三二一"])
def test_digits_in_a_row_are_no_number(text):
    assert value(text) is None


@given(st.integers(1, 10**12 - 1))
def test_a_number_in_characters_is_read_back(number):
    assert value(_characters(number)) == (number, number, False)


def _characters(number: int) -> str:
    """The long form, as it is taught: 一万零五百."""
    groups, text, gap = [], "", False
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    for place in reversed(range(len(groups))):
        group = groups[place]
        if group:
            text += ("零" if text and (gap or group < 1000) else "") + _group(group)
            text += ("", "万", "亿")[place]
        gap = group == 0
    return text


def _group(number: int) -> str:
    text, gap = "", False
    for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + name
        gap = not digit
    return text


FORMS = [
    # text, surface, lower, upper, unit, approximate, counted
    ("拨打近4000个电话，", "近4000个", None, 4000, "个", True, "电话"),
    ("招募了10余名志愿者。", "10余名", 10, None, "名", True, "志愿者"),
    ("上千家社会组织迅速响应", "上千家", 1000, None, "家", True, "社会组织"),
    ("等十多家单位", "十多家", 10, None, "家", True, "单位"),
    ("服务3至5万人次。", "3至5万人次", 30_000, 50_000, "人次", False, ""),
    ("善款120万余元", "120万余元", 1_200_000, None, "元", True, "善款"),
    ("募集2.35亿元。", "2.35亿元", 235_000_000, 235_000_000, "元", False, ""),
    ("约50万港元", "约50万港元", 500_000, 500_000, "港元", True, ""),
    ("资助300万美元", "300万美元", 3_000_000, 3_000_000, "美元", False, ""),
    ("每年获得2万元的资助", "2万元", 20_000, 20_000, "元", False, ""),
    ("八成受访者", "八成", D("0.8"), D("0.8"), "ratio", False, ""),
    ("超六成受访者", "超六成", D("0.6"), None, "ratio", True, ""),
    ("三分之一的村", "三分之一", D("0.333333"), D("0.333333"), "ratio", False, "村"),
    ("三分之二以上", "三分之二以上", D("0.666667"), None, "ratio", False, ""),
    ("百分之六十", "百分之六十", D("0.6"), D("0.6"), "ratio", False, ""),
    ("增长60%。", "60%", D("0.6"), D("0.6"), "ratio", False, ""),
    ("占80%至90%", "80%至90%", D("0.8"), D("0.9"), "ratio", False, ""),
    ("一半的居民", "一半", D("0.5"), D("0.5"), "ratio", False, "居民"),
    ("过半数会员", "过半数", D("0.5"), None, "ratio", True, ""),
    ("按1:3的比例", "1:3", D("0.333333"), D("0.333333"), "ratio", False, ""),
    ("提高3个百分点", "3个百分点", 3, 3, "个百分点", False, ""),
    ("数百名学生", "数百名", 200, 999, "名", True, "学生"),
    ("用了两三天。", "两三天", 2, 3, "天", True, ""),
    ("二三十人到场", "二三十人", 20, 30, "人", True, ""),
    ("50—60名社工", "50—60名", 50, 60, "名", False, "社工"),
    ("3名至5名社工", "3名至5名", 3, 5, "名", False, "社工"),
    ("500至1万元", "500至1万元", 500, 10_000, "元", False, ""),
    ("80岁以上的老人", "80岁以上", 80, None, "岁", False, ""),
    ("18-25岁", "18-25岁", 18, 25, "岁", False, ""),
    ("成百上千名志愿者", "成百上千名", 100, None, "名", True, "志愿者"),
    ("过百名义工", "过百名", 100, None, "名", True, "义工"),
    ("百余人参加", "百余人", 100, None, "人", True, ""),
    ("不少于50人", "不少于50人", 50, None, "人", False, ""),
    ("不超过3次", "不超过3次", None, 3, "次", False, ""),
    ("300人左右", "300人左右", 300, 300, "人", True, ""),
    ("逾10万人", "逾10万人", 100_000, None, "人", True, ""),
    ("参与10万+人次", "10万+人次", 100_000, None, "人次", True, ""),
    ("３００名学生", "３００名", 300, 300, "名", False, "学生"),
    ("1,200册图书", "1,200册", 1200, 1200, "册", False, "图书"),
    ("3 万余元", "3 万余元", 30_000, None, "元", True, ""),
    ("11 个社工站", "11 个", 11, 11, "个", False, "社工站"),
    ("3000余志愿者", "3000余", 3000, None, "", True, "志愿者"),
    ("300志愿者", "300", 300, 300, "", False, "志愿者"),
    ("善款100万，", "100万", 1_000_000, 1_000_000, "", False, "善款"),
    ("现有志愿者120名。", "120名", 120, 120, "名", False, "志愿者"),
    ("300多名来自各区的社工", "300多名", 300, None, "名", True, "社工"),
    ("两个多月", "两个多月", 2, None, "个月", True, ""),
    ("一个多小时", "一个多小时", 1, None, "小时", True, ""),
    ("近3年来", "近3年", 3, 3, "年", False, ""),
    ("近30年的努力", "近30年", None, 30, "年", True, ""),
    ("仅一家机构", "一家", 1, 1, "家", False, "机构"),
    ("最近3家机构", "3家", 3, 3, "家", False, "机构"),
    ("节约200元", "200元", 200, 200, "元", False, ""),
    ("装机180千瓦", "180千瓦", 180, 180, "千瓦", False, ""),
    ("造成9死3伤。", "9死", 9, 9, "人", False, ""),
    ("收入7700多万，", "7700多万", 77_000_000, None, "", True, ""),
    ("善款逾千万。", "逾千万", 10_000_000, None, "", True, "善款"),
    ("捐出￥500，", "500", 500, 500, "元", False, ""),
    ("募集上亿元善款", "上亿元", 100_000_000, None, "元", True, ""),
    ("最高可达5万元", "最高可达5万元", None, 50_000, "元", False, ""),
    ("300来名学生", "300来名", 300, 300, "名", True, "学生"),
    ("一两个人", "一两个人", 1, 2, "人", True, ""),
    ("两年半，", "两年半", D("2.5"), D("2.5"), "年", False, ""),
    ("一个半小时", "一个半小时", D("1.5"), D("1.5"), "小时", False, ""),
    ("半年来，", "半年", D("0.5"), D("0.5"), "年", False, ""),
    ("三十余载，", "三十余载", 30, None, "年", True, ""),
    ("八旬老人", "八旬", 80, 80, "岁", False, ""),
    ("數百個家庭", "數百個", 200, 999, "个", True, "家庭"),
    ("口罩941.4萬個", "941.4萬個", 9_414_000, 9_414_000, "个", False, "口罩"),
    ("投入3个亿，", "3个亿", 300_000_000, 300_000_000, "", False, ""),
    ("200桶食用油", "200桶", 200, 200, "桶", False, "食用油"),
    ("覆盖31个省份的5000多家机构", "31个", 31, 31, "个", False, "省份"),
]


@pytest.mark.parametrize("form", FORMS, ids=[form[0] for form in FORMS])
def test_forms_of_figures(form):
    text, surface, lower, upper, unit, approximate, counted = form
    figure = find_figures(text)[0]
    assert (
        figure.surface,
        figure.lower,
        figure.upper,
        figure.unit,
        figure.approximate,
        figure.counted,
    ) == (surface, lower, upper, unit, approximate, counted)


@pytest.mark.parametrize(
    "text",
    [
        *("第三届理事会", "第18个世界社工日", "第二、三批名单", "党的十九届五中全会", "三年级", "第3至5期"),
        *("民发〔2021〕12号", "十分", "2021年3月5日", "2021—2025年规划", "8时30分", "上午10:30"),
        *("一名志愿者", "一个孩子", "一家人", "百度公司", "一所谓", "千家万户", "两个维护", "90后", "5G网络"),
        *("二〇二一年", "四川省", "两岸", "三农", "万一", "多数人", "周三场馆开放"),
        *("13812345678", "025-83591234", "两位数", "最后一公里”", "上半年", "政协十四届二次会议"),
        *("善款余额为亿元", "卖出万元，", "该院二期、三期工程交付"),
    ],
)  # fmt: skip
def test_what_is_no_figure(text):
    assert find_figures(text) == []


def test_several_figures_of_a_sentence():
    text = "截至8月9日，全市2300余名社工服务15.6万人次，募集善款3,200万元，惠及八成以上困难家庭。"
    assert [(f.surface, f.counted) for f in find_figures(text)] == [
        ("2300余名", "社工"),
        ("15.6万人次", ""),
        ("3,200万元", "善款"),
        ("八成以上", ""),
    ]


PIECES = st.sampled_from(
    [
        *"近约上不第3２十几百万亿余多+名个元%成岁年月至—:的，\n \U00020000\U0001f468\ud800点零",
        *("超过", "1,200", "2.35", "两三", "数", "人次", "分之", "一半", "以上", "左右", "志愿者", "来自"),
    ]
)


@given(st.one_of(st.text(st.characters(), max_size=60), st.lists(PIECES, max_size=25).map("".join)))
def test_offsets_hold_in_any_text(text):
    _check(text)


def _check(text: str) -> None:
    end = 0
    for figure in find_figures(text):
        assert text[figure.start : figure.end] == figure.surface != ""
        assert figure.start >= end
        assert figure.lower is not None or figure.upper is not None
        if figure.lower is not None and figure.upper is not None:
            assert figure.lower <= figure.upper
        end = figure.end


@needs("entities.jsonl")
def test_offsets_hold_in_real_texts_and_no_figure_of_theirs_is_missed():
    missed = []
    for record in texts():
        _check(record["text"])
        found = [figure.surface for figure in find_figures(record["text"])]
        missed += [wanted for wanted in record["quantities"] if not any(wanted in one for one in found)]
    assert missed == []


def test_residents_are_counted_though_a_place_in_an_order_begins_alike():
    assert next(figure.surface for figure in find_figures("为42位居民答疑。")).startswith("42位")
