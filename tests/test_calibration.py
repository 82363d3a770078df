"""Calibration: known parameters are found again, what cannot be told is said, nothing is evaluated twice."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner, Result

from simcrisis import load
from simcrisis.calibration.calibrate import PARAMETERS, Calibration, calibrate, fit_table, value_at
from simcrisis.calibration.crew import Crew, Measure
from simcrisis.calibration.evaluate import calibration_world, evaluated
from simcrisis.calibration.fit import Budget, Search, at, objective, search
from simcrisis.calibration.measured import Measured, Moment
from simcrisis.calibration.points import POINTS, Points
from simcrisis.calibration.profiles import surfaces
from simcrisis.calibration.targets import FitTarget, fit_targets
from simcrisis.cli.app import app
from simcrisis.errors import CalibrationError, ScenarioError
from simcrisis.scenario import Scenario
from simcrisis.scenario.experiment import Range, parse_factor
from tests.calibration_page import DOCUMENT, scales, target_table

RATE, RETURNS, LIN = "background.rivals.rate", "background.rivals.returns", "model.lin"
TRUTH = {RATE: 1.6, RETURNS: 0.8, LIN: 0.7}
FEW = Budget(start=32, generations=0, polish=0, replications=10, check=10)
SMALL = ("--parameters", "background.rivals.rate=0.5..3 log", "--points", "8", "--generations", "0", "--polish", "0",
         "-n", "2", "--check", "2", "--workers", "1")  # fmt: skip


def ranges(*paths: str) -> dict[str, Range]:
    wide = {**PARAMETERS, RATE: {"low": 0.5, "high": 4.0, "scale": "log"}}
    return {path: each for path in paths if isinstance(each := parse_factor(dict(wide[path])), Range)}


def small_world() -> Scenario:
    """Return the calibration world with three rivals only."""
    return calibration_world().with_({"groups.rivals": ["Ashvale", "Brontia", "Cermund"]})


def targets_of(measured: Measured, names: set[str]) -> list[FitTarget]:
    """Return targets that say what was measured, and how surely."""
    return [
        FitTarget(
            name=name, what=name, published=measured[name].value, error=measured[name].error, discrepancy=0.0,
            source="a run", standing="known",
        )
        for name in sorted(names)
    ]  # fmt: skip


NAMES = {
    "incidents-per-dyad-year", "quiet-dyad-years", "opposing-incident-90-days", "opposing-incident-365-days",
    "same-initiator-365-days", "political-response",
}  # fmt: skip


def recovered(seed: int, budget: Budget) -> Calibration:
    """Return the fit to data simulated with the true parameters under luck of their own."""
    data = evaluated(small_world(), 1000 + seed, TRUTH, 40)
    return calibrate(
        small_world(), ranges(*TRUTH), targets=targets_of(data, NAMES), budget=budget, seed=seed, design_seed=seed
    )


def holds(found: Calibration, path: str) -> bool:
    row = found.parameters.row(by_predicate=pl.col("parameter") == path, named=True)
    return float(row["low"]) <= TRUTH[path] <= float(row["high"])


def test_known_parameters_are_recovered_within_their_intervals() -> None:
    found = recovered(1, FEW)
    assert {path: holds(found, path) for path in TRUTH} == dict.fromkeys(TRUTH, True)
    rows = {row["parameter"]: row for row in found.parameters.iter_rows(named=True)}
    assert float(rows[RATE]["high"]) - float(rows[RATE]["low"]) < 2.0  # of a range of 3.5
    assert rows[RATE]["verdict"] == "identified"
    assert found.objective < found.default_objective


@pytest.mark.long
def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """20 fits of three parameters: at 95 %, fewer than 50 of 60 hits have a chance below 1e-4 (independent or not)."""
    budget = replace(FEW, replications=20, start=64)
    fits = [recovered(seed, budget) for seed in range(1, 21)]
    assert sum(holds(found, path) for found in fits for path in TRUTH) >= 50


def linear(slopes: dict[str, tuple[float, ...]]) -> Measure:
    """Return a measure whose moments are linear in the parameters."""

    def measure(changes: Any, _: int) -> Measured:
        values = list(changes.values())
        return {
            name: Moment(sum(b * float(v) for b, v in zip(each, values, strict=True)), 0.0)
            for name, each in slopes.items()
        }

    return measure


def searched(
    slopes: dict[str, tuple[float, ...]], published: dict[str, float], size: int
) -> tuple[Search, list[FitTarget]]:
    known = [
        FitTarget(name=n, what=n, published=v, error=0.05, discrepancy=0.0, source="", standing="")
        for n, v in published.items()
    ]
    space = {f"p{n}": Range(low=0.0, high=1.0) for n in range(size)}
    with Crew(linear(slopes), Points(None, {})) as crew:
        return search(crew, space, known, Budget(start=64, generations=4, polish=60, replications=2), 1), known


def test_the_interval_of_a_linear_moment_is_the_textbook_one() -> None:
    """With y = p0 and a standard error of .05, the interval is the published value and 1.96 of these either way."""
    found, known = searched({"y": (1.0, 0.0)}, {"y": 0.4}, 2)
    fitted = surfaces(found, known)
    profile = fitted.profile("p0", 0)
    assert (profile.low, profile.high) == pytest.approx((0.4 - 1.96 * 0.05, 0.4 + 1.96 * 0.05), abs=0.004)
    assert profile.verdict == "identified"
    assert found.changes(found.best)["p0"] == pytest.approx(0.4, abs=0.01)


def test_what_no_moment_moves_with_is_not_identified() -> None:
    found, known = searched({"y": (1.0, 0.0)}, {"y": 0.4}, 2)
    flat = surfaces(found, known).profile("p1", 1)
    assert flat.verdict == "not identified"
    assert (flat.low, flat.high) == (0.0, 1.0)
    assert np.max(flat.above) < 0.01


def test_two_parameters_of_which_only_the_sum_counts_are_told_apart_by_their_range_alone() -> None:
    found, known = searched({"y": (0.5, 0.5)}, {"y": 0.5}, 2)
    fitted = surfaces(found, known)
    assert [fitted.profile(f"p{n}", n).verdict for n in range(2)] == ["not identified"] * 2


def test_an_edge_of_the_range_bounds_nothing() -> None:
    found, known = searched({"y": (1.0,)}, {"y": 0.99}, 1)
    assert surfaces(found, known).profile("p0", 0).verdict == "bounded below only"


def test_a_bound_counts_above_only() -> None:
    target = FitTarget(
        name="f", what="", published=0.01, error=0.0, discrepancy=0.001, bound=True, source="", standing=""
    )
    assert target.off(0.005) == 0.0
    assert target.off(0.012) == pytest.approx(0.002)
    assert objective([target], {"f": Moment(0.012, 0.0)}) == pytest.approx(4.0)
    table = fit_table([target], {"f": Moment(0.004, 0.0)}, {"f": Moment(0.02, 0.0)})
    assert table.select("default_met", "fitted_met").row(0) == (True, False)


def test_common_luck_makes_the_objective_smooth() -> None:
    """A small step of a parameter moves the objective far less under the same luck than under other luck."""
    known = [target for target in fit_targets() if not target.held_back]
    world = small_world()
    near = [objective(known, evaluated(world, 1, {LIN: lin}, 6)) for lin in (0.55, 0.5501)]
    other = objective(known, evaluated(world, 2, {LIN: 0.55}, 6))
    assert abs(near[1] - near[0]) < 0.2 * abs(other - near[0])


def test_the_same_call_goes_on_and_evaluates_nothing_twice(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(points: int) -> None:
        if points == 5:
            raise StopError

    budget = replace(FEW, start=8, replications=2, check=2)
    again = partial(calibrate, small_world(), ranges(RATE), budget=budget)
    whole = again()
    with pytest.raises(StopError):
        again(out=tmp_path, progress=stop)
    kept = (tmp_path / POINTS).read_text()
    assert len(kept.splitlines()) == 5
    (tmp_path / POINTS).write_text(kept + '["cut sho')
    resumed = again(out=tmp_path)
    lines = (tmp_path / POINTS).read_text().splitlines()
    assert "\n".join(lines).startswith(kept)
    assert len(lines) == len({json.loads(line)[0] for line in lines}) == 1 + 8 + 2
    for name, table in whole.tables.items():
        assert_frame_equal(table, resumed.tables[name])
    again(out=tmp_path)
    assert (tmp_path / POINTS).read_text().splitlines() == lines


@pytest.mark.long
def test_workers_change_nothing() -> None:
    budget = replace(FEW, start=4, replications=2, check=2)
    one, two = (calibrate(small_world(), ranges(RATE), budget=budget, workers=n) for n in (1, 2))
    for name, table in one.tables.items():
        assert_frame_equal(table, two.tables[name])


def test_folders_of_something_else_are_refused(tmp_path: Path) -> None:
    Points(tmp_path / "a", {"seed": 1})
    with pytest.raises(CalibrationError, match="holds another calibration \\(seed differ\\)"):
        Points(tmp_path / "a", {"seed": 2})
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "letter.txt").write_text("dear")
    with pytest.raises(CalibrationError, match=r"holds no calibration, but 'letter\.txt'"):
        Points(tmp_path / "b", {})
    (tmp_path / "c").write_text("")
    with pytest.raises(CalibrationError, match="is a file"):
        Points(tmp_path / "c", {})
    (tmp_path / "a" / POINTS).write_text("no json\n")
    with pytest.raises(CalibrationError, match=f"{POINTS}:1: cannot be read"):
        Points(tmp_path / "a", {"seed": 1})


def test_worlds_that_do_not_serve_are_refused() -> None:
    with pytest.raises(CalibrationError, match="background: no incidents are drawn"):
        calibrate(load("belgrade_2015"), ranges(LIN))
    with pytest.raises(CalibrationError, match="horizon: should be two years"):
        calibrate(small_world().with_({"horizon": "400 days"}), ranges(LIN))
    with pytest.raises(ScenarioError, match="nothing named 'nobody'"):
        calibrate(small_world(), {"background.nobody.rate": Range(low=0.1, high=0.2)})


def test_values_are_found_by_path() -> None:
    world = calibration_world()
    assert value_at(world, "background.rivals.returns") == 0.6
    assert value_at(world, "model.lambda") == 20.0
    assert value_at(world, "model.clock_incident.median") == "4 days"
    assert value_at(world, "model.nothing.there") is None
    assert set(at(ranges(RATE, LIN), np.array([2.0, -1.0])).values()) == {4.0, 0.3}


def test_the_page_says_the_targets_and_scales_that_are_used() -> None:
    page = DOCUMENT.read_text(encoding="utf-8")
    assert target_table() in page
    assert scales() in page


def call(*words: str) -> Result:
    return CliRunner().invoke(app, ["calibrate", *words])


def test_the_command_prints_the_fit_and_writes_it(tmp_path: Path) -> None:
    said = call(*SMALL, "--out", str(tmp_path))
    assert said.exit_code == 0, said.output
    for words in ("political-response", "held back", "background.rivals.rate", "The default meets", "In this model"):
        assert words in said.stdout
    document = json.loads(call(*SMALL, "--out", str(tmp_path), "--json").stdout)
    assert document == json.loads((tmp_path / "found.json").read_text())
    assert document["evaluated"] == 8
    assert len(document["fit"]) == len(fit_targets()) == len(pl.read_csv(tmp_path / "fit.csv"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--parameters", "nosuch"), "--parameters: nosuch: is no parameter of the model"),
        (("--parameters", "lin=0.9..0.1"), "the lower bound should be below the upper one"),
        (("--points", "12"), "--points: 12 should be a power of two"),
        (("belgrade_2015", "--parameters", "lin"), "background: no incidents are drawn"),
        (("nosuch.yaml",), "nosuch.yaml"),
        (("--set", "model.lin=oops"), "model.lin"),
    ],
)
def test_wrong_input_ends_with_one_located_error(words: tuple[str, ...], told: str) -> None:
    said = call(*words)
    assert said.exit_code == 2, said.output
    assert told in said.stderr
    assert "Traceback" not in said.output
