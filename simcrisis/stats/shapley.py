"""Shapley values: what each of several measures contributes to what they avert together."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np
import numpy.typing as npt

from simcrisis.stats.intervals import contrast

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
MOST = 7
"""Measures of which all subsets are run: 128."""


@dataclass(frozen=True)
class Share:
    """A risk averted, in runs per run, with its 95 % bounds."""

    value: float
    low: float
    high: float


def contributions(reached: Flags) -> Counts:
    """Return [measure, replication] what each measure contributes to what all avert, in units of 1 / (measures!).

    `reached` is [subset, replication]: whether the rung was reached with the measures of a subset, a bit each (measure
    i is in subset s if `s >> i & 1`). Summed over measures this is measures! times (reached without any - reached with
    all), in every replication. Shapley 1953, doi:10.1515/9781400881970-018; for the inputs of a simulation Owen 2014,
    doi:10.1137/130936233.
    """
    subsets = np.arange(len(reached))
    measures = len(reached).bit_length() - 1
    hits = reached.astype(np.int64)
    found = np.zeros((measures, reached.shape[1]), np.int64)
    for i in range(measures):
        for without in subsets[(subsets >> i & 1) == 0].tolist():
            size = without.bit_count()
            weight = factorial(size) * factorial(measures - size - 1)
            found[i] += weight * (hits[without] - hits[without | 1 << i])
    return found


def shapley(reached: Flags) -> list[Share]:
    """Return the Shapley value of each measure: the mean of its contributions over replications, paired.

    What it averts when it comes on top of those before it, averaged over all orders in which they can come; `reached`
    as in `contributions`. The values add up to what all measures together avert.
    """
    units = contributions(reached)
    return [_share(of_measure, factorial(len(units))) for of_measure in units]


def averted(reached_without: Flags, reached_with: Flags) -> Share:
    """Return the risk that something averts, from the same replications without and with it."""
    return _share(reached_without.astype(np.int64) - reached_with.astype(np.int64), 1)


def _share(values: Counts, unit: int) -> Share:
    found = contrast(len(values), values.sum() / unit, (values**2).sum() / unit**2, most=1.0)
    return Share(*map(float, found))
