"""`scrapy browse`: the store in a web browser, read-only."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from sqlalchemy.engine import make_url

from crawler.console import complain

HOST = "127.0.0.1"
PORT = 8001


class Command(ScrapyCommand):
    """Serves until Ctrl-C; the exit code is 1 when the store or the address can't be used."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """How the command is called."""
        return "[--host ADDRESS] [--port N]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Look at the store in a web browser, with search, charts and ready questions"

    def long_desc(self) -> str:
        """What `--help` says."""
        return (
            f"{self.short_desc()}. Nothing can be changed, and only this machine can reach it unless --host "
            "says otherwise. A PostgreSQL store is copied to a file first. Needs the extra browse. "
            "Example: scrapy browse --port 8001"
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --host and --port."""
        super().add_options(parser)
        parser.add_argument("--host", default=HOST, help=f"address to listen on; default: {HOST}")
        parser.add_argument("--port", type=int, default=PORT, help=f"0 for any free one; default: {PORT}")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serves the store."""
        from storage import StoreError  # late: every scrapy command imports this module
        from storage.export import snapshot
        from storage.query import read_store

        if args:
            raise UsageError("browse takes no argument")
        if not 0 <= opts.port <= 65535:
            raise UsageError("--port is between 0 and 65535")
        assert self.settings is not None
        url = self.settings["DATABASE_URL"]
        try:
            with TemporaryDirectory(prefix="browse-") as folder:
                with read_store(url) as connection:
                    if connection.dialect.name == "sqlite":
                        file = Path(str(make_url(url).database)).absolute()
                    else:
                        file = Path(folder) / "news.db"
                        snapshot(connection, file, lambda _: None)
                self._serve(file, opts)
        except ImportError as error:
            complain(f"browse needs the extra, as in pip install 'gongyi-news[browse]': {error}")
            self.exitcode = 1
        except StoreError as error:
            complain(str(error))
            self.exitcode = 1
        except OSError as error:
            complain(f"cannot listen on {opts.host}:{opts.port}: {error.strerror}")
            self.exitcode = 1

    def _serve(self, file: Path, opts: argparse.Namespace) -> None:
        from crawler.browse.server import listen, serve

        with listen(opts.host, opts.port) as listening:
            host, port = listening.getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            print(f"http://{shown}:{port}/ (Ctrl-C ends it)", flush=True)
            serve(file, listening)
