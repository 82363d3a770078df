"""The answer of a batch in two sentences that a policy reader understands, and what its figures hang on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import polars as pl

from simcrisis.batch.batch import Batch
from simcrisis.batch.running import Status
from simcrisis.engine.compiler import Rules
from simcrisis.errors import isolated
from simcrisis.events import FIREBREAK
from simcrisis.report.ensemble import ensemble_headline
from simcrisis.report.spread import listed, over_points
from simcrisis.report.standing import detectable
from simcrisis.report.tables import percent, share_with_interval
from simcrisis.report.words import within
from simcrisis.scenario import Scenario
from simcrisis.shown import ASSUMED

_NAMED = 6
"""Arms of one verdict that are named; the others are counted."""


def headline(batch: Batch, differences: pl.DataFrame | None = None) -> str:
    """Return the risk of crossing the firebreak in the reference arm, and what each other arm changes, in words.

    Two sentences; over an ensemble, how far both reach. `differences` with p-values that are corrected decide by those.
    """
    if batch.ensemble is not None:
        return ensemble_headline(batch)
    table = batch.differences if differences is None else differences
    risk, changes = (each.filter(pl.col("rung") == FIREBREAK) for each in (batch.risk, table))
    reference = risk.filter(pl.col("arm") == batch.arms[0], pl.col("n") > 0)
    if not len(reference):
        return f"No run of arm '{isolated(batch.arms[0])}' came to its end: there is no risk to report."
    if len(batch.plan.points) > 1:
        return over_points(batch, reference, changes)
    of_arm = {row["arm"]: row for row in risk.iter_rows(named=True)}
    told = f"{ASSUMED}, force is threatened or used within {within(batch)} in {_share(of_arm[batch.arms[0]])}."
    by_arm = {row["arm"]: row for row in changes.iter_rows(named=True)}
    verdicts = [_Verdict.of(by_arm.get(arm), of_arm[arm]) for arm in batch.arms[1:]]
    if not verdicts:
        return told
    corrected = ", and corrected for the number of comparisons" if "p_adjusted" in table.columns else ""
    return f"{told} Against that{corrected}, {'; '.join(_told(verdicts))}."


def so_far(status: Status) -> str:
    """Return what a batch under way says on force: the reference's share of runs, and what the last arm changes."""
    first, last = status.plan.arms[0], status.plan.arms[-1]
    rows = status.risk.filter(pl.col("rung") == FIREBREAK, pl.col("arm") == first, pl.col("n") > 0)
    if not len(rows):
        return ""
    where = f"at design point {status.point}, " if len(status.plan.points) > 1 else ""
    told = (
        f"so far, {where}rung {FIREBREAK} or above: '{isolated(first)}' {share_with_interval(rows.row(0, named=True))}"
    )
    changes = status.differences.filter(pl.col("rung") == FIREBREAK, pl.col("arm") == last)
    for row in changes.iter_rows(named=True):
        change = f"{100 * row['difference']:+.2f} points ({100 * row['low']:+.2f} to {100 * row['high']:+.2f})"
        told += f"; '{isolated(last)}' {change}"
    return told


def made_by(batch: Batch) -> str:
    """Return what a batch's figures hang on, in a line: rule, seed, what was changed."""
    return made_with(batch.scenario, batch.seed, batch.plan.rules)


def made_with(scenario: Scenario, seed: int, handed_in: Rules | None) -> str:
    """Return what figures hang on, in a line: rule, seed, what was changed."""
    rules = sorted({state.doctrine.rule for state in scenario.states.values()})
    rule = "rules handed in" if handed_in is not None else f"rule {', '.join(rules)}"
    changes = {path: value for path, value in scenario.changes.items() if path.split(".")[0] != "experiment"}
    changed = "; ".join(f"{isolated(path)}={isolated(str(value))}" for path, value in changes.items())
    return f"{rule}; seed {seed}" + (f"; changed: {changed}" if changed else "")


def _share(risk: dict[str, Any]) -> str:
    arm, interval = isolated(risk["arm"]), f"95 % interval {percent(risk['low'])} to {percent(risk['high'])} %"
    if risk["hits"] == 0:
        runs = "runs" if risk["n"] > 1 else "run"
        return f"none of the {risk['n']:,} {runs} with arm '{arm}' ({interval})"
    return (
        f"{percent(risk['probability'])} % of the runs with arm '{arm}' ({risk['hits']:,} of {risk['n']:,}; {interval})"
    )


class _Verdict(NamedTuple):
    """What is said of an arm."""

    kind: str
    arm: str

    @classmethod
    def of(cls, change: dict[str, Any] | None, risk: dict[str, Any]) -> _Verdict:
        """Return what pairs of runs say of an arm."""
        name = f"'{isolated(risk['arm'])}'"
        if change is None or not risk["n"] or change["low"] is None:
            return cls("lost", name)
        share = f"{name} ({percent(risk['probability'])} %"
        if not detectable(change):
            return cls("unknown", f"{share})")
        by, low, high = (f"{100 * change[name]:+.1f}" for name in ("difference", "low", "high"))
        told = f"{share}, {by} percentage points, {low} to {high})"
        return cls("more" if change["low"] > 0 else "less", told)


_SAID = {
    "more": "it happens more often with {}",
    "less": "it happens less often with {}",
    "unknown": "no difference is detectable with {}, which does not say that there is none",
    "lost": "no run came to its end with {}",
}
"""What is said of arms, the gravest first."""


def _told(verdicts: Sequence[_Verdict]) -> list[str]:
    """Return what is said of arms, those of one verdict together."""
    together = {kind: [each.arm for each in verdicts if each.kind == kind] for kind in _SAID}
    return [_SAID[kind].format(listed(arms, _NAMED, "arms")) for kind, arms in together.items() if arms]
