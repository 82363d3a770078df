"""Logit choice: better rungs are likelier, none is impossible."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simcrisis.rules.situation import COUNTER_OPERATION, Situation, Weights

THRESHOLDS = (8, 9, 10)
"""Rungs whose crossing is a step of its own: threat of force, force, war."""


def utilities(situation: Situation, weights: Weights, g: Sequence[float]) -> list[float]:
    """Return U(a), the worth of answering with a rung, for each rung.

    U(a) = (s/3)(1 + ten x) p g(a) - wrong (1-p) g(a) - cost u^2 - lin u - fire n(a) - prop v^2 - aud w - det c g(a)
    - norm [a = 7, against a protected sector]
    with u = max(0, g(a) - hab g(R)), n(a) the thresholds t with R < t <= a, v = max(0, g(a) - max(proportion s, g(R))),
    w = max(0, g(own last public act) - g(a)).
    """
    p, s, x, present = situation[:4]
    gain, loss = s / 3.0 * (1.0 + weights.ten * x) * p, weights.wrong * (1.0 - p)
    usual, due = weights.hab * g[present], max(weights.proportion * s, g[present])
    cost, lin, fire, prop = weights.cost, weights.lin, weights.fire, weights.prop
    said, aud, deterred = g[situation.committed], weights.aud, weights.det * situation.capability
    worth, crossed = [], 0
    for rung, gravity in enumerate(g):
        u = gain * gravity - loss * gravity
        if gravity > usual:
            beyond = gravity - usual
            u = u - cost * beyond * beyond - lin * beyond
        if rung > present and rung in THRESHOLDS:
            crossed += 1
        u -= fire * crossed
        if gravity > due:
            u -= prop * (gravity - due) * (gravity - due)
        if said > gravity:
            u -= aud * (said - gravity)
        worth.append(u - deterred * gravity)
    if situation.protected and weights.norm:
        worth[COUNTER_OPERATION] -= weights.norm
    return worth


def logit(situation: Situation, weights: Weights, g: Sequence[float]) -> Sequence[float]:
    """Return the logit choice probabilities, proportional to exp(lambda U(a))."""
    worth = [weights.rationality * each for each in utilities(situation, weights, g)]
    best = max(worth)
    raised = [math.exp(each - best) for each in worth]
    whole = math.fsum(raised)
    return [each / whole for each in raised]
