"""One long crawl on SQLite: memory and open file handles of each of its processes, tenth by tenth.

The site is made as it is asked for, so that the server does not run out of
memory before the crawl could. After the first tenth nothing should grow.

    python -m benchmarks.soak --count 50000
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.big_site import HOST, SITES_DIR
from crawler.demo.response import Pages, Response, page
from crawler.demo.server import DemoServer

SITE = "benchmarks.soak:build_soak_site"
COUNT = 50_000
ENTRIES = 50  # of a list page
PARAGRAPHS = 8
LOOK_SECONDS = 0.5
SETTINGS = {
    "SITES_DIR": str(SITES_DIR),
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS": 16,
    "LOG_LEVEL": "ERROR",
    "WORKERS": 2,
}

PLACES = [
    "青石乡",
    "湖熟街道",
    "柳溪镇",
    "东坪村",
    "白鹭社区",
    "云台路",
    "松岭县",
    "临澜市",
    "江湾区",
    "南浦镇",
    "西塘村",
    "北关街道",
]
WHO = [
    "红叶社会工作服务中心",
    "晨曦志愿服务队",
    "同心慈善会",
    "绿野环保协会",
    "暖阳助老服务社",
    "启明公益基金会",
]
PEOPLE = ["周明远", "何秀英", "李玉兰", "陈建国", "吴晓燕", "赵立新", "孙桂芳", "马志强", "林素珍", "郭文斌"]
WORK = [
    "义诊",
    "理发",
    "家电维修",
    "助学",
    "助餐",
    "探访",
    "清理河道",
    "植树",
    "募捐",
    "法律咨询",
    "心理疏导",
    "消防演练",
    "普法宣传",
]
THINGS = [
    "冬衣",
    "图书",
    "轮椅",
    "防滑垫",
    "药箱",
    "米面油",
    "雨具",
    "书桌",
    "护栏",
    "路灯",
    "热水器",
    "体检卡",
]
SAYINGS = (
    "{place}的{person}说，{who}送来{n}份{thing}，还教会了大家{work}的办法。",
    "{month}月{day}日，{who}在{place}组织{work}，{n}名志愿者参加。",
    "据{person}介绍，今年以来{place}开展{work}{n}次，{m}户家庭得到帮助。",
    "{who}负责人{person}表示，{thing}将优先发给{place}的{n}位老人。",
    "在{place}，{n}件{thing}由{who}采购，{person}全程登记。",
)


class SoakSite(dict[tuple[str, str], Response]):
    """Pages that are made when they are asked for, and not kept."""

    def __init__(self, count: int) -> None:
        super().__init__({(HOST, "/robots.txt"): Response(200, b"", "text/plain")})
        self.count = count

    def get(self, key: tuple[str, str], default: Response | None = None) -> Response | None:  # type: ignore[override]
        """The page of a host and path."""
        name = key[1].rpartition("/")[2].removesuffix(".html")
        if key[1] == "/":
            links = range(1, -(-self.count // ENTRIES) + 1)
            return _page("大样本新闻网", "".join(f'<a href="/list/index_{n}.html">{n}</a> ' for n in links))
        if key[1].startswith("/list/index_"):
            first = (int(name.removeprefix("index_")) - 1) * ENTRIES + 1
            numbers = range(first, min(first + ENTRIES, self.count + 1))
            items = "".join(f'<li><a href="{_path(n)}">{_title(n)}</a></li>' for n in numbers)
            return _page("新闻列表", f"<ul>{items}</ul>")
        if key[1].startswith("/2026/"):
            return _article(int(name) - 100_000)
        return super().get(key, default)


def build_soak_site(count: int = COUNT) -> Pages:
    """Returns the pages of the site of the soak: an index, lists, and `count` articles."""
    return SoakSite(count)


def _path(number: int) -> str:
    return f"/2026/{number % 12 + 1:02}{number % 28 + 1:02}/{number + 100_000}.html"


def _title(number: int) -> str:
    draw = random.Random(number)
    place, work, thing = draw.choice(PLACES), draw.choice(WORK), draw.choice(THINGS)
    return f"{place}{work}第{number}场：{thing}送到{draw.randint(3, 99)}户"


def _article(number: int) -> Response:
    draw = random.Random(-number)
    said = "".join(
        "<p>" + "".join(_sentence(draw) for _ in range(draw.randint(2, 4))) + "</p>"
        for _ in range(PARAGRAPHS)
    )
    day = f"2026-{number % 12 + 1:02}-{number % 28 + 1:02} 10:{number % 60:02}"
    info = f'<div class="info">{day} 来源：大样本新闻网</div>'
    return _page(_title(number), f'<h1>{_title(number)}</h1>{info}<div class="content">{said}</div>')


def _sentence(draw: random.Random) -> str:
    return draw.choice(SAYINGS).format(
        place=draw.choice(PLACES),
        person=draw.choice(PEOPLE),
        who=draw.choice(PLACES)[:2] + draw.choice(WHO),
        work=draw.choice(WORK),
        thing=draw.choice(THINGS),
        month=draw.randint(1, 12),
        day=draw.randint(1, 28),
        n=draw.randint(3, 9999),
        m=draw.randint(3, 999),
    )


def _page(title: str, body: str) -> Response:
    text = f'<html><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'
    return page(text.encode(), "text/html; charset=utf-8")


@dataclass(slots=True, frozen=True)
class Use:
    """What a process holds: resident memory in MB, and open file handles."""

    mb: float
    handles: int


def uses(pid: int) -> dict[int, Use]:
    """What a process and all below it hold, by process id; those that have ended are left out."""
    found: dict[int, Use] = {}
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        try:
            status = Path(f"/proc/{one}/status").read_text()
            resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
            found[one] = Use(int(resident.split()[1]) / 1024, len(list(Path(f"/proc/{one}/fd").iterdir())))
            waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except (OSError, StopIteration):
            continue
    return found


def stored(port: int) -> int:
    """How many articles the crawl has stored, as its metrics say; 0 before and after it."""
    plain = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        text = plain.open(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
    except OSError:
        return 0
    lines = [line for line in text.splitlines() if line.startswith("gongyi_news_new_articles_total{")]
    return int(float(lines[0].rpartition(" ")[2])) if lines else 0


def main() -> None:
    """Crawls, and prints a line each tenth, then how much each process grew after the first."""
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n")[0])
    parser.add_argument("--count", type=int, default=COUNT, help="article pages of the site")
    parser.add_argument("--jobdir", action="store_true", help="with the queue in a file, as for going on")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="stop the crawl after so long")
    wish = parser.parse_args()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        DemoServer(site=SITE, options={"count": wish.count}) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        settings = {**SETTINGS, "METRICS_PORT": port, "JOBDIR": f"{folder}/jobs" if wish.jobdir else ""}
        options = [part for key, value in settings.items() for part in ("-s", f"{key}={value}")]
        crawl = subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", "big_site", *options],
            env={
                **os.environ,
                "DATA_DIR": folder,
                "DATABASE_URL": f"sqlite:///{folder}/news.db",
                "http_proxy": server.proxy_url,
            },
        )
        rows, stopped = _watch(crawl, port, wish.count, wish.minutes * 60)
    _print(rows)
    if crawl.returncode and not stopped:
        sys.exit(f"the crawl ended with {crawl.returncode}")


Row = tuple[int, float, dict[int, Use]]


def _watch(crawl: subprocess.Popen[bytes], port: int, count: int, seconds: float) -> tuple[list[Row], bool]:
    """The state at each tenth, and whether the crawl was stopped when the time was over."""
    began, rows = time.monotonic(), list[Row]()
    goals = [count * tenth // 10 for tenth in range(1, 11)]
    while crawl.poll() is None and goals:
        time.sleep(LOOK_SECONDS)
        pages = stored(port)
        if pages >= goals[0]:
            goals = [goal for goal in goals if goal > pages]
            rows.append((pages, time.monotonic() - began, uses(crawl.pid)))
        if time.monotonic() - began > seconds:
            crawl.terminate()
            crawl.wait()
            return rows, True
    crawl.wait()
    return rows, False


def _print(rows: list[Row]) -> None:
    processes = list(dict.fromkeys(pid for _, _, held in rows for pid in held))
    table = Table(title="resident MB / open file handles")
    for name in (
        "articles",
        "seconds",
        "articles/s",
        *(f"process {n}" for n in range(1, len(processes) + 1)),
    ):
        table.add_column(name, justify="right")
    before = (0, 0.0)
    for pages, seconds, held in rows:
        cells = [f"{held[pid].mb:.0f} / {held[pid].handles}" if pid in held else "" for pid in processes]
        rate = (pages - before[0]) / (seconds - before[1])
        table.add_row(str(pages), f"{seconds:.0f}", f"{rate:.0f}", *cells)
        before = (pages, seconds)
    Console(width=140).print(table)
    if len(rows) > 1:
        first, last = rows[0][2], rows[-1][2]
        for number, pid in enumerate(processes, 1):
            if pid in first and pid in last:
                grew = last[pid].mb - first[pid].mb
                print(
                    f"process {number}: {grew:+.0f} MB ({grew / first[pid].mb:+.0%}),"
                    f" {last[pid].handles - first[pid].handles:+d} handles after the first tenth"
                )


if __name__ == "__main__":
    main()
