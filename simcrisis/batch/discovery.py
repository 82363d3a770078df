"""Scenario discovery: where in the space of assumptions an arm does harm, from a batch over sampled ranges."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from simcrisis.batch.batch import Batch
from simcrisis.batch.design import shares
from simcrisis.batch.sensitivity import Output, about, outputs, ranges_only
from simcrisis.errors import BatchError
from simcrisis.events import FIREBREAK
from simcrisis.scenario.experiment import Experiment, Range
from simcrisis.shown import ASSUMED, card
from simcrisis.stats import prim
from simcrisis.units import HOUR, parse_duration

Floats = npt.NDArray[np.float64]
Row = dict[str, object]

DENSE = prim.DENSE
ONE_ARM = "sensitivity: boxes are of what an arm changes; run the reference and at least one other arm"
CLEAR = 1.96
"""Standard errors above the threshold from which a case of interest is clear of luck."""
BOXES = {
    "arm": pl.String,
    **dict.fromkeys(("rung", "points", "cases", "clear_cases", "inside", "cases_inside"), pl.Int64),
    **dict.fromkeys(("coverage", "density", "mass"), pl.Float64),
}
RESTRICTIONS = {
    "arm": pl.String,
    "rung": pl.Int64,
    **dict.fromkeys(("parameter", "low", "high"), pl.String),
    **dict.fromkeys(("low_share", "high_share", "quasi_p", "reproduced"), pl.Float64),
}
TRAJECTORY = {
    "arm": pl.String,
    "rung": pl.Int64,
    "step": pl.Int64,
    **dict.fromkeys(("coverage", "density", "mass"), pl.Float64),
    "restricted": pl.Int64,
    "taken": pl.Boolean,
}


@dataclass(frozen=True)
class Discovery:
    """What a scenario discovery found of each arm but the reference."""

    rung: int
    threshold: float
    """A point is a case of interest where the effect of the arm is above this."""
    dense: float
    outputs: pl.DataFrame = field(repr=False)
    """A row an arm, as in `Sensitivity`, of effects."""
    boxes: pl.DataFrame = field(repr=False)
    """A row an arm: arm, rung, points, cases (of interest), clear_cases (of them, above the threshold by 1.96 standard
    errors or more), inside (points in the box), cases_inside, coverage (share of the cases that the box holds), density
    (share of the box's points that are cases), mass (share of the points); null where there is no case."""
    restrictions: pl.DataFrame = field(repr=False)
    """A row an arm and parameter that its box restricts: arm, rung, parameter, low, high (as a file holds them, three
    digits, null where unbounded), low_share, high_share (of the range, 0 to 1), quasi_p, reproduced (in which share of
    random halves of the points it is restricted too)."""
    trajectory: pl.DataFrame = field(repr=False)
    """A row an arm and peeled box: arm, rung, step, coverage, density, mass, restricted (parameters), taken."""

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """What was found, by name."""
        return {name: getattr(self, name) for name in ("outputs", "boxes", "restrictions", "trajectory")}

    def _repr_html_(self) -> str:
        above = f"is above {100 * self.threshold:+g} percentage points"
        what = f"Where the change of an arm at rung {self.rung} or above {above}"
        return card(what, [f"{ASSUMED}."], {"boxes": self.boxes, "restrictions": self.restrictions})


def discover(batch: Batch, rung: int = FIREBREAK, *, threshold: float = 0.0, dense: float = DENSE) -> Discovery:
    """Return the boxes in which the effect of an arm is above a threshold (default: in which it raises the risk).

    `dense` is the share of cases of interest that a box should hold (simcrisis/stats/prim.py). The batch has ranges
    only, sampled by a Latin hypercube or by Sobol points. Raises BatchError for another design, or for a single arm.
    """
    experiment = ranges_only(batch, "latin_hypercube", "sobol")
    effects = [output for output in outputs(batch, rung) if output.kind == "effect"]
    if len(batch.arms) < 2:
        raise BatchError(ONE_ARM)
    return discovered(experiment, effects, rung, threshold=threshold, dense=dense)


def discovered(
    experiment: Experiment, effects: Sequence[Output], rung: int, *, threshold: float = 0.0, dense: float = DENSE
) -> Discovery:
    """Return the boxes of effects at the points of an experiment; see `discover`."""
    ranges = experiment.ranges
    where = _steps(shares(experiment), list(ranges.values()))
    boxes: list[Row] = []
    restrictions: list[Row] = []
    trajectory: list[Row] = []
    for effect in effects:
        of = {"arm": effect.arm, "rung": rung}
        cases = prim.Cases(where, effect.means > threshold)
        counted = _counted(effect, cases, threshold)
        if not cases.interest.any():
            boxes.append({**of, **counted})
            continue
        path, taken, box = prim.discover(cases, dense)
        boxes.append({**of, **counted, **_fitted(prim.fit(box, cases))})
        restrictions += [{**of, **row} for row in _restrictions(box, cases, dense, ranges)]
        trajectory += [{**of, **row} for row in _trajectory(path, taken, cases)]
    return Discovery(
        rung,
        threshold,
        dense,
        about(effects, rung),
        pl.DataFrame(boxes, schema=BOXES),
        pl.DataFrame(restrictions, schema=RESTRICTIONS),
        pl.DataFrame(trajectory, schema=TRAJECTORY),
    )


def _counted(effect: Output, cases: prim.Cases, threshold: float) -> Row:
    errors = effect.values.std(axis=1, ddof=1) / math.sqrt(effect.values.shape[1])
    clear = cases.interest & (effect.means > threshold + CLEAR * errors)
    return {"points": len(cases.interest), "cases": int(cases.interest.sum()), "clear_cases": int(clear.sum())}


def _fitted(fit: prim.Fit) -> Row:
    return {
        "inside": fit.points,
        "cases_inside": fit.cases,
        "coverage": fit.coverage,
        "density": fit.density,
        "mass": fit.mass,
    }


def _restrictions(box: prim.Box, cases: prim.Cases, dense: float, ranges: Mapping[str, Range]) -> Iterator[Row]:
    chance, again = prim.quasi_p(box, cases), prim.reproduced(cases, dense)
    paths = list(ranges)
    for parameter in box.restricted:
        low, high = float(box.low[parameter]), float(box.high[parameter])
        within = ranges[paths[parameter]]
        yield {
            "parameter": paths[parameter],
            "low": None if low <= 0.0 else _text(_least(within, low)),
            "high": None if high >= 1.0 else _text(_most(within, high)),
            "low_share": low,
            "high_share": high,
            "quasi_p": chance[parameter],
            "reproduced": float(again[parameter]),
        }


def _trajectory(path: list[prim.Box], taken: int, cases: prim.Cases) -> Iterator[Row]:
    for step, box in enumerate(path):
        fit = prim.fit(box, cases)
        yield {
            "step": step,
            "coverage": fit.coverage,
            "density": fit.density,
            "mass": fit.mass,
            "restricted": len(box.restricted),
            "taken": step == taken,
        }


def _steps(where: Floats, ranges: list[Range]) -> Floats:
    """Return shares in which points with the same whole number are level: in the middle of its step."""
    stepped = where.copy()
    for n, each in enumerate(ranges):
        if each.scale == "whole":
            size = _whole(each)
            stepped[:, n] = (np.minimum(np.floor(where[:, n] * size), size - 1) + 0.5) / size
    return stepped


def _whole(within: Range) -> int:
    """Return how many whole numbers a range holds."""
    return int(within.high) - int(within.low) + 1


def _least(within: Range, share: float) -> Any:
    """Return the value from which a lower bound lets in."""
    if within.scale != "whole":
        return within.value(share)
    return int(within.low) + math.ceil(share * _whole(within) - 0.5)


def _most(within: Range, share: float) -> Any:
    """Return the value up to which an upper bound lets in."""
    if within.scale != "whole":
        return within.value(share)
    return int(within.low) + math.floor(share * _whole(within) - 0.5)


def _text(value: Any) -> str:
    """Return a bound as a file would hold it, with three digits: no sample places it better."""
    if isinstance(value, str):
        return f"{float(f'{parse_duration(value) / HOUR:.3g}'):g} h"
    return str(value) if isinstance(value, int) else f"{value:.3g}"
