"""Exceedance risk: in which share of runs a rung is reached or passed."""

from __future__ import annotations

import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.stats.intervals import wilson

METHOD = "share of runs, Wilson 95 %"


def risk(runs: pl.DataFrame) -> pl.DataFrame:
    """Return arm, rung, n, hits, probability, low, high, method: P(peak >= rung within the horizon), a row each.

    `runs` needs arm, peak_rung and failed; failed runs count in neither n nor hits.
    """
    rows: list[dict[str, object]] = []
    for (arm,), group in runs.filter(~pl.col("failed")).group_by("arm", maintain_order=True):
        n = len(group)
        hits = [int((group["peak_rung"] >= rung).sum()) for rung in EXCEEDED]
        low, high = wilson(hits, n)
        rows += [
            {
                "arm": arm,
                "rung": rung,
                "n": n,
                "hits": hits[i],
                "probability": hits[i] / n,
                "low": float(low[i]),
                "high": float(high[i]),
                "method": METHOD,
            }
            for i, rung in enumerate(EXCEEDED)
        ]
    return pl.DataFrame(rows, schema=SCHEMA)


SCHEMA = {
    "arm": pl.String,
    "rung": pl.Int64,
    "n": pl.Int64,
    "hits": pl.Int64,
    "probability": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "method": pl.String,
}
