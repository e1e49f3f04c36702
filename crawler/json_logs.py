"""The log as one JSON object a line, for machines that collect logs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from scrapy.settings import BaseSettings


class JsonFormatter(logging.Formatter):
    """Makes a line of `time` (UTC, ISO 8601), `level`, `logger`, `message`, and what else is known.

    That is `site` where a record is of one, and `traceback` of an error.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Returns the line of one record."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if spider := getattr(record, "spider", None):
            line["site"] = getattr(spider, "name", str(spider))
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json(settings: BaseSettings) -> None:
    """Where LOG_JSON is set, writes the log of this process as JSON in place of Scrapy's own handler.

    Call it in a command's `process_options`: when the crawler process is made,
    Scrapy has its say on the log first. LOG_ENABLED, LOG_FILE, LOG_FILE_APPEND
    and LOG_LEVEL mean what they do for Scrapy.
    """
    if not settings.getbool("LOG_JSON") or not settings.getbool("LOG_ENABLED"):
        return
    handler: logging.Handler = logging.StreamHandler()
    if file := settings.get("LOG_FILE"):
        handler = logging.FileHandler(file, "a" if settings.getbool("LOG_FILE_APPEND") else "w", "utf-8")
    handler.setFormatter(JsonFormatter())
    handler.setLevel(settings["LOG_LEVEL"])
    logging.root.addHandler(handler)
    settings.set("LOG_ENABLED", False, priority="cmdline")
    settings.set("LOG_FILE", None, priority="cmdline")
