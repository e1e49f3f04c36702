"""The demo site enlarged: any number of article pages of 30 to 100 KB, on one host, for speed tests.

The three layouts of the demo, with the weight that real pages carry: scripts,
style, columns of links, comments. `build_big_site` is what the demo server
takes (`DemoServer(site=SITE, options={"count": 2000})`), `big_expected` says
which pages are reprints of which. Run as a program it measures the server:

    python -m benchmarks.big_site --count 2000
"""

from __future__ import annotations

import argparse
import asyncio
import random
import time
from pathlib import Path

from benchmarks.big_text import postings
from crawler.demo import chenguang, jiangwan, linlan
from crawler.demo.address import article_path
from crawler.demo.layout import Around, Entry, escape, teaser_text
from crawler.demo.publisher import publishers
from crawler.demo.response import Pages, Response, page
from crawler.demo.server import DemoServer
from crawler.demo.story import Posting

SITE = "benchmarks.big_site:build_big_site"
SITES_DIR = Path(__file__).parent / "sites"  # for the setting SITES_DIR; the spider is big_site
HOST = "www.big.example"
COUNT = 2000
SEED = 20261101
SMALLEST, LARGEST = 30_000, 100_000  # bytes of a page
ENTRIES = 50  # of a list page


def build_big_site(count: int = COUNT, seed: int = SEED) -> Pages:
    """Returns the pages of the big site: (host, path) -> response; same arguments, same bytes."""
    made = postings(count, seed)
    entries = [Entry(url(p), p.title, p.published, teaser_text(p)) for p in made]
    pages: Pages = {}
    for number, posting in enumerate(made):
        draw = random.Random(f"{seed}:{number}")
        pages[HOST, article_path(posting)] = _article(posting, entries, draw)
    if len(pages) != count:
        raise ValueError(f"{count - len(pages)} of {count} pages share an address; choose another seed")
    lists = [entries[n : n + ENTRIES] for n in range(0, count, ENTRIES)]
    for number, listed in enumerate(lists, 1):
        pages[HOST, f"/list/index_{number}.html"] = _links_page(f"新闻列表第{number}页", listed)
    index = "".join(f'<a href="/list/index_{n}.html">{n}</a> ' for n in range(1, len(lists) + 1))
    pages[HOST, "/"] = _links_page("大样本新闻网", entries[:10], index)
    pages[HOST, "/robots.txt"] = Response(200, b"User-agent: *\nDisallow: /admin/\n", "text/plain")
    return pages


def big_expected(count: int = COUNT, seed: int = SEED) -> dict[str, str]:
    """Returns all article URLs, each with the URL of its original, "" when it is one itself."""
    made = postings(count, seed)
    urls = {p.slug: url(p) for p in made}
    return {url(p): urls.get(p.original, "") for p in made}


def url(posting: Posting) -> str:
    """Returns the URL of an article on the big site's one host."""
    return f"http://{HOST}{article_path(posting)}"


def _article(posting: Posting, entries: list[Entry], draw: random.Random) -> Response:
    beside = Around(
        newer=draw.choice(entries),
        older=draw.choice(entries),
        related=tuple(draw.choices(entries, k=5)),
        ranking=tuple(draw.choices(entries, k=10)),
        teasers=tuple(draw.choices(entries, k=4)),
    )
    charset, content_type = "utf-8", chenguang.CONTENT_TYPE
    if posting.site == "chenguang":
        text = chenguang.article(posting, beside)[0].decode()
    elif posting.site == "jiangwan":
        text, charset, content_type = (
            jiangwan.article(posting, beside),
            jiangwan.CHARSET,
            jiangwan.CONTENT_TYPE,
        )
    else:
        text, content_type = linlan.article(posting, beside).decode(), linlan.CONTENT_TYPE
    for publisher in publishers().values():
        text = text.replace(f"http://{publisher.host}/", f"http://{HOST}/")
    return page(_weigh_down(text, charset, entries, draw).encode(charset), content_type)


def _weigh_down(text: str, charset: str, entries: list[Entry], draw: random.Random) -> str:
    """Returns the page with scripts in its head, and columns of links and comments at its end.

    A third of the missing weight is links and comments, the rest scripts and style, as on real
    news pages, where visible text is the smaller part.
    """
    wanted = draw.randint(SMALLEST + 2000, LARGEST - 3000)
    columns, missing = [], wanted - len(text.encode(charset))
    weight = 0
    while weight < missing // 3:
        columns.append(_comment(entries, draw) if draw.random() < 0.3 else _column(entries, draw))
        weight += len(columns[-1].encode(charset))
    scripts = []
    while weight < missing:
        scripts.append(_script(draw))
        weight += len(scripts[-1])
    low = text.lower()
    head, end = low.index("</head>"), low.rindex("</body>")
    return "".join([text[:head], *scripts[::2], text[head:end], *columns, *scripts[1::2], text[end:]])


def _column(entries: list[Entry], draw: random.Random) -> str:
    items = "".join(
        f'<li><a href="{e.url}" target="_blank" class="mod-{draw.randrange(99)}">{escape(e.title)}</a></li>'
        for e in draw.choices(entries, k=8)
    )
    return f'<div class="mod-list" id="m{draw.randrange(10**6)}"><h3>频道精选</h3><ul>{items}</ul></div>\n'


def _comment(entries: list[Entry], draw: random.Random) -> str:
    text = draw.choice(entries).text[:40]
    return (
        f'<div class="comment"><b>网友{draw.randrange(10**5):05}</b> <span>{draw.randint(1, 23)}小时前</span>'
        f'<p>{escape(text)}</p><a href="javascript:;">回复</a> '
        f'<a href="javascript:;">赞({draw.randrange(50)})</a></div>\n'
    )


def _script(draw: random.Random) -> str:
    lines = "".join(
        f'window._q{draw.randrange(999)}.push(["track","{draw.getrandbits(64):016x}",'
        f'{{"pos":{draw.randrange(99)},"slot":"ad_{draw.randrange(999)}"}}]);\n'
        f"function f{draw.randrange(10**4)}(e,t){{return e&&e.length>t?e.slice(0,t):"
        f"document.getElementById('d{draw.randrange(999)}')}}\n"
        for _ in range(6)
    )
    if draw.random() < 0.3:
        rules = "".join(
            f".c{draw.getrandbits(24):06x}{{margin:{draw.randrange(30)}px;float:left}}\n" for _ in range(20)
        )
        return f"<style>\n{rules}</style>\n"
    return f"<script>\n{lines}</script>\n"


def _links_page(title: str, entries: list[Entry], more: str = "") -> Response:
    items = "\n".join(
        f'<li><a href="{e.url}">{escape(e.title)}</a> <span>{e.published:%Y-%m-%d %H:%M}</span></li>'
        for e in entries
    )
    body = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1>"
        f'<ul class="news-list">\n{items}\n</ul><div class="all-lists">{more}</div></body></html>'
    )
    return page(body.encode(), "text/html; charset=utf-8")


async def _ask(port: int, urls: list[str]) -> int:
    """Returns the bytes received for `urls`, asked one after the other on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
    received = 0
    for address in urls:
        writer.write(f"GET {address} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        received += len(await reader.readexactly(length))
    writer.close()
    return received


async def _ask_all(port: int, urls: list[str], connections: int) -> int:
    return sum(await asyncio.gather(*(_ask(port, urls[n::connections]) for n in range(connections))))


def main() -> None:
    """Starts the server, asks for every page three times, prints speed and sizes."""
    parser = argparse.ArgumentParser(description="Measures the demo server with the big site.")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--connections", type=int, default=8)
    wish = parser.parse_args()
    urls = list(big_expected(wish.count))
    started = time.perf_counter()
    with DemoServer(site=SITE, options={"count": wish.count}) as server:
        print(f"built and listening after {time.perf_counter() - started:.1f} s")
        asyncio.run(_ask_all(server.port, urls, wish.connections))
        started = time.perf_counter()
        received = asyncio.run(_ask_all(server.port, urls * 3, wish.connections))
        seconds = time.perf_counter() - started
    asked, size = len(urls) * 3, received / len(urls) / 3000
    print(f"{asked} requests in {seconds:.2f} s: {asked / seconds:.0f} a second, {size:.1f} KB a page")


if __name__ == "__main__":
    main()
