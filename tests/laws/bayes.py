"""Bayes: with priors at base rates and believed parameters true, stated beliefs are calibrated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simcrisis import load
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from tests.laws.law import Z_ALARM, Z_BOUND, Z_TOLERANCE, Outcome, law, logistic, z_of_mean
from tests.laws.settings import GUILTY, ONE_DYAD

PRIOR = logistic(-1.0)
"""Opening belief at mistrust one half: here also the base rate of culpable suspects."""
RUNS = 4000


def first_beliefs(arm: str, changes: Mapping[str, Any]) -> Iterator[tuple[float, float]]:
    """Yield belief at the first decision, in the same replication with a culpable and an innocent suspect."""
    free = {"model.cleared": -50, "model.lambda": 0.0, "model.clock_incident": "8 days", **changes}
    worlds = [compile_world(load(ONE_DYAD).with_({**free, **truth}), arm) for truth in (GUILTY, {})]
    for replication in range(RUNS):
        guilty, innocent = (simulate(world, 1, replication).decisions[0].belief for world in worlds)
        yield guilty, innocent


def calibration(arm: str, changes: Mapping[str, Any]) -> Outcome:
    """Two moments of p - culpable at the base rate: its mean, and its mean weighted with p. Both are 0."""
    pairs = list(first_beliefs(arm, changes))
    mean = [PRIOR * guilty + (1 - PRIOR) * innocent - PRIOR for guilty, innocent in pairs]
    slope = [PRIOR * guilty * (guilty - 1) + (1 - PRIOR) * innocent * innocent for guilty, innocent in pairs]
    z_mean, z_slope = z_of_mean(mean), z_of_mean(slope)
    bias = sum(mean) / len(mean)
    measured = (
        f"prior {PRIOR:.3f}, mean belief {PRIOR + bias:.3f}; z = {z_mean:+.2f}, weighted with belief {z_slope:+.2f}"
    )
    return Outcome(measured, max(abs(z_mean), abs(z_slope)), Z_BOUND)


def _register(name: str, arm: str, changes: Mapping[str, Any], says: str) -> None:
    law(f"Bayes: {name}", says, tolerance=Z_TOLERANCE, false_alarm=f"2 x {Z_ALARM}")(lambda: calibration(arm, changes))


_NO_POLICY = {"model.diplomatic": False}
_register("findings", "none", _NO_POLICY, "Mean belief after own findings equals the base rate")
_register(
    "findings and CERT answers",
    "cbm2",
    _NO_POLICY,
    "... and after the suspect's CERT has answered, or has not, at a decision in mid-wait",
)
_register("replies and silences", "cbm8", {}, "... and after a policy inquiry was answered, or not, in office hours")
_register(
    "late replies",
    "cbm8",
    {"model.patience": "6 h", "model.clock_incident": "20 h"},
    "... also when patience ends long before most replies come",
)
_register(
    "decisions that do not wait",
    "cbm8",
    {"model.time": False, "model.clock_incident": {"median": "20 h", "spread": 3}},
    "... also when decisions fall at any time and do not wait (switch time off)",
)
_register(
    "police",
    "cbm6",
    {**_NO_POLICY, "model.criminal_share": 1.0, "model.police_work": {"median": "4 days", "spread": 2}},
    "... and after the suspect's police has come up with the criminals, or has not",
)
_register(
    "intelligence and sharper findings",
    "none",
    {
        **_NO_POLICY,
        "states.*.cert.intelligence": 1.2,
        "states.*.cert.head_start": 0.3,
        "model.intelligence_time": {"median": "3 days", "spread": 2},
    },
    "... and after intelligence findings, the first findings being sharper than the others",
)
_FORCES = {
    **ONE_DYAD["incidents"][0],
    "kind": "military_activity",
    "sector": "defence",
    "cause": {"kind": "exercise", "by": "Bexia"},
}
_register(
    "announcements, explanations and visits",
    "cbm8",
    {
        "incidents": [_FORCES],
        "hubs": [{"name": "OSCE", "procedures": ["vienna-document", "verification-visit"]}],
        "states.*.policy.notifies": 0.6,
        "states.*.policy.secrecy": 0.3,
        "model.alarm": 0.0,
        "model.meeting_eases": 1.0,
    },
    "... and about a military activity, after it was announced or not, explained or not, visited or not",
)
_register(
    "explanations in mid-wait",
    "none",
    {
        **_NO_POLICY,
        "incidents": [_FORCES],
        "hubs": [{"name": "OSCE", "procedures": ["vienna-document", "verification-visit"]}],
        "states.*.policy.invokes": 1.0,
        "model.time": False,
        "model.alarm": 0.0,
        "model.reassurance": False,
        "model.clock_incident": "44 h",
    },
    "... also when decisions do not wait for an explanation, or for a visit that has been granted",
)
_register(
    "reports of operators",
    "none",
    {**_NO_POLICY, "states.*.cert.reporting": 0.7, "states.*.cert.finding": "100 days"},
    "... and after an operator has reported, as it must, or has not",
)
_register("everything", "both", {}, "... and with all of it together")
