"""From workshops to research: decisions pooled, and a doctrine fitted to them that a scenario can use."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from ruamel.yaml import YAML
from scipy.stats import binom
from typer.testing import CliRunner, Result

import simcrisis as sc
from simcrisis.catalogue import gravities
from simcrisis.cli.app import app
from simcrisis.engine.compiler import compile_world
from simcrisis.errors import ExerciseError
from simcrisis.exercise.back.doctrine import Doctrine, Verdict, fit, fit_file, fragment, rounded
from simcrisis.exercise.back.likelihood import LINEAR, PARAMETERS, Best, catalogue_value, data_of, log_likelihood
from simcrisis.exercise.back.pooling import pool, read_pool, write_pool
from simcrisis.exercise.saved import pack_in
from simcrisis.rules.doctrines.logit import logit
from simcrisis.rules.situation import Situation, open_to
from tests.exercise_back import answered, bare, decisions_of, fill

SIMULATED = 500
DATA = (("belgrade_2015", "both"), ("upward_spiral", "procedures"), ("sixteen_measures", "all"))
DECISIONS = [
    "arm", "replication", "seq", "case", "hour", "actor", "about", "belief", "culpable", "severity", "tension",
    "rung_before", "pending", "act", *(f"chance_{rung}" for rung in range(3, 11)), "private", "of_incident", "silence",
]  # fmt: skip


@cache
def simulated(name: str, arm: str, seed: int, count: int = SIMULATED) -> pl.DataFrame:
    """Return decisions that the model has taken, with the catalogue's parameters."""
    scenario, found = sc.load(name), 0
    tables: list[pl.DataFrame] = []
    while found < count:
        decisions = sc.run(scenario, arm, seed, len(tables)).decisions
        tables.append(decisions.with_columns(pl.col(pl.Categorical).cast(pl.String)))
        found += len(decisions)
    return pl.concat(tables).head(count)


def covers(found: Doctrine, name: str, truth: float) -> bool:
    """Return whether the bounds of a parameter hold the truth."""
    each = next(each for each in found.estimates if each.name == name)
    return each.verdict is Verdict.HELD or ((each.low or 0.0) <= truth and (each.high is None or truth <= each.high))


@pytest.fixture(scope="module")
def fitted() -> Doctrine:
    return fit(simulated(*DATA[0], 1))


def test_a_doctrine_fitted_to_500_simulated_decisions_recovers_its_parameters(fitted: Doctrine) -> None:
    assert fitted.decisions == SIMULATED
    assert [each.name for each in fitted.estimates] == list(PARAMETERS)
    told = {each.name: each for each in fitted.estimates}
    for name in PARAMETERS:
        assert covers(fitted, name, catalogue_value(name)), told[name]
    assert told["fire"].verdict is Verdict.HELD  # nobody stood before a threshold
    assert told["fire"].value == catalogue_value("fire")
    for name in ("lambda", "ten", "wrong", "lin", "prop"):
        each = told[name]
        assert each.verdict is Verdict.FITTED
        assert each.low is not None
        assert each.high is not None
        assert 0.0 < each.low < each.value < each.high
        assert each.error is not None
        assert 2.0 * each.error < each.high - each.low < 8.0 * each.error
    assert fitted.of_chance < fitted.log_likelihood < 0.0


@pytest.mark.long
def test_bounds_hold_the_truth_as_often_as_they_say() -> None:
    """Eight parameters in 36 sets of data: each is covered so often that 95 % is not ruled out at 1 in 1,000."""
    hits, tried = Counter[str](), Counter[str]()
    for name, arm in DATA:
        for seed in range(100, 112):
            found = fit(simulated(name, arm, seed))
            for each in found.estimates:
                if each.verdict is not Verdict.HELD:
                    tried[each.name] += 1
                    hits[each.name] += covers(found, each.name, catalogue_value(each.name))
    for name in PARAMETERS:
        assert binom.cdf(hits[name], tried[name], 0.95) > 0.001, (name, hits[name], tried[name])
    assert sum(hits.values()) / sum(tried.values()) > 0.90


def test_the_likelihood_is_that_of_the_rule() -> None:
    decisions = simulated(*DATA[1], 2)
    data = data_of(decisions, "belief")
    world = compile_world(sc.load(DATA[1][0]), DATA[1][1], None)
    by_rule = 0.0
    for row in decisions.iter_rows(named=True):
        named = row["about"] is not None
        facing = Situation(row["belief"], row["severity"], row["tension"], row["rung_before"], 10 if named else 3)
        chances = open_to(logit(facing, world.states[0].weights, gravities()), facing.highest)
        by_rule += math.log(chances[row["act"]])
    b = np.array([catalogue_value(name) for name in LINEAR])
    b[1:] *= b[0]
    assert log_likelihood(data, b, catalogue_value("hab"))[0] == pytest.approx(by_rule, rel=1e-9)


def test_the_gradient_is_that_of_the_likelihood() -> None:
    data = data_of(simulated(*DATA[2], 3), "belief")
    b, hab, step = np.array([20.0, 30.0, 15.0, 12.0, 11.0, 3.0, 70.0]), 0.83, 1e-5
    _, by_b, by_hab = log_likelihood(data, b, hab)
    for n in range(len(b)):
        aside = np.zeros(len(b))
        aside[n] = step
        slope = (log_likelihood(data, b + aside, hab)[0] - log_likelihood(data, b - aside, hab)[0]) / (2 * step)
        assert by_b[n] == pytest.approx(slope, rel=1e-4, abs=1e-4)
    slope = (log_likelihood(data, b, hab + step)[0] - log_likelihood(data, b, hab - step)[0]) / (2 * step)
    assert by_hab == pytest.approx(slope, rel=1e-4)
    assert Best(b, hab, 0.0).of("ten") == 1.5


def test_a_scenario_can_use_what_was_fitted(fitted: Doctrine, tmp_path: Path) -> None:
    text = fragment(fitted)
    data = YAML(typ="safe").load(text)
    assert list(data) == ["model"]
    plain = dict(sc.load("belgrade_2015").data)
    scenario = sc.load({**plain, "model": {**plain.get("model", {}), **data["model"]}})
    run = sc.run(scenario, "both", 1, 0)
    weights = run.world.states[0].weights
    for each in fitted.estimates:
        field = "rationality" if each.name == "lambda" else each.name
        assert getattr(weights, field) == pytest.approx(each.value, rel=1e-3)
    assert run.log.decisions
    rule = {"doctrine": {name: value for name, value in data["model"].items() if name != "script"}}
    for_one = sc.load({**plain, "states": {**plain["states"], "Brevia": {**plain["states"]["Brevia"], **rule}}})
    assert compile_world(for_one, "both", None).states[1].weights.ten == pytest.approx(data["model"]["ten"])
    assert "not identified; held at the catalogue's value" in text


def test_what_the_decisions_do_not_tell_is_said() -> None:
    quiet = simulated(*DATA[0], 1).with_columns(tension=pl.lit(0.0), rung_before=pl.lit(0))
    told = {each.name: each for each in fit(quiet).estimates}
    for name in ("ten", "hab", "fire"):
        if name != "fire":
            assert told[name].verdict is Verdict.HELD
            assert told[name].value == catalogue_value(name)
    assert told["lambda"].verdict is not Verdict.HELD


def test_tables_that_choose_at_random_have_a_lambda_near_nothing() -> None:
    decisions = simulated(*DATA[0], 1).filter(pl.col("about").is_not_null())
    random = decisions.with_columns(act=pl.Series(np.random.default_rng(5).integers(0, 11, len(decisions))))
    found = fit(random)
    rationality = found.estimates[0]
    assert rationality.high is not None
    assert rationality.high < 8.0
    assert found.log_likelihood - found.of_chance < 12.0


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda t: t.drop("act", "severity"), "columns are missing: act, severity"),
        (lambda t: t.head(19), "19 are too few to fit a doctrine to; 20 is the least"),
        (lambda t: t.with_columns(belief=pl.lit(1.2)), "'belief' should be from 0 to 1 in every row"),
        (lambda t: t.with_columns(act=pl.lit(11)), "'act' should be from 0 to 10 in every row"),
        (
            lambda t: t.with_columns(tension=pl.lit("much")),
            "act, belief, severity, tension and rung_before should be numbers",
        ),
        (lambda t: t.with_columns(severity=pl.lit(None, pl.Float64)), "'severity' should be from 0 to 5 in every row"),
        (
            lambda t: t.with_columns(about=pl.lit(None, pl.String), act=pl.lit(4)),
            "0 are too few to fit a doctrine to; 20 is the least",
        ),
    ],
)
def test_tables_of_decisions_that_make_no_sense_are_refused(change: object, problem: str, tmp_path: Path) -> None:
    assert callable(change)
    change(simulated(*DATA[0], 1)).write_parquet(tmp_path / "t.parquet")
    with pytest.raises(ExerciseError) as raised:
        fit_file(tmp_path / "t.parquet")
    assert str(raised.value) == f"{tmp_path / 't.parquet'}: decisions: {problem}"


def test_steps_that_the_rule_does_not_know_are_left_out_and_counted() -> None:
    table = simulated(*DATA[0], 1).head(60).with_columns(pl.col("act").cast(pl.Int64))
    strange = table.head(2).with_columns(about=pl.lit(None, pl.String), act=pl.lit(4, pl.Int64))
    found, data = data_of(pl.concat([table, strange]), "belief"), data_of(table, "belief")
    assert (len(found.act), found.left_out, data.left_out) == (60, 2, 0)
    assert (found.act == data.act).all()
    assert fit(pl.concat([table, strange])).left_out == 2


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three workshops on two packs; what was typed is what the model would have done, and how sure it was."""
    found = []
    for n, replication in enumerate((192, 53, 192)):
        pack = bare(tmp_path_factory.mktemp("w") / f"workshop{n % 2}", replication)
        fill(pack, lambda inject, d: {"rung": min(d.act, 3) if inject.number == 11 else d.act, "belief": 50})
        answered(pack)
        found.append(pack)
    return found


def test_pooled_decisions_have_the_columns_of_decisions_and_more(packs: list[Path], tmp_path: Path) -> None:
    table = pool(packs)
    assert set(DECISIONS) < set(table.columns)
    assert table.columns[:6] == ["workshop", "pack", "table", "card", "move", "status"]
    assert table["workshop"].unique(maintain_order=True).to_list() == [
        f"{packs[0].parent.name}/workshop0",
        "workshop1",
        f"{packs[2].parent.name}/workshop0",
    ]
    assert table["pack"].n_unique() == 2
    assert (table["table"] == table["actor"]).all()
    assert (table["belief_table"] == 0.5).all()

    run = pack_in(packs[0])[1].run
    decided = decisions_of(pack_in(packs[0])[1])
    for row in table.filter(workshop=f"{packs[0].parent.name}/workshop0").iter_rows(named=True):
        of = run.decisions.filter(pl.col("seq") == row["seq"]).row(0, named=True)
        assert {name: row[name] for name in DECISIONS if name not in ("act", "private")} == {
            name: of[name] for name in DECISIONS if name not in ("act", "private")
        }
        story = decided[row["card"]][1].act
        assert row["act_story"] == story
        assert row["act"] == (min(story, 3) if row["card"] == 11 else story)
        assert row["private"] is (row["act"] < 3)
    assert (table["act"] != table["act_story"]).any()
    for name in ("pool.csv", "pool.parquet"):
        write_pool(table, tmp_path / name)
        assert read_pool(tmp_path / name).select("act", "card", "table").rows() == table.select(
            "act", "card", "table").rows()  # fmt: skip


def test_nothing_that_was_written_is_pooled(packs: list[Path]) -> None:
    assert {"reasons", "channel", "change", "dissent"}.isdisjoint(pool(packs).columns)


def _call(*words: str) -> Result:
    return CliRunner().invoke(app, ["exercise", *words])


def test_the_commands_pool_and_fit(packs: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "pool.csv"
    done = _call("pool", *map(str, packs), "--out", str(out))
    assert done.exit_code == 0
    assert "22 decisions of 3 workshops in" in done.stderr
    fitted = _call("fit", str(out), "--out", str(tmp_path / "d.yaml"), "--json")
    assert fitted.exit_code == 0, fitted.stderr
    document = json.loads(fitted.stdout)
    assert document["decisions"] == 22
    assert set(document["parameters"]) == set(PARAMETERS)
    assert YAML(typ="safe").load((tmp_path / "d.yaml").read_text())["model"]["rule"] == "logit"
    printed = _call("fit", str(out), "--belief", "story")
    assert "In this model, under these assumptions" in printed.stdout
    for words, problem in (
        (["fit", str(tmp_path / "none.csv")], "none.csv: is not there"),
        (["fit", str(out), "--belief", "mine"], "belief: 'mine' is none; there are table, story"),
        (["pool", str(packs[0]), "--out", str(tmp_path / "x.txt")], "x.txt: should end in .csv or .parquet"),
        (["pool", str(tmp_path), str(packs[0]), "--out", str(out)], "pack.json: is not there"),
        (["pool", str(packs[0]), f"{packs[0]}/../workshop0", "--out", str(out)], "workshop0: is named twice"),
    ):
        wrong = _call(*words)
        assert (wrong.exit_code, wrong.stderr.count("\n")) == (2, 1), wrong.stderr
        assert problem in wrong.stderr


def test_what_counts_as_nothing_is_printed_as_0(fitted: Doctrine) -> None:
    first = replace(fitted.estimates[0], low=7.139e-18)
    assert rounded(replace(fitted, estimates=(first,))).estimates[0].low == 0.0


def test_late_decisions_count_only_if_asked_for(tmp_path: Path) -> None:
    table = simulated(*DATA[0], 1).head(60).with_columns(status=pl.when(pl.col("seq") % 2 == 0).then(pl.lit("late"))
                                                         .otherwise(pl.lit("given")))  # fmt: skip
    table.write_parquet(tmp_path / "t.parquet")
    given = len(table.filter(pl.col("status") == "given"))
    assert fit_file(tmp_path / "t.parquet").decisions == given < 60
    assert fit_file(tmp_path / "t.parquet", late=True).decisions == 60
