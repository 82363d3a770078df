"""The runs that the guard looks at: the shipped scenarios, from the file on, and one in which all are allies."""

from __future__ import annotations

from collections.abc import Iterator

from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.events import EventLog
from simcrisis.scenario import Scenario, load, shipped

WIDE, ALLIED = "osce_wide", "allied"
NAMES = (*sorted(shipped()), ALLIED)


def scenario_of(name: str) -> Scenario:
    """Return a shipped scenario, or the one that is allied: no shipped one has a State with several allies."""
    if name != ALLIED:
        return load(name)
    always = dict.fromkeys(("model.coalition", "model.solidarity", "model.joins", "states.*.cert.intelligence"), 1.0)
    quick = {"model.wrong": 0.0, "model.ten": 5.0, "model.leads": 0.1}
    hub = {"name": "Compact", "members": "all", "allied": True}
    return load("belgrade_2015").with_({"hubs": [hub], **always, **quick})


def logs(name: str, replications: int, *, every_arm: bool = False) -> Iterator[tuple[str, EventLog]]:
    """Yield runs of a scenario, each with what it is called.

    Of the scenario of 57 States, whose graph takes long, the last arm does unless `every_arm` is asked for.
    """
    scenario = scenario_of(name)
    arms = list(scenario.arms)
    for arm in arms if every_arm or name != WIDE else arms[-1:]:
        world = compile_world(scenario, arm)
        for replication in range(replications):
            yield f"{name}, arm {arm}, replication {replication}", simulate(world, 1, replication)
