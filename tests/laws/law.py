"""A law of the model: what it says, how far the measured may be from it, and how often it would err by chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simcrisis.rules.belief import logistic as logistic


@dataclass(frozen=True)
class Outcome:
    """What was measured, against a bound."""

    measured: str
    statistic: float
    bound: float

    @property
    def holds(self) -> bool:
        return self.statistic <= self.bound


@dataclass(frozen=True)
class Law:
    """A law with its check. `false_alarm`: probability that a true law fails with another seed."""

    name: str
    says: str
    tolerance: str
    false_alarm: str
    check: Callable[[], Outcome]


LAWS: list[Law] = []


def law(
    name: str, says: str, *, tolerance: str, false_alarm: str
) -> Callable[[Callable[[], Outcome]], Callable[[], Outcome]]:
    """Register a check as a law."""

    def register(check: Callable[[], Outcome]) -> Callable[[], Outcome]:
        LAWS.append(Law(name, says, tolerance, false_alarm, check))
        return check

    return register


Z_BOUND = 4.0
Z_TOLERANCE = "|z| <= 4"
Z_ALARM = "6e-5"


def z_of_mean(values: Sequence[float], expected: float = 0.0) -> float:
    """Return how many standard errors the mean of independent values is from its expectation."""
    n = len(values)
    mean = math.fsum(values) / n
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (n - 1) / n)
    return (mean - expected) / spread if spread > 0 else math.inf if mean != expected else 0.0
