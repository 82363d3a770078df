"""How a State chooses a rung (docs/odd.md 7.16)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tests.reference.state import G

RUNGS = range(11)


@dataclass
class Situation:
    """What a State sees when it decides."""

    p: float
    s: float
    x: float
    rung: int
    committed: int
    capability: float
    number: int
    of_act: bool
    protected: bool
    highest: int


def chances(weights: Any, it: Situation) -> list[float]:
    """Return the chance of each rung; those that are closed have none."""
    found = _by_rule(weights.rule, weights, it)
    if it.highest == 10:
        return found
    open_ones = [chance if a <= it.highest else 0.0 for a, chance in enumerate(found)]
    total = math.fsum(open_ones)
    return [chance / total for chance in open_ones] if total else _certain(0)


def _certain(rung: int) -> list[float]:
    return [1.0 if a == rung else 0.0 for a in RUNGS]


def _by_rule(rule: str, weights: Any, it: Situation) -> list[float]:
    if rule == "logit":
        return _logit(weights, it)
    if rule == "threshold":
        return _certain(_threshold(weights, it))
    if rule == "scripted":
        for row in weights.script:
            if (
                row.number in (None, it.number)
                and row.of_act in (None, it.of_act)
                and row.belief[0] <= it.p <= row.belief[1]
                and row.rung_before[0] <= it.rung <= row.rung_before[1]
            ):
                return _certain(row.rung)
        return _by_rule(weights.otherwise, weights, it)
    raise NotImplementedError(rule)


def _logit(weights: Any, it: Situation) -> list[float]:
    worth = [weights.rationality * _utility(weights, it, a) for a in RUNGS]
    best = max(worth)
    e = [math.exp(w - best) for w in worth]
    total = math.fsum(e)
    return [each / total for each in e]


def _utility(w: Any, it: Situation, a: int) -> float:
    g = G[a]
    u = max(0.0, g - w.hab * G[it.rung])
    v = max(0.0, g - max(w.proportion * it.s, G[it.rung]))
    crossed = sum(it.rung < t <= a for t in (8, 9, 10))
    worth = it.s / 3 * (1 + w.ten * it.x) * it.p * g
    worth -= w.wrong * (1 - it.p) * g
    worth -= w.cost * u * u
    worth -= w.lin * u
    worth -= w.fire * crossed
    worth -= w.prop * v * v
    worth -= w.aud * max(0.0, G[it.committed] - g)
    worth -= w.det * it.capability * g
    worth -= w.norm if a == 7 and it.protected else 0.0
    return float(worth)


def _threshold(w: Any, it: Situation) -> int:
    most = max(w.proportion * it.s, G[it.rung]) * (1 + w.ten * it.x)
    for a in range(it.highest, 2, -1):
        norm = w.norm if a == 7 and it.protected else 0.0
        if G[a] <= most and it.p >= w.bar + w.bar_slope * G[a] + norm:
            return a
    return 2
