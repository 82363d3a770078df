"""Design points: the combinations of factor values at which a batch runs every arm."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from simcrisis.batch import salib
from simcrisis.scenario.experiment import Experiment, Range

Shares = npt.NDArray[np.float64]

POINT = "point"
"""The column that tells design points apart, where there is more than one."""


@dataclass(frozen=True)
class Point:
    """A design point: what it changes in the scenario, by path."""

    number: int
    changes: Mapping[str, Any]


def points(experiment: Experiment | None) -> tuple[Point, ...]:
    """Return the design points of an experiment, levels varying slowest first; one that changes nothing without it.

    Of an ensemble: the default, then its sets.
    """
    if experiment is None:
        return (Point(0, {}),)
    if experiment.ensemble:
        rows = zip(*experiment.levels.values(), strict=True)
        return tuple(Point(n, dict(zip(experiment.levels, row, strict=True))) for n, row in enumerate(rows))
    combined = product(*experiment.levels.values())
    grid = [dict(zip(experiment.levels, chosen, strict=True)) for chosen in combined]
    sampled = list(_sampled(experiment)) or [{}]
    whole = ({**chosen, **drawn} for chosen in grid for drawn in sampled)
    return tuple(Point(n, {path: values[path] for path in experiment.vary}) for n, values in enumerate(whole))


def _sampled(experiment: Experiment) -> Iterator[dict[str, Any]]:
    """Yield the sampled values of the ranges, a point each."""
    ranges: dict[str, Range] = experiment.ranges
    for row in shares(experiment).tolist():
        yield {path: factor.value(share) for (path, factor), share in zip(ranges.items(), row, strict=True)}


def shares(experiment: Experiment) -> Shares:
    """Return [sampled point, range]: where in each range a point lies, 0 to 1; raises BatchError without SALib."""
    size, points = len(experiment.ranges), experiment.points
    if not size or points is None:
        return np.zeros((0, size))
    if experiment.sample == "morris":
        return salib.trajectories(size, points // experiment.block, experiment.seed)
    if experiment.sample == "saltelli":
        return salib.saltelli_rows(size, points // experiment.block, experiment.seed)
    from scipy.stats import qmc  # half a second, for designs that sample only

    samplers = {"latin_hypercube": qmc.LatinHypercube, "sobol": qmc.Sobol}
    drawn: Shares = samplers[experiment.sample](size, rng=experiment.seed).random(points)
    return drawn


def factors(design: Sequence[Point]) -> pl.DataFrame:
    """Return the column `point` and a column a factor, a row a point; no columns where nothing varies.

    Numbers and truth values keep their type where all levels share it; everything else is text as a scenario file
    would hold it.
    """
    if not design[0].changes:
        return pl.DataFrame(schema={})
    columns: dict[str, pl.Series] = {POINT: pl.Series([point.number for point in design], dtype=pl.Int64)}
    for path in design[0].changes:
        columns[path] = _column([point.changes[path] for point in design])
    return pl.DataFrame(columns)


def _column(values: list[Any]) -> pl.Series:
    kinds = {type(value) for value in values}
    if kinds == {bool}:
        return pl.Series(values, dtype=pl.Boolean)
    if kinds == {int}:
        return pl.Series(values, dtype=pl.Int64)
    if kinds <= {int, float}:
        return pl.Series(values, dtype=pl.Float64, strict=False)
    return pl.Series([value if isinstance(value, str) else json.dumps(value) for value in values], dtype=pl.String)
