"""What a decision is taken in, and how its choice is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

LOWEST_PUBLIC = 3
"""Choices below stay private."""
HIGHEST_UNNAMED = 3
"""Without a suspect nobody can be named, and nobody answered beyond public concern."""
LOWEST_NAMING = 4
"""From here on an act names whom it is against, who then answers it."""
COUNTER_OPERATION = 7
"""A covert answer: its target sees a new incident, not an act."""
HOSTILE_FROM = 7
"""An act of this rung or above is hostile, whatever it answers."""
WAR = HIGHEST = 10


class Situation(NamedTuple):
    """What a State knows and feels when it decides."""

    belief: float
    """p, probability that the suspect is culpable (or the act hostile); 0 without a suspect."""
    severity: float
    """s, 0 to 5."""
    tension: float
    """x >= 0, towards the suspect."""
    rung: int
    """R, the dyad's present rung."""
    highest: int = HIGHEST
    """The highest rung open to it."""
    committed: int = 0
    """The rung of its own last public act against the suspect; 0 if none."""
    capability: float = 0.0
    """c, the suspect's capability, 0 to 1."""
    number: int = 1
    """The how-manieth decision of this State it is."""
    of_act: bool = False
    """Whether it answers an act; else an incident."""
    protected: bool = False
    """Whether a counter-operation would strike a sector that a norm protects."""


class Weights(NamedTuple):
    """How a State weighs things; see `DecisionParameters`."""

    rationality: float
    ten: float
    wrong: float
    cost: float
    lin: float
    hab: float
    fire: float
    prop: float
    aud: float
    det: float
    proportion: float
    bar: float
    bar_slope: float
    norm: float = 0.0


Rule = Callable[[Situation, Weights, Sequence[float]], Sequence[float]]
"""A doctrine: situation, weights and gravities in; a probability for each of the eleven rungs out."""


def open_to(chances: Sequence[float], highest: int) -> Sequence[float]:
    """Return the chances with the rungs above `highest` closed, the rest scaled to one (the lowest if none)."""
    if highest >= HIGHEST:
        return chances
    kept = list(chances[: highest + 1])
    whole = math.fsum(kept)
    kept = [chance / whole for chance in kept] if whole > 0.0 else [1.0] + [0.0] * highest
    return kept + [0.0] * (HIGHEST - highest)


def choose(chances: Sequence[float], u: float) -> int:
    """Return the rung whose share of (0, 1), in ascending order of rungs, holds u."""
    reached, last = 0.0, 0
    for rung, chance in enumerate(chances):
        if chance > 0.0:
            reached += chance
            last = rung
            if u < reached:
                return rung
    return last


def silent_up_to(present: int, since_own_act: float | None, window: float) -> int:
    """Return the highest rung that would stay private: so soon after one's own act, all that brings nothing new."""
    if since_own_act is not None and since_own_act < window:
        return max(present, LOWEST_PUBLIC - 1)
    return LOWEST_PUBLIC - 1


def exceedances(chances: Sequence[float], silent: int) -> tuple[float, ...]:
    """Return, for r = 3 ... 10, the probability that an act of at least rung r counts.

    Rungs up to `silent` do not count (they would stay private).
    """
    rising, above = [], 0.0
    for rung in range(HIGHEST, LOWEST_PUBLIC - 1, -1):
        if rung > silent:
            above += chances[rung]
        rising.append(above)
    return tuple(reversed(rising))
