"""The compensator as a control variate: the same risk with less noise.

In each run, the indicator of a hit less the chances that its decisions stated has mean 0, exactly. So any multiple of
it can be taken off. The multiple that lowers the variance most is fitted on other runs than those that it is taken off
(ten folds, by replication), and the estimate has no bias. Control variates: Lavenberg and Welch 1981,
doi:10.1287/mnsc.27.3.322; fitted out of fold as in Chernozhukov and others 2018, doi:10.1111/ectj.12097.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.stats.columns import Columns
from simcrisis.stats.limits import Flags, Floats
from simcrisis.stats.tally import Question

FOLDS = 10
LEAST_HITS = 30
"""Hits (and misses) in each arm from which the compensated estimate is given."""
LEAST_APART = 10
"""Discordant pairs from which that of a difference is: of fewer, its noise cannot be told."""
_SINGULAR = 1e-9
"""Share of the largest variance below which a combination of controls counts as constant."""
VALUES = ("compensated", "compensated_low", "compensated_high", "compensated_saved")
SCHEMA = {"point": pl.Int64, "arm": pl.String, "rung": pl.Int64, **dict.fromkeys(VALUES, pl.Float64)}


def compensated(question: Question, columns: Columns) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the compensated risk of each arm, and its difference against the reference: two tables of one form.

    Columns point, arm, rung, compensated, compensated_low, compensated_high (95 %), compensated_saved: by which factor
    the control variate lowered the variance. Null below 30 hits or misses in an arm, or ten discordant pairs.
    """
    fine, peaks = columns.fine, columns.of("peak_rung")
    paired: Flags = np.asarray(fine.all(axis=2), np.bool_)
    risks: list[pl.DataFrame] = []
    changes: list[pl.DataFrame] = []
    for rung in EXCEEDED:
        hit = np.asarray((peaks >= rung) & fine, np.float64)
        surprise = np.where(fine, hit - columns.of(f"chance_{rung}"), 0.0)
        alone, together = _enough(hit, fine), _enough(hit * paired[..., None], paired[..., None])
        for n, arm in enumerate(columns.arms):
            found = controlled(hit[..., n], [surprise[..., n]], fine[..., n])
            risks.append(_rows(question, arm, rung, found, alone[:, n]))
            if n:
                both, change = [surprise[..., n], surprise[..., 0]], (hit[..., n] - hit[..., 0]) * paired
                found = controlled(change, both, paired)
                apart = np.abs(change).sum(axis=1) >= LEAST_APART
                changes.append(_rows(question, arm, rung, found, together[:, n] & together[:, 0] & apart))
    tables = pl.concat(risks), pl.concat([pl.DataFrame(schema=SCHEMA), *changes])
    of_arms, of_changes = (table.with_columns(pl.col(VALUES).fill_nan(None)) for table in tables)
    return of_arms, of_changes


def controlled(values: Floats, controls: Sequence[Floats], counts: Flags) -> tuple[Floats, Floats, Floats, Floats]:
    """Return n, mean, its standard error and the factor saved, of values less what controls of mean 0 explain of them.

    All arrays are [point, replication]; `counts` says which values take part. Results are [point].
    """
    weight = np.asarray(counts, np.float64)
    n = weight.sum(axis=1)
    kept = np.zeros_like(values)
    shape = (len(controls), *values.shape)
    x = np.concatenate([np.asarray(controls).reshape(shape), values[None]]) * weight
    folds = [slice(fold, None, FOLDS) for fold in range(FOLDS)]
    moments = zip(*[_moments(x[:, :, of]) for of in folds], strict=True)
    sums, products = (of_all - np.array(of_folds) for of_all, of_folds in zip(_moments(x), moments, strict=True))
    slopes = _slopes(n - np.array([weight[:, of].sum(axis=1) for of in folds]), sums, products)
    for of, slope in zip(folds, slopes, strict=True):
        kept[:, of] = x[-1][:, of] - np.einsum("pc,cpr->pr", slope, x[:-1][:, :, of])
    mean = kept.sum(axis=1) / np.maximum(n, 1)
    variance, before = (_variance(each, weight, n) for each in (kept, values))
    with np.errstate(divide="ignore", invalid="ignore"):
        return n, mean, np.sqrt(variance / n), before / variance


def _moments(x: Floats) -> tuple[Floats, Floats]:
    """Return sums [point, column] and sums of products [point, column, column] over replications."""
    return x.sum(axis=2).T, np.einsum("cpr,dpr->pcd", x, x)


def _slopes(n: Floats, sums: Floats, products: Floats) -> Floats:
    """Return [fold, point, control]: least squares of the last column on the others."""
    size = np.maximum(n, 1)[..., None, None]
    covariance = products / size - sums[..., :, None] * sums[..., None, :] / size**2
    inverse = np.linalg.pinv(covariance[..., :-1, :-1], rcond=_SINGULAR, hermitian=True)
    return np.asarray(np.einsum("fpcd,fpd->fpc", inverse, covariance[..., :-1, -1]), np.float64)


def _variance(values: Floats, weight: Floats, n: Floats) -> Floats:
    mean = (values * weight).sum(axis=1) / np.maximum(n, 1)
    return np.asarray((weight * (values - mean[:, None]) ** 2).sum(axis=1) / np.maximum(n - 1, 1), np.float64)


def _enough(hit: Floats, fine: Flags) -> Flags:
    """Return [point, arm]: whether there are hits and misses enough."""
    hits, n = hit.sum(axis=1), fine.sum(axis=1)
    return np.asarray((hits >= LEAST_HITS) & (n - hits >= LEAST_HITS), np.bool_)


def _rows(
    question: Question, arm: str, rung: int, found: tuple[Floats, Floats, Floats, Floats], enough: Flags
) -> pl.DataFrame:
    n, mean, error, factor = found
    half = question.method.critical(n) * error
    given = zip(VALUES, (mean, mean - half, mean + half, factor), strict=True)
    values = {name: np.where(enough & np.isfinite(each), each, np.nan) for name, each in given}
    size = len(n)  # polars takes its time over columns of one value that is given once
    of = {"point": np.arange(size), "arm": [arm] * size, "rung": np.full(size, rung)}
    return pl.DataFrame({**of, **values}, schema_overrides=SCHEMA)
