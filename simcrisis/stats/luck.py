"""How much of what varies over design points is luck of finite replications."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def luck_share(values: Floats) -> float | None:
    """Return which share (0 to 1) of the variance of the means over design points is luck; None where none varies.

    `values` is [point, replication], two or more of each. All points share the luck of a replication, so luck that
    lifts every point alike moves no mean against another and does not count. What counts is how replications differ
    in what the point changes: the mean square of the interaction in the two-way layout of points and replications,
    over replications times the variance of the means (Searle, Casella and McCulloch 1992, chapter 4,
    doi:10.1002/9780470316856).
    """
    points, replications = values.shape
    means = values.mean(axis=1)
    varied = float(means.var(ddof=1))
    if np.ptp(means) == 0.0 or varied == 0.0:
        return None
    left = values - means[:, None] - values.mean(axis=0) + values.mean()
    square = float((left * left).sum()) / ((points - 1) * (replications - 1))
    return float(min(1.0, square / (replications * varied)))
