"""Which assumption matters: screenings and indices of the risk, and of what each arm changes, from a batch.

A batch whose experiment samples `morris` trajectories is screened, one of `saltelli` rows has Sobol indices. What is
analysed is the mean over replications of the compensator `chance_R` of a rung: in expectation the share of runs that
reach it (simcrisis/measures/compensator.py), mostly with far less noise. The effect of an arm is the mean of its paired
difference from the reference, under common luck.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from simcrisis import stats
from simcrisis.batch import salib
from simcrisis.batch.batch import Batch
from simcrisis.batch.design import shares
from simcrisis.errors import BatchError
from simcrisis.events import EXCEEDED, FIREBREAK
from simcrisis.scenario.experiment import Experiment, Sample
from simcrisis.shown import ASSUMED, card

Floats = npt.NDArray[np.float64]

MUCH_LUCK = 1 / 3
"""Share of luck in the variance over points from which indices should not be trusted."""


class Output(NamedTuple):
    """What is analysed: the risk in an arm, or the effect of one."""

    kind: str
    """risk or effect."""
    arm: str
    values: Floats
    """[point, replication] compensators, or their paired differences; the means are shares of runs."""

    @property
    def means(self) -> Floats:
        """[point] means over replications."""
        return np.asarray(self.values.mean(axis=1), np.float64)


@dataclass(frozen=True)
class Sensitivity:
    """What a sensitivity analysis found; `docs/tables.md` explains the columns."""

    rung: int
    outputs: pl.DataFrame = field(repr=False)
    """A row an output: output, arm, rung, points, replications, mean, least, most (over points), luck_share."""
    table: pl.DataFrame = field(repr=False)
    """A row an output and parameter, in the order of outputs and of the scenario's experiment."""

    @property
    def tables(self) -> dict[str, pl.DataFrame]:
        """What was found, by name."""
        return {"outputs": self.outputs, "table": self.table}

    def _repr_html_(self) -> str:
        return card(f"Sensitivity of rung {self.rung} or above", [f"{ASSUMED}."], self.tables)


def screen(batch: Batch, rung: int = FIREBREAK) -> Sensitivity:
    """Return the Morris screening: mu_star (with mu_star_low, mu_star_high), mu, sigma of each output and parameter.

    Units: the output's (shares), per whole range. Raises BatchError for a batch of another design, and without SALib.
    """
    return screened(ranges_only(batch, "morris"), list(outputs(batch, rung)), rung)


def screened(experiment: Experiment, known: Sequence[Output], rung: int) -> Sensitivity:
    """Return the screening of outputs at the points of an experiment; see `screen`."""
    where = shares(experiment)
    rows = [
        _row(output, rung, path, effects._asdict())
        for output in known
        for path, effects in zip(experiment.vary, salib.effects(where, output.means), strict=True)
    ]
    return Sensitivity(rung, about(known, rung), _table(rows, salib.Effects._fields))


def indices(batch: Batch, rung: int = FIREBREAK) -> Sensitivity:
    """Return Sobol indices: first (with first_low, first_high) and total (likewise) of each output and parameter.

    Shares of the output's variance over the sampled ranges; null where it is the same at every point. Raises BatchError
    for a batch of another design, and without SALib.
    """
    return indexed(ranges_only(batch, "saltelli"), list(outputs(batch, rung)), rung)


def indexed(experiment: Experiment, known: Sequence[Output], rung: int) -> Sensitivity:
    """Return the indices of outputs at the points of an experiment; see `indices`."""
    rows = []
    for output in known:
        found = salib.sobol_indices(len(experiment.vary), output.means)
        for n, path in enumerate(experiment.vary):
            rows.append(_row(output, rung, path, found[n]._asdict() if found else {}))
    return Sensitivity(rung, about(known, rung), _table(rows, salib.Indices._fields))


def outputs(batch: Batch, rung: int) -> Iterator[Output]:
    """Yield the risk in each arm, then the effect of each arm against the reference.

    Replications that failed anywhere are left out everywhere. Raises BatchError where fewer than two are left.
    """
    if rung not in EXCEEDED:
        raise BatchError(f"rung: {rung} should be from {EXCEEDED[0]} to {EXCEEDED[-1]}")
    chance, arms = f"chance_{rung}", batch.arms
    runs = batch.table("runs", [chance, "failed"])
    shape = (len(batch.plan.points), batch.replications, len(arms))
    fine = ~runs["failed"].to_numpy().reshape(shape).any(axis=(0, 2))
    if fine.sum() < 2:
        raise BatchError("sensitivity: at least two replications should come to their end at every design point")
    chances = runs[chance].to_numpy().reshape(shape)[:, fine]
    for n, arm in enumerate(arms):
        yield Output("risk", arm, chances[:, :, n])
    for n, arm in enumerate(arms[1:], start=1):
        yield Output("effect", arm, chances[:, :, n] - chances[:, :, 0])


def about(known: Iterable[Output], rung: int) -> pl.DataFrame:
    """Return a row an output: its mean, least and most over the points, and how much of its variance there is luck."""
    rows = [
        {
            "output": output.kind,
            "arm": output.arm,
            "rung": rung,
            "points": len(output.values),
            "replications": output.values.shape[1],
            "mean": float(output.means.mean()),
            "least": float(np.min(output.means)),
            "most": float(np.max(output.means)),
            "luck_share": stats.luck_share(output.values),
        }
        for output in known
    ]
    return pl.DataFrame(rows, schema_overrides={"luck_share": pl.Float64})


def ranges_only(batch: Batch, *samples: Sample) -> Experiment:
    """Return the experiment of a batch that varies ranges only, sampled so; raises BatchError for another."""
    experiment = batch.scenario.experiment
    if experiment is None or experiment.sample not in samples or experiment.levels:
        wanted = " or ".join(samples)
        raise BatchError(f"sensitivity: the batch should have an experiment of ranges only, with sample: {wanted}")
    return experiment


def _row(output: Output, rung: int, path: str, found: dict[str, float]) -> dict[str, object]:
    points, replications = output.values.shape
    about = {"points": points, "replications": replications}
    return {"output": output.kind, "arm": output.arm, "rung": rung, "parameter": path, **about, **found}


def _table(rows: list[dict[str, object]], measures: Iterable[str]) -> pl.DataFrame:
    texts = dict.fromkeys(("output", "arm"), pl.String)
    counts = dict.fromkeys(("points", "replications"), pl.Int64)
    figures = dict.fromkeys(measures, pl.Float64)
    return pl.DataFrame(rows, schema={**texts, "rung": pl.Int64, "parameter": pl.String, **counts, **figures})
