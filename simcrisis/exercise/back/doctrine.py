"""`exercise fit`: the logit doctrine that best fits decisions, with what they leave open.

The rule `logit` gives rung a the probability exp(lambda U(a)) / sum, U as in `simcrisis.rules.doctrines.logit`. The
scale of U is fixed by its first term. Given habituation, lambda U is linear in the coefficients lambda, lambda ten,
lambda wrong and so on, so that the log-likelihood is concave in them (McFadden 1974, conditional logit analysis of
qualitative choice behavior). It is maximised with all of them at least 0, as scenarios want them. Bounds are those of
the profile likelihood: values at which twice the loss of log-likelihood, all others fitted anew, is below the 95 %
point of chi-squared with one degree of freedom (Venzon and Moolgavkar 1988, doi:10.2307/2347496). They need no
quadratic log-likelihood, and show where the data bound a parameter on one side only, or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import numpy as np
import polars as pl
from scipy.optimize import brentq

from simcrisis.errors import ExerciseError
from simcrisis.exercise.back.answers import Status
from simcrisis.exercise.back.likelihood import (
    HAB,
    LAMBDA,
    PARAMETERS,
    TINY,
    Best,
    Data,
    best_of,
    catalogue_value,
    data_of,
    errors_of,
)
from simcrisis.exercise.back.pooling import read_pool

BELIEFS: Mapping[str, str] = {"table": "belief_table", "story": "belief"}
"""Whose belief a decision is explained by, and its column."""
_QUANTILE = 3.841458820694124
"""95 % point of chi-squared with one degree of freedom."""
_FARTHEST = 1_000.0
"""How many steps of two standard errors a parameter is followed before its bound counts as open."""


class Verdict(StrEnum):
    """What the decisions say of a parameter."""

    FITTED = "fitted"
    ONE_SIDED = "bounded on one side"
    HELD = "not identified; held at the catalogue's value"


@dataclass(frozen=True)
class Estimate:
    """A parameter of the doctrine."""

    name: str
    value: float
    low: float | None
    """95 % bounds; None: open."""
    high: float | None
    error: float | None
    """Standard error by the observed information; None at a limit, or where that is not regular."""
    verdict: Verdict


@dataclass(frozen=True)
class Doctrine:
    """A doctrine fitted to decisions."""

    estimates: tuple[Estimate, ...]
    decisions: int
    log_likelihood: float
    of_chance: float
    """Log-likelihood if all open rungs were equally likely."""
    proportion: float
    """Held at the catalogue's value, as what is nothing there (`aud`, `det`, `norm`)."""
    left_out: int = 0
    """Decisions that the rule cannot take, and that nothing was fitted to: steps beyond 3 without a suspect."""

    @property
    def values(self) -> dict[str, float]:
        """The doctrine as parameters of a scenario."""
        return {each.name: each.value for each in self.estimates}


def fit(decisions: pl.DataFrame, *, belief: str = "belief") -> Doctrine:
    """Return the doctrine that best fits a table of decisions.

    `decisions`: as `run.decisions` or `pool`; `belief` is its column of beliefs, and where that is null `belief`
    stands in. Raises ExerciseError where columns are missing, values make no sense, or too few decisions are there.
    """
    data = data_of(decisions, belief)
    held: dict[str, float] = {}
    while True:
        best = best_of(data, held)
        errors = errors_of(data, held, best)
        estimates = [_estimate(data, best, held, name, errors.get(name)) for name in PARAMETERS if name not in held]
        open_ = [each for each in estimates if each.low == 0.0 and each.high is None]
        unknown = [each.name for each in open_ if each.name != LAMBDA]
        if best.of(LAMBDA) <= TINY:  # all steps alike: nothing can be told of what they are weighed by
            unknown = [each.name for each in estimates if each.name != LAMBDA]
        if not unknown:
            break
        held |= {name: catalogue_value(name) for name in unknown}
    told = {each.name: each for each in estimates}
    held_back = {name: Estimate(name, value, None, None, None, Verdict.HELD) for name, value in held.items()}
    chance = -float(np.log(data.open.sum(axis=1)).sum())
    ordered = tuple((told | held_back)[name] for name in PARAMETERS)
    return Doctrine(ordered, len(data.act), best.value, chance, catalogue_value("proportion"), data.left_out)


def _estimate(data: Data, best: Best, held: Mapping[str, float], name: str, error: float | None) -> Estimate:
    """Return a parameter with its bounds by the profile likelihood."""
    profile, value = _Profile(data, best, held, name), best.of(name)
    scale = max(catalogue_value(name), value)
    step = 2.2 * error if error is not None and error < scale else 0.5 * scale
    low, high = profile.low(step), profile.high(step, 1.0 if name == HAB else None)
    if name == HAB and (low, high) == (0.0, 1.0):
        high = None  # it may be all that it can be
    verdict = Verdict.ONE_SIDED if high is None or low == 0.0 else Verdict.FITTED
    return Estimate(name, value, low, high, error, verdict)


class _Profile:
    """The log-likelihood along one parameter, all others fitted anew; each fit starts from the last."""

    def __init__(self, data: Data, best: Best, held: Mapping[str, float], name: str) -> None:
        self._data, self._held, self._name = data, held, name
        self._best, self._last = best, best
        self._known = {best.of(name): _QUANTILE / 2.0}

    def above(self, at: float) -> float:
        """Return how far the profile lies above what is still within the bounds."""
        if at not in self._known:
            self._last = best_of(self._data, {**self._held, self._name: at}, self._last)
            self._known[at] = self._last.value - self._best.value + _QUANTILE / 2.0
        return self._known[at]

    def low(self, step: float) -> float:
        """Return the lower bound, looked for in growing steps; 0 where the profile reaches it."""
        self._last = self._best
        near = self._best.of(self._name)
        far = max(0.0, near - step)
        while near > TINY:
            if self.above(far) < 0.0:
                return self._between(far, near)
            near, far = far, max(0.0, far - 2.0 * (near - far))
        return 0.0

    def high(self, step: float, most: float | None) -> float | None:
        """Return the upper bound; None where it is open, `most` where the profile reaches it."""
        self._last = self._best
        near = self._best.of(self._name)
        far, end = near + step, near + _FARTHEST * step
        while most is None or near < most:
            far = far if most is None else min(far, most)
            if self.above(far) < 0.0:
                return self._between(near, far)
            near, far = far, far + 2.0 * (far - near)
            if far > end:
                return None
        return most

    def _between(self, one: float, other: float) -> float:
        precise = 1e-4 * max(abs(one), abs(other))
        return float(brentq(self.above, one, other, xtol=precise, rtol=1e-4))


def rounded(doctrine: Doctrine) -> Doctrine:
    """Return a doctrine with four digits, as a fragment has it; what counts as nothing is 0."""

    def four(value: float) -> float:
        return float(f"{value:.4g}") if abs(value) > TINY else 0.0

    def some(value: float | None) -> float | None:
        return None if value is None else four(value)

    told = (
        replace(each, value=four(each.value), low=some(each.low), high=some(each.high), error=some(each.error))
        for each in doctrine.estimates
    )
    return replace(doctrine, estimates=tuple(told))


def fragment(doctrine: Doctrine) -> str:
    """Return a doctrine as YAML that stands in a scenario: `model:`, or the `doctrine:` of a State."""
    lines = [
        f"# Fitted to {doctrine.decisions} decisions of tables by maximum likelihood; 95 % bounds by the profile.",
        "# For one State, put what stands under `model:` under `states.NAME.doctrine:`.",
        "model:",
        "  rule: logit",
    ]
    for each in rounded(doctrine).estimates:
        value = min(each.value, 1000.0) if each.name == LAMBDA else each.value
        lines.append(f"  {each.name}: {value:g}  # {bounds(each)}")
    return "\n".join(lines) + "\n"


def bounds(estimate: Estimate) -> str:
    """Return in words between which bounds a parameter lies."""
    if estimate.verdict is Verdict.HELD:
        return str(estimate.verdict)
    low, high = estimate.low or 0.0, estimate.high
    return f"{low:g} or more" if high is None else f"{low:g} to {high:g}"


def fit_file(path: Path, belief: str = "table", late: bool = False) -> Doctrine:
    """Return the doctrine that best fits the decisions in a file (CSV or Parquet).

    `belief`: that of the `table` where it said one, or that of the `story`. Late decisions count if `late`.
    Raises ExerciseError, located at the file.
    """
    if belief not in BELIEFS:
        raise ExerciseError(f"belief: '{belief[:40]}' is none; there are {', '.join(BELIEFS)}")
    table = read_pool(path)
    if "status" in table.columns and not late:
        table = table.filter(pl.col("status") != Status.LATE)
    try:
        return fit(table, belief=BELIEFS[belief] if BELIEFS[belief] in table.columns else "belief")
    except ExerciseError as error:
        raise ExerciseError(f"{path}: {error}") from None
