import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.entities.topics import LEAST_WEIGHT, find_topics
from tests.corpus import CORPUS, needs
from tests.pipelines.entity_corpus import texts

# title, body, the fields that it is about
PUBLIC = [
    (
        "长者食堂开到家门口",
        "梧桐街道第三家长者食堂昨天开张。青禾社会工作服务中心的社工每天为12位独居老人送餐，志愿者陪老人聊天。",
        {"助老"},
    ),
    (
        "手语角里的周末",
        "每个周六，听障青年和志愿者在澜江区残疾人活动中心学手语。公益机构希望更多残障人士走进社区。",
        {"助残"},
    ),
    (
        "助学金送到山里",
        "萤窗助学协会向云岭县困难学生发放助学金30万元，爱心企业还捐建了两间图书室，支教老师开始上课。",
        {"助学"},
    ),
    (
        "留守儿童有了“周末妈妈”",
        "澜江区民政局和慈善会发起的关爱项目为46名留守儿童、困境儿童结对，社工每周到儿童之家陪伴孩子。",
        {"儿童"},
    ),
    (
        "救援队连夜转移群众",
        "台风登陆后，砺石救援队驰援灾区，志愿者转移受灾群众212人，慈善总会紧急调拨救灾物资，公布善款去向。",
        {"救灾"},
    ),
    (
        "义诊车开进青石乡",
        "红十字会组织的健康义诊来到青石乡，医生免费筛查白血病和先天性心脏病，患儿手术由慈善基金会资助。",
        {"医疗"},
    ),
    (
        "净滩三小时，捡回两百公斤",
        "环保组织“拾潮”带着60名志愿者净滩，公益讲座讲垃圾分类和生物多样性。",
        {"环保"},
    ),
    (
        "茶园里的合作社",
        "岭云基金会的乡村振兴项目帮扶梅坑村农户，消费帮扶带动农产品销售，公益伙伴驻村两年，村民增收。",
        {"乡村振兴"},
    ),
    (
        "注册志愿者超过三万",
        "全市志愿服务总结会举行，注册志愿者累计志愿服务时长120万小时，青年志愿者协会获评优秀志愿服务组织。",
        {"志愿服务"},
    ),
    (
        "楼道议事会开了27次",
        "社工引导居民自治，议事会协商加装电梯，社区社会组织参与社区治理，街道和物业一起出钱。",
        {"社区治理"},
    ),
    (
        "社工下沉抗疫一线",
        "疫情防控期间，社会组织的社工和志愿者协助社区核酸采样，为居家隔离人员送防疫物资。",
        {"疫情防控"},
    ),
    (
        "社会组织等级评估启动",
        "市民政局启动社会组织评估，基金会、社会团体须公开信息，未年检的不得参加等级评估，公募资格另行公告。",
        {"基金会行业"},
    ),
]


@pytest.mark.parametrize(("title", "body", "fields"), PUBLIC, ids=[title for title, _, _ in PUBLIC])
def test_fields_of_public_interest(title, body, fields):
    first, *found = find_topics(title, body)
    assert first.name == "公益"
    assert fields <= {topic.name for topic in found}
    # what decided stands in the text
    assert all(term in title + body for topic in (first, *found) for term in topic.terms)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        (
            "上半年外贸进出口增长",
            "海关总署发布数据，上半年进出口总值18.1万亿元，同比增长9.4%。专家表示，绿色发展和科技创新推动产业升级。",
        ),
        (
            "两国外长举行会谈",
            "外交部长同来访的外长举行会谈，就地区局势和联合国气候变化大会交换意见，双方签署合作文件。",
        ),
        (
            "高考志愿填报系统开通",
            "省教育考试院提醒考生，高考志愿填报系统6月27日开通，平行志愿分三个批次，考生和家长须牢记密码。",
        ),
        (
            "志愿军烈士遗骸归国",
            "第十批在韩中国人民志愿军烈士遗骸由专机接回，安葬仪式今天举行，退役军人代表参加。",
        ),
        (
            "货币政策再出手",
            "国际货币基金组织上调增长预期。证券投资基金规模扩大，债券型基金会迎来新一轮申购。",
        ),
        (
            "地震已致百人遇难",
            "当地时间6日凌晨发生7.8级地震，多座建筑倒塌，搜救仍在进行，军方出动直升机，灾情还在统计。",
        ),
        ("新楼盘本周开售", "项目位于地铁旁，配建小区幼儿园和社区商业，街道两侧绿化，业主可享物业费优惠。"),
        (
            "医院引进新设备",
            "市一院引进新一代影像设备，患者手术等待时间缩短，医生介绍，医疗保险可以报销七成。",
        ),
        ("", ""),
    ],
)
def test_other_news_is_not_about_public_interest(title, body):
    assert find_topics(title, body) == []


def test_the_terms_that_decided_are_given_heaviest_first():
    (topic, *_) = find_topics("志愿者走进福利院", "二十名志愿者走进福利院，送去慰问。")
    assert (topic.name, topic.terms) == ("公益", ("志愿者", "福利院", "慰问", "送去"))
    assert topic.weight > 0.8


def test_one_mention_in_a_long_text_is_not_what_it_is_about():
    short = "志愿者和社工走上街头。"
    assert find_topics("", short)
    assert find_topics("", short + "会议讨论了今年的财政预算和重点工程。" * 60) == []


def test_a_publisher_whose_name_is_a_term_makes_no_topic():
    body = "中国慈善家讯：世卫组织通报疫情，" + "多国调整入境政策，航班正在恢复，专家解读最新研究。" * 6
    assert find_topics("中国慈善家：国际快讯", body) == []


@given(st.text(max_size=60), st.text(max_size=200))
def test_weights_are_in_bounds_for_any_text(title, body):
    for topic in find_topics(title, body):
        assert LEAST_WEIGHT <= topic.weight <= 1


@needs("entities.jsonl")
def test_real_public_interest_texts_say_so():
    assert [record["id"] for record in texts() if not find_topics("", record["text"])] == []


@needs("dedup_docs.jsonl")
def test_broadcast_news_is_seldom_about_public_interest():
    records = [json.loads(line) for line in (CORPUS / "dedup_docs.jsonl").read_text("utf-8").splitlines()]
    named = [record["title"] for record in records if find_topics(record["title"], record["body"])]
    # read one by one: most are on volunteering, the Red Cross, social organisations or care
    assert len(named) / len(records) < 0.02
