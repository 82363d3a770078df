"""The few, robust patterns that a parameter set must show to be in the ensemble, and how implausible one makes it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from simcrisis.calibration.evaluate import calibration_world, evaluated, ratios
from simcrisis.calibration.measured import Measured
from simcrisis.calibration.moments import Sums
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World
from simcrisis.events import EXCEEDED, FIREBREAK
from simcrisis.scenario import Scenario, load

IMPLAUSIBLE = 3.0
"""Implausibility above which a set is ruled out (Pukelsheim 1994, doi:10.1080/00031305.1994.10476030: three sigma)."""
CRISIS = "belgrade_2015"
"""The scenario in which patterns of crises are looked at, in its reference arm."""
CRISIS_RUNS = 10
"""Replications of the crisis for each one of peacetime."""
_FORCE, _USE = (list(EXCEEDED).index(rung) for rung in (FIREBREAK, FIREBREAK + 1))


@dataclass(frozen=True)
class Pattern:
    """A pattern: what is measured, what it should be, and how far it may be off."""

    name: str
    what: str
    value: float
    observed: float
    """Standard error of what is known."""
    discrepancy: float
    """How far the model may be off for reasons of its own, one standard deviation (judged)."""
    standing: str
    bound: bool = False
    """Whether only what lies above counts."""
    decades: bool = False
    """Whether distances count on a scale of decimal logarithms."""

    def implausibility(self, value: float, error: float) -> float:
        """Return I = |E[f] - z| / sqrt(Var_obs + Var_disc + Var_sim) (Craig et al. 1997; Vernon et al. 2010)."""
        if self.decades:
            safe = max(value, 1e-9)
            distance, error = math.log10(safe / self.value), error / safe / math.log(10.0)
        else:
            distance = value - self.value
        distance = max(0.0, distance) if self.bound else abs(distance)
        return distance / math.sqrt(self.observed**2 + self.discrepancy**2 + error**2)


PEACETIME = (
    Pattern(
        "political-response", "public incidents with a public response", 0.187, 0.014, 0.04, "C: EuRepoC, n 755"
    ),
    Pattern(
        "counter-operations", "cyber answers for each public incident, at most", 0.035, 0.0, 0.01,
        "C: DCID 2.0, opposing incident within 90 d less the base rate", bound=True,
    ),
    Pattern(
        "force-after-incident", "threats or uses of force for each public incident, at most", 0.007, 0.0, 0.001,
        "C, by absence: rule of three, 3 / 429", bound=True,
    ),
    Pattern(
        "leaps", "chance of force in a decision at rungs 0 to 3, at most", 0.01, 0.0, 0.001,
        "a law of the model: no leaps from peace", bound=True,
    ),
    Pattern(
        "answer-below-trigger", "crisis answers below their trigger, of four levels", 0.27, 0.014, 0.15,
        "C: ICB v15, n 1081; shape only, levels mapped (assumed)",
    ),
    Pattern(
        "answer-above-trigger", "crisis answers above their trigger, of four levels", 0.33, 0.014, 0.15,
        "C: ICB v15, n 1081; shape only, levels mapped (assumed)",
    ),
)  # fmt: skip
"""Patterns of the calibration world."""
OF_CRISIS = (
    Pattern(
        "crossings", f"expected crossings of the firebreak in a run of {CRISIS}, reference arm", 0.01, 0.0, 1 / 3,
        "judgement: rare and not saturated, within a factor of ten of one in a hundred", decades=True,
    ),
    Pattern(
        "over-the-firebreak", "first crossings of the firebreak that enter above rung 8, at most", 0.05, 0.0, 0.01,
        "a law of the model: no leaps over the firebreak", bound=True,
    ),
)  # fmt: skip
"""Patterns of the crisis scenario."""
PATTERNS = (*OF_CRISIS, *PEACETIME)


def of_peace(seed: int, changes: Mapping[str, Any], replications: int) -> Measured:
    """Return what the patterns of peacetime measure at a parameter set."""
    found = evaluated(calibration_world(), seed, changes, replications)
    return {pattern.name: found[pattern.name] for pattern in PEACETIME}


def of_crisis(scenario: Scenario, seed: int, changes: Mapping[str, Any], replications: int) -> Measured:
    """Return what the patterns of a crisis measure at a parameter set."""
    world = compile_world(scenario.with_(changes) if changes else scenario, scenario.reference)
    found = ratios([_crossing(world, seed, replication) for replication in range(replications)])
    return {pattern.name: found[pattern.name] for pattern in OF_CRISIS}


def _crossing(world: World, seed: int, replication: int) -> dict[str, Sums]:
    """Return the summed chances of force, and of going beyond its threat, up to the first crossing."""
    force, use = [0.0], [0.0]
    for decision in simulate(world, seed, replication).decisions:
        force.append(decision.chances[_FORCE])
        use.append(decision.chances[_USE])
        if decision.act >= FIREBREAK and not decision.private:
            break
    return {"crossings": (math.fsum(force), 1.0), "over-the-firebreak": (math.fsum(use), math.fsum(force))}


def screened(seed: int, changes: Mapping[str, Any], replications: int) -> Measured:
    """Return what the patterns measure at a parameter set, as far as it takes to rule it out.

    The crisis comes first, with ten times as many replications, for it is quick.
    """
    found = of_crisis(_crisis(), seed, changes, CRISIS_RUNS * replications)
    if implausible(found) > IMPLAUSIBLE:
        return found
    return {**found, **of_peace(seed, changes, replications)}


def implausible(found: Measured, *, luck: bool = True) -> float:
    """Return the greatest implausibility over the patterns measured; without `luck`, as if there were none in them."""
    return max(
        pattern.implausibility(found[pattern.name].value, found[pattern.name].error if luck else 0.0)
        for pattern in PATTERNS
        if pattern.name in found
    )


@cache
def _crisis() -> Scenario:
    return load(CRISIS)
