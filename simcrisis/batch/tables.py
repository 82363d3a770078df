"""The tables of a batch, made of its shards; of all runs, no more than a few columns are in memory at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from simcrisis import stats
from simcrisis.batch.design import POINT
from simcrisis.batch.ensemble import ENSEMBLE, ensemble
from simcrisis.batch.folder import BatchFolder, Kept
from simcrisis.batch.plan import Plan
from simcrisis.frames import MARK
from simcrisis.stats import Columns, Tally

ESTIMATES = ("risk", "differences", "curves", "measures")
STOPPING = "stopping"
"""The table of a batch that stops by itself."""


def estimates_of(plan: Plan) -> tuple[str, ...]:
    """Return the names of the tables of estimates that a batch has."""
    stops = () if plan.until is None else (STOPPING,)
    return (*ESTIMATES, *stops, *((ENSEMBLE,) if plan.of_ensemble else ()))


_ROW_GROUP = 100_000
_EACH = [POINT, "arm", "rung"]


def write_tables(folder: BatchFolder, kept: Sequence[Kept], counted: Sequence[Tally]) -> dict[str, pl.DataFrame]:
    """Write all tables of a batch of which nothing is missing; return the estimates."""
    plan = folder.plan
    for name in plan.recipe.tables:
        files = [shard.file(name) for shard in kept]

        def joined(path: Path, files: list[Path] = files) -> None:
            pl.scan_parquet(files).sink_parquet(path, row_group_size=_ROW_GROUP, metadata=MARK)

        folder.write_table(name, joined)
    runs = pl.scan_parquet(folder.path / "tables" / "runs.parquet")
    made = _estimates(plan, counted, Columns(runs, plan.arms, tuple(plan.factors.columns), len(plan.points)))
    points = {"points": plan.factors} if plan.factors.width else {}
    for name, table in {**points, **made}.items():
        folder.write_table(name, table.write_parquet)
    for left in (folder.path / "tables").glob("*.parquet"):
        if left.stem not in {*points, *made, *plan.recipe.tables}:
            left.unlink()  # of a time when more was kept
    return made


def _estimates(plan: Plan, counted: Sequence[Tally], columns: Columns) -> dict[str, pl.DataFrame]:
    """Return risk, differences, curves, measures and stopping, with the columns of the design points."""
    question = plan.question
    risk = _by_point([stats.risk(question, each) for each in counted])
    differences = _by_point([stats.differences(question, each) for each in counted])
    curves = _by_point(list(map(stats.curves, [question] * len(counted), counted, plan.horizons)))
    of_risk, of_differences = stats.compensated(question, columns)
    made = {
        "risk": risk.join(of_risk, on=_EACH, how="left", maintain_order="left"),
        "differences": differences.join(of_differences, on=_EACH, how="left", maintain_order="left"),
        "curves": curves,
        "measures": stats.means(question, columns, np.array(plan.horizons)),
    }
    if plan.until is not None:
        made[STOPPING] = stats.stopping(plan.until, question, counted, columns)
    over_sets = {ENSEMBLE: ensemble(plan, columns)} if plan.of_ensemble else {}
    return {name: labelled(table, plan.factors) for name, table in made.items()} | over_sets


def _by_point(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([table.with_columns(pl.lit(n, pl.Int64).alias(POINT)) for n, table in enumerate(tables)])


def labelled(table: pl.DataFrame, factors: pl.DataFrame) -> pl.DataFrame:
    """Return a table with the factor columns of its design point behind `arm`; without `point` where nothing varies."""
    if not factors.width:
        return table.drop(POINT)
    labelled = table.join(factors, on=POINT, how="left", maintain_order="left")
    return labelled.select("arm", *factors.columns, pl.all().exclude("arm", *factors.columns))
