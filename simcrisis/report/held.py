"""The page of a batch over an ensemble: risks over its sets, and whether what an arm changes holds there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from simcrisis import plots
from simcrisis.batch.batch import Batch
from simcrisis.catalogue import ladder
from simcrisis.errors import isolated
from simcrisis.events import FIREBREAK
from simcrisis.report.blocks import percentage
from simcrisis.report.ensemble import EFFECT_HEADS, NOTE, RISK_HEADS, ensemble_rows, filtered, last_held
from simcrisis.report.figures import Picture, picture
from simcrisis.report.page_tables import Table
from simcrisis.report.pictures import RUNGS
from simcrisis.report.sensitivity import luck_warnings
from simcrisis.report.words import within
from simcrisis.shown import ASSUMED

_ROWS = 40
"""Arms of a table."""
_ARMS = 20
"""Arms of a plot."""


@dataclass(frozen=True)
class Held:
    """What the page says of whether changes hold over an ensemble."""

    told: list[str]
    pictures: list[Picture]
    tables: list[Table]
    note: str


def held(batch: Batch) -> Held | None:
    """Return where the changes of a batch over an ensemble hold, the firebreak first; None for a single arm."""
    if len(batch.arms) == 1:
        return None
    effects = _effects(batch)
    told = [last_held(batch), *luck_warnings(effects.filter(pl.col("rung") == FIREBREAK)), filtered(batch)]
    rungs = sorted(RUNGS, reverse=True)
    changes = f"Change against '{isolated(batch.arms[0])}' under the same luck, in percentage points"
    return Held(
        [each for each in told if each],
        list(_pictures(effects, rungs)),
        [_table(batch, "effect", EFFECT_HEADS, changes, rung) for rung in rungs],
        NOTE,
    )


def risks_over_sets(batch: Batch) -> list[Table]:
    """Return a table a rung: the risk of each arm at the default and over the sets."""
    return [_table(batch, "risk", RISK_HEADS, f"Expected share of runs within {within(batch)}", rung) for rung in RUNGS]


def _effects(batch: Batch) -> pl.DataFrame:
    assert batch.ensemble is not None, "a batch over an ensemble"
    return batch.ensemble.filter(pl.col("output") == "effect")


def _table(batch: Batch, output: str, heads: list[str], what: str, rung: int) -> Table:
    rows = ensemble_rows(batch, output, rung)
    name = f"{'Risks' if output == 'risk' else 'Changes'} over the sets at rung {rung}"
    caption = f"{what}: {ladder()[rung].act} (rung {rung} or above). {ASSUMED}."
    left = len(rows) - _ROWS
    whole = f"{left:,} of {len(rows):,} arms are not shown: export/ensemble.csv holds them." if left > 0 else ""
    return Table(name, caption, heads, rows[:_ROWS], whole)


def _pictures(effects: pl.DataFrame, rungs: list[int]) -> Iterator[Picture]:
    for rung in rungs:
        rows = effects.filter(pl.col("rung") == rung, pl.col("median").is_not_null())
        if len(rows):
            first = rows.head(_ARMS)
            note = f"The first {_ARMS} of {len(rows)} arms." if len(rows) > _ARMS else ""
            yield picture(partial(plots.ensemble_ranges, first, rung), _alt(first, rung), note)


def _alt(rows: pl.DataFrame, rung: int) -> str:
    told = "; ".join(_reach(row) for row in rows.iter_rows(named=True))
    return (
        f"What each arm changes in the expected share of runs that reach rung {rung} or above, at the default and over "
        f"{rows['sets'][0]} parameter sets: {told}."
    )


def _reach(row: dict[str, Any]) -> str:
    default, low, high = (percentage(row[name], "+") for name in ("default", "low", "high"))
    return f"{isolated(row['arm'])} {default} points, {low} to {high} over the middle nine tenths of the sets"
