"""Batches: what they hold, and that nothing about how they are run can be seen in it."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import simcrisis as sc
from simcrisis.batch import work as work_module
from simcrisis.batch.batch import Batch
from simcrisis.batch.running import Status, run_batch
from simcrisis.draws import Luck
from simcrisis.engine.run import simulate_with
from simcrisis.engine.world import World
from simcrisis.events import EventLog
from simcrisis.frames import CHANCES
from simcrisis.report.sentence import headline
from simcrisis.report.tables import risk_rows

RUNS = [
    "arm", "replication", "seed", "peak_rung", "crossed_firebreak", "first_hour_8", "rung_hours", "misattributed_acts",
    "acts", "inquiries", "assurances", "silences", "reply_hours_median", "findings_briefed", "brier",
    *CHANCES, "failed",
]  # fmt: skip
RISK = ["arm", "rung", "n", "hits", "probability", "low", "high", "method"]
DIFFERENCES = [
    "arm", "reference", "rung", "n", "difference", "low", "high", "ratio", "ratio_low", "ratio_high", "discordant_up",
    "discordant_down", "p_value", "variance_ratio",
]  # fmt: skip
CURVES = ["arm", "hour", "rung", "exceeded", "low", "high", "mean_rung"]


@pytest.fixture(scope="module")
def scenario() -> sc.Scenario:
    return sc.load("belgrade_2015")


@pytest.fixture(scope="module")
def batch(scenario: sc.Scenario) -> Batch:
    return run_batch(scenario, 60, 3, workers=1)


def same(one: Batch, other: Batch) -> None:
    for name, table in one.tables().items():
        assert_frame_equal(table, other.tables()[name], check_exact=True)


def test_tables_have_the_fixed_columns(batch: Batch) -> None:
    for table, columns in (
        (batch.runs, RUNS),
        (batch.risk, RISK),
        (batch.differences, DIFFERENCES),
        (batch.curves, CURVES),
    ):
        assert set(columns) <= set(table.columns)
    assert batch.rung_changes.columns == ["arm", "replication", "hour", "a", "b", "rung"]
    assert len(batch.runs) == 60 * 5
    assert batch.runs["arm"].unique(maintain_order=True).to_list() == list(batch.scenario.arms)
    assert not batch.runs["failed"].any()


def test_a_row_of_runs_is_the_outcome_of_that_run(batch: Batch) -> None:
    for arm, replication in (("none", 0), ("cbm2", 17), ("untested", 59)):
        row = batch.runs.filter(pl.col("arm") == arm, pl.col("replication") == replication)
        again = batch.replay(replication, arm)
        shared = [name for name in again.outcome.columns if name in row.columns]
        assert_frame_equal(row.select(shared), again.outcome.select(shared), check_exact=True)


def test_logs_of_several_arms_join_into_one_table(batch: Batch) -> None:
    """Arms have other lines, so other names; a notebook stacks their logs all the same."""
    told = [batch.replay(4, arm) for arm in batch.arms]
    events = pl.concat([each.events for each in told])
    assert len(events) == sum(len(each.log.records) for each in told)
    assert events["arm"].unique(maintain_order=True).to_list() == list(batch.arms)
    assert pl.concat([each.decisions for each in told])["actor"].null_count() == 0


def test_risk_curves_and_differences_agree_with_the_runs(batch: Batch) -> None:
    for arm in batch.arms:
        peaks = batch.runs.filter(pl.col("arm") == arm)["peak_rung"].to_list()
        for rung in range(3, 11):
            hits = sum(peak >= rung for peak in peaks)
            row = batch.risk.row(by_predicate=(pl.col("arm") == arm) & (pl.col("rung") == rung), named=True)
            assert (row["hits"], row["n"]) == (hits, 60)
            assert row["low"] <= row["probability"] == hits / 60 <= row["high"]
            curve = batch.curves.filter(pl.col("arm") == arm, pl.col("rung") == rung)
            assert curve["exceeded"].to_list() == sorted(curve["exceeded"])
            assert curve["exceeded"][-1] == hits / 60
            assert len(curve) <= 241
            if arm != "none":
                reference = batch.runs.filter(pl.col("arm") == "none")["peak_rung"].to_list()
                up = sum(a >= rung > b for a, b in zip(peaks, reference, strict=True))
                down = sum(b >= rung > a for a, b in zip(peaks, reference, strict=True))
                which = (pl.col("arm") == arm) & (pl.col("rung") == rung)
                row = batch.differences.row(by_predicate=which, named=True)
                assert (row["discordant_up"], row["discordant_down"]) == (up, down)
                assert row["difference"] == pytest.approx((up - down) / 60)
                assert row["low"] <= row["difference"] <= row["high"]


def test_the_interaction_contrast_is_there_once(batch: Batch) -> None:
    names = batch.differences.filter(pl.col("arm").str.contains("-", literal=True))["arm"].unique().to_list()
    assert names == ["both - cbm2 - cbm8 + none"]


def test_two_workers_and_another_executor_give_the_same_tables(scenario: sc.Scenario, batch: Batch) -> None:
    here = {threading.get_ident()}
    with ThreadPoolExecutor(3) as pool:
        submitted = pool.submit

        def counted(work: Any, *arguments: Any) -> Any:
            here.add(0)
            return submitted(work, *arguments)

        pool.submit = counted  # type: ignore[method-assign, assignment]
        same(batch, run_batch(scenario, 60, 3, executor=pool, shard_size=7))
    assert 0 in here
    same(batch, run_batch(scenario, 60, 3, workers=2, shard_size=7))


@pytest.mark.parametrize("size", [1, 13, 60])
def test_the_size_of_shards_cannot_be_seen(scenario: sc.Scenario, batch: Batch, size: int) -> None:
    same(batch, run_batch(scenario, 60, 3, workers=1, shard_size=size))


def test_an_interrupt_that_falls_on_a_generator_being_thrown_away_is_heard(scenario: sc.Scenario) -> None:
    def thrown_away() -> Iterator[None]:
        try:
            yield
        finally:
            signal.raise_signal(signal.SIGINT)

    seen: list[int] = []

    def progress(status: Status) -> None:
        seen.append(status.done)
        if len(seen) == 1:
            next(thrown_away())

    hook = sys.unraisablehook
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # tests run in the background ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            run_batch(scenario, 600, 3, workers=1, progress=progress, shard_size=5)
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(seen) == 1
    assert sys.unraisablehook is hook


def test_an_interrupted_batch_goes_on_where_it_stopped(scenario: sc.Scenario, batch: Batch, tmp_path: Path) -> None:
    out = tmp_path / "b"

    def interrupt(status: Status) -> None:
        if status.done > 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(scenario, 60, 3, workers=1, out=out, progress=interrupt, shard_size=5)
    kept = sorted((out / "shards").glob("*.runs.parquet"))
    assert kept
    before = {path: path.stat().st_mtime_ns for path in kept}
    same(batch, run_batch(scenario, 60, 3, workers=1, out=out))
    assert before == {path: path.stat().st_mtime_ns for path in kept}
    for name, table in batch.tables().items():
        assert_frame_equal(pl.read_parquet(out / "tables" / f"{name}.parquet"), table, check_exact=True)
    assert not list(out.rglob("*.part"))


def test_a_damaged_shard_is_made_again_and_more_replications_extend(
    scenario: sc.Scenario, batch: Batch, tmp_path: Path
) -> None:
    run_batch(scenario, 40, 3, workers=1, out=tmp_path, shard_size=9)
    victim = sorted((tmp_path / "shards").glob("*.runs.parquet"))[0]
    victim.write_bytes(victim.read_bytes()[:100])
    same(batch, run_batch(scenario, 60, 3, workers=1, out=tmp_path))
    with pytest.raises(sc.BatchError, match="holds 60 replications"):
        run_batch(scenario, 40, 3, workers=1, out=tmp_path)


def test_another_batch_is_refused_with_what_differs(scenario: sc.Scenario, tmp_path: Path) -> None:
    run_batch(scenario, 3, 3, workers=1, out=tmp_path)
    with pytest.raises(sc.BatchError, match="seed: 3 there, 4 now"):
        run_batch(scenario, 3, 4, workers=1, out=tmp_path)
    with pytest.raises(sc.BatchError, match=r"scenario_sha256.*in the scenario: model"):
        run_batch(scenario.with_({"model.kappa": 0.1}), 3, 3, workers=1, out=tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert sc.load(manifest["scenario"]).digest == manifest["scenario_sha256"] == scenario.digest


def test_a_run_that_raises_is_reported_and_the_batch_goes_on(
    scenario: sc.Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_sometimes(world: World, luck: Luck) -> EventLog:
        if world.arm == "cbm8" and luck.replication == 4:
            raise ZeroDivisionError("planted")
        return simulate_with(world, luck)

    monkeypatch.setattr(work_module, "simulate_with", fails_sometimes)
    with pytest.warns(RuntimeWarning, match="1 of 50 runs failed"):
        done = run_batch(scenario, 10, 3, workers=1, out=tmp_path)
    (failure,) = done.failures
    assert (failure.arm, failure.replication, failure.error) == ("cbm8", 4, "ZeroDivisionError: planted")
    failed = done.runs.filter("failed")
    assert failed.select("arm", "replication").rows() == [("cbm8", 4)]
    assert failed["peak_rung"].to_list() == [None]
    assert done.risk.filter(pl.col("arm") == "cbm8")["n"].unique().to_list() == [9]
    assert done.differences["n"].unique().to_list() == [9]
    assert json.loads((tmp_path / "failures.jsonl").read_text(encoding="utf-8"))["replication"] == 4


def test_an_arm_in_which_every_run_fails_is_told(scenario: sc.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(world: World, luck: Luck) -> EventLog:
        if world.arm == "cbm8":
            raise ZeroDivisionError("planted")
        return simulate_with(world, luck)

    monkeypatch.setattr(work_module, "simulate_with", fails)
    with pytest.warns(RuntimeWarning, match="4 of 20 runs failed"):
        done = run_batch(scenario, 4, 3, workers=1)
    assert done.risk.filter(pl.col("arm") == "cbm8")["probability"].to_list() == [None] * 8
    assert risk_rows(done, (4, 8))[2] == ["cbm8", "0", "-", "-"]
    assert headline(done)


def test_arms_may_have_any_name(scenario: sc.Scenario) -> None:
    arms = {"replication": {"cbms": []}, "a [b] c": {"cbms": [8]}}
    done = run_batch(sc.load({**scenario.data, "arms": arms}), 5, 3, workers=1)
    assert done.differences["arm"].unique().to_list() == ["a [b] c"]


def test_imposed_rungs_are_measured(scenario: sc.Scenario) -> None:
    pair = [{"between": ["Alderland", "Brevia"], "rung": 5}]
    done = run_batch(scenario.with_({"incidents": [], "relations": pair}), 2, 3, workers=1)
    assert done.runs["rung_hours"].unique().to_list() == [24.0 * 10 * (5 + 4 + 3 + 2 + 1)]
    assert done.runs["peak_rung"].unique().to_list() == [0]
    assert done.curves.filter(pl.col("hour") == 0)["mean_rung"].unique().to_list() == [5.0]


@pytest.mark.parametrize("wrong", [{"replications": 0}, {"seed": -1}, {"workers": 0}, {"arms": []}])
def test_numbers_that_make_no_sense_are_refused(scenario: sc.Scenario, wrong: dict[str, Any]) -> None:
    with pytest.raises(sc.BatchError):
        run_batch(scenario, **{"replications": 2, **wrong})


def test_the_compensator_agrees_with_the_share_of_hits(scenario: sc.Scenario) -> None:
    """Paired z over 600 runs an arm, rungs 3 to 7: |z| <= 4.5; false alarm 25 x 7e-6."""
    done = run_batch(scenario, 600, 11, workers=1)
    for (arm,), runs in done.runs.group_by("arm", maintain_order=True):
        for rung in range(3, 8):
            gap = (runs[f"chance_{rung}"] - (runs["peak_rung"] >= rung).cast(pl.Float64)).to_numpy()
            z = gap.mean() / (gap.std(ddof=1) / len(gap) ** 0.5)
            assert abs(z) <= 4.5, (arm, rung, z)
