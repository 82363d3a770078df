"""Confidence sequences and e-values: right whenever one stops, and however often one looked before.

Each is a mixture of likelihoods over the parameter, divided by the likelihood of a value: under that value a
non-negative martingale that starts at 1, so that it ever reaches 1/alpha with probability alpha at most (Ville 1939).
Robbins 1970, doi:10.1214/aoms/1177696786; Ramdas and others 2023, doi:10.1214/23-STS894.
"""

from __future__ import annotations

from math import log

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, gammaln, logsumexp, xlog1py, xlogy

from simcrisis.stats.intervals import ALPHA, likeliest_cells, ratio_between
from simcrisis.stats.limits import Flags, Floats, farthest

_PRIOR = 0.5
"""Of each cell of the mixing beta or Dirichlet law (Jeffreys, Krichevsky and Trofimov)."""
_TUNED_FOR = 1000
"""Replications at which sequences for means are tightest."""
_EDGE = 1e-12
_HALVINGS = 30
_WINDOW = 8.0
"""Standard errors to either side of the best stake over which the mixture is summed."""
_nodes, _weights = np.polynomial.legendre.leggauss(48)
_NODES, _WEIGHTS = (_nodes + 1) / 2, _weights / 2


def share(hits: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the bounds of the confidence sequence of a share at hits of n (beta-binomial mixture)."""
    hits, n = np.asarray(hits, np.float64), np.asarray(n, np.float64)
    least = log(ALPHA) + _mixture(hits, n - hits)

    def holds(p: Floats) -> Flags:
        return np.asarray(xlogy(hits, p) + xlogy(n - hits, 1 - p) >= least, np.bool_)

    centre = hits / np.maximum(n, 1)
    low, high = farthest(centre, 0.0, holds), farthest(centre, 1.0, holds)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def paired_difference(up: npt.ArrayLike, down: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the bounds of the confidence sequence of a difference of paired shares, `up` - `down` of n pairs.

    A difference is out as soon as betting against it has multiplied its stake by 1/alpha; stakes are mixed evenly over
    all that cannot ruin (Waudby-Smith and Ramdas 2024, doi:10.1093/jrsssb/qkad009). Against 0 this is `e_value`: the
    sequence leaves out 0 when the sign is believed.
    """
    up, down, n = (np.asarray(each, np.float64) for each in (up, down, n))

    def holds(difference: Floats) -> Flags:
        inside = _won(np.clip(difference, _EDGE - 1, 1 - _EDGE), up, down, n) < -log(ALPHA)
        return np.where(difference >= 1, up == n, np.where(difference <= -1, down == n, inside))

    centre = (up - down) / np.maximum(n, 1)
    return farthest(centre, -1.0, holds), farthest(centre, 1.0, holds)


def _won(difference: Floats, up: Floats, down: Floats, n: Floats) -> Floats:
    """Return the logarithm of what betting against a difference has won, mixed over stakes.

    The mixture is summed where it is large (a window around the best stake); what is left out only widens intervals.
    """
    outcomes = np.stack(np.broadcast_arrays(1 - difference, -1 - difference, -difference))
    counts = np.stack(np.broadcast_arrays(up, down, n - up - down))
    lowest, highest = -1 / outcomes[0], -1 / outcomes[1]
    least, most = lowest, highest
    for _ in range(_HALVINGS):  # the gain is concave in the stake
        best = (least + most) / 2
        rises = (counts * outcomes / (1 + best * outcomes)).sum(axis=0) > 0
        least, most = np.where(rises, best, least), np.where(rises, most, best)
    slopes = outcomes / (1 + best * outcomes)
    width = _WINDOW / np.sqrt(np.maximum((counts * slopes**2).sum(axis=0) + (counts * slopes).sum(axis=0) ** 2, _EDGE))
    least, most = np.maximum(best - width, lowest), np.minimum(best + width, highest)
    stakes = least[..., None] + (most - least)[..., None] * _NODES
    won = xlog1py(counts[..., None], stakes * outcomes[..., None]).sum(axis=0)
    share = (most - least) / (highest - lowest)
    return np.asarray(logsumexp(won, b=_WEIGHTS * share[..., None], axis=-1), np.float64)


def paired_ratio(
    both: npt.ArrayLike, up: npt.ArrayLike, down: npt.ArrayLike, n: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Return a ratio of paired shares with the bounds of its confidence sequence; NaN as in `intervals`."""
    both, up, down, n = (np.asarray(each, np.float64) for each in (both, up, down, n))
    rest = n - both - up - down
    least = log(ALPHA) + _mixture(both, up, down, rest)

    def holds(logarithm: Floats) -> Flags:
        p_both, p_up, p_down = likeliest_cells(np.exp(logarithm), both, up, down, n)
        cells = ((both, p_both), (up, p_up), (down, p_down), (rest, 1 - p_both - p_up - p_down))
        return np.asarray(_likelihood(*cells) >= least, np.bool_)

    return ratio_between(both + up, both + down, holds)


def e_value(up: npt.ArrayLike, down: npt.ArrayLike) -> Floats:
    """Return the evidence against 'a discordant pair is as likely up as down': stop and believe the sign at 1/alpha.

    Uniform mixture over the probability of up. Its upper and its lower half are the evidence against 'not more likely
    up' and 'not more likely down', so that a sign believed at 1/alpha is wrong with probability alpha at most.
    """
    up, down = np.asarray(up, np.float64), np.asarray(down, np.float64)
    return np.asarray(np.exp(np.minimum(betaln(up + 1, down + 1) + (up + down) * log(2.0), 700.0)), np.float64)


def p_value(up: npt.ArrayLike, down: npt.ArrayLike) -> Floats:
    """Return the p-value that may be looked at any time: 1 / `e_value`, at most 1."""
    return np.minimum(1.0, 1.0 / e_value(up, down))


def critical(n: npt.ArrayLike) -> Floats:
    """Return how many standard errors the bounds of a mean of n values lie away from it at any time, for large n.

    Asymptotic confidence sequence: Waudby-Smith and others 2024, doi:10.1214/24-AOS2408, equation 12.
    """
    n = np.asarray(n, np.float64)
    scaled = n * (-2 * log(ALPHA) + log(-2 * log(ALPHA) + 1)) / _TUNED_FOR
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(n > 1, np.sqrt((scaled + 1) / scaled * np.log((scaled + 1) / ALPHA**2)), np.nan)


def _mixture(*cells: Floats) -> Floats:
    """Return the logarithm of the likelihood of counts, mixed over the shares of the cells."""
    prior = len(cells) * gammaln(_PRIOR) - gammaln(len(cells) * _PRIOR)
    counted = sum(gammaln(cell + _PRIOR) for cell in cells)
    return np.asarray(counted - gammaln(sum(cells) + len(cells) * _PRIOR) - prior, np.float64)


def _likelihood(*cells: tuple[Floats, Floats]) -> Floats:
    return np.asarray(sum(xlogy(count, np.maximum(p, 0.0)) for count, p in cells), np.float64)
