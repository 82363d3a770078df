"""Whole-number counts of runs, which add up over disjoint sets of runs: every table of estimates is made of them.

So a batch can be counted shard by shard, in any order and on any machine, and its tables do not show how.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import polars as pl

from simcrisis.events import EXCEEDED
from simcrisis.stats.methods import Method, method

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

CHANGES = {
    "arm": pl.String,
    "replication": pl.Int64,
    "hour": pl.Float64,
    "a": pl.String,
    "b": pl.String,
    "rung": pl.Int64,
}
"""The columns of `rung_changes`."""
_FIRSTS = [f"first_hour_{rung}" for rung in EXCEEDED]
CONTRAST_VALUES = range(-2, 3)
"""What both - one - other + reference can be in one replication."""


@dataclass(frozen=True)
class Question:
    """What is counted: the arms (the first is the reference), the contrasts among them, the hours of curves."""

    arms: tuple[str, ...]
    contrasts: tuple[tuple[str, str, str], ...] = ()
    """(one, other, both): two arms and the one that joins them."""
    points: int = 241
    """Hours of a curve, from start to horizon."""
    anytime: bool = False
    """Whether intervals must hold for a batch that is stopped by what it shows."""

    @property
    def method(self) -> Method:
        """How intervals are made."""
        return method(self.anytime)

    def hours(self, horizon_hours: float) -> Floats:
        """Return the hours at which curves are counted."""
        return np.linspace(0.0, horizon_hours, self.points)


@dataclass(frozen=True)
class Tally:
    """Counts of some runs; `+` joins those of disjoint replications. Axes: arm, rung (3 to 10), hour, contrast."""

    runs: Counts
    """[arm] runs that did not fail."""
    hits: Counts
    """[arm, rung] of them, those that reached the rung."""
    pairs: int
    """Replications that failed in no arm."""
    paired_hits: Counts
    """[arm, rung] of them, those that reached the rung."""
    up: Counts
    """[arm, rung] of them, those that reached it in the arm and not in the reference."""
    down: Counts
    """[arm, rung] of them, those that reached it in the reference and not in the arm."""
    contrasts: Counts
    """[contrast, rung, value from -2 to 2] of them, those with that value."""
    reached: Counts
    """[arm, hour, rung] runs at or above the rung by then."""
    rungs: Counts
    """[arm, hour] sum over runs of the highest rung of any dyad at that hour."""
    squares: Counts
    """[arm, hour] sum of its squares."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def nothing(question: Question) -> Tally:
    """Return the tally of no runs."""
    arms, rungs, hours = len(question.arms), len(EXCEEDED), question.points

    def zeros(*shape: int) -> Counts:
        return np.zeros(shape, np.int64)

    return Tally(
        runs=zeros(arms),
        hits=zeros(arms, rungs),
        pairs=0,
        paired_hits=zeros(arms, rungs),
        up=zeros(arms, rungs),
        down=zeros(arms, rungs),
        contrasts=zeros(len(question.contrasts), rungs, len(CONTRAST_VALUES)),
        reached=zeros(arms, hours, rungs),
        rungs=zeros(arms, hours),
        squares=zeros(arms, hours),
    )


def tally(runs: pl.DataFrame, rung_changes: pl.DataFrame, question: Question, horizon_hours: float) -> Tally:
    """Return the counts of runs of one design point, in which every replication stands once in every arm.

    `runs` needs arm, replication, failed, peak_rung and first_hour_3 ... first_hour_10.
    """
    hours = question.hours(horizon_hours)
    ordered = runs.select("arm", "replication", "failed", "peak_rung", *_FIRSTS).sort("replication")
    parted = ordered.partition_by("arm", as_dict=True)
    by_arm = [parted.get((arm,), ordered.clear()) for arm in question.arms]
    fine = np.array([~of_arm["failed"].to_numpy() for of_arm in by_arm])
    peaks = np.array([of_arm["peak_rung"].fill_null(0).to_numpy() for of_arm in by_arm])
    hit = (peaks[:, :, None] >= np.array(EXCEEDED)) & fine[:, :, None]
    paired: Flags = np.asarray(fine.all(axis=0), np.bool_)
    together = hit & paired[:, None]
    highest = [_highest(rung_changes.filter(pl.col("arm") == arm), hours) for arm in question.arms]
    return Tally(
        runs=fine.sum(axis=1),
        hits=hit.sum(axis=1),
        pairs=int(paired.sum()),
        paired_hits=together.sum(axis=1),
        up=(together & ~together[:1]).sum(axis=1),
        down=(together[:1] & ~together).sum(axis=1),
        contrasts=_contrasts(together, paired, question),
        reached=np.array([_reached(of_arm.filter(~pl.col("failed")), hours) for of_arm in by_arm]),
        rungs=np.array([each.sum(axis=0) for each in highest]),
        squares=np.array([(each * each).sum(axis=0) for each in highest]),
    )


def _contrasts(together: Flags, paired: Flags, question: Question) -> Counts:
    of = dict(zip(question.arms, together[:, paired].astype(np.int64), strict=True))
    reference = of[question.arms[0]]
    counted = [
        [(of[both] - of[one] - of[other] + reference == value).sum(axis=0) for value in CONTRAST_VALUES]
        for one, other, both in question.contrasts
    ]
    shape = (len(question.contrasts), len(CONTRAST_VALUES), len(EXCEEDED))
    return np.array(counted, np.int64).reshape(shape).transpose(0, 2, 1)


def _reached(runs: pl.DataFrame, hours: Floats) -> Counts:
    """Return [hour, rung]: how many runs had reached the rung by the hour."""
    firsts = runs.select(pl.col(name).cast(pl.Float64) for name in _FIRSTS).to_numpy()
    never_last = np.sort(firsts, axis=0).T
    return np.array([np.searchsorted(first, hours, side="right") for first in never_last], np.int64).T


def _highest(changes: pl.DataFrame, hours: Floats) -> Counts:
    """Return [run, hour]: the highest rung on which any dyad stood, of the runs that are in `changes`."""
    ordered = changes.sort("replication", "a", "b", "hour", maintain_order=True)
    same = ordered.select(pl.struct("replication", "a", "b").shift(-1) == pl.struct("replication", "a", "b"))
    continues = same.to_series().fill_null(value=False).to_numpy()
    begins = np.searchsorted(hours, ordered["hour"].to_numpy(), side="left")
    ends = np.where(continues, np.append(begins[1:], 0), len(hours))
    runs, row = np.unique(ordered["replication"].to_numpy(), return_inverse=True)
    highest = np.zeros((len(runs), len(hours)), np.int64)
    lengths = ends - begins
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    cells = np.repeat(row * len(hours) + begins, lengths) + within
    np.maximum.at(highest.reshape(-1), cells, np.repeat(ordered["rung"].to_numpy(), lengths))
    return highest


def contrasts_among(arms: Sequence[str], cbms: Mapping[str, Mapping[int, object]]) -> tuple[tuple[str, str, str], ...]:
    """Return pairs of arms whose CBMs a third arm joins, where the reference has none; `cbms` by arm.

    Arms that are not in `cbms` differ in more than CBMs and take no part.
    """
    if not arms or arms[0] not in cbms or cbms[arms[0]]:
        return ()
    found: list[tuple[str, str, str]] = []
    others = [arm for arm in arms if cbms.get(arm)]
    for n, one in enumerate(others):
        for other in others[n + 1 :]:
            union = {**cbms[one], **cbms[other]}
            joint = [arm for arm in others if dict(cbms[arm]) == union]
            if joint and not set(cbms[one]) & set(cbms[other]):
                found.append((one, other, joint[0]))
    return tuple(found)
