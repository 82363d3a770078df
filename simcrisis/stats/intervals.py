"""Intervals for shares, for paired differences and ratios of shares, and for means, all at 95 %, for a fixed n.

Counts come as arrays of any shape. Coverage is tabled in docs/validation.md.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, betaincinv, stdtrit

from simcrisis.stats.limits import Criterion, Flags, Floats, farthest

ALPHA = 0.05
Z = NormalDist().inv_cdf(1 - ALPHA / 2)
FEW = 10
"""Hits or misses below which a conservative interval takes the place of the usual one."""
FEW_PAIRS = 4
"""The same of discordant pairs."""
FEW_IN_BOTH = 8
"""The same of the hits of both arms, for a ratio."""
_FARTHEST_RATIO = 1e6


def share(hits: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the bounds of a share: Wilson's score interval, and Clopper and Pearson's at few hits or few misses.

    Wilson 1927, doi:10.1080/01621459.1927.10502953; Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404, which
    covers at least 95 %. NaN where n is 0.
    """
    hits, n = np.asarray(hits, np.float64), np.asarray(n, np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        p, z2 = hits / n, Z * Z
        centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = Z / (1 + z2 / n) * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    few = (hits < FEW) | (n - hits < FEW)
    least, most = _clopper_pearson(hits, n, ALPHA / 2)
    low, high = np.where(few, least, centre - half), np.where(few, most, centre + half)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def share_method(hits: int, n: int) -> str:
    """Return how `share` makes its interval."""
    return "Clopper-Pearson" if min(hits, n - hits) < FEW else "Wilson"


def paired_difference(up: npt.ArrayLike, down: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the bounds of a difference of paired shares: Tango's score interval, with exact bounds at few pairs.

    `up` pairs have a hit in the first arm only, `down` in the second only, of n pairs. Tango 1998,
    doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B. With fewer than four discordant pairs it is
    widened to what Clopper and Pearson's bounds of both shares allow together (each at 98.75 %, one-sided).
    """
    up, down, n = (np.asarray(each, np.float64) for each in (up, down, n))
    few = up + down < FEW_PAIRS
    low, high = _tango(up, down, n)
    least, most = _exact(up, down, n)
    return np.where(few, np.minimum(least, low), low), np.where(few, np.maximum(most, high), high)


def difference_method(up: int, down: int) -> str:
    """Return how `paired_difference` makes its interval."""
    return "Tango and Clopper-Pearson" if up + down < FEW_PAIRS else "Tango"


def _exact(up: Floats, down: Floats, n: Floats) -> tuple[Floats, Floats]:
    tail = ALPHA / 4
    (up_low, up_high), (down_low, down_high) = (_clopper_pearson(each, n, tail) for each in (up, down))
    return up_low - down_high, up_high - down_low


def _clopper_pearson(hits: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    with np.errstate(invalid="ignore"):
        low, high = betaincinv(hits, n - hits + 1, tail), betaincinv(hits + 1, n - hits, 1 - tail)
    return np.where(hits == 0, 0.0, low), np.where(hits == n, 1.0, high)


def _tango(up: Floats, down: Floats, n: Floats) -> tuple[Floats, Floats]:
    def holds(difference: Floats) -> Flags:
        p_down = likeliest_down(difference, up, down, n)
        variance = n * np.maximum(2 * p_down + difference * (1 - difference), 0.0)
        return np.asarray((up - down - n * difference) ** 2 <= Z * Z * variance, np.bool_)

    centre = (up - down) / n
    return farthest(centre, -1.0, holds), farthest(centre, 1.0, holds)


def likeliest_down(difference: Floats, up: Floats, down: Floats, n: Floats) -> Floats:
    """Return the likeliest share of `down` pairs if the difference is as said: the root of a quadratic equation."""
    b = (2 * n - up + down) * difference - up - down
    c = -down * difference * (1 - difference)
    root = np.sqrt(np.maximum(b * b - 8 * n * c, 0.0))
    # the two forms are equal; each is exact where the other one loses its digits
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(b > 0, -2 * c / (b + root), (root - b) / (4 * n))
    return np.asarray(np.clip(np.nan_to_num(found), np.maximum(0.0, -difference), (1 - difference) / 2), np.float64)


def paired_ratio(
    both: npt.ArrayLike, up: npt.ArrayLike, down: npt.ArrayLike, n: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Return the ratio of two paired shares with the bounds of its score interval, and exact bounds at few hits.

    `both` pairs have a hit in both arms. Nam and Blackwelder 2002, doi:10.1002/sim.1052; Tang, Tang and Chan 2003,
    doi:10.1002/sim.1458. With fewer than eight hits in both arms together it is widened like the difference. NaN
    without hits in either arm; without hits in the second alone, ratio and upper bound are.
    """
    both, up, down, n = (np.asarray(each, np.float64) for each in (both, up, down, n))
    hits, others = both + up, both + down

    def holds(logarithm: Floats) -> Flags:
        ratio = np.exp(logarithm)
        cells = likeliest_cells(ratio, both, up, down, n)
        variance = n * (cells[1] + ratio * ratio * cells[2] + (1 - ratio) ** 2 * cells[0])
        return np.asarray((hits - ratio * others) ** 2 <= Z * Z * variance, np.bool_)

    ratio, low, high = ratio_between(hits, others, holds)
    (least, hits_most), (others_least, most) = (_clopper_pearson(each, n, ALPHA / 4) for each in (hits, others))
    few = hits + others < FEW_IN_BOTH
    with np.errstate(divide="ignore", invalid="ignore"):
        low = np.where(few, np.minimum(low, least / most), low)
        high = np.where(few, np.where(others > 0, np.maximum(high, hits_most / others_least), np.nan), high)
    return ratio, low, high


def ratio_method(hits_in_both: int) -> str:
    """Return how `paired_ratio` makes its interval, by the hits of both arms added."""
    return "Nam-Blackwelder and Clopper-Pearson" if hits_in_both < FEW_IN_BOTH else "Nam-Blackwelder"


def ratio_between(hits: Floats, others: Floats, holds: Criterion) -> tuple[Floats, Floats, Floats]:
    """Return a ratio of hits with the bounds at which a criterion on its logarithm stops to hold."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(others > 0, hits / others, np.nan)
        centre = np.log(np.clip(hits / others, 1 / _FARTHEST_RATIO, _FARTHEST_RATIO))
    centre = np.where(np.isnan(centre), 0.0, centre)
    edge = np.log(_FARTHEST_RATIO)
    low, high = np.exp(farthest(centre, -edge, holds)), np.exp(farthest(centre, edge, holds))
    low = np.where(hits > 0, low, np.where(others > 0, 0.0, np.nan))
    return ratio, low, np.where(others > 0, high, np.nan)


def likeliest_cells(ratio: Floats, both: Floats, up: Floats, down: Floats, n: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the likeliest shares of both, up and down if the ratio is as said (Nam and Blackwelder)."""
    hits, others, squared = both + up, both + down, ratio * ratio
    root = np.sqrt((hits - squared * others) ** 2 + 4 * squared * up * down)
    p_up = np.maximum(squared * (others + 2 * up) - hits + root, 0.0) / (2 * ratio * (ratio + 1) * n)
    any_hit = (both + up + down) / n
    p_down = np.maximum(ratio * p_up - (ratio - 1) * any_hit, 0.0)
    return np.maximum(any_hit - p_up - p_down, 0.0), p_up, p_down


def mcnemar(up: npt.ArrayLike, down: npt.ArrayLike) -> Floats:
    """Return the two-sided p-value of the exact McNemar test on discordant pairs; 1 without any."""
    up, down = np.asarray(up, np.int64), np.asarray(down, np.int64)
    tail = bdtr(np.minimum(up, down), np.maximum(up + down, 1), 0.5)
    return np.where(up + down == 0, 1.0, np.minimum(1.0, 2.0 * tail))


def critical(n: npt.ArrayLike) -> Floats:
    """Return how many standard errors the bounds of a mean of n values lie away from it (Student's t)."""
    n = np.asarray(n, np.float64)
    return np.where(n > 1, stdtrit(np.maximum(n - 1, 1), 1 - ALPHA / 2), np.nan)


def contrast(
    n: npt.ArrayLike,
    total: npt.ArrayLike,
    squares: npt.ArrayLike,
    most: float,
    z: Callable[[npt.ArrayLike], Floats] = critical,
) -> tuple[Floats, Floats, Floats]:
    """Return the mean of n values with its bounds; each value is a contrast of indicators in a replication.

    `total` and `squares` are sums over the values, which lie between -`most` and `most`, in the main within 1; `z` says
    how many standard errors the bounds lie away. Two pseudo-replications, +1 and -1, keep them honest where few
    contrasts differ from 0: the idea of Bonett and Price's interval, doi:10.3102/1076998611411915, here for contrasts
    of more than two arms.
    """
    n, total, squares = (np.asarray(each, np.float64) for each in (n, total, squares))
    size = n + 2
    middle = total / size
    half = z(size) * np.sqrt((squares + 2 - size * middle**2) / size) / np.sqrt(size)
    return total / n, np.maximum(middle - half, -most), np.minimum(middle + half, most)
