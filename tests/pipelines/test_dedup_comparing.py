import pytest

from pipelines.dedup import comparison_text

SENTENCE = "青禾基金会在云溪县启动助学计划,首批资助120名学生。"
KEY = "青禾基金会在云溪县启动助学计划首批资助120名学生"


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        "　　青禾基金会在云溪县启动助学计划，首批资助１２０名学生。\n",
        "青禾基金会 在云溪县启动助学计划，\n首批资助120名学生",
        "晨光公益网讯(记者 何青)11月25日,青禾基金会在云溪县启动助学计划，首批资助120名学生。",
        "本报讯（记者 何青 通讯员 白露）" + SENTENCE,
        "新华社云溪11月25日电（记者何青）" + SENTENCE,
        "江湾新闻网消息（早间播报）：\n" + SENTENCE,
        "【江湾新闻网】" + SENTENCE,
        "来源：江湾日报\n" + SENTENCE + "\n责任编辑：白露",
        SENTENCE + "\n（责任编辑：白露）",
        SENTENCE + "本文系转载，版权归原作者所有，转载请注明出处。",
        SENTENCE + "\n免责声明：本文来自网络，不代表本站观点。\n如有侵权请联系我们。",
        SENTENCE + "\n相关阅读：云溪县表彰志愿者",
        "青禾基金會在雲溪縣啟動助學計劃，首批資助120名學生。",
        "江湾慈善11月25日讯（记者 何青）" + SENTENCE,
        SENTENCE + "[详细]",
    ],
)
def test_framing_makes_no_difference(text):
    assert comparison_text(text) == KEY


def test_a_title_repeated_at_the_start_is_left_out():
    assert comparison_text("云溪启动助学计划\n" + SENTENCE, "云溪启动“助学计划”") == KEY
    assert comparison_text("云溪启动助学计划\n" + SENTENCE, "另一个标题") == "云溪启动助学计划" + KEY


@pytest.mark.parametrize(
    "text",
    [
        "记者从青禾基金会了解到捐款已经到账",
        "民政部门网站消息显示报名人数增加",
        "某某网报社电动车充电棚建成",
        "编辑部的志愿者每周来三次",
    ],
)
def test_words_of_a_sentence_are_no_dateline(text):
    assert comparison_text(text) == text


def test_a_disclaimer_is_looked_for_at_the_end_only():
    body = "免责声明:活动报名者都签了字。" + SENTENCE * 40
    assert comparison_text(body).startswith("免责声明活动报名者")


def test_a_text_of_framing_alone_is_compared_as_it_is():
    assert comparison_text("责任编辑：白露") == "责任编辑白露"
    assert comparison_text(" 。\n") == ""
