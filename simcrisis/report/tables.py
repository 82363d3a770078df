"""Tables of a batch as people read them: rounded, with intervals in brackets."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from simcrisis.batch.batch import Batch


def percent(share: float) -> str:
    """Return a share as a percentage with the digits that a reader wants."""
    value = 100.0 * share
    return (
        f"{value:.0f}" if abs(value) >= 9.95 else f"{value:.1f}" if abs(value) >= 0.95 or value == 0 else f"{value:.2f}"
    )


def risk_rows(batch: Batch, rungs: Sequence[int]) -> list[list[str]]:
    """Return a row an arm: name, runs, and for each rung the risk with its interval."""
    rows: list[list[str]] = []
    for arm in batch.arms:
        of_arm = batch.risk.filter(pl.col("arm") == arm)
        row = [arm, f"{of_arm['n'][0]:,}"]
        for rung in rungs:
            one = of_arm.row(by_predicate=pl.col("rung") == rung, named=True)
            if one["probability"] is None:
                row.append("-")
                continue
            row.append(f"{percent(one['probability'])} % ({percent(one['low'])}-{percent(one['high'])})")
        rows.append(row)
    return rows


def differences_rows(batch: Batch, rung: int) -> list[list[str]]:
    """Return a row for each arm or contrast: name, change, ratio, discordant pairs, p-value."""
    rows: list[list[str]] = []
    for one in batch.differences.filter(pl.col("rung") == rung).iter_rows(named=True):
        change = f"{100 * one['difference']:+.2f} ({100 * one['low']:+.2f} to {100 * one['high']:+.2f})"
        ratio = "-" if one["ratio"] is None else f"{one['ratio']:.2f} ({one['ratio_low']:.2f}-{one['ratio_high']:.2f})"
        p = one["p_value"]
        rows.append(
            [
                one["arm"],
                change,
                ratio,
                "-" if one["discordant_up"] is None else str(one["discordant_up"]),
                "-" if one["discordant_down"] is None else str(one["discordant_down"]),
                "-" if p is None else "< 0.001" if p < 0.001 else f"{p:.3f}",
            ]
        )
    return rows
