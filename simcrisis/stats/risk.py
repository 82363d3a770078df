"""Exceedance risk: in which share of runs a rung is reached or passed."""

from __future__ import annotations

import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.stats.intervals import wilson
from simcrisis.stats.tally import Question, Tally

METHOD = "share of runs, Wilson 95 %"
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


def risk(question: Question, counted: Tally) -> pl.DataFrame:
    """Return arm, rung, n, hits, probability, low, high, method: P(peak >= rung within the horizon), a row each.

    Failed runs count in neither n nor hits. Without a run that did not fail, probability and bounds are null.
    """
    rows: list[dict[str, object]] = []
    for arm, runs, of_arm in zip(question.arms, counted.runs.tolist(), counted.hits, strict=True):
        low, high = wilson(of_arm, runs)
        rows += [
            {
                "arm": arm,
                "rung": rung,
                "n": runs,
                "hits": hits,
                "probability": hits / runs if runs else None,
                "low": float(low[i]) if runs else None,
                "high": float(high[i]) if runs else None,
                "method": METHOD,
            }
            for i, (rung, hits) in enumerate(zip(EXCEEDED, of_arm.tolist(), strict=True))
        ]
    return pl.DataFrame(rows, schema=SCHEMA)
