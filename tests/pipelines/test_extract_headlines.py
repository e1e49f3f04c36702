"""Shoulder title and subtitle: told from the title, and kept out of the text."""

from datetime import UTC, datetime

import pytest

from pipelines.extract import extract
from pipelines.models import Page

TEXT = (
    "<p>近日，晨光社会工作服务中心的社工走进云溪街道，为二十位独居老人送去了棉被和米面。</p>"
    "<p>“有人惦记着，心里就暖和。”八十一岁的老人说，她已经连续三年参加这项活动了。</p>"
)
TITLE = "寒冬里的一床棉被"
OVER, UNDER = "云溪街道关爱独居老人", "二十位老人收到新棉被"


def read(head: str):
    info = "<div>2026-01-05 09:30 来源：江湾日报</div>"
    html = f"<html><head><title>{TITLE}_江湾日报</title></head><body><div class=c>{head}{info}{TEXT}</div>"
    return extract(
        Page("http://news.example.cn/1.html", "", 200, {}, html.encode(), datetime(2026, 2, 1, tzinfo=UTC))
    )


@pytest.mark.parametrize(
    ("head", "shoulder", "subtitle"),
    [
        (f"<h1>{TITLE}</h1>", "", ""),
        (f"<h3>{OVER}</h3><h1>{TITLE}</h1><h2>{UNDER}</h2>", OVER, UNDER),
        (f"<p class=yinti>云溪街道关爱独居老人</p><h1>{TITLE}</h1>", "云溪街道关爱独居老人", ""),
        (f"<h1>{TITLE}</h1><p class='sub-title'>二十位老人收到新棉被</p>", "", "二十位老人收到新棉被"),
        (f"<h1>{TITLE}</h1><p>——云溪街道冬日送温暖侧记</p>", "", "云溪街道冬日送温暖侧记"),
        (f"<h1>{TITLE}</h1><p>副标题：云溪街道冬日送温暖</p>", "", "云溪街道冬日送温暖"),
        (f"<p>引题：云溪街道关爱独居老人</p><h1>{TITLE}</h1>", "云溪街道关爱独居老人", ""),
        (f"<table><tr><td>{OVER}<tr><td>{TITLE}<tr><td>{UNDER}</table>", OVER, UNDER),
        (f"<h2><a href='/'>公益频道</a></h2><h1>{TITLE}</h1>", "", ""),  # a column's name is linked
        (f"<h1>{TITLE}</h1><h2>{TITLE}</h2>", "", ""),  # a copy of the title
        (f"<h1>{TITLE}</h1><p class='sub-title'>作者：周亦菲</p>", "", ""),  # a field, not a headline
    ],
)  # fmt: skip
def test_headlines(head, shoulder, subtitle):
    article = read(head)
    assert (article.title, article.shoulder, article.subtitle) == (TITLE, shoulder, subtitle)
    assert article.paragraphs[0].startswith("近日，晨光")
