"""The three invented publishers, read from publishers.toml."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(slots=True, frozen=True)
class Publisher:
    """One invented publisher; `columns` maps a column's name to its part of the URL.

    `reprints` is the column that takes other publishers' texts, `editors` are
    the people on duty for it, `page_size` is the number of entries on a list page.
    """

    key: str
    name: str
    host: str
    columns: dict[str, str]
    reprints: str
    editors: tuple[str, ...]
    page_size: int

    def url(self, path: str) -> str:
        """Returns the absolute URL of a path on this publisher's host."""
        return f"http://{self.host}{path}"


@cache
def publishers() -> dict[str, Publisher]:
    """Returns the publishers by their key: chenguang, jiangwan, linlan."""
    data = tomllib.loads(files("crawler.demo").joinpath("publishers.toml").read_text("utf-8"))
    return {
        key: Publisher(
            key=key,
            name=table["name"],
            host=table["host"],
            columns=table["columns"],
            reprints=table["reprints"],
            editors=tuple(table["editors"]),
            page_size=table["page_size"],
        )
        for key, table in data.items()
    }


def stable_number(text: str, low: int, high: int) -> int:
    """Returns a number from low to high (without high) that depends on `text` alone."""
    digest = hashlib.sha256(text.encode()).digest()
    return low + int.from_bytes(digest[:8], "big") % (high - low)
