"""Exceedance risk: in which share of runs a rung is reached or passed."""

from __future__ import annotations

import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.stats.intervals import wilson

METHOD = "share of runs, Wilson 95 %"


def risk(runs: pl.DataFrame) -> pl.DataFrame:
    """Return arm, rung, n, hits, probability, low, high, method: P(peak >= rung within the horizon), a row each.

    `runs` needs arm, peak_rung and failed; failed runs count in neither n nor hits.
    Without a run that did not fail, probability and bounds are null.
    """
    rows: list[dict[str, object]] = []
    for (arm,), group in runs.group_by("arm", maintain_order=True):
        peaks = group.filter(~pl.col("failed"))["peak_rung"]
        n = len(peaks)
        hits = [int((peaks >= rung).sum()) for rung in EXCEEDED]
        low, high = wilson(hits, n)
        rows += [
            {
                "arm": arm,
                "rung": rung,
                "n": n,
                "hits": hits[i],
                "probability": hits[i] / n if n else None,
                "low": float(low[i]) if n else None,
                "high": float(high[i]) if n else None,
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
