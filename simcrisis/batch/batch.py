"""A batch: replications x arms x design points, on as many processors as there are, and the tables that come of it."""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from simcrisis.batch.execution import execute
from simcrisis.batch.folder import (
    FAILURES,
    MANIFEST,
    BatchFolder,
    Kept,
    Share,
    difference,
    failure_lines,
    in_json,
    read_failures,
    read_manifest,
)
from simcrisis.batch.plan import Plan, plan, plan_of
from simcrisis.batch.provenance import CITATION, CRATE, citation, crate
from simcrisis.batch.run import Run, run
from simcrisis.batch.tables import ESTIMATES, estimates, write_tables
from simcrisis.batch.work import Failure, compiled
from simcrisis.engine.compiler import Rules
from simcrisis.errors import BatchError
from simcrisis.scenario import Scenario
from simcrisis.stats import Tally, nothing


@dataclass(frozen=True)
class Status:
    """How far a batch is."""

    plan: Plan = field(repr=False)
    done: int
    """Runs."""
    total: int
    """Runs, of this job's share of the batch."""
    point: int
    """The design point of the shard that came last."""
    tally: Tally = field(repr=False)
    """What has been counted at that point."""


Progress = Callable[[Status], None]


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
        if name not in self.plan.recipe.tables:
            raise BatchError(f"no table '{name}' was kept; there are {', '.join(self.plan.recipe.tables)}")
        rows = pl.scan_parquet(self.folder / "tables" / f"{name}.parquet")
        return rows.filter(pl.col("replication") < self.replications).collect()

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return all tables by name."""
        large = {name: self.table(name) for name in self.plan.recipe.tables}
        varied = {"points": self.points} if self.points.width else {}
        return {**large, **varied, **{name: getattr(self, name) for name in ESTIMATES}}

    @property
    def citation(self) -> str:
        """A sentence that says what the figures are of."""
        return citation(self.plan)

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


def run_batch(
    scenario: Scenario,
    replications: int = 1000,
    seed: int = 1,
    *,
    arms: Iterable[str] | None = None,
    vary: Mapping[str, Any] | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    executor: Executor | None = None,
    shard_size: int | None = None,
    keep: Iterable[str] = (),
    rules: Rules | None = None,
    command: str | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Return the batch of `replications` runs of each arm (default: all) under common luck, at every design point.

    Design points are what the scenario's `experiment` says, or the combinations of the levels in `vary`: a mapping from
    paths to lists. `workers` processes (default: one a core) are started when the work takes longer than a few seconds;
    any `concurrent.futures.Executor` can take their place. With `out`, whatever is done is kept there, and the same
    call goes on where it stopped; without it, tables live as long as the batch. `shard_size` is in replications.
    `keep` names further tables: events, decisions. `rules` is as in `run`; worker processes import it, so it must be
    a function of a module. `command` goes into the manifest. The tables do not depend on workers, executor, shards or
    interruptions.

    Raises ScenarioError for an unknown arm or a value that does not fit, BatchError when the numbers make no sense, the
    folder holds another batch, or it cannot be written.
    """
    if vary is not None:
        scenario = scenario.with_({"experiment": {"vary": {path: list(levels) for path, levels in vary.items()}}})
    planned = plan(scenario, replications, seed, arms=arms, rules=rules, keep=keep, command=command)
    return run_plan(planned, out=out, workers=workers, executor=executor, shard_size=shard_size, progress=progress)


def run_plan(
    planned: Plan,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    shard_size: int | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Return the batch of a plan; see `run_batch`."""
    _check(workers, shard_size)
    compiled(planned.recipe, json.dumps(planned.points[0].changes))
    folder = BatchFolder(_temporary() if out is None else Path(out), planned, durable=out is not None)
    batch = None
    try:
        with folder.opened():
            kept, counted = _fill(folder, workers, executor, shard_size, progress)
            batch = _finished(folder, kept, counted)
    finally:
        if out is None:
            _remove(folder.path) if batch is None else weakref.finalize(batch, _remove, folder.path)
    if batch.failures:
        first = batch.failures[0]
        warnings.warn(
            f"{len(batch.failures)} of {planned.runs} runs failed; the first: arm {first.arm}, "
            f"replication {first.replication}: {first.error}",
            RuntimeWarning,
            stacklevel=3,
        )
    return batch


def run_share(
    planned: Plan,
    share: Share,
    out: str | Path,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    shard_size: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Run a share of a plan into a folder, without tables: a job of an array.

    Shares of one batch may work in one folder side by side, or each in its own (see `merge`). Once all are done, the
    whole plan makes the tables.
    """
    _check(workers, shard_size)
    compiled(planned.recipe, json.dumps(planned.points[0].changes))
    folder = BatchFolder(Path(out), planned, share)
    with folder.opened():
        _fill(folder, workers, executor, shard_size, progress)


def merge(sources: Iterable[str | Path], out: str | Path, *, trust_code: bool = False) -> Batch:
    """Return the batch whose shards lie in several folders, brought together in a new or old one.

    Raises BatchError where the folders hold different batches, or replications are missing; what is there is kept, and
    the batch's own command fills in the rest.
    """
    folders = [Path(source) for source in sources]
    manifests = [read_manifest(folder / MANIFEST) for folder in folders]
    if not manifests:
        raise BatchError("merge: name the folders to bring together")
    for folder, other in zip(folders, manifests, strict=True):
        told = difference(manifests[0], other)
        if told:
            raise BatchError(f"{folder}: holds another batch than {folders[0]} ({told})")
    planned = plan_of(max(manifests, key=lambda manifest: int(manifest["replications"])), trust_code=trust_code)
    into = BatchFolder(Path(out), planned)
    with into.opened():
        for folder in folders:
            into.take(BatchFolder(folder, planned))
        kept, counted = _counted(into)
        gaps = into.missing(kept)
        if gaps:
            first = f"{gaps[0].start:,} to {gaps[0].stop - 1:,}" + (
                f" at point {gaps[0].point}" if gaps[0].point else ""
            )
            raise BatchError(
                f"{into.path}: {sum(map(len, gaps)):,} replications are missing, the first are {first}; "
                f"`simcrisis batch --from {into.path / MANIFEST} --out {into.path}` runs them"
            )
        return _finished(into, kept, counted)


def read_batch(folder: str | Path, *, trust_code: bool = False) -> Batch:
    """Return the batch that a folder holds; raises BatchError where it holds none, or one that is not finished."""
    path = Path(folder)
    manifest = read_manifest(path / MANIFEST)
    planned = plan_of(manifest, trust_code=trust_code)
    if manifest.get("counts") is None:
        raise BatchError(f"{path}: this batch is not finished; the command that began it goes on: {planned.command}")
    try:
        made = {name: pl.read_parquet(path / "tables" / f"{name}.parquet") for name in ESTIMATES}
    except (OSError, pl.exceptions.PolarsError) as error:
        raise BatchError(f"{path}: {error}; the same command makes the tables again") from None
    return Batch(planned, path, failures=tuple(read_failures(path / FAILURES)), **made)


def _fill(
    folder: BatchFolder,
    workers: int | None,
    executor: Executor | None,
    shard_size: int | None,
    progress: Progress | None,
) -> tuple[list[Kept], list[Tally]]:
    """Run what is missing; return the shards, and the counts of each design point."""
    planned = folder.plan
    kept, counted = _counted(folder)
    gaps = folder.missing(kept)
    arms = len(planned.arms)
    total = arms * len(planned.points) * (folder.span[1] - folder.span[0])
    done = total - arms * sum(map(len, gaps))
    if progress:
        progress(Status(planned, done, total, 0, counted[0]))
    for shard in execute(planned.recipe, gaps, workers=workers, executor=executor, shard_size=shard_size):
        kept.append(folder.keep(shard))
        point = shard.task.point
        counted[point] = counted[point] + shard.tally
        done += arms * len(shard.task)
        if progress:
            progress(Status(planned, done, total, point, counted[point]))
    return sorted(kept), counted


def _counted(folder: BatchFolder) -> tuple[list[Kept], list[Tally]]:
    """Return the shards that a folder holds, and the counts of each design point."""
    kept: list[Kept] = []
    counted = [nothing(folder.plan.question) for _ in folder.plan.points]
    for shard, tally in folder.kept():
        kept.append(shard)
        counted[shard.point] = counted[shard.point] + tally
    return kept, counted


def _finished(folder: BatchFolder, kept: Sequence[Kept], counted: Sequence[Tally]) -> Batch:
    """Return the batch of a folder in which nothing is missing, with its tables written."""
    planned = folder.plan
    made = estimates(planned, counted)
    failures = tuple(failure for shard in kept for failure in shard.failures())
    write_tables(folder, kept, made)
    folder.write_text(FAILURES, failure_lines(failures))
    folder.note({"runs": planned.runs, "failed": len(failures), "shards": len(kept)})
    if folder.durable:
        files = sorted(path.name for path in (folder.path / "tables").glob("*.parquet"))
        described = crate(planned, [MANIFEST, FAILURES, CITATION, *(f"tables/{name}" for name in files)])
        folder.write_text(CITATION, f"{citation(planned)}\n")
        folder.write_text(CRATE, in_json(described))
    return Batch(planned, folder.path, failures=failures, **made)


def _check(workers: int | None, shard_size: int | None) -> None:
    if workers is not None and not 1 <= workers <= 1024:
        raise BatchError(f"workers: {workers} should be from 1 to 1024")
    if shard_size is not None and not 1 <= shard_size <= 1_000_000:
        raise BatchError(f"shard_size: {shard_size} should be from 1 to 1,000,000")


def _temporary() -> Path:
    return Path(tempfile.mkdtemp(prefix="simcrisis-"))


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
