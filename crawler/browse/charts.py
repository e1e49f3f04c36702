"""Charts as SVG, drawn here: a page needs no script and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

COLOURS = ("#3366cc", "#dc7633", "#2e8b57", "#8e44ad", "#b03a5b", "#7f8c8d")
WIDTH = 720
ROW = 26
LABEL = 220
HEIGHT = 240
NOTHING = "暂无数据"
_FOOT, _SIDE = 24, 36


def bars(rows: Sequence[tuple[str, Sequence[int]]], names: Sequence[str]) -> str:
    """Horizontal bars, one a row, in as many parts as there are names; says so when there is none."""
    if not rows:
        return _svg(ROW, [f'<text x="0" y="17">{NOTHING}</text>'])
    most = max((sum(values) for _, values in rows), default=0) or 1
    parts = []
    for n, (label, values) in enumerate(rows):
        y, x = n * ROW, float(LABEL)
        shown = label if len(label) <= 16 else f"{label[:15]}…"
        parts.append(
            f'<text x="{LABEL - 8}" y="{y + 17}" text-anchor="end">{escape(shown)}'
            f"<title>{escape(label)}</title></text>"
        )
        for colour, name, value in zip(COLOURS, names, values, strict=False):
            wide = value / most * (WIDTH - LABEL - 48)
            parts.append(
                f'<rect x="{x:.1f}" y="{y + 4}" width="{wide:.1f}" height="{ROW - 8}" fill="{colour}">'
                f"<title>{escape(label)}：{escape(name)} {value}</title></rect>"
            )
            x += wide
        parts.append(f'<text x="{x + 6:.1f}" y="{y + 17}">{sum(values)}</text>')
    return _svg(len(rows) * ROW, parts)


def columns(days: Sequence[str], series: Mapping[str, Sequence[int]]) -> str:
    """Stacked columns, one a day, in one colour a series."""
    totals = [sum(values) for values in zip(*series.values(), strict=True)]
    most = max(totals, default=0) or 1
    wide = (WIDTH - _SIDE) / max(len(days), 1)
    parts = [f'<text x="{_SIDE - 6}" y="12" text-anchor="end">{most}</text>']
    parts.append(
        f'<line x1="{_SIDE}" x2="{WIDTH}" y1="{HEIGHT - _FOOT}" y2="{HEIGHT - _FOOT}" stroke="#999"/>'
    )
    for n, day in enumerate(days):
        y = float(HEIGHT - _FOOT)
        for colour, (name, values) in zip(COLOURS, series.items(), strict=False):
            high = values[n] / most * (HEIGHT - _FOOT - 4)
            y -= high
            if values[n]:
                parts.append(
                    f'<rect x="{_SIDE + n * wide:.1f}" y="{y:.1f}" width="{max(wide - 1, 1):.1f}"'
                    f' height="{high:.1f}" fill="{colour}">'
                    f"<title>{day} {escape(name)} {values[n]}</title></rect>"
                )
        if n % max(len(days) // 6, 1) == 0:
            parts.append(f'<text x="{_SIDE + n * wide:.1f}" y="{HEIGHT - 6}">{day[5:]}</text>')
    return _svg(HEIGHT, parts)


def legend(names: Sequence[str]) -> str:
    """What the colours stand for."""
    return "".join(
        f'<span class="key"><i style="background:{colour}"></i>{escape(name)}</span>'
        for colour, name in zip(COLOURS, names, strict=False)
    )


def _svg(height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {max(height, 1):.0f}" role="img" xmlns="http://www.w3.org/2000/svg">'
        f"{''.join(parts)}</svg>"
    )
