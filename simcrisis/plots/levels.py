"""The levels of a factor: numbers, hours, or names."""

from __future__ import annotations

import math
from typing import NamedTuple

import polars as pl

from simcrisis.units import parse_duration, to_hours

_DAYS_FROM = 240.0


class Levels(NamedTuple):
    """The levels of a factor in rising order; names in that of the table."""

    names: list[str]
    """As they are written."""
    at: list[float]
    """Where each lies on an axis: its number, or its place."""
    unit: str
    """hours or days; empty for plain numbers and for names."""
    numeric: bool


def levels(column: pl.Series) -> Levels:
    """Return the levels of a factor: numbers and durations as numbers, anything else by name."""
    written = column.unique(maintain_order=True).to_list()
    numbers, unit = _numbers(written)
    if numbers is None:
        return Levels(list(map(str, written)), [float(n) for n in range(len(written))], "", numeric=False)
    order = sorted(range(len(written)), key=numbers.__getitem__)
    return Levels([str(written[n]) for n in order], [numbers[n] for n in order], unit, numeric=True)


def _numbers(written: list[object]) -> tuple[list[float] | None, str]:
    if any(isinstance(each, bool) or each is None for each in written):
        return None, ""
    try:
        plain = [float(str(each)) for each in written]
    except ValueError:
        pass
    else:
        return (plain, "") if all(map(math.isfinite, plain)) else (None, "")
    try:
        hours = [to_hours(parse_duration(each)) for each in written]
    except ValueError:
        return None, ""
    in_days = max(hours) >= _DAYS_FROM
    return [hour / 24 if in_days else hour for hour in hours], "days" if in_days else "hours"


def spans(column: pl.Series) -> float:
    """Return how many times the smallest level of a factor its largest is; 0 where not all are numbers above 0."""
    known = levels(column)
    return known.at[-1] / known.at[0] if known.numeric and known.at[0] > 0 else 0.0
