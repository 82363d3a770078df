"""A batch: replications x arms, on as many processors as there are, and the tables that come of it."""

from __future__ import annotations

import multiprocessing
import os
import platform
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from simcrisis import stats
from simcrisis.batch.folder import BatchFolder
from simcrisis.batch.run import Run, run
from simcrisis.batch.shard import Failure, Shard, run_shard
from simcrisis.batch.threads import prepare_worker
from simcrisis.engine.compiler import Rules, compile_world
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World
from simcrisis.errors import BatchError
from simcrisis.scenario import Scenario
from simcrisis.units import to_hours

WORTH_A_POOL = 4.0
"""Seconds of work from which starting worker processes pays."""
SHARD_SECONDS = 1.0
"""About how long a shard should take."""
MOST_REPLICATIONS = 100_000_000
Progress = Callable[[int, int], None]
"""Called with replications done and in all."""


@dataclass(frozen=True)
class Batch:
    """The tables of a batch; columns in docs/tables.md."""

    scenario: Scenario
    seed: int
    arms: tuple[str, ...]
    runs: pl.DataFrame = field(repr=False)
    rung_changes: pl.DataFrame = field(repr=False)
    failures: tuple[Failure, ...] = field(repr=False)
    rules: Rules | None = field(default=None, repr=False)

    @cached_property
    def risk(self) -> pl.DataFrame:
        """Exceedance risk of each arm and rung, with intervals."""
        return stats.risk(self.runs)

    @cached_property
    def differences(self) -> pl.DataFrame:
        """What each arm changes against the reference under the same luck, and whether CBMs add up."""
        return stats.differences(self.runs, self.arms[0], _interactions(self.scenario, self.arms))

    @cached_property
    def curves(self) -> pl.DataFrame:
        """Escalation curves: share of runs at or above a rung by each hour, and the mean rung."""
        return stats.curves(self.runs, self.rung_changes, to_hours(self.scenario.horizon))

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return all tables by name."""
        return {name: getattr(self, name) for name in ("runs", "rung_changes", "risk", "differences", "curves")}

    def replay(self, replication: int, arm: str | None = None) -> Run:
        """Return any run of the batch again, with its whole log."""
        return run(self.scenario, self.arms[-1] if arm is None else arm, self.seed, replication, rules=self.rules)

    def __repr__(self) -> str:
        n = len(self.runs) // len(self.arms)
        return f"<Batch of {self.scenario.title!r}: {n} replications of {', '.join(self.arms)}; seed {self.seed}>"

    def _repr_html_(self) -> str:
        return str(self.risk._repr_html_())


def run_batch(
    scenario: Scenario,
    replications: int = 1000,
    seed: int = 1,
    *,
    arms: Iterable[str] | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    executor: Executor | None = None,
    rules: Rules | None = None,
    command: str | None = None,
    progress: Progress | None = None,
) -> Batch:
    """Return the batch of `replications` runs of each arm (default: all) under common luck.

    `workers` processes (default: one a core) are started when the work takes longer than a few seconds; any
    `concurrent.futures.Executor` can take their place. With `out`, whatever is done is kept there, and the same
    call goes on where it stopped. `rules` is as in `run`; worker processes import it, so it must be a function of a
    module. `command` goes into the manifest. The tables do not depend on workers, executor or interruptions.

    Raises ScenarioError for an unknown arm, BatchError when the numbers make no sense or the folder holds another
    batch.
    """
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise BatchError(f"replications: {replications} should be from 1 to {MOST_REPLICATIONS:,}")
    if not 0 <= seed < 2**63:
        raise BatchError(f"seed: {seed} should be a whole number from 0, below 2^63")
    if workers is not None and not 1 <= workers <= 1024:
        raise BatchError(f"workers: {workers} should be from 1 to 1024")
    chosen = _chosen(scenario, arms)
    worlds = tuple(compile_world(scenario, arm, rules) for arm in chosen)
    folder = (
        None if out is None else BatchFolder(Path(out), _manifest(scenario, chosen, seed, replications, rules, command))
    )
    shards = folder.kept() if folder else []
    gaps = _gaps(shards, replications)
    done = replications - sum(stop - start for start, stop in gaps)
    if progress:
        progress(done, replications)
    for shard in _execute(worlds, seed, gaps, workers, executor):
        if folder:
            folder.keep(shard)
        shards.append(shard)
        done += shard.stop - shard.start
        if progress:
            progress(done, replications)
    batch = _joined(scenario, seed, chosen, shards, rules)
    if folder:
        folder.finish(batch.tables(), batch.failures)
    if batch.failures:
        first = batch.failures[0]
        warnings.warn(
            f"{len(batch.failures)} of {len(batch.runs)} runs failed; the first: arm {first.arm}, "
            f"replication {first.replication}: {first.error}",
            RuntimeWarning,
            stacklevel=2,
        )
    return batch


def _chosen(scenario: Scenario, arms: Iterable[str] | None) -> tuple[str, ...]:
    """Return the arms in the order of the scenario, so that the first is the reference."""
    if arms is None:
        return tuple(scenario.arms)
    wanted = set(arms)
    for arm in sorted(wanted):
        scenario.under(arm)
    if not wanted:
        raise BatchError("arms: name at least one")
    return tuple(arm for arm in scenario.arms if arm in wanted)


def _gaps(shards: Iterable[Shard], replications: int) -> list[tuple[int, int]]:
    """Return the spans of replications that no shard holds."""
    gaps: list[tuple[int, int]] = []
    reached = 0
    for shard in shards:
        if shard.start > reached:
            gaps.append((reached, shard.start))
        reached = shard.stop
    if reached < replications:
        gaps.append((reached, replications))
    return gaps


def _execute(
    worlds: tuple[World, ...],
    seed: int,
    gaps: list[tuple[int, int]],
    workers: int | None,
    executor: Executor | None,
) -> Iterator[Shard]:
    """Yield the shards that fill the gaps, as they come."""
    missing = sum(stop - start for start, stop in gaps)
    if not missing:
        return
    each = _seconds_each(worlds, seed, gaps[0][0])
    size = max(1, min(2000, round(SHARD_SECONDS / each)))
    spans = [(a, min(a + size, stop)) for start, stop in gaps for a in range(start, stop, size)]
    count = min(len(spans), workers or os.cpu_count() or 1)
    if executor is None and (count == 1 or (workers is None and missing * each < WORTH_A_POOL)):
        for start, stop in spans:
            yield run_shard(worlds, seed, start, stop)
        return
    with _pool(executor, count) as pool:
        yield from _submitted(pool, worlds, seed, spans, 2 * count)


def _seconds_each(worlds: tuple[World, ...], seed: int, replication: int) -> float:
    """Return about how long one replication of every arm takes."""
    began = time.perf_counter()
    for world in worlds:
        with suppress(Exception):
            simulate(world, seed, replication)
    return time.perf_counter() - began


@contextmanager
def _pool(executor: Executor | None, count: int) -> Iterator[Executor]:
    """Give the executor handed in, or a spawn pool that drops what is waiting when it is left."""
    if executor is not None:
        yield executor
        return
    pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"), initializer=prepare_worker)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submitted(
    pool: Executor, worlds: tuple[World, ...], seed: int, spans: list[tuple[int, int]], ahead: int
) -> Iterator[Shard]:
    """Keep a few shards submitted ahead, and yield them as they are done."""
    waiting = iter(spans)
    futures = {pool.submit(run_shard, worlds, seed, *span) for _, span in zip(range(ahead), waiting, strict=False)}
    try:
        while futures:
            done, futures = wait(futures, return_when=FIRST_COMPLETED)
            for future in done:
                span = next(waiting, None)
                if span is not None:
                    futures.add(pool.submit(run_shard, worlds, seed, *span))
                yield future.result()
    except BrokenProcessPool:
        raise BatchError(
            "a worker process died: out of memory, or a script that calls run_batch outside "
            "`if __name__ == '__main__':`; with a folder (out) the finished shards are kept: run the same again"
        ) from None
    finally:
        for future in futures:
            future.cancel()


def _joined(scenario: Scenario, seed: int, arms: tuple[str, ...], shards: list[Shard], rules: Rules | None) -> Batch:
    shards = sorted(shards, key=lambda shard: shard.start)
    order = pl.Enum(list(arms))
    by_run = (pl.col("arm").cast(order), "replication")
    runs = pl.concat([shard.runs for shard in shards]).sort(*by_run, maintain_order=True)
    changes = pl.concat([shard.rung_changes for shard in shards]).sort(*by_run, maintain_order=True)
    failures = tuple(failure for shard in shards for failure in shard.failures)
    return Batch(scenario, seed, arms, runs, changes, failures, rules)


def _interactions(scenario: Scenario, arms: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """Return pairs of arms whose CBMs a third arm joins, where the reference has none of them."""
    plain = {arm: scenario.arms[arm].cbms for arm in arms if not scenario.arms[arm].set}
    if arms[0] not in plain or plain[arms[0]]:
        return {}
    found: dict[tuple[str, str], str] = {}
    others = [arm for arm in plain if plain[arm]]
    for n, one in enumerate(others):
        for other in others[n + 1 :]:
            if set(plain[one]) & set(plain[other]):
                continue
            union = {**plain[one], **plain[other]}
            joint = [arm for arm in others if dict(plain[arm]) == union]
            if joint:
                found[one, other] = joint[0]
    return found


def _manifest(
    scenario: Scenario, arms: tuple[str, ...], seed: int, replications: int, rules: Rules | None, command: str | None
) -> dict[str, Any]:
    libraries = ("simpy", "networkx", "numpy", "pydantic", "polars", "scipy")
    return {
        "simcrisis": 1,
        "version": version("simcrisis"),
        "scenario": dict(scenario.data),
        "scenario_file": scenario.file,
        "scenario_sha256": scenario.digest,
        "seed": seed,
        "arms": list(arms),
        "rules": _rule_names(rules),
        "replications": replications,
        "command": command or f"run_batch(scenario, {replications}, {seed}, arms={list(arms)})",
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in libraries},
    }


def _rule_names(rules: Rules | None) -> Any:
    """Return rules handed in as what names them, for the manifest."""
    if rules is None:
        return None
    if isinstance(rules, Mapping):
        return {state: _rule_names(rule) for state, rule in rules.items()}
    return f"{rules.__module__}:{getattr(rules, '__qualname__', type(rules).__qualname__)}"
