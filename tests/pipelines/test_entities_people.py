import pytest

from pipelines.entities import find_entities
from pipelines.entities.people import find_people
from pipelines.entities.segmentation import segment
from pipelines.models import Credit


def people(text: str, *known: Credit) -> list[str]:
    return [m.surface for m in find_people(text, segment(text), known)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("江湾新闻网讯(记者 何青 通讯员 林晓岚)近日", ["何青", "林晓岚"]),
        ("本报讯（记者何青通讯员林晓岚）近日", ["何青", "林晓岚"]),
        ("本报讯(记者陈岚文/摄)近日", ["陈岚"]),
        ("临澜网讯(记者 何珍 摄影 林嘉 深圳报道)近日", ["何珍", "林嘉"]),
        ("本报讯（记者 何青、白露）近日", ["何青", "白露"]),
        ("江湾新闻网北京3月2日电(记者张建成通讯员王蓓武晓斌...", ["张建成", "王蓓", "武晓斌"]),
        ("江湾新闻网消息(林晓岚):近日", ["林晓岚"]),
        ("本报讯（见习记者 欧阳晓）近日", ["欧阳晓"]),
        ("记者林晓岚从市民政局获悉", ["林晓岚"]),
        ("区领导黄国均、张茹先、胡小云到场", ["黄国均", "张茹先", "胡小云"]),
        ("这名社工叫郑水金，来自青禾社工站", ["郑水金"]),
        ("后史村村民李付强，患有小儿麻痹", ["李付强"]),
        ("范莉青当选江湾区慈善总会第一届理事会秘书长", ["范莉青"]),
        ("市侨联党组书记励晓英介绍，副会长连晓胜先生到场", ["励晓英", "连晓胜"]),
        ("社工林晓岚、何青青和白小露就奔赴一线", ["林晓岚", "何青青", "白小露"]),
        ("中心负责人马成告诉记者", ["马成"]),
        ("理事长林晓岚表示", ["林晓岚"]),
        ("志愿者阿依古丽·买买提表示，以后还来", ["阿依古丽·买买提"]),
        ("林晓岚，是一名社工。", ["林晓岚"]),
        ("林晓岚：我们从三年前开始。", ["林晓岚"]),
    ],
)
def test_names_behind_a_clear_sign(text, names):
    assert people(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "志愿者支持工作由中心承担",
        "社工周活动拉开帷幕",
        "临澜籍郑女士捐款",
        "洪石沟社区开展活动",
        "介绍后，朱区长表示赞许",
        "随后，林县长与居民交流",
        "负责人陈女士说",
        "志愿者王阿姨来得最早",
        "社工和家长一起读书",
        "记者从现场获悉",
        "记者在江湾区看到",
        "社工们走进社区",
        "主任医师坐诊",
        "本报记者",
        "时间：3月2日",
        "校门口摆着142张桌子。",
        "孙子想刷掉墙上的线，老人不让。",
        "街上有没有盖子的窨井。",
        "大家喝了一夜的姜茶。",
        "江湾区沙溪镇的村民来了。",
        "霍姨又推开了那扇门。",
        "王梦是“90后”。",
        "他们来到莫子叫村，莫子叫村有39户。",
        "社工走进独居老人家中。",
        "大学生支教团来了。",
    ],
)
def test_words_that_name_nobody(text):
    assert people(text) == []


def test_a_name_known_from_the_page_is_found_in_its_text():
    text = "清晨，星野遥推开门。"
    assert find_entities(text).mentions == ()
    (found,) = find_entities(text, [Credit("星野遥", "记者", "author")]).mentions
    assert (found.surface, found.rule) == ("星野遥", "person.repeated")


def test_a_verb_behind_a_name_is_no_part_of_it():
    assert people("秘书长吴绣算过账，每年约600元。") == ["吴绣"]


def test_an_adverb_behind_a_name_leaves_it_whole():
    assert people("每周三，社工廖春燕都会翻过两道梁来看她。") == ["廖春燕"]


def test_a_name_of_two_characters_takes_no_adverb_where_the_text_has_it_without():
    text = "上午，黄弘正驾驶着冲锋舟护送村民。黄弘今年52岁，是救援队副队长。“每次可以带6位。”黄弘说。"
    assert people(text) == ["黄弘"] * 3


def test_people_with_their_titles_are_no_list_of_organisations():
    text = "基金会理事长邬志刚、监事钱慧芳对资金使用进行了检查。"
    assert people(text) == ["邬志刚", "钱慧芳"]
    assert [m.surface for m in find_entities(text).mentions if m.kind == "organisation"] == []


def test_a_person_whose_name_a_foundation_has_stays_one():
    found = find_entities("临澜何青松慈善基金会捐款。青石控股董事长何青松到场，何青松说，会做下去。").mentions
    assert [m.surface for m in found if m.kind == "person"] == ["何青松", "何青松"]


def test_a_person_before_an_office_in_what_is_referred_to():
    found = find_entities("团区委副书记何青和事务中心主任林晓岚揭牌。").mentions
    assert [(m.kind, m.surface) for m in found] == [
        ("organisation", "团区委"),
        ("person", "何青"),
        ("person", "林晓岚"),
    ]


def test_a_name_inside_an_organisation_is_no_mention():
    text = "社工林晓岚介绍，林晓岚基金会去年成立。"
    assert [(m.kind, m.surface) for m in find_entities(text).mentions] == [
        ("person", "林晓岚"),
        ("organisation", "林晓岚基金会"),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("县民政局副局长刀志芳、教授和绍瑛到场。", ["刀志芳", "和绍瑛"]),
        ("教授和刘英到场。", ["刘英"]),
        ("白玛央宗在村里办起了图书室。", ["白玛央宗"]),
        ("宣传部部长沙马木呷介绍情况。", ["沙马木呷"]),
        ("大会聘任汪慧为秘书长。", ["汪慧"]),
        ("星占雄、韩海燕（女，撒拉族）当选副会长。", ["星占雄", "韩海燕"]),
        ("祝余生今年61岁，是一名木匠。", ["祝余生"]),
        ("街道社会事务科谢琼华科长、林主任到场。", ["谢琼华"]),
        ("王名教授作报告。", ["王名"]),
        ("首席科学家饶子和说，鱼多了。", ["饶子和"]),
        ("副厅长车万里到会祝贺。", ["车万里"]),
        ("72岁的龙雪娥用积分换了一桶油。", ["龙雪娥"]),
        ("管理员尕让扎西是本校教师。", ["尕让扎西"]),
        ("马如燕在山里长大。马如燕放弃了岗位，马如燕说她不后悔。", ["马如燕"] * 3),
    ],
)
def test_names_that_need_what_stands_around_them(text, names):
    assert people(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "腊月的甘棠镇，风很大。",
        "为外婆拍张照，再写段话。",
        "青少年学生代表发言。",
        "沙溪古镇的灯亮了。",
        "要把它办成岳阳的名片。",
        "乌兰布和的沙漠绿了。",
    ],
)
def test_places_and_things_that_look_like_names(text):
    assert people(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "居民们明白为什么要分类。",
        "国庆黄金周，志愿者在车站服务。",
        "以高水平服务回应居民的期待。",
        "社区为练习生活技能的孩子备好了教具。",
        "洪水正在消退，安置点的老人陆续回家。",
        "宣传牌立在村口，安慰赛留给了最小的孩子。",
        "途经临澜、江阴北两个收费站。",
        "若项目方一直不回应，中心将另找场地。",
        "笔的颜色红的黑的都有。",
        "在家人心目中，潘老还保持着童心。",
        "该站占东山小学一间教室。",
        "展厅取名（钟馗之眼）。",
    ],
)
def test_words_that_the_dictionary_takes_for_names(text):
    assert people(text) == []


def test_a_name_that_is_a_word_too_stays_one_behind_a_title():
    assert people("社工高强表示，理事长高明远到场。") == ["高强", "高明远"]


def test_a_preposition_is_no_part_of_a_foreign_name():
    assert people("这套方法基于埃里克·安德松的研究。") == ["埃里克·安德松"]
