"""Serves one store through Datasette, read-only."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm

from crawler.browse.plugin import DATABASE, Browse, metadata

SETTINGS = {
    "default_page_size": 50,
    "max_returned_rows": 1000,
    "sql_time_limit_ms": 10_000,
    "facet_time_limit_ms": 2_000,
    "suggest_facets": False,
    "allow_download": False,
    "truncate_cells_html": 120,
}
"""Datasette's settings; see its documentation."""


class _Store(Database):  # type: ignore[misc]
    """The store without the tables of its search index, which can't be counted or read by themselves."""

    async def table_names(self) -> list[str]:
        return [name for name in await super().table_names() if not name.startswith("search_index")]


def application(file: Path) -> Any:
    """The ASGI application for a store in a SQLite file, which is opened read-only."""
    from datasette import handle_exception  # only behind the plugins, of which it is one

    # with rich it prints pages of local variables for each mistake of a visitor; our faults are still told
    handle_exception.rich = None
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
    connection.close()
    with as_file(files("crawler.browse")) as folder:
        datasette = Datasette(
            metadata=metadata(tables),
            settings=SETTINGS,
            template_dir=str(folder / "templates"),
            static_mounts=[("browse", str(folder / "static"))],
        )
    datasette.add_database(_Store(datasette, path=str(file), is_mutable=True), name=DATABASE)
    pm.register(Browse(str(file)), name="browse")
    return datasette.app()


def serve(file: Path, listening: socket.socket) -> None:
    """Serves until it is interrupted."""
    config = uvicorn.Config(application(file), log_level="warning")
    with suppress(KeyboardInterrupt):  # which the server raises again after it has ended in order
        uvicorn.Server(config).run(sockets=[listening])


def listen(host: str, port: int) -> socket.socket:
    """A socket on an address; 0 takes any free port. Raises OSError when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(64)
    except OSError:
        made.close()
        raise
    return made
