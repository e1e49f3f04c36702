"""On which line of a TOML text a key stands, which `tomllib` does not tell."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_.-]+)\s*=""")


def find_line(text: str, table: str, key: str) -> int:
    """Returns the line, counted from 1, of `key` in `table`; of the table's header without a key.

    `table` is "" for the top, "links" for [links] and "start[1]" for the second
    [[start]]. Returns 0 when there is no such line, as for a key that is missing
    or that stands in an inline table of another line.
    """
    current, counts, table_line = "", dict[str, int](), 0
    for number, line in enumerate(text.split("\n"), 1):
        header = _HEADER.match(line)
        if header:
            current = header[2]
            if header[1] == "[[":
                counts[current] = counts.get(current, -1) + 1
                current = f"{current}[{counts[current]}]"
            if current == table:
                table_line = number
                if not key:
                    return number
            elif not table and current.partition("[")[0] == key:
                return number
            continue
        found = _KEY.match(line)
        if not found:
            continue
        name = found[1].strip("\"'")
        if current == table and key and name == key:
            return number
        # written inline or dotted: links = {...}, links.article = [...]
        if not current and name in (table, f"{table}.{key}"):
            return number
    return table_line
