"""Where a page of the demo site lives: paths made from slugs, never from an order."""

from __future__ import annotations

from crawler.demo.publisher import Publisher, publishers, stable_number
from crawler.demo.story import Posting


def article_path(posting: Posting, part: int = 1) -> str:
    """Returns the path of an article, or of a following page of it (part 2, 3, ...)."""
    day = posting.published
    if posting.site == "chenguang":
        number = stable_number(posting.slug, 100_000, 1_000_000)
        ending = "" if part == 1 else f"_{part}"
        return f"/{day:%Y}/{day:%m%d}/{number}{ending}.html"
    if posting.site == "jiangwan":
        number = stable_number(posting.slug, 1_000_000, 10_000_000)
        return f"/content/{day:%Y-%m}/{day:%d}/content_{number}.htm"
    number = stable_number(posting.slug, 1_000_000, 10_000_000)
    column = publishers()[posting.site].columns[posting.column]
    return f"/art/{day.year}/{day.month}/{day.day}/art_{column}_{number}.html"


def article_url(posting: Posting) -> str:
    """Returns the absolute URL of an article's first page."""
    return publishers()[posting.site].url(article_path(posting))


def list_path(publisher: Publisher, column: str, number: int = 1) -> str:
    """Returns the path of a column's list page, counted from 1; `column` is its part of the URL."""
    if publisher.key == "chenguang":
        return f"/{column}/" if number == 1 else f"/{column}/index_{number}.html"
    if publisher.key == "jiangwan":
        return f"/node_{column}.htm" if number == 1 else f"/node_{column}_{number}.htm"
    first = f"/col/col{column}/index.html"
    uid = stable_number(column, 5_000_000, 6_000_000)
    return first if number == 1 else f"{first}?uid={uid}&pageNum={number}"
