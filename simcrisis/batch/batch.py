"""A batch that is done: its tables, and any run of it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from simcrisis.batch.design import POINT
from simcrisis.batch.folder import FAILURES, read_failures
from simcrisis.batch.manifest import MANIFEST, read_manifest
from simcrisis.batch.own import measured
from simcrisis.batch.plan import Plan, plan_of
from simcrisis.batch.run import Run, run
from simcrisis.batch.tables import estimates_of
from simcrisis.batch.work import Failure
from simcrisis.errors import BatchError
from simcrisis.events import EXCEEDED, FIREBREAK
from simcrisis.scenario import Scenario
from simcrisis.shown import ASSUMED, card, share_with_interval
from simcrisis.stats import Correction

_SHOWN = (4, FIREBREAK)
"""Rungs of an ensemble that a notebook shows."""


@dataclass(frozen=True, eq=False)
class Batch:
    """The tables of a batch; columns in docs/tables.md. Large ones are read when they are asked for."""

    plan: Plan = field(repr=False)
    folder: Path
    risk: pl.DataFrame = field(repr=False)
    """Exceedance risk of each arm and rung, with intervals."""
    differences: pl.DataFrame = field(repr=False)
    """What each arm changes against the reference under the same luck, and whether CBMs add up."""
    curves: pl.DataFrame = field(repr=False)
    """Escalation curves: share of runs at or above a rung by each hour, and the mean rung."""
    measures: pl.DataFrame = field(repr=False)
    """Mean of every measure in each arm, and what each arm changes in it under the same luck."""
    failures: tuple[Failure, ...] = field(repr=False)
    stopping: pl.DataFrame | None = field(repr=False, default=None)
    """Of a batch that stops by itself: what is known at its end, and what peeking at the usual test would have done."""

    ensemble: pl.DataFrame | None = field(repr=False, default=None)
    """Of a batch over an ensemble: how far risks and effects reach over its sets, and where their signs hold."""

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.plan.scenario

    @property
    def seed(self) -> int:
        """The seed of the luck."""
        return self.plan.seed

    @property
    def arms(self) -> tuple[str, ...]:
        """The arms, the reference first."""
        return self.plan.arms

    @property
    def replications(self) -> int:
        """Replications of each arm at each design point."""
        return self.plan.replications

    @property
    def points(self) -> pl.DataFrame:
        """The design points: column `point` and a column a factor; no columns where nothing varies."""
        return self.plan.factors

    @cached_property
    def runs(self) -> pl.DataFrame:
        """A row a run, with every measure; by design point, replication and arm."""
        return self.table("runs")

    @cached_property
    def rung_changes(self) -> pl.DataFrame:
        """A row for each change of a rung."""
        return self.table("rung_changes")

    def table(self, name: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
        """Return a table that has a row a run or more, or some columns; raises BatchError for one that was not kept."""
        return self.scan(name).select(pl.all() if columns is None else pl.col(columns)).collect()

    def scan(self, name: str) -> pl.LazyFrame:
        """Return a table that has a row a run or more, to be read in part; raises BatchError as `table` does."""
        if name not in self.plan.recipe.tables:
            raise BatchError(f"no table '{name}' was kept; there are {', '.join(self.plan.recipe.tables)}")
        rows = pl.scan_parquet(self.folder / "tables" / f"{name}.parquet")
        return rows.filter(pl.col("replication") < self.replications)

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return all tables by name."""
        large = {name: self.table(name) for name in self.plan.recipe.tables}
        varied = {"points": self.points} if self.points.width else {}
        made = {name: getattr(self, name) for name in estimates_of(self.plan)}
        return {**large, **varied, **made}

    def pandas(self) -> dict[str, Any]:
        """Return all tables by name as pandas DataFrames; needs the extra `pandas`, and memory for every run."""
        return {name: table.to_pandas() for name, table in self.tables().items()}

    def measured(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return means, and what each arm changes, of measures of your own; columns are those of `measures`.

        `rows` has a row a run: `arm`, `replication`, `point` where something varies, and a column of numbers or truth
        values for each measure. A run that has no row, or a null, lacks the measure: give a run in which nothing was
        to be counted its 0. Raises BatchError for rows that are of no run of the batch, or twice of one, or no numbers.
        """
        return measured(self.plan, self.scan("runs"), rows)

    def adjusted(self, correction: str | Correction, table: str = "differences") -> pl.DataFrame:
        """Return `differences` or `measures` with p-values corrected for the number of comparisons (`p_adjusted`).

        `holm` keeps the chance of any wrong claim below 5 %, `fdr` the share of wrong ones among those made. Raises
        BatchError for another correction.
        """
        from simcrisis.stats.adjusted import adjusted  # half a second, for those who ask

        return adjusted(self.measures if table == "measures" else self.differences, correction_of(correction))

    def survival(self, rung: int = FIREBREAK, point: int = 0) -> pl.DataFrame:
        """Return the Kaplan-Meier curves of staying below a rung, an arm each; see `stats.survival`.

        Bands are for a number of replications that was fixed beforehand, also of a batch that stopped by itself. Raises
        BatchError for a rung that is not public, or a design point that is not there.
        """
        if rung not in EXCEEDED or not 0 <= point < len(self.plan.points):
            raise BatchError(
                f"survival: rung should be from {EXCEEDED[0]} to {EXCEEDED[-1]}, point from 0 to "
                f"{len(self.plan.points) - 1}; not {rung!r} and {point!r}"
            )
        from simcrisis.stats.survival import survival

        runs = self.runs.filter(pl.col(POINT) == point) if self.points.width else self.runs
        return survival(runs, self.plan.horizons[point], rung)

    @property
    def citation(self) -> str:
        """A sentence that says what the figures are of."""
        return self.plan.citation

    def replay(self, replication: int, arm: str | None = None, point: int = 0) -> Run:
        """Return any run of the batch again, with its whole log.

        Raises BatchError where there is no such design point, ScenarioError where there is no such arm.
        """
        if not 0 <= point < len(self.plan.points):
            raise BatchError(f"point: {point} should be from 0 to {len(self.plan.points) - 1}")
        scenario = self.scenario.at(self.plan.points[point].changes)
        return run(scenario, self.arms[-1] if arm is None else arm, self.seed, replication, rules=self.plan.rules)

    def __repr__(self) -> str:
        times = f" at {len(self.plan.points)} design points" if self.points.width else ""
        of = f"{self.replications} replications of {', '.join(self.arms)}{times}"
        return f"<Batch of {self.scenario.title!r}: {of}; seed {self.seed}>"

    def _repr_html_(self) -> str:
        if self.ensemble is not None:
            return card(repr(self)[1:-1], [f"{ASSUMED}: {_REACH}"], {"ensemble": _reach(self.ensemble)})
        keys = [name for name in self.points.columns if name in self.risk.columns] + ["arm", "n"]
        each = [share_with_interval(row) for row in self.risk.iter_rows(named=True)]
        told = self.risk.select(*keys, pl.format("rung {}", "rung").alias("rung"), pl.Series("risk", each, pl.String))
        fact = f"{ASSUMED}: share of runs that reach a rung or go beyond, with its 95 % interval."
        return card(repr(self)[1:-1], [fact], {"risk": told.pivot("rung", index=keys)})


_REACH = (
    "the expected share of runs that reach a rung, in per cent, or what an arm changes in it, in percentage points; at "
    "the default and over the parameter sets, with the share of sets that have the sign of the default."
)


def _reach(ensemble: pl.DataFrame) -> pl.DataFrame:
    """Return risks and effects over an ensemble as a notebook shows them."""
    values = ("default", "default_low", "default_high", "median", "low", "high", "least", "most")
    holds = pl.when(pl.col("output") == "effect").then(pl.col("same_sign") * 100).round()
    rows = ensemble.filter(pl.col("rung").is_in(_SHOWN)).sort(
        "rung", "output", descending=[False, True], maintain_order=True
    )
    told = rows.select("rung", "output", "arm", (pl.col(values) * 100).round(2), holds.alias("sign holds, %"))
    return told.rename({"median": "median of sets", "low": "5 % of sets", "high": "95 % of sets"})


def correction_of(text: str) -> Correction:
    """Return the correction that a word names; raises BatchError."""
    if text not in list(Correction):
        raise BatchError(f"adjust: '{text[:40]}' is no correction; there are {', '.join(Correction)}")
    return Correction(text)


def read_batch(folder: str | Path, *, trust_code: bool = False) -> Batch:
    """Return the batch that a folder holds; raises BatchError where it holds none, or one that is not finished."""
    path = Path(folder)
    manifest = read_manifest(path / MANIFEST)
    planned = plan_of(manifest, trust_code=trust_code)
    if manifest.get("counts") is None:
        raise BatchError(f"{path}: this batch is not finished; the command that began it goes on: {planned.command}")
    try:
        for name in planned.recipe.tables:
            pl.read_parquet_schema(path / "tables" / f"{name}.parquet")
        made = {name: pl.read_parquet(path / "tables" / f"{name}.parquet") for name in estimates_of(planned)}
    except (OSError, pl.exceptions.PolarsError) as error:
        told = str(error).splitlines()[0]
        raise BatchError(f"{path}: {told}; the command that began it makes the tables again") from None
    return Batch(planned, path, failures=tuple(read_failures(path / FAILURES)), **made)
