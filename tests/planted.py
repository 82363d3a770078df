"""A crisis in which one line is worth what can be written down, another less, and all others nothing."""

from __future__ import annotations

from typing import Any

from simcrisis import Scenario
from simcrisis.batch.lines import lines_that_matter

ANSWERS, HOURS, SPREAD = 0.25, 240, 3.0
PAIR, RIVALS = ["Aldmark", "Bexia"], ["Corland", "Dunmark"]
DESK = {
    "asks": 1.0,
    "answers": ANSWERS,
    "formulaic": 0.0,
    "hours": "always",
    "misdirected": 0.0,
    "unclear": 0.0,
    "reply": "10 min",
}


def incident(name: str, victim: str, suspect: str, **more: Any) -> dict[str, Any]:
    cause = {"kind": "criminal"}
    return {"name": name, "at": "1 h", "victim": victim, "sector": "energy", "severity": 4,
            "appears_from": [suspect], "cause": cause, **more}  # fmt: skip


PLANTED: dict[str, Any] = {
    "simcrisis": 1,
    "title": "A planted line",
    "start": "2026-03-02T08:00:00+01:00",
    "horizon": f"{HOURS + 10} h",
    "states": {name: {"policy": DESK, "cert": {"misread": 0.0}} for name in (*PAIR, *RIVALS)},
    "relations": [{"between": pair, "mistrust": 0.6} for pair in (PAIR, RIVALS)],
    "incidents": [
        incident("blackout", *PAIR),
        incident("intrusion", *RIVALS, visibility="covert"),
    ],
    "model": {
        "kappa": 0.9,
        "findings": 0,
        "diplomatic": False,
        "ask_cert": False,
        "partner_d": 0.0,
        "patience": "12 h",
        "clock_incident": "1 h",
        "detection_covert": {"median": f"{HOURS} h", "spread": SPREAD},
        "rule": "scripted",
        "script": [{"rung": 8, "belief": [0.3, 1.0], "of_act": False}, {"rung": 0}],
    },
    "arms": {
        "none": {},
        "pair": {"cbms": {8: PAIR}},
        "policy": {"cbms": [8]},
        "lines": {"cbms": [2, 8]},
    },
}
"""Whoever believes a neighbour guilty uses force, unless an assurance comes. One incident is seen at once, the other in
half of the runs: the line between the first two States is worth what can be written down, that between the others less,
and all others are worth nothing."""
FIRST = "policy Aldmark / Bexia"
RIVAL = 0.5 * (1 - ANSWERS)
"""Risk that the rivals' incident is seen in time and escalates although they have their line."""


def ranked_first(scenario: Scenario, repetitions: int, **asked: Any) -> int:
    firsts = (
        lines_that_matter(scenario, replications=60, seed=seed, cbms=[], workers=1, **asked).lines["line"][0]
        for seed in range(repetitions)
    )
    return sum(first == FIRST for first in firsts)
