"""One sentence that a policy reader understands."""

from __future__ import annotations

from typing import Any

import polars as pl

from simcrisis.batch.batch import Batch
from simcrisis.events import FIREBREAK
from simcrisis.report.tables import percent

ASSUMED = "In this model, under these assumptions"


def headline(batch: Batch) -> str:
    """Return the risk of crossing the firebreak in the reference arm, and what each other arm changes, in words."""
    risks = {row["arm"]: row for row in batch.risk.filter(pl.col("rung") == FIREBREAK).iter_rows(named=True)}
    reference = risks[batch.arms[0]]
    days = batch.scenario.horizon / 86_400_000
    told = (
        f"{ASSUMED}, force is threatened or used within {days:.0f} days in {_share(reference)} of the runs with arm "
        f"'{batch.arms[0]}'"
    )
    changes = batch.differences.filter(pl.col("rung") == FIREBREAK, pl.col("arm").is_in(batch.arms))
    parts = [_change(row, risks[row["arm"]]) for row in changes.iter_rows(named=True)]
    return f"{told}; {'; '.join(parts)}." if parts else f"{told}."


def _share(risk: dict[str, Any]) -> str:
    interval = f"95 % interval {percent(risk['low'])} to {percent(risk['high'])} %"
    return f"{percent(risk['probability'])} % ({risk['hits']} of {risk['n']:,}; {interval})"


def _change(difference: dict[str, Any], risk: dict[str, Any]) -> str:
    share = f"{percent(risk['probability'])} %"
    if difference["low"] > 0:
        verdict = "more often"
    elif difference["high"] < 0:
        verdict = "less often"
    else:
        return f"with '{difference['arm']}' in {share}, a change that {difference['n']:,} runs cannot tell from none"
    return f"with '{difference['arm']}' {verdict}, in {share}"
