"""Threshold rule: the gravest answer that is proportionate and sure enough, else a private inquiry."""

from __future__ import annotations

from collections.abc import Sequence

from simcrisis.rules.situation import COUNTER_OPERATION, Situation, Weights

OTHERWISE = 2
"""A private inquiry or consultation."""


def threshold(situation: Situation, weights: Weights, g: Sequence[float]) -> Sequence[float]:
    """Return certainty on the highest rung a with g(a) <= max(proportion s, g(R))(1 + ten x) and p >= bar + slope g(a).

    A counter-operation against a protected sector needs p higher by `norm`.
    The second law of choice: without noise, so that what survives it and `logit` does not hang on the form of either.
    """
    p, s, x, present, highest = situation[:5]
    limit = max(weights.proportion * s, g[present]) * (1.0 + weights.ten * x)
    chosen = OTHERWISE
    for rung in range(OTHERWISE + 1, highest + 1):
        breach = weights.norm if rung == COUNTER_OPERATION and situation.protected else 0.0
        bar = weights.bar + weights.bar_slope * g[rung] + breach
        if g[rung] <= limit and p >= bar:
            chosen = rung
    return [1.0 if rung == chosen else 0.0 for rung in range(len(g))]
