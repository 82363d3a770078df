"""When to stop: a rule that may be looked at after every run, and beside it what peeking at the usual one would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.stats import anytime
from simcrisis.stats.columns import Columns
from simcrisis.stats.intervals import ALPHA, Z, mcnemar
from simcrisis.stats.limits import Flags, Floats
from simcrisis.stats.tally import Question, Tally

EVIDENCE = 1 / ALPHA
"""The e-value at which the sign of a difference is believed."""
NAIVE_FROM = 30
"""Replications from which somebody who peeks is taken to do so."""
SCHEMA = {
    "point": pl.Int64,
    "rule": pl.String,
    "arm": pl.String,
    "reference": pl.String,
    "rung": pl.Int64,
    "replications": pl.Int64,
    "met": pl.Boolean,
    "e_value": pl.Float64,
    "estimate": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "naive_replications": pl.Int64,
    "naive_estimate": pl.Float64,
    "naive_low": pl.Float64,
    "naive_high": pl.Float64,
}


@dataclass(frozen=True)
class Rule:
    """What must be known before a batch stops, at every design point: the sign of a difference, or it to a width."""

    arm: str
    """The arm whose difference against the reference it is about; the reference itself: its risk."""
    rung: int
    width: float | None = None
    """Of the 95 % confidence sequence; None: its sign is to be known."""

    def met(self, question: Question, counted: Tally) -> bool:
        """Return whether it is known."""
        at, arm = EXCEEDED.index(self.rung), question.arms.index(self.arm)
        if self.width is None:
            return bool(anytime.e_value(counted.up[arm, at], counted.down[arm, at]) >= EVIDENCE)
        if arm == 0:
            low, high = anytime.share(counted.hits[0, at], counted.runs[0])
        else:
            low, high = anytime.paired_difference(counted.up[arm, at], counted.down[arm, at], max(counted.pairs, 1))
        return bool(high - low <= self.width)

    def __str__(self) -> str:
        known = "sign" if self.width is None else f"width {self.width!r}"
        return f"{known} of {self.arm} at {self.rung}"


def stopping(rule: Rule, question: Question, counted: Sequence[Tally], columns: Columns) -> pl.DataFrame:
    """Return a row for each design point: where the batch stopped and what is known there, and what peeking would do.

    `estimate` is the difference (or the risk of the reference) with its confidence sequence; null where every run, or
    one of each pair, failed. Somebody who peeks looks
    after each replication from the thirtieth on, and stops as soon as the exact McNemar test has p < 0.05, or the Wald
    interval is as narrow as asked for: `naive_replications` (null: not within these), and what is believed then.
    """
    at, arm = EXCEEDED.index(rule.rung), question.arms.index(rule.arm)
    fine = columns.fine
    hit = (columns.of("peak_rung") >= rule.rung) & fine
    rows = []
    for point, of_point in enumerate(counted):
        if arm:
            kept = fine[point].all(axis=1)
            steps = hit[point, :, arm].astype(np.int64) - hit[point, :, 0]
            n, up, down = of_point.pairs, of_point.up[arm, at], of_point.down[arm, at]
            evidence, found = float(anytime.e_value(up, down)), up - down
            bounds = anytime.paired_difference(up, down, max(n, 1))
        else:
            kept, steps, evidence = fine[point, :, 0], hit[point, :, 0].astype(np.int64), None
            n, found = int(of_point.runs[0]), of_point.hits[0, at]
            bounds = anytime.share(found, n)
        known = rule.met(question, of_point)
        reference = question.arms[0] if arm else None
        about = (point, str(rule), rule.arm, reference, rule.rung, hit.shape[1], known, evidence)
        estimate = (float(found / n), *map(float, bounds)) if n else (None, None, None)
        rows.append((*about, *estimate, *_naive(rule, np.asarray(steps, np.float64), np.asarray(kept, np.bool_))))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _naive(rule: Rule, steps: Floats, kept: Flags) -> tuple[int | None, float | None, float | None, float | None]:
    """Return where somebody who peeks stops, the estimate there and its Wald interval."""
    n = np.cumsum(kept)
    mean = np.cumsum(np.where(kept, steps, 0.0)) / np.maximum(n, 1)
    squares = np.cumsum(np.where(kept, steps * steps, 0.0)) / np.maximum(n, 1)
    half = Z * np.sqrt(np.maximum(squares - mean * mean, 0.0) / np.maximum(n, 1))
    if rule.width is None:
        stops = mcnemar(np.cumsum(kept & (steps > 0)), np.cumsum(kept & (steps < 0))) < ALPHA
    else:
        stops = 2 * half <= rule.width
    where = np.flatnonzero(stops & (n >= NAIVE_FROM))
    if not len(where):
        return None, None, None, None
    first = where[0]
    return int(first) + 1, float(mean[first]), float(mean[first] - half[first]), float(mean[first] + half[first])
