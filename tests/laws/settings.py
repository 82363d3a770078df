"""Scenarios that isolate one mechanism."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from simcrisis import load
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.events import EventLog, Kind, Record
from simcrisis.scenario import Scenario

ONE_DYAD: dict[str, Any] = {
    "simcrisis": 1,
    "title": "One dyad, one incident",
    "start": "2026-03-02T08:00:00+01:00",
    "horizon": "120 days",
    "states": {"Aldmark": {"zone": "Europe/Vienna"}, "Bexia": {"zone": "Asia/Tbilisi"}},
    "relations": [{"between": ["Aldmark", "Bexia"], "mistrust": 0.5}],
    "incidents": [
        {
            "name": "strike",
            "at": "36 h",
            "victim": "Aldmark",
            "sector": "energy",
            "severity": 3,
            "appears_from": ["Bexia"],
            "cause": {"kind": "criminal"},
        }
    ],
    "arms": {
        "none": {"cbms": []},
        "cbm2": {"cbms": [2]},
        "cbm6": {"cbms": [6]},
        "cbm8": {"cbms": [8]},
        "both": {"cbms": [2, 8]},
    },
}
GUILTY: Mapping[str, Any] = {"incidents.strike.cause": {"kind": "state", "by": "Bexia"}}


@functools.cache
def belgrade() -> Scenario:
    return load("belgrade_2015")


@functools.cache
def logs(scenario: Scenario, arm: str, replications: int, seed: int = 1) -> list[EventLog]:
    world = compile_world(scenario, arm)
    return [simulate(world, seed, replication) for replication in range(replications)]


def visible(log: EventLog, without: frozenset[Kind]) -> list[tuple[object, ...]]:
    """Return what the null laws compare: hour, kind, actor, counterpart, incident, case, value."""
    return [
        (r.at, r.kind, r.actor, r.counterpart, r.incident, r.case, r.value)
        for r in log.records
        if r.kind not in without
    ]


def identity(record: Record) -> tuple[object, ...]:
    return tuple(record)
