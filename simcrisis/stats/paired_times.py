"""Whether two arms reach a rung at different times, run by run under the same luck."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from simcrisis.stats.limits import Floats

_EXACT = 12
"""Pairs that differ up to which all signs are tried."""


def paired_times(hours: Floats, reference: Floats, until: float) -> float:
    """Return the two-sided p-value of the paired log-rank test; times of `until` are censored. NaN leaves a pair out.

    Log-rank scores of the pooled times (Prentice 1978), and their differences within pairs under random signs: O'Brien
    and Fleming 1987, doi:10.2307/2531957. All signs are tried with up to 12 pairs that differ; with more, the sum of
    the differences is taken to be normal.
    """
    paired = ~np.isnan(hours) & ~np.isnan(reference)
    times = np.concatenate([hours[paired], reference[paired]])
    scores = _scores(times, times < until)
    half = len(scores) // 2
    apart = scores[:half] - scores[half:]
    apart = apart[apart != 0]
    if not len(apart):
        return 1.0
    total = abs(apart.sum())
    if len(apart) > _EXACT:
        return float(2 * ndtr(-total / np.sqrt((apart**2).sum())))
    signs = 1 - 2 * (np.arange(2 ** len(apart))[:, None] >> np.arange(len(apart)) & 1)
    return float(np.mean(np.abs(signs @ apart) >= total * (1 - 1e-9)))


def _scores(times: Floats, crossed: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    """Return log-rank scores: 1 (0 where censored) less the cumulative hazard (Nelson-Aalen) at that time."""
    order = np.argsort(times, kind="stable")
    instants, first, inverse = np.unique(times[order], return_index=True, return_inverse=True)
    deaths = np.bincount(inverse, weights=crossed[order], minlength=len(instants))
    hazard = np.cumsum(deaths / (len(times) - first))
    scores = np.empty(len(times))
    scores[order] = crossed[order] - hazard[inverse]
    return scores
