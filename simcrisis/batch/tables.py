"""The tables of a batch, made of its shards; memory does not grow with the number of runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from simcrisis import stats
from simcrisis.batch.folder import BatchFolder, Kept
from simcrisis.batch.plan import Plan
from simcrisis.frames import MARK
from simcrisis.stats import Tally

ESTIMATES = ("risk", "differences", "curves")
_ROW_GROUP = 100_000


def estimates(plan: Plan, counted: Sequence[Tally]) -> dict[str, pl.DataFrame]:
    """Return risk, differences and curves, with the columns of the design points."""
    question = plan.question
    made = {
        "risk": [stats.risk(question, each) for each in counted],
        "differences": [stats.differences(question, each) for each in counted],
        "curves": [stats.curves(question, each, horizon) for each, horizon in zip(counted, plan.horizons, strict=True)],
    }
    return {name: pl.concat(map(_labelled, tables, _rows(plan))) for name, tables in made.items()}


def write_tables(folder: BatchFolder, kept: Sequence[Kept], made: dict[str, pl.DataFrame]) -> None:
    """Write all tables of a batch of which nothing is missing."""
    for name in folder.plan.recipe.tables:
        files = [shard.file(name) for shard in kept]

        def joined(path: Path, files: list[Path] = files) -> None:
            pl.scan_parquet(files).sink_parquet(path, row_group_size=_ROW_GROUP, metadata=MARK)

        folder.write_table(name, joined)
    if folder.plan.factors.width:
        made = {"points": folder.plan.factors, **made}
    for name, table in made.items():
        folder.write_table(name, table.write_parquet)
    for left in (folder.path / "tables").glob("*.parquet"):
        if left.stem not in {*made, *folder.plan.recipe.tables}:
            left.unlink()  # of a time when more was kept


def _rows(plan: Plan) -> list[pl.DataFrame]:
    return [plan.factors[n] if plan.factors.width else plan.factors for n in range(len(plan.points))]


def _labelled(table: pl.DataFrame, factors: pl.DataFrame) -> pl.DataFrame:
    """Return a table with the factor columns of its design point behind `arm`."""
    of_point = [pl.lit(each.item(), each.dtype).alias(each.name) for each in factors]
    return table.select("arm", *of_point, pl.all().exclude("arm"))
