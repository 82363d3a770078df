"""Which assumption matters: known indices, inert parameters, luck, the command, what regenerates it."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner, Result

import simcrisis as sc
from simcrisis.batch.batch import read_batch
from simcrisis.batch.design import points
from simcrisis.batch.discovery import BOXES, discover, discovered
from simcrisis.batch.plan import plan_of
from simcrisis.batch.sensitivity import Output, indexed, indices, outputs, screen, screened
from simcrisis.cli.app import app
from simcrisis.report.discovery import discovery_headline
from simcrisis.scenario.assumed import ranged
from simcrisis.scenario.experiment import Experiment, parse_factor
from simcrisis.stats import luck_share

Floats = npt.NDArray[np.float64]

ANGLE = {"low": -math.pi, "high": math.pi}


@pytest.fixture(scope="module")
def scenario() -> sc.Scenario:
    return sc.load("belgrade_2015")


def experiment(sample: str, size: int, vary: dict[str, Any]) -> Experiment:
    factors = {path: parse_factor(factor) for path, factor in vary.items()}
    return Experiment.model_validate({"vary": factors, "points": size, "sample": sample})


def output(design: Experiment, function: Callable[..., float]) -> Output:
    """Return the values of a function at the points of a design, with two replications that do not differ."""
    values = [function(*point.changes.values()) for point in points(design)]
    return Output("risk", "none", np.repeat(np.array(values, np.float64)[:, None], 2, axis=1))


def call(*words: str) -> Result:
    return CliRunner().invoke(app, ["sensitivity", *words])


SMALL = ("belgrade_2015", "--parameters", "kappa,lambda=10..30", "--arms", "none,both", "-n", "6", "--seed", "3")


def test_sobol_indices_of_the_ishigami_function_are_those_known() -> None:
    """Ishigami and Homma 1990 (a = 7, b = 0.1): the variance and its parts have closed forms."""
    design = experiment("saltelli", 1024 * 5, {"a": ANGLE, "b": ANGLE, "c": ANGLE})
    known = output(design, lambda a, b, c: math.sin(a) + 7 * math.sin(b) ** 2 + 0.1 * c**4 * math.sin(a))
    found = indexed(design, [known], 8).table
    one = 0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2
    two, with_third = 7**2 / 8, 0.1**2 * math.pi**8 * (1 / 18 - 1 / 50)
    variance = one + two + with_third
    assert found["first"].to_list() == pytest.approx([one / variance, two / variance, 0.0], abs=0.03)
    assert found["total"].to_list() == pytest.approx(
        [(one + with_third) / variance, two / variance, with_third / variance], abs=0.03
    )
    for low, value, high in found.select("total_low", "total", "total_high").rows():
        assert low <= value <= high
        assert high - low < 0.2


def test_elementary_effects_of_a_straight_function_are_its_slopes() -> None:
    """Per whole range; an interaction shows in sigma, and moves both ways."""
    vary = {"a": {"low": 0.0, "high": 2.0}, "b": {"low": 1.0, "high": 2.0}, "c": {"low": -1.0, "high": 1.0}}
    design = experiment("morris", 4 * 40, {**vary})
    found = screened(design, [output(design, lambda a, b, c: 3 * a - b)], 8).table
    assert found["mu"].to_list() == pytest.approx([6.0, -1.0, 0.0], abs=1e-5)
    assert found["mu_star"].to_list() == pytest.approx([6.0, 1.0, 0.0], abs=1e-5)
    assert found["mu_star"][2] == 0.0
    assert found["sigma"].to_list() == pytest.approx([0.0, 0.0, 0.0], abs=1e-5)
    crossed = screened(design, [output(design, lambda a, b, c: (a - 1) * c)], 8).table
    assert crossed["mu_star"][0] > 1.0
    assert abs(crossed["mu"][0]) < 0.5
    assert crossed["sigma"][0] > 1.0
    assert crossed["mu_star_low"][0] < crossed["mu_star"][0] < crossed["mu_star_high"][0]


def test_indices_of_what_never_varies_are_null() -> None:
    design = experiment("saltelli", 8 * 3, {"a": ANGLE})
    found = indexed(design, [output(design, lambda a: 0.25)], 8)
    assert found.table["total"].to_list() == [None]
    assert found.outputs["luck_share"].to_list() == [None]


def test_a_trajectory_moves_one_range_at_a_time_and_a_row_takes_one_column() -> None:
    vary = {
        "a": {"low": 0.0, "high": 1.0},
        "b": {"low": "1 h", "high": "4 h"},
        "c": {"low": 1, "high": 6, "scale": "whole"},
    }
    walk = [tuple(point.changes.values()) for point in points(experiment("morris", 4 * 5, vary))]
    for start in range(0, 20, 4):
        moved = [[n for n in range(3) if walk[k][n] != walk[k + 1][n]] for k in range(start, start + 3)]
        assert sorted(moved) == [[0], [1], [2]]
    rows = [tuple(point.changes.values()) for point in points(experiment("saltelli", 5 * 4, vary))]
    for start in range(0, 20, 5):
        first, *between, last = rows[start : start + 5]
        for n, row in enumerate(between):
            assert row == (*first[:n], last[n], *first[n + 1 :])


@pytest.mark.parametrize(
    ("sample", "size", "told"),
    [
        ("morris", 10, "a trajectory has 4 here"),
        ("morris", 4, "two or more of them"),
        ("saltelli", 24, "a row has 5 here"),
        ("saltelli", 15, "rows should be a power of two"),
    ],
)
def test_a_size_that_cannot_be_analysed_is_refused(scenario: sc.Scenario, sample: str, size: int, told: str) -> None:
    vary = {f"model.{name}": {"low": 0.1, "high": 0.9} for name in ("kappa", "reassure", "hab")}
    with pytest.raises(sc.ScenarioError, match=told):
        scenario.with_({"experiment": {"vary": vary, "points": size, "sample": sample}})


def test_the_share_of_luck_is_that_of_the_interaction() -> None:
    """Luck that all points share moves none against another; luck of each point by itself does."""
    rng = np.random.default_rng(4)
    signal, common = rng.normal(0, 1.0, 3000)[:, None], rng.normal(0, 5.0, 40)[None, :]
    assert luck_share(signal + common) == pytest.approx(0.0, abs=1e-20)
    own = rng.normal(0, math.sqrt(40 * 0.5), (3000, 40))
    share = luck_share(signal + common + own)
    assert share == pytest.approx(0.5 / (float(signal.var()) + 0.5), abs=0.02)
    alone = luck_share(own)
    assert alone is not None
    assert alone > 0.8
    assert luck_share(np.ones((3, 1)) * common) is None


@pytest.mark.parametrize(
    ("name", "path", "low", "high"),
    [
        ("kappa", "model.kappa", 0.35, 0.85),
        ("tip", "model.tip", 0.0, 0.5),
        ("lambda", "model.lambda", 10.0, 40.0),
        ("most_certain", "model.most_certain", 0.495, 0.99),
        ("findings", "model.findings", 3, 12),
        ("patience", "model.patience", "18 h", "72 h"),
        ("check", "model.check.median", "1 h", "4 h"),
        ("opening", "model.opening", -2.0, -0.5),
    ],
)
def test_a_range_is_assumed_around_the_value_of_the_scenario(
    scenario: sc.Scenario, name: str, path: str, low: Any, high: Any
) -> None:
    found = ranged(scenario, {name: None}, "morris", 2)
    assert {key: (each.low, each.high) for key, each in found.ranges.items()} == {path: (low, high)}
    assert found.assumed == (path,)
    assert found.scenario.experiment is not None
    before, after = (each.model_dump() for each in (scenario.model, found.scenario.model))
    assert before == after  # a delay that is written out is the same delay


def test_a_range_is_assumed_around_what_the_scenario_sets(scenario: sc.Scenario) -> None:
    found = ranged(
        scenario.with_({"model.lambda": 8}), {"lambda": None, "model.kappa": {"low": 0.1, "high": 0.2}}, "morris", 2
    )
    assert found.ranges["model.lambda"].high == 16.0
    assert found.assumed == ("model.lambda",)


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ("kapa", "kapa: is no parameter of the model; did you mean 'kappa'?"),
        ("answers", "write states.*.cert.answers=LOW..HIGH or states.*.policy.answers=LOW..HIGH"),
        ("time", "time: has levels or parts, and no range"),
        ("rule", "rule: has levels or parts, and no range"),
        ("script", "script: has levels or parts, and no range"),
        ("det", "det: is 0, and half to twice that is no range"),
        ("model.kappa", "model.kappa: a path needs a range"),
        ("kappa,kappa=0.1..0.3", "kappa: is there twice"),
        ("kappa,model.kappa=0.1..0.3", "model.kappa: is there twice"),
        ("kappa,", "a name is missing between commas"),
        ("kappa=0.1", "kappa: should have a range"),
        ("kappa=0.1..2", "model.kappa: '2.0' should be at most 1"),
        ("kappa=0.5..", "kappa: a range is LOW..HIGH"),
        ("dx=0..1 log", "model.dx: on a log scale the lower bound should be above 0"),
        ("states.*.policy.answer=0.2..0.9", "did you mean 'answers'?"),
    ],
)
def test_what_cannot_be_varied_is_refused_in_words(parameters: str, told: str) -> None:
    found = call("belgrade_2015", "--parameters", parameters)
    assert found.exit_code == 2
    assert found.stderr.startswith("--parameters: ")
    assert told in found.stderr
    assert found.stdout == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--method", "sobol", "--rows", "6"), "rows should be a power of two"),
        (("--threshold", "1"), "--threshold and --density are of --method prim"),
        (("--arms", "none,bothe"), "did you mean 'both'?"),
        (
            ("--method", "prim", "--arms", "none", "-n", "2", "--points", "2"),
            "run the reference and at least one other",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused_in_words(words: tuple[str, ...], told: str) -> None:
    found = call("belgrade_2015", "--parameters", "kappa", *words)
    assert found.exit_code == 2
    assert told in found.stderr
    assert "Traceback" not in found.stderr


def test_without_salib_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "SALib"]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, "SALib", None)
    found = call(*SMALL, "--out", str(tmp_path / "kept"))
    assert found.exit_code == 2
    assert found.stderr == 'SALib is not installed: pip install "simcrisis[sensitivity]"\n'
    assert not (tmp_path / "kept").exists()


@pytest.fixture(scope="module")
def screening(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Return the folder and the document of a small screening; `police_finds` is inert, as nobody asks the police."""
    out = tmp_path_factory.mktemp("screening") / "kept"
    words = (*SMALL, "--parameters", "police_finds", "--trajectories", "3", "--out", str(out), "--json")
    found = call(*words)
    assert found.exit_code == 0, found.stderr
    return out, json.loads(found.stdout)


def test_a_screening_is_printed_with_ranges_luck_and_standing(screening: tuple[Path, dict[str, Any]]) -> None:
    _, document = screening
    assert document["standing"] == "In this model, under these assumptions"
    assert document["headline"].startswith("In this model, under these assumptions, ")
    assert document["points"] == 3 * 4
    assert [(row["parameter"], row["assumed"]) for row in document["ranges"]] == [
        ("model.kappa", True), ("model.lambda", False), ("model.police_finds", True),
    ]  # fmt: skip
    assert [(row["output"], row["arm"]) for row in document["outputs"]] == [
        ("risk", "none"), ("risk", "both"), ("effect", "both"),
    ]  # fmt: skip
    assert len(document["table"]) == 9
    assert all(0.0 <= row["luck_share"] <= 1.0 for row in document["outputs"])


def test_a_parameter_that_nothing_hangs_on_has_no_effect_at_all(screening: tuple[Path, dict[str, Any]]) -> None:
    """Exactly none, since all points share their luck; another one has some."""
    figures = ("mu_star", "mu_star_low", "mu_star_high", "mu", "sigma")
    for row in screening[1]["table"]:
        if row["parameter"] == "model.police_finds":
            assert [row[name] for name in figures] == [0.0] * 5
        if row["parameter"] == "model.lambda":
            assert row["mu_star"] > 0.0


def test_outputs_are_means_of_compensators_and_of_paired_differences(screening: tuple[Path, dict[str, Any]]) -> None:
    batch = read_batch(screening[0])
    for known in outputs(batch, 6):
        runs = batch.runs.pivot("arm", index=("point", "replication"), values="chance_6")
        wanted = runs[known.arm] - (runs["none"] if known.kind == "effect" else 0.0)
        by_point = (
            runs.with_columns(wanted.alias("wanted")).group_by("point").agg(pl.col("wanted").mean()).sort("point")
        )
        assert known.means.tolist() == pytest.approx(by_point["wanted"].to_list(), abs=1e-15)
    with pytest.raises(sc.BatchError, match="rung: 2 should be from 3 to 10"):
        screen(batch, 2)


def test_the_manifest_regenerates_a_screening(screening: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    out, document = screening
    manifest = json.loads((out / "manifest.json").read_text())
    assert len(plan_of(manifest).points) == 12
    again = CliRunner().invoke(app, ["batch", "--from", str(out / "manifest.json"), "--out", str(tmp_path / "again")])
    assert again.exit_code == 0, again.stderr
    one, other = (screen(read_batch(folder)) for folder in (out, tmp_path / "again"))
    assert_frame_equal(one.table, other.table, check_exact=True)
    assert one.table.to_dicts() == document["table"]


def test_the_same_command_goes_on_and_another_rung_runs_nothing_again(
    screening: tuple[Path, dict[str, Any]],
) -> None:
    out, document = screening
    shards = {path.name: path.stat().st_mtime_ns for path in (out / "shards").iterdir()}
    lost = sorted((out / "shards").glob("00005-*.runs.parquet"))
    for path in lost:
        os.unlink(path)
    words = (*SMALL, "--parameters", "police_finds", "--trajectories", "3", "--out", str(out), "--json")
    assert json.loads(call(*words).stdout)["table"] == document["table"]
    assert json.loads(call(*words, "--rung", "4").stdout)["rung"] == 4
    after = {path.name: path.stat().st_mtime_ns for path in (out / "shards").iterdir()}
    changed = {name for name in after if after[name] != shards.get(name)}
    assert changed
    assert all(name.startswith("00005-") for name in changed)


def test_the_terminal_shows_the_most_important_first(screening: tuple[Path, dict[str, Any]]) -> None:
    out, document = screening
    shown = call(*SMALL, "--parameters", "police_finds", "--trajectories", "3", "--out", str(out)).stdout
    of_risk = [row for row in document["table"] if (row["output"], row["arm"]) == ("risk", "none")]
    first = max(of_risk, key=lambda row: float(row["mu_star"]))
    block = shown.split("Risk of rung 8 or above")[1]
    lines = [line for line in block.splitlines() if line.strip().startswith("model.")]
    assert lines[0].split()[0] == first["parameter"]
    assert lines[-1].split()[:2] == ["model.police_finds", "0.2..0.7"]
    assert "0 (0 to 0)" in lines[-1]
    assert "* Range assumed" in shown
    assert "In this model, under these assumptions" in shown


def test_sobol_end_to_end() -> None:
    found = call(*SMALL, "--method", "sobol", "--rows", "2", "--json")
    assert found.exit_code == 0, found.stderr
    document = json.loads(found.stdout)
    assert document["points"] == 2 * 4
    assert {"first", "first_low", "first_high", "total", "total_low", "total_high"} <= set(document["table"][0])
    assert "% of variance" in call(*SMALL, "--method", "sobol", "--rows", "2").stdout


def test_prim_end_to_end(tmp_path: Path) -> None:
    """What the command says of its box is counted again, from the runs; harm is what is above the median."""
    words = (*SMALL, "--method", "prim", "--points", "20", "-n", "5", "--rung", "4", "--out", str(tmp_path / "b"))
    assert call(*words).exit_code == 0
    batch = read_batch(tmp_path / "b")
    by = ("point", "model.kappa", "model.lambda")
    runs = batch.runs.pivot("arm", index=(*by, "replication"), values="chance_4")
    effects = runs.group_by(by).agg(effect=(pl.col("both") - pl.col("none")).mean())
    middle = float(effects["effect"].quantile(0.5, "midpoint") or 0.0)
    found = call(*words, "--threshold", f"{100 * middle}", "--json")
    assert found.exit_code == 0, found.stderr
    document = json.loads(found.stdout)
    (box,) = document["boxes"]
    assert (box["points"], box["cases"]) == (20, 10)
    inside = effects
    ranges = {row["parameter"]: row for row in document["ranges"]}
    assert document["restrictions"]
    for row in document["restrictions"]:
        within = ranges[row["parameter"]]
        share = (pl.col(row["parameter"]) - within["low"]) / (within["high"] - within["low"])
        inside = inside.filter(share.is_between(row["low_share"], row["high_share"]))
    harmed = inside.filter(pl.col("effect") > middle)
    assert (box["inside"], box["cases_inside"]) == (len(inside), len(harmed))
    assert (box["coverage"], box["density"]) == (len(harmed) / 10, len(harmed) / len(inside))
    assert sum(row["taken"] for row in document["trajectory"]) == 1
    shown = " ".join(call(*words, "--threshold", f"{100 * middle}").stdout.split())
    assert "at 10 of 20 points" in shown
    assert "In this model, under these assumptions: 'both' adds more than" in shown
    told = f"at {len(harmed)} of the {len(inside)} points where model."
    lucky = "at none of them clear of luck, so where it does is not told"
    assert (told if box["clear_cases"] else lucky) in shown
    of_box = replace(
        discover(batch, 4, threshold=middle), boxes=pl.DataFrame([{**box, "clear_cases": 3}], schema=BOXES)
    )
    assert told in discovery_headline(of_box)


def test_a_box_is_told_in_the_values_of_its_ranges() -> None:
    vary = {
        "a": {"low": "1 h", "high": "100 h", "scale": "log"},
        "b": {"low": 1, "high": 4, "scale": "whole"},
        "c": {"low": 0.0, "high": 1.0},
    }
    design = experiment("latin_hypercube", 300, vary)

    def effect(a: str, b: int, c: float) -> float:
        return 0.1 if b >= 3 and float(a.removesuffix(" h")) < 10 else -0.1

    known = output(design, effect)._replace(kind="effect", arm="both")
    found = discovered(design, [known], 8, dense=0.95)
    rows = {row["parameter"]: row for row in found.restrictions.iter_rows(named=True)}
    assert set(rows) == {"a", "b"}
    assert (rows["b"]["low"], rows["b"]["high"]) == ("3", None)
    assert rows["b"]["low_share"] == pytest.approx(0.5, abs=1e-12)  # between two numbers, wherever the points lie
    assert rows["a"]["low"] is None
    assert float(rows["a"]["high"].removesuffix(" h")) == pytest.approx(10.0, rel=0.15)
    assert found.boxes["cases"].to_list() == found.boxes["clear_cases"].to_list()
    nowhere = discovered(design, [known], 8, threshold=0.2)
    assert nowhere.boxes.select("cases", "coverage").rows() == [(0, None)]
    assert len(nowhere.restrictions) == len(nowhere.trajectory) == 0


def test_a_batch_of_another_design_is_refused(scenario: sc.Scenario) -> None:
    plain = sc.run_batch(scenario, 2, 3, arms=["none"])
    for analyse, wanted in ((screen, "morris"), (indices, "saltelli"), (discover, "latin_hypercube or sobol")):
        with pytest.raises(sc.BatchError, match=f"ranges only, with sample: {wanted}"):
            analyse(plain)
