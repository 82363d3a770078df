"""Many comparisons at once."""

from __future__ import annotations

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted for their number, in their order.

    Holm 1979, Scandinavian Journal of Statistics 6, 65-70, https://www.jstor.org/stable/4615733. Whoever rejects those
    below 5 % rejects a true hypothesis among them in at most 5 % of all studies.
    """
    adjusted = [1.0] * len(p_values)
    so_far = 0.0
    for rank, n in enumerate(sorted(range(len(p_values)), key=lambda n: p_values[n])):
        so_far = max(so_far, min(1.0, (len(p_values) - rank) * p_values[n]))
        adjusted[n] = so_far
    return adjusted
