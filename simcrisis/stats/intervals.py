"""Intervals for shares and for paired differences of shares, all at 95 %."""

from __future__ import annotations

import math
from collections.abc import Mapping
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr

Z = NormalDist().inv_cdf(0.975)

Floats = npt.NDArray[np.float64]


def wilson(hits: npt.ArrayLike, n: int) -> tuple[Floats, Floats]:
    """Return the bounds of Wilson's score interval (Wilson 1927, doi:10.1080/01621459.1927.10502953) for hits of n."""
    if n == 0:
        nothing = np.full(np.shape(hits), np.nan)
        return nothing, nothing
    hits = np.asarray(hits, dtype=np.float64)
    p, z2 = hits / n, Z * Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    low = np.where(hits == 0, 0.0, np.maximum(0.0, centre - half))
    high = np.where(hits == n, 1.0, np.minimum(1.0, centre + half))
    return low, high


def paired_difference(up: int, down: int, n: int) -> tuple[float, float]:
    """Return the bounds of the adjusted Wald interval for a difference of paired shares.

    `up` pairs have a hit in the first arm only, `down` in the second only, of n pairs. Bonett and Price 2012,
    doi:10.3102/1076998611411915: one pseudo-pair is added to each discordant cell.
    """
    p_up, p_down = (up + 1) / (n + 2), (down + 1) / (n + 2)
    middle = p_up - p_down
    half = Z * math.sqrt((p_up + p_down - middle * middle) / (n + 2))
    return max(-1.0, middle - half), min(1.0, middle + half)


def paired_ratio(hits: int, hits_reference: int, up: int, down: int) -> tuple[float, float, float] | None:
    """Return the ratio of two paired shares with its bounds (delta method on the logarithm).

    None without hits, or where no pair differs: then the method has no interval to give.
    """
    if hits == 0 or hits_reference == 0 or up + down == 0:
        return None
    ratio = hits / hits_reference
    spread = Z * math.sqrt((up + down) / (hits * hits_reference))
    return ratio, ratio * math.exp(-spread), ratio * math.exp(spread)


def mcnemar(up: int, down: int) -> float:
    """Return the two-sided p-value of the exact McNemar test on discordant pairs."""
    if up + down == 0:
        return 1.0
    return min(1.0, 2.0 * float(bdtr(min(up, down), up + down, 0.5)))


def contrast(counts: Mapping[int, int], unit: int = 1) -> tuple[float, float, float]:
    """Return the mean of per-replication contrasts of indicators with its 95 % bounds; `counts` by value.

    Values are whole numbers of `1 / unit`, and contrasts between -1 and 1 in the main. Two pseudo-replications, +1 and
    -1, keep the interval honest where few contrasts differ from 0 (the idea of Bonett and Price's interval, here for a
    contrast of more than two arms).
    """
    n, total = sum(counts.values()), sum(value * count for value, count in counts.items())
    middle = total / (n + 2)
    squares = math.fsum(count * (value - middle) ** 2 for value, count in counts.items())
    squares += (unit - middle) ** 2 + (unit + middle) ** 2
    half = Z * math.sqrt(squares) / (n + 2)
    return total / n / unit, (middle - half) / unit, (middle + half) / unit
