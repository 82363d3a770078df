"""Spiral: act and reaction as Richardson's arms race."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
from scipy import optimize

from simcrisis.catalogue import Parameters, gravities
from simcrisis.engine.compiler import weights_of
from simcrisis.rules import tension
from simcrisis.rules.doctrines.logit import utilities
from simcrisis.rules.situation import Situation, Weights
from tests.laws.law import Outcome, law

Point = npt.NDArray[np.float64]
DEFAULT = Parameters()
ROUND = 78 * 3_600_000
"""From an act to the answer: 6 h to learn of it and a clock of 72 h (ms)."""
BELIEF = 0.9


def best_reply(gravity: float, x: float, weights: Weights, react: float) -> float:
    """Return the gravity of the best answer to an act, as if the ladder were continuous and had no thresholds."""
    facing = Situation(BELIEF, react * gravity / 0.5, x, rung=0)

    def loss(reply: float) -> float:
        return -utilities(facing, weights, (gravity, reply))[1]

    return float(optimize.minimize_scalar(loss, bounds=(0.0, 4.0), method="bounded", options={"xatol": 1e-10}).x)


def one_round(point: Point, weights: Weights, react: float, dx: float) -> Point:
    """Return (gravity, tension) after one act and its answer, both sides alike."""
    gravity, x = point
    there = tension.decayed(float(x), ROUND, DEFAULT.half_life) + tension.provoked(dx, float(gravity), 1.0, 1.0)
    return np.array([best_reply(float(gravity), there, weights, react), there])


def linearised(weights: Weights, react: float, dx: float) -> npt.NDArray[np.float64]:
    """Return the map linearised at peace, by differences towards escalation."""
    step = 1e-4
    peace = one_round(np.zeros(2), weights, react, dx)
    columns = [
        (one_round(e, weights, react, dx) - peace) / step for e in (np.array([step, 0.0]), np.array([0.0, step]))
    ]
    return np.column_stack(columns)


@law(
    "Spiral: Richardson",
    "Without fixed costs of acting, a small act grows round by round exactly if the spectral radius of the linearised "
    "map of act and reaction exceeds 1",
    tolerance="no disagreement over a grid of react, hab, cost, dx (radii within 0.01 of 1 left out)",
    false_alarm="none",
)
def richardson() -> Outcome:
    wrong, radii = 0, []
    for react, hab, cost, dx in itertools.product((0.1, 0.5, 1.0, 2.0, 4.4), (0.2, 0.5, 0.9), (0.65, 3.0), (0.5, 2.0)):
        weights = weights_of(DEFAULT)._replace(lin=0.0, wrong=0.0, hab=hab, cost=cost)
        radius = float(max(abs(np.linalg.eigvals(linearised(weights, react, dx)))))
        if abs(radius - 1) < 0.01:
            continue
        radii.append(radius)
        point = np.array([1e-3, 0.0])
        for _ in range(200):
            point = one_round(point, weights, react, dx)
            if not 1e-4 < point[0] < 1e-2:
                break
        wrong += bool(point[0] > 1e-3) != (radius > 1)
    sides = f"{sum(r < 1 for r in radii)} below and {sum(r > 1 for r in radii)} above radius 1"
    both_sides = any(r > 1 for r in radii) and any(r < 1 for r in radii)
    return Outcome(f"{sides}, {wrong} disagree", wrong if both_sides else 1, 0)


@law(
    "Spiral: default does not run away by itself",
    "Iterating the best reply from rung 0 at belief .9, severity 3, tension 0 ends below rung 7",
    tolerance="rung 6",
    false_alarm="none",
)
def best_replies_end() -> Outcome:
    weights, g, rung = weights_of(DEFAULT), gravities(), 0
    for _ in range(50):
        facing = Situation(0.9, 3.0, 0.0, rung)
        worth = utilities(facing, weights, g)
        rung = max(rung, worth.index(max(worth)))
    return Outcome(f"ends at rung {rung}", rung, 6)
