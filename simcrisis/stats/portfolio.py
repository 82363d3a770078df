"""The best subset of measures under a budget, without the winner's curse.

The subset that looks best of many looks better than it is (the winner's curse): so it is chosen on one half of the
replications, and what it is worth is read off the other half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np

from simcrisis.stats.intervals import mcnemar, paired_difference, share
from simcrisis.stats.multiplicity import holm
from simcrisis.stats.shapley import Counts, Flags

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
    price = {subset: fsum(cost for i, cost in enumerate(costs) if subset >> i & 1) for subset in range(len(reached))}
    affordable = [subset for subset in price if price[subset] <= budget + ROUNDING]
    choosing, judging, nothing = reached[affordable][:, ~odd], reached[affordable][:, odd], reached[0, odd]
    order = [
        (hits, price[s], s.bit_count(), s) for hits, s in zip(choosing.sum(axis=1).tolist(), affordable, strict=True)
    ]
    best = order.index(min(order))
    p_values = mcnemar(*_discordant(judging, judging[best])).tolist()
    others = [n for n in range(len(affordable)) if n != best]
    adjusted = {best: 1.0, **dict(zip(others, holm([p_values[n] for n in others]), strict=True))}
    n, hits, (up, down) = judging.shape[1], judging.sum(axis=1), _discordant(nothing, judging)
    low, high = share(hits, n)
    least, most = paired_difference(up, down, n)
    found = [
        Portfolio(
            subset,
            price[subset],
            float(choosing[at].mean()),
            n,
            int(hits[at]),
            float(hits[at] / n),
            float(low[at]),
            float(high[at]),
            float((up[at] - down[at]) / n),
            float(least[at]),
            float(most[at]),
            p_values[at],
            adjusted[at],
        )
        for at, subset in enumerate(affordable)
    ]
    return sorted(found, key=lambda each: (each.subset != affordable[best], each.hits, each.cost, each.subset))


def _discordant(one: Flags, other: Flags) -> tuple[Counts, Counts]:
    """Return in how many replications only the one, and only the other, reached the rung; a row each."""
    return (one & ~other).sum(axis=-1), (other & ~one).sum(axis=-1)
