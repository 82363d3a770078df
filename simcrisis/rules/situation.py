"""What a decision is taken in, and how its choice is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

HIGHEST = 10
HIGHEST_UNNAMED = 3
"""Without a suspect nobody can be named, and nobody answered beyond public concern."""


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
    highest: int
    """The highest rung open to it."""


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
    proportion: float
    bar: float
    bar_slope: float


Rule = Callable[[Situation, Weights, Sequence[float]], Sequence[float]]
"""A doctrine: situation, weights and gravities in; a probability for each of the eleven rungs out."""


def open_to(chances: Sequence[float], highest: int) -> Sequence[float]:
    """Return the chances with the rungs above `highest` closed, the rest scaled to one (the lowest if none)."""
    if highest >= HIGHEST:
        return chances
    kept = list(chances[: highest + 1])
    whole = sum(kept)
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


def stays_private(rung: int, present: int, since_own_act: float | None, window: float) -> bool:
    """Return whether a decision is kept private: below rung 3, or nothing new so soon after one's own act."""
    if rung < 3:
        return True
    return rung <= present and since_own_act is not None and since_own_act < window


def exceedances(chances: Sequence[float], silent_up_to: int) -> tuple[float, ...]:
    """Return, for r = 3 ... 10, the probability that an act of at least rung r counts.

    Rungs up to `silent_up_to` do not count (they would stay private).
    """
    rising, above = [], 0.0
    for rung in range(HIGHEST, 2, -1):
        if rung > silent_up_to:
            above += chances[rung]
        rising.append(above)
    return tuple(reversed(rising))
