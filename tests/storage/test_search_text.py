import pytest

from storage.search_text import canonical, document, document_tokens, fold, hits, phrase, runs, tokens


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("南京紅葉社會工作服務社", "南京红叶社会工作服务社"),
        ("ＡＢＣ１２３", "abc123"),
        ("Café", "café"),
        ("㎡", "m2"),
        ("ﾎﾞﾗﾝﾃｨｱ", "ホ゛ランティア".replace("゛", "\u3099")),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("南京红叶，30名社工", ["南京红叶", "30", "名社工"]),
        ("“红叶”\n社工 A4纸", ["红叶", "社工", "a4", "纸"]),
        ("阿依古丽·买买提", ["阿依古丽", "买买提"]),
        ("_x_ 3.5万", ["x", "3", "5", "万"]),
        ("𠮷野家", ["𠮷野家"]),
        ("！？", []),
    ],
)
def test_runs(text, found):
    assert runs(text) == found


def test_tokens_are_bigrams_and_the_last_character_of_each_run():
    assert tokens(runs("南京红叶，30名社工")) == ["南京", "京红", "红叶", "叶", "30", "名社", "社工", "工"]


def test_long_words_are_cut_into_pieces():
    assert [len(run) for run in runs("x" * 150)] == [64, 64, 22]


def test_tokens_of_a_document():
    of = document("义诊", "30名社工", "江湾日报", ("§w1",))
    assert document_tokens(of) == [
        *("义诊", "诊", "§", "30", "名社", "社工", "工", "§", "§t义诊", "§t诊", "§"),
        *("§s江湾", "§s湾日", "§s日报", "§s报", "§", "§a", "§w1"),
        *("§1义", "§1名", "§1工", "§1社", "§1诊", "§n30名"),
    ]


@pytest.mark.parametrize(
    ("words", "text", "stands"),
    [
        ("红叶", "南京紅葉社", True),
        ("红", "紅葉", True),
        ("叶", "红叶", True),
        ("红叶社", "红叶，社", False),
        ("红叶，社", "红叶 社工", True),
        ("红叶 社", "红叶社", False),
        ("30名", "30 名社工", True),
        ("30名", "130名社工", False),
        ("3", "30名", False),
        ("wto", "入世WTO后", True),
        ("wto", "newtown", False),
        ("名3", "名30", False),
    ],
)
def test_what_contains_a_phrase(words, text, stands):
    found = phrase(words)
    assert found is not None
    assert (found.pattern in canonical(text)) is stands
    assert bool(hits(text, [found])) is stands


def test_hits_are_marked_in_the_text_as_it_is_written():
    text = "㎡面积：30 名志願者（南京紅葉）"
    found = [phrase("30名志愿"), phrase("志愿者"), phrase("红叶")]
    assert [text[a:b] for a, b in hits(text, [one for one in found if one])] == ["30 名志願者", "紅葉"]
