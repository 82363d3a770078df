"""Bounds of intervals that have no closed form: where a criterion stops to hold, for many rows at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Criterion = Callable[[Floats], Flags]
_HALVINGS = 60


def farthest(inside: npt.ArrayLike, outside: npt.ArrayLike, holds: Criterion) -> Floats:
    """Return the values farthest from `inside` at which a criterion still holds, on the way to `outside`.

    By halving, row by row; on the way the criterion holds first and then no more. `outside` where it holds throughout.
    """
    good, bad = (np.array(each, np.float64) for each in np.broadcast_arrays(inside, outside))
    throughout = holds(bad)
    limit = bad.copy()
    for _ in range(_HALVINGS):
        middle = (good + bad) / 2
        held = holds(middle)
        good, bad = np.where(held, middle, good), np.where(held, bad, middle)
    return np.where(throughout, limit, good)
