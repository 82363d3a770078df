"""Exceedance risk: in which share of runs a rung is reached or passed."""

from __future__ import annotations

import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.stats.tally import Question, Tally

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
    hits, n = counted.hits, counted.runs[:, None].repeat(len(EXCEEDED), axis=1)
    low, high = question.method.share(hits, n)
    rows = [
        (arm, rung, runs, reached, reached / runs if runs else None, *bounds, question.method.share_name(reached, runs))
        for of_arm in zip(question.arms, n.tolist(), hits.tolist(), low.tolist(), high.tolist(), strict=True)
        for arm, rung, runs, reached, *bounds in zip([of_arm[0]] * len(EXCEEDED), EXCEEDED, *of_arm[1:], strict=True)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(pl.col("low", "high").fill_nan(None))
