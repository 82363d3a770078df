"""Duties of operators to report: sooner known, and told more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simcrisis.events import Kind
from simcrisis.scenario import Scenario
from simcrisis.units import DAY, HOUR
from tests.staged import ACTIVITY, VICTIM, of, only, runs, staged

COVERT = {"incidents.strike.visibility": "covert", "model.detection_covert": "60 days", "model.awareness": "9 days"}


def reporting(share: float, changes: Mapping[str, Any] | None = None) -> Scenario:
    return staged({"states.Aldmark.cert.reporting": share, "model.clock_incident": "30 days", **(changes or {})})


def test_a_covert_incident_is_known_a_day_after_the_operator_finds_it() -> None:
    for told in runs(reporting(1.0, COVERT), 5):
        assert only(told, Kind.DETECTION).at == only(told, Kind.STRIKE).at + 10 * DAY
        report = only(told, Kind.OPERATOR_REPORT)
        assert report.at == only(told, Kind.STRIKE).at + 12 * DAY
        assert report.actor == VICTIM
    for told in runs(reporting(0.0, COVERT), 5):
        assert only(told, Kind.DETECTION).at == only(told, Kind.STRIKE).at + 60 * DAY
        assert not of(told, Kind.OPERATOR_REPORT)


def test_a_public_incident_is_no_sooner_known_but_reported_on_after_three_days() -> None:
    for told in runs(reporting(1.0), 5):
        assert only(told, Kind.DETECTION).at == only(told, Kind.STRIKE).at
        assert only(told, Kind.OPERATOR_REPORT).at == only(told, Kind.STRIKE).at + 72 * HOUR
    waiting = reporting(1.0, {"model.incident_report": "9 days"})
    assert only(runs(waiting, 1)[0], Kind.OPERATOR_REPORT).at == 36 * HOUR + 9 * DAY


def test_an_operator_reports_with_its_probability() -> None:
    reports = sum(len(of(told, Kind.OPERATOR_REPORT)) for told in runs(reporting(0.5), 200))
    assert 70 <= reports <= 130


def test_what_an_operator_reports_counts_once_the_desk_is_briefed() -> None:
    for told in runs(reporting(1.0), 20):
        report, briefing = only(told, Kind.OPERATOR_REPORT), only(told, Kind.BRIEFING)
        assert briefing.value == report.value
        assert briefing.at > report.at
        (decision,) = (d for d in told.log.decisions if d.actor == VICTIM)
        opening = only(told, Kind.CASE_OPENED).value or 0.0
        assert (decision.belief > 1 / (1 + 2.718281828**-opening)) == ((report.value or 0.0) > 0)


def test_operators_report_what_has_struck_them_and_not_the_activity_of_forces() -> None:
    forces = {**ACTIVITY, "name": "strike"}
    for told in runs(reporting(1.0, {"incidents": [forces]}), 5):
        assert not of(told, Kind.OPERATOR_REPORT)
