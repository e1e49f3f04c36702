from pipelines.dedup.scraped import ScrapedTeaser, take_apart
from tests.corpus import CORPUS, needs

FLOOD = "汛期里，青禾社会工作服务中心的社工每天清晨出门，挨家敲开独居老人的房门，查看电路和药箱。"
NEXT = "中心负责人顾念慈介绍，队伍已上门近4000人次，帮助转移安置老人37名。"
NOTICE = "版权声明：凡来源不是“江湾公益”的文章，仅代表作者本人观点。"
OTHER = "江湾日报讯（记者何青）11月20日，青石乡中心小学的图书室启用，首批3500册图书已经上架，校长何秀英说..."


def test_a_page_is_article_disclaimer_and_teasers():
    found = take_apart("\n".join((FLOOD, NEXT, NOTICE, OTHER, "", FLOOD[:30] + "…")))
    assert (found.article, found.disclaimer) == (f"{FLOOD}\n{NEXT}", NOTICE)
    assert found.teasers == (ScrapedTeaser(OTHER, False), ScrapedTeaser(FLOOD[:30] + "…", True))


def test_dots_within_an_article_make_no_teaser():
    found = take_apart(f"{FLOOD[:20]}...\n{NEXT}")
    assert (found.article, found.teasers) == (f"{FLOOD[:20]}...\n{NEXT}", ())
    assert take_apart("") == take_apart("\n \n")


@needs("scraped_page.txt")
def test_a_real_page():
    text = (CORPUS / "scraped_page.txt").read_text("utf-8")
    found = take_apart(text)
    assert len(found.article.split("\n")) == 28
    assert len(found.disclaimer.split("\n")) == 1
    assert len(found.teasers) == 16
    assert [number for number, teaser in enumerate(found.teasers) if teaser.own] == [10]
