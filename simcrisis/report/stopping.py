"""Where a batch stopped by itself, in words."""

from __future__ import annotations

from typing import Any

from simcrisis.batch.batch import Batch
from simcrisis.errors import isolated


def stopped(batch: Batch) -> list[str]:
    """Return where a batch stopped and what was known there, beside what peeking at the usual test would have done."""
    return [] if batch.stopping is None else [_stopped(batch, row) for row in batch.stopping.iter_rows(named=True)]


def _stopped(batch: Batch, row: dict[str, Any]) -> str:
    where = f"At design point {row['point']}: s" if batch.points.width else "S"
    verdict = "" if row["met"] else ", the most that were allowed, and what was asked for is not known yet"
    about = f"rung {row['rung']} or above, '{isolated(row['arm'])}'"
    if row["reference"] is not None:
        about += f" against '{isolated(row['reference'])}'"
    told = f"{where}topped after {row['replications']:,} replications{verdict}; {about}: {_interval(row, '')}"
    if row["e_value"] is not None:
        told += f", e-value {row['e_value']:,.3g}"
    naive = "would not have stopped"
    if row["naive_replications"] is not None:
        naive = f"would have stopped after {row['naive_replications']:,}, at {_interval(row, 'naive_')}"
    return (
        f"{told}. Intervals are 95 % confidence sequences: right however often one looked. "
        f"Peeking at the usual test after every replication {naive}."
    )


def _interval(row: dict[str, Any], prefix: str) -> str:
    if row[f"{prefix}estimate"] is None:
        return "no runs to tell from"
    middle, low, high = (100 * row[f"{prefix}{name}"] for name in ("estimate", "low", "high"))
    if row["reference"] is None:
        return f"{middle:.2f} % ({low:.2f} to {high:.2f})"
    return f"{middle:+.2f} percentage points ({low:+.2f} to {high:+.2f})"
