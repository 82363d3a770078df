"""Design points: which there are, and that a batch runs each as it would run by itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

import simcrisis as sc
from simcrisis.batch.design import factors, points
from simcrisis.batch.running import run_batch
from simcrisis.cli.app import app
from simcrisis.cli.designs import varied
from simcrisis.scenario.experiment import Experiment, parse_factor

KAPPA, REPLY = "model.kappa", "states.*.policy.reply"


@pytest.fixture(scope="module")
def scenario() -> sc.Scenario:
    return sc.load("belgrade_2015")


def experiment(**data: Any) -> Experiment:
    return Experiment(**{**data, "vary": {path: parse_factor(factor) for path, factor in data["vary"].items()}})


def test_a_grid_is_every_combination_once_and_the_last_factor_varies_fastest() -> None:
    design = points(experiment(vary={KAPPA: [0.1, 0.5], REPLY: ["1 h", "6 h", "2 days"]}))
    assert [tuple(point.changes.values()) for point in design] == [
        (0.1, "1 h"), (0.1, "6 h"), (0.1, "2 days"), (0.5, "1 h"), (0.5, "6 h"), (0.5, "2 days"),
    ]  # fmt: skip
    assert [point.number for point in design] == list(range(6))


def test_a_latin_hypercube_has_one_point_in_every_slice_of_every_factor() -> None:
    spread = {KAPPA: {"low": 0.2, "high": 0.9}, "model.reassure": {"low": 0.01, "high": 1.0, "scale": "log"}}
    design = points(experiment(vary=spread, points=20))
    kappa = [(point.changes[KAPPA] - 0.2) / 0.7 for point in design]
    reassure = [np.log10(point.changes["model.reassure"]) / 2 + 1 for point in design]
    for shares in (kappa, reassure):
        assert sorted(int(20 * share) for share in shares) == list(range(20))


def test_a_sobol_sample_is_balanced_in_every_factor_and_pair_of_halves() -> None:
    spread = {"model.kappa": {"low": 0.0, "high": 1.0}, "model.reassure": {"low": 0.0, "high": 1.0}}
    design = points(experiment(vary=spread, points=64, sample="sobol", seed=7))
    halves = [tuple(value >= 0.5 for value in point.changes.values()) for point in design]
    assert {pair: halves.count(pair) for pair in set(halves)} == dict.fromkeys(
        [(False, False), (False, True), (True, False), (True, True)], 16
    )


def test_samples_are_the_same_every_time_and_hang_on_their_seed() -> None:
    spread = {KAPPA: {"low": 0.0, "high": 1.0}}
    for sample in ("latin_hypercube", "sobol"):
        one, again, other = (points(experiment(vary=spread, points=8, sample=sample, seed=seed)) for seed in (3, 3, 4))
        assert one == again != other


def test_levels_and_sampled_ranges_are_crossed() -> None:
    design = points(experiment(vary={REPLY: {"low": "1 h", "high": "4 days"}, KAPPA: [0.1, 0.9]}, points=4))
    assert len(design) == 8
    assert [point.changes[REPLY] for point in design[:4]] == [point.changes[REPLY] for point in design[4:]]
    assert [list(point.changes) for point in design] == [[REPLY, KAPPA]] * 8


@pytest.mark.parametrize(
    ("factor", "lowest", "highest"),
    [
        ({"low": 1, "high": 3, "scale": "whole"}, 1, 3),
        ({"low": 0.25, "high": 4}, 0.25, 4.0),
        ({"low": "30 s", "high": "2 days"}, "30000 ms", "48 h"),
        ({"low": "1 h", "high": "100 h", "scale": "log"}, "1 h", "100 h"),
    ],
)
def test_a_range_reaches_its_bounds_and_says_values_as_a_file_would(factor: Any, lowest: Any, highest: Any) -> None:
    parsed = parse_factor(factor)
    assert not isinstance(parsed, tuple)
    assert (parsed.value(0.0), parsed.value(1.0)) == (lowest, highest)
    if factor.get("scale") == "whole":
        assert [parsed.value(share) for share in (0.0, 0.34, 0.67, 0.999)] == [1, 2, 3, 3]
    if factor.get("scale") == "log":
        assert parsed.value(0.5) == "10 h"


def test_factor_columns_keep_the_type_of_their_values() -> None:
    vary = {"a": [1, 2], "b": [0.5, 2], "c": [True, False], "d": ["1 h", {"median": "1 h", "spread": 2}]}
    table = factors(points(experiment(vary=vary)))
    assert dict(table.schema) == {
        "point": pl.Int64, "a": pl.Int64, "b": pl.Float64, "c": pl.Boolean, "d": pl.String,
    }  # fmt: skip
    assert table["d"].unique(maintain_order=True).to_list() == ["1 h", '{"median": "1 h", "spread": 2}']


def test_a_batch_runs_each_point_as_it_would_run_by_itself(scenario: sc.Scenario) -> None:
    done = run_batch(scenario, 20, 3, vary={KAPPA: [0.1, 0.9], REPLY: ["1 h", "3 days"]}, arms=["none", "both"])
    assert len(done.runs) == 20 * 2 * 4
    for number, changes in enumerate(point.changes for point in done.plan.points):
        alone = run_batch(scenario.with_(changes), 20, 3, arms=["none", "both"])
        for name in ("runs", "rung_changes", "risk", "differences", "curves"):
            here = done.tables()[name].filter(pl.col("point") == number)
            assert_frame_equal(here.select(alone.tables()[name].columns), alone.tables()[name], check_exact=True)
            if name != "rung_changes":
                assert here.select(KAPPA, REPLY).unique().rows() == [tuple(changes.values())]
    again = done.replay(7, "none", point=3)
    assert again.scenario.model.kappa == 0.9
    assert (
        again.outcome["peak_rung"][0]
        == done.runs.filter(pl.col("point") == 3, pl.col("replication") == 7, pl.col("arm") == "none")[
            "peak_rung"
        ].item()
    )
    with pytest.raises(sc.BatchError, match="point: 4 should be from 0 to 3"):
        done.replay(7, "none", point=4)


def test_arms_that_are_varied_make_no_contrasts(scenario: sc.Scenario) -> None:
    """What joins two arms at one point does not at another."""
    done = run_batch(scenario, 5, 3, vary={"arms.both.cbms": [[2, 8], [2]]})
    assert set(done.differences["arm"]) == {"cbm2", "cbm8", "both", "untested"}
    at_point = done.runs.filter(pl.col("point") == 1).pivot("arm", index="replication", values="chance_4")
    assert at_point["both"].to_list() == at_point["cbm2"].to_list()


def test_points_share_their_luck(scenario: sc.Scenario) -> None:
    """A factor that nothing hangs on leaves every run as it is."""
    done = run_batch(scenario, 15, 3, vary={"checks": [{"every": "400 days"}, {"every": "500 days"}]})
    one, other = (done.runs.filter(pl.col("point") == n).drop("point", "checks") for n in (0, 1))
    assert_frame_equal(one, other, check_exact=True)


def test_the_experiment_of_a_file_is_run_and_the_command_line_replaces_it(scenario: sc.Scenario) -> None:
    ours = scenario.with_({"experiment": {"vary": {KAPPA: [0.1, 0.9]}}})
    assert run_batch(ours, 3, 3, arms=["none"]).points["model.kappa"].to_list() == [0.1, 0.9]
    other = varied(ours, [f"{REPLY}=1 h,6 h"], None, None, None)
    assert run_batch(other, 3, 3, arms=["none"]).points[REPLY].to_list() == ["1 h", "6 h"]
    assert run_batch(ours.with_({"experiment": None}), 3, 3, arms=["none"]).points.width == 0


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("model.kappa=0.1,0.9", [0.1, 0.9]),
        ("model.kappa=0.3", [0.3]),
        ("model.kappa=[0.1, 0.9]", [0.1, 0.9]),
        ("model.kappa=0.1..0.9", {"low": 0.1, "high": 0.9}),
        ("model.reassure=0.1 .. 0.9 log", {"low": 0.1, "high": 0.9, "scale": "log"}),
        ("states.*.policy.reply=1 h,{median: 6 h, spread: 2.5}", ["1 h", {"median": "6 h", "spread": 2.5}]),
        ("states.*.policy.reply=30 min..4 days log", {"low": "30 min", "high": "4 days", "scale": "log"}),
        ("states.*.policy.officers={low: 1, high: 3, scale: whole}", {"low": 1, "high": 3, "scale": "whole"}),
    ],
)
def test_vary_reads_levels_and_ranges(scenario: sc.Scenario, text: str, factor: Any) -> None:
    points = None if isinstance(factor, list) else 4
    found = varied(scenario, [text], points, None, None)
    assert found.data["experiment"]["vary"] == {text.partition("=")[0]: factor}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--vary", "model.kappa"], "--vary: model.kappa: write PATH=VALUE"),
        (["--vary", "model.kappa="], "--vary: model.kappa: a value is missing"),
        (["--vary", "model.kappa=0.1,2"], "--vary: model.kappa.1: '2' should be at most 1"),
        (["--vary", "model.kapa=0.1"], "--vary: model.kapa: no 'kapa' there; did you mean 'kappa'?"),
        (["--vary", "model.kappa=0.1..0.2"], "say how many points"),
        (["--vary", "model.kappa=0.1,0.2", "--points", "4"], "leave out points"),
        (["--vary", "model.kappa=0.1..0.9", "--points", "6", "--sample", "sobol"], "powers of two"),
        (
            ["--vary", "model.kappa=0.1..0.9", "--points", "6", "--sample", "grid"],
            "--vary: sample: 'grid' is not known here",
        ),
        (["--vary", "model.kappa=1", "--vary", "model.kappa=0"], "--vary: model.kappa: is there twice"),
        (["--vary", "model.kappa=0.1.."], "a range is LOW..HIGH"),
        (["--vary", "model.kappa=0.9..0.95 bogus", "--points", "4"], "both bounds should be numbers"),
        (["--vary", "states.*.policy.reply=1 h..4 days,3"], "a range is LOW..HIGH"),
        (["--points", "4"], "nothing is varied; say what with --vary"),
        (["--vary", "title=a,b", "--vary", "arms=[{}]"], "'arms' cannot be varied"),
    ],
)
def test_a_design_that_cannot_be_is_refused_in_words(words: list[str], told: str) -> None:
    found = CliRunner().invoke(app, ["batch", "belgrade_2015", "-n", "2", *words])
    assert found.exit_code == 2
    assert told in found.stderr
    assert "Traceback" not in found.stderr


def test_values_that_do_not_fit_together_are_refused_before_anything_is_run(
    scenario: sc.Scenario, tmp_path: Path
) -> None:
    with pytest.raises(sc.ScenarioError, match="horizon"):
        run_batch(
            scenario, 2, vary={"horizon": ["1 day", "60 days"], "incidents.blackout.at": ["3 h", "9 days"]},
            out=tmp_path / "b",
        )  # fmt: skip
    assert not (tmp_path / "b").exists()


def test_the_terminal_shows_factors_and_json_holds_the_points(tmp_path: Path) -> None:
    words = ["batch", "belgrade_2015", "-n", "4", "--vary", "model.kappa=0.1,0.9", "--arms", "none,both"]
    shown = CliRunner().invoke(app, words)
    assert "model.kappa" in shown.stdout
    assert "over 2 design points of 4 runs each (model.kappa: 0.1, 0.9). Against" in " ".join(shown.stdout.split())
    document = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert document["points"] == [{"point": 0, "model.kappa": 0.1}, {"point": 1, "model.kappa": 0.9}]
    assert len(document["risk"]) == 2 * 2 * 8
