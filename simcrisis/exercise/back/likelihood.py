"""The likelihood of decisions under the rule `logit`, and where it is greatest.

Given habituation, lambda U is linear in the coefficients lambda, lambda ten, lambda wrong and so on, so that the
log-likelihood is concave in them (McFadden 1974, conditional logit analysis of qualitative choice behavior).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import minimize

from simcrisis.catalogue import DecisionParameters, gravities
from simcrisis.errors import ExerciseError
from simcrisis.rules.doctrines.logit import THRESHOLDS
from simcrisis.rules.situation import HIGHEST, HIGHEST_UNNAMED

Floats = npt.NDArray[np.float64]
LAMBDA, HAB = "lambda", "hab"
LINEAR = (LAMBDA, "ten", "wrong", "cost", "lin", "fire", "prop")
"""Parameters in which lambda U is linear, once multiplied by lambda; lambda is the first."""
PARAMETERS = (*LINEAR, HAB)
NEEDED = ("act", "belief", "severity", "tension", "rung_before", "about")
"""Columns of a table of decisions."""
FEWEST = 20
"""Decisions from which anything is fitted."""
_MOST_LAMBDA, _MOST = 1_000.0, 10_000.0
"""Largest lambda, as in scenarios; and how many times the catalogue's value any other coefficient may be."""
_STARTS = (0.1, 0.5, 0.9)
"""Of habituation."""
TINY, _INSIDE = 1e-9, 1e-4
"""What counts as nothing, and how far from a limit a parameter must be to have a standard error."""


@dataclass(frozen=True)
class Data:
    """Decisions as arrays; axes: decision, rung."""

    act: npt.NDArray[np.int64]
    open: npt.NDArray[np.bool_]
    fixed: Mapping[str, Floats]
    """What each coefficient multiplies, but for those that habituation takes part in."""
    g: Floats
    present: Floats
    """Gravity of the present rung."""
    left_out: int = 0
    """Decisions that the rule cannot take: steps beyond 3 without a suspect."""

    def features(self, hab: float) -> Floats:
        """Return what the coefficients multiply; axes: parameter, decision, rung."""
        beyond = np.maximum(0.0, self.g[None, :] - hab * self.present[:, None])
        return np.array([*(self.fixed[n] for n in LINEAR[:3]), -beyond * beyond, -beyond,
                         self.fixed["fire"], self.fixed["prop"]])  # fmt: skip

    def slope(self, hab: float, b: Floats) -> Floats:
        """Return the derivative of lambda U by habituation; axes: decision, rung."""
        beyond = np.maximum(0.0, self.g[None, :] - hab * self.present[:, None])
        moved: Floats = np.where(beyond > 0.0, (2.0 * b[3] * beyond + b[4]) * self.present[:, None], 0.0)
        return moved


@dataclass(frozen=True)
class Best:
    """Where the log-likelihood is greatest."""

    b: Floats
    """lambda, and the others times lambda."""
    hab: float
    value: float

    def of(self, name: str) -> float:
        """Return a parameter as scenarios have it."""
        if name == HAB:
            return self.hab
        place = LINEAR.index(name)
        return float(self.b[0]) if place == 0 else float(self.b[place] / max(self.b[0], TINY))


def catalogue_value(name: str) -> float:
    """Return the value that the catalogue gives a parameter."""
    field = "rationality" if name == LAMBDA else name
    return float(DecisionParameters.model_fields[field].default)


def data_of(decisions: pl.DataFrame, belief: str) -> Data:
    """Return a table of decisions as arrays, without those that the rule cannot take.

    Raises ExerciseError where columns are missing, values make no sense, or too few decisions are there.
    """
    missing = [name for name in (*NEEDED, belief) if name not in decisions.columns]
    if missing:
        raise ExerciseError(f"decisions: columns are missing: {', '.join(dict.fromkeys(missing))}")
    table = decisions.with_columns(pl.coalesce(belief, "belief").alias("belief"))
    try:
        p, s, x = (table[name].cast(pl.Float64).to_numpy() for name in ("belief", "severity", "tension"))
        act, rung = (table[name].cast(pl.Int64).to_numpy() for name in ("act", "rung_before"))
    except pl.exceptions.PolarsError:
        raise ExerciseError("decisions: act, belief, severity, tension and rung_before should be numbers") from None
    named = table["about"].is_not_null().to_numpy()
    for name, values, most in (("belief", p, 1.0), ("severity", s, 5.0), ("tension", x, np.inf),
                               ("act", act, HIGHEST), ("rung_before", rung, HIGHEST)):  # fmt: skip
        if not ((values >= 0) & (values <= most)).all():
            raise ExerciseError(f"decisions: '{name}' should be from 0 to {most:g} in every row")
    known = named | (act <= HIGHEST_UNNAMED)
    if known.sum() < FEWEST:
        raise ExerciseError(f"decisions: {known.sum()} are too few to fit a doctrine to; {FEWEST} is the least")
    p, s, x, act, rung, named = (each[known] for each in (p, s, x, act, rung, named))
    g, rungs = np.array(gravities()), np.arange(HIGHEST + 1)
    open_ = rungs[None, :] <= np.where(named, HIGHEST, HIGHEST_UNNAMED)[:, None]
    present = g[rung]
    worth = (s * p / 3.0)[:, None] * g[None, :]
    crossed = sum((rung[:, None] < t) & (t <= rungs[None, :]) for t in THRESHOLDS)
    excess = np.maximum(0.0, g[None, :] - np.maximum(catalogue_value("proportion") * s, present)[:, None])
    fixed = {
        LAMBDA: worth,
        "ten": x[:, None] * worth,
        "wrong": -(1.0 - p)[:, None] * g[None, :],
        "fire": -np.asarray(crossed, np.float64),
        "prop": -excess * excess,
    }
    return Data(act, open_, fixed, g, present, int((~known).sum()))


def best_of(data: Data, held: Mapping[str, float], start: Best | None = None) -> Best:
    """Return the greatest log-likelihood with some parameters held."""
    if start is not None:
        return _climb(data, held, start)
    usual = np.array([catalogue_value(name) for name in LINEAR])
    usual[1:] *= usual[0]
    habs = (held[HAB],) if HAB in held else _STARTS
    return max((_climb(data, held, Best(usual, hab, 0.0)) for hab in habs), key=lambda best: best.value)


def _climb(data: Data, held: Mapping[str, float], start: Best) -> Best:
    """Return a maximum, from a start; the coefficient of a held parameter is what it is times lambda."""
    scale = np.array([catalogue_value(name) for name in LINEAR])
    scale[1:] *= scale[0]
    free = [n for n, name in enumerate(LINEAR) if name not in held]
    ratios = {n: held[name] for n, name in enumerate(LINEAR) if name in held and n}
    fixed_hab = held.get(HAB)

    def whole(z: Floats) -> tuple[Floats, float]:
        b = np.zeros(len(LINEAR))
        b[free] = z[: len(free)] * scale[free]
        if LAMBDA in held:
            b[0] = held[LAMBDA]
        for n, ratio in ratios.items():
            b[n] = ratio * b[0]
        return b, float(z[-1]) if fixed_hab is None else fixed_hab

    def loss(z: Floats) -> tuple[float, Floats]:
        b, hab = whole(z)
        value, by_b, by_hab = log_likelihood(data, b, hab)
        if 0 in free:
            by_b[0] += sum(ratio * by_b[n] for n, ratio in ratios.items())
        gradient = by_b[free] * scale[free]
        return -value, -(np.append(gradient, by_hab) if fixed_hab is None else gradient)

    begin = start.b[free] / scale[free]
    limits = [(0.0, _MOST_LAMBDA / scale[0] if n == 0 else _MOST) for n in free]
    if fixed_hab is None:
        begin, limits = np.append(begin, start.hab), [*limits, (0.0, 1.0)]
    if not len(begin):
        b, hab = whole(begin)
        return Best(b, hab, log_likelihood(data, b, hab)[0])
    found = minimize(loss, begin, jac=True, method="SLSQP", bounds=limits, options={"maxiter": 500, "ftol": 1e-9})
    b, hab = whole(found.x)
    return Best(b, hab, -float(found.fun))


def log_likelihood(data: Data, b: Floats, hab: float) -> tuple[float, Floats, float]:
    """Return the log-likelihood, and its derivatives by the coefficients and by habituation."""
    features = data.features(hab)
    worth = np.where(data.open, np.tensordot(b, features, 1), -np.inf)
    worth -= worth.max(axis=1, keepdims=True)
    raised = np.exp(worth)
    whole = raised.sum(axis=1, keepdims=True)
    chances = raised / whole
    rows = np.arange(len(data.act))
    value = float((worth[rows, data.act] - np.log(whole[:, 0])).sum())
    away = -chances
    away[rows, data.act] += 1.0
    return value, np.tensordot(features, away, 2), float((data.slope(hab, b) * away).sum())


def errors_of(data: Data, held: Mapping[str, float], best: Best) -> dict[str, float]:
    """Return standard errors by the observed information, for parameters that lie at no limit.

    That of a logit choice is the sum over decisions of the covariance of what coefficients multiply. It is carried over
    to the parameters by their derivatives; that of a maximum at which the gradient is nothing.
    """
    features = np.array([*data.features(best.hab), data.slope(best.hab, best.b)])
    worth = np.where(data.open, np.tensordot(best.b, features[:-1], 1), -np.inf)
    chances = np.exp(worth - worth.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    away = features - (features * chances).sum(axis=2, keepdims=True)
    information = np.einsum("inr,jnr,nr->ij", away, away, chances)
    by = np.diag([1.0, *[best.b[0]] * (len(LINEAR) - 1), 1.0])
    by[1:-1, 0] = best.b[1:] / max(best.b[0], TINY)
    names = (*LINEAR, HAB)
    inside = [
        name not in held and _INSIDE < best.of(name) < (1.0 - _INSIDE if name == HAB else np.inf) for name in names
    ]
    free = np.flatnonzero(inside)
    kept = (by.T @ information @ by)[np.ix_(free, free)]
    try:
        covariance = np.linalg.inv(kept)
    except np.linalg.LinAlgError:
        return {}
    return {names[n]: float(v**0.5) for n, v in zip(free, np.diag(covariance), strict=True) if v > 0.0}
