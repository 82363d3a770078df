"""The engine, one mechanism at a time, and what must never move a run."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from simcrisis import ScenarioError, load
from simcrisis.batch.run import Run, run
from simcrisis.events import EventLog, Kind, Record
from simcrisis.rules.belief import logistic
from simcrisis.scenario import Scenario
from simcrisis.units import HOUR
from tests.laws.settings import GUILTY, ONE_DYAD

SURE_TO_ASK = {"states.*.policy.asks": 1.0}


def dyad(**changes: Any) -> Scenario:
    return load(ONE_DYAD).with_({**SURE_TO_ASK, **{key.replace("__", "."): value for key, value in changes.items()}})


def with_(scenario: Scenario, changes: dict[str, Any]) -> Scenario:
    return scenario.with_({**SURE_TO_ASK, **changes})


def of(log: EventLog, *kinds: Kind) -> list[Record]:
    return [record for record in log.records if record.kind in kinds]


def runs(scenario: Scenario, arm: str, n: int = 40) -> list[Run]:
    return [run(scenario, arm, 1, replication) for replication in range(n)]


FINGERPRINT = """
import hashlib, simcrisis
scenario = simcrisis.load("belgrade_2015")
text = "".join(repr((tuple(r) for r in ())) and repr([tuple(r) for r in simcrisis.run(scenario, arm, 5, 9).log.records])
               for arm in scenario.arms)
print(hashlib.sha256(text.encode()).hexdigest())
"""


@pytest.mark.parametrize("hash_seed", ["0", "1", "4242"])
def test_a_run_is_the_same_in_another_process_with_another_hash_seed(hash_seed: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", FINGERPRINT],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    scenario = load("belgrade_2015")
    text = "".join(repr([tuple(r) for r in run(scenario, arm, 5, 9).log.records]) for arm in scenario.arms)
    assert told.stdout.strip() == hashlib.sha256(text.encode()).hexdigest()


def test_the_order_of_a_file_and_the_names_of_states_with_keys_move_nothing() -> None:
    data = dict(load("belgrade_2015").data)
    shuffled = {key: data[key] for key in reversed(data)}
    shuffled["states"] = {name: data["states"][name] for name in reversed(data["states"])}
    shuffled["incidents"] = list(reversed(data["incidents"]))
    shuffled["relations"] = list(reversed(data["relations"]))
    renamed = load(data)
    text = str(dict(renamed.data)).replace("Brevia", "Zeltan")
    other = dict(eval(text))
    other["states"]["Zeltan"] = {**other["states"]["Zeltan"], "key": "Brevia"}
    for replication in range(20):
        expected = run(load(data), "both", 1, replication).log.records
        assert run(load(shuffled), "both", 1, replication).log.records == expected
        assert run(load(other), "both", 1, replication).log.records == expected


def test_bystanders_move_nothing() -> None:
    data = dict(load("belgrade_2015").data)
    data["states"] = {**data["states"], **{f"Bystander {n}": {} for n in range(12)}}
    data["arms"] = {"both": {"cbms": {8: ["Alderland", "Brevia", "Corvania", "Dunmere"], 2: "all"}}}
    fewer = {**data, "states": load("belgrade_2015").data["states"]}
    for replication in range(20):
        here, there = (run(load(each), "both", 1, replication) for each in (data, fewer))
        strip = {"arm", "line", "detail"}
        assert here.events.drop(strip).rows() == there.events.drop(strip).rows()


def test_every_record_follows_from_an_earlier_one_and_time_never_runs_back() -> None:
    for told in runs(load("belgrade_2015"), "both"):
        for seq, record in enumerate(told.log.records):
            assert record.cause_seq < seq
            assert (record.cause_seq == -1) == (
                record.kind is Kind.STRIKE and record.detail == "" and record.cause_seq < 0
            )
            if seq:
                assert record.at >= told.log.records[seq - 1].at
                assert isinstance(record.at, int)


def test_an_inquiry_holds_the_decision_until_the_reply_or_the_end_of_patience() -> None:
    waited = 0
    for told in runs(with_(load(ONE_DYAD), {"model.clock_incident": "1 h"}), "cbm8"):
        (inquiry,) = (r for r in of(told.log, Kind.INQUIRY) if r.case == 0)
        decision = next(r for r in of(told.log, Kind.DECISION) if r.case == 0)
        ends = [r for r in of(told.log, Kind.ASSURANCE, Kind.FORMULAIC, Kind.SILENCE) if r.case == 0]
        assert decision.at == ends[0].at
        assert ends[0].at <= inquiry.at + 36 * HOUR
        waited += decision.at > inquiry.at + HOUR
    assert waited > 30


def test_without_the_time_switch_the_decision_does_not_wait() -> None:
    for told in runs(
        with_(load(ONE_DYAD), {"model.clock_incident": "1 h", "model.time": False, "states.*.cert.misread": 0.0}),
        "cbm8",
    ):
        opened = next(r for r in of(told.log, Kind.CASE_OPENED))
        decision = next(r for r in of(told.log, Kind.DECISION))
        assert decision.at == opened.at + 0.6 * HOUR


def test_what_arrives_at_the_instant_of_the_decision_is_read_first() -> None:
    """A reply 5 h after the inquiry and a clock of 5 h: the State learns before it decides."""
    exact = {
        "model.clock_incident": "5 h",
        "model.clock_severity": 100,
        "incidents.strike.severity": 1,
        "model.ask_cert": False,
        "states.*.policy.hours": "always",
        "states.*.policy.answers": 1.0,
        "states.*.policy.formulaic": 0.0,
        "states.*.policy.reply": "3 h",
        "states.*.policy.translation": "0 h",
        "lines": [{"name": "hotline", "kind": "policy", "between": ["Aldmark", "Bexia"], "latency": "1 h"}],
    }
    told = run(with_(load(ONE_DYAD), exact), "cbm8")
    kinds = [r.kind for r in told.log.records if r.case == 0]
    assert kinds.index(Kind.ASSURANCE) < kinds.index(Kind.DECISION)
    decision, assurance = of(told.log, Kind.DECISION)[0], of(told.log, Kind.ASSURANCE)[0]
    assert decision.at == assurance.at
    assert told.log.decisions[0].pending == ""


def test_inquiries_are_read_in_office_hours_of_the_other_capital() -> None:
    scenario = load(ONE_DYAD)
    for told in runs(with_(scenario, {}), "cbm8"):
        for read in of(told.log, Kind.INQUIRY_READ):
            zone = scenario.states[told.world.names.states[read.actor]].zone
            local = (scenario.start + timedelta(milliseconds=read.at)).astimezone(ZoneInfo(zone))
            assert local.weekday() < 5
            assert 9 <= local.hour < 17 or (local.hour, local.minute) == (17, 0)


def test_a_single_officer_answers_one_inquiry_after_the_other() -> None:
    """Three victims ask one State at once; with one officer and 10 h a reply, replies leave 10 h apart."""
    data: dict[str, Any] = {
        **ONE_DYAD,
        "states": {"Aldmark": {}, "Bexia": {}, "Corland": {}, "Asked": {}},
        "relations": [],
        "incidents": [
            {**ONE_DYAD["incidents"][0], "name": victim, "victim": victim, "appears_from": ["Asked"]}
            for victim in ("Aldmark", "Bexia", "Corland")
        ],
    }
    changes = {
        "model.detection_public": "0 h",
        "model.ask_cert": False,
        "states.*.policy.hours": "always",
        "states.*.policy.answers": 1.0,
        "states.*.policy.formulaic": 0.0,
        "states.*.policy.reply": "10 h",
        "states.*.policy.translation": "0 h",
        "states.*.policy.misdirected": 0.0,
        "states.*.policy.unclear": 0.0,
        "states.Asked.policy.officers": 1,
    }
    told = run(with_(load(data), changes), "cbm8")
    sent = [r.at for r in of(told.log, Kind.REPLY_SENT)][:3]
    assert [b - a for a, b in pairwise(sent)] == [10 * HOUR, 10 * HOUR]


def test_a_line_on_a_sector_that_the_incident_cuts_is_down_unless_protected() -> None:
    lines = [{"name": "hotline", "kind": "policy", "between": ["Aldmark", "Bexia"], "rides_on": "telecom"}]
    cut = with_(
        load(ONE_DYAD), {"lines": lines, "incidents.strike.cuts": {"telecom": "60 h"}, "model.diplomatic": False}
    )
    protected = cut.with_({"lines.hotline.protected": True})
    for replication in range(10):
        log = run(cut, "cbm8", 1, replication).log
        assert [r for r in of(log, Kind.LINE_DOWN) if r.case == 0]
        assert not [r for r in of(log, Kind.INQUIRY) if r.case == 0]
        log = run(protected, "cbm8", 1, replication).log
        assert not of(log, Kind.LINE_DOWN)
        assert [r for r in of(log, Kind.INQUIRY) if r.case == 0]


def test_with_the_policy_line_down_a_note_goes_through_the_embassy() -> None:
    lines = [{"name": "hotline", "kind": "policy", "between": ["Aldmark", "Bexia"], "rides_on": "telecom"}]
    cut = with_(load(ONE_DYAD), {"lines": lines, "incidents.strike.cuts": {"telecom": "60 h"}})
    told = run(cut, "cbm8")
    (inquiry,) = (r for r in of(told.log, Kind.INQUIRY) if r.case == 0)
    assert told.world.names.lines[inquiry.line] == "diplomatic Aldmark / Bexia"


def test_technical_answers_hasten_restoration() -> None:
    scenario = with_(load(ONE_DYAD), {"incidents.strike.cuts": {"energy": "30 days"}, "states.*.policy.answers": 1.0})
    answered = [t for t in runs(scenario, "cbm2", 10) if of(t.log, Kind.TECHNICAL_ANSWER)]
    assert answered
    for told in answered:
        answer = of(told.log, Kind.TECHNICAL_ANSWER)[0]
        (down,), (up,) = of(told.log, Kind.SECTOR_DOWN), of(told.log, Kind.SECTOR_UP)
        left = down.at + 30 * 24 * HOUR - answer.at
        assert abs(up.at - (answer.at + 0.85 * left)) <= 1
    idle = run(scenario, "none").log
    assert of(idle, Kind.SECTOR_UP)[0].at - of(idle, Kind.SECTOR_DOWN)[0].at == 30 * 24 * HOUR


def test_a_cleared_suspect_gives_way_to_the_next_and_the_last_to_nobody() -> None:
    data = {**ONE_DYAD, "states": {**ONE_DYAD["states"], "Corland": {}}}
    scenario = with_(load(data), {"model.cleared": -1.1, "incidents.strike.appears_from": ["Bexia", "Corland"]})
    nobody = 0
    for told in runs(scenario, "none", 100):
        suspects = [r.counterpart for r in of(told.log, Kind.CASE_OPENED, Kind.SUSPECT_NAMED) if r.case == 0]
        assert suspects == [1, 2][: len(suspects)]
        cleared = [r for r in of(told.log, Kind.SUSPECT_CLEARED) if r.case == 0]
        for decision in told.log.decisions:
            if decision.about == -1:
                nobody += 1
                assert len(cleared) == 2
                assert decision.act <= 3
                assert decision.belief == 0.0
    assert nobody > 5


def test_a_counter_operation_is_a_new_covert_incident_by_its_author() -> None:
    bold = {"model.lambda": 0.0, **GUILTY}
    found = 0
    for told in runs(with_(load(ONE_DYAD), bold), "none", 60):
        for act in (r for r in of(told.log, Kind.ACT) if r.value == 7 and r.counterpart >= 0):
            later = [r for r in of(told.log, Kind.STRIKE) if r.cause_seq == told.log.records.index(act)]
            assert [(r.actor, r.counterpart) for r in later] == [(act.actor, act.counterpart)]
            found += 1
    assert found > 5


def test_rungs_rise_with_acts_and_cool_in_quiet() -> None:
    for told in runs(with_(load(ONE_DYAD), {"model.lambda": 0.0, **GUILTY}), "none"):
        rung, at = 0, 0
        for r in of(told.log, Kind.RUNG):
            value = int(r.value or 0)
            if value < rung:
                assert value == rung - 1
                assert r.at - at >= 10 * 24 * HOUR
            else:
                assert told.log.records[r.cause_seq].kind is Kind.ACT
            rung, at = value, r.at


def test_after_war_nobody_acts() -> None:
    wars = 0
    for told in runs(with_(load(ONE_DYAD), {"model.lambda": 0.0, **GUILTY}), "none", 80):
        acts = of(told.log, Kind.ACT)
        war = [n for n, act in enumerate(acts) if act.value == 10]
        if war:
            wars += 1
            assert war[0] == len(acts) - 1
    assert wars > 5


def test_a_decision_that_repeats_a_rung_within_a_day_of_an_own_act_stays_private() -> None:
    fast = {
        "model.lambda": 0.0,
        "model.clock_incident": "1 h",
        "model.clock_act": "1 h",
        "model.learn": "0 h",
        **GUILTY,
    }
    hidden = 0
    for told in runs(with_(load(ONE_DYAD), fast), "none", 300):
        for decision in told.log.decisions:
            acted = [r for r in of(told.log, Kind.ACT) if r.cause_seq == decision.seq]
            assert bool(acted) != decision.private
            hidden += decision.private and decision.act >= 3
    assert hidden > 5


@pytest.mark.parametrize(
    ("rung", "delays"),
    [(5, ("model.learn", "model.clock_act")), (7, ("model.detection_covert", "model.clock_incident"))],
)
def test_states_that_answer_each_other_without_end_are_stopped(rung: int, delays: tuple[str, ...]) -> None:
    endless = {
        "model.rule": "scripted",
        "model.script": [{"rung": rung}],
        "model.own_act_window": "0 h",
        "model.time": False,
        "model.findings": 0,
        **dict.fromkeys(delays, "0 h"),
    }
    with pytest.raises(ScenarioError, match="without end: 5,010 cases by day") as caught:
        run(with_(load(ONE_DYAD), endless), "none")
    (problem,) = caught.value.problems
    assert (problem.file, problem.path) == ("<dict>", "arms.none")


def _is_first(at: int) -> bool:
    return at == 240 * HOUR


def _is_later(at: int) -> bool:
    return at > 240 * HOUR


def test_communication_checks_teach_who_answers_and_renew_stale_entries() -> None:
    dead = {"states.*.policy.answers": 0.0, "states.*.policy.believed_answers": 0.9, "checks": {"every": "10 days"}}
    scenario = with_(load(ONE_DYAD), {**dead, "incidents.strike.at": "110 days", "horizon": "200 days"})
    (inquiry,) = (r for r in of(run(scenario, "cbm8").log, Kind.INQUIRY) if r.case == 0)
    drills = [r for r in of(run(scenario, "cbm8").log, Kind.DRILL) if r.at < inquiry.at and r.actor == 0]
    assert len(drills) == 11
    assert not any(r.value for r in drills)
    aged = {"states.*.policy.freshness": "3000 days", "effects.cbm8.yearly": "none"}
    old = with_(load(ONE_DYAD), {**aged, "checks": {"every": "10 days"}})
    renewed = [[r.at for r in of(told.log, Kind.ENTRY_RENEWED)] for told in runs(old, "cbm8")]
    assert sum(bool(times) for times in renewed) > 20
    at_first, later = (sum(test(at) for times in renewed for at in times) for test in (_is_first, _is_later))
    assert at_first > 40
    assert later < 0.2 * at_first


def test_a_stale_entry_answers_nothing_over_the_policy_line() -> None:
    aged = {"states.*.policy.freshness": "36500 days", "effects.cbm8.yearly": "none"}
    old = with_(load(ONE_DYAD), {**aged, "states.*.policy.believed_answers": 0.9})
    for told in runs(old, "cbm8", 20):
        assert of(told.log, Kind.INQUIRY)
        assert not of(told.log, Kind.INQUIRY_READ)


def test_lines_that_fail_are_repaired() -> None:
    lines = [
        {
            "name": "hotline",
            "kind": "policy",
            "between": ["Aldmark", "Bexia"],
            "uptime": {"mtbf": "10 days", "mttr": "10 days"},
        }
    ]
    down = sum(bool(of(t.log, Kind.LINE_DOWN)) for t in runs(with_(load(ONE_DYAD), {"lines": lines}), "cbm8", 60))
    assert 15 <= down <= 45


def test_planted_traces_mislead() -> None:
    plain, misled = (
        with_(load(ONE_DYAD), change) for change in ({}, {"incidents.strike.planted": {"findings": 2, "shift": 1.5}})
    )
    for replication in range(10):
        a, b = (of(run(each, "none", 1, replication).log, Kind.FINDING)[:3] for each in (plain, misled))
        shifts = [round((y.value or 0) - (x.value or 0), 9) for x, y in zip(a, b, strict=True)]
        assert shifts == [1.5, 1.5, 0.0]


def test_without_a_suspect_partners_still_help_to_restore() -> None:
    data = {**ONE_DYAD, "states": {**ONE_DYAD["states"], "Corland": {}}}
    nobody = {"incidents.strike.appears_from": [], "incidents.strike.cuts": {"energy": "30 days"}}
    for told in runs(with_(load(data), nobody), "cbm2", 10):
        answers = of(told.log, Kind.TECHNICAL_ANSWER)
        assert [r.value for r in answers] == [None] * len(of(told.log, Kind.TECHNICAL_REQUEST)) == [None]
        assert of(told.log, Kind.SECTOR_UP)[0].at - of(told.log, Kind.SECTOR_DOWN)[0].at < 30 * 24 * HOUR
        assert not of(told.log, Kind.FINDING, Kind.TECHNICAL_BRIEFING)


def test_a_measure_adopted_later_is_not_there_before() -> None:
    data = {**ONE_DYAD, "arms": {"late": {"cbms": {2: {"all": "2026-05-01"}, 8: {"all": "2026-05-01"}}}}}
    for told in runs(with_(load(data), {}), "late", 10):
        used = [r for r in told.log.records if r.line >= 0 and r.kind in (Kind.INQUIRY, Kind.TECHNICAL_REQUEST)]
        assert not of(told.log, Kind.LINE_DOWN)
        for record in used:
            implied = not told.world.names.lines[record.line].startswith("diplomatic")
            assert implied == (record.at >= 60 * 24 * HOUR - 9 * HOUR)


def test_checks_of_policy_lines_say_nothing_about_embassies() -> None:
    lines = [{"name": "hotline", "kind": "policy", "between": ["Aldmark", "Bexia"], "rides_on": "telecom"}]
    changes = {
        "lines": lines,
        "checks": {"every": "1 day"},
        "incidents.strike.at": "60 days",
        "incidents.strike.cuts": {"telecom": "30 days"},
        "states.*.policy.asks": 0.0,
    }
    for told in runs(load(ONE_DYAD).with_(changes), "cbm8", 10):
        refused = next(r for r in of(told.log, Kind.NOT_ASKED) if r.case == 0)
        assert told.world.names.lines[refused.line].startswith("diplomatic")
        assert refused.value == 0.75


def test_a_finding_counts_once_the_desk_is_briefed() -> None:
    """What the CERT knows and has not told moves no belief: with briefings after the horizon, findings say nothing."""
    alone = load(ONE_DYAD).with_({"states.*.policy.asks": 0.0, "model.clock_incident": "8 days"})
    for briefing, moved in (("100 days", False), ("0 h", True)):
        for replication in range(5):
            log = run(alone.with_({"states.*.cert.briefing": briefing}), "none", 1, replication).log
            opened = next(record for record in log.records if record.kind is Kind.CASE_OPENED)
            (first, *_) = log.decisions
            assert any(record.kind is Kind.FINDING and record.at < first.at for record in log.records)
            assert (first.belief != pytest.approx(logistic(opened.value or 0.0))) is moved
