import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.clean import clean, normalise_line, normalise_text, set_aside
from pipelines.models import Article, Boilerplate, Credit, Teaser

OWN = [
    "11月25日，青禾基金会在云溪县启动助学计划，首批资助120名学生。",
    "“孩子们最需要的是有人陪着读书。”项目负责人白露说。",
    "县教育局表示，将为志愿者提供住宿。",
]


@pytest.mark.parametrize(
    ("raw", "normal"),
    [
        ("ＡＢＣ１２３％＋－／＝＃＆＠", "ABC123%+-/=#&@"),
        ("你好，世界！（真的？）：一；二～三", "你好，世界！（真的？）：一；二～三"),
        ("“引号”‘里’《书名》【方头】、。…—·", "“引号”‘里’《书名》【方头】、。…—·"),
        ("半角｡｢标点｣､", "半角。「标点」、"),
        ("cafe\u0301", "café"),
        ("\ufeff零\u200b宽\u2060字\u00ad符\u200e", "零宽字符"),
        ("控\x00制\x08字\x9f符\ud800", "控制字符"),
        ("　　缩进\u00a0与　　空格\t", "缩进 与 空格"),
        ("一行\r\n\r\n二行\r三行\u2028四行\x85五行", "一行\n二行\n三行\n四行\n五行"),
        ("  行首\n  \n　行尾  \n", "行首\n行尾"),
        (
            "一家\U0001f468\u200d\U0001f469\u200d\U0001f467人",
            "一家\U0001f468\u200d\U0001f469\u200d\U0001f467人",
        ),
        ("多\u200d余", "多余"),
        ("30㎡、①、℃不变", "30㎡、①、℃不变"),
        ("", ""),
    ],
)
def test_text_has_one_form(raw, normal):
    assert normalise_text(raw) == normal


def test_a_title_is_one_line():
    assert normalise_line(" 云溪县启动\n　助学计划 ") == "云溪县启动 助学计划"


@given(st.text(st.characters(), max_size=60))
def test_normalising_twice_changes_nothing(text):
    once = normalise_text(text)
    assert normalise_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once
    once.encode("utf-8")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("editor", "责任编辑：何青"),
        ("editor", "(责编:何青、白露)"),
        ("editor", "编辑|何青"),
        ("editor", "【责任编辑：何青】"),
        ("editor", "编辑 何青 校对 白露"),
        ("source", "来源：江湾日报"),
        ("source", "（信息来源：临澜市民政局）"),
        ("title", "（原标题：云溪启动助学计划）"),
        ("disclaimer", "免责声明：本文来自网络，不代表本站观点。如有侵权请联系我们。"),
        ("disclaimer", "版权声明：凡来源不是“晨光公益网”的文章，仅代表作者本人观点，与本网无关。"),
        ("disclaimer", "凡本网注明“来源：晨光公益网”的所有作品，版权均属于本网，未经授权不得转载。"),
        ("disclaimer", "本文仅代表作者个人观点，与本网无关。"),
        ("disclaimer", "如有侵权，请联系我们删除。"),
        ("copyright", "© 2026 晨光公益网 版权所有"),
        ("attribution", "声明：转载此文是出于传递更多信息之目的。"),
        ("attribution", "本文系转载，版权归原作者所有，转载请注明出处。"),
        ("attribution", "未经授权，禁止转载。"),
        ("attribution", "（综合江湾日报、晨光公益网报道）"),
        ("share", "扫码关注晨光公益网公众号"),
        ("share", "长按识别二维码，加入志愿者群"),
        ("share", "分享到：微信 微博 QQ空间"),
        ("share", "【字号：大 中 小】【打印】【关闭】"),
        ("share", "返回江湾新闻网首页>>"),
        ("related", "标签：志愿服务 云溪县"),
        ("pagination", "上一页 1 2 3 下一页"),
        ("pagination", "展开全文"),
        ("pagination", "上一篇：云溪县表彰志愿者"),
    ],
)
def test_boilerplate_at_the_end_is_set_aside(kind, text):
    assert set_aside([*OWN, text]) == (OWN, [Boilerplate(kind, text)])


def test_related_titles_go_with_their_heading():
    tail = ["相关阅读：", "云溪县表彰优秀志愿者", "图书室开到家门口", "江湾市养老服务检查结果公布"]
    own, found = set_aside([*OWN, *tail])
    assert own == OWN
    assert found == [Boilerplate("related", text) for text in tail]


def test_a_disclaimer_goes_with_its_numbered_paragraphs():
    tail = [
        "免责声明",
        "1、凡本网转载的作品，均注明来源。",
        "2.本网不对其真实性负责。",
        "联系电话：0000-0000000",
    ]
    own, found = set_aside([*OWN, *tail, "责任编辑：何青"])
    assert own == OWN
    assert [b.kind for b in found] == ["disclaimer"] * 4 + ["editor"]


def test_header_lines_before_the_text():
    head = ["2026-03-02 09:15 来源：江湾日报 字号：大 中 小", "来源：江湾日报"]
    own, found = set_aside([*head, *OWN])
    assert own == OWN
    assert [b.kind for b in found] == ["source", "source"]


@pytest.mark.parametrize(
    ("tail", "kind"),
    [
        ("（责任编辑：何青）", "editor"),
        ("责任编辑：何青", "editor"),
        ("（来源：江湾日报）", "source"),
        ("免责声明：本文来自网络，不代表本站观点。", "disclaimer"),
        ("本文系转载，版权归原作者所有。", "attribution"),
    ],
)
def test_boilerplate_glued_to_the_last_sentence_is_cut_off(tail, kind):
    assert set_aside([*OWN[:2], OWN[2] + tail]) == (OWN, [Boilerplate(kind, tail)])


@pytest.mark.parametrize(
    "sentence",
    [
        "活动现场，主办方还宣读了免责声明，每一位报名者都签了字，家长也在场见证。",
        "免责声明里写明，志愿者在服务期间的保险由基金会承担，这让不少家长放下心来，当天又有二十多人报名。",
        "他在县图书馆做过三年编辑，审核过上千份稿件。",
        "来源：这是基金会最常被问到的问题。善款从哪里来，用到哪里去，都要说清楚。",
        "扫码关注公众号之后，老人们第一次在手机上挂了号，社工白露手把手教了一个上午，直到每个人都会用。",
        "本文作者在云溪县生活了二十年。",
        "凡是来过这里的志愿者，都会在墙上留下一张照片。",
        "转载的文章越来越多，读者却不知道最早是谁写的。",
        "第3页写着孩子的名字。",
        "如有困难，居民可以随时联系社区。",
        "编辑部设在江湾市。",
    ],
)
@pytest.mark.parametrize("place", [0, 1, 3])
def test_an_articles_own_sentence_stays(sentence, place):
    paragraphs = [*OWN[:place], sentence, *OWN[place:]]
    assert set_aside(paragraphs) == (paragraphs, [])


def test_rules_about_the_end_leave_the_middle_alone():
    paragraphs = [OWN[0], "本文仅代表作者个人观点，与本网无关。", "相关阅读：", *OWN[1:]]
    assert set_aside(paragraphs) == (paragraphs, [])


def test_a_heading_with_sentences_under_it_stays():
    paragraphs = [*OWN, "延伸阅读", "助学计划始于三年前。最初只有四名志愿者。"]
    assert set_aside(paragraphs) == (paragraphs, [])


def test_a_page_that_is_nothing_but_a_notice_keeps_its_text():
    notice = ["版权声明", "1、凡本网注明来源的作品，版权均属于本网。", "2、如有侵权，请联系我们。"]
    assert set_aside(notice) == (notice, [])
    assert set_aside([]) == ([], [])


def test_an_article_is_cleaned_as_a_whole():
    article = Article(
        url="http://www.chenguang-gongyi.example/a/1.html",
        kind="article",
        title="　云溪县启动\u200b助学计划 ",
        source="晨光\u00a0公益网",
        credits=[Credit("张\u3000三", "记者", "author")],
        paragraphs=["　　" + OWN[0], "", OWN[1] + "\r\n" + OWN[2], "责任编辑：何青"],
        captions=[" 阅读课\n现场 ", " "],
        teasers=[Teaser("云溪　表彰", "云溪县１２人…", "", cut=True)],
        boilerplate=[Boilerplate("share", "分享到 ")],
    )
    cleaned = clean(article)
    assert cleaned.title == "云溪县启动助学计划"
    assert cleaned.source == "晨光 公益网"
    assert cleaned.credits == [Credit("张 三", "记者", "author")]
    assert cleaned.paragraphs == OWN
    assert cleaned.captions == ["阅读课 现场"]
    assert cleaned.teasers == [Teaser("云溪 表彰", "云溪县12人…", "", cut=True)]
    assert cleaned.boilerplate == [Boilerplate("share", "分享到"), Boilerplate("editor", "责任编辑：何青")]
    assert article.paragraphs[0].startswith("　　")  # the draft is not changed
    assert clean(cleaned) == cleaned


LINES = st.sampled_from(
    [
        *OWN,
        "责任编辑：何青",
        "相关阅读：",
        "免责声明",
        "来源：江湾日报",
        "上一页 1 2",
        "1、凡本网转载",
        OWN[0] + "（编辑：何青）",
    ]
)


@given(st.lists(LINES, max_size=8))
def test_nothing_is_lost_or_taken_twice(paragraphs):
    own, found = set_aside(paragraphs)
    assert sorted("".join([*own, *(b.text for b in found)])) == sorted("".join(paragraphs))
    assert set_aside(own) == (own, [])
