"""An ensemble of parameter sets: how far risks and effects reach over it, and in how many sets a sign holds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from simcrisis import stats
from simcrisis.batch.plan import Plan
from simcrisis.events import EXCEEDED
from simcrisis.stats import Columns

Floats = npt.NDArray[np.float64]
ENSEMBLE = "ensemble"
"""The table of a batch over an ensemble."""
_Z = 1.959963984540054


def ensemble(plan: Plan, columns: Columns) -> pl.DataFrame:
    """Return a row for each risk (an arm) and effect (an arm against the reference), and rung.

    The first design point is the default, the others are the sets. What is compared is the mean of the compensator
    `chance_R` (simcrisis/measures/compensator.py), in expectation the share of runs that reach rung R, and its mean
    paired difference under common luck. Runs of a replication in which any failed are left out.
    """
    fine = columns.fine.all(axis=(0, 2))
    rows = [
        {"output": output, "arm": arm, "reference": plan.arms[0], "rung": rung, "replications": int(fine.sum())}
        | _row(values)
        for rung in EXCEEDED
        for output, arm, values in _outputs(plan, columns.of(f"chance_{rung}")[:, fine])
    ]
    kinds = {"replications": pl.Int64, "rung": pl.Int64, **dict.fromkeys(_REALS, pl.Float64)}
    return pl.DataFrame(rows, schema_overrides=kinds).sort("output", "rung", maintain_order=True)


def _outputs(plan: Plan, chances: Floats) -> Iterator[tuple[str, str, Floats]]:
    """Yield risk and effect of each arm as [point, replication]."""
    for n, arm in enumerate(plan.arms):
        yield "risk", arm, chances[:, :, n]
        if n:
            yield "effect", arm, chances[:, :, n] - chances[:, :, 0]


_REALS = (
    "default", "default_low", "default_high", "median", "low", "high", "least", "most",
    "same_sign", "raises", "lowers", "clearly_raises", "clearly_lowers", "luck_share",
)  # fmt: skip


def _row(values: Floats) -> dict[str, float | int | None]:
    """Return what an output is at the default and over the sets; nothing where no replication came to its end."""
    sets = len(values) - 1
    if values.shape[1] < 2:
        return {"sets": sets, **dict.fromkeys(_REALS)}
    means = values.mean(axis=1)
    errors = values.std(axis=1, ddof=1) / np.sqrt(values.shape[1])
    default, over, wide = float(means[0]), means[1:], _Z * errors
    low, median, high = (float(each) for each in np.quantile(over, (0.05, 0.5, 0.95)))
    return {
        "sets": sets,
        "default": default,
        "default_low": default - float(wide[0]),
        "default_high": default + float(wide[0]),
        "median": median,
        "low": low,
        "high": high,
        "least": float(np.min(over)),
        "most": float(np.max(over)),
        "same_sign": float((np.sign(over) == np.sign(default)).mean()),
        "raises": float((over > 0).mean()),
        "lowers": float((over < 0).mean()),
        "clearly_raises": float((over > wide[1:]).mean()),
        "clearly_lowers": float((over < -wide[1:]).mean()),
        "luck_share": stats.luck_share(values[1:]) if sets > 1 else None,
    }
