"""The hooks by which Datasette gets our pages: search, article, charts, links and ready questions."""

from __future__ import annotations

import asyncio
import json
import tomllib
from collections.abc import Callable
from functools import cache, partial
from importlib.resources import files
from typing import Any, TypeVar

from datasette import hookimpl
from datasette.utils.asgi import Response
from markupsafe import Markup
from sqlalchemy import Connection

from crawler.browse.overview import charts
from storage import StoreError
from storage.family import family
from storage.query import read_store
from storage.reading_page import read_article
from storage.search import QueryError, search

HITS = 20
"""Hits of a page of results."""

PAGES = 500
"""Pages of results that can be turned to."""

DATABASE = "news"
"""The name under which Datasette shows the store."""

_ARTICLE_COLUMNS = ("article_id", "story_id", "original_id", "parent_id", "target_id")
_T = TypeVar("_T")


class Browse:
    """A plugin for the store in one SQLite file."""

    def __init__(self, file: str) -> None:
        self._url = f"sqlite:///{file}"
        self.__name__ = "browse"  # Datasette lists plugins by it

    async def _ask(self, question: Callable[[Connection], _T]) -> _T:
        """Asks the store in a thread, as Datasette's own queries do."""

        def run() -> _T:
            with read_store(self._url) as connection:
                return question(connection)

        return await asyncio.get_running_loop().run_in_executor(None, run)

    @hookimpl
    def register_routes(self) -> list[tuple[str, Any]]:
        """Our pages."""
        return [
            (r"^/-/search$", self._search),
            (r"^/-/article/(?P<id>-?\d{1,19})$", self._article),
            (r"^/-/charts$", self._charts),
        ]

    @hookimpl
    def menu_links(self, datasette: Any) -> list[dict[str, str]]:
        """The links of the menu."""
        links = {"全文检索": "/-/search", "图表": "/-/charts"}
        return [{"href": datasette.urls.path(path), "label": label} for label, path in links.items()]

    @hookimpl
    def extra_css_urls(self, datasette: Any) -> list[str]:
        """Our style sheet, beside Datasette's own."""
        return [datasette.urls.path("/browse/browse.css")]

    @hookimpl
    def extra_template_vars(self) -> dict[str, Any]:
        """What the first page lists, with the facets that a view is opened with."""
        described = _described()
        return {
            "browse_questions": [(one["name"], one["title"]) for one in described["questions"]],
            "browse_views": [(name, view["description"]) for name, view in described["views"].items()],
        }

    @hookimpl
    def render_cell(self, value: Any, column: str, table: str | None, datasette: Any) -> Any:
        """Leads from an article's id to its page."""
        if isinstance(value, int) and (
            column in _ARTICLE_COLUMNS or (column == "id" and table == "articles")
        ):
            href = datasette.urls.path(f"/-/article/{value}")
            return Markup('<a href="{}">{}</a>').format(href, value)
        if column in ("body", "body_before") and isinstance(value, str) and len(value) > 120:
            return f"{value[:120]}…"
        return None

    async def _search(self, datasette: Any, request: Any) -> Response:
        asked = (request.args.get("q") or "").strip()
        sort = "date" if request.args.get("sort") == "date" else "relevance"
        number = request.args.get("page") or "1"
        page = (
            min(max(int(number), 1), PAGES)
            if number.isascii() and number.isdigit() and len(number) < 6
            else 1
        )
        shown: dict[str, Any] = {"q": asked, "sort": sort, "page": page, "results": None, "error": ""}
        if asked:
            try:
                found = await self._ask(
                    lambda connection: search(connection, asked, sort, HITS, (page - 1) * HITS)  # type: ignore[arg-type]
                )
                shown["results"] = found
                shown["hits"] = [
                    (hit, _marked(hit.title, hit.title_spans), _marked(hit.snippet, hit.snippet_spans))
                    for hit in found.hits
                ]
                shown["next"] = page * HITS < found.total or (
                    found.more and page < PAGES and len(found.hits) == HITS
                )
            except QueryError as error:
                shown["error"] = str(error)
        status = 400 if shown["error"] else 200
        return Response.html(
            await datasette.render_template("browse_search.html", shown, request=request), status=status
        )

    async def _article(self, datasette: Any, request: Any) -> Response:
        id_ = int(request.url_vars["id"])
        try:
            article = await self._ask(partial(read_article, id_=id_))
            story = await self._ask(lambda connection: family(connection, str(id_)))
        except StoreError as error:
            missing = {"title": "404", "error": str(error), "status": 404}
            page = await datasette.render_template("error.html", missing, request=request)
            return Response.html(page, status=404)
        shown = {"article": article, "story": story.original, "alone": not story.original.children}
        return Response.html(await datasette.render_template("browse_article.html", shown, request=request))

    async def _charts(self, datasette: Any, request: Any) -> Response:
        drawn = await self._ask(charts)
        shown = {"charts": [(one.title, Markup(one.legend), Markup(one.svg)) for one in drawn]}  # noqa: S704 - escaped where drawn
        return Response.html(await datasette.render_template("browse_charts.html", shown, request=request))


def _marked(text: str, spans: tuple[tuple[int, int], ...]) -> Markup:
    made, at = Markup(""), 0
    for start, end in spans:
        made += Markup("{}<mark>{}</mark>").format(text[at:start], text[start:end])
        at = end
    return made + text[at:]


@cache
def _described() -> dict[str, Any]:
    return tomllib.loads(files("crawler.browse").joinpath("metadata.toml").read_text("utf-8"))


def metadata(tables: list[str]) -> dict[str, Any]:
    """Datasette's metadata: the views described, the tables behind them hidden, the ready questions."""
    described = _described()
    views = {name: dict(view) for name, view in described["views"].items()}
    hidden = {name: {"hidden": True} for name in tables}
    questions = {
        one["name"]: {"title": one["title"], "sql": one["sql"].strip(), "hide_sql": False}
        for one in described["questions"]
    }
    head = {name: described[name] for name in ("title", "description")}
    found = {**head, "databases": {DATABASE: {"tables": {**hidden, **views}, "queries": questions}}}
    plain: dict[str, Any] = json.loads(json.dumps(found))  # apart from the cache
    return plain
