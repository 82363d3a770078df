"""The best subset of measures under a budget, without the winner's curse.

The subset that looks best of many looks better than it is (the winner's curse): so it is chosen on one half of the
replications, and what it is worth is read off the other half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from simcrisis.stats.intervals import mcnemar, paired_difference, wilson
from simcrisis.stats.multiplicity import holm
from simcrisis.stats.shapley import Flags

ROUNDING = 1e-9
"""By so much sums of costs may pass a budget."""
LEVEL = 0.05
"""Adjusted p-value below which a subset is told apart from the best."""


@dataclass(frozen=True)
class Portfolio:
    """A subset that can be afforded; all but `risk_chosen_on` is of the half on which it was not chosen."""

    subset: int
    """A bit a measure."""
    cost: float
    risk_chosen_on: float
    n: int
    hits: int
    risk: float
    low: float
    high: float
    averted: float
    """Against having none of the measures, under the same luck."""
    averted_low: float
    averted_high: float
    p_value: float
    """Of the exact McNemar test against the best."""
    p_holm: float
    """The same, adjusted for the number of subsets that can be afforded."""

    @property
    def apart(self) -> bool:
        """Whether it can be told apart from the best."""
        return self.p_holm < LEVEL


def portfolios(reached: Flags, replications: Sequence[int], costs: Sequence[float], budget: float) -> list[Portfolio]:
    """Return every subset that costs at most `budget`, the best first, the others by their risk.

    `reached` is [subset, replication] as in `shapley.contributions`; `costs` is one a measure. Chosen is on the even
    replications (of equals the cheapest, then the one of fewest measures), read off the odd ones; both must be there.
    """
    odd = np.array(replications) % 2 == 1
    choosing, judging = reached[:, ~odd], reached[:, odd]
    price = {subset: fsum(cost for i, cost in enumerate(costs) if subset >> i & 1) for subset in range(len(reached))}
    affordable = [subset for subset in price if price[subset] <= budget + ROUNDING]
    best = min(affordable, key=lambda s: (int(choosing[s].sum()), price[s], s.bit_count(), s))
    p_values = {s: _against(judging[s], judging[best]) for s in affordable if s != best}
    adjusted = {best: 1.0, **dict(zip(p_values, holm(list(p_values.values())), strict=True))}
    found = [
        _portfolio(s, price[s], choosing[s], judging[s], judging[0], p_values.get(s, 1.0), adjusted[s])
        for s in affordable
    ]
    return sorted(found, key=lambda each: (each.subset != best, each.hits, each.cost, each.subset))


def _against(one: Flags, other: Flags) -> float:
    return mcnemar(int((one & ~other).sum()), int((other & ~one).sum()))


def _portfolio(
    subset: int, cost: float, choosing: Flags, judging: Flags, nothing: Flags, p_value: float, p_holm: float
) -> Portfolio:
    n, hits = len(judging), int(judging.sum())
    low, high = wilson(hits, n)
    up, down = int((nothing & ~judging).sum()), int((judging & ~nothing).sum())
    return Portfolio(
        subset,
        cost,
        float(choosing.mean()),
        n,
        hits,
        hits / n,
        float(low),
        float(high),
        (up - down) / n,
        *paired_difference(up, down, n),
        p_value,
        p_holm,
    )
