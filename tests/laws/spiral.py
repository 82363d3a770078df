"""Spiral: act and reaction as Richardson's arms race."""

from __future__ import annotations

import itertools
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy import optimize

from simcrisis.catalogue import Parameters, gravities
from simcrisis.engine.compiler import weights_of
from simcrisis.rules import tension
from simcrisis.rules.doctrines.logit import utility
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
        return -utility(1, facing, weights, (gravity, reply))

    return float(optimize.minimize_scalar(loss, bounds=(-2.0, 4.0), method="bounded", options={"xatol": 1e-10}).x)


def one_round(point: Point, weights: Weights, react: float, dx: float) -> Point:
    """Return (gravity, tension) after one act and its answer, both sides alike."""
    gravity, x = point
    there = tension.decayed(float(x), ROUND, DEFAULT.half_life) + tension.provoked(dx, float(gravity), 1.0, 1.0)
    return np.array([best_reply(float(gravity), there, weights, react), there])


def _gap(point: Point, weights: Weights, react: float, dx: float) -> Point:
    return one_round(point, weights, react, dx) - point


def jacobian(point: Point, weights: Weights, react: float, dx: float) -> npt.NDArray[np.float64]:
    """Return the linearised map at a point, by central differences."""
    step = 1e-4
    columns = [
        (one_round(point + e, weights, react, dx) - one_round(point - e, weights, react, dx)) / (2 * step)
        for e in (np.array([step, 0.0]), np.array([0.0, step]))
    ]
    return np.column_stack(columns)


@law(
    "Spiral: Richardson",
    "Act and reaction run away from their balance exactly when the spectral radius of the linearised map exceeds 1",
    tolerance="no disagreement over a grid of react, ten, dx (balances within 0.03 of radius 1 left out)",
    false_alarm="none",
)
def richardson() -> Outcome:
    wrong, radii = 0, []
    for react, ten, dx in itertools.product((0.6, 1.2, 2.0, 3.0, 4.4), (0.0, 0.8, 1.6), (0.02, 0.3)):
        weights = weights_of(DEFAULT)._replace(ten=ten)
        gap = partial(_gap, weights=weights, react=react, dx=dx)
        solved = optimize.root(gap, np.array([0.3, 0.3]))
        balance = np.asarray(solved.x, dtype=np.float64)
        if not solved.success or not 0.01 < balance[0] < 1.5 or balance[1] < 0:
            continue
        radius = float(max(abs(np.linalg.eigvals(jacobian(balance, weights, react, dx)))))
        if abs(radius - 1) < 0.03:
            continue
        radii.append(radius)
        point = balance + np.array([1e-3, 1e-3])
        for _ in range(30):
            point = one_round(point, weights, react, dx)
            if np.linalg.norm(point - balance) > 0.1:
                break
        wrong += (float(np.linalg.norm(point - balance)) > 1e-3 * np.sqrt(2)) != (radius > 1)
    both_sides = any(r > 1 for r in radii) and any(r < 1 for r in radii)
    spread = f"{min(radii):.2f} to {max(radii):.2f}" if radii else "none"
    return Outcome(f"{len(radii)} balances, spectral radius {spread}, {wrong} disagree", wrong if both_sides else 1, 0)


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
        worth = [utility(each, facing, weights, g) for each in range(11)]
        rung = max(rung, worth.index(max(worth)))
    return Outcome(f"ends at rung {rung}", rung, 6)
