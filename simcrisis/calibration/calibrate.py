"""A calibration from end to end: ranges and targets in; fit table, parameters and profiles out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from simcrisis import __version__
from simcrisis.calibration.crew import Crew, Progress
from simcrisis.calibration.evaluate import evaluated_data
from simcrisis.calibration.fit import Budget, Search, at, objective, search
from simcrisis.calibration.measured import Measured
from simcrisis.calibration.moments import DIFFERENCES, YEAR
from simcrisis.calibration.points import Points
from simcrisis.calibration.profiles import Profile, surfaces
from simcrisis.calibration.targets import FitTarget, fit_targets
from simcrisis.errors import CalibrationError
from simcrisis.scenario import Scenario
from simcrisis.scenario.experiment import Range

Z = 1.959963984540054
MET = 2.0
"""Standard errors, of all that is uncertain, within which a target counts as met."""

PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "background.rivals.rate": {"low": 0.5, "high": 2.0, "scale": "log"},
    "background.rivals.returns": {"low": 0.5, "high": 1.0},
    "model.lambda": {"low": 8.0, "high": 40.0, "scale": "log"},
    "model.lin": {"low": 0.3, "high": 1.5, "scale": "log"},
    "model.wrong": {"low": 0.3, "high": 2.0, "scale": "log"},
    "model.ten": {"low": 0.3, "high": 4.0, "scale": "log"},
    "model.clock_incident.median": {"low": "12 h", "high": "168 h", "scale": "log"},
    "model.clock_incident.spread": {"low": 1.5, "high": 8.0, "scale": "log"},
    "model.detection_covert.median": {"low": "3 days", "high": "60 days", "scale": "log"},
}
"""What is fitted unless told, and within which ranges (assumed)."""


@dataclass(frozen=True)
class Calibration:
    """What a calibration found; docs/calibration.md explains the columns."""

    scenario: Scenario = field(repr=False)
    changes: Mapping[str, Any]
    """The best parameters, by path."""
    evaluated: int
    """Points."""
    replications: int
    seed: int
    fit: pl.DataFrame = field(repr=False)
    """A row a target."""
    parameters: pl.DataFrame = field(repr=False)
    """A row a parameter."""
    profiles: pl.DataFrame = field(repr=False)
    """A row a parameter and a value of it."""
    directions: pl.DataFrame = field(repr=False)
    """A row a combination of parameters, the best known first: `error` in whole ranges, and a column a parameter."""
    objective: float
    """At the best point, under the luck of the search."""
    default_objective: float

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """What was found, by name."""
        return {
            "fit": self.fit,
            "parameters": self.parameters,
            "profiles": self.profiles,
            "directions": self.directions,
        }


def calibrate(
    scenario: Scenario,
    ranges: Mapping[str, Range],
    *,
    targets: Sequence[FitTarget] | None = None,
    budget: Budget | None = None,
    seed: int = 1,
    design_seed: int = 1,
    workers: int = 1,
    out: Path | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Return the fit of named parameters, by path, within ranges, to those targets that are not held back.

    Moments are of the reference arm of a scenario with background incidents, seen through the observation filter. With
    `out`, evaluated points are kept there, and the same call goes on where it stopped.

    Raises CalibrationError for a scenario or a folder that does not serve, ScenarioError for a path that leads nowhere.
    """
    targets, budget = targets or fit_targets(), budget or Budget()
    _check(scenario, ranges)
    fitted = [target for target in targets if not target.held_back]
    points = Points(out, _about(scenario, ranges, seed))
    data = json.dumps(dict(scenario.data))
    scenario.with_(at(ranges, np.full(len(ranges), 0.5)))  # what does not fit is known before anything is run
    with Crew(partial(evaluated_data, data, seed), points, workers, progress, luck=seed) as crew:
        default = crew.one({}, budget.replications)
        found = search(crew, ranges, fitted, budget, design_seed)
    other = seed + 1
    with Crew(partial(evaluated_data, data, other), points, workers, progress, luck=other) as crew:
        before, after = crew.many([{}, found.changes(found.best)], budget.check)
    fitted_surfaces = surfaces(found, fitted)
    profiles = [fitted_surfaces.profile(path, n) for n, path in enumerate(ranges)]
    return Calibration(
        scenario,
        found.changes(found.best),
        len(np.unique(found.shares, axis=0)),
        budget.replications,
        seed,
        fit_table(targets, before, after),
        _parameters(scenario, found, profiles),
        _profiles(ranges, profiles),
        pl.DataFrame(
            [
                {"error": each.error, **dict(zip(ranges, each.weights.tolist(), strict=True))}
                for each in fitted_surfaces.directions()
            ]
        ),
        float(found.objectives[found.best]),
        objective(fitted, default),
    )


def _check(scenario: Scenario, ranges: Mapping[str, Range]) -> None:
    if not scenario.background:
        raise CalibrationError(f"{scenario.file}: background: no incidents are drawn; a calibration needs them")
    if scenario.horizon < 2 * YEAR:
        raise CalibrationError(f"{scenario.file}: horizon: should be two years or more, so that one can be followed")
    if not ranges:
        raise CalibrationError("parameters: name at least one")


def _about(scenario: Scenario, ranges: Mapping[str, Range], seed: int) -> dict[str, Any]:
    return {
        "version": __version__,
        "scenario_sha256": scenario.digest,
        "seed": seed,
        "parameters": {path: each.model_dump() for path, each in ranges.items()},
    }


def fit_table(targets: Sequence[FitTarget], default: Measured, best: Measured) -> pl.DataFrame:
    """Return a row a target: what is published and how sure, what the default and the best parameters give, and z.

    z is the distance over the standard error of all that is uncertain: the published figure, the model's discrepancy
    and the luck of the runs. Of a bound only what lies above counts.
    """
    rows = []
    for target in targets:
        row: dict[str, object] = {
            "target": target.name,
            "what": target.what,
            "source": target.source,
            "standing": target.standing,
            "held_back": target.held_back,
            "bound": target.bound,
            "published": target.published,
            "published_error": target.sampling,
            "discrepancy": target.discrepancy,
            "weight": target.weight,
        }
        for name, (value, error) in (("default", default[target.name]), ("fitted", best[target.name])):
            z = target.off(value) / math.sqrt(1.0 / target.weight + error**2)
            low = value - Z * error if target.name in DIFFERENCES else max(0.0, value - Z * error)
            row |= {name: value, f"{name}_low": low, f"{name}_high": value + Z * error, f"{name}_z": z}
            row |= {f"{name}_met": abs(z) <= MET}
        rows.append(row)
    return pl.DataFrame(rows)


def _parameters(scenario: Scenario, found: Search, profiles: Sequence[Profile]) -> pl.DataFrame:
    best = found.changes(found.best)
    rows = [
        {
            "parameter": profile.parameter,
            "default": str(value_at(scenario, profile.parameter)),
            "fitted": str(best[profile.parameter]),
            "low": str(each.value(profile.low)),
            "high": str(each.value(profile.high)),
            "verdict": profile.verdict,
            "range_low": str(each.low),
            "range_high": str(each.high),
            "flatness": float(np.max(profile.above)),
        }
        for each, profile in zip(found.ranges.values(), profiles, strict=True)
    ]
    return pl.DataFrame(rows)


def _profiles(ranges: Mapping[str, Range], profiles: Sequence[Profile]) -> pl.DataFrame:
    rows = [
        {"parameter": profile.parameter, "share": share, "value": str(each.value(share)), "above_minimum": above}
        for each, profile in zip(ranges.values(), profiles, strict=True)
        for share, above in zip(profile.shares.tolist(), profile.above.tolist(), strict=True)
    ]
    return pl.DataFrame(rows)


def value_at(scenario: Scenario, path: str) -> Any:
    """Return what a scenario holds at a path, defaults included, as its file would; None where there is nothing."""
    first, *others = path.split(".")
    here: Any = scenario.model_dump(mode="json", by_alias=True, include={first})[first]
    for word in others:
        if isinstance(here, list):
            here = next((each for each in here if word in ("*", each.get("name"))), None)
        elif isinstance(here, dict):
            here = next(iter(here.values()), None) if word == "*" else here.get(word)
        else:
            return None
    return here
