"""Running a batch: replications x arms x design points, on as many processors as there are."""

from __future__ import annotations

import json
import shutil
import tempfile
import warnings
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from simcrisis import stats
from simcrisis.batch.batch import Batch
from simcrisis.batch.execution import execute
from simcrisis.batch.folder import FAILURES, BatchFolder, Share, failure_lines
from simcrisis.batch.interrupts import insistent_interrupts
from simcrisis.batch.ledger import Ledger
from simcrisis.batch.manifest import MANIFEST, difference, in_json, read_manifest
from simcrisis.batch.plan import Plan, plan, plan_of
from simcrisis.batch.provenance import CITATION, CRATE, crate
from simcrisis.batch.tables import write_tables
from simcrisis.batch.work import Failure, Task, compiled
from simcrisis.engine.compiler import Rules
from simcrisis.errors import BatchError
from simcrisis.scenario import Scenario
from simcrisis.scenario.ensemble import ensembled
from simcrisis.stats import Tally


@dataclass(frozen=True)
class Status:
    """How far a batch is."""

    plan: Plan = field(repr=False)
    done: int
    """Runs."""
    total: int
    """Runs, of this job's share of the batch; of one that stops by itself, up to the next look at it."""
    point: int
    """The design point of the shard that came last."""
    tally: Tally = field(repr=False)
    """What has been counted at that point."""

    @property
    def risk(self) -> pl.DataFrame:
        """The risk at that point so far."""
        return stats.risk(self.plan.question, self.tally)

    @property
    def differences(self) -> pl.DataFrame:
        """What each arm changes at that point so far."""
        return stats.differences(self.plan.question, self.tally)


Progress = Callable[[Status], None]


def run_batch(
    scenario: Scenario,
    replications: int | None = None,
    seed: int = 1,
    *,
    until: str | None = None,
    arms: Iterable[str] | None = None,
    vary: Mapping[str, Any] | None = None,
    ensemble: bool | int = False,
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

    By default 1,000; with `until` as many as needed (by default at most 100,000): `sign` stops when it is known whether
    an arm raises or lowers the risk, `width 0.01` when its effect is known so well, `sign of cbm8 at 4` says of which
    arm at which rung (default: the last arm, the firebreak). All intervals then hold however often one looked.

    Design points are what the scenario's `experiment` says, or the combinations of the levels in `vary`: a mapping from
    paths to lists (for sampled ranges, `scenario.with_({"experiment": {...}})`); with `ensemble` the scenario as it
    stands and the packaged parameter sets, all or the first so many (`Batch.ensemble`).

    `workers` processes (default: one a core) are started when the work takes longer than a few seconds; any
    `concurrent.futures.Executor` can take their place. With `out`, whatever is done is kept there, and the same call
    goes on where it stopped; without it, tables live as long as the batch. `shard_size` is in replications. `keep`
    names further tables: events, decisions. `rules` is as in `run`; worker processes import it, so it must be a
    function of a module. `command` goes into the manifest. The tables do not depend on workers, executor, shards or
    interruptions.

    Raises ScenarioError for an unknown arm or a value that does not fit, BatchError when the numbers make no sense, the
    folder holds another batch, or it cannot be written.
    """
    if vary is not None:
        levels = {path: list(each) if isinstance(each, tuple) else each for path, each in vary.items()}
        scenario = scenario.with_({"experiment": {"vary": levels}})
    if ensemble is not False:
        scenario = ensembled(scenario, None if ensemble is True else ensemble)
    planned = plan(scenario, replications, seed, until=until, arms=arms, rules=rules, keep=keep, command=command)
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
            batch = _finished(folder, _fill(folder, workers, executor, shard_size, progress))
    finally:
        if out is None and batch is None:
            _remove(folder.path)
        elif out is None:
            weakref.finalize(batch, _remove, folder.path)
    if batch.failures:
        first = batch.failures[0]
        warnings.warn(
            f"{len(batch.failures)} of {batch.plan.runs} runs failed; the first: arm {first.arm}, "
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
) -> list[Failure]:
    """Run a share of a plan into a folder, without tables: a job of an array. Return the runs that failed.

    Shares of one batch may work in one folder side by side, or each in its own (see `merge`). Once all are done, the
    whole plan makes the tables.
    """
    _check(workers, shard_size)
    if planned.until is not None:
        raise BatchError("until: a share cannot tell when the whole batch is to stop; leave out --shard, or --until")
    compiled(planned.recipe, json.dumps(planned.points[0].changes))
    folder = BatchFolder(Path(out), planned, share)
    with folder.opened():
        kept = sorted(_fill(folder, workers, executor, shard_size, progress).kept)
        mine = range(*folder.span(planned.replications))
        return [failure for shard in kept for failure in shard.failures() if failure.replication in mine]


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
    planned = plan_of(max(manifests, key=lambda manifest: manifest["replications"]), trust_code=trust_code)
    into = BatchFolder(Path(out), planned)
    with into.opened():
        for folder in folders:
            into.take(BatchFolder(folder, planned))
        ledger = Ledger(into)
        gaps = list(ledger.rounds())[-1]
        if gaps:
            where = f" at point {gaps[0].point}" if gaps[0].point else ""
            first = f"{gaps[0].start:,} to {gaps[0].stop - 1:,}{where}"
            raise BatchError(
                f"{into.path}: {sum(map(len, gaps)):,} replications are missing, the first are {first}; "
                f"`simcrisis batch --from {into.path / MANIFEST} --out {into.path}` runs them"
            )
        return _finished(into, ledger)


@insistent_interrupts()
def _fill(
    folder: BatchFolder,
    workers: int | None,
    executor: Executor | None,
    shard_size: int | None,
    progress: Progress | None,
) -> Ledger:
    """Run what is missing; return what the folder then holds."""
    planned, ledger = folder.plan, Ledger(folder)
    done = 0

    def rounds() -> Iterator[list[Task]]:
        nonlocal done
        for missing in ledger.rounds():
            done = ledger.done
            if progress:
                progress(Status(planned, done, ledger.total, 0, ledger.counted[0]))
            yield missing

    for shard in execute(planned.recipe, rounds(), workers=workers, executor=executor, shard_size=shard_size):
        ledger.take(shard)
        point = shard.task.point
        done += len(planned.arms) * len(shard.task)
        if progress:
            progress(Status(planned, done, ledger.total, point, ledger.counted[point]))
    return ledger


def _finished(folder: BatchFolder, ledger: Ledger) -> Batch:
    """Return the batch of a folder in which nothing is missing, with its tables written."""
    folder.plan = planned = replace(folder.plan, replications=ledger.replications)
    kept = sorted(ledger.kept)
    failures = tuple(failure for shard in kept for failure in shard.failures())
    made = write_tables(folder, kept, ledger.counted)
    folder.write_text(FAILURES, failure_lines(failures))
    folder.note({"runs": planned.runs, "failed": len(failures), "shards": len(kept)})
    if folder.durable:
        files = sorted(path.name for path in (folder.path / "tables").glob("*.parquet"))
        described = crate(planned, [MANIFEST, FAILURES, CITATION, *(f"tables/{name}" for name in files)])
        folder.write_text(CITATION, f"{planned.citation}\n")
        folder.write_text(CRATE, in_json(described))
    return Batch(planned, folder.path, failures=failures, **made)


def _check(workers: int | None, shard_size: int | None) -> None:
    for name, number, most in (("workers", workers, 1024), ("shard_size", shard_size, 1_000_000)):
        if number is not None and not (isinstance(number, int) and 1 <= number <= most):
            raise BatchError(f"{name}: {number} should be a whole number from 1 to {most:,}")


def _temporary() -> Path:
    return Path(tempfile.mkdtemp(prefix="simcrisis-"))


def _remove(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
