"""Runs from which exercises are made: scenarios with everything that can happen, in arms that differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import simcrisis as sc
from simcrisis.batch.run import Run
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World
from simcrisis.scenario import Scenario

HIDDEN = "zzhidden"
"""Stands in everything that no participant may read."""
_LOUD = [
    {"rung": 7, "number": 2, "of_act": False},
    {"rung": 8, "of_act": True, "rung_before": [5, 7]},
    {"rung": 5, "of_act": True},
    {"rung": 3, "number": 3},
    {"rung": 4, "belief": [0.2, 1.0]},
    {"rung": 1},
]
"""A rule under which every rung is taken that participants see, and the one that they do not."""
_ALLIED: Mapping[str, Any] = {
    "horizon": "62 days",
    "model.rule": "scripted",
    "model.script": _LOUD,
    "model.joins": 0.9,
    "model.solidarity": 1.0,
    "model.withdraws": 0.9,
    "model.coalition": 0.8,
    "model.coalition_lead": "3 days",
    "model.help": 0.5,
    "model.help_below": 1.0,
    "model.learn": {"median": "2 days", "spread": 3},
}
"""Allies that act together, and news that travels slowly."""
CASES: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("belgrade_2015", "both", {}),
    ("belgrade_2015", "untested", {"model.rule": "threshold"}),
    ("belgrade_2015", "cbm8", {"model.rule": "scripted", "model.script": _LOUD}),
    ("belgrade_2015", "both", {"checks": {"every": "9 days"}, "states.*.policy.freshness": "900 days"}),
    ("energy_grid", "both", {}),
    ("energy_grid", "protected", {"model.leads": 0.2}),
    ("hotline_down", "hotlines", {}),
    ("hotline_down", "second_channel", {"model.rule": "scripted", "model.script": _LOUD}),
    ("upward_spiral", "procedures", {}),
    ("upward_spiral", "transparency", {"model.leads": 1.0}),
    ("upward_spiral", "secrecy", {}),
    ("upward_spiral", "meetings", _ALLIED),
    ("upward_spiral", "procedures", _ALLIED),
    ("sixteen_measures", "all", {"states.*.policy.helps": 0.8}),
    ("sixteen_measures", "plus6", {}),
    ("rumour_storm", "lines", {}),
    ("communications_network", "network_and_procedures", {}),
    ("communications_network", "network_and_procedures", _ALLIED),
    ("western_balkans", "nis2", {}),
    ("machine_speed", "ten_times_impatient", {"model.half_life": "20 days"}),
)
"""Scenario, arm, and what is changed in it."""
SEEDS = 10


@cache
def scenario_of(case: int) -> Scenario:
    """Return the scenario of a case, with an exercise part that is the same for all of its runs."""
    name, _, changes = CASES[case]
    scenario = sc.load(name)
    seen = {
        f"incidents.{incident.name}.seen": f"What is seen of it: number {n}."
        for n, incident in enumerate(scenario.incidents)
    }
    part = {"title": "A day", "situation": "All is quiet.", "moves": 4}
    return scenario.with_({**changes, **seen, "exercise": part})


@cache
def world_of(case: int) -> World:
    """Return the compiled world of a case."""
    return compile_world(scenario_of(case), CASES[case][1], None)


@cache
def run_of(case: int, replication: int) -> Run:
    """Return a run of a case."""
    world = world_of(case)
    return Run(scenario_of(case), CASES[case][1], case, replication, world, simulate(world, case, replication))


def runs(case: int, count: int = SEEDS) -> Iterator[Run]:
    """Yield runs of a case."""
    for replication in range(count):
        yield run_of(case, replication)
