"""Pages as the stages hand them to the store, about invented people and organisations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from pipelines.dedup import fingerprint
from pipelines.models import Article, Failure, Mention, Moment, Page, SiteHints

HOST = "http://news.jiangwan.example"
FETCHED = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))

CLINIC = (
    "江湾区红叶社会工作服务中心11月20日在湖滨社区举办义诊活动，30名志愿者为老人量血压、理发、修家电。",
    "居民李玉兰说，这样的活动她盼了很久。中心负责人周明远介绍，今年已服务2000余人次。",
)
LIBRARY = (
    "临澜市慈善总会日前向青石乡中心小学捐建的图书室启用，首批3500册图书已经上架。",
    "校长何秀英说，孩子们下课后终于有了一个安静读书的地方。",
)


def china(day: int, hour: int | None = None, minute: int = 0) -> Moment:
    """A time in November 2026 in China; the day alone when no hour is given."""
    return Moment(
        datetime(2026, 11, day, hour or 0, minute, tzinfo=CHINA),
        "day" if hour is None else "minute",
        raw=f"2026年11月{day}日",
        rule="visible",
    )


def page(
    path: str,
    paragraphs: tuple[str, ...] = CLINIC,
    *,
    host: str = HOST,
    site: str = "jiangwan",
    later: int = 0,
    failure: Failure | None = None,
    **fields: Any,
) -> Page:
    """A page with an article; `later` is in minutes after the first fetch, `fields` are the article's."""
    url = host + path
    article = Article(
        url,
        **{
            "kind": "article",
            "title": "义诊进社区",
            "published": china(21, 8, 5),
            "source": "江湾日报",
            "paragraphs": list(paragraphs),
            "charset": "gb18030",
            **fields,
        },
    )
    if "fingerprint" not in fields:
        article.fingerprint = fingerprint(article.body, article.title)
    return Page(
        url,
        url,
        200,
        {},
        b"",
        FETCHED + timedelta(minutes=later),
        SiteHints(site),
        article=article,
        failure=failure,
    )


def failed(path: str, status: int = 404, reason: str = "http_404") -> Page:
    """A page that gave no article."""
    return Page(
        HOST + path,
        HOST + path,
        status,
        {},
        b"",
        FETCHED,
        SiteHints("jiangwan"),
        failure=Failure("fetch", reason, f"answered {status}"),
    )


def organisation(body: str, name: str, surface: str = "") -> Mention:
    """The first place where `body` writes the organisation."""
    surface = surface or name
    start = body.index(surface)
    return Mention("organisation", start, start + len(surface), surface, name, "suffix")
