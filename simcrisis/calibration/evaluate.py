"""From a parameter set to moments: runs of the calibration world under common luck, seen through the filter."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np

from simcrisis.calibration.measured import Measured, Moment
from simcrisis.calibration.moments import DIFFERENCES, Sums, pairs, recorded, sums
from simcrisis.draws import Luck
from simcrisis.engine.background import background
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World
from simcrisis.scenario import Scenario, load


@cache
def calibration_world() -> Scenario:
    """Return the scenario in which parameters are fitted, as it ships."""
    with as_file(files(__package__).joinpath("world.yaml")) as path:
        return load(path)


def evaluated(scenario: Scenario, seed: int, changes: Mapping[str, Any], replications: int) -> Measured:
    """Return the moments of a parameter set, by path, over the reference arm of a scenario.

    The same seed gives every parameter set the same luck. Raises ScenarioError for a path or value that does not fit.
    """
    world = compile_world(scenario.with_(changes) if changes else scenario, scenario.reference)
    found = ratios([sums_of(world, seed, replication) for replication in range(replications)])
    for name, (one, other) in DIFFERENCES.items():
        error = math.hypot(found[one].error, found[other].error)  # of different incidents
        found[name] = Moment(found[one].value - found[other].value, error)
    return found


def evaluated_data(data: str, seed: int, changes: Mapping[str, Any], replications: int) -> Measured:
    """Return what `evaluated` does for a scenario's plain data in JSON, which goes to other processes as it stands."""
    return evaluated(_loaded(data), seed, changes, replications)


@lru_cache(maxsize=2)
def _loaded(data: str) -> Scenario:
    return load(json.loads(data))


def sums_of(world: World, seed: int, replication: int) -> dict[str, Sums]:
    """Return the numerator and denominator of every ratio in one run."""
    log = simulate(world, seed, replication)
    dyads = {pair for source in world.background for pair in pairs((source.a, source.b))}
    return sums(recorded(log, public_from_the_start(world, seed, replication), world.horizon, dyads))


def public_from_the_start(world: World, seed: int, replication: int) -> set[int]:
    """Return the numbers of the incidents of a run that are public when they strike; counter-operations never are."""
    drawn = background(world, Luck(seed, replication))
    return {n for n, incident in (*enumerate(world.incidents), *drawn.items()) if not incident.covert}


def ratios(rows: Sequence[Mapping[str, Sums]]) -> Measured:
    """Return ratios of sums over replications; errors by linearisation (Cochran 1977, Sampling Techniques, 2.11)."""
    found: Measured = {}
    for name in rows[0]:
        above, below = (np.array([row[name][part] for row in rows]) for part in (0, 1))
        whole = math.fsum(below)
        if whole == 0.0 or len(rows) < 2:
            found[name] = Moment(math.fsum(above) / whole if whole else 0.0, 1.0)
            continue
        value = math.fsum(above) / whole
        residuals = (above - value * below) / whole
        found[name] = Moment(value, math.sqrt(float((residuals**2).sum()) * len(rows) / (len(rows) - 1)))
    return found
