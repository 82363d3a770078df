"""Will an answer come in time, and is a line up? Laws of sums of delays, and of repair.

A delay law is represented by its quantiles at n equally likely points ("nodes"), so that sums of laws of any form
have a law of the same form. The error of a probability is at most about 1/(2n).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from statistics import NormalDist

from simcrisis.units import Delay, Fixed, normal_cdf

Nodes = tuple[float, ...]
AT_ONCE: Nodes = (0.0,)
WAY_POINTS, REST_POINTS = 24, 96
"""Points that represent the way of an inquiry, and all that follows until its answer."""
_quantile = NormalDist().inv_cdf


def nodes(law: Delay, count: int) -> Nodes:
    """Return the law's delays (ms) at `count` equally likely points, ascending; one point if it is fixed."""
    if isinstance(law, Fixed):
        return (float(law.length),)
    return tuple(float(law.at(_quantile((n + 0.5) / count))) for n in range(count))


@lru_cache(maxsize=4096)
def total(laws: tuple[Delay, ...], count: int) -> Nodes:
    """Return the law of the sum of independent delays (ms) as at most `count` equally likely points."""
    summed: Nodes = (0.0,)
    for law in laws:
        other = nodes(law, count)
        pairs = sorted(a + b for a in summed for b in other)
        summed = tuple(pairs) if len(pairs) <= count else _thinned(pairs, count)
    return summed


def _thinned(points: Sequence[float], count: int) -> Nodes:
    """Return `count` equally likely points for the many given: the mean of each equal share."""
    size = len(points) / count
    edges = [round(n * size) for n in range(count + 1)]
    return tuple(math.fsum(points[a:b]) / (b - a) for a, b in pairwise(edges))


def share_within(law: Nodes, elapsed: float) -> float:
    """Return the probability that a delay of this law is at most `elapsed` (ms)."""
    if len(law) == 1:
        return 1.0 if elapsed >= law[0] else 0.0
    above = bisect_right(law, elapsed)
    if above == 0:
        return 0.5 / len(law) * max(0.0, elapsed / law[0])
    if above == len(law):
        return 1.0 - 0.5 / len(law) * law[-1] / elapsed
    low, high = law[above - 1], law[above]
    return (above - 0.5 + (elapsed - low) / (high - low)) / len(law)


def readings(sent: int, out: Nodes, opens: Callable[[int], float] | None) -> Nodes:
    """Return the law of the instant at which an inquiry sent at `sent` is read, by its points, ascending.

    `out` is the law of the way there; `opens` returns the first office hour not before an instant (None: round the
    clock; then all that follows can stand in the law of the rest, and `out` be AT_ONCE). Queues are not in it.
    """
    if opens is None:
        return tuple([sent + way for way in out])
    read, found = -math.inf, []
    for way in out:
        there = round(sent + way)
        if there > read:
            read = opens(there)
        found.append(read)
    return tuple(found)


def answered_by(at: float, readings: Nodes, rest: Nodes) -> float:
    """Return the probability that an answer has arrived at `at`, if one is given, by the law of its reading.

    `rest` is the law of all from reading to the reply's arrival.
    """
    arrived, read, share = 0.0, -math.inf, 0.0
    for reading in readings:
        if reading >= at:
            break
        if reading != read:
            read, share = reading, share_within(rest, at - reading)
        arrived += share
    return arrived / len(readings)


def exponential(mean: float, score: float) -> float:
    """Return the exponential variate with this mean that belongs to a normal score."""
    return -mean * math.log(max(normal_cdf(-score), 5e-324))


def share_up(mtbf: float, mttr: float) -> float:
    """Return the share of time that a line is up, by mean time between failures and to repair."""
    return mtbf / (mtbf + mttr)


def still_valid(age: float, half_life: float) -> float:
    """Return the probability that a contact entry of this age is not stale (same unit as the half-life)."""
    return float(0.5 ** (age / half_life))


def updated(prior: float, weight: float, answered: int, asked: int) -> float:
    """Return the believed answer probability after checks: the mean of a Beta law that began at `prior`."""
    return (prior * weight + answered) / (weight + asked)
