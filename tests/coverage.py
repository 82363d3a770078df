"""How often the intervals hold what they promise: tables of docs/validation.md, and what the tests check of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln, xlogy

from simcrisis.stats import anytime, intervals
from simcrisis.stats.compensated import LEAST_APART, LEAST_HITS, controlled

Floats = npt.NDArray[np.float64]
P = (0.5, 0.1, 0.01)
"""The shares around which coverage is averaged: within +-20 %."""
AROUND = np.linspace(0.8, 1.2, 21)
SIZES = (300, 1000, 5000)
EXPECTED = 5.0
"""Expected hits, or discordant pairs, below which only the conservative method is asked for."""


class Held(NamedTuple):
    """How often an interval holds the truth, over shares around one."""

    what: str
    expected: float
    """Expected hits or discordant pairs, at the middle share."""
    mean: float
    least: float
    """At one of the shares."""
    least_expected: float
    """Expected hits or discordant pairs where that is."""

    @property
    def usual(self) -> bool:
        """Whether more than a few hits or pairs are expected at each of the shares."""
        return bool(self.expected * AROUND[0] >= EXPECTED)


def shares(bounds: Callable[[Floats, Floats], tuple[Floats, Floats]] = intervals.share) -> Iterator[Held]:
    """Yield the coverage of a share, exactly: over all hits that there can be."""
    for n in SIZES:
        hits = np.arange(n + 1, dtype=np.float64)
        low, high = bounds(hits, np.full_like(hits, n))
        for p in P:
            held = [_binomial(hits, n, each)[(low <= each) & (each <= high)].sum() for each in p * AROUND]
            yield _held(f"share {p:g} of {n:,} runs", n * p, held)


def _binomial(hits: Floats, n: int, p: float) -> Floats:
    ways = gammaln(n + 1) - gammaln(hits + 1) - gammaln(n - hits + 1)
    return np.asarray(np.exp(ways + xlogy(hits, p) + xlogy(n - hits, 1 - p)), np.float64)


def _held(what: str, expected: float, held: list[float]) -> Held:
    least = int(np.argmin(held))
    return Held(what, expected, float(np.mean(held)), held[least], expected * float(AROUND[least]))


class Cells(NamedTuple):
    """Shares of pairs with a hit in both arms, in the first only, in the second only."""

    both: float
    up: float
    down: float


RATIOS = (1.0, 0.7, 0.2)
IN_STEP = (0.0, 0.8)
"""How far luck is in common: 0 independent arms, 1 as far as the two risks allow."""


def cells(p: float, ratio: float, in_step: float) -> Cells:
    """Return the shares of pairs where the reference has risk p, the arm `ratio` times that."""
    apart = ratio * p * p
    both = apart + in_step * (min(p, ratio * p) - apart)
    return Cells(both, ratio * p - both, p - both)


def paired_differences(
    bounds: Callable[[Floats, Floats, Floats], tuple[Floats, Floats]] = intervals.paired_difference,
) -> Iterator[Held]:
    """Yield the coverage of a paired difference, exactly: over all discordant pairs that there can be."""
    for n, p, ratio, in_step in _designs():
        held = []
        for each in p * AROUND[::2]:
            _, p_up, p_down = cells(each, ratio, in_step)
            up, down = (grid.ravel() for grid in np.meshgrid(_around(n * p_up), _around(n * p_down)))
            inside = up + down <= n
            up, down = up[inside], down[inside]
            rest = n - up - down
            ways = gammaln(n + 1) - gammaln(up + 1) - gammaln(down + 1) - gammaln(rest + 1)
            chance = np.exp(ways + xlogy(up, p_up) + xlogy(down, p_down) + xlogy(rest, 1 - p_up - p_down))
            low, high = bounds(up, down, np.full_like(up, n))
            held.append(float(chance[(low <= p_up - p_down) & (p_up - p_down <= high)].sum()))
        middle = cells(p, ratio, in_step)
        yield _paired_held(n, p, ratio, in_step, n * (middle.up + middle.down), held)


def paired_ratios(draws: int = 4000) -> Iterator[Held]:
    """Yield the coverage of a paired ratio, by simulation; expected are the hits in the arm with fewer."""
    luck = np.random.default_rng(8)
    for n, p, ratio, in_step in _designs():
        held = []
        for each in p * AROUND[::2]:
            shares_of = cells(each, ratio, in_step)
            both, up, down, _ = luck.multinomial(n, [*shares_of, 1 - sum(shares_of)], size=draws).T
            _, low, high = intervals.paired_ratio(both, up, down, n)
            unknown = np.isnan(low) & np.isnan(high)
            high = np.where(np.isnan(high), np.inf, high)
            held.append(float(np.mean(unknown | ((low <= ratio) & (ratio <= high)))))
        yield _paired_held(n, p, ratio, in_step, n * p * ratio, held)


def _designs() -> Iterator[tuple[int, float, float, float]]:
    for ratio in RATIOS:
        for in_step in IN_STEP:
            for n in SIZES[:2]:
                yield from ((n, p, ratio, in_step) for p in P)


def _paired_held(n: int, p: float, ratio: float, in_step: float, expected: float, held: list[float]) -> Held:
    what = f"reference {p:g}, arm {ratio:g} of it, luck {'in step' if in_step else 'independent'}, {n:,} pairs"
    least = int(np.argmin(held))
    return Held(what, expected, float(np.mean(held)), held[least], expected * float(AROUND[::2][least]))


def _around(mean: float) -> Floats:
    """Return the counts that are at all likely."""
    reach = 7 * math.sqrt(mean) + 8
    return np.arange(max(0, int(mean - reach)), int(mean + reach) + 1, dtype=np.float64)


_LOWERED = 0.7
"""Chances in the other arm, as shares of those in the first."""


def decisions(batches: int, n: int, p: float, luck: np.random.Generator, ratio: float) -> tuple[Floats, ...]:
    """Return hits and compensators of two arms under common luck, each [batch, run]: hit, stated, hit, stated.

    A run takes up to three decisions, at chances that differ much from one to the next; it ends with a hit.
    """
    hits, stated = np.zeros((2, batches, n)), np.zeros((2, batches, n))
    running = np.ones((2, batches, n), np.bool_)
    for _ in range(3):
        chance = luck.beta(0.4, 0.4 * (3 - p) / p, (batches, n))
        chosen = luck.random((batches, n))
        for arm, each in enumerate((chance, ratio * chance)):
            stated[arm] += np.where(running[arm], each, 0.0)
            hit = running[arm] & (chosen < each)
            hits[arm] += hit
            running[arm] &= ~hit
    return hits[0], stated[0], hits[1], stated[1]


def touched(batches: int, luck: np.random.Generator, share: float, n: int = 1000) -> tuple[float, float, float]:
    """Return expected discordant pairs, and the coverage and share given of the compensated difference of two arms.

    The other arm's chances are another's in a small share of runs, and the same in all others.
    """
    chance = luck.beta(0.4, 1.6, (batches, n))
    other = np.where(luck.random((batches, n)) < share, chance[:, ::-1], chance)
    chosen = luck.random((batches, n))
    hit, other_hit = (chosen < chance) * 1.0, (chosen < other) * 1.0
    surprises = [np.asarray(each, np.float64) for each in (other_hit - other, hit - chance)]
    enough = np.abs(hit - other_hit).sum(axis=1) >= LEAST_APART
    n_pairs, mean, error, _ = controlled(np.asarray(other_hit - hit), surprises, np.ones_like(hit, np.bool_))
    held = np.abs(mean) <= intervals.critical(n_pairs) * error
    expected = float(np.abs(hit - other_hit).sum(axis=1).mean())
    return expected, float(held[enough].mean()) if enough.any() else np.nan, float(enough.mean())


def compensated(batches: int = 2000) -> Iterator[tuple[str, float, float, float]]:
    """Yield what, expected hits, coverage of the compensated risk and of the compensated difference.

    Where fewer hits are expected than the estimate needs, it is given for lucky batches only, and then too high.
    """
    luck = np.random.default_rng(9)
    for p in P:
        for n in SIZES[:2]:
            if n * p * _LOWERED < LEAST_HITS:
                continue
            hit, stated, other, other_stated = decisions(batches, n, p, luck, _LOWERED)
            everything = np.ones_like(hit, np.bool_)
            risk, change = hit.mean(), (hit - other).mean()
            alone = controlled(hit, [hit - stated], everything)
            pairs = controlled(hit - other, [hit - stated, other - other_stated], everything)
            enough = np.minimum(hit.sum(axis=1), other.sum(axis=1)) >= LEAST_HITS
            held = [
                float(np.mean(np.abs(mean - truth)[enough] <= (intervals.critical(count) * error)[enough]))
                for (count, mean, error, _), truth in ((alone, risk), (pairs, change))
            ]
            yield f"risk about {risk:.2g}, {n:,} runs", n * float(risk), held[0], held[1]


class Peeking(NamedTuple):
    """What looking after every pair does where two arms do not differ."""

    false_stops: float
    """Share of batches that stop by the e-value."""
    naive: float
    """Share that stop as soon as the exact McNemar test has p < 0.05."""
    missed: float
    """Share in which the confidence sequence of the difference ever leaves out 0."""


def peeking(batches: int = 10_000, pairs: int = 2000, discordant: float = 0.2) -> Peeking:
    """Return how often batches of arms that do not differ stop, with a look after every pair."""
    luck = np.random.default_rng(10)
    drawn = luck.random((batches, pairs))
    up = np.cumsum(drawn < discordant / 2, axis=1, dtype=np.int32)
    down = np.cumsum(drawn > 1 - discordant / 2, axis=1, dtype=np.int32)
    # both rules depend on the two counts alone, so each pair of counts is looked up
    most = int(np.maximum(np.max(up), np.max(down))) + 1
    counts = np.arange(most)
    evidence = anytime.e_value(counts[:, None], counts[None, :]) >= 1 / intervals.ALPHA
    naive = intervals.mcnemar(counts[:, None], counts[None, :]) < intervals.ALPHA
    some = luck.choice(batches, 200, replace=False)
    sizes = np.unique(np.geomspace(20, pairs, 40).astype(int)) - 1
    low, high = anytime.paired_difference(up[some][:, sizes], down[some][:, sizes], sizes + 1.0)
    return Peeking(
        float(evidence[up, down].any(axis=1).mean()),
        float(naive[up, down].any(axis=1).mean()),
        float(((low > 0) | (high < 0)).any(axis=1).mean()),
    )
