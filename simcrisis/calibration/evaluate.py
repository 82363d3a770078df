"""From a parameter set to moments: runs of the calibration world under common luck, seen through the filter."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any, NamedTuple

import numpy as np

from simcrisis.calibration.moments import DIFFERENCES, RATIOS, pairs, recorded, sums
from simcrisis.draws import Luck
from simcrisis.engine.background import background
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World
from simcrisis.scenario import Scenario, load


class Moment(NamedTuple):
    """A moment over replications, with the standard error that their number leaves; NaN where nothing was counted."""

    value: float
    error: float


Moments = dict[str, Moment]


@cache
def calibration_world() -> Scenario:
    """Return the scenario in which parameters are fitted, as it ships."""
    with as_file(files(__package__).joinpath("world.yaml")) as path:
        return load(path)


def evaluated(scenario: Scenario, changes: Mapping[str, Any], replications: int, seed: int) -> Moments:
    """Return the moments of a parameter set, by path, over the first arm of a scenario.

    The same seed gives every parameter set the same luck. Raises ScenarioError for a path or value that does not fit.
    """
    world = compile_world(scenario.with_(changes) if changes else scenario, scenario.reference)
    rows = [sums_of(world, seed, replication) for replication in range(replications)]
    return moments([dict(zip(RATIOS, row, strict=True)) for row in rows])


def sums_of(world: World, seed: int, replication: int) -> list[tuple[float, float]]:
    """Return the numerator and denominator of every ratio in one run, in their order."""
    log = simulate(world, seed, replication)
    dyads = {pair for source in world.background for pair in pairs((source.a, source.b))}
    record = recorded(log, public_from_the_start(world, seed, replication), world.horizon, dyads)
    return list(sums(record).values())


def public_from_the_start(world: World, seed: int, replication: int) -> set[int]:
    """Return the numbers of the incidents of a run that are public when they strike, counter-operations never."""
    drawn = background(world, Luck(seed, replication))
    return {n for n, incident in (*enumerate(world.incidents), *drawn.items()) if not incident.covert}


def moments(rows: Sequence[Mapping[str, tuple[float, float]]]) -> Moments:
    """Return moments from the sums of replications; errors by linearisation of the ratio (Cochran 1977, 2.11)."""
    found: Moments = {}
    parts: dict[str, np.ndarray[Any, Any]] = {}
    for name in RATIOS:
        table = np.array([row[name] for row in rows])
        above, below = table[:, 0], table[:, 1]
        whole = math.fsum(below)
        value = math.fsum(above) / whole if whole else math.nan
        parts[name] = (above - value * below) / whole if whole else np.full(len(rows), math.nan)
        found[name] = Moment(value, _error(parts[name]))
    for name, (one, other) in DIFFERENCES.items():
        found[name] = Moment(found[one].value - found[other].value, _error(parts[one] - parts[other]))
    return found


def _error(residuals: np.ndarray[Any, Any]) -> float:
    n = len(residuals)
    return math.sqrt(float((residuals**2).sum()) * n / (n - 1)) if n > 1 else math.nan


def key_of(changes: Mapping[str, Any], replications: int) -> str:
    """Return what tells an evaluation apart from others under one seed."""
    return json.dumps([replications, dict(sorted(changes.items()))], separators=(",", ":"))
