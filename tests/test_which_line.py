"""Which line matters: lines that arms cut and add, what each is worth, and that a planted one is found."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.stats import norm
from typer.testing import CliRunner, Result

from simcrisis import BatchError, Scenario, load, run
from simcrisis.batch import line_arms
from simcrisis.batch.lines import line_design, lines_that_matter
from simcrisis.batch.plan import plan
from simcrisis.cli.app import app
from simcrisis.engine.compiler import compile_world
from simcrisis.report.lines import sentences
from simcrisis.scenario.lines import lines_of
from tests.happened import decided, happened
from tests.planted import ANSWERS, FIRST, PAIR, PLANTED, RIVAL, ranked_first


@pytest.fixture(scope="module")
def planted() -> Scenario:
    return load(PLANTED)


def test_the_planted_line_is_ranked_first(planted: Scenario) -> None:
    assert ranked_first(planted, 5, arm="policy", kinds=["policy"]) == 5


@pytest.mark.long
def test_the_planted_line_is_ranked_first_in_95_of_100_repetitions(planted: Scenario) -> None:
    """Among all lines of both kinds."""
    assert ranked_first(planted, 100, arm="lines") >= 95


def test_a_line_is_worth_what_it_was_made_to_be_worth(planted: Scenario) -> None:
    """An assurance comes with the answer probability, and counts where the other incident does not escalate anyway."""
    told = lines_that_matter(planted, "policy", replications=300, seed=5, cbms=[], kinds=["policy"], workers=1)
    seen = float(norm.cdf(0.0))  # the median is the time that is left
    worth = {row["line"]: row for row in told.lines.iter_rows(named=True)}
    assert seen * (1 - ANSWERS) == RIVAL
    assert worth[FIRST]["low"] < 1000 * ANSWERS * (1 - RIVAL) < worth[FIRST]["high"]
    rival = worth["policy Corland / Dunmark"]
    assert rival["low"] < 1000 * seen * ANSWERS * ANSWERS < rival["high"]
    unused = worth["policy Bexia / Dunmark"]
    assert (unused["averted_per_1000"], unused["only_without"], unused["only_with"]) == (0.0, 0, 0)
    assert unused["p_value"] == 1.0
    assert told.lines["averted_per_1000"].is_sorted(descending=True)


def test_a_line_is_worth_the_same_whether_it_is_cut_or_added(planted: Scenario) -> None:
    cut, added = (
        lines_that_matter(planted, arm, replications=80, lines=[FIRST], cbms=[], workers=1).lines
        for arm in ("pair", "none")
    )
    assert (cut["change"].item(), added["change"].item()) == ("cut", "added")
    assert cut["averted_per_1000"].item() > 0
    assert_frame_equal(cut.drop("change", "arm"), added.drop("change", "arm"), rel_tol=1e-12)


BELGRADE = {
    "none": {},
    "adopted 2": {"cbms": {2: ["Alderland", "Brevia"]}},
    "added 2": {"add": [{"kind": "technical", "between": ["Brevia", "Alderland"]}]},
    "adopted 8": {"cbms": {8: ["Alderland", "Brevia"]}},
    "added 8": {"add": [{"kind": "policy", "between": ["Alderland", "Brevia"]}]},
    "all": {"cbms": [2]},
    "all cut": {"cbms": [2], "cut": []},
}


@pytest.fixture(scope="module")
def belgrade() -> Scenario:
    """Return a scenario in which CBM 8 brings lines and nothing else, with arms that say the same in two ways."""
    data = dict(load("belgrade_2015").data)
    plain = load({**data, "effects": {"cbm8": {"yearly": "none"}}, "arms": BELGRADE})
    technical = [line.name for line in lines_of(plain, "all") if line.kind == "technical"]
    return plain.with_({"arms.all cut.cut": technical})


@pytest.mark.parametrize(("one", "other"), [("adopted 2", "added 2"), ("adopted 8", "added 8"), ("none", "all cut")])
def test_arms_that_say_the_same_in_two_ways_are_the_same_record_by_record(
    belgrade: Scenario, one: str, other: str
) -> None:
    used = False
    for replication in range(8):
        left, right, without = (run(belgrade, arm, 3, replication) for arm in (one, other, "none"))
        assert happened(left) == happened(right)
        assert decided(left) == decided(right)
        used |= happened(left) != happened(without)
    assert used or one == "none"


def test_an_added_line_can_differ_from_the_implied_one_and_shares_its_luck(belgrade: Scenario) -> None:
    slow = belgrade.with_({"arms.added 8.add": [{**BELGRADE["added 8"]["add"][0], "latency": "3 h", "name": "slow"}]})  # type: ignore[index]
    (line,) = (line for line in lines_of(slow, "added 8") if line.kind == "policy")
    (implied,) = (line for line in lines_of(slow, "adopted 8") if line.kind == "policy")
    assert (line.name, line.key, line.latency.at(2.0)) == ("slow", implied.key, 3 * 3_600_000)


def test_an_added_line_makes_no_partners_as_an_implied_one_does_not() -> None:
    item = {"kind": "technical", "between": ["Aldmark", "Dunmark"]}
    data = {**PLANTED, "arms": {"none": {}, "added": {"add": [item]}, "named": {"add": [{**item, "name": "experts"}]}}}
    none, added, named = (compile_world(load(data), arm) for arm in data["arms"])
    assert none.partners == added.partners == named.partners
    assert added.technical


def test_arms_that_add_or_cut_take_no_part_in_contrasts_of_cbms() -> None:
    arms: dict[str, Any] = {"none": {}, "two": {"cbms": [2]}, "eight": {"cbms": [8]}, "both": {"cbms": [2, 8]}}
    assert plan(load({**PLANTED, "arms": arms}), 1, 1).question.contrasts == (("two", "eight", "both"),)
    for change in ({"cut": [FIRST]}, {"add": [{"kind": "network", "between": PAIR}]}):
        changed = {**arms, "two": {"cbms": [2], **change}}
        assert plan(load({**PLANTED, "arms": changed}), 1, 1).question.contrasts == ()


def test_every_line_is_cut_and_every_absent_one_between_those_involved_is_added(planted: Scenario) -> None:
    data = {**PLANTED, "states": {**PLANTED["states"], "Estrand": {}}}
    design = line_design(load(data), "pair", cbms=[])
    told = {(each.change, each.line) for _, each in design.lines}
    pairs = ["Aldmark / Bexia", "Aldmark / Corland", "Aldmark / Dunmark", "Bexia / Corland", "Bexia / Dunmark",
             "Corland / Dunmark"]  # fmt: skip
    added = {("added", f"{kind} {pair}") for kind in ("technical", "policy") for pair in pairs} - {("added", FIRST)}
    assert told == {("cut", FIRST), *added}
    assert [each.line for _, each in design.lines][:3] == [FIRST, "technical Aldmark / Bexia", *[
        "technical Corland / Dunmark"]]  # fmt: skip
    assert design.scenario.reference == "pair"
    embassies = line_design(planted.with_({"model.diplomatic": True}), "none", kinds=["diplomatic"], cbms=[])
    assert len(embassies.lines) == 6


def test_an_absent_line_is_as_the_file_would_write_it() -> None:
    hotline = {"name": "hotline", "kind": "policy", "between": PAIR, "latency": "5 min", "rides_on": "telecom"}
    design = line_design(load({**PLANTED, "lines": [hotline]}), "none", lines=[FIRST], cbms=[])
    (line,) = (line for line in lines_of(design.scenario, "with policy Aldmark - Bexia") if line.kind == "policy")
    assert (line.latency.at(0.0), line.rides_on) == (5 * 60_000, "telecom")


def test_a_line_that_the_arm_cuts_comes_back_as_it_was() -> None:
    arms = {"less": {"cbms": [8], "cut": [FIRST, "policy Aldmark / Corland"]}}
    design = line_design(load({**PLANTED, "arms": arms}), cbms=[], lines=[FIRST])
    back = design.scenario.arms["with policy Aldmark - Bexia"]
    assert (back.cut, back.add) == (("policy Aldmark / Corland",), ())


def test_what_an_arm_sets_holds_in_all_its_variants(planted: Scenario) -> None:
    arms = {**PLANTED["arms"], "deaf": {"cbms": [8], "set": {"states.*.policy.answers": 0.0}}}
    design = line_design(load({**PLANTED, "arms": arms}), kinds=["policy"])
    assert all(design.scenario.under(arm).states["Bexia"].policy.answers == 0.0 for arm in design.scenario.arms)


def test_with_too_many_lines_those_of_incidents_come_first(planted: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_arms, "MOST_LINES", 3)
    design = line_design(planted, "policy", cbms=[])
    told = [(each.change, each.line) for _, each in design.lines]
    assert told[:2] == [("cut", FIRST), ("cut", "policy Corland / Dunmark")]
    assert told[2][1] in {"technical Aldmark / Bexia", "technical Corland / Dunmark"}
    assert design.left_out == 12 - 3


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"lines": ["policy Aldmark / Bexa"]}, "did you mean 'policy Aldmark / Bexia'"),
        ({"kinds": ["polcy"]}, "did you mean 'policy'"),
        ({"rung": 2}, "should be from 3 to 10"),
        ({"cbms": range(1, 9)}, "8 CBMs have 256 subsets"),
        ({"cbms": [77]}, "CBM 77 does not exist"),
        ({"cbms": [], "budget": 1}, "say which CBMs"),
        ({"budget": -1}, "should be a number from 0"),
        ({"budget": float("nan")}, "should be a number from 0"),
        ({"costs": {2: 1.0}}, "costs go with a budget"),
        ({"budget": 1, "costs": {3: 1.0}}, "CBM 3 is not among those"),
        ({"budget": 1, "costs": {2: -1.0}}, "should be a number from 0"),
        ({"replications": 0}, "whole number from 1"),
    ],
)
def test_what_cannot_be_told_is_said_before_anything_runs(planted: Scenario, asked: Any, problem: str) -> None:
    with pytest.raises(BatchError, match=problem):
        lines_that_matter(planted, "lines", **asked)


def test_every_subset_of_cbms_is_an_arm_and_all_else_stays(planted: Scenario) -> None:
    arms = {"base": {"cbms": {2: "all", 8: {"Aldmark": "3 days", "all": None}, 12: "all"}}}
    design = line_design(load({**PLANTED, "arms": arms}), kinds=["leader"], cbms=[2, 8])
    assert design.subsets is not None
    regimes = [design.scenario.arms[name].cbms for name in design.subsets.arms]
    assert [sorted(regime) for regime in regimes] == [[12], [2, 12], [8, 12], [2, 8, 12]]
    assert design.subsets.arms[3] == "base"
    assert regimes[2][8]["Aldmark"].since is not None
    assert line_design(planted, "none", kinds=["leader"]).subsets is None


def test_values_of_cbms_add_up_to_what_all_avert(planted: Scenario) -> None:
    told = lines_that_matter(planted, "lines", replications=60, kinds=["leader"], cbms=[2, 8, 10], budget=2, workers=1)
    assert told.cbms is not None
    assert told.design.subsets is not None
    risk = {row["arm"]: row["probability"] for row in told.batch.risk.filter(pl.col("rung") == 8).to_dicts()}
    together = risk[told.design.subsets.arms[0]] - risk[told.design.subsets.arms[-1]]
    assert float(told.cbms["averted_per_1000"].sum()) == pytest.approx(1000 * together, abs=1e-9)
    of = {row["cbm"]: row for row in told.cbms.to_dicts()}
    assert of[8]["averted_per_1000"] > 0
    assert of[2]["averted_per_1000"] == of[2]["alone_per_1000"] == 0.0  # its findings and assurances are off
    assert of[8]["alone_per_1000"] == pytest.approx(1000 * (risk[told.design.subsets.arms[0]] - risk["CBMs 8"]))
    assert told.portfolios is not None
    assert told.portfolios["cost"].max() == 2.0
    assert "8" in told.portfolios["cbms"][0]
    upset = told.portfolios.with_columns(
        apart_from_best=pl.col("cbms") == "2, 10", risk=pl.when(pl.col("cbms") == "2, 10").then(0.0).otherwise("risk")
    )
    said = " ".join(sentences(replace(told, portfolios=upset)))
    assert "did better" not in " ".join(sentences(told))
    assert "On these the choice does not stand: CBMs 2, 10 did better." in said


def call(*words: str) -> Result:
    return CliRunner().invoke(app, ["lines", *words])


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("lines") / "planted.yaml"
    path.write_text(json.dumps(PLANTED), encoding="utf-8")
    return str(path)


def test_the_command_tells_ranks_values_and_the_best_for_a_budget(file: str) -> None:
    told = call(file, "-n", "60", "--kinds", "policy", "--budget", "1", "--cost", "2=0.5", "--workers", "1")
    assert told.exit_code == 0
    assert f"The line that matters most is '{FIRST}': it averts" in told.stdout
    assert "What each CBM contributes" in told.stdout
    assert "The best that the budget pays for is CBM 8 (cost 1)" in told.stdout
    assert "In this model, under these assumptions, " in told.stdout


def test_the_document_holds_what_is_printed_and_a_folder_goes_on(file: str, tmp_path: Path) -> None:
    words = (file, "--arm", "policy", "--json", "--quiet", "--line", FIRST, "--line", "technical Aldmark / Bexia",
             "--workers", "1")  # fmt: skip
    out = str(tmp_path / "kept")
    assert call(*words, "-n", "20", "--out", out).exit_code == 0
    shards = set((tmp_path / "kept" / "shards").iterdir())
    again = call(*words, "-n", "40", "--out", out)
    assert shards <= set((tmp_path / "kept" / "shards").iterdir())
    fresh = json.loads(call(*words, "-n", "40").stdout)
    assert json.loads(again.stdout) == fresh
    assert [row["line"] for row in fresh["lines"]] == [FIRST, "technical Aldmark / Bexia"]
    assert fresh["lines"][0]["arm"] == "without policy Aldmark - Bexia"
    assert fresh["arms"] == 1 + 2 + 1  # the arm is CBM 8 already, and without it there is none
    assert fresh["sentences"][0].startswith("In this model, under these assumptions")
    refused = call(file, "--arm", "pair", "-n", "40", "--out", out)
    assert refused.exit_code == 2
    assert "holds another batch" in refused.stderr


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--cbms", "2,x"], "--cbms: 'x' is no number of a CBM"),
        (["--cost", "2"], "--cost: '2' should be a CBM and its cost"),
        (["--arm", "lins"], "no arm named 'lins'; did you mean 'lines'?"),
        (["--line", "hotline"], "no line named 'hotline'"),
    ],
)
def test_wrong_words_are_told_in_a_line(file: str, words: list[str], problem: str) -> None:
    told = call(file, *words)
    assert told.exit_code == 2
    assert problem in told.stderr
    assert told.stdout == ""
