"""What States take an incident for: rumour, misread severity, accidents, proxies, outsiders, attributions withdrawn."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pytest

from simcrisis import run
from simcrisis.batch.run import Run
from simcrisis.events import Kind
from simcrisis.rules.belief import assurance_shift
from simcrisis.units import DAY, HOUR
from tests.laws.law import Z_BOUND, z_of_mean
from tests.staged import SUSPECT, THIRD, VICTIM, decision_of, of, only, runs, script, staged

CLOCK = {"model.clock_incident": "100 h"}


def opened(changes: dict[str, Any]) -> tuple[float, float]:
    """Return the opening log-odds of the first suspect and how long (hours) the decision takes."""
    (told,) = runs(staged({**CLOCK, **changes}), 1)
    case = only(told, Kind.CASE_OPENED)
    assert case.value is not None
    return case.value, (decision_of(told, VICTIM).at - case.at) / HOUR


@pytest.mark.parametrize(("rumour", "heeds"), [(1.0, 1.0), (0.4, 1.0), (0.4, 0.5), (1.0, 0.0)])
def test_rumour_adds_to_suspicion_and_shortens_the_clock_as_far_as_it_is_heeded(rumour: float, heeds: float) -> None:
    belief, hours = opened({})
    told = {
        "incidents.strike.rumour": rumour,
        "states.Aldmark.policy.heeds_rumour": heeds,
        "states.Bexia.policy.heeds_rumour": 0.3,
        "model.rumour_belief": 0.8,
        "model.haste": 0.25,
    }
    assert opened(told) == pytest.approx((belief + 0.8 * rumour * heeds, hours * (1 - 0.25 * rumour * heeds)))
    assert opened({**told, "model.rumour_belief": 0.0})[0] == belief
    assert opened({**told, "model.haste": 0.0})[1] == hours


def test_rumour_speaks_of_the_first_suspect_only() -> None:
    for rumour in (0.0, 1.0):
        changes = {
            "incidents.strike.appears_from": ["Bexia", "Corland"],
            "incidents.strike.rumour": rumour,
            "incidents.strike.reports": [{"kind": "vendor", "after": "2 days", "d": 10.0}],
        }
        (told,) = runs(staged(changes), 1)
        assert only(told, Kind.SUSPECT_CLEARED).counterpart == SUSPECT
        named = only(told, Kind.SUSPECT_NAMED)
        assert (named.counterpart, named.value) == (THIRD, -1.0)
    unsuspected = {"incidents.strike.appears_from": [], "incidents.strike.rumour": 1.0}
    (told,) = runs(staged(unsuspected), 1)
    assert only(told, Kind.CASE_OPENED).value is None


def severities(misread: float, true: float, n: int) -> list[float]:
    changes = {"states.*.cert.misread": 0.0, "states.Aldmark.cert.misread": misread, "incidents.strike.severity": true}
    told = runs(staged(changes), n)
    assert all(only(t, Kind.STRIKE).value == true for t in told)
    return [decision_of(t, VICTIM).severity for t in told]


def test_severity_is_misread_with_the_stated_spread() -> None:
    """False alarm 6e-5 for the mean, about as much for the spread (its relative error is 1 / sqrt(2n))."""
    assert severities(0.0, 2.5, 5) == [2.5] * 5
    errors = [felt - 2.5 for felt in severities(0.5, 2.5, 400)]
    assert abs(z_of_mean(errors)) <= Z_BOUND
    spread = math.sqrt(math.fsum(error * error for error in errors) / len(errors))
    assert abs(spread / 0.5 - 1) * math.sqrt(2 * len(errors)) <= Z_BOUND


def test_misread_severity_stays_on_the_scale() -> None:
    for true in (0.0, 5.0):
        felt = severities(3.0, true, 40)
        assert all(0.0 <= severity <= 5.0 for severity in felt)
        assert 10 <= felt.count(true) <= 30
        assert len(set(felt)) > 5


def test_the_clock_runs_by_the_severity_that_is_felt() -> None:
    for told in runs(staged({**CLOCK, "states.Aldmark.cert.misread": 1.0}), 10):
        decision = decision_of(told, VICTIM)
        factor = 3.0 / (2.0 + decision.severity)
        assert decision.at - only(told, Kind.CASE_OPENED).at == pytest.approx(factor * 100 * HOUR, abs=1)


def test_tempo_shortens_every_decision_clock() -> None:
    """Ten times as fast, decisions on an incident and on an act fall after a tenth of the time."""

    def clocks(tempo: float) -> list[int]:
        changes = {**CLOCK, "model.clock_act": "50 h", "model.tempo": tempo, **script(4)}
        (told,) = runs(staged(changes), 1)
        opened = {record.case: record.at for record in of(told, Kind.CASE_OPENED)}
        return [decision.at - opened[decision.case] for decision in told.log.decisions[:2]]

    usual, fast = clocks(1.0), clocks(10.0)
    assert usual[1] == 50 * HOUR
    assert fast == pytest.approx([clock / 10 for clock in usual], abs=1)


DOUBTED: Mapping[str, Any] = {
    **script(4),
    "model.opening": 2.0,
    "model.cleared": -50.0,
    "incidents.strike.reports": [{"kind": "vendor", "after": "5 days", "d": 7.0}],
}
"""Aldmark holds Bexia guilty, says so, and reads in a report five days later that it hardly can have been."""


def attributed(changes: dict[str, Any], n: int = 10) -> list[Run]:
    told = runs(staged({**DOUBTED, **changes}), n)
    assert all(only(t, Kind.ACT).value == 4.0 for t in told)
    return told


def test_an_attribution_that_is_no_longer_believed_is_withdrawn_and_the_dyad_steps_down() -> None:
    for told in attributed({"model.withdraws": 1.0}):
        reopened, withdrawn = only(told, Kind.REOPENED), only(told, Kind.WITHDRAWN)
        assert (withdrawn.actor, withdrawn.counterpart) == (VICTIM, SUSPECT)
        assert reopened.value == pytest.approx(withdrawn.value)
        assert withdrawn.value is not None
        assert withdrawn.value < 0.5
        assert withdrawn.at < only(told, Kind.ACT).at + 10 * DAY
        (down,) = (r for r in of(told, Kind.RUNG) if r.at == withdrawn.at)
        assert (down.value, told.log.records[down.cause_seq]) == (3.0, withdrawn)


def test_it_is_withdrawn_with_the_stated_probability() -> None:
    for told in attributed({"model.withdraws": 0.0}):
        assert of(told, Kind.REOPENED)
        assert not of(told, Kind.WITHDRAWN)
    assert 30 <= sum(len(of(told, Kind.WITHDRAWN)) for told in attributed({"model.withdraws": 0.5}, 100)) <= 70


@pytest.mark.parametrize(
    "steady",
    [
        {"incidents.strike.cause": {"kind": "state", "by": "Bexia"}},
        {"incidents.strike.cause": {"kind": "state", "by": "Bexia"}, "model.opening": -1.0},
        {"incidents.strike.reports": []},
        script(4, 4),
    ],
    ids=["confirmed", "believed after all", "nothing new", "said again"],
)
def test_an_attribution_that_is_believed_or_repeated_stands(steady: dict[str, Any]) -> None:
    told = runs(staged({**DOUBTED, "model.withdraws": 1.0, **steady}), 10)
    assert all(of(t, Kind.ACT) and not of(t, Kind.WITHDRAWN) for t in told)


def test_who_named_nobody_has_nothing_to_withdraw() -> None:
    for told in runs(staged({**DOUBTED, **script(3), "model.withdraws": 1.0}), 10):
        assert of(told, Kind.REOPENED)
        assert not of(told, Kind.WITHDRAWN)


CAUSES: dict[str, tuple[Any, bool]] = {
    "state": ({"kind": "state", "by": "Bexia"}, True),
    "proxy": ({"kind": "proxy", "of": "Bexia"}, True),
    "another's proxy": ({"kind": "proxy", "of": "Corland"}, False),
    "accident": ({"kind": "accident"}, False),
    "criminal": ({"kind": "criminal"}, False),
    "state outside": ({"kind": "state", "outside": True}, False),
    "proxy outside": ({"kind": "proxy", "outside": True}, False),
}


@pytest.mark.parametrize(("cause", "culpable"), CAUSES.values(), ids=list(CAUSES))
def test_findings_point_to_the_suspect_if_and_only_if_it_is_culpable(cause: Any, culpable: bool) -> None:
    """The sponsor of a proxy is; nobody is where it was an accident, or came from outside. False alarm 3e-5 each."""
    looked = {"model.findings": 6, "states.Aldmark.cert.d": 1.0, "model.cleared": -50.0}
    findings = []
    for told in runs(staged({**looked, "incidents.strike.cause": cause}), 20):
        assert decision_of(told, VICTIM).culpable is culpable
        findings += [r.value or 0.0 for r in of(told, Kind.FINDING)]
    assert len(findings) == 120
    assert abs(z_of_mean(findings, 0.5 if culpable else -0.5)) <= Z_BOUND


def test_the_next_suspect_can_be_the_sponsor() -> None:
    changes = {
        "incidents.strike.appears_from": ["Bexia", "Corland"],
        "incidents.strike.cause": {"kind": "proxy", "of": "Corland"},
        "incidents.strike.reports": [{"kind": "vendor", "after": "2 days", "d": 10.0}],
        "model.clock_incident": "20 days",
    }
    for told in runs(staged(changes), 5):
        decision = decision_of(told, VICTIM)
        assert (decision.about, decision.culpable) == (THIRD, True)


def test_an_accident_that_looks_like_an_attack_can_lead_to_an_act_against_an_innocent() -> None:
    for told in runs(staged({**script(6), "incidents.strike.cause": {"kind": "accident"}}), 5):
        assert only(told, Kind.STRIKE).actor == -1
        assert told.outcome["misattributed_acts"].item() == 1


POLICE = {"arms.arm": {"cbms": [6]}, "model.police_finds": 1.0, "model.police_work": "1 day"}


def results(cause: Any, changes: dict[str, Any] | None = None, n: int = 10) -> list[list[float | None]]:
    """Return for each run the shifts of log-odds that police results bring; the police is always asked."""
    told = runs(staged({**POLICE, "incidents.strike.cause": cause, **(changes or {})}), n)
    assert all(only(t, Kind.POLICE_REQUEST).counterpart == SUSPECT for t in told)
    return [[r.value for r in of(t, Kind.POLICE_RESULT)] for t in told]


CLEARS = [assurance_shift(0.8)]


@pytest.mark.parametrize("kind", ["criminal", "terrorist"])
def test_police_find_criminals_and_terrorists_of_the_region(kind: str) -> None:
    assert results({"kind": kind}) == [CLEARS] * 10
    assert results({"kind": kind}, {"model.police_finds": 0.0}) == [[]] * 10
    assert results({"kind": kind, "outside": True}) == [[]] * 10
    assert results({"kind": kind}, {"model.information": False}) == [[0.0]] * 10
    assert 30 <= sum(map(len, results({"kind": kind}, {"model.police_finds": 0.5}, 100))) <= 70


@pytest.mark.parametrize("name", ["accident", "another's proxy", "state outside", "proxy outside"])
def test_police_find_nobody_where_there_is_no_criminal_to_be_found(name: str) -> None:
    assert results(CAUSES[name][0]) == [[]] * 10


@pytest.mark.parametrize("name", ["state", "proxy"])
def test_a_culprit_may_make_up_a_result(name: str) -> None:
    cause, sure = CAUSES[name][0], {"model.criminal_share": 1.0}
    assert results(cause, {**sure, "states.Bexia.policy.honesty": 0.0}) == [CLEARS] * 10
    assert results(cause, {**sure, "states.Bexia.policy.honesty": 1.0}) == [[]] * 10
    # The honest baseline: as often as what its result is read with says, here 1 in 5 times one half.
    assert 2 <= sum(map(len, results(cause, n=100))) <= 22


def test_no_result_so_far_speaks_a_little_against_the_suspect() -> None:
    late = {**POLICE, "model.clock_incident": "100 days", "incidents.strike.cause": {"kind": "accident"}}
    told = run(staged({**late, "model.police_finds": 0.6}), "arm")
    assert decision_of(told, VICTIM).silence == pytest.approx(math.log((1 - 0.3 * 0.2) / (1 - 0.3)), rel=1e-3)
    assert decision_of(run(staged({**late, "model.information": False}), "arm"), VICTIM).silence == 0.0
