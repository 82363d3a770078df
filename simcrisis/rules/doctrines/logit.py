"""Logit choice: better rungs are likelier, none is impossible."""

from __future__ import annotations

import math
from collections.abc import Sequence

from simcrisis.rules.situation import COUNTER_OPERATION, Situation, Weights

THRESHOLDS = (8, 9, 10)
"""Rungs whose crossing is a step of its own: threat of force, force, war."""


def utility(rung: int, situation: Situation, weights: Weights, g: Sequence[float]) -> float:
    """Return U(a), the worth of answering with a rung.

    U(a) = (s/3)(1 + ten x) p g(a) - wrong (1-p) g(a) - cost u^2 - lin u - fire n(a) - prop v^2 - aud w - det c g(a)
    - norm [a = 7, against a protected sector]
    with u = max(0, g(a) - hab g(R)), n(a) the thresholds t with R < t <= a, v = max(0, g(a) - max(proportion s, g(R))),
    w = max(0, g(own last public act) - g(a)).
    """
    p, s, x, present = situation[:4]
    beyond = max(0.0, g[rung] - weights.hab * g[present])
    excess = max(0.0, g[rung] - max(weights.proportion * s, g[present]))
    crossed = 0
    for threshold in THRESHOLDS:
        if present < threshold <= rung:
            crossed += 1
    return (
        s / 3.0 * (1.0 + weights.ten * x) * p * g[rung]
        - weights.wrong * (1.0 - p) * g[rung]
        - weights.cost * beyond * beyond
        - weights.lin * beyond
        - weights.fire * crossed
        - weights.prop * excess * excess
        - weights.aud * max(0.0, g[situation.committed] - g[rung])
        - weights.det * situation.capability * g[rung]
        - (weights.norm if rung == COUNTER_OPERATION and situation.protected else 0.0)
    )


def logit(situation: Situation, weights: Weights, g: Sequence[float]) -> Sequence[float]:
    """Return the logit choice probabilities, proportional to exp(lambda U(a))."""
    worth = [weights.rationality * utility(rung, situation, weights, g) for rung in range(len(g))]
    best = max(worth)
    raised = [math.exp(each - best) for each in worth]
    whole = math.fsum(raised)
    return [each / whole for each in raised]
