"""Allies: attribution in coalition, later than alone and not alone; an ally that takes up an act against another."""

from __future__ import annotations

from collections.abc import Iterator

from simcrisis.draws import mix, purposes
from simcrisis.engine.case import Case
from simcrisis.engine.public import go_public
from simcrisis.engine.simulation import Simulation
from simcrisis.events import kinds
from simcrisis.rules import situation as rules


def in_coalition(sim: Simulation, case: Case, number: int) -> bool:
    """Return whether a State takes its decision to attribute, with a number (from 0), to its allies first."""
    share = sim.states[case.actor].coalition
    if share == 0.0 or not sim.allies(case.actor):
        return False
    return sim.luck.uniform(purposes.COALITION, case.path, number) < share


def taking_up(sim: Simulation, actor: int, target: int, rung: int, path: int) -> Iterator[int]:
    """Yield the allies of a State that take up an act against it as if it were against them."""
    for ally in sim.allies(target):
        if ally == actor or sim.dyad(ally, actor).rung == rules.WAR:
            continue
        chance = sim.world.model.solidarity * sim.world.gravities[rung] * (1.0 - sim.mistrust(ally, target))
        if sim.luck.uniform(purposes.SOLIDARITY, mix(path, sim.world.states[ally].path)) < chance:
            yield ally


def join(sim: Simulation, case: Case, target: int, path: int, act: int) -> None:
    """Let allies join an attribution, by their trust in its author: each does the same to its own dyad."""
    author, rung = case.actor, rules.LOWEST_NAMING
    for ally in sim.allies(author):
        if ally == target or sim.dyad(ally, target).rung == rules.WAR:
            continue
        chance = sim.world.model.joins * (1.0 - sim.mistrust(ally, author))
        if sim.luck.uniform(purposes.JOINS, mix(path, sim.world.states[ally].path)) < chance:
            seq = sim.note(case, kinds.JOINED, ally, target, cause=act, value=float(rung))
            go_public(sim, ally, target, rung, seq, wronged=not case.culpable, forewarned=case.inquired)
