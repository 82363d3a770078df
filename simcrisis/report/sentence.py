"""One sentence that a policy reader understands."""

from __future__ import annotations

from typing import Any

import polars as pl

from simcrisis.batch.batch import Batch
from simcrisis.events import FIREBREAK
from simcrisis.report.standing import ASSUMED
from simcrisis.report.tables import percent
from simcrisis.units import format_duration


def headline(batch: Batch) -> str:
    """Return the risk of crossing the firebreak in the reference arm, and what each other arm changes, in words."""
    risks = {row["arm"]: row for row in batch.risk.filter(pl.col("rung") == FIREBREAK).iter_rows(named=True)}
    reference = risks[batch.arms[0]]
    if reference["probability"] is None:
        return f"No run of arm '{batch.arms[0]}' came to its end: there is no risk to report."
    within = format_duration(batch.scenario.horizon)
    told = (
        f"{ASSUMED}, force is threatened or used within {within} in {_share(reference)} of the runs with arm "
        f"'{batch.arms[0]}'"
    )
    changes = batch.differences.filter(pl.col("rung") == FIREBREAK, pl.col("arm").is_in(batch.arms))
    parts = [_change(row, risks[row["arm"]]) for row in changes.iter_rows(named=True)]
    return f"{told}; {'; '.join(parts)}." if parts else f"{told}."


def made_by(batch: Batch) -> str:
    """Return what a batch's figures hang on, in a line: rule, seed, what was changed."""
    scenario = batch.scenario
    rules = sorted({state.doctrine.rule for state in scenario.states.values()})
    rule = "rules handed in" if batch.plan.rules is not None else f"rule {', '.join(rules)}"
    changed = "; ".join(f"{path}={value}" for path, value in scenario.changes.items())
    return f"{rule}; seed {batch.seed}" + (f"; changed: {changed}" if changed else "")


def _share(risk: dict[str, Any]) -> str:
    interval = f"95 % interval {percent(risk['low'])} to {percent(risk['high'])} %"
    return f"{percent(risk['probability'])} % ({risk['hits']} of {risk['n']:,}; {interval})"


def _change(difference: dict[str, Any], risk: dict[str, Any]) -> str:
    if risk["probability"] is None:
        return f"no run with '{difference['arm']}' came to its end"
    share = f"{percent(risk['probability'])} %"
    if difference["low"] > 0:
        verdict = "more often"
    elif difference["high"] < 0:
        verdict = "less often"
    else:
        told = f"no detectable difference from '{difference['reference']}' in {difference['n']:,} runs"
        return f"with '{difference['arm']}' in {share}, {told}"
    return f"with '{difference['arm']}' {verdict}, in {share}"
