"""Invented news stories: who did what where, in sentences that are put together by a seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from benchmarks.made_pages.page import ZONE

LineKind = Literal["text", "subhead", "item", "caption", "verse", "row"]

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文宇浩然子涵欣怡梓轩思远晓东海燕春梅雪松立群若曦知行雨桐佳慧振宁承瑶筱念安禾卓琪铭锐岚"
PLACES = [
    "临澜市",
    "青溪区",
    "云泊县",
    "白鹭街道",
    "柳浦镇",
    "松岗村",
    "南亭社区",
    "江湾新区",
    "石桥乡",
    "望岳县",
]
GROUPS = [
    "晨光社会工作服务中心",
    "同心志愿者协会",
    "暖巢公益基金会",
    "蓝帆救援队",
    "知行助学服务社",
    "邻里互助促进会",
    "绿野环保协会",
    "银龄关爱中心",
]
PAPERS = ["江湾日报", "临澜晚报", "青溪新闻网", "云泊融媒", "望岳时报", "澜声客户端", "南亭早报", "柳浦发布"]
PROJECTS = ["守护夕阳", "书香进村", "一米阳光", "爱心厨房", "微光计划", "邻里守望", "山花助学", "暖冬行动"]
WHO = ["志愿者", "社工", "居民代表", "大学生志愿者", "党员志愿者", "医护人员", "退休教师", "热心市民"]
ACTS = ["义诊活动", "捐赠仪式", "主题宣传", "技能培训", "助老服务", "环保行动", "项目启动会", "座谈会"]
VERBS = [
    "探访独居老人",
    "走访困难家庭",
    "清理河道垃圾",
    "整理捐赠物资",
    "辅导留守儿童功课",
    "修理家用电器",
    "发放宣传手册",
    "讲解急救知识",
]
QUOTES = [
    "只要大家需要，我们就会一直做下去",
    "孩子们的笑脸就是最好的回报",
    "以前没人说话，现在每周都盼着他们来",
    "希望更多人加入进来",
    "路修好了，心也近了",
    "做公益不是一阵风，要细水长流",
]


_SIMPLIFIED = "万与专业东严个临为丽举么义习乡书于云仅从仪们众会伟传体余储儿党兰关内册写军冯减击划刘则刚创删别办务动区医华协单卢厨县参发台叶号吃吕启吴员国图场坚声处备复头孙学宁实审对导将属岁岗岚岳师并广应开张强当态总愿户扫护报据摄数无时晓术机权条来杨杰标样桥欢汤没浏涛温湾满澜点热爱独猫环现瑶电监码积签类红线组细织绍经给络继续维绿编缩网罗群联脸艳苏范荐蒋蓝见观规视览计认让训讯记讲许论访证评识诊词话该说请诺读课谈谢谭负责账贺贾资赞赠赵轩转载辅辈辑边还这进远违递邓邹邻郑采里钟钱铭银链锐键镇长门闫闭问间闹闻阅队阳阵陆陈难静韦韩页顶项顾预频题风马鱼鹭黄龄龙龚"
_TRADITIONAL = "萬與專業東嚴個臨爲麗舉麼義習鄉書於雲僅從儀們衆會偉傳體餘儲兒黨蘭關內冊寫軍馮減擊劃劉則剛創刪別辦務動區醫華協單盧廚縣參發臺葉號喫呂啓吳員國圖場堅聲處備復頭孫學寧實審對導將屬歲崗嵐嶽師並廣應開張強當態總願戶掃護報據攝數無時曉術機權條來楊傑標樣橋歡湯沒瀏濤溫灣滿瀾點熱愛獨貓環現瑤電監碼積籤類紅線組細織紹經給絡繼續維綠編縮網羅羣聯臉豔蘇範薦蔣藍見觀規視覽計認讓訓訊記講許論訪證評識診詞話該說請諾讀課談謝譚負責賬賀賈資贊贈趙軒轉載輔輩輯邊還這進遠違遞鄧鄒鄰鄭採裏鍾錢銘銀鏈銳鍵鎮長門閆閉問間鬧聞閱隊陽陣陸陳難靜韋韓頁頂項顧預頻題風馬魚鷺黃齡龍龔"
_TO_TRADITIONAL = str.maketrans(_SIMPLIFIED, _TRADITIONAL)
ENGLISH = [
    "The group met on Tuesday in the old boathouse, where thirty volunteers sorted donated coats and blankets.",
    "“We started with two sewing machines and a kettle,” said Ruth Adeyemi, who runs the weekly workshop.",
    "Over the past year they have repaired more than 1,200 garments, according to figures published by the council.",
    "Residents say the service has changed how they think about clothes, and about their neighbours.",
    "The city will pay for a second room from next spring, but the volunteers must find the furniture themselves.",
    "A report last month found that one household in nine could not afford to heat every room.",
    "“Nobody should have to choose between a meal and a warm coat,” said Mr Bell, a retired bus driver.",
    "The workshop is open every Saturday from nine until four, and no appointment is needed.",
    "Several schools have asked for lessons, and a small museum wants to show the best repairs.",
    "For now the group is looking for buttons, thread and anyone who can fix a zip.",
]


def as_traditional(text: str) -> str:
    """`text` with the characters of these stories in their traditional forms; enough for a page to look so."""
    return text.translate(_TO_TRADITIONAL)


@dataclass(slots=True)
class Line:
    """One line of a story; a subhead, list item, table row and verse belong to the body, a caption does not."""

    text: str
    kind: LineKind = "text"


@dataclass(slots=True)
class Story:
    """An invented article, before any habit of a site is laid over it."""

    title: str
    shoulder: str
    subtitle: str
    published: datetime
    source: str
    people: list[str]
    lines: list[Line] = field(default_factory=list)

    @property
    def body(self) -> list[str]:
        """The lines that belong to the text."""
        return [line.text for line in self.lines if line.kind != "caption"]

    @property
    def captions(self) -> list[str]:
        """The lines under pictures."""
        return [line.text for line in self.lines if line.kind == "caption"]


def person(draw: random.Random, length: int = 0) -> str:
    """Returns an invented Chinese name of two or three characters."""
    size = length or draw.choice((2, 3, 3, 3))
    return draw.choice(SURNAMES) + "".join(draw.choice(GIVEN) for _ in range(size - 1))


def make_title(draw: random.Random) -> str:
    """Returns a headline."""
    place, group, project = draw.choice(PLACES), draw.choice(GROUPS), draw.choice(PROJECTS)
    return draw.choice(
        (
            f"{place}{draw.randint(20, 900)}名志愿者走上街头 {draw.choice(VERBS)}",
            f"“{project}”走进{place} {draw.choice(WHO)}送来一份暖意",
            f"{group}：十年坚守，只为{draw.choice(VERBS)}",
            f"{place}举办“{project}”{draw.choice(ACTS)}",
            f"{person(draw, 3)}：把公益做成一辈子的事",
            f"{draw.randint(2, 9)}万元善款去哪儿了？{group}公布明细",
            f"关于开展“{project}”{draw.choice(ACTS)}的通知",
            f"暖心！{place}这群人{draw.randint(3, 20)}年只做一件事",
        )
    )


def sentence(draw: random.Random) -> str:
    """Returns one sentence of running text."""
    place, group, who = draw.choice(PLACES), draw.choice(GROUPS), draw.choice(WHO)
    makers: tuple[Callable[[], str], ...] = (
        lambda: (
            f"近日，{group}在{place}开展“{draw.choice(PROJECTS)}”{draw.choice(ACTS)}，{draw.randint(8, 90)}名{who}参加。"
        ),
        lambda: f"活动现场，{who}为老人{draw.choice(VERBS)}，并送上米、油等生活物资。",
        lambda: f"“{draw.choice(QUOTES)}。”{place}居民{person(draw)}说。",
        lambda: (
            f"据{group}负责人{person(draw)}介绍，项目自{draw.randint(2008, 2024)}年启动以来，已服务{draw.randint(300, 9000)}余人次。"
        ),
        lambda: (
            f"今年以来，{place}已建成{draw.randint(3, 60)}个社工站，累计投入资金{draw.randint(5, 800)}万元。"
        ),
        lambda: f"{person(draw)}今年{draw.randint(18, 82)}岁，是{group}的一名{who}。",
        lambda: f"下一步，{group}将继续{draw.choice(VERBS)}，让服务走到群众身边。",
        lambda: (
            f"记者了解到，这支队伍的成员来自各行各业，年龄最大的{draw.randint(60, 85)}岁，最小的{draw.randint(16, 22)}岁。"
        ),
        lambda: (
            f"{draw.randint(1, 12)}月{draw.randint(1, 28)}日上午，{place}党群服务中心里十分热闹，{who}正忙着{draw.choice(VERBS)}。"
        ),
        lambda: (
            f"为此，{place}民政局联合{group}，制定了{draw.randint(3, 12)}条措施，从场地、资金、培训等方面给予支持。"
        ),
    )
    return draw.choice(makers)()


def paragraph(draw: random.Random, sentences: int = 0) -> str:
    """Returns a paragraph of some sentences."""
    return "".join(sentence(draw) for _ in range(sentences or draw.choice((1, 1, 2, 2, 3, 4))))


def caption(draw: random.Random) -> str:
    """Returns the words under a picture."""
    return f"图为{draw.choice(WHO)}在{draw.choice(PLACES)}{draw.choice(VERBS)}。"


def make_story(draw: random.Random) -> Story:
    """Returns a story of some shape: running text, with subheads, interview, rules, phrases, or very short."""
    story = Story(
        make_title(draw),
        f"{draw.choice(PLACES)}多措并举推进社会服务",
        f"已有{draw.randint(200, 9000)}名群众受益",
        datetime(2026, 3, 18, 20, 0, tzinfo=ZONE) - timedelta(minutes=draw.randrange(60 * 24 * 2500)),
        draw.choice(PAPERS),
        [person(draw) for _ in range(5)],
    )
    shape = draw.choice(
        ("plain", "plain", "plain", "subheads", "interview", "rules", "phrases", "short", "list")
    )
    story.lines = _SHAPES[shape](draw)
    if shape in ("plain", "subheads") and draw.random() < 0.5:
        for _ in range(draw.choice((1, 2))):
            story.lines.insert(draw.randrange(1, len(story.lines)), Line(caption(draw), "caption"))
    return story


def _plain(draw: random.Random) -> list[Line]:
    return [Line(paragraph(draw)) for _ in range(draw.randint(3, 16))]


def _subheads(draw: random.Random) -> list[Line]:
    lines = [Line(paragraph(draw, 2))]
    for number in "一二三四"[: draw.randint(2, 4)]:
        head = draw.choice(
            (f"{number}、{draw.choice(VERBS)}", draw.choice(QUOTES), f"0{'一二三四'.index(number) + 1}")
        )
        lines.append(Line(head, "subhead"))
        lines += [Line(paragraph(draw)) for _ in range(draw.randint(1, 4))]
    return lines


def _interview(draw: random.Random) -> list[Line]:
    asker = draw.choice(("记者", "问", "Q"))
    name = person(draw, 3) if asker == "记者" else {"问": "答", "Q": "A"}[asker]
    lines = [Line(paragraph(draw, 2))]
    for _ in range(draw.randint(3, 8)):
        lines.append(Line(f"{asker}：{draw.choice(GROUPS)}为什么想到要{draw.choice(VERBS)}？"))
        lines.append(Line(f"{name}：{paragraph(draw)}"))
    return lines


def _rules(draw: random.Random) -> list[Line]:
    lines = [Line("第一章 总则", "subhead")]
    for number in ("一", "二", "三", "四", "五", "六", "七")[: draw.randint(4, 7)]:
        lines.append(
            Line(f"第{number}条 为规范{draw.choice(ACTS)}，保护{draw.choice(WHO)}的合法权益，制定本办法。")
        )
        if draw.random() < 0.4:
            lines += [Line(f"（{n}）{draw.choice(VERBS)}；", "item") for n in "一二三"]
    return lines


def _phrases(draw: random.Random) -> list[Line]:
    lines = []
    for _ in range(draw.randint(20, 60)):
        text = draw.choice(
            (
                draw.choice(QUOTES),
                f"在{draw.choice(PLACES)}",
                f"有这样一群{draw.choice(WHO)}",
                f"他们{draw.choice(VERBS)}",
            )
        )
        lines.append(Line(text + draw.choice(("", "", "，", "。")), "verse"))
    return lines


def _short(draw: random.Random) -> list[Line]:
    return [Line(paragraph(draw, draw.choice((1, 2))))]


def _list(draw: random.Random) -> list[Line]:
    lines = [Line(paragraph(draw, 2)), Line("现将有关事项通知如下：")]
    lines += [
        Line(f"{n}．{draw.choice(VERBS)}，由{draw.choice(GROUPS)}负责。", "item")
        for n in range(1, draw.randint(4, 8))
    ]
    return [*lines, Line(paragraph(draw, 1))]


_SHAPES: dict[str, Callable[[random.Random], list[Line]]] = {
    "plain": _plain,
    "subheads": _subheads,
    "interview": _interview,
    "rules": _rules,
    "phrases": _phrases,
    "short": _short,
    "list": _list,
}
