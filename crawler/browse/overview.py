"""The numbers behind the charts, from the views."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, text

from crawler.browse.charts import COLOURS, bars, columns, legend

DAYS = 120
"""Days of publication that the chart of articles a day shows, up to the newest."""

ROWS = 20
"""Bars of a chart."""


@dataclass(slots=True, frozen=True)
class Chart:
    """A chart with its heading and what its colours stand for; `svg` and `legend` are HTML."""

    title: str
    svg: str
    legend: str


def charts(connection: Connection) -> list[Chart]:
    """Articles a day by site, activity by place, and how far stories spread."""
    return [_by_day(connection), _by_place(connection), _spread(connection)]


def _by_day(connection: Connection) -> Chart:
    newest = connection.scalar(text("SELECT max(published_day) FROM articles"))
    last = date.fromisoformat(str(newest)) if newest else date(2000, 1, 1)
    days = [str(last - timedelta(days=n)) for n in reversed(range(DAYS))]
    rows = connection.execute(
        text(
            "SELECT publisher, published_day, count(*) FROM articles WHERE published_day >= :first"
            " GROUP BY publisher, published_day"
        ),
        {"first": days[0]},
    )
    counted: dict[str, Counter[str]] = {}
    for publisher, day, number in rows:
        counted.setdefault(publisher, Counter())[str(day)] += number
    most = sorted(counted, key=lambda name: (-counted[name].total(), name))
    others = most[len(COLOURS) - 1 :] if len(most) > len(COLOURS) else []
    series = {name: [counted[name][day] for day in days] for name in most if name not in others}
    if others:
        series["其他"] = [sum(counted[name][day] for name in others) for day in days]
    return Chart("各网站每日文章数", columns(days, series or {"": [0] * DAYS}), legend(list(series)))


def _by_place(connection: Connection) -> Chart:
    rows: Any = connection.execute(
        text(
            "SELECT province, count(DISTINCT article_id) AS articles FROM places_mentioned"
            " WHERE NOT of_organisation AND relation = 'original' AND province IS NOT NULL"
            " GROUP BY province ORDER BY articles DESC, province LIMIT :most"
        ),
        {"most": ROWS},
    )
    return Chart("活动地域（按原创文章）", bars([(name, [number]) for name, number in rows], ["文章"]), "")


def _spread(connection: Connection) -> Chart:
    rows = connection.execute(
        text(
            "SELECT title, copies, reprints, excerpts FROM stories WHERE articles > 1"
            " ORDER BY articles DESC, first_day DESC, title LIMIT :most"
        ),
        {"most": ROWS},
    )
    kinds = ["原样转载", "改写转载", "摘录"]
    return Chart("传播最广的报道", bars([(title, counts) for title, *counts in rows], kinds), legend(kinds))
