"""The clock of a played run: it stands still where something is told, and hurries through hours in which nothing is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log1p

import numpy as np

from simcrisis.plots.records import Row

START, GAPS, HOLD, END = 1.0, 12.5, 2.0, 2.5
"""Seconds at the start, for all hours of the run together, for each thing told, and at the end."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Which hour of the run stands for which second of the film: linear between beats, and flat where it holds."""

    seconds: tuple[float, ...]
    hours: tuple[float, ...]
    at: Mapping[int, float]
    """The second of each record, by its seq: later records never come earlier."""

    @property
    def length(self) -> float:
        """Return how long the film is, in seconds."""
        return self.seconds[-1]

    def hour(self, second: float) -> float:
        """Return the hour of the run at a second of the film."""
        return float(np.interp(second, self.seconds, self.hours))


def clock_of(rows: Sequence[Row], told: Collection[int]) -> Clock:
    """Return the clock of the records of a run, in order; it stands still for HOLD seconds at each of those told.

    Hours between two records take seconds in proportion to log(1 + hours), GAPS seconds in all: a busy day plays slower
    than an empty week.
    """
    hours = [0.0, *(row["hour"] for row in rows)]
    pace = [log1p(max(0.0, after - before)) for before, after in pairwise(hours)]
    scale = GAPS / sum(pace) if any(pace) else 0.0
    seconds, beats, second = [0.0, START], [0.0, 0.0], START
    at: dict[int, float] = {}
    for row, gap in zip(rows, pace, strict=True):
        second += scale * gap
        at[row["seq"]] = second
        seconds.append(second)
        beats.append(row["hour"])
        if row["seq"] in told:
            second += HOLD
            seconds.append(second)
            beats.append(row["hour"])
    return Clock((*seconds, second + END), (*beats, beats[-1]), at)
