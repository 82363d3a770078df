"""Which runs of a batch to tell: the most typical one, and the most surprising one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import polars as pl

from simcrisis import plots
from simcrisis.batch.batch import Batch
from simcrisis.batch.design import POINT
from simcrisis.batch.typical import by_typicality
from simcrisis.events import EXCEEDED
from simcrisis.report.figures import Picture, picture
from simcrisis.report.timeline import Entry, timeline

_LONGEST = 600
"""Characters of an alternative text."""


@dataclass(frozen=True)
class Told:
    """A run, told."""

    what: str
    arm: str
    replication: int
    peak: int
    picture: Picture
    entries: list[Entry]


def told_runs(batch: Batch) -> list[Told]:
    """Return two runs of the last arm; none of a scenario that shows aggregates only.

    The one nearest to the medians of its measures, and the one that its own decisions made least likely.
    """
    if batch.scenario.aggregates_only:
        return []
    arm = batch.arms[-1]
    runs = batch.runs.filter(pl.col("arm") == arm, ~pl.col("failed"))
    if batch.points.width:
        runs = runs.filter(pl.col(POINT) == 0)
    if not len(runs):
        return []
    found = {"The most typical run": by_typicality(runs)[0], "The most surprising run": _surprising(runs)}
    return [_told(batch, arm, what, replication) for what, replication in found.items()]


def _surprising(runs: pl.DataFrame) -> int:
    """Return the replication that reached, or did not reach, some rung against the longest odds that it stated."""
    surprise = [
        pl.when(pl.col("peak_rung") >= rung)
        .then(-pl.col(f"chance_{rung}").clip(1e-6, 1.0).log())
        .otherwise(-(1 - pl.col(f"chance_{rung}").clip(0.0, 1 - 1e-6)).log())
        for rung in EXCEEDED
    ]
    return int(runs["replication"][int(runs.select(pl.max_horizontal(surprise)).to_series().arg_max() or 0)])


def _told(batch: Batch, arm: str, what: str, replication: int) -> Told:
    run = batch.replay(replication, arm)
    peak, entries = int(run.outcome["peak_rung"][0]), list(timeline(run))
    grave = "; ".join(f"{entry.when}, {entry.who} {entry.text}" for entry in entries if entry.grave)
    alt = f"{what}, replication {replication}, in swim lanes of States and their levels. {grave}"
    drawn = picture(partial(plots.timeline, run.events, run.decisions), alt[:_LONGEST])
    return Told(what, arm, replication, peak, drawn, entries)
