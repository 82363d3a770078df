"""Scale: a State that takes no part changes nothing."""

from __future__ import annotations

from simcrisis import load
from simcrisis.engine.compiler import compile_world
from simcrisis.engine.run import simulate
from simcrisis.engine.world import World
from simcrisis.scenario import Scenario
from tests.laws.law import Outcome, law
from tests.laws.settings import belgrade

BYSTANDERS = 200


def among_bystanders(count: int) -> Scenario:
    """Return belgrade_2015 with its four States adopting CBMs 2 and 8, among so many that do nothing."""
    data = dict(belgrade().data)
    data["arms"] = {"both": {"cbms": {2: list(data["states"]), 8: list(data["states"])}}}
    data["states"] = {**data["states"], **{f"Bystander {n:03}": {} for n in range(count)}}
    return load(data)


def told(world: World, replication: int) -> list[tuple[object, ...]]:
    """Return a log with names instead of numbers."""
    states, lines = world.names.states, world.names.lines
    return [
        (r.at, r.kind, states[r.actor], states[r.counterpart], lines[r.line], r.incident, r.case, r.cause_seq, r.value)
        for r in simulate(world, 1, replication).records
    ]


@law(
    "Scale: bystanders",
    "200 States that take no part change no event (what they cost: benchmarks/growth.py)",
    tolerance="0 of 100 replications",
    false_alarm="none",
)
def bystanders() -> Outcome:
    alone, crowded = (compile_world(among_bystanders(n), "both") for n in (0, BYSTANDERS))
    n = 0
    for replication in range(100):
        here, there = told(alone, replication), told(crowded, replication)
        n += [row[:2] + row[5:] for row in here] != [row[:2] + row[5:] for row in there]
        n += any(
            a[k] != b[k]
            for a, b, r in zip(here, there, simulate(alone, 1, replication).records, strict=False)
            for k, known in ((2, r.actor), (3, r.counterpart), (4, r.line))
            if known >= 0
        )
    return Outcome(f"{n} replications differ", n, 0)
