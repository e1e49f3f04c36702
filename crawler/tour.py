"""What to try after a crawl: two commands, each with what it prints."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.markup import escape
from scrapy.settings import BaseSettings

from crawler.archive import ARCHIVE_FOLDER
from crawler.console import table
from crawler.inspection import inspect_page, show
from pipelines.extract.reading import Read, read_record
from storage.query import last_fetch, read_only, run_query

REPRINTS = (
    "SELECT published_day AS day, publisher, kind, round(CAST(similarity AS numeric), 2) AS similar,"
    " original_publisher AS first_by, original_title AS story"
    " FROM reprints ORDER BY published_day DESC, story LIMIT 5"
)
NEWEST = (
    "SELECT published_day AS day, publisher, title, source, authors FROM articles"
    " ORDER BY published_day DESC, title LIMIT 5"
)
ONE_ARTICLE = (
    "SELECT url FROM articles WHERE authors IS NOT NULL AND published_precision <> 'day'"
    " ORDER BY published_day DESC, url LIMIT 1"
)
PARAGRAPHS = 3


def next_steps(out: Console, settings: BaseSettings) -> None:
    """Prints a query and an inspection of what the crawl stored. Raises StoreError when it can't be read."""
    with read_only(settings["DATABASE_URL"]) as connection:
        sql = REPRINTS if run_query(connection, REPRINTS).first() else NEWEST
        result = run_query(connection, sql)
        out.print(f'\nTry next:\n\n[bold]$ scrapy query "{escape(sql)}"')
        out.print(table(list(result.keys()), [list(row) for row in result]))
        article = run_query(connection, ONE_ARTICLE).first()
        if article is None:
            return
        url = str(article[0])
        place = last_fetch(connection, url)
    if place is None:
        return
    read = read_record(Path(settings["DATA_DIR"]) / ARCHIVE_FOLDER / place.file, place.offset)
    if isinstance(read, Read):
        out.print(f"\n[bold]$ scrapy inspect --stored --paragraphs {PARAGRAPHS} {escape(url)}")
        show(out, inspect_page(read.page), PARAGRAPHS)
