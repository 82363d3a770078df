"""What results show of themselves in a notebook: a heading, what is to be known, tables with rounded figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

ASSUMED = "In this model, under these assumptions"
"""Words that every risk carries which is printed or shown."""
MOST_ROWS = 40
"""Rows of a table that are shown."""


def percent(share: float) -> str:
    """Return a share as a percentage with the digits that a reader wants."""
    value = 100.0 * share
    return (
        f"{value:.0f}" if abs(value) >= 9.95 else f"{value:.1f}" if abs(value) >= 0.95 or value == 0 else f"{value:.2f}"
    )


def share_with_interval(risk: Mapping[str, Any]) -> str:
    """Return a risk as a percentage with its interval in brackets; `-` where there is none."""
    if risk["probability"] is None:
        return "-"
    return f"{percent(risk['probability'])} % ({percent(risk['low'])}-{percent(risk['high'])})"


def card(title: str, facts: Sequence[str], tables: Mapping[str, pl.DataFrame]) -> str:
    """Return HTML for a notebook: title, a paragraph a fact, and tables, each under its name; all text is escaped."""
    parts = [f"<p><strong>{escape(title)}</strong></p>", *(f"<p>{escape(fact)}</p>" for fact in facts if fact)]
    for name, table in tables.items():
        parts += [f"<p><code>{escape(name)}</code></p>", *_table(table)]
    return f"<div>{''.join(parts)}</div>"


def figure(value: object) -> str:
    """Return a number with three digits that count, or more before the point; `-` for what is not there."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _table(table: pl.DataFrame) -> Iterator[str]:
    columns = _columns(table)
    numbers = [table.schema[names[0]].is_numeric() for names in columns]
    yield "<table>"
    yield _row("th", [names[0] if len(names) == 1 else f"{names[0]} (95 %)" for names in columns], numbers)
    for row in table.head(MOST_ROWS).iter_rows(named=True):
        yield _row("td", [_cell([row[name] for name in names]) for names in columns], numbers)
    yield "</table>"
    if len(table) > MOST_ROWS:
        yield f"<p>and {len(table) - MOST_ROWS:,} more rows</p>"


def _columns(table: pl.DataFrame) -> list[list[str]]:
    """Return the names of columns as they are shown: an estimate together with the bounds that stand behind it."""
    columns, left = [], table.columns
    while left:
        bounded = [name.endswith(end) for name, end in zip(left[1:3], ("low", "high"), strict=False)] == [True, True]
        size = 3 if bounded and all(table.schema[name].is_numeric() for name in left[:3]) else 1
        columns.append(left[:size])
        left = left[size:]
    return columns


def _row(tag: str, cells: Sequence[str], numbers: Sequence[bool]) -> str:
    aligned = (f' style="text-align: {"right" if number else "left"}; white-space: nowrap"' for number in numbers)
    told = "".join(f"<{tag}{style}>{escape(cell)}</{tag}>" for cell, style in zip(cells, aligned, strict=True))
    return f"<tr>{told}</tr>"


def _cell(values: Sequence[object]) -> str:
    """Return a figure, with its bounds in brackets where there are some."""
    middle, *bounds = map(figure, values)
    return f"{middle} ({' to '.join(bounds)})" if bounds and None not in values else middle
