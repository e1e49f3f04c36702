"""Every query of docs/queries.md over a store of generated articles, in milliseconds.

Names and months of the documentation, which are the demo's, are replaced by
such as the generated articles have: the organisation is one of those named
most, the county the one where most stories play. What a query does stays.
"""

from __future__ import annotations

import statistics
import time

from rich.table import Table

from benchmarks.generated import counties, vocabulary
from scripts.show_queries import questions
from storage.query import read_store, run_query

ROUNDS = 5
_ORGANISATION = 10
"""Its place among the organisations, those that are named most first: some 2 of 100 articles name it."""


def replacements() -> dict[str, str]:
    """What stands in the documentation, and what is asked for instead."""
    organisation = vocabulary().organisations[_ORGANISATION][0]
    code, path = next((code, path) for code, path in counties() if len(path) == 3)
    return {
        "临澜市东湖区星渡社会工作服务中心": organisation,
        "南京清禾社会工作服务中心": organisation,
        "临澜市慈善总会": organisation,
        "敲门队": "志愿者",
        "2026-09": "2024-09",
        "2026-10": "2024-10",
        "('基金会', '社会服务机构')": "('社会团体')",
        "unit = '元' AND lower >= 1000000": "unit = '名' AND lower >= 2900",
        "南京市": path[1],
        "江宁区": path[2],
        "3201%": f"{code[:4]}%",
    }


def measure(url: str) -> Table:
    """The times of all queries: the first, when little is in memory yet, and the median of the others."""
    table = Table(title="documented queries: ms, rows")
    for name in ("question", "first", "median", "rows"):
        table.add_column(name, justify="left" if name == "question" else "right")
    with read_store(url) as connection:
        for question in questions():
            sql = question.sql
            for shown, asked in replacements().items():
                sql = sql.replace(shown, asked)
            times, rows = [], 0
            for _ in range(ROUNDS + 1):
                start = time.perf_counter()
                rows = len(run_query(connection, sql).all())
                times.append((time.perf_counter() - start) * 1000)
            table.add_row(question.text, f"{times[0]:.0f}", f"{statistics.median(times[1:]):.0f}", str(rows))
    return table
