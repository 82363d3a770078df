"""Batches that stop by themselves: where, on what grounds, and whatever interrupts them."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

import simcrisis as sc
from simcrisis import BatchError
from simcrisis.batch import work
from simcrisis.batch.batch import Batch, read_batch
from simcrisis.batch.folder import Share
from simcrisis.batch.plan import plan
from simcrisis.batch.running import Status, run_plan, run_share
from simcrisis.batch.stopping import looks, parse_rule
from simcrisis.cli.app import app
from simcrisis.stats import Rule, anytime, intervals

ARMS = ("none", "cbm8")
SIGN = "sign of cbm8 at 6"


@pytest.fixture(scope="module")
def scenario() -> sc.Scenario:
    return sc.load("belgrade_2015")


@pytest.fixture(scope="module")
def stopped(scenario: sc.Scenario, tmp_path_factory: pytest.TempPathFactory) -> Batch:
    out = tmp_path_factory.mktemp("stopped")
    return sc.run_batch(scenario, until=SIGN, arms=ARMS, workers=1, out=out, shard_size=40)


def test_it_stops_at_the_first_look_that_tells(stopped: Batch) -> None:
    assert stopped.stopping is not None
    (row,) = stopped.stopping.iter_rows(named=True)
    hits = {arm: of_arm["peak_rung"].to_numpy() >= 6 for (arm,), of_arm in stopped.runs.group_by("arm")}
    up, down = (np.cumsum(a & ~b) for a, b in ((hits["cbm8"], hits["none"]), (hits["none"], hits["cbm8"])))
    told = [n for n in looks(100_000) if n <= stopped.replications and anytime.e_value(up[n - 1], down[n - 1]) >= 20]
    assert told == [stopped.replications]
    assert (row["replications"], row["met"], row["rule"]) == (stopped.replications, True, SIGN)
    assert row["estimate"] == pytest.approx((up[-1] - down[-1]) / stopped.replications)
    assert row["high"] < 0
    p = intervals.mcnemar(up, down)
    naive = next(n for n in range(30, len(p) + 1) if p[n - 1] < 0.05)
    assert row["naive_replications"] == naive < stopped.replications
    assert row["naive_estimate"] == pytest.approx((up[naive - 1] - down[naive - 1]) / naive)


def test_all_its_intervals_hold_at_any_time(stopped: Batch, scenario: sc.Scenario) -> None:
    fixed = sc.run_batch(scenario, stopped.replications, arms=ARMS, workers=1)
    assert_frame_equal(fixed.runs, stopped.runs)
    for name, low, high in (("risk", "low", "high"), ("differences", "low", "high"), ("measures", "low", "high")):
        there = getattr(stopped, name).filter(pl.col(low).is_not_null())
        alone = getattr(fixed, name).filter(pl.col(low).is_not_null())
        assert ((there[high] - there[low]) > (alone[high] - alone[low])).all()
        assert there["method"].str.contains("confidence sequence").all()
    assert (stopped.differences["p_value"] >= 0.8 * fixed.differences["p_value"]).all()


def test_workers_shards_and_interruptions_cannot_be_seen(stopped: Batch, scenario: sc.Scenario, tmp_path: Path) -> None:
    planned = plan(scenario, None, 1, until=SIGN, arms=ARMS)

    def stop(status: Status) -> None:
        if status.done >= 300:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_plan(planned, out=tmp_path, workers=1, shard_size=13, progress=stop)
    with pytest.raises(BatchError, match="not finished"):
        read_batch(tmp_path)
    again = run_plan(planned, out=tmp_path, workers=2, shard_size=21)
    for name, table in stopped.tables().items():
        assert_frame_equal(again.tables()[name], table, check_exact=True)
    assert_frame_equal(read_batch(tmp_path).stopping, again.stopping)  # type: ignore[arg-type]


def test_its_manifest_regenerates_it_and_a_fixed_batch_extends_it(
    stopped: Batch, scenario: sc.Scenario, tmp_path: Path
) -> None:
    manifest = stopped.folder / "manifest.json"
    assert json.loads(manifest.read_text())["until"] == SIGN
    told = CliRunner().invoke(app, ["batch", "--from", str(manifest), "--out", str(tmp_path / "b"), "--workers", "1"])
    assert told.exit_code == 0, told.stderr
    for path in (stopped.folder / "tables").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / "tables" / path.name).read_bytes()
    longer = sc.run_batch(scenario, stopped.replications + 5, arms=ARMS, workers=1, out=tmp_path / "b")
    assert longer.stopping is None
    assert not (tmp_path / "b" / "tables" / "stopping.parquet").exists()
    assert len(longer.runs) == 2 * (stopped.replications + 5)


@pytest.mark.parametrize(
    "shard_size", [None, pytest.param(50, marks=pytest.mark.long), pytest.param(85, marks=pytest.mark.long)]
)
def test_what_a_folder_holds_already_is_counted_once(
    stopped: Batch, scenario: sc.Scenario, tmp_path: Path, shard_size: int | None
) -> None:
    """Shards of a batch of a fixed number do not end where a batch that stops by itself is looked at."""
    sc.run_batch(scenario, 200, arms=ARMS, workers=1, out=tmp_path, shard_size=shard_size)
    sc.run_batch(scenario, 260, arms=ARMS, workers=1, out=tmp_path, shard_size=shard_size)
    for _ in range(2):
        again = sc.run_batch(scenario, until=SIGN, arms=ARMS, workers=1, out=tmp_path)
        for name, table in stopped.tables().items():
            assert_frame_equal(again.tables()[name], table, check_exact=True)
    sc.run_batch(scenario, 500, arms=ARMS, workers=1, out=tmp_path)
    assert len(read_batch(tmp_path).runs) == 1000


def test_one_that_was_interrupted_becomes_one_of_a_fixed_number(scenario: sc.Scenario, tmp_path: Path) -> None:
    def stop(status: Status) -> None:
        if status.done >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sc.run_batch(scenario, until=SIGN, arms=ARMS, workers=1, out=tmp_path, shard_size=20, progress=stop)
    assert sc.run_batch(scenario, 120, arms=ARMS, workers=1, out=tmp_path).replications == 120


def test_where_every_run_fails_nothing_is_told(scenario: sc.Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ArithmeticError("no run")

    monkeypatch.setattr(work, "simulate_with", broken)
    words = ["batch", "belgrade_2015", "--arms", "none", "--until", "width 0.5 of none", "-n", "5", "--workers", "1"]
    document = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert document["stopping"][0]["estimate"] is document["stopping"][0]["high"] is None
    assert document["stopping"][0]["met"] is False
    assert "no runs to tell from" in CliRunner().invoke(app, words).stdout


def test_the_most_that_it_may_run_is_kept(scenario: sc.Scenario) -> None:
    batch = sc.run_batch(scenario, 60, until="width 0.01 at 4", arms=ARMS, workers=1)
    assert batch.replications == 60
    assert batch.stopping is not None
    assert batch.stopping["met"].to_list() == [False]


def test_every_design_point_must_be_known(scenario: sc.Scenario) -> None:
    batch = sc.run_batch(
        scenario, until="width 0.35 of none at 3", arms=["none"], vary={"model.kappa": [0.2, 0.9]}, workers=1
    )
    assert batch.stopping is not None
    assert batch.stopping["point"].to_list() == [0, 1]
    assert batch.stopping["model.kappa"].to_list() == [0.2, 0.9]
    assert (batch.stopping["high"] - batch.stopping["low"] <= 0.35).all()
    assert batch.stopping["e_value"].null_count() == 2


def test_looks_do_not_overshoot() -> None:
    found = list(looks(100_000))
    assert found[0] == 100
    assert found[-1] == 100_000
    assert all(1 < b / a <= 1.125 for a, b in itertools.pairwise(found))
    assert list(looks(30)) == [30]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("sign", Rule("cbm8", 8)),
        (" width 0.02 ", Rule("cbm8", 8, 0.02)),
        ("sign of cbm8 at 4", Rule("cbm8", 4)),
        ("width 0.5 of none at 10", Rule("none", 10, 0.5)),
        ("width 0.0123456789", Rule("cbm8", 8, 0.0123456789)),
    ],
)
def test_rules_in_words(text: str, rule: Rule) -> None:
    assert parse_rule(text, ARMS) == rule
    assert parse_rule(str(rule), ARMS) == rule


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("signs", "no precision; write 'sign'"),
        ("", "no precision"),
        ("width", "no precision"),
        ("width 5", "should be a share"),
        ("width nan", "should be a share"),
        ("width -0.1", "should be a share"),
        ("sign of nobody", "no arm 'nobody' is run"),
        ("sign of none", "is the reference"),
        ("sign at 2", "rung 2 should be from 3 to 10"),
    ],
)
def test_what_makes_no_sense_is_said(text: str, message: str) -> None:
    told = CliRunner().invoke(app, ["batch", "belgrade_2015", "--arms", ",".join(ARMS), "--until", text])
    assert told.exit_code == 2
    assert message in told.stderr
    assert len(told.stderr.splitlines()) == 1


def test_a_share_cannot_stop_a_batch(scenario: sc.Scenario, tmp_path: Path) -> None:
    with pytest.raises(BatchError, match="a share cannot tell"):
        run_share(plan(scenario, None, 1, until="sign"), Share(1, 2), tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_the_command_says_where_it_stopped_and_what_peeking_would_do(stopped: Batch) -> None:
    words = ["batch", "belgrade_2015", "--arms", ",".join(ARMS), "--until", SIGN, "--workers", "1"]
    told = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert told.exit_code == 0, told.stderr
    said = " ".join(told.stdout.split())
    assert f"Stopped after {stopped.replications:,} replications; rung 6 or above, 'cbm8' against 'none'" in said
    assert "Peeking at the usual test after every replication would have stopped after" in said
    assert "rung 6 or above (sanctions, indictments)" in said  # a table of the rung that was asked for
    document = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert document["stopping"][0]["met"] is True
