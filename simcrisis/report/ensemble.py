"""A batch over an ensemble as people read it: the default, how far the sets reach, and where the sign holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from simcrisis.batch.batch import Batch
from simcrisis.catalogue import ensemble_origin
from simcrisis.errors import isolated
from simcrisis.events import FIREBREAK
from simcrisis.report.blocks import luck_in_words, percentage
from simcrisis.report.words import within
from simcrisis.shown import ASSUMED

RISK_HEADS = ["arm", "default, %", "median of sets", "5 to 95 % of sets", "least to most"]
EFFECT_HEADS = [
    "arm",
    "default (95 %)",
    "median of sets",
    "5 to 95 % of sets",
    "least to most",
    "sign holds",
    "clearly\nup / down",
    "luck",
]
NOTHING = "No two replications came to their end at every parameter set: there is nothing to report."
EXPECTED = (
    "Compared are the chances of reaching a rung that decisions stated, summed over a run: in expectation the share of "
    "runs that reach it."
)
NOTE = (
    f"{EXPECTED} Sign holds: share of sets with the sign of the default. Clearly up / down: share of sets "
    "whose own 95 % interval lies above / below 0. Luck: share of what varies over the sets that is luck of few "
    "replications."
)


def ensemble_rows(batch: Batch, output: str, rung: int) -> list[list[str]]:
    """Return a row an arm: its risks, or its effects against the reference, over an ensemble, at a rung."""
    assert batch.ensemble is not None, "a batch over an ensemble"
    chosen = batch.ensemble.filter(pl.col("output") == output, pl.col("rung") == rung)
    return [_row(row) for row in chosen.iter_rows(named=True)]


def ensemble_headline(batch: Batch) -> str:
    """Return what each arm does to the risk of force, at the default and over the ensemble, in words."""
    assert batch.ensemble is not None, "a batch over an ensemble"
    rows = batch.ensemble.filter(pl.col("rung") == FIREBREAK).to_dicts()
    first = rows_of(rows, "risk")[0]
    if first["median"] is None:
        return NOTHING
    passed = "" if filtered(batch) else " that no pattern rules out"
    told = (
        f"{ASSUMED}, force is threatened or used within {within(batch)} in {percentage(first['default'])} % of the "
        f"runs with arm '{isolated(batch.arms[0])}' at the default, and in {percentage(first['low'])} to "
        f"{percentage(first['high'])} % over the middle nine tenths of {first['sets']} parameter sets{passed}."
    )
    effects = [_said(row) for row in rows_of(rows, "effect")]
    return f"{told} Against that, {'; '.join(effects)}." if effects else told


def last_held(batch: Batch) -> str:
    """Return what the last arm changes at the firebreak at the default, and in which share of sets its sign holds."""
    assert batch.ensemble is not None, "a batch over an ensemble"
    row = batch.ensemble.filter(pl.col("rung") == FIREBREAK, pl.col("output") == "effect").row(-1, named=True)
    if row["median"] is None:
        return NOTHING
    default, low, high = (percentage(row[key], "+") for key in ("default", "default_low", "default_high"))
    told = (
        f"{ASSUMED}, '{isolated(row['arm'])}' changes the expected share of runs that cross the firebreak by {default} "
        f"percentage points ({low} to {high}) at the default"
    )
    if row["default"] == 0.0:
        return f"{told}: there is no sign that could hold over the {row['sets']} parameter sets."
    return f"{told}; the sign holds in {_share(row['same_sign'])} of {row['sets']} parameter sets."


def filtered(batch: Batch) -> str:
    """Return that the packaged sets were filtered under another rule than that of a batch; empty where they were not.

    Under another rule some pattern may rule them out.
    """
    rules = {state.doctrine.rule for state in batch.scenario.states.values()}
    of_sets = ensemble_origin()["rule"]
    if rules == {of_sets} and batch.plan.rules is None:
        return ""
    return f"The sets were filtered under rule {of_sets}: under another, patterns may rule them out."


def rows_of(rows: Sequence[dict[str, Any]], output: str) -> list[dict[str, Any]]:
    """Return the rows of risks, or of effects."""
    return [row for row in rows if row["output"] == output]


def _said(row: dict[str, Any]) -> str:
    name = f"'{isolated(row['arm'])}'"
    if row["raises"] == row["lowers"] == 0.0:
        return f"{name} changes nothing in any set"
    up, down, clearly_up, clearly_down = (
        _share(row[key]) for key in ("raises", "lowers", "clearly_raises", "clearly_lowers")
    )
    return f"{name} raises it in {up} of the sets and lowers it in {down} (clearly: {clearly_up} and {clearly_down})"


def _row(row: dict[str, Any]) -> list[str]:
    name = isolated(row["arm"])
    if row["median"] is None:
        return [name, *["-"] * ((len(RISK_HEADS) if row["output"] == "risk" else len(EFFECT_HEADS)) - 1)]
    sign = "" if row["output"] == "risk" else "+"
    default, low, high, median, few, many, least, most = (
        percentage(row[key], sign)
        for key in ("default", "default_low", "default_high", "median", "low", "high", "least", "most")
    )
    reach = [median, f"{few} to {many}", f"{least} to {most}"]
    if row["output"] == "risk":
        return [name, default, *reach]
    holds = "-" if row["default"] == 0.0 else _share(row["same_sign"])
    clear = f"{_share(row['clearly_raises'])} / {_share(row['clearly_lowers'])}"
    return [name, f"{default} ({low} to {high})", *reach, holds, clear, luck_in_words(row)]


def _share(share: float) -> str:
    return f"{100 * share:.0f} %"
