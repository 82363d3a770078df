"""Measuring a study: every arm in every world under both rules, with the same luck."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from simcrisis import load, run_batch
from simcrisis.rules.doctrines import RULES
from simcrisis.scenario import Scenario
from tests.studies import DOCS, SEED, mean_of
from tests.studies.published.study import Contrast, Statistic, Study, Tables

FOLDER = DOCS / "validation"
FEWEST = 10
"""Replications in which a contrast must differ from nothing before its sign is told."""


class Found(NamedTuple):
    """A mean with its 95 % interval over n replications, `apart` of which are not 0."""

    value: float
    low: float
    high: float
    n: int
    apart: int

    @property
    def sign(self) -> int:
        """Return the sign that the interval settles, 0 if it settles none."""
        return 0 if self.apart < FEWEST else (self.low > 0) - (self.high < 0)


class Measured(NamedTuple):
    """What a study found under a rule: by statistic and arm, and of each contrast in the study's order."""

    levels: Mapping[str, Mapping[str, Found | None]]
    contrasts: Sequence[Found | None]


def scenario_path(study: Study) -> Path:
    """Return the file of a study's scenario."""
    return FOLDER / "scenarios" / f"{study.name}.yaml"


def measure(study: Study, runs: int | None = None) -> dict[str, Measured]:
    """Return what each rule does, of so many replications (default: those of the study)."""
    scenario = load(scenario_path(study))
    return {rule: _under(study, scenario.with_({"model.rule": rule}), runs or study.runs) for rule in RULES}


def _under(study: Study, scenario: Scenario, runs: int) -> Measured:
    worlds = {name: _tables(scenario.with_(dict(truth)), runs) for name, truth in study.worlds.items()}
    values = {each.name: by_world(each, worlds) for each in study.statistics}
    return Measured(
        {
            each.name: {arm: _level(each, values[each.name], arm) for arm in scenario.data["arms"]}
            for each in study.statistics
        },
        [found_in(values[each.statistic], each.arms) for each in study.contrasts],
    )


def _level(statistic: Statistic, table: pl.DataFrame, arm: str) -> Found | None:
    """Return the mean of an arm; what cannot be negative is not below 0 with its interval either."""
    found = found_in(table, {arm: 1.0})
    if found is None or min((statistic.weights or {"": 1.0}).values()) < 0:
        return found
    return found._replace(low=max(found.low, 0.0))


def _tables(scenario: Scenario, runs: int) -> Tables:
    batch = run_batch(scenario, runs, SEED, keep=("events", "decisions"), workers=1)
    return Tables(
        batch.runs, batch.table("decisions"), batch.table("events", ("arm", "replication", "hour", "kind", "value"))
    )


def by_world(statistic: Statistic, worlds: Mapping[str, Tables]) -> pl.DataFrame:
    """Return columns replication, world, weight and one an arm."""
    weights = statistic.weights or dict.fromkeys(worlds, 1.0 / len(worlds))
    tables = []
    for world, weight in weights.items():
        rows = statistic.of(worlds[world]).select(pl.col("arm").cast(pl.String), "replication", "value")
        wide = rows.pivot("arm", index="replication", values="value")
        tables.append(wide.with_columns(world=pl.lit(world), weight=pl.lit(weight)))
    return pl.concat(tables, how="diagonal")


def found_in(table: pl.DataFrame, arms: Mapping[str, float]) -> Found | None:
    """Return the mean over replications of a weighted sum of arms; None where fewer than two replications have it.

    Where a run does not have the number, neither has its world: the mean of the replication is over the others.
    """
    if any(arm not in table.columns for arm in arms):
        return None
    summed = pl.sum_horizontal([weight * pl.col(arm) for arm, weight in arms.items()], ignore_nulls=False)
    rows = table.with_columns(sum=summed).drop_nulls("sum").sort("replication", "world")
    whole = table["weight"].unique().len() == 1
    share = pl.col("weight") / pl.col("weight").sum() if whole else pl.col("weight")
    means = (
        rows.group_by("replication", maintain_order=True).agg(value=(share * pl.col("sum")).sum())["value"].to_list()
    )
    if len(means) < 2:
        return None
    return Found(*mean_of(means), len(means), sum(not math.isclose(value, 0.0, abs_tol=1e-15) for value in means))


def verdict(study: Study, measured: Measured) -> str:
    """Return agrees, disagrees or cannot tell, by the contrasts that are judged.

    All on the expected side: agrees; any on the other: disagrees; else it cannot be told.
    """
    signs = [found.sign * each.expected if found else 0 for each, found in judged(study, measured)]
    return "disagrees" if min(signs) < 0 else "agrees" if min(signs) > 0 else "cannot tell"


def judged(study: Study, measured: Measured) -> Iterator[tuple[Contrast, Found | None]]:
    """Yield the contrasts on which the verdict hangs."""
    yield from (pair for pair in zip(study.contrasts, measured.contrasts, strict=True) if pair[0].judged)
