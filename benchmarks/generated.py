"""Made-up articles for the store, as the stages would hand them on: texts, entities, fingerprints, reprints.

Words follow Zipf's law (a few hundred words of the field, then 30,000 made
from common characters), so that a text has as many different bigrams as real
news has, and there are common, middling and rare words to search for. Lengths
are log-normal about 800 characters. All of it depends on the seed and the
number of the article alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache

import numpy as np
from numpy.random import Generator, default_rng

from pipelines.dedup import fingerprint
from pipelines.entities import divisions
from pipelines.models import (
    Alias,
    Article,
    Credit,
    Entities,
    Figure,
    Mention,
    Moment,
    Page,
    Place,
    Role,
    SiteHints,
    Teaser,
    TimeSpan,
    Topic,
)

ZONE = timezone(timedelta(hours=8))
FIRST_DAY = datetime(2022, 1, 1, tzinfo=ZONE)
DAYS = 1700
SITES = 40
MEDIAN_LENGTH = 800  # characters
REPRINT_SHARE = 0.15  # of all articles
EDITED_SHARE = 0.4  # of the reprints
DAY_ONLY_SHARE = 0.3  # give no time of day
UNDATED_SHARE = 0.02
MADE_WORDS = 30_000
PHRASES = 10_000
ORGANISATIONS = 4_000
PEOPLE = 20_000
TEASERS = 3  # a page
COUNTIES = 400  # of all of China, the first ones most often
BLOCK = 1_000  # articles drawn from one random stream; a reprint follows an original of its block

_FIELD_WORDS = """
志愿者 志愿服务 活动 社区 服务 公益 组织 社会 开展 工作 慈善 老人 孩子 儿童 基金会 捐赠 项目 爱心
社会组织 帮助 困难 家庭 关爱 学生 学校 居民 街道 救助 医院 健康 生活 负责人 介绍 表示 参与 发展 单位
企业 捐款 物资 红十字会 民政 社工 养老 残疾人 留守儿童 乡村 振兴 助学 义诊 环保 垃圾分类 献血 救灾 应急
救援 疫情 防控 培训 专业 团队 队员 现场 今年 近日 其中 通过 进行 提供 需求 问题 情况 记者 获悉 目前
已经 超过 万元 人次 启动 仪式 举行 举办 主办 承办 支持 单亲 妇女 青年 共青团 团委 党员 党建 引领 基层
治理 网格 心理 辅导 法律 援助 咨询 宣传 讲座 文化 传统 节日 端午 中秋 春节 重阳 慰问 走访 入户 送去
米面 粮油 棉衣 书包 图书 图书室 课堂 支教 大学生 暑期 实践 乡镇 村民 贫困 脱贫 帮扶 结对 长期 坚持 感动
温暖 传递 力量 精神 奉献 友爱 互助 进步 雷锋 文明 城市 创建 示范 品牌 资金 募集 拨付 公示 审计 监督
透明 信息 平台 互联网 众筹 月捐 腾讯 公益日 理事长 秘书长 会长 主任 院长 校长 教师 医生 护士 患者
白血病 先天性 心脏病 手术 治疗 康复 自闭症 听障 视障 盲人 助残 就业 创业 技能 岗位 招聘 生态 河流 湿地
植树 造林 鸟类 野生动物 保护 海洋 清洁
"""
_FIELD = _FIELD_WORDS.split()
_COMMON = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展"
    "五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战"
    "先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白"
    "教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且"
    "究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值"
    "号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
)
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "一宁子涵思远佳禾雨桐明轩若曦知行书瑶安然嘉言立群念慈秀英玉兰建国志强"
_PLACES_WORDS = """
江湾 临澜 青石 湖滨 云泽 望岭 河口 石桥 东洲 松浦 平澜 南屿 白沙 清溪 龙潭 桃源 长汀 梅岭 竹山 柳林
"""
_PLACES = _PLACES_WORDS.split()
_KINDS_WORDS = """
社会工作服务中心 志愿者协会 慈善总会 慈善基金会 公益服务中心 红十字会 义工联合会 社会福利院 助学会
救援队
"""
_KINDS = _KINDS_WORDS.split()
_ROLES_WORDS = """
负责人 会长 理事长 社工 志愿者 秘书长 队长
"""
_ROLES = _ROLES_WORDS.split()
_TOPICS_WORDS = """
公益 助老 救灾 助学 环保 社区治理 志愿服务 医疗救助
"""
_TOPICS = _TOPICS_WORDS.split()
_COUNTED = ["志愿者", "老人", "学生", "居民", "社工", "孩子", "村民", "患者", "儿童", "家长"]
_ENDS = np.array(list("，，，，。。；、"))


@dataclass(slots=True, frozen=True)
class Words:
    """The vocabulary with the share of each word, and the names that texts mention."""

    words: np.ndarray
    shares: np.ndarray
    organisations: tuple[tuple[str, str], ...]  # full name, short form
    people: tuple[str, ...]


@cache
def vocabulary() -> Words:
    """The words of all generated articles; always the same."""
    draw = default_rng(20_260_901)
    weights = 1 / np.arange(5, len(_COMMON) + 5)
    characters = draw.choice(np.array(list(_COMMON)), (MADE_WORDS, 3), p=weights / weights.sum())
    lengths = draw.choice([1, 2, 2, 2, 2, 3], MADE_WORDS)
    made = ["".join(row[:n]) for row, n in zip(characters.tolist(), lengths.tolist(), strict=True)]
    # words that often stand together: without them texts would have too many different bigrams
    near = np.minimum(draw.zipf(1.3, (PHRASES, 2)) - 1, 3_000)
    common = _FIELD + made
    phrases = [common[a] + common[b] for a, b in near.tolist()]
    mixed = [word for pair in zip(phrases, made, strict=False) for word in pair] + made[len(phrases) :]
    words = list(dict.fromkeys(_FIELD + mixed))
    shares = 1 / np.arange(20, len(words) + 20)
    organisations = [_organisation(n, draw) for n in range(ORGANISATIONS)]
    people = [
        draw.choice(list(_SURNAMES)) + "".join(draw.choice(list(_GIVEN), draw.integers(1, 3)))
        for _ in range(PEOPLE)
    ]
    return Words(np.array(words), shares / shares.sum(), tuple(organisations), tuple(map(str, people)))


def _organisation(number: int, draw: Generator) -> tuple[str, str]:
    short = "".join(draw.choice(list(_COMMON[200:]), 2))
    place = _PLACES[number % len(_PLACES)]
    return f"{place}{'市区县'[number % 3]}{short}{_KINDS[int(draw.integers(len(_KINDS)))]}", short


def pages(count: int, seed: int = 1, with_fingerprints: bool = True) -> Iterator[Page]:
    """Yields `count` pages with articles; the same for the same seed, also when `count` is larger."""
    for block in range(-(-count // BLOCK)):
        draw = default_rng([seed, block])
        originals: list[Page] = []
        for number in range(block * BLOCK, min(count, (block + 1) * BLOCK)):
            # drawn in any case, so that what follows does not depend on whether there is an original
            again, which = draw.random() < REPRINT_SHARE, int(draw.integers(1_000_000))
            shown = originals[-TEASERS:]
            if again and originals:
                made = _reprint(originals[which % len(originals)], number, draw, with_fingerprints)
            else:
                made = _original(number, draw, with_fingerprints)
                originals.append(made)
            assert made.article is not None
            made.article.teasers = [_teaser(other) for other in shown]
            yield made


def _teaser(of: Page) -> Teaser:
    assert of.article is not None
    return Teaser(of.article.title, f"{of.article.body[:60]}...", of.url, cut=True)


def _original(number: int, draw: Generator, with_fingerprints: bool) -> Page:
    title = _sentence(draw, int(draw.integers(4, 9)))
    paragraphs: list[str] = []
    read = _Read()
    published = _published(draw)
    wanted = min(int(MEDIAN_LENGTH * draw.lognormal(0, 0.6)), 20_000)
    names = _names(draw)
    offset = 0
    while offset < wanted:
        lead = _named(draw, names, offset, read, published) if draw.random() < 0.6 else ""
        paragraphs.append(f"{lead}{_sentence(draw, int(draw.integers(20, 70)))}。")
        offset += len(paragraphs[-1]) + 1
    for topic in sorted(set(draw.choice(_TOPICS, int(draw.integers(0, 3))).tolist())):
        read.topics.append(Topic(topic, round(float(draw.random()), 2), (topic,)))
    made = read.entities()
    return _page(number, title.strip("，、；。"), paragraphs, made, published, "", draw, with_fingerprints)


@dataclass(slots=True)
class _Read:
    """What a text names, while it is written."""

    mentions: list[Mention] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    times: list[TimeSpan] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)

    def entities(self) -> Entities:
        return Entities(**{one.name: tuple(getattr(self, one.name)) for one in fields(self)})


def _before(found: Entities, end: int) -> Entities:
    """What was read before an offset; short names and topics hold for the whole text."""
    kept = {
        one.name: tuple(item for item in getattr(found, one.name) if getattr(item, "end", 0) < end)
        for one in fields(found)
    }
    return Entities(**kept)


def _names(draw: Generator) -> list[tuple[str, str, str]]:
    """Organisation, its short form and a person for one text; a few of them fill most texts."""
    known = vocabulary()
    made = []
    for _ in range(int(draw.integers(1, 4))):
        full, short = known.organisations[min(int(draw.pareto(0.6) * 3), ORGANISATIONS - 1)]
        made.append((full, short, known.people[min(int(draw.pareto(0.4) * 5), PEOPLE - 1)]))
    return made


@cache
def counties() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Codes and paths of some counties, the same ones each time."""
    counties = sorted({one for codes in divisions.short_codes().values() for one in codes if len(one) == 6})
    chosen = default_rng(7).permutation(len(counties))[:COUNTIES]
    return tuple((counties[int(at)], divisions.path(counties[int(at)])) for at in chosen)


def _named(
    draw: Generator, names: list[tuple[str, str, str]], offset: int, read: _Read, published: Moment | None
) -> str:
    """9月3日，江宁区红叶社工陈可介绍，30名老人: the text, after what it names was noted."""
    full, short, person = names[int(draw.integers(len(names)))]
    first = all(mention.name != full for mention in read.mentions)
    written, words = full if first else short, _ROLES[int(draw.integers(len(_ROLES)))]
    text = ""
    if published is not None and draw.random() < 0.3:
        day = published.at.date()
        text = f"{day.month}月{day.day}日"
        read.times.append(TimeSpan(offset, offset + len(text), text, day, day, "day", True))
        text += "，"
    if draw.random() < 0.4:
        code, path = counties()[min(int(draw.pareto(0.5) * 4), COUNTIES - 1)]
        start = offset + len(text)
        text += path[-1]
        end = offset + len(text)
        read.places.append(Place(start, end, path[-1], path[-1], "county", code, code[:4], path, 1.0))
        read.mentions.append(Mention("place", start, end, path[-1], path[-1], "division"))
    start = offset + len(text)
    text += f"{written}{words}{person}介绍，"
    organisation = Mention("organisation", start, start + len(written), written, full, "suffix", "社会团体")
    read.mentions.append(organisation)
    if not first and all(alias.full != full for alias in read.aliases):
        read.aliases.append(Alias(short, full, "简称"))
    at = organisation.end + len(words)
    read.mentions.append(Mention("person", at, at + len(person), person, person, "role"))
    read.roles.append(Role(person, full, words, organisation.end, at, at, "role"))
    number = int(draw.integers(2, 3000))
    counted = _COUNTED[number % len(_COUNTED)]
    start, surface = offset + len(text), f"{number}名{counted}"
    read.figures.append(
        Figure(start, start + len(surface), surface, Decimal(number), Decimal(number), "名", False, counted)
    )
    return text + surface


def _sentence(draw: Generator, words: int) -> str:
    parts: list[str] = vocabulary().words[_pick(draw, words)].tolist()
    for at in range(7, words, 8):
        parts[at] += str(draw.choice(_ENDS))
    if draw.random() < 0.3:
        parts[words // 2] = f"{int(draw.integers(2, 3000))}名"
    return "".join(parts)


@cache
def _cumulated() -> np.ndarray:
    return np.cumsum(vocabulary().shares)


def _pick(draw: Generator, words: int) -> np.ndarray:
    picked: np.ndarray = np.searchsorted(_cumulated(), draw.random(words) * _cumulated()[-1], side="right")
    last: np.ndarray = np.minimum(picked, len(vocabulary().words) - 1)
    return last


def _published(draw: Generator) -> Moment | None:
    at = FIRST_DAY + timedelta(days=int(draw.integers(DAYS)), minutes=int(draw.integers(360, 1320)))
    kind = draw.random()
    if kind < UNDATED_SHARE:
        return None
    if kind < UNDATED_SHARE + DAY_ONLY_SHARE:
        return Moment(at.replace(hour=0, minute=0), "day", "", "visible")
    return Moment(at, "minute", "", "visible")


def _reprint(first: Page, number: int, draw: Generator, with_fingerprints: bool) -> Page:
    original = first.article
    assert original is not None
    paragraphs, found = original.paragraphs, original.entities
    assert found is not None
    if draw.random() < EDITED_SHARE and len(paragraphs) > 3:
        # the last paragraph is what editors cut first; the offsets before it still hold
        found = _before(found, len(original.body) - len(paragraphs[-1]))
        paragraphs = paragraphs[:-1]
    later = original.published and Moment(
        original.published.at + timedelta(days=int(draw.integers(1, 4))), original.published.precision
    )
    return _page(number, original.title, paragraphs, found, later, original.source, draw, with_fingerprints)


def _page(
    number: int,
    title: str,
    paragraphs: list[str],
    found: Entities,
    published: Moment | None,
    source: str,
    draw: Generator,
    with_fingerprints: bool,
) -> Page:
    site = int(draw.integers(SITES))
    url = f"http://news{site}.example/{number // 1000}/content_{number}.htm"
    article = Article(
        url,
        "article",
        title,
        published=published,
        source=source or f"{_PLACES[site % len(_PLACES)]}{['日报', '晚报', '网'][site % 3]}",
        credits=[Credit(str(draw.choice(vocabulary().people[:300])), "记者", "author")],
        paragraphs=paragraphs,
        charset="utf-8",
        entities=found,
    )
    if with_fingerprints:
        article.fingerprint = fingerprint(article.body, article.title)
    fetched = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(seconds=number)
    return Page(url, url, 200, {}, b"", fetched, SiteHints(f"site{site}", f"第{site}新闻网"), article=article)
