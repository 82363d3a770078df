"""Which runs of a batch to tell: the most typical one, and the most surprising one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from simcrisis import plots
from simcrisis.batch.batch import Batch
from simcrisis.batch.design import POINT
from simcrisis.batch.typical import by_typicality
from simcrisis.events import EXCEEDED
from simcrisis.report.figures import Picture, picture
from simcrisis.report.player import Player, player
from simcrisis.report.timeline import Entry, timeline

_LONGEST = 600
"""Characters of what an alternative text tells: entries are whole, or not in it."""


@dataclass(frozen=True)
class Told:
    """A run, told."""

    what: str
    arm: str
    replication: int
    peak: int
    picture: Picture
    player: Player
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
    typical, surprising = by_typicality(runs)[0], _surprising(runs)
    if typical == surprising:
        return [_told(batch, arm, "The most typical and most surprising run", typical, "run-0")]
    found = {"The most typical run": typical, "The most surprising run": surprising}
    return [_told(batch, arm, what, replication, f"run-{n}") for n, (what, replication) in enumerate(found.items())]


def _surprising(runs: pl.DataFrame) -> int:
    """Return the replication that reached, or did not reach, some rung against the longest odds that it stated."""
    surprise = [
        pl.when(pl.col("peak_rung") >= rung)
        .then(-pl.col(f"chance_{rung}").clip(1e-6, 1.0).log())
        .otherwise(-(1 - pl.col(f"chance_{rung}").clip(0.0, 1 - 1e-6)).log())
        for rung in EXCEEDED
    ]
    return int(runs["replication"][int(runs.select(pl.max_horizontal(surprise)).to_series().arg_max() or 0)])


def _told(batch: Batch, arm: str, what: str, replication: int, name: str) -> Told:
    run = batch.replay(replication, arm)
    peak, entries = int(run.outcome["peak_rung"][0]), list(timeline(run))
    grave = _as_many([f"{entry.when}, {entry.who} {entry.text}" for entry in entries if entry.grave])
    alt = f"{what}, replication {replication}, in swim lanes of States and their levels. {grave}"
    drawn = picture(partial(plots.timeline, run.events, run.decisions), alt)
    return Told(what, arm, replication, peak, drawn, player(run, name), entries)


def _as_many(entries: list[str]) -> str:
    """Return the first entries as far as there is room, and how many more there are."""
    ends = np.cumsum([len(entry) + 2 for entry in entries])
    most = int(np.searchsorted(ends, _LONGEST, side="right"))
    more = f"{len(entries) - most:,} more entries of note" if most < len(entries) else ""
    return "; ".join(filter(None, (*entries[:most], more)))
