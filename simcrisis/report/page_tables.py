"""The tables of the page of a batch: as many rows as a reader can take in, and where the others are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from simcrisis.batch.batch import Batch
from simcrisis.batch.design import POINT
from simcrisis.catalogue import ladder
from simcrisis.errors import isolated
from simcrisis.report.pictures import RUNGS
from simcrisis.report.spread import changes_over_points, spread_rows
from simcrisis.report.tables import differences_rows, factor_names, risk_rows
from simcrisis.report.words import within
from simcrisis.shown import ASSUMED

SHOWN = (3, 4, 6, 8)
"""Rungs of the table of risks."""
_ROWS = 40
_POINTS = 6
"""Design points up to which each is shown at once, without a table from the least to the most."""
_CHANGE = ("arm", "change", "compensated", "ratio", "only with it", "only without", "p")
_NOTHING = {"-", ""}


@dataclass(frozen=True)
class Table:
    """A table as a reader sees it."""

    name: str
    """What it is called by a screen reader."""
    caption: str
    heads: list[str]
    rows: list[list[str]]
    left_out: str = ""
    """How many rows are not shown, and where they are."""
    folded: bool = False
    """Whether a reader has to ask for it."""


def page_tables(batch: Batch, differences: pl.DataFrame) -> list[Table]:
    """Return the tables of risks and of changes; where there are many design points, first over all of them."""
    each = [_risks(batch), *_changes(batch, differences)]
    if len(batch.plan.points) <= _POINTS:
        return each
    return [*_over_all_points(batch), *(replace(table, folded=True) for table in each)]


def _over_all_points(batch: Batch) -> list[Table]:
    heads = ["arm", *_rung_heads(SHOWN)]
    points = f"over {len(batch.plan.points):,} design points: least / median / most"
    extreme = "The least and the most of many points are more extreme than any point is for good: some of it is luck."
    found = [
        Table(
            "Risks over all design points",
            f"Share of runs that reach a rung within {within(batch)}, {points}. {ASSUMED}.",
            heads,
            spread_rows(batch, SHOWN)[:_ROWS],
            extreme,
        )
    ]
    if len(batch.arms) > 1:
        caption = f"{_against(batch)}, {points}. {ASSUMED}."
        found.append(Table("Changes over all design points", caption, heads, changes_over_points(batch, SHOWN)[:_ROWS]))
    return found


def _risks(batch: Batch) -> Table:
    heads = [*factor_names(batch), "arm", "runs", *_rung_heads(SHOWN)]
    total = len(batch.plan.points) * len(batch.arms)
    rows = risk_rows(_first_points(batch), SHOWN)
    caption = f"Share of runs that reach a rung within {within(batch)} (95 % interval). {ASSUMED}."
    return Table("Risks", caption, heads, rows[:_ROWS], _left_out(total, rows, "risk"))


def _changes(batch: Batch, differences: pl.DataFrame) -> list[Table]:
    found = []
    few = _first_points(batch)
    shown = _up_to(differences, few)
    p_value = "p (Holm)" if "p_adjusted" in differences.columns else "p"
    heads = [*factor_names(batch), *_CHANGE[:-1], p_value]
    for rung in RUNGS:
        rows = differences_rows(few, rung, shown)
        if not rows:
            continue
        total = len(differences.filter(pl.col("rung") == rung))
        caption = f"{_against(batch)} (95 % interval): {_head(rung)}. {ASSUMED}."
        left = _left_out(total, rows, "differences")
        found.append(Table(f"Changes at rung {rung}", caption, *_with_something(heads, rows[:_ROWS]), left))
    return found


def _first_points(batch: Batch) -> Batch:
    """Return a batch with the tables of its first design points only: as many as there is room for."""
    if len(batch.plan.points) == 1:
        return batch
    return replace(batch, risk=_up_to(batch.risk, batch), differences=_up_to(batch.differences, batch))


def _up_to(table: pl.DataFrame, batch: Batch) -> pl.DataFrame:
    if POINT not in table.columns:
        return table
    return table.filter(pl.col(POINT) < max(1, _ROWS // len(batch.arms)))


def _left_out(total: int, rows: Sequence[Sequence[str]], table: str) -> str:
    left = total - min(len(rows), _ROWS)
    if not left:
        return ""
    whole = f"simcrisis export DIR --to csv writes them all, into export/{table}.csv"
    return f"{left:,} of {total:,} rows are not shown: {whole}."


def _with_something(heads: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Return heads and rows without the columns that say nothing in any row."""
    kept = [n for n in range(len(heads)) if any(row[n] not in _NOTHING for row in rows)]
    return [heads[n] for n in kept], [[row[n] for n in kept] for row in rows]


def _against(batch: Batch) -> str:
    return f"Change against '{isolated(batch.arms[0])}' under the same luck, in percentage points"


def _rung_heads(rungs: Sequence[int]) -> list[str]:
    return [_head(rung) for rung in rungs]


def _head(rung: int) -> str:
    return f"{ladder()[rung].act} (rung {rung} or above)"
