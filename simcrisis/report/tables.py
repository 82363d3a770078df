"""Tables of a batch as people read them: rounded, with intervals in brackets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from simcrisis.batch.batch import Batch
from simcrisis.batch.design import POINT
from simcrisis.shown import percent, share_with_interval

__all__ = ["differences_rows", "factor_names", "percent", "risk_rows", "share_with_interval"]


def factor_names(batch: Batch) -> list[str]:
    """Return the factors that a batch varies: their paths."""
    return [name for name in batch.points.columns if name != POINT]


def risk_rows(batch: Batch, rungs: Sequence[int]) -> list[list[str]]:
    """Return a row for each design point and arm: factors, name, runs, and for each rung the risk with its interval."""
    rows: list[list[str]] = []
    keys = [name for name in batch.points.columns if name in batch.risk.columns] + ["arm"]
    for _, of_arm in batch.risk.group_by(keys, maintain_order=True):
        row = [*_factors(batch, of_arm), of_arm["arm"][0], f"{of_arm['n'][0]:,}"]
        for rung in rungs:
            one = of_arm.row(by_predicate=pl.col("rung") == rung, named=True)
            row.append(share_with_interval(one))
        rows.append(row)
    return rows


def differences_rows(batch: Batch, rung: int, differences: pl.DataFrame) -> list[list[str]]:
    """Return a row for each design point and arm or contrast.

    Factors, name, change, compensated change, ratio, discordant pairs, p (corrected, where `differences` has it so).
    """
    rows: list[list[str]] = []
    chosen = differences.filter(pl.col("rung") == rung)
    p_value = "p_adjusted" if "p_adjusted" in differences.columns else "p_value"
    for n, one in enumerate(chosen.iter_rows(named=True)):
        ratio = "-" if one["ratio"] is None else f"{one['ratio']:.2f} ({one['ratio_low']:.2f}-{one['ratio_high']:.2f})"
        p = one[p_value]
        rows.append(
            [
                *_factors(batch, chosen[n]),
                one["arm"],
                _points(one, "difference", "low", "high"),
                _points(one, "compensated", "compensated_low", "compensated_high"),
                ratio,
                "-" if one["discordant_up"] is None else str(one["discordant_up"]),
                "-" if one["discordant_down"] is None else str(one["discordant_down"]),
                "-" if p is None else "< 0.001" if p < 0.001 else f"{p:.3f}",
            ]
        )
    return rows


def _points(one: Mapping[str, Any], *names: str) -> str:
    """Return a difference with its interval in percentage points."""
    middle, low, high = (one[name] for name in names)
    return "-" if middle is None else f"{100 * middle:+.2f} ({100 * low:+.2f} to {100 * high:+.2f})"


def _factors(batch: Batch, rows: pl.DataFrame) -> list[str]:
    values = (rows[name][0] for name in factor_names(batch))
    return [f"{value:g}" if isinstance(value, float) else str(value) for value in values]
