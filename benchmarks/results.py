"""What a part of the benchmarks gives back: figures to keep, and tables to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import isnan
from typing import Any

import numpy as np
from rich.table import Table
from scipy.stats import quantile_test


class Size(StrEnum):
    """How thoroughly to measure."""

    FULL = "full"
    """What is published."""
    QUICK = "quick"
    """To see whether a change helps: all sizes, few rounds."""
    TINY = "tiny"
    """To see that it works: its figures say nothing."""


@dataclass(frozen=True)
class Figure:
    """One figure, with the range that it lies in and the limits that it is to keep."""

    name: str
    value: float
    unit: str
    low: float | None = None
    """Of `spread`, in the unit of the figure."""
    high: float | None = None
    spread: str = ""
    """What `low` and `high` are: quartiles of rounds, or a 95 % interval."""
    least: float | None = None
    most: float | None = None

    @property
    def kept(self) -> bool | None:
        """Whether the value keeps its limits; None where there are none."""
        if self.least is None and self.most is None:
            return None
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)


@dataclass(frozen=True)
class Result:
    """What a part found."""

    figures: list[Figure]
    details: list[Table] = field(default_factory=list)


def quartiles(
    name: str, values: Sequence[float], unit: str, *, least: float | None = None, most: float | None = None
) -> Figure:
    """Return the median of rounds with its quartiles."""
    low, middle, high = (float(each) for each in np.quantile(values, [0.25, 0.5, 0.75]))
    return Figure(name, middle, unit, low, high, "quartiles", least, most)


def interval(
    name: str, values: Sequence[float], unit: str, *, least: float | None = None, most: float | None = None
) -> Figure:
    """Return the median of rounds with its 95 % interval by order statistics; below six rounds, with their range."""
    known: Any = quantile_test(np.asarray(values), q=0.0, p=0.5).confidence_interval(0.95)
    low, high, spread = float(known.low), float(known.high), "95 %"
    if isnan(low) or isnan(high):
        low, high, spread = min(values), max(values), "range"
    return Figure(name, float(np.median(values)), unit, low, high, spread, least, most)


def exponents(sizes: Sequence[float], rounds: Sequence[Sequence[float]]) -> list[float]:
    """Return the slope of log cost on log size by least squares in each round; a round holds a cost for each size."""
    return [float(np.polyfit(np.log(sizes), np.log(costs), 1)[0]) for costs in rounds]
