"""The ensemble: what ships passes its patterns, runs as a design, and says where a sign holds."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner, Result

import simcrisis as sc
from simcrisis.batch.batch import Batch
from simcrisis.batch.design import points
from simcrisis.batch.sensitivity import screen
from simcrisis.calibration import ensemble as history
from simcrisis.calibration.crew import Crew
from simcrisis.calibration.ensemble import SPACE, THOROUGH, Match, found_sets, match, write_sets
from simcrisis.calibration.measured import Measured, Moment
from simcrisis.calibration.patterns import IMPLAUSIBLE, OF_CRISIS, PATTERNS, Pattern, implausible, of_crisis, screened
from simcrisis.calibration.points import Points
from simcrisis.catalogue import ensemble, ensemble_origin
from simcrisis.cli.app import app
from simcrisis.errors import CalibrationError, ScenarioError
from simcrisis.scenario.ensemble import ensembled
from simcrisis.scenario.experiment import Range, parse_factor

ARMS = ["none", "both"]


@pytest.fixture(scope="module")
def scenario() -> sc.Scenario:
    return sc.load("belgrade_2015")


@pytest.fixture(scope="module")
def batch(scenario: sc.Scenario, tmp_path_factory: pytest.TempPathFactory) -> Batch:
    out = tmp_path_factory.mktemp("ensemble") / "batch"
    return sc.run_batch(scenario, 12, arms=ARMS, ensemble=4, out=out, workers=1)


def test_what_ships_lies_in_the_space_that_was_searched() -> None:
    assert len(ensemble()) == ensemble_origin()["sets"] >= 150
    for one in ensemble():
        assert set(one) == set(SPACE)
        for path, value in one.items():
            space = parse_factor(dict(SPACE[path]))
            assert isinstance(space, Range)
            low, high = (
                end if isinstance(end, float) else float(end.split()[0]) * 24 for end in (space.low, space.high)
            )
            assert low <= (value if isinstance(value, float) else float(value.removesuffix(" h"))) <= high, path


def test_all_that_ships_is_a_design(scenario: sc.Scenario) -> None:
    design = points(ensembled(scenario).experiment)
    assert len(design) == 1 + len(ensemble())
    assert [dict(point.changes) for point in design[1:]] == [dict(one) for one in ensemble()]


def test_what_ships_says_how_it_was_made() -> None:
    told = ensemble_origin()
    assert told["tried"] == sum(wave[0] for wave in told["waves"])
    assert told["rule"] == "logit"
    assert [pattern["name"] for pattern in told["pattern"]] == [pattern.name for pattern in PATTERNS]
    assert told["replications"] == THOROUGH


def test_the_first_sets_pass_the_patterns_of_a_crisis_anew(scenario: sc.Scenario) -> None:
    for one in ensemble()[:2]:
        found = of_crisis(scenario, told_seed(), one, 200)
        assert implausible(found) <= IMPLAUSIBLE + 0.5  # fewer replications than when they were let in


def told_seed() -> int:
    return int(ensemble_origin()["seed"])


@pytest.mark.long
def test_all_sets_pass_all_patterns_anew() -> None:
    for one in ensemble():
        found = screened(told_seed(), one, THOROUGH)
        assert len(found) == len(PATTERNS)
        assert implausible(found, luck=False) <= IMPLAUSIBLE


def test_implausibility_counts_what_is_uncertain() -> None:
    plain = Pattern("p", "", 0.2, 0.03, 0.04, "")
    assert plain.implausibility(0.3, 0.0) == pytest.approx(2.0)
    assert plain.implausibility(0.1, 0.0) == pytest.approx(2.0)
    assert plain.implausibility(0.3, 0.12) == pytest.approx(0.1 / 0.13)
    bound = Pattern("p", "", 0.2, 0.0, 0.05, "", bound=True)
    assert bound.implausibility(0.1, 0.0) == 0.0
    assert bound.implausibility(0.3, 0.0) == pytest.approx(2.0)
    decades = Pattern("p", "", 0.01, 0.0, 1 / 3, "", decades=True)
    assert decades.implausibility(0.1, 0.0) == decades.implausibility(0.001, 0.0) == pytest.approx(3.0)
    assert decades.implausibility(0.0, 0.0) > 10.0


def test_the_crisis_pattern_is_the_compensator_of_a_batch(scenario: sc.Scenario) -> None:
    done = sc.run_batch(scenario, 50, arms=["none"], workers=1)
    found = of_crisis(scenario, 1, {}, 50)
    assert found["crossings"].value == pytest.approx(float(done.runs["chance_8"].mean()))  # type: ignore[arg-type]
    assert {pattern.name for pattern in OF_CRISIS} == set(found)


def test_the_first_point_is_the_scenario_as_it_stands(scenario: sc.Scenario, batch: Batch) -> None:
    plain = sc.run_batch(scenario, 12, arms=ARMS, workers=1)
    first = batch.runs.filter(pl.col("point") == 0)
    measures = [name for name in plain.runs.columns if name in first.columns]
    assert_frame_equal(first.select(measures), plain.runs.select(measures))
    for n, one in enumerate(ensemble()[:4], start=1):
        assert dict(batch.plan.points[n].changes) == dict(one)


def test_what_the_scenario_states_stays(scenario: sc.Scenario) -> None:
    stated = scenario.with_({"model.kappa": 0.0, "model.rule": "threshold"})
    design = points(ensembled(stated, 3).experiment)
    assert len(design) == 4
    assert all("model.kappa" not in point.changes for point in design)
    assert all(stated.at(point.changes).model.kappa == 0.0 for point in design)
    assert all(stated.at(point.changes).model.rule == "threshold" for point in design)


def test_the_table_is_what_the_runs_say(batch: Batch) -> None:
    table = batch.ensemble
    assert table is not None
    assert set(table["output"]) == {"risk", "effect"}
    runs = batch.runs
    for rung in (4, 8):
        by_arm = {
            arm: runs.filter(pl.col("arm") == arm).group_by("point").agg(pl.col(f"chance_{rung}").mean()).sort("point")
            for arm in ARMS
        }
        effects = np.array(by_arm["both"][f"chance_{rung}"]) - np.array(by_arm["none"][f"chance_{rung}"])
        row = table.row(by_predicate=(pl.col("output") == "effect") & (pl.col("rung") == rung), named=True)
        assert row["default"] == pytest.approx(effects[0])
        assert row["median"] == pytest.approx(float(np.median(effects[1:])))
        assert (row["least"], row["most"]) == pytest.approx((effects[1:].min(), effects[1:].max()))
        assert row["same_sign"] == pytest.approx(float((np.sign(effects[1:]) == np.sign(effects[0])).mean()))
        assert row["raises"] + row["lowers"] <= 1.0
        assert row["clearly_raises"] <= row["raises"]
        assert row["clearly_lowers"] <= row["lowers"]


def test_a_batch_over_an_ensemble_is_kept_and_read_again(batch: Batch) -> None:
    again = sc.read_batch(batch.folder)
    assert batch.ensemble is not None
    assert again.ensemble is not None
    assert_frame_equal(batch.ensemble, again.ensemble)
    assert "ensemble" in again.tables()
    assert again.plan.points == batch.plan.points


def test_workers_and_shards_change_nothing(scenario: sc.Scenario, batch: Batch) -> None:
    other = sc.run_batch(scenario, 12, arms=ARMS, ensemble=4, workers=1, shard_size=5)
    assert batch.ensemble is not None
    assert other.ensemble is not None
    assert_frame_equal(batch.ensemble, other.ensemble)


def test_other_batches_have_no_such_table(scenario: sc.Scenario) -> None:
    assert sc.run_batch(scenario, 2, arms=["none"], workers=1).ensemble is None


@pytest.mark.parametrize(
    ("experiment", "told"),
    [
        ({"vary": {"model.kappa": [0.1, 0.2], "model.reassure": [0.3]}}, "equally many"),
        ({"vary": {"model.kappa": [0.1]}}, "two levels or more"),
        ({"vary": {"model.kappa": {"low": 0.1, "high": 0.2}}, "points": 4}, "no ranges"),
    ],
)
def test_an_experiment_that_is_no_ensemble_is_refused(scenario: sc.Scenario, experiment: Any, told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        scenario.with_({"experiment": {**experiment, "ensemble": True}})


def test_an_ensemble_is_no_sensitivity_design(batch: Batch) -> None:
    with pytest.raises(sc.BatchError, match="ranges only"):
        screen(batch)


def call(*words: str) -> Result:
    return CliRunner().invoke(app, ["batch", "belgrade_2015", "--arms", "none,both", "--workers", "1", *words])


def test_the_command_prints_default_range_and_sign(batch: Batch, tmp_path: Path) -> None:
    said = call("--ensemble", "4", "-n", "12", "--out", str(tmp_path / "b"))
    assert said.exit_code == 0, said.output
    for words in ("the default and 4 parameter sets", "sign holds", "In this model, under these assumptions"):
        assert words in " ".join(said.stdout.split())
    document = json.loads(call("--ensemble", "4", "-n", "12", "--out", str(tmp_path / "b"), "--json").stdout)
    assert batch.ensemble is not None
    assert document["ensemble"] == batch.ensemble.to_dicts()
    assert "4 parameter sets" in document["headline"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--ensemble", "0"), "--ensemble: 0 sets; there are"),
        (("--ensemble", "many"), "--ensemble: many: should be a number of parameter sets, or all"),
        (("--ensemble", "3", "--vary", "model.kappa=0,1"), "--ensemble: the scenario varies something itself"),
    ],
)
def test_wrong_input_ends_with_one_located_error(words: tuple[str, ...], told: str) -> None:
    said = call(*words)
    assert (said.exit_code, said.stderr.strip().startswith(told)) == (2, True), said.output


def likely(changes: Any, _: int) -> Measured:
    """Return the patterns as they are wanted, off in one by how far lambda lies from 20 and `ten` from 1."""
    found = {pattern.name: Moment(pattern.value, 0.0) for pattern in PATTERNS}
    off = abs(float(changes["model.lambda"]) - 20.0) / 8.0 + abs(float(changes["model.ten"]) - 1.0)
    return {**found, "political-response": Moment(0.187 + 0.1 * off, 0.0)}


def matched(folder: Path | None = None) -> Match:
    with Crew(likely, Points(folder, {})) as crew:
        return match(crew, 150, 1)


def test_waves_find_the_region_that_no_pattern_rules_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "FIRST_WAVE", 400)
    found = matched()
    assert len(found.sets) == 150
    assert all(implausible(likely(one, 1)) <= IMPLAUSIBLE for one in found.sets)
    (tried, quick, stood, _), *later = found.waves
    assert tried == 400
    assert quick == stood < 150
    assert later
    assert later[0][2] / later[0][0] > stood / tried  # a later wave looks where sets stand
    assert matched().sets == found.sets


def test_sets_are_written_so_that_they_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "FIRST_WAVE", 400)
    monkeypatch.setattr(history, "MOST_WAVES", 1)
    found = matched()
    write_sets(found, tmp_path, "a command", 1)
    rows = pl.read_csv(tmp_path / "ensemble.csv")
    assert rows.columns == list(SPACE)
    assert rows["model.lambda"].to_list() == [one["model.lambda"] for one in found.sets]
    told = tomllib.loads((tmp_path / "ensemble.toml").read_text())
    assert (told["sets"], told["command"], len(told["pattern"])) == (len(rows), "a command", len(PATTERNS))
    assert told["space"] == {path: dict(each) for path, each in SPACE.items()}
    with pytest.raises(CalibrationError, match="nothing to write"):
        write_sets(Match([], [], 0, []), tmp_path, "", 1)


def test_the_search_itself_runs_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "FIRST_WAVE", 6)
    monkeypatch.setattr(history, "MOST_WAVES", 1)
    monkeypatch.setattr(history, "QUICK", 2)
    monkeypatch.setattr(history, "THOROUGH", 3)
    first = found_sets(1, 1, out=tmp_path)
    lines = (tmp_path / "points.jsonl").read_text()
    assert len(lines.splitlines()) >= 6
    assert found_sets(1, 1, out=tmp_path) == first
    assert (tmp_path / "points.jsonl").read_text() == lines
    with pytest.raises(CalibrationError, match="seed differ"):
        found_sets(1, 2, out=tmp_path)
