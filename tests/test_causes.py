"""`why` and `compare`: complete chains, changes that work, the first difference."""

from __future__ import annotations

import json
import math

import polars as pl
import pytest
from typer.testing import CliRunner

from simcrisis import load, run, run_batch
from simcrisis.batch.counterfactual import chain, nearest_change, peak_of, rerun
from simcrisis.batch.run import Run
from simcrisis.cli.app import app
from simcrisis.draws import Luck
from simcrisis.engine.occasions import messages
from simcrisis.events import NOBODY, Kind
from simcrisis.report.compare import compare
from simcrisis.report.why import evidence, explain
from simcrisis.rules.belief import logistic
from simcrisis.scenario import shipped


@pytest.fixture(scope="module")
def escalated() -> list[Run]:
    """Ten runs of belgrade_2015 that cross the firebreak, two from each arm that has them, then the next."""
    batch = run_batch(load("belgrade_2015"), 300, 1, workers=1)
    crossed = batch.runs.filter("crossed_firebreak").select("arm", "replication").rows()
    chosen = [pair for arm in batch.arms for pair in [p for p in crossed if p[0] == arm][:2]]
    chosen += [pair for pair in crossed if pair not in chosen]
    return [batch.replay(replication, arm) for arm, replication in chosen[:10]]


def test_chains_are_complete_from_strike_to_peak(escalated: list[Run]) -> None:
    assert len(escalated) == 10
    for told in escalated:
        links = [told.log.records[seq] for seq in chain(told)]
        assert links[0].kind is Kind.STRIKE
        assert links[0].cause_seq == -1
        assert links[-1].kind is Kind.DECISION
        assert links[-1].value == peak_of(told.log) >= 8
        for seq, record in zip(chain(told), links[1:], strict=False):
            assert record.cause_seq == seq


def test_each_named_message_changed_keeps_the_run_below_the_firebreak(escalated: list[Run]) -> None:
    named = 0
    for told in escalated:
        change = nearest_change(told, 8)
        if change is None:
            continue
        named += 1
        again = rerun(told, change.message.occasion, change.score)
        assert peak_of(again) == change.peak < 8
        before = told.log.records[: change.message.seq]
        assert again.records[: len(before)] == before
    assert named >= 8


def test_the_change_is_the_least_that_works(escalated: list[Run]) -> None:
    told = escalated[0]
    change = nearest_change(told, 8)
    assert change is not None
    was = Luck(told.seed, told.replication).normal(*change.message.occasion)
    assert peak_of(rerun(told, change.message.occasion, was)) >= 8
    nearly = was + (change.score - was) * 0.9
    assert peak_of(rerun(told, change.message.occasion, nearly)) >= 8
    assert change.distance == abs(change.score - was)


def test_every_message_that_is_listed_hangs_on_a_draw_of_the_run(escalated: list[Run]) -> None:
    """Replacing a message's draw by what it was changes nothing; moving it far changes the log of some run."""
    moved = 0
    for told in escalated[:3]:
        for message in list(messages(told.world, told.log, Luck(told.seed, told.replication)))[:40]:
            was = Luck(told.seed, told.replication).normal(*message.occasion)
            assert rerun(told, message.occasion, was).records == told.log.records
            moved += rerun(told, message.occasion, -4.0 if was > 0 else 4.0).records != told.log.records
    assert moved > 60


@pytest.mark.parametrize("name", sorted(name for name in shipped() if name != "osce_wide"))
def test_the_parts_of_a_belief_add_up_to_it(name: str) -> None:
    scenario, decisions = load(name), 0
    for arm in scenario.arms:
        for replication in range(12):
            told = run(scenario, arm, 1, replication)
            for decision in told.log.decisions:
                if decision.about != NOBODY:
                    whole = math.fsum(evidence(told, decision).values())
                    assert logistic(whole) == pytest.approx(decision.belief, abs=1e-9)
                    decisions += 1
    assert decisions > 50


def test_a_run_without_acts_has_nothing_to_explain() -> None:
    quiet = run(load("belgrade_2015").with_({"incidents": []}), "both")
    assert explain(quiet).sentence == "No State acted in public: there is nothing to explain."


def test_arms_part_at_the_first_record_that_differs() -> None:
    scenario = load("belgrade_2015")
    left, right = run(scenario, "none", 1, 5), run(scenario, "cbm8", 1, 5)
    told = compare(left, right)
    assert told.parted is not None
    a, b = told.parted
    assert a is not None
    assert b is not None
    assert left.log.records[: min(a, b)] == [
        r._replace(line=left.log.records[n].line) for n, r in enumerate(right.log.records[: min(a, b)])
    ]
    assert "The runs part here" in told.sentence
    assert [row.left.seq for row in told.rows if row.left] == list(range(len(left.log.records)))
    assert [row.right.seq for row in told.rows if row.right] == list(range(len(right.log.records)))


def test_an_arm_does_not_differ_from_itself() -> None:
    scenario = load("belgrade_2015")
    told = compare(run(scenario, "both", 1, 5), run(scenario, "both", 1, 5))
    assert told.parted is None
    assert all(row.common for row in told.rows)


def test_commands(escalated: list[Run]) -> None:
    call = CliRunner().invoke
    which = ["belgrade_2015", "--arm", escalated[0].arm, "--replication", str(escalated[0].replication)]
    document = json.loads(call(app, ["why", *which, "--json"]).stdout)
    assert document["peak"] >= 8
    assert document["chain"][0]["text"].startswith("is hit by")
    assert document["change"]["peak"] < 8
    text = call(app, ["why", *which]).stdout
    assert "What triggered what" in text
    assert "the run would have peaked at rung" in text
    document = json.loads(call(app, ["compare", "belgrade_2015", "--arms", "none,cbm2", "--json"]).stdout)
    assert document["parted"]
    assert "The runs part here" in call(app, ["compare", "belgrade_2015"]).stdout
    assert call(app, ["compare", "belgrade_2015", "--arms", "none"]).exit_code == 2


def test_risk_of_the_runs_chosen_is_what_the_batch_says(escalated: list[Run]) -> None:
    for told in escalated[:2]:
        assert told.outcome.select(pl.col("peak_rung") >= 8).item()
