"""`scrapy runs`: how the sites do, and what the last runs of one site came to."""

from __future__ import annotations

import argparse
import json
from typing import Any

from rich.console import Console
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from crawler.console import complain, console, table

HEALTH = "SELECT * FROM site_health ORDER BY open_alarms DESC, site"
SITE = "SELECT name FROM site WHERE name = :site"
RUNS = "SELECT * FROM runs WHERE site = :site ORDER BY id DESC LIMIT :number"
COUNTS = (
    "SELECT run_count.run_id, run_count.name, run_count.value FROM run_count"
    " JOIN run ON run.id = run_count.run_id JOIN site ON site.id = run.site_id"
    " WHERE site.name = :site AND run_count.run_id IN"
    " (SELECT id FROM runs WHERE site = :site ORDER BY id DESC LIMIT :number)"
)
ALARMS = (
    "SELECT kind, subject, message, raised_at FROM alarms"
    " WHERE site = :site AND healed_run_id IS NULL ORDER BY id"
)
GAPS = (
    "SELECT list_url, cause, detail, since FROM coverage_gaps"
    " WHERE site = :site AND closed_run_id IS NULL ORDER BY id"
)
LISTS = (
    "SELECT list_url, pages, listed, known, stored, dropped, dropped_by_cause, ending FROM coverage_by_list"
    " WHERE run_id = (SELECT max(run_id) FROM coverage_by_list WHERE site = :site) ORDER BY list_url"
)

HEALTH_COLUMNS = {
    "site": "site",
    "state": "state",
    "ended_at": "ended (UTC)",
    "due_at": "due (UTC)",
    "pages": "pages",
    "new_articles": "new",
    "new_versions": "updated",
    "failures": "failed",
    "with_title": "title",
    "with_published": "time",
    "with_source": "source",
    "with_body": "body",
    "open_alarms": "alarms",
    "open_gaps": "gaps",
}
RUN_COLUMNS = {
    "id": "run",
    "state": "state",
    "reason": "reason",
    "started_at": "started (UTC)",
    "ended_at": "ended (UTC)",
    "pages": "stored pages",
    "new_articles": "new",
    "new_versions": "updated",
    "copies": "copies",
    "failures": "failed",
    "bytes": "bytes",
    "code_version": "code",
}
SHARES = ("with_title", "with_published", "with_source", "with_body")

Record = dict[str, Any]


class Command(ScrapyCommand):
    """Shows the record of runs; exits 1 when the store can't be read or knows no such site."""

    requires_project = True
    requires_crawler_process = False

    def syntax(self) -> str:
        """How the command is called."""
        return "[SITE] [--last N] [--json]"

    def short_desc(self) -> str:
        """One line on the command."""
        return "Show the last run of each site, or the runs, alarms, gaps and lists of one"

    def long_desc(self) -> str:
        """What `--help` says."""
        return f"{self.short_desc()}. Example: scrapy runs people_gongyi --last 5"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --last and --json."""
        super().add_options(parser)
        parser.add_argument("--last", type=int, default=10, metavar="N", help="runs to show (default: 10)")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Prints what the store says."""
        from storage import StoreError  # late: every scrapy command imports this module
        from storage.query import read_only

        if len(args) > 1 or opts.last < 1:
            raise UsageError("give one site at most, and a number of runs above 0")
        assert self.settings is not None
        out = console()
        try:
            with read_only(self.settings["DATABASE_URL"]) as connection:
                if not args:
                    _show_health(out, _records(connection, HEALTH), opts.json)
                elif _records(connection, SITE, site=args[0]):
                    _show_site(out, connection, args[0], opts)
                else:
                    complain(f"no run of a site named {args[0]!r} is on record")
                    self.exitcode = 1
        except StoreError as error:
            complain(str(error))
            self.exitcode = 1


def _records(connection: Any, sql: str, **values: Any) -> list[Record]:
    from sqlalchemy import text  # late, as above
    from sqlalchemy.exc import DBAPIError

    from storage import StoreError

    try:
        return [dict(row) for row in connection.execute(text(sql), values).mappings()]
    except DBAPIError as error:
        raise StoreError(f"the store can't be read: {' '.join(str(error.orig).split())}") from None


def _show_health(out: Console, rows: list[Record], as_json: bool) -> None:
    if as_json:
        _print_json(out, rows)
        return
    for row in rows:
        row |= {name: f"{row[name]:.0%}" for name in SHARES if row[name] is not None}
    out.print(_table(HEALTH_COLUMNS, rows))


def _show_site(out: Console, connection: Any, site: str, opts: argparse.Namespace) -> None:
    runs = _records(connection, RUNS, site=site, number=opts.last)
    counts: dict[int, dict[str, int]] = {}
    for row in _records(connection, COUNTS, site=site, number=opts.last):
        counts.setdefault(row["run_id"], {})[row["name"]] = row["value"]
    if opts.json:
        _print_json(out, [{**run, "counts": counts.get(run["id"], {})} for run in runs])
        return
    out.print(_table(RUN_COLUMNS, runs))
    last = counts.get(runs[0]["id"], {}) if runs else {}
    failed = {k.removeprefix("page_failed/"): v for k, v in last.items() if k.startswith("page_failed/")}
    if failed:
        out.print(table(["failed pages by reason", ""], sorted(failed.items())))
    for title, sql in (("open alarms", ALARMS), ("open gaps", GAPS), ("lists of the last run", LISTS)):
        rows = _records(connection, sql, site=site)
        if rows:
            out.print(table(list(rows[0]), [list(row.values()) for row in rows], title))


def _table(columns: dict[str, str], rows: list[Record]) -> object:
    def shown(value: Any) -> Any:
        text = str(value) if value is not None else ""
        # a time of this year is told from another's by its run
        return text[5:16] if text[4:5] == "-" and text[13:14] == ":" else value

    return table(list(columns.values()), [[shown(row[name]) for name in columns] for row in rows])


def _print_json(out: Console, rows: list[Record]) -> None:
    for row in rows:
        out.out(json.dumps(row, ensure_ascii=False, default=str))
