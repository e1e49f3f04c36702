"""The demo site: stories in, a response for each (host, path) out.

`build_site` renders every page once; nothing is made while a crawl runs. Same
stories, same URLs and bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from crawler.demo import chenguang, feeds, jiangwan, linlan
from crawler.demo.address import article_path, list_path
from crawler.demo.layout import Around, Entry, ListPage, around, entry, fill
from crawler.demo.plan import Plan, hazard_path, in_feed, in_sitemap, make_plan, old_path
from crawler.demo.publisher import Publisher, publishers, stable_number
from crawler.demo.response import Pages, Response, page, redirect
from crawler.demo.story import Posting

LARGE_SIZE = 30_000_000  # bytes of the page that is too large
FAILURES = 2  # requests that get 500 before the page heals
HOME_ENTRIES = 10
_LARGE_ROW = f"<p>编号{1:06d}　已注册志愿者　服务时长合计一百二十小时　评定星级：三星</p>\n".encode() * 64
_NOTHING = Around(None, None, (), (), ())


def build_site(stories: Path | Traversable | str | None = None) -> Pages:
    """Returns all pages of the demo site: (host, path with query) -> response.

    `stories` is a folder of story files; without it, those of the package.
    Raises ValueError on stories that can't be read, and when two pages would
    get the same address.
    """
    plan = make_plan(Path(stories) if isinstance(stories, str) else stories)
    pages: Pages = {}
    for (host, path), response in _all_pages(plan):
        if (host, path) in pages:
            raise ValueError(f"two pages at http://{host}{path}")
        pages[host, path] = response
    return pages


def _all_pages(plan: Plan) -> Iterator[tuple[tuple[str, str], Response]]:
    for posting in plan.postings:
        host = publishers()[posting.site].host
        for path, response in _article_pages(plan, posting):
            yield (host, path), response
    for site in publishers().values():
        for path, response in (*_list_pages(plan, site), *_other_pages(plan, site)):
            yield (site.host, path), response
    for hazard, posting in plan.hazards:
        for path, response in _hazard_pages(hazard, posting):
            yield (publishers()[posting.site].host, path), response


def _article_pages(plan: Plan, posting: Posting) -> Iterator[tuple[str, Response]]:
    roles = plan.roles
    beside = around(posting, plan.of_site(posting.site))
    if posting.site == "chenguang":
        parts = chenguang.PARTS if posting.key == roles.paginated.key else 1
        for number, body in enumerate(chenguang.article(posting, beside, parts), 1):
            made = page(body, chenguang.CONTENT_TYPE, posting.published)
            if posting.key == roles.heals.key:
                made = Response(body=body, content_type=chenguang.CONTENT_TYPE, failures=FAILURES)
            yield article_path(posting, number), made
        if posting.key == roles.moved.key:
            yield old_path(posting), redirect(publishers()[posting.site].url(article_path(posting)))
    elif posting.site == "jiangwan":
        charset = "utf-8" if posting.key == roles.mislabelled.key else jiangwan.CHARSET
        body = jiangwan.article(posting, beside).encode(charset)
        yield article_path(posting), page(body, jiangwan.CONTENT_TYPE, posting.published)
    else:
        yield (
            article_path(posting),
            page(linlan.article(posting, beside), linlan.CONTENT_TYPE, posting.published),
        )


def _list_pages(plan: Plan, site: Publisher) -> Iterator[tuple[str, Response]]:
    linked = plan.of_site(site.key)
    ranking = around(linked[0], linked).ranking if linked else ()
    newest = tuple(entry(p) for p in linked[:HOME_ENTRIES])
    yield "/", _list_response(site, ListPage("首页", newest, 1, ("/",), newest[:3], ranking))
    for column, part in site.columns.items():
        entries = plan.column(site, column)
        cuts = [entries[n : n + site.page_size] for n in range(0, len(entries), site.page_size)] or [[]]
        paths = tuple(list_path(site, part, n) for n in range(1, len(cuts) + 1))
        teasers = _column_teasers(linked, column)
        for number, cut in enumerate(cuts, 1):
            made = _list_response(site, ListPage(column, tuple(cut), number, paths, teasers, ranking))
            yield paths[number - 1], made


def _column_teasers(linked: Sequence[Posting], column: str) -> tuple[Entry, ...]:
    order = sorted(linked, key=lambda p: stable_number(f"column:{column}:{p.slug}", 0, 1 << 62))
    return tuple(entry(p) for p in order[:3])


def _list_response(site: Publisher, listed: ListPage) -> Response:
    if site.key == "chenguang":
        return page(chenguang.list_page(listed), chenguang.CONTENT_TYPE)
    if site.key == "jiangwan":
        return page(jiangwan.list_page(listed).encode(jiangwan.CHARSET), jiangwan.CONTENT_TYPE)
    return page(linlan.list_page(listed), linlan.CONTENT_TYPE)


def _other_pages(plan: Plan, site: Publisher) -> Iterator[tuple[str, Response]]:
    ending = "htm" if site.key == "jiangwan" else "html"
    for name, title in (("about", "关于我们"), ("contact", "联系我们")):
        yield f"/{name}.{ending}", _plain(site, title, f"{site.name}是为演示而虚构的网站，电话000-0000000。")
    if site.key == "chenguang":
        yield "/rss.xml", page(feeds.rss(site, in_feed(plan)), "application/rss+xml; charset=utf-8")
        yield "/sitemap.xml", page(feeds.sitemap_index(site), "application/xml")
        yield "/sitemap-columns.xml", page(feeds.column_sitemap(site), "application/xml")
        yield "/sitemap-news.xml.gz", page(feeds.news_sitemap(site, in_sitemap(plan)), "application/gzip")
        forbidden = ["/internal/", "/print/", "/search/"]
        yield "/robots.txt", page(feeds.robots(site, forbidden, sitemap=True), "text/plain")
    if site.key == "jiangwan":  # 临澜市民政局 has no robots.txt, as many government sites
        yield (
            "/robots.txt",
            page(feeds.robots(site, ["/admin/", "/comment.php"], sitemap=False), "text/plain"),
        )


def _plain(site: Publisher, title: str, text: str) -> Response:
    old = site.key == "jiangwan"
    charset, label = (jiangwan.CHARSET, "gb2312") if old else ("utf-8", "utf-8")
    body = fill("about.html", name=site.name, title=title, text=text, charset=label)
    return page(body.encode(charset), f"text/html; charset={label}")


def not_found(site: Publisher) -> Response:
    """Returns the page that a publisher answers with under an address it doesn't have."""
    found = _plain(site, "404 页面不存在", "抱歉，您访问的页面不存在或已被删除，请返回首页继续浏览。")
    return Response(404, found.body, found.content_type)


def _hazard_pages(hazard: str, posting: Posting) -> Iterator[tuple[str, Response]]:
    path = hazard_path(hazard, posting)
    site = publishers()[posting.site]
    if hazard == "forbidden":
        yield path, page(chenguang.article(posting, _NOTHING)[0], chenguang.CONTENT_TYPE)
    elif hazard == "truncated":
        body = jiangwan.article(posting, _NOTHING).encode(jiangwan.CHARSET)
        half = len(body) // 2
        yield path, Response(body=body[:half], content_type=jiangwan.CONTENT_TYPE, missing=len(body) - half)
    elif hazard == "too_large":
        head, mark, tail = linlan.article(posting, _NOTHING).partition(b'<meta name="ContentEnd"')
        repeat = -(-(LARGE_SIZE - len(head) - len(mark + tail)) // len(_LARGE_ROW))
        yield path, Response(200, head, linlan.CONTENT_TYPE, (), _LARGE_ROW, repeat, mark + tail)
    elif hazard == "soft_404":
        yield path, _plain(site, "提示信息", "您访问的页面不存在或已被删除，五秒后自动返回首页。")
    elif hazard == "redirect_loop":
        login = path.replace(".html", "_login.html")
        yield path, redirect(site.url(login), 302)
        yield login, redirect(site.url(path), 302)
    elif hazard != "http_404":  # that one is linked and has no page
        raise ValueError(f"unknown hazard {hazard!r} of {posting.slug}")
