"""A batch that is done: its tables, and any run of it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl

from simcrisis.batch.folder import FAILURES, read_failures
from simcrisis.batch.manifest import MANIFEST, read_manifest
from simcrisis.batch.plan import Plan, plan_of
from simcrisis.batch.run import Run, run
from simcrisis.batch.tables import ESTIMATES
from simcrisis.batch.work import Failure
from simcrisis.errors import BatchError
from simcrisis.scenario import Scenario


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
    failures: tuple[Failure, ...] = field(repr=False)

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

    def table(self, name: str) -> pl.DataFrame:
        """Return a table that has a row a run or more; raises BatchError for one that was not kept."""
        return self.scan(name).collect()

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
        return {**large, **varied, **{name: getattr(self, name) for name in ESTIMATES}}

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
        return str(self.risk._repr_html_())


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
        made = {name: pl.read_parquet(path / "tables" / f"{name}.parquet") for name in ESTIMATES}
    except (OSError, pl.exceptions.PolarsError) as error:
        told = str(error).splitlines()[0]
        raise BatchError(f"{path}: {told}; the command that began it makes the tables again") from None
    return Batch(planned, path, failures=tuple(read_failures(path / FAILURES)), **made)
