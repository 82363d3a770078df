"""What happens to a batch when workers die, stop, or cannot be had."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import simcrisis as sc
from simcrisis.batch import execution, work
from simcrisis.batch.batch import Batch
from simcrisis.batch.running import Status, run_batch
from simcrisis.batch.work import Shard
from simcrisis.measures import Tables, outcomes
from tests import deadly

REPLICATIONS = 40


@pytest.fixture(scope="module")
def scenario() -> sc.Scenario:
    return sc.load("belgrade_2015")


@pytest.fixture(scope="module")
def batch(scenario: sc.Scenario) -> Batch:
    return run_batch(scenario, REPLICATIONS, 3, arms=["none", "both"], workers=1)


def but_for(table: pl.DataFrame, replication: int) -> pl.DataFrame:
    return table.filter(pl.col("replication") != replication)


def test_a_replication_that_kills_its_worker_is_found_and_reported(
    scenario: sc.Scenario, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    beliefs = {k: batch.replay(k, "none").decisions["belief"].to_list() for k in range(REPLICATIONS)}
    victim = next(k for k, mine in beliefs.items() if k > 20 and any(0.2 < each < 0.8 for each in mine))
    fatal = next(each for each in beliefs[victim] if 0.2 < each < 0.8)
    monkeypatch.setenv(deadly.BELIEF, repr(fatal))
    with pytest.warns(RuntimeWarning, match="2 of 80 runs failed"):
        done = run_batch(scenario, REPLICATIONS, 3, arms=["none", "both"], rules=deadly.deadly, workers=2, shard_size=8)
    assert {(each.replication, each.error) for each in done.failures} == {(victim, "its worker process died")}
    assert {each.arm for each in done.failures} == {"none", "both"}
    for name in ("runs", "rung_changes"):
        mine, theirs = (but_for(getattr(each, name), victim) for each in (done, batch))
        assert_frame_equal(mine, theirs, check_exact=True)


def test_a_measure_that_breaks_on_one_replication_costs_that_one(
    scenario: sc.Scenario, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(tables: Tables) -> pl.DataFrame:
        if 17 in tables.runs["replication"]:
            raise KeyError("planted")
        return outcomes(tables)

    monkeypatch.setattr(work, "outcomes", breaks)
    with ThreadPoolExecutor(2) as pool:
        for executor in (pool, None):
            with pytest.warns(RuntimeWarning, match="2 of 80 runs failed"):
                done = run_batch(scenario, REPLICATIONS, 3, arms=["none", "both"], executor=executor, shard_size=16)
            assert {(each.replication, each.error) for each in done.failures} == {(17, "KeyError: 'planted'")}
            assert_frame_equal(but_for(done.runs, 17), but_for(batch.runs, 17), check_exact=True)


def test_a_batch_in_which_no_shard_can_be_done_ends(scenario: sc.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(tables: Tables) -> pl.DataFrame:
        if len(tables.runs):
            raise KeyError("planted")
        return outcomes(tables)

    monkeypatch.setattr(work, "outcomes", breaks)
    with ThreadPoolExecutor(2) as pool:
        for executor in (pool, None):
            with pytest.raises(sc.BatchError, match="no run can be done: KeyError: 'planted'"):
                run_batch(scenario, 1000, 3, arms=["none"], executor=executor, shard_size=4)


class _Lossy(Executor):
    """Breaks once, as a pool does: everything that was on its way is lost."""

    def __init__(self, shards: int) -> None:
        self.left = shards

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.left -= 1
        if self.left < 0:
            future.set_exception(BrokenProcessPool("planted"))
        else:
            future.set_result(work(*arguments, **named))
        return future


def test_an_executor_that_breaks_ends_the_batch_and_what_was_done_is_kept(
    scenario: sc.Scenario, batch: Batch, tmp_path: Path
) -> None:
    with pytest.raises(sc.BatchError, match=r"the executor is gone .*with a folder .* the same call goes on"):
        run_batch(scenario, REPLICATIONS, 3, arms=["none", "both"], executor=_Lossy(4), shard_size=8, out=tmp_path)
    assert len(list((tmp_path / "shards").glob("*.runs.parquet"))) == 3
    closed = ThreadPoolExecutor(1)
    closed.shutdown()
    with pytest.raises(sc.BatchError, match="the executor is gone"):
        run_batch(scenario, REPLICATIONS, 3, arms=["none", "both"], executor=closed, shard_size=8, out=tmp_path)
    done = run_batch(scenario, REPLICATIONS, 3, arms=["none", "both"], out=tmp_path)
    assert_frame_equal(done.runs, batch.runs, check_exact=True)


def test_a_worker_with_another_version_is_refused(scenario: sc.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    class Other(_Lossy):
        def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
            future = super().submit(work, *arguments, **named)
            if isinstance(future.result(), Shard):
                object.__setattr__(future.result(), "made_with", {"simcrisis": "0.0.9"})
            return future

    with pytest.raises(sc.BatchError, match=r"other versions: \{'simcrisis': '0.0.9'\} there"):
        run_batch(scenario, REPLICATIONS, 3, executor=Other(99), shard_size=8)


def test_a_script_without_the_guard_is_told_so(tmp_path: Path) -> None:
    script = tmp_path / "careless.py"
    script.write_text(
        "import simcrisis as sc\nsc.run_batch(sc.load('belgrade_2015'), 30, arms=['none'], workers=2, shard_size=5)\n",
        encoding="utf-8",
    )
    told = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=120, check=False)
    assert "BatchError: worker processes cannot be started" in told.stderr
    assert "if __name__ == '__main__':" in told.stderr


def test_seconds_of_work_start_no_process(scenario: sc.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "_Crew", None)
    run_batch(scenario, 10, 3, arms=["none"])


def test_a_design_of_many_small_points_uses_its_workers(scenario: sc.Scenario) -> None:
    """No shard of it ever takes long, and yet there is much to do."""
    threads: set[str] = set()

    class Watched(ThreadPoolExecutor):
        def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
            threads.add(getattr(work, "__name__", ""))
            return super().submit(work, *arguments, **named)

    levels = [round(0.1 + 0.008 * n, 3) for n in range(100)]
    with Watched(2) as pool:
        done = run_batch(scenario, 2, 3, arms=["none"], vary={"model.kappa": levels}, executor=pool)
    assert "run_task" in threads
    assert len(done.runs) == 200


def test_progress_counts_every_run_once(scenario: sc.Scenario) -> None:
    seen: list[Status] = []
    done = run_batch(scenario, 30, 3, vary={"model.kappa": [0.1, 0.9]}, arms=["none", "both"], progress=seen.append)
    counts = [status.done for status in seen]
    assert counts == sorted(set(counts))
    assert (counts[0], counts[-1], {status.total for status in seen}) == (0, 120, {120})
    assert seen[-1].tally.runs.tolist() == [30, 30]
    assert done.plan.runs == 120
