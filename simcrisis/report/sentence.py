"""One sentence that a policy reader understands."""

from __future__ import annotations

from typing import Any

import polars as pl

from simcrisis.batch.batch import Batch
from simcrisis.batch.running import Status
from simcrisis.engine.compiler import Rules
from simcrisis.events import FIREBREAK
from simcrisis.report.standing import ASSUMED
from simcrisis.report.tables import percent, share_with_interval
from simcrisis.scenario import Scenario
from simcrisis.units import format_duration

ALPHA = 0.05
"""Corrected p-value below which a change is told as one."""


def headline(batch: Batch, differences: pl.DataFrame | None = None) -> str:
    """Return the risk of crossing the firebreak in the reference arm, and what each other arm changes, in words.

    `differences` with p-values that are corrected decide by those.
    """
    risks = batch.risk.filter(pl.col("rung") == FIREBREAK)
    reference = risks.filter(pl.col("arm") == batch.arms[0], pl.col("probability").is_not_null())
    if not len(reference):
        return f"No run of arm '{batch.arms[0]}' came to its end: there is no risk to report."
    told = f"{ASSUMED}, force is threatened or used within {format_duration(batch.scenario.horizon)} in "
    table = batch.differences if differences is None else differences
    changes = table.filter(pl.col("rung") == FIREBREAK, pl.col("arm").is_in(batch.arms))
    if batch.points.width:
        parts = [_spread(changes.filter(pl.col("arm") == arm), arm) for arm in batch.arms[1:]]
        shares = reference["probability"].to_list()
        share = f"{percent(min(shares))} to {percent(max(shares))} %"
        told += f"{share} of the runs with arm '{batch.arms[0]}', over {len(batch.points):,} design points"
    else:
        of_arm = {row["arm"]: row for row in risks.iter_rows(named=True)}
        parts = [_change(row, of_arm[row["arm"]]) for row in changes.iter_rows(named=True)]
        told += f"{_share(of_arm[batch.arms[0]])} of the runs with arm '{batch.arms[0]}'"
    return f"{told}; {'; '.join(parts)}." if parts else f"{told}."


def so_far(status: Status) -> str:
    """Return what a batch under way says on force: the reference's share of runs, and what the last arm changes."""
    first, last = status.plan.arms[0], status.plan.arms[-1]
    rows = status.risk.filter(pl.col("rung") == FIREBREAK, pl.col("arm") == first, pl.col("n") > 0)
    if not len(rows):
        return ""
    where = f"at design point {status.point}, " if len(status.plan.points) > 1 else ""
    told = f"so far, {where}rung {FIREBREAK} or above: '{first}' {share_with_interval(rows.row(0, named=True))}"
    changes = status.differences.filter(pl.col("rung") == FIREBREAK, pl.col("arm") == last)
    for row in changes.iter_rows(named=True):
        change = f"{100 * row['difference']:+.2f} points ({100 * row['low']:+.2f} to {100 * row['high']:+.2f})"
        told += f"; '{last}' {change}"
    return told


def made_by(batch: Batch) -> str:
    """Return what a batch's figures hang on, in a line: rule, seed, what was changed."""
    return made_with(batch.scenario, batch.seed, batch.plan.rules)


def made_with(scenario: Scenario, seed: int, handed_in: Rules | None) -> str:
    """Return what figures hang on, in a line: rule, seed, what was changed."""
    rules = sorted({state.doctrine.rule for state in scenario.states.values()})
    rule = "rules handed in" if handed_in is not None else f"rule {', '.join(rules)}"
    changes = {path: value for path, value in scenario.changes.items() if path.split(".")[0] != "experiment"}
    changed = "; ".join(f"{path}={value}" for path, value in changes.items())
    return f"{rule}; seed {seed}" + (f"; changed: {changed}" if changed else "")


def _share(risk: dict[str, Any]) -> str:
    interval = f"95 % interval {percent(risk['low'])} to {percent(risk['high'])} %"
    return f"{percent(risk['probability'])} % ({risk['hits']} of {risk['n']:,}; {interval})"


def _change(difference: dict[str, Any], risk: dict[str, Any]) -> str:
    if risk["probability"] is None:
        return f"no run with '{difference['arm']}' came to its end"
    share = f"{percent(risk['probability'])} %"
    stands = difference.get("p_adjusted", 0.0) < ALPHA
    if difference["low"] > 0 and stands:
        verdict = "more often"
    elif difference["high"] < 0 and stands:
        verdict = "less often"
    else:
        told = f"no detectable difference from '{difference['reference']}' in {difference['n']:,} runs"
        if not stands and not difference["low"] <= 0 <= difference["high"]:
            told += ", corrected for the number of comparisons"
        return f"with '{difference['arm']}' in {share}, {told}"
    return f"with '{difference['arm']}' {verdict}, in {share}"


def _spread(changes: pl.DataFrame, arm: str) -> str:
    """Return what an arm changes, least to most over the design points."""
    if not len(changes):
        return f"no run with '{arm}' came to its end"
    each = changes["difference"].to_list()
    return f"with '{arm}' the change is from {100 * min(each):+.2f} to {100 * max(each):+.2f} percentage points"


def stopped(batch: Batch) -> list[str]:
    """Return where a batch stopped and what was known there, beside what peeking at the usual test would have done."""
    return [] if batch.stopping is None else [_stopped(batch, row) for row in batch.stopping.iter_rows(named=True)]


def _stopped(batch: Batch, row: dict[str, Any]) -> str:
    where = f"At design point {row['point']}: s" if batch.points.width else "S"
    verdict = "" if row["met"] else ", the most that were allowed, and what was asked for is not known yet"
    about = f"rung {row['rung']} or above, '{row['arm']}'"
    if row["reference"] is not None:
        about += f" against '{row['reference']}'"
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
