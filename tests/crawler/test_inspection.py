"""How a page is shown on a terminal."""

import io
from datetime import UTC, datetime

from rich.console import Console

from crawler.inspection import inspect_page, show
from pipelines.models import Page

BODY = (
    "江湾新闻网讯(记者 秦朗)江湾区志愿服务指导中心公布了全区十七家爱心超市的积分余额和库存清单，兑付准备金"
    "也于当天到账，新的积分标准从十二月一日起执行，按服务时长计分，此前的积分继续有效，可以在两年内分批兑换。"
)


def test_a_paragraph_fills_its_lines_though_it_has_a_space_near_its_start():
    html = f"<html><body><h1>准备金到位</h1><div><p>{BODY}</p><p>{BODY}</p></div></body></html>"
    page = Page("http://a.example/1", "http://a.example/1", 200, {}, html.encode(), datetime.now(UTC))
    out = io.StringIO()
    show(Console(file=out, width=60), inspect_page(page))
    shown = [line.strip() for line in out.getvalue().split("\n")]
    first = next(line for line in shown if line.startswith("江湾新闻网讯"))
    assert len(first) > 25
    at = shown.index(first)
    assert BODY.startswith("".join(shown[at : at + 3]))
