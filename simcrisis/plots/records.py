"""What plots of single runs share: the records of one run, hours and days, names that are shown as text."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator

from simcrisis.errors import printable
from simcrisis.plots.words import WITHIN_MODEL

_IN_DAYS_FROM = 10 * 24.0
_DAYS_APART = (1, 2, 5, 7, 10, 14, 30, 60)
_MOST_TICKS = 14
_RUN = ("arm", "replication", "point")

Row = Mapping[str, Any]
"""A record or a decision, by the columns of its table."""


class Step(NamedTuple):
    """A height that holds from an hour on."""

    hour: float
    height: float


def one_run(table: pl.DataFrame) -> Sequence[Row]:
    """Return the rows of a table of one run, in order; raises ValueError where it holds several runs, or none."""
    several = [name for name in _RUN if name in table.columns and table[name].n_unique() > 1]
    if several:
        choice = ", ".join(f"pl.col('{name}') == {table[name][0]!r}" for name in several)
        raise ValueError(f"the table holds several runs; choose one, such as table.filter({choice})")
    if table.is_empty():
        raise ValueError("the table holds no run: it has no rows")
    return list(table.sort("seq").to_dicts())


def said_of(table: pl.DataFrame) -> str:
    """Return of which run a table is, in words."""
    first = table.row(0, named=True)
    parts = [f"{name} {shown(str(first[name]))}" for name in ("arm", "replication") if name in first]
    return ", ".join(parts)


def back_to(by_seq: Mapping[int, Row], row: Row, kinds: Container[str]) -> Row | None:
    """Return the nearest record of some kinds among the causes of a record; None where there is none."""
    cause = by_seq.get(row["cause_seq"])
    while cause is not None and cause["kind"] not in kinds:
        cause = by_seq.get(cause["cause_seq"])
    return cause


def highest_rungs(rows: Iterable[Row]) -> Iterator[Step]:
    """Yield when the highest rung of any dyad changes, and to what; from hour 0."""
    dyads: dict[frozenset[str], float] = {}
    now = Step(0.0, 0.0)
    for row in rows:
        if row["kind"] != "rung":
            continue
        dyads[frozenset((row["actor"], row["counterpart"]))] = row["value"]
        height = max(dyads.values())
        if row["hour"] > now.hour and height != now.height:
            yield now
        if height != now.height:
            now = Step(row["hour"], height)
    yield now


def hours_axis(ax: Axes, first: float, last: float, note: str) -> None:
    """Give the horizontal axis, whose data are hours, ticks in days or hours, and a label with a note beneath."""
    in_days = last >= _IN_DAYS_FROM
    if in_days:
        apart = next((n for n in _DAYS_APART if (last - first) / 24.0 / n <= _MOST_TICKS), _DAYS_APART[-1])
        ax.xaxis.set_major_locator(MultipleLocator(24.0 * apart))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: f"{hour / 24.0:g}"))
    else:
        ax.xaxis.set_major_locator(MaxNLocator(_MOST_TICKS, steps=[1, 2, 3, 4, 6, 10]))
    unit = "Days" if in_days else "Hours"
    ax.set_xlabel(f"{unit} since the start\n{note} {WITHIN_MODEL}", parse_math=False)
    ax.set_xlim(first, last)


def shown(text: str, most: int = 26) -> str:
    """Return a text of a scenario as a label: what does not print is written out, what is long is cut."""
    plain = printable(text)
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def points_wide(ax: Axes) -> float:
    """Return the width of Axes in points, as they stand now."""
    return float(ax.get_window_extent().width) * 72.0 / ax.figure.dpi


def free_rows(places: Sequence[float], widths: Sequence[float], rows: int) -> list[int | None]:
    """Return for labels, from left to right, the first row in which each stands clear of those before; None: no row.

    `places` are left edges, `widths` how wide they are, in the same unit.
    """
    ends = [-float("inf")] * rows
    found: list[int | None] = []
    for left, width in zip(places, widths, strict=True):
        row = next((n for n in range(rows) if ends[n] <= left), None)
        if row is not None:
            ends[row] = left + width
        found.append(row)
    return found
