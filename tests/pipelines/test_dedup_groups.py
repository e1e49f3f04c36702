import random
from datetime import datetime

import pytest

from pipelines.dedup import Candidate, Document, Grouped, choose_original, group
from pipelines.models import Moment

STORY = (
    "青禾基金会在云溪县第三小学启动助学计划,首批资助120名学生,每人每学期获得800元生活补助。"
    "项目负责人白露说,志愿者每周三下午到校开设阅读课,为期两年。"
    "云溪县共有乡村小学17所,其中11所没有图书室,计划明年春季学期再建6间。"
)
OTHER = (
    "江湾市民政局公布全市养老服务机构检查结果,共检查机构86家,整改隐患142处。"
    "检查组由民政、消防和市场监管人员组成,重点查看食堂、用电和夜间值班。"
    "对逾期没有整改的4家机构,将依法处理并向社会公开。"
)


def moment(text: str) -> Moment:
    return Moment(datetime.fromisoformat(text), "minute" if "T" in text and "T00:00" not in text else "day")


def documents() -> list[Document]:
    return [
        Document("story", "云溪启动助学计划", STORY, moment("2026-03-02T09:00+08:00"), "http://a.example/1"),
        Document("copy", "助学计划启动", "本报讯 " + STORY, moment("2026-03-03T08:00+08:00")),
        Document(
            "reprint", "助学", STORY + "本报记者还了解到,捐款已经到账。", moment("2026-03-04T08:00+08:00")
        ),
        Document("teaser", "云溪启动助学计划", STORY[:40] + "...", moment("2026-03-02T10:00+08:00")),
        Document("other", "检查结果公布", OTHER, moment("2026-03-02T07:00+08:00")),
        Document("both", "两则消息", STORY + "\n" + OTHER, moment("2026-03-05T08:00+08:00")),
        Document("empty"),
    ]


def test_each_document_hangs_on_its_original():
    found = {g.id: (g.canonical, g.relation) for g in group(documents())}
    assert found["story"] == ("story", "original")
    assert found["copy"] == ("story", "copy")
    assert found["reprint"] == ("story", "reprint")
    assert found["teaser"] == ("story", "excerpt")
    assert found["other"] == ("other", "original")
    assert found["empty"] == ("empty", "original")


def test_a_text_that_joins_two_stories_does_not_join_their_groups():
    found = {g.id: g for g in group(documents())}
    both = found["both"]
    # the larger share first
    assert (both.relation, both.canonical) == ("reprint", "story")
    (further,) = both.further
    assert further.canonical == "other"
    assert 0.3 < further.share < 0.5
    assert found["story"].canonical != found["other"].canonical


def test_the_order_of_arrival_changes_nothing():
    expected = {g.id: g for g in group(documents())}
    for seed in range(10):
        shuffled = documents()
        random.Random(seed).shuffle(shuffled)
        answer = group(shuffled)
        assert [g.id for g in answer] == [d.id for d in shuffled]
        assert {g.id: g for g in answer} == expected


def test_an_excerpt_of_a_copy_hangs_on_the_original():
    copy = Document("copy", "转载", "江湾日报讯 " + STORY, moment("2026-03-03T08:00+08:00"))
    teaser = Document("teaser", "转载", STORY[:30] + "…", moment("2026-03-03T08:00+08:00"))
    story = documents()[0]
    assert group([teaser, copy, story])[0] == Grouped("teaser", "story", "excerpt", 1.0, "story")


def test_a_short_notice_that_a_later_text_takes_in_stays_original():
    notice = Document("notice", "检查", OTHER[:60], moment("2026-03-01T08:00+08:00"))
    later = Document("later", "综述", STORY + OTHER, moment("2026-03-06T08:00+08:00"))
    assert group([notice, later])[0].relation == "original"


def test_ids_must_be_unique():
    with pytest.raises(ValueError, match="same id"):
        group([Document("a"), Document("a")])


def test_no_documents():
    assert group([]) == []


def test_the_earliest_is_the_original():
    early = Candidate("b", "http://b.example/", moment("2026-03-02T07:00+08:00"))
    late = Candidate("a", "http://a.example/", moment("2026-03-02T09:00+08:00"))
    assert choose_original([late, early]) is early


def test_a_time_goes_before_a_day_alone_and_any_date_before_none():
    timed = Candidate("c", "http://c.example/", moment("2026-03-02T23:00+08:00"))
    day = Candidate("b", "http://b.example/", moment("2026-03-02T00:00+08:00"))
    undated = Candidate("a", "http://a.example/")
    assert choose_original([undated, day, timed]) is timed
    assert choose_original([undated, day]) is day


def test_zones_are_compared_as_instants():
    utc = Candidate("a", "", moment("2026-03-02T00:30+00:00"))
    china = Candidate("b", "", moment("2026-03-02T08:00+08:00"))
    assert choose_original([utc, china]) is china


def test_url_and_id_break_ties():
    one, two, bare = Candidate("2", "http://a.example/"), Candidate("1", "http://b.example/"), Candidate("0")
    assert choose_original([bare, two, one]) is one
    with pytest.raises(ValueError, match="empty"):
        choose_original([])


def test_who_credits_nobody_goes_before_who_credits_another_on_the_same_day():
    reprint = Candidate("a", "http://a.example/", moment("2026-03-02T07:00+08:00"), credited=True)
    own = Candidate("b", "http://b.example/", moment("2026-03-02T09:00+08:00"))
    assert choose_original([reprint, own]) is own
    earlier = Candidate("c", "http://c.example/", moment("2026-03-01T09:00+08:00"), credited=True)
    assert choose_original([earlier, own]) is earlier


def test_of_one_day_the_longer_text_was_not_cut():
    cut = Candidate("a", "http://a.example/", moment("2026-03-02T00:00+08:00"), length=300)
    whole = Candidate("b", "http://b.example/", moment("2026-03-02T00:00+08:00"), length=600)
    assert choose_original([cut, whole]) is whole


def test_a_joined_text_of_the_same_day_is_nobodys_original():
    day = moment("2026-03-05T00:00+08:00")
    both = Document("a", "两则消息", STORY + "\n" + OTHER, day)
    found = {g.id: g for g in group([both, Document("b", "", STORY, day), Document("c", "", OTHER, day)])}
    assert (found["b"].relation, found["c"].relation) == ("original", "original")
    assert (found["a"].canonical, found["a"].further[0].canonical) == ("b", "c")


def test_a_teaser_that_is_nearly_all_dateline_needs_its_title_or_its_days():
    story = documents()[0]
    text = "江湾日报11月25日讯（记者 何青 通讯员 白露）" + STORY
    teaser = text[:34] + "..."
    near, titled, far = (
        Document("near", "", teaser, moment("2026-03-04T00:00+08:00")),
        Document("titled", story.title, teaser, moment("2026-09-04T00:00+08:00")),
        Document("far", "", teaser, moment("2026-09-04T00:00+08:00")),
    )
    found = [group([one, story])[0].relation for one in (near, titled, far)]
    assert found == ["excerpt", "excerpt", "original"]


def test_notices_of_one_form_are_not_tied_by_the_half_that_has_no_figures():
    half = (
        "为保障求助人员的合法权益,江湾市救助管理站坚持全天候接待,工作人员每晚走上街头劝导,送去热饭和棉衣。"
        "站里设有阅览室和活动室,社工为愿意找工作的人员提供培训,帮助他们重新融入社会,也帮助走失的老人寻找家人。"
        "市民如果遇到街头的生活无着人员,可以拨打救助电话,或者引导其前往附近的救助点求助,由工作人员接回站内安置。"
    )
    figures = "本周共接待{}人次,其中未成年人{}人次,护送返乡{}人次,送医救治{}人次,费用合计{}元。"
    found = group(
        [
            Document("first", "", half + figures.format(57, 3, 21, 6, 9480), moment("2026-03-02")),
            Document("half", "", half, moment("2026-03-03")),
            Document("later", "", half + figures.format(61, 5, 18, 9, 8720), moment("2026-03-09")),
        ]
    )
    assert {g.id: g.canonical for g in found} == {"first": "first", "half": "first", "later": "later"}


def test_of_two_stories_that_are_joined_the_larger_share_is_first():
    longer = STORY + "启动仪式上,县里为教师们发放了聘书。"
    edited = OTHER.replace("依法处理", "依法依规处理") + "检查结果可在网站查询。"
    joined = longer + "\n" + edited
    found = {
        g.id: g
        for g in group(
            [
                Document("story", "", longer, moment("2026-03-02")),
                Document("other", "", OTHER, moment("2026-03-02")),
                Document("edited", "", edited, moment("2026-03-03")),
                Document("both", "", joined, moment("2026-03-05")),
            ]
        )
    }
    assert found["both"].canonical == "story"
    assert [further.canonical for further in found["both"].further] == ["other"]
