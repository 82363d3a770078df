"""Military activities: announced or not, alarming, explained, visited; what secrecy costs a visit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest

from simcrisis import load
from simcrisis.batch.run import Run
from simcrisis.errors import ScenarioError
from simcrisis.events import AT_WAR, Kind, Record
from simcrisis.rules import belief
from simcrisis.scenario import Scenario
from simcrisis.units import HOUR
from tests.laws.law import z_of_mean
from tests.laws.settings import ONE_DYAD
from tests.staged import ACTIVITY, SUSPECT, VICTIM, decision_of, of, only, runs, staged

PREPARES = {**ACTIVITY, "cause": {"kind": "state", "by": "Bexia"}}
K = 0.35
"""Credibility of an assurance of Bexia to Aldmark: kappa 0.7 at mistrust one half."""


def watched(changes: Mapping[str, Any] | None = None, incident: Mapping[str, Any] = ACTIVITY) -> Scenario:
    return staged({"incidents": [incident], **(changes or {})})


def visits(changes: Mapping[str, Any], incident: Mapping[str, Any] = ACTIVITY, n: int = 200) -> list[Run]:
    """Return runs in which Aldmark may visit the forces of Bexia before it decides, a month later."""
    hub = {"hubs": [{"name": "OSCE", "procedures": ["verification-visit"]}]}
    slow = {"model.clock_incident": "30 days", "states.*.policy.invokes": 1.0}
    return runs(watched({**hub, **slow, **changes}, incident), n)


def test_an_activity_is_a_case_about_the_forces_that_are_seen_and_nothing_for_technicians_or_police() -> None:
    lines = {"arms": {"arm": {"cbms": [2, 6, 8]}}, "states.*.policy.asks": 1.0, "model.findings": 6}
    for told in runs(watched(lines)):
        case = only(told, Kind.CASE_OPENED)
        assert (case.actor, case.counterpart) == (VICTIM, SUSPECT)
        assert only(told, Kind.INQUIRY).counterpart == SUSPECT
        assert not of(told, Kind.TECHNICAL_REQUEST, Kind.POLICE_REQUEST, Kind.INVESTIGATION, Kind.FINDING)
        assert not decision_of(told, VICTIM).culpable
    for told in runs(watched(lines, PREPARES), 5):
        assert decision_of(told, VICTIM).culpable


def test_an_activity_alarms_by_its_severity_and_less_if_it_was_announced() -> None:
    def tension(changes: Mapping[str, Any]) -> float:
        (told,) = runs(watched({"model.clock_incident": "0 h", **changes}), 1)
        return decision_of(told, VICTIM).tension

    assert tension({}) == pytest.approx(0.5 * 4 / 5)
    assert tension({"states.Bexia.policy.notifies": 1.0}) == pytest.approx(0.5 * 4 / 5 * 0.5)
    assert tension({"states.Bexia.policy.notifies": 1.0, "model.reassurance": False}) == pytest.approx(0.5 * 4 / 5)
    assert tension({"model.alarm": 0.0}) == 0.0


def test_who_announces_exercises_is_believed_by_its_credibility_and_suspected_without() -> None:
    for incident, often in ((ACTIVITY, 0.6), (PREPARES, 0.6 * (1 - K))):
        told = runs(watched({"states.Bexia.policy.notifies": 0.6}, incident), 400)
        announced = [only(each, Kind.ANNOUNCED) for each in told if of(each, Kind.ANNOUNCED)]
        missing = [only(each, Kind.UNANNOUNCED) for each in told if of(each, Kind.UNANNOUNCED)]
        assert len(announced) + len(missing) == 400
        assert abs(len(announced) - 400 * often) < 4 * math.sqrt(400 * often * (1 - often))
        assert {record.value for record in announced} == {belief.assurance_shift(K)}
        assert {record.value for record in missing} == {belief.silence_shift(0.6, K, 0.0)}


def test_where_nobody_announces_anything_nothing_is_read_into_it() -> None:
    for told in runs(watched()):
        assert not of(told, Kind.ANNOUNCED, Kind.UNANNOUNCED)
        assert decision_of(told, VICTIM).belief == pytest.approx(belief.logistic(-1.0))


@pytest.mark.parametrize(("secrecy", "d"), [(0.0, 1.2), (0.5, 0.6), (1.0, 0.0)])
def test_a_visit_shows_what_secrecy_leaves(secrecy: float, d: float) -> None:
    for incident, side in ((ACTIVITY, -1), (PREPARES, 1)):
        open_ = {"states.Bexia.policy.admits": 1.0, "states.Bexia.policy.secrecy": secrecy}
        told = visits({**open_, "states.Bexia.policy.honesty": 0.0}, incident)
        k = 0.7 * (1 - (0.5 + 0.3 * math.tanh(0.4)))  # mistrust, moved by the alarm
        granted = [only(each, Kind.VISIT_GRANTED).value for each in told]
        assert granted == pytest.approx([belief.assurance_shift(k)] * len(told))
        seen = [only(each, Kind.VISIT).value or 0.0 for each in told]
        if d == 0.0:
            assert seen == pytest.approx([0.0] * len(seen), abs=1e-6)
        else:
            assert abs(z_of_mean(seen, side * d * d / 2)) < 4
            spread = math.sqrt(math.fsum((each - side * d * d / 2) ** 2 for each in seen) / len(seen))
            assert spread == pytest.approx(d, rel=0.2)


def test_visitors_are_let_in_with_a_probability_and_refusal_is_a_sign() -> None:
    told = [each for each in visits({"states.Bexia.policy.admits": 0.5}) if of(each, Kind.VISIT_REFUSED)]
    assert 70 <= len(told) <= 130
    for each in told:
        refused = only(each, Kind.VISIT_REFUSED)
        assert refused.actor == SUSPECT
        assert refused.at == only(each, Kind.PROCEDURE).at + 24 * HOUR
        assert (refused.value or 0.0) > 0
    for each in visits({"states.Bexia.policy.admits": 0.0, "model.information": False}, n=10):
        assert only(each, Kind.VISIT_REFUSED).value == 0.0
        assert decision_of(each, VICTIM).belief == pytest.approx(
            belief.logistic(only(each, Kind.CASE_OPENED).value or 0)
        )


def test_what_visitors_see_is_the_truth_also_when_they_fear_nobody_any_more() -> None:
    soon = {"model.cleared": -1.2, "states.Bexia.policy.admits": 1.0, "states.Bexia.policy.honesty": 0.0}
    means = []
    for incident in (ACTIVITY, PREPARES):
        told = [each for each in visits(soon, incident) if of(each, Kind.SUSPECT_CLEARED, Kind.VISIT)]
        seen = [only(each, Kind.VISIT).value or 0.0 for each in told if of(each, Kind.VISIT)]
        means.append(math.fsum(seen) / len(seen))
    assert means[0] < -0.4
    assert means[1] > 0.4


def test_each_side_may_ask_the_other_for_a_visit() -> None:
    back = {
        **ACTIVITY,
        "name": "answer",
        "at": "37 h",
        "victim": "Bexia",
        "appears_from": ["Aldmark"],
        "cause": {"kind": "exercise", "by": "Aldmark"},
    }
    for told in visits({"incidents": [ACTIVITY, back]}, n=5):
        assert {r.actor for r in of(told, Kind.PROCEDURE)} == {VICTIM, SUSPECT}


def test_at_war_nobody_visits_or_explains() -> None:
    hub = {"hubs": [{"name": "OSCE", "procedures": ["vienna-document", "verification-visit"]}]}
    for told in visits({**hub, "relations.*.rung": 10}, n=5):
        assert not of(told, Kind.PROCEDURE)
    later = {
        **hub,
        "incidents": [ACTIVITY, {**ACTIVITY, "name": "second", "at": "50 h"}],
        "states.Aldmark.doctrine.script": [{"number": 1, "rung": 10}],
        "model.clock_incident": {"low": "1 h", "mode": "2 h", "high": "3 h"},
        "model.time": False,
        "states.Bexia.policy.admits": 1.0,
        "states.Bexia.policy.explains": 1.0,
    }
    for told in visits(later, n=10):
        ended = [r for r in of(told, Kind.PROCEDURE_ENDED) if r.detail == AT_WAR]
        assert ended
        war = only_first(told, Kind.ACT)
        assert not [r for r in of(told, Kind.VISIT, Kind.EXPLANATION, Kind.VISIT_GRANTED) if r.at > war.at]


def only_first(told: Run, kind: Kind) -> Record:
    return of(told, kind)[0]


def test_a_visit_reassures_as_contact_does() -> None:
    def tension(changes: Mapping[str, Any]) -> float:
        (told,) = visits({"states.Bexia.policy.admits": 1.0, "states.Bexia.policy.honesty": 0.0, **changes}, n=1)
        return decision_of(told, VICTIM).tension

    assert tension({}) == pytest.approx(0.5 * tension({"model.reassurance": False}))


def test_the_decision_waits_for_the_visit_while_time_is_on() -> None:
    for time in (True, False):
        soon = {"model.clock_incident": "1 h", "states.Bexia.policy.admits": 1.0, "model.time": time}
        for told in visits({**soon, "states.Bexia.policy.honesty": 0.0}, n=10):
            assert (decision_of(told, VICTIM).at >= only(told, Kind.VISIT).at) is time


def test_an_explanation_of_an_activity_is_an_assurance_and_its_absence_a_sign() -> None:
    hub = {"hubs": [{"name": "OSCE", "procedures": ["vienna-document"]}], "states.*.policy.invokes": 1.0}
    for explains, kind, sign in ((1.0, Kind.EXPLANATION, -1), (0.0, Kind.TERM_PASSED, 0), (0.5, Kind.TERM_PASSED, 1)):
        changes = {**hub, "states.Bexia.policy.explains": explains}
        slow = {**changes, "model.clock_incident": "30 days"}
        found = [record for told in runs(watched(slow), 30) for record in of(told, kind)]
        assert found
        for record in found:
            assert math.copysign(1, record.value or 0.0) * bool(record.value) == sign


def test_an_activity_raises_the_risk_of_what_follows_in_cyberspace() -> None:
    """A later ICT incident meets a dyad that is tenser by the alarm, and is answered more gravely for it."""
    base = load({**ONE_DYAD, "arms": {"arm": {"cbms": []}}})
    alarmed = base.with_(
        {"incidents": [ACTIVITY, *ONE_DYAD["incidents"]], "incidents.strike.at": "40 h", "model.alarm": 5.0}
    )
    calm = alarmed.with_({"model.alarm": 0.0})

    def answers(scenario: Scenario) -> list[float]:
        told = runs(scenario, 300)
        return [max(d.act for d in each.log.decisions if d.actor == VICTIM) for each in told]

    assert z_of_mean([a - b for a, b in zip(answers(alarmed), answers(calm), strict=True)]) > 4


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cause": {"kind": "criminal"}}, "exercise or state"),
        ({"appears_from": ["Corland"]}, "appears_from: [Bexia]"),
        ({"cause": {"kind": "exercise"}}, "needs `by: STATE`"),
        ({"cuts": {"energy": "3 h"}}, "has no `cuts`"),
        ({"kind": "ict"}, "goes with `kind: military_activity` only"),
        ({"cause": {"kind": "state", "outside": True}}, "those of a State of the scenario"),
    ],
)
def test_what_makes_no_activity_is_refused(changes: Mapping[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load({**staged().data, "incidents": [{**ACTIVITY, **changes}]})
    assert any(words in problem.message for problem in caught.value.problems)
