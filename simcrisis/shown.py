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


def _table(table: pl.DataFrame) -> Iterator[str]:
    numbers = [dtype.is_numeric() for dtype in table.dtypes]
    yield "<table>"
    yield _row("th", table.columns, numbers)
    for row in table.head(MOST_ROWS).iter_rows():
        yield _row("td", [_cell(value) for value in row], numbers)
    yield "</table>"
    if len(table) > MOST_ROWS:
        yield f"<p>and {len(table) - MOST_ROWS:,} more rows</p>"


def _row(tag: str, cells: Sequence[str], numbers: Sequence[bool]) -> str:
    aligned = (f' style="text-align: {"right" if number else "left"}; white-space: nowrap"' for number in numbers)
    told = "".join(f"<{tag}{style}>{escape(cell)}</{tag}>" for cell, style in zip(cells, aligned, strict=True))
    return f"<tr>{told}</tr>"


def _cell(value: object) -> str:
    """Return a figure with three digits that count, or more before the point; other things as they are."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
