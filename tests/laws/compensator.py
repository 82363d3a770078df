"""Compensator: the chances stated before a rung is reached add up, in expectation, to reaching it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import polars as pl

from simcrisis import load, run_batch
from simcrisis.batch.batch import Batch
from simcrisis.events import EXCEEDED
from simcrisis.scenario import shipped
from tests.laws.law import Outcome, law

REPLICATIONS, OF_MANY_STATES = 400, 60
FEWEST_HITS = 10


@cache
def batch_of(name: str, rule: str) -> Batch:
    scenario = load(name).with_({"model.rule": rule})
    return run_batch(scenario, REPLICATIONS if len(scenario.states) < 20 else OF_MANY_STATES, 2, workers=1)


@law(
    "Compensator",
    "Summed chance_r over decisions before rung r is first reached has the expectation P(peak >= r): every shipped "
    "scenario, every arm, every rung with at least 10 hits",
    tolerance="|z| <= 4.5 each",
    false_alarm="about 100 x 7e-6",
)
def compensator() -> Outcome:
    return over(shipped())


def over(names: Iterable[str]) -> Outcome:
    """Return the outcome over some of the shipped scenarios."""
    worst, checked, told = 0.0, 0, ""
    for name in names:
        for (arm,), runs in batch_of(name, "logit").runs.group_by("arm", maintain_order=True):
            for rung in EXCEEDED:
                hit = (runs["peak_rung"] >= rung).cast(pl.Float64)
                if hit.sum() < FEWEST_HITS:
                    continue
                gap = (runs[f"chance_{rung}"] - hit).to_numpy()
                z = float(gap.mean() / (gap.std(ddof=1) / len(gap) ** 0.5))
                checked += 1
                if abs(z) > worst:
                    worst, told = abs(z), f"largest |z| {abs(z):.2f} ({name}, {arm}, rung {rung})"
    return Outcome(f"{told}, {checked} checked", worst if checked else 99.0, 4.5)
