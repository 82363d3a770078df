"""The targets of a calibration: what was published, how sure that is, and which half is held back."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib.resources import files
from typing import Self

from pydantic import Field, model_validator

from simcrisis.spec import NonNegative, Spec


class FitTarget(Spec):
    """A figure in published data that a moment of simulated runs is compared with."""

    name: str
    """Also the name of its moment (simcrisis/calibration/moments.py)."""
    what: str
    published: float
    n: int | None = Field(default=None, gt=0)
    """Size of the published sample, of a share."""
    error: NonNegative | None = None
    """Standard error of what is published, where it is not that of a share of n."""
    discrepancy: NonNegative
    """How far the model may be off for reasons of its own: one standard deviation, judged before any fit."""
    bound: bool = False
    """Whether only what lies above counts."""
    source: str
    standing: str
    held_back: bool = False

    @model_validator(mode="after")
    def _has_an_error(self) -> Self:
        if (self.n is None) is (self.error is None):
            raise ValueError(f"{self.name}: give n or error, one of them")
        return self

    @property
    def sampling(self) -> float:
        """Standard error of what is published: given, or binomial."""
        if self.error is not None:
            return self.error
        assert self.n is not None, "validated"
        return math.sqrt(self.published * (1.0 - self.published) / self.n)

    @property
    def weight(self) -> float:
        """One over the variance of what is published and of the model's discrepancy."""
        return 1.0 / (self.sampling**2 + self.discrepancy**2)

    def off(self, simulated: float) -> float:
        """Return how far a simulated value is off; below a bound, nothing."""
        distance = simulated - self.published
        return max(0.0, distance) if self.bound else distance


@cache
def fit_targets() -> tuple[FitTarget, ...]:
    """Return the targets in the order of figures.md; every second one, beginning with the first, is held back."""
    rows = tomllib.loads(files(__package__).joinpath("targets.toml").read_text(encoding="utf-8"))["target"]
    return tuple(FitTarget(**row, held_back=n % 2 == 0) for n, row in enumerate(rows))
